"""From a value of a SQLAlchemy type to its written form, and back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import types

from hauberk.encryption import canonical
from hauberk.exceptions import ConfigurationError, InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hauberk.encryption.canonical import Canonical

__all__ = ["canonical_of", "comparable", "from_plaintext", "other_storage", "written"]


def canonical_of(underlying: types.TypeEngine[Any]) -> Canonical:
    """Return the written form of a type's values.

    Raises:
        ConfigurationError: The type has none.
    """
    if isinstance(underlying, types.JSON):
        return canonical.json_text()
    try:
        python_type = underlying.python_type
    except NotImplementedError:
        python_type = object
    form = _FORMS.get(python_type)
    if form is None:
        raise ConfigurationError(
            f"There is no encrypted form of {type(underlying).__name__}: use a type "
            "whose values are text, bytes, numbers, booleans, dates, times, durations, "
            "UUIDs or JSON."
        )
    return form


def written(form: Canonical, value: Any) -> Any:
    """Return the written form of a value.

    Raises:
        InvalidInputError: The value is of another type.
    """
    try:
        _refuse_lookalikes(form, value)
        if form is canonical.FLOAT:
            value = float(value)
        if form is canonical.DECIMAL:
            value = Decimal(value)
        if form is canonical.UUID and isinstance(value, str):
            value = UUID(value)
        result = form.encode(value)
    except (TypeError, ValueError, ArithmeticError, AttributeError):
        # The message could show the value.
        raise InvalidInputError("The value is of another type than the column.") from (
            None
        )
    if not form.binary and not isinstance(result, str):
        raise InvalidInputError("The value is of another type than the column.")
    return result


def comparable(form: Canonical, text: Any) -> Any:
    """Return the one written form of all that are equal to a written form.

    1.5 and 1.50 are one number, and 0.0 and -0.0 are.

    Raises:
        InvalidInputError: It is the written form of something else.
    """
    if form is canonical.FLOAT and text == "-0.0":
        return "0.0"
    if form is not canonical.DECIMAL:
        return text
    try:
        number = Decimal(text)
        if not number.is_finite():
            return str(number)
        # Exact, however many digits there are.
        number = number.normalize(_EXACT)
    except ArithmeticError:
        raise InvalidInputError("The value is of another type than the column.") from (
            None
        )
    if not number:
        return "0"
    short = abs(number.adjusted()) < _WRITTEN_OUT
    return format(number, "f") if short else str(number)


def from_plaintext(form: Canonical, value: Any) -> Any:
    """Return the value of what another program or driver wrote.

    Raises:
        ValueError: It is none, or as the form's `decode`.
    """
    python_type = _TYPES.get(id(form))
    if python_type is not None and type(value) is python_type:
        return value
    if isinstance(value, bytes | bytearray | memoryview):
        value = bytes(value)
        if form is canonical.UUID and len(value) != _UUID_LENGTH:
            return UUID(value.decode())
        return form.decode(value if form.binary else value.decode())
    if form is canonical.UUID:
        return UUID(value)
    if form is canonical.BOOLEAN:
        value = _BOOLEANS[str(value).lower()]
    elif form.binary:
        value = value.encode()
    elif not isinstance(value, str):
        value = str(value)
    return form.decode(value)


def other_storage(kind: Any, value: Any) -> bool:
    """Return whether a stored value is a ciphertext in the form of the other storage.

    A change of `storage` converts no column.
    """
    cipher = kind.wire.cipher
    if kind.storage == "text":
        if isinstance(value, str):
            try:
                # What PostgreSQL makes of a bytea column that becomes text.
                data = bytes.fromhex(value.removeprefix("\\x"))
            except ValueError:
                return False
        else:
            data = bytes(value)
        if not cipher.is_encrypted(data):
            return False
        # Any bytes may begin as ours do.
        keys = {key.id for key in kind.current_keyring.keys}
        return cipher.key_id(data) in keys
    text = value if isinstance(value, str) else bytes(value).decode("ascii", "replace")
    found: bool = cipher.is_encrypted(text)
    return found


def _refuse_lookalikes(form: Canonical, value: Any) -> None:
    """Raise for what an encoder would take for something else."""
    wrong = (
        (form is canonical.BOOLEAN and value not in (True, False))
        or (form is canonical.BYTES and not isinstance(value, _BYTES_LIKE))
        or (form is canonical.FLOAT and isinstance(value, str | bytes))
    )
    if wrong:
        raise TypeError


_EXACT: Final = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
#: Digits up to which 1000 is not written as 1E+3.
_WRITTEN_OUT: Final = 40
_BYTES_LIKE: Final = (bytes, bytearray, memoryview)
_UUID_LENGTH: Final = 16
_BOOLEANS: Final = {"0": "0", "1": "1", "false": "0", "true": "1"}
_FORMS: Final[Mapping[type, Canonical]] = {
    bool: canonical.BOOLEAN,
    bytes: canonical.BYTES,
    date: canonical.DATE,
    datetime: canonical.DATETIME,
    Decimal: canonical.DECIMAL,
    float: canonical.FLOAT,
    int: canonical.INTEGER,
    str: canonical.TEXT,
    time: canonical.TIME,
    timedelta: canonical.DURATION,
    UUID: canonical.UUID,
}
_TYPES: Final = {id(form): kind for kind, form in _FORMS.items()}
