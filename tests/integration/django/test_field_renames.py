"""Fields and models that get another name keep their values, on each database."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps.registry import Apps
from django.core.management import CommandError
from django.db import IntegrityError, connections, migrations, models, transaction
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.questioner import MigrationQuestioner
from django.db.migrations.state import ModelState, ProjectState
from tests.integration.django.helpers import on_disk

from hauberk.django import fields, renames

pytestmark = pytest.mark.django_db(databases=[*connections], transaction=True)

UNIQUE = fields.BlindIndexSpec(normalize="email", unique=True)


class Questioner(MigrationQuestioner):
    """Says yes to every rename."""

    def ask_rename(self, *_: Any) -> bool:
        """Agree."""
        return True

    def ask_rename_model(self, *_: Any) -> bool:
        """Agree."""
        return True

    def ask_not_null_addition(self, *_: Any) -> str:
        """Give anything."""
        return "x"


def model(attributes: dict[str, Any], name: str = "Member") -> Any:
    """Return a model as one version of the code has it."""
    meta = {"app_label": "records", "apps": Apps()}
    attributes = {
        "objects": fields.EncryptedQuerySet.as_manager(),
        "__module__": __name__,
        "Meta": type("Meta", (), meta),
        **attributes,
    }
    return type(name, (models.Model,), attributes)


def state(version: Any) -> ProjectState:
    """Return what the migrations know of a version."""
    found = ProjectState()
    found.add_model(ModelState.from_model(version))
    return found


def detected(before: Any, after: Any) -> list[Any]:
    """Return the operations that makemigrations would write."""
    detector: Any = MigrationAutodetector(state(before), state(after), Questioner())
    changes = detector._detect_changes()
    return [one for made in changes.get("records", []) for one in made.operations]


def email(**options: Any) -> Any:
    """Return a field of addresses that are found."""
    return fields.EncryptedEmailField(null=True, index=UNIQUE, **options)


class TestRenames:
    """With its old context, a renamed field is a renamed field."""

    def test_a_field_with_an_index(self, using: str) -> None:
        """Both columns are renamed, and rows are read, found and unique as before."""
        before = model({"email": email()})
        after = model({"mail": email(context="records.Member.email")})
        found = detected(before, after)
        assert [type(one).__name__ for one in found] == ["RenameField"] * 2
        assert [(one.old_name, one.new_name) for one in found] == [
            ("email", "mail"),
            ("email_bidx", "mail_bidx"),
        ]
        connection, now = connections[using], state(before)
        with connection.schema_editor() as editor:
            editor.create_model(before)
        current = before
        try:
            before.objects.using(using).create(email="a@example.org")
            for operation in found:
                old = now.clone()
                operation.state_forwards("records", now)
                with connection.schema_editor() as editor:
                    operation.database_forwards("records", editor, old, now)
                current = now.apps.get_model("records", "Member")
            objects = after.objects.using(using)
            row = objects.get(mail="A@example.org")
            assert row.mail == "a@example.org"
            field = after._meta.get_field("mail_bidx")
            assert on_disk(row, "mail_bidx", using) == field.index_of("a@example.org")
            assert detected(current, after) == []
            with pytest.raises(IntegrityError), transaction.atomic(using=using):
                objects.create(mail="a@example.org")
            historical = current.objects.using(using)
            assert historical.get(mail="a@example.org").mail_bidx == row.mail_bidx
        finally:
            with connection.schema_editor() as editor:
                editor.delete_model(current)

    @pytest.mark.parametrize("index", [None, UNIQUE])
    def test_what_is_detected(self, index: Any) -> None:
        """Fields and models are renamed, if the context is the old one."""

        def field(**options: Any) -> Any:
            return fields.EncryptedTextField(index=index, **options)

        before, old = model({"note": field()}), "records.Member.note"
        renamed = detected(before, model({"text": field(context=old)}))
        assert {type(one).__name__ for one in renamed} == {"RenameField"}
        renamed = detected(before, model({"note": field(context=old)}, "Person"))
        assert [type(one).__name__ for one in renamed] == ["RenameModel"]
        assert detected(before, model({"note": field(context=old)})) == []


class TestLosses:
    """Without its old context, a renamed field would be an empty one."""

    def migration(self, before: Any, after: Any, *more: Any) -> Any:
        """Return what makemigrations would write."""
        made: Any = type("Migration", (migrations.Migration,), {})
        made.operations = [*more, *detected(before, after)]
        return made("0002_rename", "records")

    def refuse(self, migration: Any, before: Any, *, backwards: bool = False) -> None:
        """Ask as `migrate` does."""
        config = type("Config", (), {"label": migration.app_label})
        apps = state(before).apps
        renames.refuse(app_config=config, apps=apps, plan=[(migration, backwards)])

    def test_a_field(self) -> None:
        """The migration is not begun, and the message says what is missing."""
        before = model({"email": email()})
        migration = self.migration(before, model({"mail": email()}))
        with pytest.raises(CommandError, match=r"context='records\.Member\.email'"):
            self.refuse(migration, before)

    def test_a_model(self) -> None:
        """The same holds for a model."""
        before = model({"note": fields.EncryptedTextField()})
        after = model({"note": fields.EncryptedTextField()}, "Person")
        migration = self.migration(before, after)
        with pytest.raises(CommandError, match=r"context='records\.Member\.note'"):
            self.refuse(migration, before)

    def test_what_is_meant(self) -> None:
        """Other migrations are run: new tables, copies, backwards, one at a time."""
        before = model({"email": email()})
        nothing, other = model({}), model({"mail": email()})
        self.refuse(self.migration(before, other), nothing)
        self.refuse(self.migration(before, other), before, backwards=True)
        copied = migrations.RunPython(migrations.RunPython.noop)
        self.refuse(self.migration(before, other, copied), before)
        self.refuse(self.migration(before, nothing), before)
        both = model({"email": email(), "mail": email()})
        self.refuse(self.migration(before, both), before)
        plain = model({"mail": models.TextField(null=True)})
        self.refuse(self.migration(before, plain), before)
