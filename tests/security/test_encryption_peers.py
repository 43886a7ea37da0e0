"""What goes wrong in the packages that people come from does not go wrong here.

Each test is named after the defect, as it was seen in the package's own code.
"""

from __future__ import annotations

import io
import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import Case, Value, When
from django.forms import modelform_factory
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from sqlalchemy import Column, MetaData, Table, create_engine, select
from sqlalchemy.pool import StaticPool
from tests.integration.django.helpers import keyring, on_disk, put
from tests.integration.django.records.models import (
    Account,
    Letter,
    Octets,
    Person,
    Record,
    Sample,
)

from hauberk.django import fields
from hauberk.encryption import Key, Keyring
from hauberk.encryption.readers import FernetReader
from hauberk.exceptions import (
    ConfigurationError,
    DecryptionError,
    NotEncryptedError,
    UnknownKeyError,
)
from hauberk.sqlalchemy import encryption

pytestmark = pytest.mark.django_db

#: What mypy's plugin would try to understand.
LETTERS: Any = Letter.objects
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

    def test_keys_come_from_the_secret_key(self) -> None:
        """There, keys are derived from SECRET_KEY, slowly, and lost with it.

        Here a keyring is needed, and whoever has none is told so.
        """
        RECORDS.create(label="a", note="x")
        with override_settings(SECRET_KEY="another"):
            assert RECORDS.get().note == "x"
        with override_settings(HAUBERK={}), pytest.raises(ConfigurationError):
            RECORDS.get()

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

    def test_a_ciphertext_is_moved_to_another_row(self) -> None:
        """There, nothing binds a value to its row; here bind="pk" does."""
        one, two = (LETTERS.create(body=text) for text in ("one", "two"))
        put(one, "body", on_disk(two, "body", "default"), "default")
        moved = LETTERS.get(pk=one.pk)
        with pytest.raises(DecryptionError):
            _ = moved.body
        assert LETTERS.get(pk=two.pk).body == "two"

    def test_deterministic_keys_do_not_rotate(self) -> None:
        """There, they cannot; here rows under each key are found, and move."""
        ring = Keyring.generate()
        with keyring(ring):
            account = Account.objects.create(number="AT61")
            old, key = ring.primary_id, Key.generate()
            ring.add(key)
            ring.promote(key.id)
            assert Account.objects.get(number="AT61") == account
            call_command("hauberk_reencrypt", "records.Account", stdout=io.StringIO())
            ring.disable(old)
            assert Account.objects.get(number="AT61") == account

    def test_unique_values_take_a_query_for_each_key(self) -> None:
        """There, each previous scheme is a query more (rails#45199, #47562, #48445)."""
        ring = Keyring.generate()
        with keyring(ring):
            Person.objects.create(email="a@example.org")
            for _ in range(3):
                key = Key.generate()
                ring.add(key)
                ring.promote_index(key.id)
            with (
                CaptureQueriesContext(connection) as queries,
                pytest.raises(ValidationError),
            ):
                Person(email="a@example.org").validate_unique()
            assert len(queries) == 1

    def test_unique_values_are_not_validated(self) -> None:
        """There, they are not beside a scheme whose ciphertexts differ (rails#51553).

        Here a reader of another package's values changes nothing of what is found.
        """
        Person.objects.create(email="a@example.org")
        field: Any = Person._meta.get_field("email")
        field.previous = (FernetReader(Fernet.generate_key()),)
        try:
            with pytest.raises(ValidationError):
                Person(email="a@example.org").validate_unique()
            with pytest.raises(IntegrityError), transaction.atomic():
                Person.objects.create(email="a@example.org")
        finally:
            field.previous = ()

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


class TestLaravel:
    """laravel-data#1049: what is saved again without a change stays as it was."""

    def test_saving_again_encrypts_nothing(self) -> None:
        """There, a model that looks unchanged keeps the old key; here saving is enough.

        The value is read and saved, and is under the primary key after that.
        """
        ring = Keyring.generate()
        with keyring(ring):
            record = RECORDS.create(label="a", note="x")
            key = Key.generate()
            ring.add(key)
            ring.promote(key.id)
            RECORDS.get().save()
            assert on_disk(record, "note", "default").startswith(f"hb1.{key.id}.")
            assert RECORDS.get().note == "x"
