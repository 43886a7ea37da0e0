"""Fernet tokens, and django-fernet-encrypted-fields over them."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING, Final

from hauberk import _rust
from hauberk.encryption.readers._base import CoreReader
from hauberk.exceptions import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["DjangoFernetFieldsReader", "FernetReader"]


class FernetReader(CoreReader):
    """Reads tokens of `cryptography.fernet.Fernet` and `MultiFernet`.

    How old a token is does not matter: values in a database do not expire.

    Args:
        keys: The keys, each 32 bytes as URL-safe base64, as `Fernet.generate_key()`
            makes them. Each is asked in turn; which one fits is decided by its MAC.

    Raises:
        ConfigurationError: There is no key, or one is not of this form.
    """

    __slots__ = ()

    def __init__(self, *keys: str | bytes) -> None:
        super().__init__(_rust.ForeignReader.fernet([_decoded(key) for key in keys]))


class DjangoFernetFieldsReader(CoreReader):
    """Reads columns of django-fernet-encrypted-fields.

    Making one takes about 25 ms for each pair of keys, as that package does: make it
    once.

    Args:
        secret_keys: The setting `SECRET_KEY`, and those of `SECRET_KEY_FALLBACKS`.
        salt_keys: The setting `SALT_KEY`.

    Note that the package stored False, 0, 0.0 and "" as NULL: these are lost already.
    """

    __slots__ = ()

    def __init__(
        self,
        secret_keys: str | Sequence[str],
        salt_keys: str | Sequence[str],
    ) -> None:
        derived = [
            hashlib.pbkdf2_hmac("sha256", secret.encode(), salt.encode(), _ITERATIONS)
            for secret in _several(secret_keys)
            for salt in _several(salt_keys)
        ]
        super().__init__(_rust.ForeignReader.fernet(derived))


def _several(keys: str | Sequence[str]) -> Sequence[str]:
    return [keys] if isinstance(keys, str) else keys


def _decoded(key: str | bytes) -> bytes:
    try:
        decoded = base64.urlsafe_b64decode(key)
    except (binascii.Error, ValueError):
        decoded = b""
    if len(decoded) != _KEY:
        raise ConfigurationError("A Fernet key is 32 bytes as URL-safe base64.")
    return decoded


_KEY: Final = 32
_ITERATIONS: Final = 100_000
