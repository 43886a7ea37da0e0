"""Wrapping a table of old hashes, whatever database it is in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hauberk import passwords
from hauberk.exceptions import InvalidInputError
from hauberk.passwords import CHEAPEST, PasswordHasher
from hauberk.passwords.wrapping import Change, Row, Summary, wrap_table

if TYPE_CHECKING:
    from collections.abc import Sequence

HASHER = PasswordHasher.from_parameters(CHEAPEST)
OLD = "pbkdf2:sha256:1$salt$" + 64 * "0"
REFUSED = ["pbkdf2:sha256:99999999$salt$" + 64 * "0", "$2b$12$short"]


class Memory:
    """A table in memory, which says what is done to it."""

    def __init__(self, *hashes: str) -> None:
        self.rows = dict(enumerate(hashes, 1))
        self.batches: list[int] = []
        self.overtaken: dict[int, str] = {}

    def count(self) -> int:
        """Count all of them."""
        return len(self.rows)

    def page(self, after: int | None, size: int) -> Sequence[Row[int]]:
        """Return rows in the order of their keys."""
        keys = sorted(key for key in self.rows if key > (after or 0))[:size]
        return [Row(key, self.rows[key]) for key in keys]

    def replace(self, changes: Sequence[Change[int]]) -> int:
        """Compare and exchange; some users log in just before."""
        self.rows.update(self.overtaken)
        fitting = [one for one in changes if self.rows[one.key] == one.old]
        self.rows.update({one.key: one.new for one in fitting})
        self.batches.append(len(changes))
        return len(fitting)


def test_every_old_hash_is_wrapped() -> None:
    """In batches; what is argon2's, wrapped or unusable stays."""
    others = [HASHER.hash("x"), HASHER.wrap(OLD), "!", "md5$salt$00"]
    table = Memory(*[OLD] * 5, *others, *[OLD] * 3)
    told: list[tuple[int, int]] = []

    summary = wrap_table(
        table, HASHER.wrap, batch_size=4, progress=lambda *at: told.append(at)
    )

    assert summary == Summary(wrapped=8)
    assert list(table.rows.values())[5:9] == others
    assert table.batches == [4, 1, 3]
    assert told == [(0, 12), (4, 12), (8, 12), (12, 12)]
    wrapped = [one for one in table.rows.values() if one not in others]
    assert all(passwords.identify(one).wrapped for one in wrapped)
    # Each has its own salt.
    assert len(set(wrapped)) == 8


def test_again() -> None:
    """A second run finds nothing to do."""
    table = Memory(OLD, OLD)
    wrap_table(table, HASHER.wrap)
    before = dict(table.rows)

    assert wrap_table(table, HASHER.wrap) == Summary()
    assert before == table.rows


def test_who_logs_in_meanwhile_keeps_the_new_hash() -> None:
    """What somebody else stored between reading and writing stays."""
    table = Memory(OLD, OLD, OLD)
    newer = HASHER.hash("password")
    table.overtaken = {2: newer}

    assert wrap_table(table, HASHER.wrap) == Summary(wrapped=2, overtaken=1)
    assert table.rows[2] == newer


@pytest.mark.parametrize("bad", REFUSED)
def test_what_cannot_be_wrapped_stays(bad: str) -> None:
    """Malformed and greedy hashes are counted, and stop nobody."""
    table = Memory(OLD, bad, OLD)

    assert wrap_table(table, HASHER.wrap) == Summary(wrapped=2, refused=1)
    assert table.rows[2] == bad


def test_what_does_not_fit_stays() -> None:
    """A wrapped hash longer than the column is not stored cut off."""
    table = Memory(OLD, OLD + "$")
    length = len(HASHER.wrap(OLD))

    assert wrap_table(table, HASHER.wrap, longest=length).wrapped == 1
    table = Memory(OLD)
    summary = wrap_table(table, HASHER.wrap, longest=length - 1)
    assert summary == Summary(too_long=1)
    assert table.rows == {1: OLD}


def test_an_error_leaves_what_is_done() -> None:
    """Batches before the one that failed are stored."""
    table = Memory(*[OLD] * 4)
    calls = 0

    def wrap(old: str) -> str:
        nonlocal calls
        calls += 1
        if calls > 2:
            raise MemoryError
        return HASHER.wrap(old)

    with pytest.raises(MemoryError):
        wrap_table(table, wrap, batch_size=2)
    assert [passwords.identify(one).wrapped for one in table.rows.values()] == [
        True,
        True,
        False,
        False,
    ]


def test_an_empty_table() -> None:
    """There is nothing to do, and that is told too."""
    told: list[Any] = []

    assert wrap_table(Memory(), HASHER.wrap, progress=lambda *a: told.append(a)) == (
        Summary()
    )
    assert told == [(0, 0)]
    with pytest.raises(InvalidInputError):
        wrap_table(Memory(), HASHER.wrap, batch_size=0)
