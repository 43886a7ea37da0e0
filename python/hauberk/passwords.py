"""Passwords, hashed with argon2 (RFC 9106).

Everything here takes `(hash, password)`, in this order. A hash is text in the form that
every argon2 library reads, `$argon2id$v=19$m=65536,t=3,p=4$<salt>$<tag>`; a password is
text (hashed as UTF-8) or bytes.

The global interpreter lock is released while a hash is computed, and the memory it was
computed in is wiped.
"""

from __future__ import annotations

import enum
import logging
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Literal, Self

from hauberk import _rust
from hauberk.exceptions import (
    HashParametersError,
    InvalidHashError,
    InvalidInputError,
    UnknownPepperError,
    VerifyMismatchError,
)

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = [
    "CHEAPEST",
    "DJANGO",
    "OWASP_19_MIB",
    "RFC_9106_HIGH_MEMORY",
    "RFC_9106_LOW_MEMORY",
    "Parameters",
    "PasswordHasher",
    "Type",
    "extract_parameters",
    "hash_password",
    "needs_rehash",
    "verify_password",
]

_logger = logging.getLogger("hauberk.passwords")

_LARGEST = (1 << 32) - 1


class Type(enum.Enum):
    """The three functions of RFC 9106; `ID` is the one it recommends."""

    D = 0
    I = 1  # noqa: E741 - RFC 9106 calls it so
    ID = 2


@dataclass(frozen=True, slots=True)
class Parameters:
    """What an argon2 hash costs and how long it is.

    A plain record: what is out of bounds is refused where it is used.

    Attributes:
        type: Which of the three functions.
        version: 19 (RFC 9106), or 16 for hashes from before 2016.
        salt_len: Length of the salt in bytes.
        hash_len: Length of the tag in bytes.
        time_cost: Passes over the memory.
        memory_cost: Memory in kibibytes.
        parallelism: Lanes. They say nothing about the number of threads.
    """

    type: Type
    version: int
    salt_len: int
    hash_len: int
    time_cost: int
    memory_cost: int
    parallelism: int


#: RFC 9106, section 4, second recommended option: 64 MiB. The default.
RFC_9106_LOW_MEMORY = Parameters(
    type=Type.ID,
    version=19,
    salt_len=16,
    hash_len=32,
    time_cost=3,
    memory_cost=65_536,  # 64 MiB
    parallelism=4,
)

#: RFC 9106, section 4, first recommended option. It needs 2 GiB for each hash, which is
#: above the bound of 1 GiB on what a hash may ask for: `PasswordHasher` refuses it.
RFC_9106_HIGH_MEMORY = Parameters(
    type=Type.ID,
    version=19,
    salt_len=16,
    hash_len=32,
    time_cost=1,
    memory_cost=2_097_152,  # 2 GiB
    parallelism=4,
)

#: OWASP Password Storage Cheat Sheet, its second equivalent choice: 19 MiB.
OWASP_19_MIB = Parameters(
    type=Type.ID,
    version=19,
    salt_len=16,
    hash_len=32,
    time_cost=2,
    memory_cost=19_456,  # 19 MiB
    parallelism=1,
)

#: What Django's `Argon2PasswordHasher` uses (its salts are 22 characters).
DJANGO = Parameters(
    type=Type.ID,
    version=19,
    salt_len=22,
    hash_len=32,
    time_cost=2,
    memory_cost=102_400,  # 100 MiB
    parallelism=8,
)

#: Only for testing: as cheap as argon2 gets, and no protection.
CHEAPEST = Parameters(
    type=Type.ID,
    version=19,
    salt_len=8,
    hash_len=4,
    time_cost=1,
    memory_cost=8,
    parallelism=1,
)


