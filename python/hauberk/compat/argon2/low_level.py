"""Functions that take every parameter, for building something else than logins.

`core`, `error_to_str` and `ffi` of argon2-cffi are absent: they are about the C
library's structures and error numbers, and here is no C library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from hauberk.compat.argon2 import _engine
from hauberk.compat.argon2._utils import Parameters
from hauberk.passwords import Type

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["ARGON2_VERSION", "Type", "hash_secret", "hash_secret_raw", "verify_secret"]

#: The version of RFC 9106; the other one is 16.
ARGON2_VERSION = 19


def hash_secret(
    secret: Buffer,
    salt: Buffer,
    time_cost: int,
    memory_cost: int,
    parallelism: int,
    hash_len: int,
    type: Type,
    version: int = ARGON2_VERSION,
) -> bytes:
    """Return the encoded hash of a secret, which `verify_secret` takes.

    Args:
        secret: What is hashed, at most 4 194 304 bytes.
        salt: 8 to 64 bytes that are random and used once.
        time_cost: Passes over the memory, 1 to 64.
        memory_cost: In kibibytes, at least 8 times `parallelism`, and at most 8 388 608
            when multiplied by `time_cost`.
        parallelism: Lanes, 1 to 64.
        hash_len: Length of the tag in bytes, 4 to 256.
        type: Which of the three functions.
        version: 19, or 16.

    Raises:
        HashingError: An argument is out of bounds; the message names it.
        HashMemoryError: The memory could not be allocated.
        HashingBusyError: Too many hashes wait, or this one has for too long.

    >>> hash_secret(b"secret", b"somesalt", 1, 8, 1, 4, Type.ID)
    b'$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$5YcnIg'
    """
    wanted = Parameters(type, version, 0, hash_len, time_cost, memory_cost, parallelism)
    return _engine.encoded(secret, salt, wanted).encode("ascii")


def hash_secret_raw(
    secret: Buffer,
    salt: Buffer,
    time_cost: int,
    memory_cost: int,
    parallelism: int,
    hash_len: int,
    type: Type,
    version: int = ARGON2_VERSION,
) -> bytes:
    """Return the tag alone, for deriving keys; the arguments are `hash_secret`'s."""
    wanted = Parameters(type, version, 0, hash_len, time_cost, memory_cost, parallelism)
    return _engine.raw(secret, salt, wanted)


def verify_secret(hash: Buffer, secret: Buffer, type: Type) -> Literal[True]:
    """Return True if the secret is the one that the hash was made from.

    Args:
        hash: What `hash_secret` returned, or another library's argon2 hash.
        secret: What is compared.
        type: The type that the hash has to have.

    Raises:
        VerifyMismatchError: The secret is another.
        VerificationError: The hash is malformed, of another type, or asks for more than
            the bounds allow.
        HashMemoryError: The memory could not be allocated.
        HashingBusyError: Too many hashes wait, or this one has for too long.
        UnknownPepperError: The hash names a pepper (`keyid`).

    >>> stored = b"$argon2id$v=19$m=8,t=1,p=1$MTIzNDU2Nzg5MDEyMzQ1Ng$maTa5w"
    >>> verify_secret(stored, b"password", Type.ID)
    True
    """
    _engine.verify(hash, secret, type)
    return True
