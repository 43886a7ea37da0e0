"""Fields that are bound to their rows are added to a table, on each database."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.apps.registry import Apps
from django.core.management import CommandError
from django.db import IntegrityError, connections, migrations, models, transaction
from django.db.migrations.operations import AddField, AlterField, RemoveField
from django.db.migrations.state import ModelState, ProjectState
from django.db.models.signals import pre_migrate

from hauberk.django import additions, fields

pytestmark = pytest.mark.django_db(databases=[*connections], transaction=True)

TEXT = fields.EncryptedTextField


def model(**attributes: Any) -> Any:
    """Return a model as one version of the code has it."""
    meta = {"app_label": "records", "apps": Apps()}
    attributes = {
        "id": models.UUIDField(primary_key=True, default=uuid4),
        "__module__": __name__,
        "Meta": type("Meta", (), meta),
        **attributes,
    }
    return type("Parcel", (models.Model,), attributes)


def state(**attributes: Any) -> ProjectState:
    """Return what the migrations know of a version."""
    found = ProjectState()
    found.add_model(ModelState.from_model(model(**attributes)))
    return found


def refuse(operation: Any, before: ProjectState, *, backwards: bool = False) -> None:
    """Ask as `migrate` does."""
    made: Any = type("Migration", (migrations.Migration,), {"operations": [operation]})
    plan = [(made("0002_note", "records"), backwards)]
    config = type("Config", (), {"label": "records"})
    additions.refuse(app_config=config, apps=before.apps, plan=plan)


@pytest.mark.parametrize(
    "field",
    [
        TEXT(bind="pk", default="x"),
        TEXT(bind="pk", default=lambda: "x"),
        TEXT(bind="pk", null=True, default="x"),
        TEXT(bind="pk", blank=True),
        fields.EncryptedIntegerField(bind="pk", default=0),
    ],
)
def test_a_default_is_refused(field: Any) -> None:
    """The migration is not begun, and the message says what to do."""
    with pytest.raises(CommandError, match=r"fills parcel\.note .* null=True"):
        refuse(AddField("parcel", "note", field), state())


def test_null_is_not_replaced_by_a_default() -> None:
    """Neither is one that would give it to rows which have no value."""
    operation = AlterField("parcel", "note", TEXT(bind="pk", default="x"))
    with pytest.raises(CommandError, match="fills"):
        refuse(operation, state(note=TEXT(bind="pk", null=True)))
    refuse(operation, state(note=TEXT(bind="pk")))
    refuse(operation, state())


@pytest.mark.parametrize(
    "operation",
    [
        AddField("parcel", "note", TEXT(bind="pk", null=True)),
        AddField("parcel", "note", TEXT(bind="pk", null=True, default=None)),
        AddField("parcel", "note", TEXT(bind="pk")),
        AddField("parcel", "note", TEXT(default="x")),
        AddField("parcel", "note", models.TextField(default="x")),
        RemoveField("parcel", "note"),
    ],
)
def test_what_is_possible(operation: Any) -> None:
    """Other migrations are run, and so is taking any of them back."""
    refuse(operation, state())
    refuse(
        AddField("parcel", "note", TEXT(bind="pk", default="x")),
        state(),
        backwards=True,
    )


def test_migrate_asks() -> None:
    """The question is asked whenever Django is about to migrate."""
    listening = [receiver[0][0] for receiver in pre_migrate.receivers]
    assert "hauberk.additions" in listening


def test_the_way_that_the_message_says(using: str) -> None:
    """A column is added, its rows are saved, and NULL is forbidden after that."""
    versions = [
        model(),
        model(note=TEXT(bind="pk", null=True)),
        model(note=TEXT(bind="pk")),
    ]
    before, nullable, after = versions
    connection = connections[using]
    with connection.schema_editor() as editor:
        editor.create_model(before)
    try:
        for _ in range(2):
            before._default_manager.using(using).create()
        added = nullable._meta.get_field("note")
        with connection.schema_editor() as editor:
            editor.add_field(before, added)
        rows = list(nullable._default_manager.using(using).all())
        assert [row.note for row in rows] == [None, None]
        for row in rows:
            row.note = f"note {row.pk}"
            row.save()
        with connection.schema_editor() as editor:
            editor.alter_field(nullable, added, after._meta.get_field("note"))
        for row in after._default_manager.using(using).all():
            assert row.note == f"note {row.pk}"
        with pytest.raises(IntegrityError), transaction.atomic(using=using):
            after._default_manager.using(using).create(note=None)
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(before)