class PasswordHasher:
    """Hash and verify passwords with argon2.

    The defaults are RFC 9106's second recommended option, as in argon2-cffi, whose
    class of this name it replaces. One instance serves a whole application, in any
    number of threads.

    Args:
        time_cost: Passes over the memory, 1 to 64.
        memory_cost: In kibibytes, 8 times `parallelism` to 1 048 576 (1 GiB), and at
            most 8 388 608 when multiplied by `time_cost`.
        parallelism: Lanes, 1 to 64.
        hash_len: Length of the tag in bytes, 4 to 256.
        salt_len: Length of fresh salts in bytes, 8 to 64.
        type: Which of the three functions; leave it at `Type.ID`.
        max_password_bytes: The longest password that is hashed anew, in bytes.
            Verifying does not refuse longer ones, which other software may have
            accepted (above 4 MiB they do not match).

    Raises:
        HashParametersError: A parameter is out of bounds; the message names it.
        InvalidInputError: `max_password_bytes` is not 1 to 4 194 304.

    >>> hasher = PasswordHasher.from_parameters(CHEAPEST)  # only for testing
    >>> stored = hasher.hash("correct horse battery staple")
    >>> hasher.verify(stored, "correct horse battery staple")
    True
    >>> hasher.verify(stored, "Tr0ub4dor&3")
    Traceback (most recent call last):
    hauberk.exceptions.VerifyMismatchError: The password does not match the hash.
    """

    __slots__ = ("_hasher", "max_password_bytes", "parameters")

    #: What new hashes are made with.
    parameters: Parameters

    def __init__(
        self,
        *,
        time_cost: int = RFC_9106_LOW_MEMORY.time_cost,
        memory_cost: int = RFC_9106_LOW_MEMORY.memory_cost,
        parallelism: int = RFC_9106_LOW_MEMORY.parallelism,
        hash_len: int = RFC_9106_LOW_MEMORY.hash_len,
        salt_len: int = RFC_9106_LOW_MEMORY.salt_len,
        type: Type = Type.ID,  # noqa: A002 - argon2-cffi's name
        max_password_bytes: int = 4096,
    ) -> None:
        self._set_up(
            Parameters(
                type=type,
                version=19,
                salt_len=salt_len,
                hash_len=hash_len,
                time_cost=time_cost,
                memory_cost=memory_cost,
                parallelism=parallelism,
            ),
            max_password_bytes,
        )

    @classmethod
    def from_parameters(cls, parameters: Parameters) -> Self:
        """Return a hasher with the parameters of a profile.

        Raises:
            HashParametersError: A parameter is out of bounds; the message names it.
        """
        hasher = cls()
        hasher._set_up(parameters, hasher.max_password_bytes)
        return hasher

    def _set_up(self, parameters: Parameters, max_password_bytes: int) -> None:
        self.parameters = parameters
        self.max_password_bytes = max_password_bytes
        self._hasher = _rust.Hasher(_numbers(parameters), max_password_bytes)

    def hash(self, password: str | Buffer, *, salt: Buffer | None = None) -> str:
        """Return the hash of a password, to be stored.

        Args:
            password: Text or bytes, at most `max_password_bytes` long.
            salt: Leave it out, and the operating system gives a fresh one. A salt that
                is used twice lets an attacker try both hashes at once.

        Raises:
            InvalidInputError: The password is too long, or has a lone surrogate.
            HashParametersError: The salt is not 8 to 64 bytes long.
            HashMemoryError: The memory could not be allocated.

        >>> PasswordHasher().hash("correct horse battery staple")  # doctest: +ELLIPSIS
        '$argon2id$v=19$m=65536,t=3,p=4$...'
        """
        return self._hasher.hash(password, salt)

    def verify(self, hash: str | Buffer, password: str | Buffer) -> Literal[True]:  # noqa: A002
        """Return True if the password is the one that the hash was made from.

        The parameters are the hash's own, within the bounds of the class.

        Args:
            hash: What `hash` returned, or another library's argon2 hash.
            password: What was typed.

        Returns:
            Always True: every other outcome is an exception, which cannot be ignored.

        Raises:
            VerifyMismatchError: The password is another.
            InvalidHashError: The hash is malformed or not argon2's.
            HashParametersError: The hash asks for more than the bounds allow.
            UnknownPepperError: The hash names a pepper (`keyid`).
            HashMemoryError: The memory could not be allocated.
            InvalidInputError: The password has a lone surrogate.
            TypeError: The arguments are swapped.
        """
        _rust.verify_password(hash, password)
        return True

    def check_needs_rehash(self, hash: str | Buffer) -> bool:  # noqa: A002 - argon2-cffi's
        """Return whether a hash was made with other parameters than this hasher's.

        Raises:
            InvalidHashError: The hash is malformed or not argon2's.
            HashParametersError: The hash asks for more than the bounds allow.

        >>> hasher = PasswordHasher.from_parameters(CHEAPEST)
        >>> PasswordHasher().check_needs_rehash(hasher.hash("secret"))
        True
        """
        return self._hasher.needs_rehash(hash)

    def verify_and_update(
        self,
        hash: str | Buffer,  # noqa: A002 - as the others
        password: str | Buffer,
    ) -> str | None:
        """Verify a password, and hash it anew where the parameters have changed.

        Returns:
            The hash to store instead, or None if the stored one is up to date.

        Raises:
            VerifyMismatchError: The password is another; and the others of `verify`.

        >>> hasher = PasswordHasher.from_parameters(CHEAPEST)
        >>> hasher.verify_and_update(hasher.hash("secret"), "secret") is None
        True
        """
        self.verify(hash, password)
        if not self.check_needs_rehash(hash):
            return None
        try:
            return self.hash(password)
        except InvalidInputError:
            # Right, and longer than new ones may be: the owner still logs in.
            return None

    def __repr__(self) -> str:
        return f"<PasswordHasher {self.parameters}>"


def hash_password(password: str | Buffer) -> str:
    """Return the hash of a password under the default parameters, to be stored.

    Raises:
        InvalidInputError: The password is longer than 4096 bytes, or has a lone
            surrogate.
        HashMemoryError: The memory could not be allocated.
    """
    return _default.hash(password)


def verify_password(hash: str | Buffer, password: str | Buffer) -> bool:  # noqa: A002
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
    except (HashParametersError, InvalidHashError, UnknownPepperError) as error:
        _logger.warning("A stored password hash was refused: %s", error)
        return False
    return True


def needs_rehash(hash: str | Buffer) -> bool:  # noqa: A002 - as the methods
    """Return whether a hash was made with other parameters than the default ones.

    Raises:
        InvalidHashError: The hash is malformed or not argon2's.
        HashParametersError: The hash asks for more than the bounds allow.
    """
    return _default.check_needs_rehash(hash)


def extract_parameters(hash: str | Buffer) -> Parameters:  # noqa: A002 - argon2-cffi's name
    """Return the parameters that a hash was made with.

    Raises:
        InvalidHashError: The hash is malformed or not argon2's.
        HashParametersError: The hash asks for more than the bounds allow.

    >>> extract_parameters(hash_password("secret")) == RFC_9106_LOW_MEMORY
    True
    """
    kind, *numbers = _rust.hash_parameters(hash)
    return Parameters(Type(kind), *numbers)


def _numbers(parameters: Parameters) -> tuple[int, int, int, int, int, int, int]:
    kind, *numbers = astuple(parameters)
    # What does not fit 32 bits is out of every bound and refused as such.
    fitting = (number if 0 <= number <= _LARGEST else _LARGEST for number in numbers)
    version, salt_len, hash_len, time_cost, memory_cost, parallelism = fitting
    return (
        Type(kind).value,
        version,
        salt_len,
        hash_len,
        time_cost,
        memory_cost,
        parallelism,
    )


_default = PasswordHasher()
