"""Encrypting a table in place, moving it to another key, filling its indexes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
    inspect,
    literal,
    or_,
    select,
    table,
    update,
)
from sqlalchemy.dialects import mysql
from sqlalchemy.exc import IntegrityError, InvalidRequestError, NoInspectionAvailable

from hauberk.encryption.outcome import Outcome
from hauberk.exceptions import DecryptionError, InvalidInputError
from hauberk.sqlalchemy.encryption.blind_index import BlindIndexType
from hauberk.sqlalchemy.encryption.types import EncryptedType

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.orm import Session
    from sqlalchemy.sql.elements import ColumnElement

__all__ = ["reencrypt"]


def reencrypt(
    session: Session,
    model: type[Any] | Table,
    name: str,
    /,
    *,
    batch: int = 500,
    dry_run: bool = False,
    progress: Callable[[int, int], object] | None = None,
) -> Outcome:
    """Bring every value of an encrypted column to what it should be.

    Plaintext and what another package encrypted become ciphertexts, if the type allows
    to read them; ciphertexts of other keys move to the primary one; the column of the
    index is filled under the key that writes indexes. What somebody else writes
    meanwhile is never overwritten. It may be interrupted at any time and started again.

    Args:
        session: Without pending changes. It commits after each batch. An `AsyncSession`
            lends one: `await session.run_sync(reencrypt, User, "email")`.
        model: A mapped class, or a table; it has a primary key.
        name: The attribute, or the key of the table's column.
        batch: Rows in a transaction.
        dry_run: Whether to count only what would be written.
        progress: Called with the rows that are done and all of them.

    Returns:
        What became of the rows. Those in `failed` did not open, and those in
        `conflicts` have a value that another row has in a unique column: they are as
        they were.

    Raises:
        InvalidInputError: There is no such column, or it is not encrypted; the session
            has pending changes; or `batch` is not positive.
    """
    if batch < 1:
        raise InvalidInputError("batch is at least 1.")
    if session.new or session.dirty or session.deleted:
        raise InvalidInputError("The session has changes: commit them before.")
    rows = _Rows(session, *_column(model, name))
    outcome, total, after = Outcome(), rows.count(), None
    while page := rows.page(after, batch):
        changes = rows.changes(page, outcome)
        if dry_run:
            outcome.written += len(changes)
            session.rollback()
        else:
            rows.store(changes, outcome)
            session.commit()
        after = page[-1][: len(rows.keys)]
        if progress is not None:
            progress(outcome.seen, max(total, outcome.seen))
    session.rollback()
    return outcome


@dataclass(frozen=True)
class _Change:
    key: tuple[Any, ...]
    old: Any
    new: tuple[Any, ...]


class _Rows:
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
        query = select(func.count()).select_from(self._table)
        return int(self._session.scalars(query.where(self._value.is_not(None))).one())

    def page(self, after: Sequence[Any] | None, size: int) -> Sequence[Any]:
        """Return the first of them behind a key."""
        query = select(*self.keys, self._value, *self._companions).where(
            self._value.is_not(None)
        )
        if after is not None:
            query = query.where(self._behind(after))
        return self._session.execute(query.order_by(*self.keys).limit(size)).all()

    def changes(self, page: Sequence[Any], outcome: Outcome) -> list[_Change]:
        """Return what has to be written."""
        found = []
        for row in page:
            key, (old, *indexes) = tuple(row[: len(self.keys)]), row[len(self.keys) :]
            outcome.seen += 1
            try:
                new = self._as_it_should_be(old)
            except (DecryptionError, InvalidInputError) as error:
                named = key[0] if len(key) == 1 else key
                outcome.failed.append((named, type(error).__name__))
                continue
            if new != (old, *indexes):
                found.append(_Change(key, old, new))
        return found

    def store(self, changes: Sequence[_Change], outcome: Outcome) -> None:
        """Write the changes, one by one if another row has one of the values."""
        try:
            with self._session.begin_nested():
                written = sum(self._replace(change) for change in changes)
        except IntegrityError:
            if len(changes) == 1:
                key = changes[0].key
                outcome.conflicts.append(key[0] if len(key) == 1 else key)
                return
            for change in changes:
                self.store([change], outcome)
            return
        outcome.written += written
        outcome.missed += len(changes) - written

    def _as_it_should_be(self, old: Any) -> tuple[Any, ...]:
        wire = self._kind.wire
        ours = wire.cipher.is_encrypted(old)
        if ours and not self._indexes:
            return (wire.rewrap(old),)
        form = self._kind.form_of(old)
        indexes = [index.compute(form) for index in self._indexes]
        primary = self._kind.current_keyring.primary_id
        if ours and wire.cipher.key_id(old) == primary:
            return (old, *indexes)
        return (wire.seal(form), *indexes)

    def _replace(self, change: _Change) -> int:
        names = [self._value.name, *(one.name for one in self._companions)]
        matches = [k == v for k, v in zip(self.keys, change.key, strict=True)]
        result: Any = self._session.execute(
            update(self._table)
            .where(*matches, self._is_still(change.old))
            .values(dict(zip(names, change.new, strict=True)))
        )
        return int(result.rowcount)

    def _is_still(self, old: Any) -> ColumnElement[bool]:
        """Return whether the column holds the very same value."""
        same = literal(old, self._value.type)
        equal: ColumnElement[bool] = self._exactly(self._value) == self._exactly(same)
        return equal

    def _exactly(self, value: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return a text as an expression that equals the very same text alone.

        Collations take "A" for "a", many of them "a " as well.
        """
        name = self._session.get_bind().dialect.name
        if self._kind.storage != "text":
            return value
        if name in ("mysql", "mariadb"):
            # Both sides in one encoding, whatever the column's and the connection's.
            return cast(cast(value, mysql.CHAR(charset="utf8mb4")), LargeBinary)
        if name == "postgresql":
            return collate(cast(value, Text), "C")
        return collate(value, "BINARY") if name == "sqlite" else value

    def _behind(self, after: Sequence[Any]) -> ColumnElement[bool]:
        keys = self.keys
        return or_(
            *(
                and_(
                    *(keys[i] == after[i] for i in range(last)),
                    keys[last] > after[last],
                )
                for last in range(len(keys))
            )
        )


def _column(model: type[Any] | Table, name: str) -> tuple[Table, Any, EncryptedType]:
    """Return the table, the column and its type."""
    try:
        if isinstance(model, Table):
            found: Any = model.c[name]
        else:
            found = inspect(model).column_attrs[name].columns[0]
    except (KeyError, NoInspectionAvailable, InvalidRequestError):
        raise InvalidInputError(f"There is no column {name!r}.") from None
    if not isinstance(found.type, EncryptedType):
        raise InvalidInputError(f"The column {name!r} is not encrypted.")
    if not found.table.primary_key:
        raise InvalidInputError(f"The table {found.table.name!r} has no primary key.")
    return found.table, found, found.type
