"""What goes wrong in the packages that people come from does not go wrong here.

Each test is named after the defect, as it was seen in the package's own code.
"""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.db.models import Case, Value, When
from django.forms import modelform_factory
from sqlalchemy import Column, MetaData, Table, create_engine, select
from sqlalchemy.pool import StaticPool
from tests.integration.django.helpers import keyring, on_disk, put
from tests.integration.django.records.models import Octets, Person, Record, Sample

from hauberk.django import fields
from hauberk.encryption import Keyring
from hauberk.exceptions import DecryptionError, NotEncryptedError, UnknownKeyError
from hauberk.sqlalchemy import encryption

pytestmark = pytest.mark.django_db

#: What mypy's plugin would try to understand.
OCTETS: Any = Octets.objects
RECORDS: Any = Record.objects
SAMPLES: Any = Sample.objects

KEYRING = Keyring.generate()

#: What the code in a pickle has done.
RUN: list[int] = []


class Attack:
    """An object whose pickle runs code."""

    def __reduce__(self) -> Any:
        """Say which."""
        return run_code, ()


def run_code() -> None:
    """Leave a trace."""
    RUN.append(1)


class TestDjangoFernetEncryptedFields:
    """django-fernet-encrypted-fields 0.4.0."""

    @pytest.mark.parametrize(
        ("name", "value"),
        [("flag", False), ("integer", 0), ("number", 0.0), ("text", ""), ("char", "")],
    )
    def test_false_values_become_null(self, name: str, value: Any) -> None:
        """There, False, 0, 0.0 and "" are stored as NULL and lost."""
        sample = SAMPLES.create(**{name: value})
        assert on_disk(sample, name, "default") is not None
        read = getattr(SAMPLES.get(), name)
        assert (value, type(value)) == (read, type(read))

    def test_json_leaves_become_strings(self) -> None:
        """There, {'n': 1} comes back as {'n': '1'}."""
        document = {"n": 1, "t": True, "z": None, "f": 1.5, "l": [0, False]}
        SAMPLES.create(document=document)
        read = SAMPLES.get().document
        assert read == document
        assert [type(read[key]) for key in "ntzf"] == [int, bool, type(None), float]
        assert [type(one) for one in read["l"]] == [int, bool]

    def test_tampered_values_are_returned_as_they_are(self) -> None:
        """There, a value that does not decrypt is the value (#13)."""
        record = RECORDS.create(label="a", note="x" * 40)
        good = on_disk(record, "note", "default")
        put(
            record,
            "note",
            f"{good[:40]}{'A' if good[40] != 'A' else 'B'}{good[41:]}",
            "default",
        )
        with pytest.raises(DecryptionError):
            RECORDS.get()
        put(record, "note", good, "default")
        with keyring(Keyring.generate()), pytest.raises(UnknownKeyError):
            RECORDS.get()

    def test_form_input_is_decrypted(self) -> None:
        """There, a ciphertext pasted into a form is decrypted for whoever pasted it."""
        record = RECORDS.create(label="a", note="secret")
        stolen = on_disk(record, "note", "default")
        form = modelform_factory(Record, fields=["label", "note", "title"])
        copy = form({"label": "b", "note": stolen, "title": "t"}).save()
        assert stolen == copy.note == RECORDS.get(label="b").note
        field: Any = Record._meta.get_field("note")
        assert field.to_python(stolen) == stolen
        assert field.clean(stolen, record) == stolen

    def test_the_field_keeps_state_between_threads(self) -> None:
        """There, clean() keeps a flag on the field, which all threads share."""
        field: Any = Record._meta.get_field("title")
        before = dict(vars(field))
        with ThreadPoolExecutor(4) as pool:
            texts = [f"text {number}" for number in range(200)]
            assert texts == list(pool.map(lambda one: field.clean(one, None), texts))
        after = {**vars(field), "_wire": before.get("_wire")}
        assert {**before, "_wire": before.get("_wire")} == after

    def test_short_values_take_a_hundred_bytes(self) -> None:
        """There, six characters take 100; here they take 75, or 51 as bytes."""
        record = RECORDS.create(label="a", note="abcdef")
        assert len(on_disk(record, "note", "default")) == 75
        field = fields.EncryptedTextField(storage="binary", context="x")
        assert len(field.get_db_prep_save("abcdef", connection)) == 51

    def test_nothing_can_be_found(self) -> None:
        """There, there are no lookups (#12)."""
        Person.objects.create(email="a@example.org")
        assert Person.objects.get(email="A@example.org").pk


