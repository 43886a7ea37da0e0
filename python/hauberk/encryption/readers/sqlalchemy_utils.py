"""The engines of sqlalchemy-utils' `EncryptedType` and `StringEncryptedType`."""

from __future__ import annotations

import hashlib
from typing import Literal

from hauberk import _rust
from hauberk.encryption.readers._base import CoreReader

__all__ = [
    "SqlalchemyUtilsAesGcmReader",
    "SqlalchemyUtilsAesReader",
    "SqlalchemyUtilsFernetReader",
]


class SqlalchemyUtilsFernetReader(CoreReader):
    """Reads columns of sqlalchemy-utils' `FernetEngine`.

    Args:
        key: The key that was given to the column's type, of any length.
    """

    __slots__ = ()

    def __init__(self, key: str | bytes) -> None:
        super().__init__(_rust.ForeignReader.fernet([_digest(key)]))


class SqlalchemyUtilsAesGcmReader(CoreReader):
    """Reads columns of sqlalchemy-utils' `AesGcmEngine`.

    Its ciphertexts are base64 and have no mark: a plaintext of 40 or more such
    characters may be taken for one, and is an error then.

    Args:
        key: The key that was given to the column's type, of any length.
    """

    __slots__ = ()

    def __init__(self, key: str | bytes) -> None:
        super().__init__(_rust.ForeignReader.aes_gcm(_digest(key)))


class SqlalchemyUtilsAesReader(CoreReader):
    """Reads columns of sqlalchemy-utils' `AesEngine`, which was its default.

    **Nothing authenticates what it reads**: whoever can write to the column, or uses
    another key, may get a garbled value out of it rather than an error. Migrate from it
    while nobody else can write.

    Its ciphertexts are base64 and have no mark: a plaintext of 24, 44, 64 … such
    characters may be taken for one.

    Args:
        key: The key that was given to the column's type, of any length.
        padding: The padding that was; `"naive"` is the package's default, and took
            asterisks off the end of values.
    """

    __slots__ = ()

    def __init__(
        self,
        key: str | bytes,
        *,
        padding: Literal["naive", "oneandzeroes", "pkcs5", "zeroes"] = "naive",
    ) -> None:
        super().__init__(_rust.ForeignReader.aes_cbc(_digest(key), padding))


def _digest(key: str | bytes) -> bytes:
    return hashlib.sha256(key.encode() if isinstance(key, str) else key).digest()
