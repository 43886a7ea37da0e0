"""Encrypted fields of a model whose primary key has several columns, everywhere."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from tests.integration.django.records.models import Line
from tests.integration.django.reencrypting import (
    column,
    locked,
    rotate,
    rotate_index,
    run,
    run_in_vain,
)

from hauberk.django.reencryption import Options, Tally, reencrypt, verify
from hauberk.django.reencryption.batch import as_it_should_be
from hauberk.django.reencryption.checkpoint import Checkpoint
from hauberk.encryption import Keyring

if TYPE_CHECKING:
    from pathlib import Path

LINES: Any = Line.objects

#: Neither part alone is unique, nor are they in the order of the rows' creation.
KEYS = [(shop, code) for code in ("b", "a", "ü", "c") for shop in (2, 1, 10)]

pytestmark = pytest.mark.django_db(databases=[*connections])


def make_lines(using: str) -> None:
    """Make a row of each key."""
    LINES.using(using).bulk_create(
        [
            Line(shop=shop, code=code, note=f"{shop}{code}", email=f"{shop}{code}@x.de")
            for shop, code in KEYS
        ]
    )


def check_lines(using: str) -> None:
    """Look at each row, which is found by its value as well."""
    rows = list(LINES.using(using).all())
    assert sorted(row.pk for row in rows) == sorted(KEYS)
    for row in rows:
        assert row.note == f"{row.shop}{row.code}"
        assert LINES.using(using).get(email=f"{row.note}@x.de").pk == row.pk


class TestModel:
    """Such a model is one like others."""

    def test_reading_and_writing(self, using: str) -> None:
        """Rows are written by both columns, found by the index, and unique."""
        make_lines(using)
        check_lines(using)
        objects = LINES.using(using)
        line = objects.get(pk=(1, "a"))
        line.note, line.email = "new", "new@x.de"
        line.save()
        line.email = "newer@x.de"
        assert objects.bulk_update([line], ["email"]) == 1
        assert objects.filter(pk=(2, "a")).update(email="other@x.de") == 1
        assert objects.get(email="newer@x.de").note == "new"
        assert objects.get(email="other@x.de").pk == (2, "a")
        found, created = objects.get_or_create(email="newer@x.de")
        assert (found, created) == (line, False)
        assert objects.values("pk", "note").get(pk=(1, "a"))["note"] == "new"

    def test_validation(self) -> None:
        """A value of another row is taken, and of its own is not; in one query."""
        make_lines("default")
        LINES.get(pk=(1, "a")).validate_unique()
        taken = Line(shop=5, code="a", email="1a@x.de")
        with (
            CaptureQueriesContext(connections["default"]) as queries,
            pytest.raises(ValidationError) as caught,
        ):
            taken.validate_unique(exclude={"shop", "code"})
        assert set(caught.value.message_dict) == {"email"}
        assert len(queries) == 1

    def test_the_checks(self) -> None:
        """Nothing is wrong with it."""
        assert Line.check(databases=[*connections]) == []


class TestReencrypting:
    """Its rows are walked along all columns of the key."""

    @pytest.mark.parametrize("size", [1, 2, 5, 12, 100])
    def test_batches(self, using: str, ring: Keyring, size: int) -> None:
        """Each row is written once, and read once, wherever a batch ends."""
        make_lines(using)
        _, new = rotate(ring)
        notes = column(Line, "note", using)
        tally = reencrypt(notes, Options(batch=size), lambda _: None)
        assert (tally.outcome.seen, tally.outcome.written) == (len(KEYS), len(KEYS))
        assert tally.complete
        assert notes.counts() == {new: len(KEYS)}
        check_lines(using)

    def test_indexes(self, using: str, ring: Keyring) -> None:
        """Indexes are renewed and proven as well."""
        make_lines(using)
        rotate(ring)
        rotate_index(ring)
        emails = column(Line, "email", using)
        assert len(verify(emails, batch=5).misindexed) == len(KEYS)
        assert reencrypt(emails, Options(batch=5), lambda _: None).complete
        finding = verify(emails, batch=5)
        assert (finding.read, finding.unreadable, finding.misindexed) == (12, [], [])
        check_lines(using)

    def test_a_writer_in_between_wins(self, using: str, ring: Keyring) -> None:
        """What was changed after it was read is not overwritten."""
        make_lines(using)
        rotate(ring)
        notes = column(Line, "note", using)
        rows = notes.batch(None, 100, everything=True)
        changes = as_it_should_be(notes, rows, Tally().outcome)
        LINES.using(using).filter(pk=(1, "a")).update(note="newer")
        assert notes.replace(changes) == len(KEYS) - 1
        assert LINES.using(using).get(pk=(1, "a")).note == "newer"
        assert LINES.using(using).get(pk=(1, "b")).note == "1b"

    def test_resuming(self, using: str, ring: Keyring, tmp_path: Path) -> None:
        """A run that was stopped goes on where it was."""
        make_lines(using)
        rotate(ring)
        notes, file = column(Line, "note", using), tmp_path / "position.json"

        def stop(tally: Tally) -> None:
            if tally.outcome.seen >= 4:
                raise KeyboardInterrupt

        options = Options(batch=2, resume=file)
        with pytest.raises(KeyboardInterrupt):
            reencrypt(notes, options, stop)
        position = Checkpoint(file, notes, everything=False).load()
        third = notes.batch(None, 3, everything=True)[2]
        assert notes.batch(position, 1, everything=True) == [third]
        tally = reencrypt(notes, options, lambda _: None)
        assert (tally.outcome.seen, tally.complete) == (8, True)
        check_lines(using)

    def test_a_position_of_another_key(self, ring: Keyring, tmp_path: Path) -> None:
        """A position that was written when the key had one column is none."""
        make_lines("default")
        notes, file = column(Line, "note"), tmp_path / "position.json"
        checkpoint = Checkpoint(file, notes, everything=False)
        checkpoint.save((1, "a"))
        assert checkpoint.load() == (1, "a")
        file.write_text(file.read_text().replace('[1, "a"]', "1"))
        assert checkpoint.load() is None

    @pytest.mark.django_db(databases=[*connections], transaction=True)
    @pytest.mark.parametrize("name", ["note", "email"])
    def test_workers(self, using: str, ring: Keyring, name: str) -> None:
        """Workers share the rows, and leave one that somebody holds for later."""
        if not connections[using].features.has_select_for_update_skip_locked:
            pytest.skip("no SKIP LOCKED")
        make_lines(using)
        rotate(ring)
        one = column(Line, name, using)
        with locked(Line, (1, "a"), using) as release:
            tally = reencrypt(
                one,
                Options(batch=2, workers=2),
                lambda tally: release.set() if tally.outcome.seen >= 11 else None,
            )
        assert tally.complete
        assert tally.outcome.written == len(KEYS)
        check_lines(using)


class TestCommands:
    """The commands work on it, and name its rows."""

    def test_a_rotation(self, using: str, tmp_path: Path) -> None:
        """Keys are added, rows move, and the old key is destroyed."""
        path = tmp_path / "keys.json"
        Keyring.generate().save(path)
        only = {"database": using}
        with override_settings(HAUBERK={"KEYRINGS": {"default": str(path)}}):
            make_lines(using)
            old = Keyring.from_file(path).primary_id
            new = self.call("hauberk_keys", "add")[:8]
            self.call("hauberk_keys", "promote", new)
            self.call("hauberk_keys", "promote-index", new, "--although-in-use")
            with pytest.raises(CommandError, match="has 12 rows under"):
                self.call("hauberk_keys", "destroy", old)
            said = run("records.Line", **only, batch=5, verify=True)
            assert said.count("12 values opened, 0 unreadable, 0 with a wrong") == 2
            self.call("hauberk_keys", "destroy", old)
            assert f"{new}  PRIMARY" in self.call("hauberk_keys", "list")
            said = self.call("hauberk_check_ciphertexts", "records.Line", **only)
            assert said.count("12 values read, 0 wrong") == 2
            check_lines(using)

    def test_rows_are_named(self, using: str, ring: Keyring) -> None:
        """What does not open, and what is there twice, is named by its whole key."""
        make_lines(using)
        connection = connections[using]
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE records_line SET note = 'plain' WHERE shop = 1 AND code = 'a'"
            )
        rotate(ring)
        said = run_in_vain("records.Line", database=using)
        assert "row (1, 'a') does not open (NotEncryptedError)" in said
        with pytest.raises(CommandError, match="1 values are not"):
            self.call("hauberk_check_ciphertexts", "records.Line", database=using)
        with transaction.atomic(using=using):
            LINES.using(using).filter(pk=(1, "a")).update(note="1a")
        run("records.Line", database=using)
        check_lines(using)

    def call(self, *arguments: str, **options: Any) -> str:
        """Run a command and return what it says."""
        out = io.StringIO()
        call_command(*arguments, stdout=out, stderr=out, **options)
        return out.getvalue()
