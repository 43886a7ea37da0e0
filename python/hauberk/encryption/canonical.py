"""How a value is written down before it is encrypted or indexed.

Nothing is pickled: a value has one text, or one sequence of bytes, and comes back with
its type. What is written is part of the format, so that a column can be read by another
program, and must never change.

>>> from datetime import timezone
>>> INTEGER.encode(-5), INTEGER.decode("-5")
('-5', -5)
>>> DURATION.encode(timedelta(seconds=1))
'1000000'
>>> DATETIME.encode(datetime(2026, 1, 2, 3, 4, tzinfo=timezone(timedelta(hours=1))))
'2026-01-02T02:04:00+00:00'
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID as _UUID

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "BOOLEAN",
    "BYTES",
    "DATE",
    "DATETIME",
    "DECIMAL",
    "DURATION",
    "FLOAT",
    "INTEGER",
    "TEXT",
    "TIME",
    "UUID",
    "Canonical",
    "json_text",
]


@dataclass(frozen=True, slots=True)
class Canonical:
    """The written form of one type.

    Attributes:
        encode: Returns the form of a value: str, or bytes if `binary`.
        decode: Returns the value of a form; raises ValueError or ArithmeticError if it
            is none, with a message that may contain it.
        binary: Whether the form is bytes.
    """

    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]
    binary: bool = False


def json_text(
    encoder: type[json.JSONEncoder] | None = None,
    decoder: type[json.JSONDecoder] | None = None,
) -> Canonical:
    """Return the form of JSON values: as the encoder writes them.

    >>> json_text().decode(json_text().encode({"n": 1, "t": True, "z": None}))
    {'n': 1, 't': True, 'z': None}
    """
    return Canonical(
        lambda value: json.dumps(value, cls=encoder),
        lambda text: json.loads(text, cls=decoder),
    )


def _boolean(text: str) -> bool:
    if text not in _BOOLEANS:
        raise ValueError
    return text == "1"


def _datetime(value: datetime) -> str:
    if value.utcoffset() is not None:
        value = value.astimezone(UTC)
    return value.isoformat()


def _itself(value: Any) -> Any:
    return value


_BOOLEANS: Final = ("0", "1")
_MICROSECOND: Final = timedelta(microseconds=1)

BOOLEAN: Final = Canonical(lambda value: "1" if value else "0", _boolean)
BYTES: Final = Canonical(bytes, bytes, binary=True)
DATE: Final = Canonical(date.isoformat, date.fromisoformat)
DATETIME: Final = Canonical(_datetime, datetime.fromisoformat)
DECIMAL: Final = Canonical(str, Decimal)
DURATION: Final = Canonical(
    lambda value: str(value // _MICROSECOND),
    lambda text: timedelta(microseconds=int(text)),
)
#: The shortest text that gives the same number back.
FLOAT: Final = Canonical(float.__repr__, float)
#: `int.__repr__`, so that an IntEnum is its number.
INTEGER: Final = Canonical(int.__repr__, int)
TEXT: Final = Canonical(_itself, _itself)
TIME: Final = Canonical(time.isoformat, time.fromisoformat)
UUID: Final = Canonical(
    lambda value: value.bytes, lambda data: _UUID(bytes=data), binary=True
)
