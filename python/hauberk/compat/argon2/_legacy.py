"""Functions from before `PasswordHasher`, deprecated in argon2-cffi since 16.0."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Literal

from hauberk import tokens
from hauberk.compat.argon2._password_hasher import (
    DEFAULT_HASH_LENGTH,
    DEFAULT_MEMORY_COST,
    DEFAULT_PARALLELISM,
    DEFAULT_RANDOM_SALT_LENGTH,
    DEFAULT_TIME_COST,
)
from hauberk.compat.argon2.low_level import (
    Type,
    hash_secret,
    hash_secret_raw,
    verify_secret,
)

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["hash_password", "hash_password_raw", "verify_password"]


def hash_password(
    password: Buffer,
    salt: Buffer | None = None,
    time_cost: int = DEFAULT_TIME_COST,
    memory_cost: int = DEFAULT_MEMORY_COST,
    parallelism: int = DEFAULT_PARALLELISM,
    hash_len: int = DEFAULT_HASH_LENGTH,
    type: Type = Type.I,
) -> bytes:
    """Do as `low_level.hash_secret`, with defaults. Deprecated."""
    _deprecated("hash_password")
    if salt is None:
        salt = tokens.token_bytes(DEFAULT_RANDOM_SALT_LENGTH)
    return hash_secret(
        password, salt, time_cost, memory_cost, parallelism, hash_len, type
    )


def hash_password_raw(
    password: Buffer,
    salt: Buffer | None = None,
    time_cost: int = DEFAULT_TIME_COST,
    memory_cost: int = DEFAULT_MEMORY_COST,
    parallelism: int = DEFAULT_PARALLELISM,
    hash_len: int = DEFAULT_HASH_LENGTH,
    type: Type = Type.I,
) -> bytes:
    """Do as `low_level.hash_secret_raw`, with defaults. Deprecated."""
    _deprecated("hash_password_raw")
    if salt is None:
        salt = tokens.token_bytes(DEFAULT_RANDOM_SALT_LENGTH)
    return hash_secret_raw(
        password, salt, time_cost, memory_cost, parallelism, hash_len, type
    )


def verify_password(
    hash: Buffer, password: Buffer, type: Type = Type.I
) -> Literal[True]:
    """Do as `low_level.verify_secret`. Deprecated."""
    _deprecated("verify_password")
    return verify_secret(hash, password, type)


def _deprecated(name: str) -> None:
    warnings.warn(
        f"argon2.{name} is deprecated: use PasswordHasher.",
        DeprecationWarning,
        stacklevel=3,
    )
