"""One walk along the primary key, by all workers."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

from django.db import connections, transaction

from hauberk.django.reencryption.batch import Outcome, as_it_should_be, store
from hauberk.django.reencryption.columns import Column

if TYPE_CHECKING:
    from collections.abc import Callable

    from hauberk.django.reencryption.checkpoint import Checkpoint
    from hauberk.django.reencryption.run import Options

__all__ = ["Walk"]


@dataclass(eq=False)
class _Batch:
    """Rows that one worker has taken."""

    last: Any
    done: bool = False


class Walk:
    """One walk along the primary key; the workers take the batches in turn.

    Args:
        column: The column.
        options: How many rows at once, and the rest.
        everything: Walk along all rows, not only those that show a need of work.
        checkpoint: Where the position is remembered, if anywhere.
        start: The primary key of the last row that is done already.
        note: Called with what became of each batch, by one worker at a time.
    """

    def __init__(
        self,
        column: Column,
        options: Options,
        *,
        everything: bool,
        checkpoint: Checkpoint | None,
        start: Any,
        note: Callable[[Outcome], None],
    ) -> None:
        self._column, self._options = column, options
        self._everything, self._checkpoint = everything, checkpoint
        self._after, self._note_outcome = start, note
        self._taking, self._noting, self._stop = Lock(), Lock(), Event()
        self._open: list[_Batch] = []
        self._found = Outcome()
        self._started = time.monotonic()

    def run(self) -> Outcome:
        """Walk, and return what became of the rows."""
        if self._options.workers == 1:
            self._work(self._column)
        else:
            with ThreadPoolExecutor(self._options.workers) as pool:
                running = [
                    pool.submit(self._work_apart) for _ in range(self._options.workers)
                ]
                try:
                    for one in running:
                        one.result()
                finally:
                    self._stop.set()
        if self._checkpoint:
            self._checkpoint.forget()
        return self._found

    def _work_apart(self) -> None:
        connection = connections[self._column.connection.alias]
        try:
            self._work(Column(self._column.field, connection))
        finally:
            connection.close()

    def _work(self, column: Column) -> None:
        while not self._stop.is_set():
            outcome = Outcome()
            batch = self._one_batch(column, outcome)
            if batch is None:
                return
            self._note(batch, outcome)

    def _one_batch(self, column: Column, outcome: Outcome) -> _Batch | None:
        """Bring the next rows to what they should be; None if there are no more."""
        if self._options.dry_run:
            batch, rows = self._take(column)
            outcome.written = len(as_it_should_be(column, rows, outcome))
            return batch
        if not column.skips_locked:
            batch, rows = self._take(column)
            store(column, as_it_should_be(column, rows, outcome), outcome)
            return batch
        if self._everything:
            # Read without locks, so that no row is passed over unseen.
            batch, rows = self._take(column)
            self._store_free(column, as_it_should_be(column, rows, outcome), outcome)
            return batch
        with transaction.atomic(using=column.connection.alias):
            batch, rows = self._take(column, lock=True)
            store(column, as_it_should_be(column, rows, outcome), outcome)
        return batch

    def _store_free(
        self, column: Column, changes: list[tuple[Any, ...]], outcome: Outcome
    ) -> None:
        """Write the changes of rows that nobody has locked, and count the others."""
        if not changes:
            return
        with transaction.atomic(using=column.connection.alias):
            free = column.lock([key for key, *_ in changes])
            ours = [change for change in changes if change[0] in free]
            outcome.held += len(changes) - len(ours)
            store(column, ours, outcome)

    def _take(
        self, column: Column, *, lock: bool = False
    ) -> tuple[_Batch | None, list[tuple[Any, ...]]]:
        with self._taking:
            rows = column.batch(
                self._after,
                self._options.batch,
                everything=self._everything,
                lock=lock,
            )
            if not rows:
                return None, rows
            self._after = rows[-1][0]
            batch = _Batch(self._after)
            self._open.append(batch)
        return batch, rows

    def _note(self, batch: _Batch, outcome: Outcome) -> None:
        with self._noting:
            self._found.add(outcome)
            batch.done = True
            self._remember()
            self._note_outcome(outcome)
            ahead = self._ahead()
        if ahead > 0:
            self._stop.wait(ahead)

    def _remember(self) -> None:
        """Save the last row before which all are done, whichever worker did them."""
        position = None
        with self._taking:
            while self._open and self._open[0].done:
                position = self._open.pop(0).last
        if self._checkpoint and position is not None:
            self._checkpoint.save(position)

    def _ahead(self) -> float:
        """Return for how many seconds to pause so as not to be too quick."""
        if not self._options.throttle:
            return 0.0
        due = self._found.seen / self._options.throttle
        return due - (time.monotonic() - self._started)
