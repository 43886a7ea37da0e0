"""The defaults as functions, for applications that need nothing else."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from hauberk import _rust
from hauberk.exceptions import (
    HashParametersError,
    InvalidHashError,
    InvalidInputError,
    UnknownPepperError,
    VerifyMismatchError,
)
from hauberk.passwords.hasher import PasswordHasher

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["hash_password", "needs_rehash", "verify_password"]

_logger = logging.getLogger("hauberk.passwords")


def hash_password(password: str | Buffer) -> str:
    """Return the hash of a password under the default parameters, to be stored.

    Raises:
        InvalidInputError: The password is longer than 4096 bytes, or has a lone
            surrogate.
        HashMemoryError: The memory could not be allocated.
    """
    return _default.hash(password)


def verify_password(hash: str | Buffer, password: str | Buffer) -> bool:
    """Return whether a password is the one that a hash was made from.

    False is also the answer to a hash that cannot be read or asks for too much, which
    is logged (never with the hash): one bad row must not make a login an error.

    Raises:
        HashMemoryError: The memory could not be allocated.
        TypeError: The arguments are swapped.

    >>> stored = hash_password("correct horse battery staple")
    >>> verify_password(stored, "correct horse battery staple")
    True
    >>> verify_password(stored, "Tr0ub4dor&3"), verify_password("!", "Tr0ub4dor&3")
    (False, False)
    """
    try:
        _rust.verify_password(hash, password)
    except (VerifyMismatchError, InvalidInputError):
        return False
    except UnknownPepperError as error:
        _logger.error("The configuration of peppers is wrong: %s", error)  # noqa: TRY400 - a traceback would add nothing
        return False
    except (HashParametersError, InvalidHashError) as error:
        _logger.warning("A stored password hash was refused: %s", error)
        return False
    return True


def needs_rehash(hash: str | Buffer) -> bool:
    """Return whether a hash was made with other parameters than the default ones.

    Raises:
        InvalidHashError: The hash is malformed or not argon2's.
        HashParametersError: The hash asks for more than the bounds allow.
        UnknownPepperError: The hash names a pepper, and the functions have none.
    """
    return _default.check_needs_rehash(hash)


_default = PasswordHasher()
