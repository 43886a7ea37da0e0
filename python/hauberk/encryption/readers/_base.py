"""What the readers have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from hauberk.encryption._loading import HoldsKeys
from hauberk.exceptions import InvalidInputError

if TYPE_CHECKING:
    from hauberk._rust import ForeignReader

__all__ = ["Reader"]


class Reader(Protocol):
    """Decrypts what another package encrypted."""

    def is_encrypted(self, value: Any, /) -> bool:
        """Return whether a value is formed like that package's ciphertext.

        Whether it opens is another question, and a plaintext may be formed alike by
        chance. A value of a type that the package does not store is not encrypted.
        """
        ...

    def decrypt(self, value: Any, /) -> Any:
        """Return the plaintext.

        Raises:
            DecryptionError: It does not open, for whatever reason.
        """
        ...


class CoreReader(HoldsKeys):
    """A reader whose keys and algorithm are in the extension."""

    __slots__ = ("_core",)

    def __init__(self, core: ForeignReader) -> None:
        self._core = core

    def is_encrypted(self, value: Any, /) -> bool:
        """Return whether a value is formed like that package's ciphertext."""
        return isinstance(
            value, str | bytes | bytearray | memoryview
        ) and self._core.is_encrypted(_text_or_bytes(value))

    def decrypt(self, value: str | bytes | bytearray | memoryview, /) -> Any:
        """Return the plaintext, as bytes.

        Raises:
            DecryptionError: The value does not open, for whatever reason.
        """
        return self._core.open(_text_or_bytes(value))

    def decrypt_text(self, value: str | bytes | bytearray | memoryview, /) -> str:
        """Return the plaintext, as text.

        Raises:
            DecryptionError: The value does not open, for whatever reason.
            InvalidInputError: What was encrypted is not UTF-8 text.
        """
        plaintext: bytes = self._core.open(_text_or_bytes(value))
        try:
            return plaintext.decode()
        except UnicodeDecodeError:
            # That error carries the plaintext.
            message = "The value that was encrypted is not UTF-8 text."
            raise InvalidInputError(message) from None

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


def _text_or_bytes(
    value: str | bytes | bytearray | memoryview,
) -> str | bytes | bytearray | memoryview:
    # A lone surrogate is in no ciphertext: it is one more text that does not open.
    return value.encode("utf-8", "replace") if isinstance(value, str) else value
