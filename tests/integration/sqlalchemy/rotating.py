"""A keyring that each test has for itself, and what is stored under it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import text

from hauberk.encryption import Key, Keyring

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

#: The keyring of the running test, which the fixture `committing` puts here.
RING: Final = [Keyring.generate()]


def keyring() -> Keyring:
    """Return the keyring of the running test."""
    return RING[0]


def rotate() -> str:
    """Promote a new key, for values and for indexes, and return its id."""
    key = Key.generate()
    keyring().add(key)
    keyring().promote(key.id)
    keyring().promote_index(key.id)
    return key.id


def raw(session: Session, model: Any, column: str) -> list[Any]:
    """Return what a column really holds, in the order of the primary key."""
    table = model.__table__
    order = ", ".join(one.name for one in table.primary_key)
    query = text(f"SELECT {column} FROM {table.name} ORDER BY {order}")
    found = list(session.execute(query).scalars())
    session.rollback()
    return found
