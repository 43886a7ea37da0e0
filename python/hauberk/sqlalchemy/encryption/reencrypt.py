"""Encrypting a table in place, moving it to another key, filling its indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Table, inspect
from sqlalchemy.exc import IntegrityError, InvalidRequestError, NoInspectionAvailable

from hauberk.encryption.outcome import Outcome
from hauberk.exceptions import DecryptionError, InvalidInputError
from hauberk.sqlalchemy.encryption.rows import Rows
from hauberk.sqlalchemy.encryption.types import EncryptedType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy.orm import Session

    from hauberk.sqlalchemy.encryption.rows import Change

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
    meanwhile is never overwritten, but looked at again. It may be interrupted at any
    time and started again.

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
        they were. `left` counts, at the end and in the table itself, the values that
        are not under the primary key.

    Raises:
        InvalidInputError: There is no such column, or it is not encrypted; the session
            has pending changes; or `batch` is not positive.
    """
    if batch < 1:
        raise InvalidInputError("batch is at least 1.")
    if session.new or session.dirty or session.deleted:
        raise InvalidInputError("The session has changes: commit them before.")
    rows = Rows(session, *_column(model, name))
    run = _Run(session, rows, dry_run=dry_run)
    outcome, total = run.outcome, rows.count()
    for page in _pages(rows, batch):
        outcome.seen += len(page)
        run.settle(page)
        if progress is not None:
            progress(outcome.seen, max(total, outcome.seen))
    if not dry_run:
        run.repeat(batch)
    outcome.left = rows.left()
    session.rollback()
    return outcome


class _Run:
    """One run, and what became of the rows."""

    def __init__(self, session: Session, rows: Rows, *, dry_run: bool) -> None:
        self._session, self._rows, self._dry_run = session, rows, dry_run
        self._missed: list[tuple[Any, ...]] = []
        self._unhelped: set[tuple[Any, ...]] = set()
        self.outcome = Outcome()

    def settle(self, page: Sequence[Any]) -> None:
        """Bring rows to what they should be, in one transaction."""
        changes = [change for row in page if (change := self._change(row)) is not None]
        if self._dry_run:
            self.outcome.written += len(changes)
            self._session.rollback()
        else:
            self._store(changes)
            self._session.commit()

    def repeat(self, batch: int) -> None:
        """Come back to what others wrote, until nothing of it is left."""
        for _ in range(_MOST_REPETITIONS):
            missed, self._missed = self._missed, []
            if missed:
                for start in range(0, len(missed), batch):
                    self.settle(self._rows.at(missed[start : start + batch]))
                continue
            before = self.outcome.written
            for page in _pages(self._rows, batch, unfinished=True):
                self.settle(page)
            if self.outcome.written == before and not self._missed:
                break

    def _change(self, row: Sequence[Any]) -> Change | None:
        key = self._rows.key_of(row)
        try:
            return self._rows.change(row)
        except (DecryptionError, InvalidInputError) as error:
            if key not in self._unhelped:
                self.outcome.failed.append((_shown(key), type(error).__name__))
                self._unhelped.add(key)
            return None

    def _store(self, changes: Sequence[Change]) -> None:
        """Write the changes, one by one if another row has one of the values."""
        try:
            with self._session.begin_nested():
                written = [self._rows.replace(change) for change in changes]
        except IntegrityError:
            if len(changes) > 1:
                for change in changes:
                    self._store([change])
            elif changes[0].key not in self._unhelped:
                self.outcome.conflicts.append(_shown(changes[0].key))
                self._unhelped.add(changes[0].key)
            return
        self.outcome.written += sum(written)
        self.outcome.missed += len(changes) - sum(written)
        self._missed += [
            change.key
            for change, was_written in zip(changes, written, strict=True)
            if not was_written
        ]


def _pages(
    rows: Rows, size: int, *, unfinished: bool = False
) -> Iterator[Sequence[Any]]:
    after = None
    while page := rows.page(after, size, unfinished=unfinished):
        yield page
        after = rows.key_of(page[-1])


def _shown(key: tuple[Any, ...]) -> Any:
    return key[0] if len(key) == 1 else key


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


#: How often what others wrote meanwhile is looked at again. Who writes under another
#: key without end has to stop before the table can be done.
_MOST_REPETITIONS: Final = 20
