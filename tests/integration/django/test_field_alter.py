"""Columns that become encrypted ones by AlterField and AddField, on each database."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from django.apps.registry import Apps
from django.conf import settings
from django.db import DataError, OperationalError, connections, models
from django.test import override_settings
from tests.integration.django.helpers import on_disk, put

from hauberk.django import fields
from hauberk.django.reencryption import Column, Options, reencrypt
from hauberk.encryption.readers import DjangoCryptographyReader, FernetReader
from hauberk.exceptions import DecryptionError

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db(databases=[*connections], transaction=True)

#: A field of each kind, with values that databases write down in more ways than one.
COLUMNS: dict[str, tuple[str, dict[str, Any], list[Any]]] = {
    "text": ("TextField", {}, ["größe", "", "C:\\dir", "\\x41", "a/32", "é" * 9]),
    "char": ("CharField", {"max_length": 20}, ["x", "", " "]),
    "integer": ("IntegerField", {}, [-5, 0]),
    "decimal": ("DecimalField", {"max_digits": 8, "decimal_places": 2}, ["12.50", 0]),
    "number": ("FloatField", {}, [0.1, 1e22, 0.0]),
    "flag": ("BooleanField", {}, [True, False]),
    "day": ("DateField", {}, [date(2026, 1, 2)]),
    "moment": ("DateTimeField", {}, [datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)]),
    "clock": ("TimeField", {}, [time(1, 2, 3), time(0)]),
    "duration": (
        "DurationField",
        {},
        [timedelta(days=-3, seconds=5, microseconds=7), timedelta(days=400)],
    ),
    "uuid": ("UUIDField", {}, [UUID(int=5)]),
    "document": ("JSONField", {}, [{"a": [1, None, "é"]}, "text", [], 0]),
    "address": ("GenericIPAddressField", {}, ["1.2.3.4", "::1"]),
    "data": ("BinaryField", {}, [b"\x00\xffabc", b"plain", b"", b"\\x41"]),
}


def model(attributes: dict[str, Any]) -> Any:
    """Return a model of a table as one version of the code has it."""
    meta = {"app_label": "records", "apps": Apps(), "db_table": "records_altered"}
    return type(
        "Altered",
        (models.Model,),
        {"__module__": __name__, "Meta": type("Meta", (), meta), **attributes},
    )


def plain(name: str) -> Any:
    """Return the model with a plain column of a kind."""
    kind, options, _ = COLUMNS[name]
    return model({"value": getattr(models, kind)(null=True, **options)})


def secret(name: str, **more: Any) -> Any:
    """Return the model with an encrypted column of a kind."""
    kind, options, _ = COLUMNS[name]
    more = {"allow_plaintext": True, "null": True, **options, **more}
    return model({"value": getattr(fields, f"Encrypted{kind}")(**more)})


@pytest.fixture
def table(using: str) -> Iterator[str]:
    """Remove the table that a test makes."""
    yield using
    with connections[using].cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS records_altered")


def alter(before: Any, after: Any, using: str) -> None:
    """Do what the migration would."""
    with connections[using].schema_editor() as editor:
        editor.alter_field(
            before, before._meta.get_field("value"), after._meta.get_field("value")
        )


def filled(name: str, using: str) -> Any:
    """Return the plain model, with rows of the values of its kind."""
    before = plain(name)
    with connections[using].schema_editor() as editor:
        editor.create_model(before)
    for value in COLUMNS[name][2]:
        before._default_manager.using(using).create(value=value)
    return before


def read(after: Any, using: str) -> list[Any]:
    """Return what the encrypted column says."""
    rows = after._default_manager.using(using).order_by("pk")
    return [row.value for row in rows]


def check(name: str, after: Any, using: str) -> None:
    """Every value is what it was, before and after it is encrypted."""
    expected = COLUMNS[name][2]
    if name == "decimal":
        expected = [Decimal(one) for one in expected]
    assert read(after, using) == expected
    column = Column(after._meta.get_field("value"), connections[using])
    assert reencrypt(column, Options(), lambda _: None).complete
    assert set(column.counts()) == {column.keyring.primary_id}
    assert read(after, using) == expected
    assert [type(one) for one in read(after, using)] == [type(one) for one in expected]


class TestPlaintext:
    """A column of plaintext becomes one of ciphertexts."""

    @pytest.mark.parametrize("name", COLUMNS)
    def test_in_text(self, table: str, name: str) -> None:
        """Values of every type are read as they were, and encrypted in place."""
        before, after = filled(name, table), secret(name)
        if (name, table) == ("data", "mysql"):
            # Some bytes are no text: the migration fails, and nothing is changed.
            with pytest.raises((OperationalError, DataError)):
                alter(before, after, table)
            return
        alter(before, after, table)
        check(name, after, table)

    def test_in_bytes(self, table: str) -> None:
        """A column of bytes stays one of bytes everywhere."""
        before, after = filled("data", table), secret("data", storage="binary")
        alter(before, after, table)
        check("data", after, table)

    @pytest.mark.parametrize("name", ["text", "char", "document", "uuid", "flag"])
    def test_text_does_not_become_bytes(self, table: str, name: str) -> None:
        """It is an error of the checks, and what is read is never a repr of bytes."""
        after = secret(name, storage="binary")
        field = after._meta.get_field("value")
        assert "hauberk.E005" in {one.id for one in field.check(databases=[table])}
        with connections[table].schema_editor() as editor:
            editor.create_model(after)
        row = after._default_manager.using(table).create()
        texts = {
            "text": "größe",
            "char": "x",
            "document": '{"a": 1}',
            "uuid": str(UUID(int=5)),
            "flag": "true",
        }
        put(row, "value", texts[name].encode(), table)
        expected = {"document": {"a": 1}, "uuid": UUID(int=5), "flag": True}
        assert read(after, table) == [expected.get(name, texts[name])]

    def test_what_is_no_duration(self, table: str) -> None:
        """Text that is no duration is an error, and not None."""
        after = secret("duration")
        with connections[table].schema_editor() as editor:
            editor.create_model(after)
        row = after._default_manager.using(table).create()
        put(row, "value", "garbage", table)
        with pytest.raises(DecryptionError):
            read(after, table)


class TestStorage:
    """The storage of a column is not changed by AlterField."""

    @pytest.mark.parametrize("name", ["text", "data"])
    def test_ciphertexts_are_not_encrypted_again(self, table: str, name: str) -> None:
        """A ciphertext in the other form is an error, also where plaintext is read."""
        for storage, other in (("text", "binary"), ("binary", "text")):
            before = secret(name, storage=storage)
            after = secret(name, storage=other)
            with connections[table].schema_editor() as editor:
                editor.create_model(before)
            value = COLUMNS[name][2][0]
            before._default_manager.using(table).create(value=value)
            try:
                alter(before, after, table)
            except (OperationalError, DataError):
                assert (table, storage) == ("mysql", "binary")
            else:
                with pytest.raises(DecryptionError, match="other storage"):
                    read(after, table)
            with connections[table].schema_editor() as editor:
                editor.delete_model(after)


class TestAdding:
    """A column is added to rows that are there already."""

    @pytest.mark.parametrize("storage", ["text", "binary"])
    @pytest.mark.parametrize("name", ["text", "char", "data"])
    def test_what_may_be_blank(self, table: str, name: str, storage: str) -> None:
        """Rows that were there get the empty value of the type."""
        empty = model({})
        after = secret(
            name, storage=storage, null=False, blank=True, allow_plaintext=False
        )
        with connections[table].schema_editor() as editor:
            editor.create_model(empty)
        empty._default_manager.using(table).create()
        with connections[table].schema_editor() as editor:
            editor.add_field(after, after._meta.get_field("value"))
        assert read(after, table) == [b"" if name == "data" else ""]
        row = after._default_manager.using(table).get()
        assert len(on_disk(row, "value", table)) > 40


class TestOtherPackages:
    """A column of another package becomes ours, with what it held."""

    @pytest.mark.parametrize("storage", ["text", "binary"])
    def test_a_column_of_bytes(self, table: str, storage: str) -> None:
        """Ciphertexts in a column of bytes are read and replaced, also as text."""
        key = Fernet.generate_key()
        self.migrate(table, storage, Fernet(key).encrypt(b"dear"), FernetReader(key))

    @pytest.mark.parametrize("storage", ["text", "binary"])
    def test_django_cryptography(self, table: str, storage: str) -> None:
        """Its columns are bytes that are no text, which MariaDB does not make text."""
        with override_settings(CRYPTOGRAPHY_BACKEND=None):
            crypto = pytest.importorskip("django_cryptography.utils.crypto")
            value = crypto.FernetBytes(b"k" * 32).encrypt(pickle.dumps("dear"))
        reader = DjangoCryptographyReader(settings.SECRET_KEY, field_key=b"k" * 32)
        if (table, storage) == ("mysql", "text"):
            with pytest.raises((OperationalError, DataError)):
                self.migrate(table, storage, value, reader)
        else:
            self.migrate(table, storage, value, reader)

    def migrate(self, table: str, storage: str, value: bytes, reader: Any) -> None:
        """Change the field, read, encrypt anew, and read without the reader."""
        before = plain("data")
        with connections[table].schema_editor() as editor:
            editor.create_model(before)
        before._default_manager.using(table).create(value=value)
        after = secret(
            "text", storage=storage, allow_plaintext=False, previous=[reader]
        )
        alter(before, after, table)
        assert read(after, table) == ["dear"]
        column = Column(after._meta.get_field("value"), connections[table])
        assert reencrypt(column, Options(), lambda _: None).complete
        after._meta.get_field("value").previous = ()
        assert read(after, table) == ["dear"]