class TestDjangoCryptography:
    """django-cryptography 1.1 and django-cryptography-5."""

    def test_values_are_pickled(self) -> None:
        """There, a value is unpickled, which runs code; here a pickle is a value."""
        attack = pickle.dumps(Attack(), 0)
        pickle.loads(attack)
        assert RUN == [1]  # It would run, if somebody unpickled it.
        RUN.clear()
        record = RECORDS.create(label="a", note="x")
        note: Any = Record._meta.get_field("note")
        put(record, "note", note.wire.seal(attack.decode()), "default")
        assert attack.decode() == RECORDS.get().note
        octets = OCTETS.create(data=b"x")
        data: Any = Octets._meta.get_field("data")
        put(octets, "data", data.wire.seal(attack), "default")
        assert attack == OCTETS.get().data
        # Nor where the value must be of another type.
        sample = SAMPLES.create(document={}, integer=1)
        for name in ("document", "integer"):
            field: Any = Sample._meta.get_field(name)
            put(sample, name, field.wire.seal(attack.decode()), "default")
            with pytest.raises(DecryptionError):
                SAMPLES.values_list(name).get()
        assert RUN == []


class TestBulkUpdates:
    """django-pgcrypto#35, pulpcore#4359: expressions are encrypted as if values."""

    def test_bulk_update_encrypts_an_expression(self) -> None:
        """There, the text of a Case is encrypted, or a value twice; here it is once."""
        record = RECORDS.create(label="a", note="old")
        record.note = "new"
        RECORDS.bulk_update([record], ["note"])
        assert RECORDS.get().note == "new"
        field = Record._meta.get_field("note")
        RECORDS.update(
            note=Case(When(pk=record.pk, then=Value("third", output_field=field)))
        )
        assert RECORDS.get().note == "third"


class TestSqlalchemyUtils:
    """sqlalchemy-utils' AesEngine, which has a fixed IV and no MAC (#166)."""

    @pytest.mark.parametrize(
        "kind",
        [
            encryption.EncryptedString(context="peers.text", keyring=KEYRING),
            encryption.EncryptedBytes(context="peers.bytes", keyring=KEYRING),
        ],
    )
    def test_equal_values_look_equal(self, kind: Any) -> None:
        """There, equal values have equal ciphertexts, and a changed one is a value."""
        engine = create_engine("sqlite://", poolclass=StaticPool)
        notes = Table("notes", MetaData(), Column("note", kind))
        value: Any = "same" if isinstance(kind, encryption.EncryptedString) else b"same"
        with engine.begin() as bound:
            notes.create(bound)
            bound.execute(notes.insert(), [{"note": value}] * 50)
            assert bound.scalars(select(notes.c.note)).all() == [value] * 50
            stored: Any = (
                bound.exec_driver_sql("SELECT note FROM notes").scalars().all()
            )
            assert len(set(stored)) == 50
            bound.execute(notes.delete())
            changed = stored[0][:40] + stored[1][40:]
            bound.exec_driver_sql("INSERT INTO notes VALUES (?)", (changed,))
            with pytest.raises(DecryptionError):
                bound.scalars(select(notes.c.note)).all()
        engine.dispose()


class TestRails:
    """Active Record Encryption, whose ciphertexts are bound to nothing."""

    def test_a_ciphertext_is_moved_to_another_column(self) -> None:
        """There, a ciphertext opens in any column under the same key."""
        record = RECORDS.create(label="a", note="x", title="y")
        put(record, "title", on_disk(record, "note", "default"), "default")
        with pytest.raises(DecryptionError):
            RECORDS.get()

    def test_a_setting_decides_how_old_values_are_read(self) -> None:
        """There, a new default made old values unreadable; here they say how."""
        sample = SAMPLES.create(text="x")
        prefix, key_id, _ = on_disk(sample, "text", "default").split(".")
        field: Any = Sample._meta.get_field("text")
        assert (prefix, key_id) == (
            "hb1",
            field.wire.cipher.key_id(on_disk(sample, "text", "default")),
        )


class TestTrialDecryption:
    """kviklet#575: trying key after key without a MAC gave garbage, which was kept."""

    def test_what_is_not_encrypted_is_an_error(self) -> None:
        """Plaintext is never decrypted to garbage, nor returned as it is."""
        record = RECORDS.create(label="a", note="x")
        for text in ("", "plain", "x" * 64, "hb2.7014e411.AAAA"):
            put(record, "note", text, "default")
            with pytest.raises(NotEncryptedError):
                RECORDS.get()
