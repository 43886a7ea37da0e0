"""Peppers: secrets that are kept beside the database and go into every hash."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias, Union

from hauberk import _rust
from hauberk.passwords.legacy import OldHash
from hauberk.passwords.stored import Argon2Hash, WrappedHash, read

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["Peppers", "pepper_id"]

#: Secrets of at least 16 bytes by their ids, the current one first. An id is 1 to 8
#: ASCII characters. It stands in every hash, and means its secret for as long.
Peppers: TypeAlias = Mapping[str, Union[str, "Buffer"]]


def pepper_id(hash: str | Buffer) -> str | None:
    """Return the id of the pepper that a hash was made with, or None if there is none.

    Raises:
        InvalidHashError: The hash is malformed or of an unknown scheme.
        HashParametersError: The hash asks for more than the bounds allow.

    >>> from hauberk.passwords import PasswordHasher
    >>> hasher = PasswordHasher(peppers={"2025": b"32 bytes of the operating system"})
    >>> pepper_id(hasher.hash("correct horse battery staple"))
    '2025'
    """
    match stored := read(hash):
        case Argon2Hash():
            return _rust.hash_pepper(stored.encoded)
        case WrappedHash():
            return stored.pepper
        case OldHash():
            return None
