"""The rows of a table of ciphertexts, as they are stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    LargeBinary,
    String,
    Table,
    Text,
    and_,
    cast,
    collate,
    column,
    func,
    literal,
    not_,
    or_,
    select,
    table,
    tuple_,
    update,
)
from sqlalchemy.dialects import mysql

from hauberk.sqlalchemy.encryption.blind_index import BlindIndexType
from hauberk.sqlalchemy.encryption.values import comparable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session
    from sqlalchemy.sql.elements import ColumnElement

    from hauberk.sqlalchemy.encryption.types import EncryptedType

__all__ = ["Change", "Rows"]


@dataclass(frozen=True)
class Change:
    """What becomes of a row.

    Attributes:
        key: Its primary key.
        old: The value that it had.
        new: The value and the indexes that it should have.
    """

    key: tuple[Any, ...]
    old: Any
    new: tuple[Any, ...]


class Rows:
    """The rows of a table as they are stored, whatever their types say."""

    def __init__(
        self, session: Session, table_: Table, source: Any, kind: EncryptedType
    ) -> None:
        self._session, self._kind = session, kind
        companions: list[Any] = [
            one
            for one in table_.c
            if isinstance(one.type, BlindIndexType) and one.type.source == source.key
        ]
        for one in companions:
            one.type.source_in(table_)
        self._indexes = [one.type.index_of(kind) for one in companions]
        self.keys: list[Any] = [column(c.name, c.type) for c in table_.primary_key]
        self._value: Any = column(source.name, kind.impl)
        self._companions: list[Any] = [column(c.name, String) for c in companions]
        self._table = table(
            table_.name,
            *self.keys,
            self._value,
            *self._companions,
            schema=table_.schema,
        )

    def count(self) -> int:
        """Return how many hold a value."""
        return self._count(self._value.is_not(None))

    def left(self) -> int:
        """Return how many hold a value that is none under the primary key."""
        return self._count(self._unfinished())

    def page(
        self, after: Sequence[Any] | None, size: int, *, unfinished: bool = False
    ) -> Sequence[Any]:
        """Return the first of them behind a key."""
        query = self._query().where(
            self._unfinished() if unfinished else self._value.is_not(None)
        )
        if after is not None:
            query = query.where(self._behind(after))
        return self._session.execute(query.order_by(*self.keys).limit(size)).all()

    def at(self, keys: Sequence[tuple[Any, ...]]) -> Sequence[Any]:
        """Return those that have these keys and still hold a value."""
        queries = (
            self._query().where(self._value.is_not(None), *self._is_at(key))
            for key in keys
        )
        return [row for query in queries for row in self._session.execute(query)]

    def change(self, row: Sequence[Any]) -> Change | None:
        """Return what has to be written into a row.

        Raises:
            DecryptionError: Its value does not open.
            InvalidInputError: Its value is of another type.
        """
        key, (old, *indexes) = self.key_of(row), row[len(self.keys) :]
        new = self._as_it_should_be(old)
        return Change(key, old, new) if new != (old, *indexes) else None

    def key_of(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """Return the primary key of a row."""
        return tuple(row[: len(self.keys)])

    def replace(self, change: Change) -> bool:
        """Write a change; return whether the row still held the old value."""
        names = [self._value.name, *(one.name for one in self._companions)]
        result: Any = self._session.execute(
            update(self._table)
            .where(*self._is_at(change.key), self._is_still(change.old))
            .values(dict(zip(names, change.new, strict=True)))
        )
        return bool(result.rowcount)

    def _as_it_should_be(self, old: Any) -> tuple[Any, ...]:
        wire = self._kind.wire
        ours = wire.cipher.is_encrypted(old)
        if ours and not self._indexes and not self._kind.deterministic:
            return (wire.rewrap(old),)
        form = self._kind.form_of(old)
        if self._kind.deterministic:
            # One text for one value, also for what was written in another form.
            return (wire.seal(form),)
        text = comparable(self._kind.canonical, form)
        indexes = [index.compute(text) for index in self._indexes]
        primary = self._kind.current_keyring.primary_id
        if ours and wire.cipher.key_id(old) == primary:
            return (old, *indexes)
        return (wire.seal(form), *indexes)

    def _query(self) -> Any:
        return select(*self.keys, self._value, *self._companions)

    def _count(self, condition: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(self._table).where(condition)
        return int(self._session.scalars(query).one())

    def _unfinished(self) -> ColumnElement[bool]:
        """Return whether a value is there, and none under the primary key."""
        key_id, start = self._kind.current_keyring.primary_id, self._value
        prefix: Any = f"{self._kind.wire.prefix}{key_id}."
        if self._kind.storage != "text":
            prefix = b"\x01" + bytes.fromhex(key_id)
        start = func.substr(self._value, 1, len(prefix), type_=self._value.type)
        same = self._exactly(start) == self._exactly(literal(prefix, start.type))
        return and_(self._value.is_not(None), not_(same))

    def _is_at(self, key: tuple[Any, ...]) -> list[ColumnElement[bool]]:
        return [name == value for name, value in zip(self.keys, key, strict=True)]

    def _is_still(self, old: Any) -> ColumnElement[bool]:
        """Return whether the column holds the very same value."""
        same = literal(old, self._value.type)
        equal: ColumnElement[bool] = self._exactly(self._value) == self._exactly(same)
        return equal

    def _exactly(self, value: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return a text as an expression that equals the very same text alone.

        Collations take "A" for "a", many of them "a " as well.
        """
        name = self._dialect
        if self._kind.storage != "text":
            return value
        if name in ("mysql", "mariadb"):
            # Both sides in one encoding, whatever the column's and the connection's.
            return cast(cast(value, mysql.CHAR(charset="utf8mb4")), LargeBinary)
        if name == "postgresql":
            return collate(cast(value, Text), "C")
        return collate(value, "BINARY") if name == "sqlite" else value

    @property
    def _dialect(self) -> str:
        return self._session.get_bind().dialect.name

    def _behind(self, after: Sequence[Any]) -> ColumnElement[bool]:
        keys = self.keys
        if self._dialect in _COMPARES_ROWS:
            return tuple_(*keys) > tuple(after)
        return or_(
            *(
                and_(
                    *(keys[i] == after[i] for i in range(last)),
                    keys[last] > after[last],
                )
                for last in range(len(keys))
            )
        )


#: Whose plans walk along an index for `(a, b) > (x, y)`. MariaDB's do for the same in
#: ANDs and ORs alone, for which PostgreSQL reads the index from its beginning.
_COMPARES_ROWS: Final = ("postgresql", "sqlite")
