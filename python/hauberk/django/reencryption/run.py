"""A whole column, in passes, from where the last run stopped."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hauberk.django.reencryption.batch import Outcome
from hauberk.django.reencryption.checkpoint import Checkpoint
from hauberk.django.reencryption.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hauberk.django.reencryption.columns import Column

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
        expected: Rows that will have been read at the end of the pass, about.
        passes: How often the column was walked along.
        outcome: What became of the rows; each pass reads them again.
        left: Rows that still are not as they should be, after the last pass.
        settled: Whether the last pass found nothing more that it could do.
    """

    expected: int = 0
    passes: int = 0
    outcome: Outcome = field(default_factory=Outcome)
    left: int = 0
    settled: bool = False

    @property
    def complete(self) -> bool:
        """Whether every row is as it should be."""
        clean = not (self.outcome.failed or self.outcome.conflicts)
        return clean and self.settled and self.left == 0


def reencrypt(
    column: Column, options: Options, progress: Callable[[Tally], None]
) -> Tally:
    """Work through a column until nothing is left to be done.

    Passes are repeated while writers leave rows behind: with a key that is no longer
    primary in their process, locked, or changed between reading and writing. An index
    does not show its key, so a column that has one is done when a pass along every row,
    from the first to the last, has found no index that is another than it should be.

    Raises:
        InvalidInputError: The file to resume from is something else.
    """
    everything, tally = bool(column.companions), Tally()

    def note(outcome: Outcome) -> None:
        tally.outcome.add(outcome)
        progress(tally)

    while tally.passes < _MOST_PASSES and not tally.settled:
        checkpoint = start = None
        if options.resume and not options.dry_run:
            checkpoint = Checkpoint(options.resume, column, everything=everything)
            # Only the first pass begins where the last run stopped.
            start = None if tally.passes else checkpoint.load()

        tally.expected = tally.outcome.seen + column.remaining(
            start, everything=everything
        )
        found = Walk(
            column,
            options,
            everything=everything,
            checkpoint=checkpoint,
            start=start,
            note=note,
        ).run()
        tally.passes += 1
        tally.outcome.failed = found.failed
        tally.outcome.conflicts = found.conflicts
        if options.dry_run:
            break
        hopeless = len(found.failed) + len(found.conflicts)
        tally.left = column.pending()
        if everything:
            tally.left = max(tally.left, found.held + found.missed + hopeless)
        renewed = found.misindexed - len(found.conflicts)
        proven = not everything or (start is None and renewed == 0)
        tally.settled = tally.left <= hopeless and proven
        if not found.written and not tally.settled:
            # Others hold the rows that are left.
            time.sleep(_PAUSE)
    return tally


_MOST_PASSES: Final = 20
_PAUSE: Final = 0.25  # seconds
