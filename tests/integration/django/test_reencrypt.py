"""hauberk_reencrypt, hauberk_keys and hauberk_check_ciphertexts."""

from __future__ import annotations

import base64
import io
import re
from typing import Any
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connections, models
from django.test.utils import isolate_apps
from tests.integration.django.helpers import on_disk, put
from tests.integration.django.records.models import (
    Account,
    Legacy,
    Letter,
    Octets,
    Person,
    Record,
    Sample,
)
from tests.integration.django.reencrypting import (
    column,
    locked,
    rotate,
    rotate_index,
    run,
    table,
)
from tests.integration.django.test_field_types import VALUES

from hauberk.django.fields import (
    BlindIndexSpec,
    EncryptedDecimalField,
    EncryptedTextField,
)
from hauberk.django.reencryption import Column, Options, columns, reencrypt, verify
from hauberk.django.reencryption.batch import Outcome, as_it_should_be, store
from hauberk.encryption import Key, Keyring
from hauberk.encryption.readers import FernetReader

pytestmark = pytest.mark.django_db(databases=[*connections])

#: What mypy's plugin would try to understand.
RECORDS: Any = Record.objects
PEOPLE: Any = Person.objects


class TestReencrypt:
    """Every row ends up under the primary key."""

    def test_every_type(self, using: str, ring: Keyring) -> None:
        """Values of every type and storage stay what they are under the new key."""
        values = dict(VALUES)
        Sample.objects.using(using).create(**values)
        Sample.objects.using(using).create()
        Octets.objects.using(using).create(text="x", data=b"y", email="a@example.org")
        Account.objects.using(using).create(number="AT61")
        Letter.objects.using(using).create(body="dear", weight=7)
        PEOPLE.using(using).create(email="a@example.org", phone="+1 2")
        old, new = rotate(ring)
        labels = ["Sample", "Octets", "Account", "Letter", "Person"]
        said = run(*(f"records.{one}" for one in labels), database=using, verify=True)
        assert f"1 under {new} (primary)" in said
        assert f"under {old}" not in said
        for field in columns([f"records.{one}" for one in labels]):
            assert set(Column(field, connections[using]).counts()) <= {new}
        ring.disable(old)
        full = Sample.objects.using(using).exclude(text=None).get()
        for name, value in values.items():
            assert value == getattr(full, name)
        assert Octets.objects.using(using).get(email="a@example.org").data == b"y"
        assert Account.objects.using(using).get(number="AT61").pk
        letter = Letter.objects.using(using).get()
        assert (letter.body, letter.weight) == ("dear", 7)
        assert PEOPLE.using(using).get(email="A@example.org").phone == "+1 2"

    def test_batches(self, using: str, ring: Keyring) -> None:
        """All rows of all batches are done, each once; a second run finds nothing."""
        RECORDS.using(using).bulk_create(
            [Record(label=str(number), note=f"note {number}") for number in range(25)]
        )
        _, new = rotate(ring)
        said = run("records.Record.note", database=using, batch=4)
        assert "25 rows read, 25 encrypted, 0 changed meanwhile" in said
        assert column(Record, "note", using).counts() == {new: 25}
        assert "0 rows read, 0 encrypted" in run("records.Record.note", database=using)
        for record in RECORDS.using(using).all():
            assert record.note == f"note {record.label}"

    def test_dry_run(self, ring: Keyring) -> None:
        """A dry run says what would be done, and writes nothing."""
        RECORDS.create(label="a", note="x")
        old, _ = rotate(ring)
        assert "1 would be encrypted" in run("records.Record.note", dry_run=True)
        assert column(Record, "note").counts() == {old: 1}

    def test_plaintext(self, using: str, ring: Keyring) -> None:
        """Plaintext becomes ciphertext where allow_plaintext says so."""
        row = Legacy.objects.using(using).create()
        put(row, "note", "plain", using)
        put(row, "flag", "true", using)
        put(row, "document", '{"a": 1}', using)
        said = run("records.Legacy", database=using)
        assert "not encrypted" not in said
        assert on_disk(row, "note", using).startswith(f"hb1.{ring.primary_id}.")
        read = Legacy.objects.using(using).get()
        assert (read.note, read.flag, read.document) == ("plain", True, {"a": 1})

    def test_plaintext_that_nobody_expects(self, ring: Keyring) -> None:
        """Plaintext elsewhere stays, is named, and makes the command fail."""
        record = RECORDS.create(label="a", note="x")
        good = RECORDS.create(label="b", note="y")
        put(record, "note", "s3cret", "default")
        _, new = rotate(ring)
        out = io.StringIO()
        with pytest.raises(CommandError, match="not as they should be"):
            call_command(
                "hauberk_reencrypt", "records.Record.note", stdout=out, stderr=out
            )
        assert f"row {record.pk} does not open (NotEncryptedError)" in out.getvalue()
        assert "s3cret" not in out.getvalue()
        assert on_disk(good, "note", "default").startswith(f"hb1.{new}.")
        assert on_disk(record, "note", "default") == "s3cret"

    def test_another_package(self, using: str, ring: Keyring) -> None:
        """Another package's ciphertexts become ours."""
        fernet = Fernet.generate_key()
        field: Any = Record._meta.get_field("note")
        record = RECORDS.using(using).create(label="a", note="x")
        token = Fernet(fernet).encrypt("größe".encode()).decode()
        put(record, "note", token, using)
        field.previous = (FernetReader(fernet),)
        try:
            assert RECORDS.using(using).get().note == "größe"
            run("records.Record.note", database=using)
        finally:
            field.previous = ()
        assert RECORDS.using(using).get().note == "größe"
        assert column(Record, "note", using).counts() == {ring.primary_id: 1}

    def test_indexes(self, using: str, ring: Keyring) -> None:
        """Missing indexes are filled, and those of another key renewed."""
        person = PEOPLE.using(using).create(email="a@example.org")
        put(person, "email_bidx", None, using)
        assert not PEOPLE.using(using).filter(email="a@example.org").exists()
        run("records.Person.email", database=using, verify=True)
        assert PEOPLE.using(using).get(email="a@example.org") == person
        before, key = on_disk(person, "email_bidx", using), Key.generate()
        ring.add(key)
        ring.promote_index(key.id)
        assert verify(column(Person, "email", using)).misindexed
        run("records.Person", database=using, verify=True)
        assert before != on_disk(person, "email_bidx", using)
        old = next(one.id for one in ring.keys if one.id != key.id)
        ring.disable_index(old)
        assert PEOPLE.using(using).get(email="a@example.org") == person

    def test_two_rows_of_one_value(self, using: str, ring: Keyring) -> None:
        """Rows that a unique index forbids are named; the others are done."""
        people = PEOPLE.using(using).bulk_create(
            [Person(email=f"{number}@example.org") for number in range(3)]
        )
        people = list(PEOPLE.using(using).order_by("pk"))
        field: Any = Person._meta.get_field("email")
        for person in people:
            put(person, "email_bidx", None, using)
        put(people[1], "email", field.wire.seal("0@example.org"), using)
        out = io.StringIO()
        with pytest.raises(CommandError):
            call_command(
                "hauberk_reencrypt",
                "records.Person.email",
                database=using,
                stdout=out,
                stderr=out,
            )
        said = out.getvalue()
        assert f"row {people[1].pk} has the value of another row" in said
        assert "6 rows read in 2 passes, 2 encrypted" in said
        assert "1 left" in said
        assert PEOPLE.using(using).get(email="2@example.org") == people[2]

    @pytest.mark.django_db(databases=[*connections], transaction=True)
    def test_odd_rows(self, using: str, ring: Keyring) -> None:
        """What is no value of the field is named and left; the rows after it are done.

        A plaintext with too many digits, bytes that are no text.
        """
        with isolate_apps("tests.integration.django.records"):

            class Odd(models.Model):  # noqa: DJ008
                amount = EncryptedDecimalField(
                    max_digits=5, decimal_places=2, null=True, allow_plaintext=True
                )
                name = EncryptedTextField(null=True, index=BlindIndexSpec())

                class Meta:
                    app_label = "records"

        objects = Odd._default_manager.using(using)
        amounts, names = column(Odd, "amount", using), column(Odd, "name", using)
        no_text = names.field.wire.cipher.encrypt(b"\xff\xfe")
        odd = (
            f"hb1.{no_text[1:5].hex()}."
            f"{base64.urlsafe_b64encode(no_text[5:]).rstrip(b'=').decode()}"
        )
        with table(Odd, using):
            rows = [objects.create(amount=1, name=str(one)) for one in range(4)]
            put(rows[1], "amount", "123456789.123", using)
            put(rows[2], "name", odd, using)
            _, new = rotate(ring)
            tally = reencrypt(amounts, Options(), lambda _: None)
            assert [key for key, _ in tally.outcome.failed] == [rows[1].pk]
            assert amounts.counts() == {new: 3, "": 1}
            tally = reencrypt(names, Options(), lambda _: None)
            assert [key for key, _ in tally.outcome.failed] == [rows[2].pk]
            assert (tally.left, tally.complete) == (1, False)
            assert names.counts()[new] == 3
            assert [key for key, _ in verify(names).unreadable] == [rows[2].pk]
            assert on_disk(rows[1], "amount", using) == "123456789.123"
            assert on_disk(rows[2], "name", using) == odd

    @pytest.mark.django_db(databases=[*connections], transaction=True)
    def test_rows_whose_key_is_a_relation(self, using: str, ring: Keyring) -> None:
        """Values that are bound to a row open where its key is another table's."""
        with isolate_apps("tests.integration.django.records"):

            class Paper(models.Model):  # noqa: DJ008
                id = models.UUIDField(primary_key=True, default=uuid4)

                class Meta:
                    app_label = "records"

            class Contract(Paper):  # noqa: DJ008
                body = EncryptedTextField(bind="pk")

                class Meta:
                    app_label = "records"

            class Signature(models.Model):  # noqa: DJ008
                contract: Any = models.OneToOneField(
                    Contract, models.CASCADE, primary_key=True
                )
                name = EncryptedTextField(bind="pk")

                class Meta:
                    app_label = "records"

        with table(Paper, using), table(Contract, using), table(Signature, using):
            contract = Contract._default_manager.using(using).create(body="dear")
            signatures = Signature._default_manager.using(using)
            signatures.create(contract=contract, name="Ann")
            for one in (
                column(Contract, "body", using),
                column(Signature, "name", using),
            ):
                assert (verify(one).read, verify(one).unreadable) == (1, [])
            _, new = rotate(ring)
            for one in (
                column(Contract, "body", using),
                column(Signature, "name", using),
            ):
                assert reencrypt(one, Options(), lambda _: None).complete
                assert one.counts() == {new: 1}
            assert Contract._default_manager.using(using).get().body == "dear"
            assert signatures.get().name == "Ann"

    def test_a_writer_in_between_wins(self, using: str, ring: Keyring) -> None:
        """What was changed after it was read is not overwritten."""
        record = RECORDS.using(using).create(label="a", note="old")
        notes = column(Record, "note", using)
        rotate(ring)
        outcome = Outcome()
        changes = as_it_should_be(
            notes, notes.batch(None, 10, everything=True), outcome
        )
        RECORDS.using(using).filter(pk=record.pk).update(note="new")
        store(notes, changes, outcome)
        assert (outcome.written, outcome.missed) == (0, 1)
        assert RECORDS.using(using).get().note == "new"

    @pytest.mark.parametrize("meanwhile", ["A", "a ", "\u00e4"])
    def test_another_text_that_a_collation_takes_for_equal(
        self, using: str, ring: Keyring, meanwhile: str
    ) -> None:
        """What differs in case, accents or trailing spaces alone is not overwritten."""
        row = Legacy.objects.using(using).create()
        put(row, "note", "a", using)
        notes, outcome = column(Legacy, "note", using), Outcome()
        read = notes.batch(None, 10, everything=True)
        changes = as_it_should_be(notes, read, outcome)
        put(row, "note", meanwhile, using)
        store(notes, changes, outcome)
        assert (outcome.written, outcome.missed) == (0, 1)
        assert on_disk(row, "note", using) == meanwhile

    def test_what_a_collation_takes_for_encrypted(
        self, using: str, ring: Keyring
    ) -> None:
        """Text that looks encrypted in capital letters is plaintext, and encrypted."""
        row = Legacy.objects.using(using).create()
        put(row, "note", f"HB1.{ring.primary_id.upper()}.AAAA", using)
        notes = column(Legacy, "note", using)
        assert (notes.counts(), notes.pending()) == ({"": 1}, 1)
        run("records.Legacy.note", database=using)
        assert notes.counts() == {ring.primary_id: 1}

    @pytest.mark.django_db(databases=[*connections], transaction=True)
    def test_a_column_with_a_collation(self, using: str, ring: Keyring) -> None:
        """The same holds where the model has given the column a collation."""
        connection = connections[using]
        names = {"sqlite": "nocase", "mysql": "utf8mb4_general_ci"}
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "CREATE COLLATION IF NOT EXISTS hauberk_ci (provider = icu, "
                    "locale = 'und-u-ks-level2', deterministic = false)"
                )
        with isolate_apps("tests.integration.django.records"):

            class Folding(models.Model):  # noqa: DJ008
                note = EncryptedTextField(
                    db_collation=names.get(connection.vendor, "hauberk_ci"),
                    allow_plaintext=True,
                )

                class Meta:
                    app_label = "records"

        with table(Folding, using):
            row = Folding._default_manager.using(using).create(note="x")
            put(row, "note", "a", using)
            notes = column(Folding, "note", using)
            read = notes.batch(None, 10, everything=True)
            changes = as_it_should_be(notes, read, Outcome())
            put(row, "note", "A", using)
            assert notes.replace(changes) == 0
            put(row, "note", "a", using)
            assert notes.replace(changes) == 1

    def test_progress(self, using: str, ring: Keyring) -> None:
        """A terminal shows a bar, the rate and the time that is left; no file does."""

        class Terminal(io.StringIO):
            def isatty(self) -> bool:
                return True

        RECORDS.using(using).bulk_create(
            [Record(label=str(one), note="s3cret") for one in range(10)]
        )
        rotate(ring)
        terminal, out = Terminal(), io.StringIO()
        call_command(
            "hauberk_reencrypt",
            "records.Record",
            database=using,
            batch=2,
            throttle=20.0,
            stdout=out,
            stderr=terminal,
        )
        first, *more = terminal.getvalue().split("\r")[1:]
        assert re.fullmatch(
            r"records\.Record\.note \[#{6} {24}\] 2/10 [\d,]+ rows/s, \d+:\d\d left ",
            first,
        )
        last = next(line for line in more if line.endswith("\n"))
        assert re.fullmatch(
            r"records\.Record\.note \[#{30}\] 10/10 [\d,]+ rows/s, 0:00 left \n", last
        )
        assert "[" not in out.getvalue()
        assert "s3cret" not in terminal.getvalue()
        assert "[" not in run("records.Record", database=using)

    def test_progress_of_several_passes(self, using: str, ring: Keyring) -> None:
        """What is expected grows with each pass over the rows."""
        PEOPLE.using(using).bulk_create(
            [Person(email=f"{one}@example.org") for one in range(4)]
        )
        rotate_index(ring)
        shown: list[tuple[int, int, int]] = []
        tally = reencrypt(
            column(Person, "email", using),
            Options(batch=2),
            lambda now: shown.append((now.passes, now.outcome.seen, now.expected)),
        )
        assert shown == [(0, 2, 4), (0, 4, 4), (1, 6, 8), (1, 8, 8)]
        assert (tally.outcome.written, tally.complete) == (4, True)

    def test_one_pass_is_enough(self, using: str, ring: Keyring) -> None:
        """Where values alone get another key, their indexes are seen to be right."""
        PEOPLE.using(using).bulk_create(
            [Person(email=f"{one}@example.org") for one in range(4)]
        )
        _, new = rotate(ring)
        emails = column(Person, "email", using)
        tally = reencrypt(emails, Options(), lambda _: None)
        assert (tally.passes, tally.outcome.written, tally.complete) == (1, 4, True)
        assert emails.counts() == {new: 4}

    def test_throttle(self, ring: Keyring) -> None:
        """A throttled run takes its time, and does the same."""
        RECORDS.bulk_create([Record(label=str(one), note="x") for one in range(10)])
        _, new = rotate(ring)
        run("records.Record.note", batch=5, throttle=1000.0)
        assert column(Record, "note").counts() == {new: 10}

    @pytest.mark.parametrize(
        "label", ["nowhere", "records.Nothing", "auth", "records.Record.label"]
    )
    def test_unknown_columns(self, label: str) -> None:
        """What does not exist or is not encrypted is an error."""
        with pytest.raises(CommandError):
            run(label)


