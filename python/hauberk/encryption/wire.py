"""The two forms of a ciphertext in a column, of values that are text or bytes."""

from __future__ import annotations

from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hauberk.exceptions import DecryptionError, NotEncryptedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hauberk.encryption import Keyring

__all__ = ["Wire", "bytes_of_text", "text_of_bytes"]


@dataclass(frozen=True, slots=True)
class Wire:
    """A column's cipher, for the form that the column holds.

    Attributes:
        cipher: The cipher itself.
        seal: Returns the ciphertext of a value's written form, and of its row's
            associated data.
        open: The reverse.
        prefix: What ciphertexts in text begin with.
        rewrap: Returns a ciphertext under the primary key; the same if it is already.
        variants: Returns each ciphertext that a written form may have in the column, if
            it is deterministic.
    """

    cipher: Any
    seal: Callable[..., Any]
    open: Callable[..., Any]
    prefix: str
    rewrap: Callable[..., Any]
    variants: Callable[..., list[Any]] | None = None

    @classmethod
    def of(cls, field: Any, keyring: Keyring) -> Wire:
        """Return a field's cipher under a keyring."""
        cipher: Any
        if field.deterministic:
            cipher, prefix = keyring.deterministic(field.context), DETERMINISTIC
        else:
            cipher, prefix = keyring.cipher(field.context), RANDOM
        if field.storage == "text":
            seal, opened = _text(cipher, prefix, binary=field.canonical.binary)
        else:
            seal, opened = _bytes(cipher, binary=field.canonical.binary)
        variants = _variants(field, cipher) if field.deterministic else None
        rewrap = cipher.rewrap
        if field.storage == "text" and field.canonical.binary:
            rewrap = _rewrapping(cipher, prefix)
        return cls(cipher, seal, opened, prefix, rewrap, variants)


def _text(cipher: Any, prefix: str, *, binary: bool) -> tuple[Any, Any]:
    if not binary:
        return cipher.encrypt_text, cipher.decrypt_text

    def seal(data: bytes, associated_data: bytes = b"") -> str:
        return text_of_bytes(cipher.encrypt(data, associated_data), prefix)

    def opened(text: str, associated_data: bytes = b"") -> bytes:
        data: bytes = cipher.decrypt(bytes_of_text(text, cipher), associated_data)
        return data

    return seal, opened


def _rewrapping(cipher: Any, prefix: str) -> Callable[..., str]:
    """Return what rewraps the text form of bytes, which are no text themselves."""

    def rewrap(text: str, associated_data: bytes = b"") -> str:
        sealed = cipher.rewrap(bytes_of_text(text, cipher), associated_data)
        return text_of_bytes(sealed, prefix)

    return rewrap


def _bytes(cipher: Any, *, binary: bool) -> tuple[Any, Any]:
    if binary:

        def opened(data: Any, associated_data: bytes = b"") -> bytes:
            plain: bytes = cipher.decrypt(_plain_bytes(data), associated_data)
            return plain

        return cipher.encrypt, opened

    def seal_text(text: str, associated_data: bytes = b"") -> bytes:
        sealed: bytes = cipher.encrypt(text.encode(), associated_data)
        return sealed

    def open_text(data: Any, associated_data: bytes = b"") -> str:
        plain: bytes = cipher.decrypt(_plain_bytes(data), associated_data)
        return plain.decode()

    return seal_text, open_text


def _variants(field: Any, cipher: Any) -> Callable[..., list[Any]]:
    in_text, binary = field.storage == "text", field.canonical.binary
    if in_text != binary:
        variants: Callable[..., list[Any]] = cipher.variants
        return variants
    if in_text:
        return lambda data: [
            text_of_bytes(sealed, DETERMINISTIC) for sealed in cipher.variants(data)
        ]
    return lambda text: list(cipher.variants(text.encode()))


def _plain_bytes(data: Any) -> bytes:
    """Return the bytes of what a driver gives; text is no ciphertext in bytes."""
    if isinstance(data, str):
        raise NotEncryptedError("The value is not encrypted.")
    return bytes(data)


def text_of_bytes(sealed: bytes, prefix: str) -> str:
    """Return the text form of a ciphertext in bytes."""
    body = urlsafe_b64encode(sealed[_HEADER:]).rstrip(b"=").decode()
    return f"{prefix}{sealed[1:_HEADER].hex()}.{body}"


def bytes_of_text(text: str, cipher: Any) -> bytes:
    """Return the bytes form of a ciphertext in text.

    Raises:
        NotEncryptedError: It is none.
        DecryptionError: It begins like one and is malformed.
    """
    key_id: str = cipher.key_id(text)
    prefix, _, body = text.split(".", 2)
    try:
        data = b64decode(body + "=" * (-len(body) % 4), b"-_", validate=True)
        sealed = b"\x01" + bytes.fromhex(key_id) + data
    except ValueError:
        raise DecryptionError(_FAILED) from None
    # One text for each ciphertext: bits that base64 ignores are not ignored here.
    if text_of_bytes(sealed, f"{prefix}.") != text:
        raise DecryptionError(_FAILED)
    return sealed


RANDOM: Final = "hb1."
DETERMINISTIC: Final = "hd1."

#: Version and key id.
_HEADER: Final = 5
_FAILED: Final = "The value could not be decrypted."
