"""What became of rows that were to be encrypted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["Outcome"]


@dataclass
class Outcome:
    """What became of some rows.

    Attributes:
        seen: Rows that were read.
        written: Rows that were replaced.
        missed: How often somebody else changed a row meanwhile.
        failed: Primary keys of rows that do not open, and the kind of error.
        conflicts: Primary keys of rows whose value another row has, in a unique index.
        left: Values that are not under the primary key, counted at the end.
    """

    seen: int = 0
    written: int = 0
    missed: int = 0
    failed: list[tuple[Any, str]] = field(default_factory=list)
    conflicts: list[Any] = field(default_factory=list)
    left: int = 0

    def add(self, other: Outcome) -> None:
        """Count another outcome in."""
        self.seen += other.seen
        self.written += other.written
        self.missed += other.missed
        self.failed += other.failed
        self.conflicts += other.conflicts
        self.left += other.left
