"""Argon2 over every old hash in a table, without a login."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import MetaData, String, Table, column, func, or_, select, table, update
from sqlalchemy.exc import NoSuchTableError

from hauberk.exceptions import ConfigurationError
from hauberk.passwords import PasswordHasher
from hauberk.passwords.legacy import FORMS
from hauberk.passwords.wrapping import Change, Row, Summary, wrap_table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.engine import Engine
    from sqlalchemy.sql import ColumnElement

__all__ = ["wrap_passwords"]


def wrap_passwords(
    engine: Engine,
    users: str | Table,
    *,
    column: str = "password",
    hasher: PasswordHasher | None = None,
    batch_size: int = 100,
    progress: Callable[[int, int], object] | None = None,
) -> Summary:
    """Put argon2 over every hash of an older scheme in a column.

    Passwords stay as they are, and each user's next login makes a plain argon2 hash.
    It may be interrupted at any time and started again. Who logs in meanwhile keeps the
    newer hash. Every process that verifies has to do so with hauberk before.

    Args:
        engine: Of the database.
        users: The table, or its name, with the schema before a dot if there is one. It
            has a primary key of one column.
        column: The name of the column of hashes.
        hasher: What wraps, by default a `PasswordHasher` as it comes.
        batch_size: Rows in a transaction.
        progress: Called with the rows that are done and all of them.

    Raises:
        ConfigurationError: There is no such table or column, or no such primary key.
        HashMemoryError: The memory could not be allocated.
    """
    rows = _Users(engine, users, column)
    wrap = (hasher or PasswordHasher()).wrap
    return wrap_table(
        rows, wrap, longest=rows.longest, batch_size=batch_size, progress=progress
    )


class _Users:
    """The rows of a table that hold hashes of older schemes."""

    def __init__(self, engine: Engine, users: str | Table, hashes: str) -> None:
        self._engine = engine
        known = _reflected(engine, users) if isinstance(users, str) else users
        keys = list(known.primary_key)
        if hashes not in known.columns or len(keys) != 1:
            raise ConfigurationError(
                f"The table {known.name!r} needs a column {hashes!r} and a primary key "
                "of one column."
            )
        self.longest: int | None = getattr(known.columns[hashes].type, "length", None)
        # Plain text, whatever type the application gave the column.
        self._key = column(keys[0].name, keys[0].type)
        self._hash = column(hashes, String)
        self._table = table(known.name, self._key, self._hash, schema=known.schema)

    def count(self) -> int:
        """Return how many there are."""
        query = select(func.count()).select_from(self._table).where(self._old())
        with self._engine.connect() as connection:
            return connection.execute(query).scalar_one()

    def page(self, after: Any, size: int) -> Sequence[Row[Any]]:
        """Return the first of them behind a key."""
        query = select(self._key, self._hash).where(self._old())
        if after is not None:
            query = query.where(self._key > after)
        with self._engine.connect() as connection:
            found = connection.execute(query.order_by(self._key).limit(size))
            return [Row(key, encoded) for key, encoded in found]

    def replace(self, changes: Sequence[Change[Any]]) -> int:
        """Exchange those that are still what they were."""
        with self._engine.begin() as connection:
            return sum(
                connection.execute(
                    update(self._table)
                    .where(self._key == change.key, self._hash == change.old)
                    .values({self._hash.name: change.new})
                ).rowcount
                for change in changes
            )

    def _old(self) -> ColumnElement[bool]:
        return or_(
            *(self._hash.startswith(form.prefix, autoescape=True) for form in FORMS)
        )


def _reflected(engine: Engine, name: str) -> Table:
    schema, _, plain = name.rpartition(".")
    try:
        return Table(plain, MetaData(), schema=schema or None, autoload_with=engine)
    except NoSuchTableError:
        raise ConfigurationError(f"There is no table {name!r}.") from None
