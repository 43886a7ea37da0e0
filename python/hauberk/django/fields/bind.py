"""Ciphertexts that open in their own row alone.

The row's primary key is associated data of the ciphertext. What the database answers
does not say which row a value belongs to, so a bound value is decrypted when the
attribute of an instance is read.
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NoReturn
from uuid import UUID

from django.core.exceptions import FieldError
from django.db import connections, router
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import post_init, post_save, pre_save

from hauberk.django.fields import reading
from hauberk.encryption import canonical

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Sealed", "associated_data", "attach", "seal", "stored"]


class Sealed:
    """A ciphertext as it is in the column, and the row it was loaded from."""

    __slots__ = ("row", "value")

    def __init__(self, value: Any, row: Any = None) -> None:
        self.value = value
        self.row = row

    @classmethod
    def of_column(cls, value: Any, _: Any, __: Any) -> Sealed | None:
        """Return a column's content unopened; NULL is None."""
        return None if value is None else cls(value)

    def __repr__(self) -> str:
        return "<Sealed>"


def associated_data(primary_key: Any) -> bytes:
    r"""Return what binds a value to the row of a primary key.

    The key's canonical form behind its length, as four bytes, big-endian.

    >>> associated_data(258)
    b'\x00\x00\x00\x03258'

    Raises:
        FieldError: The key is of a type that has no canonical form.
    """
    for kind, form in _FORMS:
        if isinstance(primary_key, kind):
            written = form.encode(primary_key)
            data = written if isinstance(written, bytes) else written.encode()
            return len(data).to_bytes(4, "big") + data
    message = f"A primary key of type {type(primary_key).__name__} binds nothing."
    raise FieldError(message)


def attach(field: Any, model: Any) -> None:
    """Let a model's attribute be decrypted when it is read, and encrypted by saving."""
    setattr(model, field.attname, _Opening(field))
    # Of this field alone: others would pay for the call in each row that is written.
    field.pre_save = partial(_sealed, field)
    if not model._meta.abstract:  # noqa: SLF001 - public in effect
        uid = "hauberk.bind"  # once for each model
        post_init.connect(_remember_row, sender=model, dispatch_uid=uid)
        pre_save.connect(_before_raw_save, sender=model, dispatch_uid=uid)
        post_save.connect(_after_raw_save, sender=model, dispatch_uid=uid)


def seal(field: Any, value: Any, instance: Any) -> Sealed:
    """Return the ciphertext of a value for the row of an instance.

    Raises:
        FieldError: The instance has no primary key yet, or the value is an expression.
    """
    expression = hasattr(value, "as_sql") or hasattr(value, "resolve_expression")
    if expression or isinstance(value, Sealed):
        _refuse(field)
    row = _row_of(field, instance)
    if row is None:
        raise FieldError(
            f"{field} is bound to its row, which has no primary key before it is "
            "saved; give the model a key with a default, such as uuid4."
        )
    sealed = field.wire.seal(field.written(value), associated_data(row))
    return Sealed(sealed, row)


def stored(field: Any, value: Any) -> Any:
    """Return the ciphertext that `seal()` made, and refuse any other value.

    Raises:
        FieldError: The value belongs to no row.
    """
    if not isinstance(value, Sealed):
        _refuse(field)
    return value.value


def _sealed(field: Any, instance: Any, add: bool) -> Any:  # noqa: FBT001 - Django's signature
    """Return the value to be saved, encrypted for its row."""
    value = type(field).pre_save(field, instance, add)
    return None if value is None else seal(field, value, instance)


def _refuse(field: Any) -> NoReturn:
    message = (
        f"{field} is bound to its row: it is written by save() and bulk_create(), not "
        "by update(), bulk_update(), an expression or a default of a new column."
    )
    raise FieldError(message)


class _Opening(DeferredAttribute):
    """An attribute that is decrypted when it is read first."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        field, data = self.field, instance.__dict__
        if field.attname not in data:
            return super().__get__(instance, cls)
        value = data[field.attname]
        if isinstance(value, Sealed) and not isinstance(value, _ForRow):
            row = _row_of(field, instance) if value.row is None else value.row
            using = instance._state.db or router.db_for_read(type(instance))  # noqa: SLF001 - public in effect
            value = reading.opened(
                field, value.value, connections[using], associated_data(row)
            )
            data[field.attname] = value
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


def _remember_row(sender: Any, instance: Any, **_: Any) -> None:
    """Note the row of what was loaded, so that a copy under a new key can be saved."""
    for field in _bound(sender):
        value = instance.__dict__.get(field.attname)
        if isinstance(value, Sealed) and value.row is None:
            value.row = _row_of(field, instance)


def _row_of(field: Any, instance: Any) -> Any:
    """Return the key of the row that holds a field of an instance.

    That is a row of the model that declares it: of a parent, or of what the key relates
    to.
    """
    return getattr(instance, field.model._meta.pk.attname)  # noqa: SLF001 - public in effect


class _ForRow(Sealed):
    """A ciphertext that is about to be stored as it is, and the value that it is of."""

    __slots__ = ("plain",)
    plain: Any


def _before_raw_save(sender: Any, instance: Any, raw: bool, **_: Any) -> None:  # noqa: FBT001 - Django's signature
    """Encrypt what a fixture is saved from, which no field is asked to prepare."""
    for field in _bound(sender) if raw else ():
        value = getattr(instance, field.attname)
        if value is not None:
            sealed = _ForRow(seal(field, value, instance).value)
            sealed.plain = value
            setattr(instance, field.attname, sealed)


def _after_raw_save(sender: Any, instance: Any, raw: bool, **_: Any) -> None:  # noqa: FBT001 - Django's signature
    for field in _bound(sender) if raw else ():
        value = instance.__dict__.get(field.attname)
        if isinstance(value, _ForRow):
            setattr(instance, field.attname, value.plain)


def _bound(model: Any) -> list[Any]:
    return [
        field
        for field in model._meta.concrete_fields  # noqa: SLF001 - public in effect
        if getattr(field, "bind", None)
    ]


_FORMS: Final[Sequence[tuple[Any, canonical.Canonical]]] = (
    (bool, canonical.BOOLEAN),
    (int, canonical.INTEGER),
    (str, canonical.TEXT),
    (UUID, canonical.UUID),
    (bytes, canonical.BYTES),
    (Decimal, canonical.DECIMAL),
)
