"""Reading every value of a column, and comparing its index."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hauberk.django.reencryption.batch import (
    UNREADABLE,
    form_of,
    indexes_of,
    kind_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from hauberk.django.reencryption.columns import Column

__all__ = ["Finding", "verify"]


@dataclass
class Finding:
    """What is wrong with a column.

    Attributes:
        read: Rows that were read.
        unreadable: Primary keys of rows that do not open, and the kind of error.
        misindexed: Primary keys of rows whose index is not that of their value under
            the key that writes indexes.
    """

    read: int = 0
    unreadable: list[tuple[Any, str]] = field(default_factory=list)
    misindexed: list[Any] = field(default_factory=list)


def verify(
    column: Column, *, batch: int = 1000, progress: Callable[[int], None] | None = None
) -> Finding:
    """Open every value of a column; nothing is written."""
    finding, after = Finding(), None
    while rows := column.batch(after, batch, everything=True):
        for key, value, *indexes in rows:
            finding.read += 1
            native = bytes(value) if isinstance(value, memoryview) else value
            try:
                form = form_of(column, native, column.associated_data(key))
                if not column.companions:
                    # What it holds must be a value of the field.
                    column.field.from_canonical(form)
            except UNREADABLE as error:
                finding.unreadable.append((key, kind_of(error)))
                continue
            if tuple(indexes) != indexes_of(column, form):
                finding.misindexed.append(key)
        after = rows[-1][0]
        if progress:
            progress(finding.read)
    return finding
