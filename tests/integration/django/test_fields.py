"""Encrypted fields in a Django project, on each database that answers."""

from __future__ import annotations

import copy
import io
import pickle
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.core import checks
from django.core.exceptions import FieldError, ValidationError
from django.core.management import call_command
from django.db import connections, models, transaction
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.writer import MigrationWriter
from django.db.models import Case, F, Value, When
from django.db.models.functions import Lower
from django.forms import modelform_factory
from django.test import override_settings
from django.test.utils import isolate_apps
from tests.integration.django.records.models import Record

from hauberk.django.checks import check_keyrings
from hauberk.django.fields import EncryptedCharField, EncryptedTextField
from hauberk.encryption import Key, Keyring
from hauberk.exceptions import (
    ConfigurationError,
    DecryptionError,
    NotEncryptedError,
    UnknownKeyError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ALIASES = ["default", "postgres", "mysql"]
TEXTS = ["", "x", "größe €", "hb1.7014e411.AAAA", "line\nline\0", "a" * 70_000]

pytestmark = pytest.mark.django_db(databases=[*connections])


@pytest.fixture(params=ALIASES)
def using(request: pytest.FixtureRequest) -> str:
    """Each database; skipped where no server answers."""
    alias: str = request.param
    if alias not in connections:
        pytest.skip(f"no server answers for {alias}")
    return alias


def stored(record: Record, column: str, using: str) -> Any:
    """Return what the column holds on disk."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT {column} FROM records_record WHERE id = %s",
            [record.pk],
        )
        row = cursor.fetchone()
    assert row is not None
    return row[0]


@contextmanager
def keyring(value: Any) -> Iterator[None]:
    """Use another default keyring for a while."""
    with override_settings(HAUBERK={"KEYRINGS": {"default": value}}):
        yield


class TestStoring:
    """What is written is a ciphertext; what is read is the plaintext."""

    @pytest.mark.parametrize("text", TEXTS)
    def test_text_comes_back(self, using: str, text: str) -> None:
        """Every text is encrypted, the empty one and one that looks encrypted too."""
        record = Record.objects.using(using).create(label="a", note=text)

        assert text == Record.objects.using(using).get(pk=record.pk).note
        on_disk = stored(record, "note", using)
        assert on_disk.startswith("hb1.")
        assert len(text) < 5 or text not in on_disk

    def test_null_stays_null(self, using: str) -> None:
        """NULL is not encrypted, and comes back as None."""
        record = Record.objects.using(using).create(label="a", note=None)

        assert stored(record, "note", using) is None
        assert Record.objects.using(using).get(pk=record.pk).note is None

    def test_equal_values_look_different(self, using: str) -> None:
        """Nobody can see in the table that two rows hold the same value."""
        one, two = (
            Record.objects.using(using).create(label=label, note="same")
            for label in ("one", "two")
        )
        assert stored(one, "note", using) != stored(two, "note", using)

    def test_a_moved_ciphertext_does_not_open(self, using: str) -> None:
        """A ciphertext copied into another column is refused."""
        record = Record.objects.using(using).create(label="a", note="secret")
        with connections[using].cursor() as cursor:
            cursor.execute("UPDATE records_record SET title = note")
        with pytest.raises(DecryptionError):
            Record.objects.using(using).get(pk=record.pk)

    def test_plaintext_in_the_table_is_an_error(self, using: str) -> None:
        """What is no ciphertext is never returned as if it had been one."""
        record = Record.objects.using(using).create(label="a", note="secret")
        with connections[using].cursor() as cursor:
            cursor.execute("UPDATE records_record SET note = 'plain'")
        with pytest.raises(NotEncryptedError):
            Record.objects.using(using).get(pk=record.pk)

    def test_bulk_operations(self, using: str) -> None:
        """bulk_create, bulk_update and update encrypt exactly once."""
        objects = Record.objects.using(using)
        records = objects.bulk_create(
            [Record(label=str(number), note=f"note {number}") for number in range(3)]
        )
        records = list(objects.order_by("label"))
        for record in records:
            record.note = f"changed {record.label}"
        records[2].note = None
        assert objects.bulk_update(records, ["note", "title"]) == 3
        assert [record.note for record in objects.order_by("label")] == [
            "changed 0",
            "changed 1",
            None,
        ]
        assert stored(records[0], "note", using).startswith("hb1.")

        assert objects.update(note="all") == 3
        assert {"all"} == set(objects.values_list("note", flat=True))

    def test_values_with_the_field_are_encrypted(self, using: str) -> None:
        """Value and Case with the field as output are encrypted exactly once."""
        objects = Record.objects.using(using)
        record = objects.create(label="a")
        field = Record._meta.get_field("note")
        objects.update(note=Value("direct", output_field=field))
        assert objects.get(pk=record.pk).note == "direct"
        objects.update(
            note=Case(
                When(label="a", then=Value("case", output_field=field)),
                default=Value(None),
                output_field=field,
            )
        )
        assert objects.get(pk=record.pk).note == "case"
        assert stored(record, "note", using).startswith("hb1.")

    def test_values_are_encrypted(self, using: str) -> None:
        """So are they without an output_field: in update, create and bulk_update."""
        objects: Any = Record.objects.using(using)
        record = objects.create(label="a", note=Value("created"))
        assert objects.get().note == "created"
        objects.update(note=Value("updated"))
        assert objects.get().note == "updated"
        objects.update(note=Case(When(label="a", then=Value("case"))))
        assert objects.get().note == "case"
        other = When(label="b", then=Value("other"))
        objects.update(note=Case(other, default=Value("default")))
        assert objects.get().note == "default"
        record.note = Case(other, default=Value("bulk"))
        objects.bulk_update([record], ["note"])
        assert objects.get().note == "bulk"
        record.note = Value("saved")
        record.save()
        assert objects.get().note == "saved"
        assert stored(record, "note", using).startswith("hb1.")
        objects.update(note=Case(other))
        assert objects.get().note is None

    def test_reading_in_other_ways(self, using: str) -> None:
        """values, only, defer, iterator and raw decrypt."""
        objects = Record.objects.using(using)
        record = objects.create(label="a", note="secret")
        assert list(objects.values("note")) == [{"note": "secret"}]
        assert objects.only("label").get().note == "secret"
        assert next(objects.iterator()).note == "secret"
        (raw,) = objects.raw("SELECT * FROM records_record")
        assert raw.note == "secret"
        record.refresh_from_db()
        assert record.note == "secret"


class TestRefusing:
    """What cannot work is an error before any SQL."""

    @pytest.mark.parametrize(
        "lookup",
        [
            "note",
            "note__exact",
            "note__in",
            "note__contains",
            "note__gt",
            "note__lower",
        ],
    )
    def test_lookups(self, lookup: str) -> None:
        """Nothing is compared with a ciphertext; the error says what to do."""
        with pytest.raises(FieldError, match="isnull works"):
            Record.objects.filter(**{lookup: ["x"] if "in" in lookup else "x"})

    def test_isnull(self, using: str) -> None:
        """Whether there is a value can be asked."""
        objects = Record.objects.using(using)
        objects.create(label="null")
        objects.create(label="empty", note="")
        assert objects.get(note__isnull=True).label == "null"
        assert objects.get(note=None).label == "null"
        assert objects.exclude(note=None).get().label == "empty"

    @pytest.mark.parametrize(
        "expression",
        [
            Lower(Value("plain")),
            F("label"),
            F("title"),
            Case(When(label="a", then=F("label"))),
            Case(When(label="a", then=Lower(Value("plain")))),
            Value("plain", output_field=Record._meta.get_field("title")),
            Value("plain", output_field=EncryptedTextField()),
        ],
        ids=str,
    )
    def test_expressions(self, expression: Any) -> None:
        """No expression puts plaintext, or another column's ciphertext, into it."""
        record = Record.objects.create(label="a", note="secret")
        with (
            transaction.atomic(),
            pytest.raises(FieldError, match="cannot be set to an expression"),
        ):
            Record.objects.update(note=expression)
        if isinstance(expression, Value | Lower):
            with pytest.raises(FieldError), transaction.atomic():
                Record.objects.create(label="b", note=expression)
        assert Record.objects.get(pk=record.pk).note == "secret"

    @isolate_apps("tests.integration.django.records")
    def test_useless_options(self) -> None:
        """Options that compare ciphertexts or store plaintext are check errors."""

        class Wrong(models.Model):  # noqa: DJ008
            one = EncryptedTextField(unique=True)
            two = EncryptedTextField(db_index=True)
            three = EncryptedTextField(db_default="plain")

            class Meta:
                app_label = "records"

        found = [
            message.msg.split()[-1].rstrip(".")
            for field in Wrong._meta.fields
            for message in field.check(databases=["default"])
            if message.id == "hauberk.E002"
        ]
        assert found == ["unique", "db_index", "db_default"]


class TestKeyrings:
    """Where keys come from, and what happens when they change."""

    def test_rotation(self, using: str) -> None:
        """Old rows stay readable, new ones are under the new key, without a restart."""
        ring = Keyring.generate()
        with keyring(ring):
            old = Record.objects.using(using).create(label="old", note="old")
            key = Key.generate()
            ring.add(key)
            ring.promote(key.id)
            new = Record.objects.using(using).create(label="new", note="new")

            assert stored(new, "note", using).startswith(f"hb1.{key.id}.")
            assert not stored(old, "note", using).startswith(f"hb1.{key.id}.")
            assert list(
                Record.objects.using(using)
                .order_by("label")
                .values_list("note", flat=True)
            ) == ["new", "old"]

    def test_another_keyring(self) -> None:
        """Under another keyring, the error says which key is missing."""
        with keyring(Keyring.generate()):
            Record.objects.create(label="a", note="secret")
        with keyring(Keyring.generate()), pytest.raises(UnknownKeyError):
            Record.objects.get()

    def test_sources(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A keyring is a path, an environment variable, an object or a function."""
        ring = Keyring.generate()
        path = tmp_path / "keys.json"
        ring.save(path)
        monkeypatch.setenv("SHOP_KEYS", path.read_text())
        for source in (path, str(path), "env:SHOP_KEYS", ring, lambda: ring):
            with keyring(source):
                assert check_keyrings() == []
                Record.objects.create(label="a", note="secret")
        with keyring(ring):
            assert {"secret"} == set(Record.objects.values_list("note", flat=True))

    def test_check_of_a_missing_keyring(self, tmp_path: Path) -> None:
        """A keyring that a field needs and nobody configured is hauberk.E001."""
        with override_settings(HAUBERK={}):
            (first, *_) = messages = check_keyrings()
            assert {"hauberk.E001"} == {message.id for message in messages}
            assert "'default'" in first.msg
            assert first in checks.run_checks()
            with pytest.raises(ConfigurationError):
                Record.objects.create(label="a", note="secret")
        with keyring(tmp_path / "nowhere"):
            (message,) = check_keyrings()
            assert "nowhere" in message.msg

    def test_check_of_an_unknown_setting(self) -> None:
        """A misspelt setting is hauberk.E001, and names the right one."""
        with override_settings(HAUBERK={"KEYRING": {}}):
            (message,) = check_keyrings()
            assert "'KEYRINGS'" in message.msg


def changes(before: ProjectState, after: ProjectState) -> dict[str, Any]:
    """Return the migrations that makemigrations would write."""
    detected: dict[str, Any] = MigrationAutodetector(before, after)._detect_changes()  # type: ignore[attr-defined]
    return detected


class TestDjango:
    """The fields behave as Django's do."""

    def test_migrations_hold_the_context(self) -> None:
        """The context is written into migrations, where renames leave it."""
        state = ProjectState.from_apps(apps)
        (migration,) = changes(ProjectState(), state)["records"]
        text = MigrationWriter(migration).as_string()
        assert "context='records.Record.note'" in text
        assert "hauberk.django.fields.EncryptedTextField(" in text
        historical = state.apps.get_model("records", "Record")
        assert historical._meta.get_field("note").context == "records.Record.note"

        same = changes(ProjectState.from_apps(apps), ProjectState.from_apps(apps))
        assert same == {}

    def test_historical_models_read(self) -> None:
        """The model of a migration reads what the model of the code wrote."""
        state = ProjectState()
        state.add_model(ModelState.from_model(Record))
        Record.objects.create(label="a", note="secret")
        historical = state.apps.get_model("records", "Record")
        assert historical.objects.get().note == "secret"

    def test_deconstruct_of_a_free_field(self) -> None:
        """A field outside a model has only what it was given."""
        assert EncryptedTextField().deconstruct()[3] == {}
        field = EncryptedCharField(context="old.Label", keyring="other", max_length=9)
        expected = {"context": "old.Label", "keyring": "other", "max_length": 9}
        assert expected == field.deconstruct()[3]

    @isolate_apps("tests.integration.django.records")
    def test_an_inherited_field_has_its_own_context(self) -> None:
        """Two children of an abstract model have different keys."""

        class Base(models.Model):
            note = EncryptedTextField()

            class Meta:
                app_label = "records"
                abstract = True

        class One(Base):  # noqa: DJ008
            pass

        class Two(Base):  # noqa: DJ008
            pass

        assert [model._meta.get_field("note").context for model in (One, Two)] == [
            "records.One.note",
            "records.Two.note",
        ]

    @pytest.mark.usefixtures("routed")
    def test_forms_bound_the_plaintext(self) -> None:
        """max_length is the plaintext's, in forms and in validation."""
        form_class = modelform_factory(Record, fields=["label", "note", "title"])
        good = form_class({"label": "a", "note": "secret", "title": "t" * 20})
        assert good.is_valid()
        assert good.save().note == "secret"
        assert not form_class({"label": "a", "note": "", "title": "t" * 21}).is_valid()
        with pytest.raises(ValidationError):
            Record(label="a", note="x", title="t" * 21).full_clean()

    def test_a_ciphertext_in_a_form_is_a_text(self) -> None:
        """Nobody decrypts a stolen ciphertext by pasting it into a form."""
        record = Record.objects.create(label="a", note="secret")
        pasted = stored(record, "note", "default")
        form_class = modelform_factory(Record, fields=["label", "note", "title"])
        form = form_class({"label": "b", "note": pasted, "title": ""})
        assert form.is_valid()
        assert pasted == form.save().note

    def test_instances_travel(self) -> None:
        """Instances can be pickled and copied: the field's keys do not travel along."""
        record = Record.objects.create(label="a", note="secret")
        assert pickle.loads(pickle.dumps(record)).note == "secret"
        assert copy.deepcopy(record).note == "secret"
        field = Record._meta.get_field("note")
        assert copy.deepcopy(field).context == field.context

    def test_the_project_checks(self) -> None:
        """manage.py check finds no error."""
        call_command("check", stdout=io.StringIO())
