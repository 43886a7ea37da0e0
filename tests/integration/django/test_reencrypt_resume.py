"""hauberk_reencrypt is stopped, and goes on where it was."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError
from django.db import connections
from tests.integration.django.helpers import ALIASES
from tests.integration.django.records.models import Letter, Record
from tests.integration.django.reencrypting import column, rotate, run

from hauberk.django.reencryption import Options, Tally, reencrypt
from hauberk.django.reencryption.batch import as_it_should_be
from hauberk.django.reencryption.checkpoint import Checkpoint

if TYPE_CHECKING:
    from pathlib import Path

    from hauberk.encryption import Keyring

#: What computes a batch, where it is called.
COMPUTE = "hauberk.django.reencryption.walk.as_it_should_be"

pytestmark = pytest.mark.django_db(databases=[*connections])

RECORDS: Any = Record.objects
LETTERS: Any = Letter.objects


def stop_at(seen: int) -> Any:
    """Return what interrupts a run when it has read so many rows."""

    def stop(tally: Tally) -> None:
        if tally.outcome.seen >= seen:
            raise KeyboardInterrupt

    return stop


class TestResume:
    """A position is worth something to the same run alone."""

    def test_where_it_was(self, using: str, ring: Keyring, tmp_path: Path) -> None:
        """A run that was stopped goes on where it was, and forgets when it is done."""
        RECORDS.using(using).bulk_create(
            [Record(label=str(one), note="x") for one in range(10)]
        )
        _, new = rotate(ring)
        notes, file = column(Record, "note", using), tmp_path / "position.json"
        options = Options(batch=2, resume=file)
        with pytest.raises(KeyboardInterrupt):
            reencrypt(notes, options, stop_at(4))
        assert notes.counts()[new] == 4
        assert str(notes) in file.read_text()
        tally = reencrypt(notes, options, lambda _: None)
        assert (tally.outcome.seen, tally.left) == (6, 0)
        assert not file.exists()

    def test_a_key_that_is_no_number(
        self, using: str, ring: Keyring, tmp_path: Path
    ) -> None:
        """Primary keys of other types are read back as what they were."""
        LETTERS.using(using).bulk_create([Letter(body="x") for _ in range(10)])
        rotate(ring)
        bodies, file = column(Letter, "body", using), tmp_path / "position.json"
        options = Options(batch=2, resume=file)
        with pytest.raises(KeyboardInterrupt):
            reencrypt(bodies, options, stop_at(2))
        position = Checkpoint(file, bodies, everything=False).load()
        third = bodies.batch(None, 3, everything=True)[2]
        assert bodies.batch(position, 1, everything=True) == [third]
        tally = reencrypt(bodies, options, lambda _: None)
        assert (tally.outcome.seen, tally.complete) == (8, True)

    def test_another_column_or_database(self, ring: Keyring, tmp_path: Path) -> None:
        """Every column of every database has a position of its own."""
        file = tmp_path / "position.json"
        aliases = [alias for alias in ALIASES if alias in connections]
        all_ = [
            Checkpoint(file, column(Record, name, alias), everything=False)
            for name in ("note", "title")
            for alias in aliases
        ]
        for number, one in enumerate(all_):
            one.save(number)
        assert [one.load() for one in all_] == list(range(len(all_)))
        all_[0].forget()
        assert [one.load() for one in all_][:2] == [None, 1]

    def test_other_keys(self, ring: Keyring, tmp_path: Path) -> None:
        """A position under another primary key, or of another kind of walk, is none."""
        notes, file = column(Record, "note"), tmp_path / "position.json"
        Checkpoint(file, notes, everything=False).save(7)
        assert Checkpoint(file, notes, everything=False).load() == 7
        assert Checkpoint(file, notes, everything=True).load() is None
        rotate(ring)
        assert Checkpoint(file, notes, everything=False).load() is None

    def test_a_dry_run(self, ring: Keyring, tmp_path: Path) -> None:
        """A dry run leaves no position that the next run would begin at."""
        RECORDS.bulk_create([Record(label=str(one), note="x") for one in range(10)])
        _, new = rotate(ring)
        notes, file = column(Record, "note"), tmp_path / "position.json"
        with pytest.raises(KeyboardInterrupt):
            reencrypt(notes, Options(batch=2, resume=file, dry_run=True), stop_at(4))
        assert not file.exists()
        run("records.Record.note", resume=file)
        assert notes.counts() == {new: 10}

    @pytest.mark.parametrize("content", ["SECRET_KEY = 1", "[1]", '"x"'])
    def test_some_other_file(self, ring: Keyring, tmp_path: Path, content: str) -> None:
        """A file that is something else is named, and stays what it is."""
        RECORDS.create(label="a", note="x")
        file = tmp_path / "settings.py"
        file.write_text(content)
        with pytest.raises(CommandError, match="no file that remembers positions"):
            run("records.Record.note", resume=file)
        assert file.read_text() == content

    def test_an_older_file(self, ring: Keyring, tmp_path: Path) -> None:
        """A file that names positions without their keys says nothing."""
        RECORDS.bulk_create([Record(label=str(one), note="x") for one in range(4)])
        _, new = rotate(ring)
        file = tmp_path / "position.json"
        last = RECORDS.order_by("pk").last().pk
        file.write_text(json.dumps({"records.Record.note": last}))
        assert "4 rows read" in run("records.Record.note", resume=file)
        assert column(Record, "note").counts() == {new: 4}


@pytest.mark.django_db(databases=[*connections], transaction=True)
@pytest.mark.parametrize("using", ["postgres", "mysql"])
class TestWorkers:
    """Workers share one position."""

    @pytest.fixture(autouse=True)
    def answers(self, using: str) -> None:
        """Skip what no server answers for."""
        if using not in connections:
            pytest.skip(f"no server answers for {using}")

    def test_stopped_and_resumed(
        self, using: str, ring: Keyring, tmp_path: Path
    ) -> None:
        """What two workers left is done by two others, with keys that are UUIDs."""
        LETTERS.using(using).bulk_create([Letter(body="x") for _ in range(60)])
        _, new = rotate(ring)
        bodies, file = column(Letter, "body", using), tmp_path / "position.json"
        options = Options(batch=3, workers=2, resume=file)
        with pytest.raises(KeyboardInterrupt):
            reencrypt(bodies, options, stop_at(30))
        assert str(bodies) in file.read_text()
        tally = reencrypt(bodies, options, lambda _: None)
        assert tally.complete
        assert 0 < tally.outcome.seen <= 30
        assert bodies.counts() == {new: 60}
        assert not file.exists()

    def test_a_slow_worker(
        self,
        using: str,
        ring: Keyring,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """No position is saved behind rows that a worker is still at."""
        RECORDS.using(using).bulk_create(
            [Record(label=str(one), note="x") for one in range(12)]
        )
        rotate(ring)
        notes, file = column(Record, "note", using), tmp_path / "position.json"
        first = notes.batch(None, 1, everything=True)[0][0]
        compute, others_are_done = as_it_should_be, threading.Event()

        def slowly(column: Any, rows: Any, outcome: Any) -> Any:
            if rows and rows[0][0] == first:
                assert others_are_done.wait(30)
            return compute(column, rows, outcome)

        saved: list[bool] = []

        def note(tally: Tally) -> None:
            saved.append(file.exists())
            if tally.outcome.seen == 9:
                others_are_done.set()

        monkeypatch.setattr(COMPUTE, slowly)
        options = Options(batch=3, workers=2, resume=file)
        tally = reencrypt(notes, options, note)
        assert (saved, tally.complete) == ([False, False, False, True], True)
