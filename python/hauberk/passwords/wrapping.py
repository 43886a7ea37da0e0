"""Wrapping a whole table of old hashes, batch by batch, while its users log in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

from hauberk.exceptions import HashParametersError, InvalidHashError, InvalidInputError
from hauberk.passwords import legacy
from hauberk.passwords.limits import limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["Change", "Summary", "Table", "wrap_table"]

Key = TypeVar("Key")


class Row(NamedTuple, Generic[Key]):
    """A user's key and hash."""

    key: Key
    hash: str


class Change(NamedTuple, Generic[Key]):
    """A hash, and what to put in its place if it still stands there."""

    key: Key
    old: str
    new: str


class Table(Protocol[Key]):
    """What is asked of a table of users."""

    def count(self) -> int:
        """Return how many rows `page` will give, about."""

    def page(self, after: Key | None, size: int) -> Sequence[Row[Key]]:
        """Return the first rows behind a key, in the order of keys.

        Rows that cannot hold a hash of an older scheme may be left out.
        """

    def replace(self, changes: Sequence[Change[Key]]) -> int:
        """Make each change whose old hash still stands there, and return how many.

        In one transaction, and each by comparison and exchange in the database: who has
        logged in meanwhile has a newer hash, which must stay.
        """


@dataclass(slots=True)
class Summary:
    """What became of a table.

    Attributes:
        wrapped: Hashes that argon2 now stands over.
        overtaken: Hashes that somebody else changed meanwhile.
        too_long: Hashes whose wrapped form does not fit the column.
        refused: Hashes that are malformed or out of the bounds.
    """

    wrapped: int = 0
    overtaken: int = 0
    too_long: int = 0
    refused: int = 0


def wrap_table(
    table: Table[Key],
    wrap: Callable[[str], str],
    *,
    longest: int | None = None,
    batch_size: int = 100,
    progress: Callable[[int, int], object] | None = None,
) -> Summary:
    """Put argon2 over every hash of an older scheme in a table.

    It may be interrupted at any time and started again: what is wrapped is left alone
    then. As many hashes are computed at once as `limits()` allows, before the
    transaction that stores their batch begins, so that nobody who logs in waits for it.

    Args:
        table: Where they stand.
        wrap: Such as `PasswordHasher.wrap`.
        longest: How many characters the column takes.
        batch_size: Rows in a transaction.
        progress: Called with the rows that are done and all of them.

    Raises:
        InvalidInputError: The batches have less than one row.
        HashMemoryError: The memory could not be allocated.
    """
    if batch_size < 1:
        raise InvalidInputError("A batch has at least one row.")
    summary, done, total = Summary(), 0, table.count()
    tell = progress or (lambda *_: None)
    tell(done, total)
    with ThreadPoolExecutor(limits().max_concurrency) as threads:
        for rows in _pages(table, batch_size):
            hashes = [row.hash for row in rows]
            wrapped = threads.map(lambda old: _wrap_one(wrap, old), hashes)
            changes = []
            for row, new in zip(rows, wrapped, strict=True):
                match new:
                    case None:
                        continue
                    case Exception():
                        summary.refused += 1
                    case str() if longest is not None and len(new) > longest:
                        summary.too_long += 1
                    case str():
                        changes.append(Change(row.key, row.hash, new))
            replaced = table.replace(changes) if changes else 0
            summary.wrapped += replaced
            summary.overtaken += len(changes) - replaced
            done += len(rows)
            # Rows that came meanwhile were not counted.
            total = max(total, done)
            tell(done, total)
    return summary


def _wrap_one(wrap: Callable[[str], str], old: str) -> str | Exception | None:
    """Return the new hash, None for one that is of no older scheme, or the refusal."""
    try:
        return None if legacy.read(old) is None else wrap(old)
    except (HashParametersError, InvalidHashError) as error:
        return error


def _pages(table: Table[Key], size: int) -> Iterator[Sequence[Row[Key]]]:
    last: Key | None = None
    while rows := table.page(last, size):
        yield rows
        last = rows[-1].key
