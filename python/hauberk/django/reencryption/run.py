"""A whole column, in passes, by several workers, from where the last run stopped."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import TYPE_CHECKING, Any, Final

from django.db import connections, transaction

from hauberk.django.reencryption.batch import Outcome, as_it_should_be, store
from hauberk.django.reencryption.columns import Column

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["Options", "Tally", "reencrypt"]


@dataclass(frozen=True)
class Options:
    """How a column is worked through.

    Attributes:
        batch: Rows in one transaction.
        workers: Connections that work at the same time.
        dry_run: Whether nothing is written.
        throttle: Rows a second, at most; None without a bound.
        resume: A file that remembers how far the run is.
    """

    batch: int = 1000
    workers: int = 1
    dry_run: bool = False
    throttle: float | None = None
    resume: Path | None = None


@dataclass
class Tally:
    """How far a column is.

    Attributes:
        expected: Rows that the pass will see, about.
        outcome: What became of those that it has seen.
        left: Rows that still are not as they should be, after the last pass.
    """

    expected: int = 0
    outcome: Outcome = field(default_factory=Outcome)
    left: int = 0

    @property
    def complete(self) -> bool:
        """Whether every row is as it should be."""
        clean = not (self.outcome.failed or self.outcome.conflicts)
        return clean and self.left == 0


def reencrypt(
    column: Column, options: Options, progress: Callable[[Tally], None]
) -> Tally:
    """Work through a column until nothing is left to be done.

    Passes are repeated while writers leave rows behind: with a key that is no longer
    primary in their process, or changed between reading and writing.
    """
    tally = Tally()
    for number in range(_MOST_PASSES):
        everything = number == 0 and column.indexes_may_be_old
        tally.expected = column.total() if everything else column.pending()
        found = _Pass(column, options, tally, progress, everything=everything).run()
        tally.outcome.failed = found.failed
        tally.outcome.conflicts = found.conflicts
        tally.left = 0 if options.dry_run else column.pending()
        stuck = tally.left <= len(found.failed) + len(found.conflicts)
        if options.dry_run or stuck:
            break
        if not found.written:
            # Others hold the rows that are left.
            time.sleep(_PAUSE)
    if options.resume and tally.complete and not options.dry_run:
        _Checkpoint(options.resume, str(column)).forget()
    return tally


class _Pass:
    """One walk along the primary key, by all workers."""

    def __init__(
        self,
        column: Column,
        options: Options,
        tally: Tally,
        progress: Callable[[Tally], None],
        *,
        everything: bool,
    ) -> None:
        self._column, self._options = column, options
        self._tally, self._progress = tally, progress
        self._everything = everything
        self._lock = Lock()
        self._stop = Event()
        self._found = Outcome()
        self._started = time.monotonic()
        self._checkpoint = (
            _Checkpoint(options.resume, str(column)) if options.resume else None
        )
        start = self._checkpoint.load() if self._checkpoint else None
        # Only the first pass begins where the last run stopped.
        self._positions: dict[int, Any] = dict.fromkeys(range(options.workers), start)

    def run(self) -> Outcome:
        """Walk, and return what became of the rows."""
        if self._options.workers == 1:
            self._walk(0, self._column)
        else:
            with ThreadPoolExecutor(self._options.workers) as pool:
                running = [
                    pool.submit(self._work, number)
                    for number in range(self._options.workers)
                ]
                try:
                    for one in running:
                        one.result()
                finally:
                    self._stop.set()
        if self._checkpoint:
            self._checkpoint.forget()
        return self._found

    def _work(self, number: int) -> None:
        connection = connections[self._column.connection.alias]
        try:
            self._walk(number, Column(self._column.field, connection))
        finally:
            connection.close()

    def _walk(self, number: int, column: Column) -> None:
        while not self._stop.is_set():
            rows, outcome = self._batch(column, self._positions[number])
            if not rows:
                return
            self._note(number, rows[-1][0], outcome)

    def _batch(self, column: Column, after: Any) -> tuple[list[Any], Outcome]:
        outcome, size = Outcome(), self._options.batch
        write = not self._options.dry_run
        if write and column.skips_locked:
            with transaction.atomic(using=column.connection.alias):
                rows = column.batch(after, size, everything=self._everything, lock=True)
                store(column, as_it_should_be(column, rows, outcome), outcome)
            return rows, outcome
        rows = column.batch(after, size, everything=self._everything)
        changes = as_it_should_be(column, rows, outcome)
        if write:
            store(column, changes, outcome)
        else:
            outcome.written = len(changes)
        return rows, outcome

    def _note(self, number: int, position: Any, outcome: Outcome) -> None:
        with self._lock:
            self._positions[number] = position
            self._found.add(outcome)
            self._tally.outcome.add(outcome)
            if self._checkpoint:
                positions = self._positions.values()
                if None not in positions:
                    self._checkpoint.save(min(positions))
            self._progress(self._tally)
            ahead = self._ahead()
        if ahead > 0:
            self._stop.wait(ahead)

    def _ahead(self) -> float:
        """Return for how many seconds to pause so as not to be too quick."""
        if not self._options.throttle:
            return 0.0
        due = self._found.seen / self._options.throttle
        return due - (time.monotonic() - self._started)


class _Checkpoint:
    """How far a column is, in a file that survives the process."""

    def __init__(self, path: Path, label: str) -> None:
        self._path, self._label = path, label
        self._saved = 0.0

    def load(self) -> Any:
        """Return the primary key up to which rows are done, None if there is none."""
        return self._read().get(self._label)

    def save(self, position: Any) -> None:
        """Remember a position, at most every second."""
        if time.monotonic() - self._saved < _SECOND and self._saved:
            return
        self._saved = time.monotonic()
        plain = position if isinstance(position, int) else str(position)
        self._write({**self._read(), self._label: plain})

    def forget(self) -> None:
        """Remember nothing of the column; remove the file if it was the last."""
        positions = self._read()
        positions.pop(self._label, None)
        if positions:
            self._write(positions)
        else:
            self._path.unlink(missing_ok=True)

    def _read(self) -> dict[str, Any]:
        if not self._path.exists():
            return {}
        read: dict[str, Any] = json.loads(self._path.read_text())
        return read

    def _write(self, positions: dict[str, Any]) -> None:
        temporary = self._path.with_name(f"{self._path.name}.new")
        temporary.write_text(json.dumps(positions))
        temporary.replace(self._path)


_MOST_PASSES: Final = 20
_SECOND: Final = 1.0
_PAUSE: Final = 0.25  # seconds