@pytest.mark.django_db(databases=[*connections], transaction=True)
@pytest.mark.parametrize("using", ["postgres", "mysql"])
class TestSharing:
    """Several workers share a table, where rows can be locked and skipped."""

    def test_workers(self, using: str, ring: Keyring) -> None:
        """Each row is written once, whoever does it."""
        if using not in connections:
            pytest.skip(f"no server answers for {using}")
        notes = column(Record, "note", using)
        assert notes.skips_locked
        RECORDS.using(using).bulk_create(
            [Record(label=str(one), note=f"note {one}") for one in range(300)]
        )
        _, new = rotate(ring)
        tally = reencrypt(notes, Options(batch=7, workers=3), lambda _: None)
        assert (tally.outcome.written, tally.outcome.missed) == (300, 0)
        assert tally.complete
        assert notes.counts() == {new: 300}

    def test_locked_rows(self, using: str, ring: Keyring) -> None:
        """A row that somebody holds is left for a later run, and nobody waits."""
        if using not in connections:
            pytest.skip(f"no server answers for {using}")
        one, _ = (RECORDS.using(using).create(label=str(n), note="x") for n in range(2))
        _, new = rotate(ring)
        notes = column(Record, "note", using)
        with locked(Record, one.pk, using):
            tally = reencrypt(notes, Options(), lambda _: None)
            assert (tally.left, tally.complete) == (1, False)
            assert notes.counts()[new] == 1
        assert reencrypt(notes, Options(), lambda _: None).complete


