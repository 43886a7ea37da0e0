"""From what a row holds to what it should hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from hauberk.django.fields import reading
from hauberk.encryption import outcome as shared
from hauberk.exceptions import DecryptionError

if TYPE_CHECKING:
    from hauberk.django.reencryption.columns import Column

__all__ = [
    "UNREADABLE",
    "Outcome",
    "as_it_should_be",
    "form_of",
    "indexes_of",
    "kind_of",
    "store",
]

#: What one row may raise, which must not keep the others from being encrypted.
UNREADABLE: Final = (
    DecryptionError,
    TypeError,
    ValueError,
    ArithmeticError,
    ValidationError,
)


@dataclass
class Outcome(shared.Outcome):
    """What became of some rows.

    Attributes:
        held: Rows that should be changed, and that others had locked.
        misindexed: Rows whose index was not the one that it should be.
    """

    held: int = 0
    misindexed: int = 0

    def add(self, other: shared.Outcome) -> None:
        """Count another outcome in."""
        super().add(other)
        if isinstance(other, Outcome):
            self.held += other.held
            self.misindexed += other.misindexed


def kind_of(error: Exception) -> str:
    """Return what is wrong with a row, without its value."""
    if isinstance(error, DecryptionError):
        return type(error).__name__
    return "WrongType"


def as_it_should_be(
    column: Column, rows: list[tuple[Any, ...]], outcome: Outcome
) -> list[tuple[Any, ...]]:
    """Return what is to be changed: primary key, old and new ciphertext, indexes."""
    changes = []
    for key, old, *indexes in rows:
        outcome.seen += 1
        try:
            new = _ciphertext_and_indexes(column, key, _native(old))
        except UNREADABLE as error:
            outcome.failed.append((key, kind_of(error)))
            continue
        if new != (_native(old), *indexes):
            changes.append((key, old, *new))
            outcome.misindexed += new[1:] != tuple(indexes)
    return changes


def store(column: Column, changes: list[tuple[Any, ...]], outcome: Outcome) -> None:
    """Write the changes, one by one if another row has one of the values."""
    using = column.connection.alias
    try:
        with transaction.atomic(using=using):
            written = column.replace(changes)
    except IntegrityError:
        if len(changes) == 1:
            outcome.conflicts.append(changes[0][0])
            return
        for change in changes:
            store(column, [change], outcome)
        return
    outcome.written += written
    outcome.missed += len(changes) - written


def form_of(column: Column, value: Any, associated_data: bytes) -> Any:
    """Return the written form of what a column holds, whoever encrypted it.

    Raises:
        DecryptionError: It does not open.
    """
    field: Any = column.field
    if _is_ours(field, value):
        return field.wire.open(value, associated_data)
    opened = reading.opened(field, value, column.connection, associated_data)
    return field.written(opened)


def indexes_of(column: Column, form: Any) -> tuple[str, ...]:
    """Return what should stand in the columns of the index."""
    return tuple(one.index_of_form(form) for one in column.companions)


def _ciphertext_and_indexes(column: Column, key: Any, value: Any) -> tuple[Any, ...]:
    field: Any = column.field
    data = column.associated_data(key)
    wire = field.wire
    if not column.companions and _is_ours(field, value):
        return (wire.rewrap(value, data),)
    form = form_of(column, value, data)
    if _is_ours(field, value) and _key_id(field, value) == column.keyring.primary_id:
        return (value, *indexes_of(column, form))
    return (wire.seal(form, data), *indexes_of(column, form))


def _is_ours(field: Any, value: Any) -> bool:
    return isinstance(value, str | bytes) and field.wire.cipher.is_encrypted(value)


def _key_id(field: Any, value: Any) -> str:
    key_id: str = field.wire.cipher.key_id(value)
    return key_id


def _native(value: Any) -> Any:
    """Return bytes of what a driver may give as a memoryview."""
    return bytes(value) if isinstance(value, memoryview | bytearray) else value
