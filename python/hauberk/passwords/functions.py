"""The defaults as functions, for applications that need nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hauberk.exceptions import VerifyMismatchError
from hauberk.passwords.hasher import PasswordHasher
from hauberk.passwords.refusals import REFUSED, report

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["hash_password", "needs_rehash", "verify_password"]


def hash_password(password: str | Buffer) -> str:
    """Return the hash of a password under the default parameters, to be stored.

    Raises:
        InvalidInputError: The password is longer than 4096 bytes, or has a lone
            surrogate.
        HashMemoryError: The memory could not be allocated.
        HashingBusyError: Too many hashes wait, or this one has for too long.
    """
    return _default.hash(password)


def verify_password(hash: str | Buffer, password: str | Buffer) -> bool:
    """Return whether a password is the one that a hash was made from.

    False is also the answer to a hash that cannot be read or asks for too much, which
    is logged (never with the hash): one bad row must not make a login an error.

    Raises:
        HashMemoryError: The memory could not be allocated.
        HashingBusyError: Too many hashes wait, or this one has for too long.
        TypeError: The arguments are swapped.

    >>> stored = hash_password("correct horse battery staple")
    >>> verify_password(stored, "correct horse battery staple")
    True
    >>> verify_password(stored, "Tr0ub4dor&3"), verify_password("!", "Tr0ub4dor&3")
    (False, False)
    """
    try:
        return _default.verify(hash, password)
    except VerifyMismatchError:
        return False
    except REFUSED as error:
        report(error)
        return False


def needs_rehash(hash: str | Buffer) -> bool:
    """Return whether a hash is another than `hash_password` would make.

    Raises:
        InvalidHashError: The hash is malformed or of an unknown scheme.
        HashParametersError: The hash asks for more than the bounds allow.
        UnknownPepperError: The hash names a pepper, and the functions have none.
    """
    return _default.check_needs_rehash(hash)


_default = PasswordHasher()