class TestCheck:
    """hauberk_check_ciphertexts opens everything."""

    def test_nothing_wrong(self, using: str) -> None:
        """It counts the rows of each key."""
        RECORDS.using(using).create(label="a", note="x")
        out = io.StringIO()
        call_command("hauberk_check_ciphertexts", "records", database=using, stdout=out)
        assert "records.Record.note: 1 values read, 0 wrong." in out.getvalue()

    def test_wrong_rows(self, using: str) -> None:
        """It names rows that do not open, have a wrong index or another type."""
        record = RECORDS.using(using).create(label="a", note="x")
        put(record, "title", on_disk(record, "note", using), using)
        person = PEOPLE.using(using).create(email="a@example.org")
        put(person, "email_bidx", "00" * 16, using)
        sample = Sample.objects.using(using).create(integer=1)
        put(
            sample,
            "integer",
            column(Sample, "integer", using).field.wire.seal("x"),
            using,
        )
        out = io.StringIO()
        with pytest.raises(CommandError, match="3 values"):
            call_command(
                "hauberk_check_ciphertexts",
                "records",
                database=using,
                stdout=out,
                stderr=out,
            )
        said = out.getvalue()
        assert f"records.Record.title: row {record.pk} does not open" in said
        assert f"index of row {person.pk} is not" in said
        assert (
            f"records.Sample.integer: row {sample.pk} does not open (WrongType)" in said
        )


def test_readers_are_not_in_migrations() -> None:
    """The keys of another package do not end up in a migration."""
    field = EncryptedTextField(previous=[FernetReader(Fernet.generate_key())])
    assert field.deconstruct()[3] == {}
