"""hauberk_reencrypt, hauberk_keys and hauberk_check_ciphertexts."""

from __future__ import annotations

import io
import threading
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connections, models, transaction
from django.test import override_settings
from django.test.utils import isolate_apps
from tests.integration.django.helpers import keyring, on_disk, put
from tests.integration.django.records.models import (
    Account,
    Legacy,
    Letter,
    Octets,
    Person,
    Record,
    Sample,
)
from tests.integration.django.test_field_types import VALUES

from hauberk.django.fields import EncryptedTextField
from hauberk.django.reencryption import Column, Options, columns, reencrypt, verify
from hauberk.django.reencryption.batch import Outcome, as_it_should_be, store
from hauberk.encryption import Key, Keyring
from hauberk.encryption.readers import FernetReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.django_db(databases=[*connections])

#: What mypy's plugin would try to understand.
RECORDS: Any = Record.objects
PEOPLE: Any = Person.objects


@pytest.fixture
def ring() -> Iterator[Keyring]:
    """A keyring of the test's own, so that rotating it disturbs nobody."""
    ring = Keyring.generate()
    with keyring(ring):
        yield ring


def rotate(ring: Keyring) -> tuple[str, str]:
    """Promote a new key and return the ids, the old one first."""
    old, key = ring.primary_id, Key.generate()
    ring.add(key)
    ring.promote(key.id)
    return old, key.id


def run(*labels: str, **options: Any) -> str:
    """Run the command and return what it says."""
    out = io.StringIO()
    call_command("hauberk_reencrypt", *labels, stdout=out, stderr=out, **options)
    return out.getvalue()


def column(model: Any, name: str, using: str = "default") -> Column:
    """Return one encrypted column."""
    return Column(model._meta.get_field(name), connections[using])


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
        assert f"row {people[1].pk} has the value of another row" in out.getvalue()
        assert PEOPLE.using(using).get(email="2@example.org") == people[2]

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

        with connection.schema_editor() as editor:
            editor.create_model(Folding)
        try:
            row = Folding._default_manager.using(using).create(note="x")
            put(row, "note", "a", using)
            notes = column(Folding, "note", using)
            read = notes.batch(None, 10, everything=True)
            changes = as_it_should_be(notes, read, Outcome())
            put(row, "note", "A", using)
            assert notes.replace(changes) == 0
            put(row, "note", "a", using)
            assert notes.replace(changes) == 1
        finally:
            with connection.schema_editor() as editor:
                editor.delete_model(Folding)

    def test_resume(self, ring: Keyring, tmp_path: Path) -> None:
        """A run that was stopped goes on where it was, and forgets when it is done."""
        RECORDS.bulk_create([Record(label=str(one), note="x") for one in range(10)])
        _, new = rotate(ring)
        notes, file = column(Record, "note"), tmp_path / "position.json"

        def stop(tally: Any) -> None:
            if tally.outcome.seen >= 4:
                raise KeyboardInterrupt

        options = Options(batch=2, resume=file)
        with pytest.raises(KeyboardInterrupt):
            reencrypt(notes, options, stop)
        assert notes.counts()[new] == 4
        assert str(notes) in file.read_text()
        tally = reencrypt(notes, options, lambda _: None)
        assert (tally.outcome.seen, tally.left) == (6, 0)
        assert not file.exists()

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
        held, done = threading.Event(), threading.Event()

        def hold() -> None:
            try:
                with transaction.atomic(using=using):
                    RECORDS.using(using).select_for_update().get(pk=one.pk)
                    held.set()
                    done.wait(60)
            finally:
                connections[using].close()

        holder = threading.Thread(target=hold)
        holder.start()
        try:
            assert held.wait(10)
            notes = column(Record, "note", using)
            tally = reencrypt(notes, Options(), lambda _: None)
            assert (tally.left, tally.complete) == (1, False)
            assert notes.counts()[new] == 1
        finally:
            done.set()
            holder.join()
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


class TestKeys:
    """hauberk_keys changes a keyring that is a file."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Iterator[Path]:
        """A keyring in a file."""
        path = tmp_path / "keys.json"
        Keyring.generate().save(path)
        with keyring(str(path)):
            yield path

    def keys(self, *arguments: str) -> str:
        """Run the command and return what it says."""
        out = io.StringIO()
        call_command("hauberk_keys", *arguments, stdout=out)
        return out.getvalue()

    def test_a_rotation(self, path: Path) -> None:
        """Add, promote, encrypt anew, disable, destroy: each step says the next one."""
        RECORDS.create(label="a", note="x")
        old = Keyring.from_file(path).primary_id
        said = self.keys("add")
        new = said[:8]
        assert "deploy this keyring everywhere" in said
        assert Keyring.from_file(path).primary_id == old
        assert "hauberk_reencrypt" in self.keys("promote", new)
        assert Keyring.from_file(path).primary_id == new
        assert f"{old}  ACTIVE" in self.keys("list")
        with pytest.raises(CommandError, match="has 1 rows under"):
            self.keys("destroy", old)
        run("records.Record")
        with pytest.raises(CommandError, match="primary"):
            self.keys("destroy", old)
        self.keys("promote-index", new, "--although-in-use")
        self.keys("disable", old)
        self.keys("enable", old)
        self.keys("destroy", old)
        assert f"{old}  DESTROYED" in self.keys("list")
        assert RECORDS.get().note == "x"

    def test_an_index_needs_its_key(self, path: Path) -> None:
        """A key that wrote an index is not destroyed before the index is renewed."""
        old = Keyring.from_file(path).primary_id
        PEOPLE.create(phone="123")
        new = self.keys("add")[:8]
        self.keys("promote", new)
        with pytest.raises(CommandError, match="next_key"):
            self.keys("promote-index", new)
        self.keys("promote-index", new, "--although-in-use")
        fields = ["records.Person.phone"]
        stale = on_disk(PEOPLE.get(), "phone_bidx", "default")
        run(*fields)
        put(PEOPLE.get(), "phone_bidx", stale, "default")
        with pytest.raises(CommandError, match="1 rows whose index"):
            self.keys("destroy", old)
        run(*fields)
        self.keys("destroy", old)
        assert PEOPLE.get(phone="1-2-3").pk

    def test_not_a_file(self) -> None:
        """A keyring that is no file is changed elsewhere."""
        with (
            keyring(Keyring.generate()),
            pytest.raises(CommandError, match="not a file"),
        ):
            self.keys("add")
        with override_settings(HAUBERK={"KEYRINGS": {}}), pytest.raises(CommandError):
            self.keys("list")


def test_readers_are_not_in_migrations() -> None:
    """The keys of another package do not end up in a migration."""
    field = EncryptedTextField(previous=[FernetReader(Fernet.generate_key())])
    assert field.deconstruct()[3] == {}
