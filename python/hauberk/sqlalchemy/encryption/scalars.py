"""The encrypted types of SQLAlchemy's plain ones."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import types

from hauberk.sqlalchemy.encryption.types import EncryptedType

__all__ = [
    "EncryptedBoolean",
    "EncryptedBytes",
    "EncryptedDate",
    "EncryptedDateTime",
    "EncryptedDecimal",
    "EncryptedFloat",
    "EncryptedInteger",
    "EncryptedInterval",
    "EncryptedJSON",
    "EncryptedString",
    "EncryptedText",
    "EncryptedTime",
    "EncryptedUUID",
]


class _Plain(EncryptedType):
    """An encrypted type whose underlying one is known.

    Args:
        options: Those of `EncryptedType`.
    """

    #: The type of the values.
    plain: ClassVar[type[types.TypeEngine[Any]]]
    cache_ok = True
    names_underlying = False

    def __init__(self, **options: Any) -> None:
        super().__init__(self.plain(), **options)


class EncryptedString(_Plain):
    """Text."""

    plain = types.String
    cache_ok = True


class EncryptedText(_Plain):
    """Text."""

    plain = types.Text
    cache_ok = True


class EncryptedBytes(_Plain):
    """Bytes."""

    plain = types.LargeBinary
    cache_ok = True


class EncryptedJSON(_Plain):
    """What JSON can say. `MutableDict.as_mutable(EncryptedJSON(...))` works as well."""

    plain = types.JSON
    cache_ok = True


class EncryptedInteger(_Plain):
    """Integers of any size."""

    plain = types.Integer
    cache_ok = True


class EncryptedDecimal(_Plain):
    """Decimal numbers, with the digits that they were given."""

    plain = types.Numeric
    cache_ok = True


class EncryptedFloat(_Plain):
    """Floating-point numbers, exactly."""

    plain = types.Float
    cache_ok = True


class EncryptedBoolean(_Plain):
    """True and False, which their lengths do not tell apart."""

    plain = types.Boolean
    cache_ok = True


class EncryptedDate(_Plain):
    """Dates."""

    plain = types.Date
    cache_ok = True


class EncryptedDateTime(_Plain):
    """Dates with times: naive ones as they are, aware ones in UTC."""

    plain = types.DateTime
    cache_ok = True


class EncryptedTime(_Plain):
    """Times of day."""

    plain = types.Time
    cache_ok = True


class EncryptedInterval(_Plain):
    """Durations in microseconds."""

    plain = types.Interval
    cache_ok = True


class EncryptedUUID(_Plain):
    """UUIDs."""

    plain = types.Uuid
    cache_ok = True
