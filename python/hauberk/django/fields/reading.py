"""From what a column holds to a value, also while a table is still being encrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hauberk.django.conf import settings
from hauberk.encryption import canonical
from hauberk.encryption.plaintext import count_plaintext, plaintext_reads
from hauberk.exceptions import DecryptionError, NotEncryptedError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["converter", "opened", "plaintext_reads", "postgres_bytes"]


def converter(field: Any, connection: Any) -> Callable[[Any, Any, Any], Any]:
    """Return what makes a value of one column's content, for one query.

    The field's cipher is looked up here, so that a row costs its decryption alone.
    """
    decrypt = field.wire.open
    if _is_plain_text(field):

        def convert_text(value: Any, _: Any, __: Any) -> Any:
            if value is None:
                return None
            try:
                return decrypt(value)
            except _SEAMS as error:
                return _otherwise(field, value, connection, error)

        return convert_text
    restore = field.from_canonical

    def convert(value: Any, _: Any, __: Any) -> Any:
        if value is None:
            return None
        try:
            form = decrypt(value)
        except _SEAMS as error:
            return _otherwise(field, value, connection, error)
        return _restored(field, restore, form)

    return convert


def opened(
    field: Any, value: Any, connection: Any, associated_data: bytes = b""
) -> Any:
    """Return the value of a column's content that belongs to a row."""
    try:
        form = field.wire.open(value, associated_data)
    except _SEAMS as error:
        return _otherwise(field, value, connection, error)
    return _restored(field, field.from_canonical, form)


def _otherwise(field: Any, value: Any, connection: Any, error: Exception) -> Any:
    """Read what did not open; as plaintext only what looks like nothing of ours."""
    if isinstance(error, DecryptionError) and type(error) is not NotEncryptedError:
        error.add_note(f"It is a value of {field}.")
        raise error
    if isinstance(error, UnicodeError):
        raise DecryptionError(_WRONG_TYPE.format(field)) from None
    stored = postgres_bytes(value, connection)
    for reader in field.previous:
        if reader.is_encrypted(stored):
            return _from_reader(field, reader.decrypt(stored), connection)
    _refuse_other_storage(field, value, connection)
    if not field.allow_plaintext:
        raise NotEncryptedError(
            f"A value of {field} is not encrypted. If the table is being encrypted, "
            "set allow_plaintext or previous until hauberk_reencrypt is done."
        ) from None
    count_plaintext(field.context)
    return _from_plaintext(field, value, connection)


def _refuse_other_storage(field: Any, value: Any, connection: Any) -> None:
    """Raise for a ciphertext in the other form, which would be encrypted once more."""
    cipher = field.wire.cipher
    other = bytes(value) if isinstance(value, _BYTES) else value
    if field.storage == "text":
        other = postgres_bytes(other, connection)
        keys = {key.id for key in settings().keyring(field.keyring).keys}
        found = (
            isinstance(other, bytes)
            and cipher.is_encrypted(other)
            # Any bytes may begin as ours do.
            and cipher.key_id(other) in keys
        )
    else:
        text = other.decode("ascii", "replace") if isinstance(other, bytes) else other
        found = isinstance(text, str) and cipher.is_encrypted(text)
    if found:
        raise DecryptionError(
            f"A value of {field} is a ciphertext of the other storage. A change of "
            "storage does not convert the column."
        ) from None


def postgres_bytes(text: Any, connection: Any) -> Any:
    """Return the bytes of what PostgreSQL makes of a bytea column that becomes text."""
    hexadecimal = isinstance(text, str) and text.startswith("\\x")
    if hexadecimal and connection.vendor == "postgresql":
        try:
            return bytes.fromhex(text[2:])
        except ValueError:
            pass
    return text


def _from_reader(field: Any, plaintext: Any, connection: Any) -> Any:
    if isinstance(plaintext, bytes) and not field.canonical.binary:
        try:
            plaintext = plaintext.decode()
        except UnicodeError:
            raise DecryptionError(_WRONG_TYPE.format(field)) from None
    return _from_plaintext(field, plaintext, connection)


def _from_plaintext(field: Any, value: Any, connection: Any) -> Any:
    try:
        if field.canonical is not canonical.BYTES and isinstance(value, _BYTES):
            value = bytes(value).decode()
        return field.from_plaintext(value, connection)
    except Exception:  # noqa: BLE001 - the field's messages show the value
        raise DecryptionError(_WRONG_TYPE.format(field)) from None


def _restored(field: Any, restore: Callable[[Any], Any], form: Any) -> Any:
    try:
        return restore(form)
    except (TypeError, ValueError, ArithmeticError):
        # The message would show the value.
        raise DecryptionError(_WRONG_TYPE.format(field)) from None


def _is_plain_text(field: Any) -> bool:
    from hauberk.django.fields.mixin import EncryptedFieldMixin  # noqa: PLC0415 - a cycle

    ours = EncryptedFieldMixin.from_canonical
    return field.canonical is canonical.TEXT and type(field).from_canonical is ours


#: What opening raises: TypeError if the column is not even text, UnicodeError if the
#: plaintext is none.
_SEAMS: Final = (DecryptionError, TypeError, UnicodeError)
#: What drivers give bytes as.
_BYTES: Final = (bytes, bytearray, memoryview)
_WRONG_TYPE: Final = "A value of {} is of another type than the field."
