"""django-cryptography and its forks."""

from __future__ import annotations

import hashlib
import io
import pickle
from typing import Any, Final

from hauberk import _rust
from hauberk.encryption.readers._base import CoreReader
from hauberk.exceptions import DecryptionError

__all__ = ["DjangoCryptographyReader"]


class DjangoCryptographyReader(CoreReader):
    """Reads columns of `django_cryptography.fields.encrypt()`, which hold pickles.

    A pickle is code. It is loaded only after its HMAC under `SECRET_KEY` is right, and
    only if it consists of what fields hold: text, bytes, numbers, dates, times,
    decimals, UUIDs, and lists, tuples, sets and dicts of them. Anything else does not
    open.

    Args:
        secret_key: The setting `SECRET_KEY`.
        key: The setting `CRYPTOGRAPHY_KEY`, where it was set.
        salt: The setting `CRYPTOGRAPHY_SALT`, where it was set.
        field_key: What was given to `encrypt(..., key=)`, 16, 24 or 32 bytes, where it
            was; the settings `CRYPTOGRAPHY_KEY` and `_SALT` do not count then.

    Raises:
        ConfigurationError: `field_key` is of another length.

    Only the default `CRYPTOGRAPHY_DIGEST`, SHA-256, is supported.
    """

    __slots__ = ()

    def __init__(
        self,
        secret_key: str | bytes,
        *,
        key: str | bytes | None = None,
        salt: str | bytes = "django-cryptography",
        field_key: str | bytes | None = None,
    ) -> None:
        encryption_key = (
            _bytes(field_key)
            if field_key
            else hashlib.pbkdf2_hmac(
                "sha256", _bytes(key or secret_key), _bytes(salt), _ITERATIONS
            )
        )
        super().__init__(
            _rust.ForeignReader.raw_fernet(_bytes(secret_key), encryption_key)
        )

    def is_encrypted(self, value: Any, /) -> bool:
        """Return whether a value is formed like the package's ciphertext: bytes."""
        return not isinstance(value, str) and super().is_encrypted(value)

    def decrypt(self, value: str | bytes | bytearray | memoryview, /) -> Any:
        """Return the value that was given to the field.

        Raises:
            DecryptionError: It does not open, or it is a pickle of something else than
                what fields hold.
        """
        pickled = super().decrypt(value)
        try:
            return _Unpickler(io.BytesIO(pickled)).load()
        except Exception:  # noqa: BLE001 - a pickle can raise anything, and quote the value
            raise DecryptionError("The value could not be decrypted.") from None

    def decrypt_text(self, value: str | bytes | bytearray | memoryview, /) -> str:
        """Return the text that was given to the field.

        Raises:
            DecryptionError: As for `decrypt()`, also if it was no text.
        """
        plaintext = self.decrypt(value)
        if not isinstance(plaintext, str):
            raise DecryptionError("The value could not be decrypted.")
        return plaintext


class _Unpickler(pickle.Unpickler):
    """Loads what fields hold, and calls nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _HARMLESS:
            raise pickle.UnpicklingError("not what fields hold")
        return super().find_class(module, name)


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


_ITERATIONS: Final = 30_000

_HARMLESS: Final = frozenset(
    {
        ("builtins", "bytearray"),
        ("builtins", "complex"),
        ("builtins", "frozenset"),
        ("builtins", "set"),
        ("datetime", "date"),
        ("datetime", "datetime"),
        ("datetime", "time"),
        ("datetime", "timedelta"),
        ("datetime", "timezone"),
        ("decimal", "Decimal"),
        ("uuid", "SafeUUID"),
        ("uuid", "UUID"),
        ("zoneinfo", "ZoneInfo._unpickle"),
    }
)
