"""The class that hashes and verifies passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

from hauberk.compat.argon2 import _engine
from hauberk.compat.argon2._utils import (
    Parameters,
    _check_types,
    extract_parameters,
)
from hauberk.compat.argon2.exceptions import InvalidHashError
from hauberk.compat.argon2.low_level import Type
from hauberk.compat.argon2.profiles import get_default_parameters
from hauberk.exceptions import InvalidInputError

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["PasswordHasher"]

DEFAULT_RANDOM_SALT_LENGTH = get_default_parameters().salt_len
DEFAULT_HASH_LENGTH = get_default_parameters().hash_len
DEFAULT_TIME_COST = get_default_parameters().time_cost
DEFAULT_MEMORY_COST = get_default_parameters().memory_cost
DEFAULT_PARALLELISM = get_default_parameters().parallelism


class PasswordHasher:
    """Hash and verify passwords with argon2, as argon2-cffi's class of this name.

    New code is better served by `hauberk.passwords.PasswordHasher`, which checks its
    parameters when it is made and has `verify_and_update` and asynchronous twins.

    Args:
        time_cost: Passes over the memory, 1 to 64.
        memory_cost: In kibibytes, at least 8 times `parallelism`, and at most 8 388 608
            when multiplied by `time_cost`.
        parallelism: Lanes, 1 to 64. They say nothing about the number of threads.
        hash_len: Length of the tag in bytes, 4 to 256.
        salt_len: Length of fresh salts in bytes, 8 to 64.
        encoding: How text becomes bytes. Bytes are taken as they are.
        type: Which of the three functions; leave it at `Type.ID`.

    Raises:
        TypeError: An argument is of the wrong type. What is out of bounds is refused by
            `hash`, as argon2-cffi does.
    """

    __slots__ = ("_parameters", "encoding")

    _parameters: Parameters
    encoding: str

    def __init__(
        self,
        time_cost: int = DEFAULT_TIME_COST,
        memory_cost: int = DEFAULT_MEMORY_COST,
        parallelism: int = DEFAULT_PARALLELISM,
        hash_len: int = DEFAULT_HASH_LENGTH,
        salt_len: int = DEFAULT_RANDOM_SALT_LENGTH,
        encoding: str = "utf-8",
        type: Type = Type.ID,
    ) -> None:
        wrong = _check_types(
            time_cost=(time_cost, int),
            memory_cost=(memory_cost, int),
            parallelism=(parallelism, int),
            hash_len=(hash_len, int),
            salt_len=(salt_len, int),
            encoding=(encoding, str),
            type=(type, Type),
        )
        if wrong:
            raise TypeError(wrong)
        self.encoding = encoding
        self._parameters = Parameters(
            type=type,
            version=19,
            salt_len=salt_len,
            hash_len=hash_len,
            time_cost=time_cost,
            memory_cost=memory_cost,
            parallelism=parallelism,
        )

    @classmethod
    def from_parameters(cls, params: Parameters) -> Self:
        """Return a hasher with the parameters of a profile."""
        return cls(
            time_cost=params.time_cost,
            memory_cost=params.memory_cost,
            parallelism=params.parallelism,
            hash_len=params.hash_len,
            salt_len=params.salt_len,
            type=params.type,
        )

    @property
    def time_cost(self) -> int:
        """Passes over the memory."""
        return self._parameters.time_cost

    @property
    def memory_cost(self) -> int:
        """Memory in kibibytes."""
        return self._parameters.memory_cost

    @property
    def parallelism(self) -> int:
        """Lanes."""
        return self._parameters.parallelism

    @property
    def hash_len(self) -> int:
        """Length of the tag in bytes."""
        return self._parameters.hash_len

    @property
    def salt_len(self) -> int:
        """Length of fresh salts in bytes."""
        return self._parameters.salt_len

    @property
    def type(self) -> Type:
        """Which of the three functions."""
        return self._parameters.type

    def hash(self, password: str | Buffer, *, salt: Buffer | None = None) -> str:
        """Return the hash of a password, to be stored.

        Args:
            password: Text or bytes, at most 4 194 304 bytes.
            salt: Leave it out, and the operating system gives a fresh one.

        Raises:
            HashingError: A parameter is out of bounds; the message names it.
            InvalidInputError: The password cannot be written in the encoding.
            HashMemoryError: The memory could not be allocated.
            HashingBusyError: Too many hashes wait, or this one has for too long.

        >>> from hauberk.compat.argon2.profiles import CHEAPEST
        >>> PasswordHasher.from_parameters(CHEAPEST).hash(
        ...     "password", salt=b"1234567890123456"
        ... )
        '$argon2id$v=19$m=8,t=1,p=1$MTIzNDU2Nzg5MDEyMzQ1Ng$maTa5w'
        """
        secret = _ensure_bytes(password, self.encoding)
        return _engine.encoded(secret, salt or None, self._parameters)

    def verify(self, hash: str | Buffer, password: str | Buffer) -> Literal[True]:
        """Return True if the password is the one that the hash was made from.

        Raises:
            VerifyMismatchError: The password is another.
            VerificationError: The hash is cut off or altered, or asks for more than the
                bounds allow.
            InvalidHashError: The hash is nothing like one of argon2's.
            InvalidInputError: The password cannot be written in the encoding.
            HashMemoryError: The memory could not be allocated.
            HashingBusyError: Too many hashes wait, or this one has for too long.
            UnknownPepperError: The hash names a pepper (`keyid`).
        """
        secret = _ensure_bytes(password, self.encoding)
        encoded = _ascii(hash)
        name = encoded[1:].partition(b"$")[0]
        if not encoded.startswith(b"$") or name not in _TYPES:
            raise InvalidHashError("The hash is malformed or not argon2's.")
        _engine.verify(encoded, secret, _TYPES[name])
        return True

    def check_needs_rehash(self, hash: str | Buffer) -> bool:
        """Return whether a hash was made with other parameters than this hasher's.

        Raises:
            InvalidHashError: The hash is malformed, or asks for more than the bounds
                allow.
        """
        return self._parameters != extract_parameters(hash)


_TYPES = {b"argon2d": Type.D, b"argon2i": Type.I, b"argon2id": Type.ID}


def _ensure_bytes(text: str | Buffer, encoding: str) -> Buffer:
    if not isinstance(text, str):
        return text
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        # Python's error carries the whole text, and that is a password.
        raise InvalidInputError(
            "The password has a character that the encoding lacks."
        ) from None


def _ascii(hash: str | Buffer) -> bytes:
    if not isinstance(hash, str):
        return bytes(hash)
    try:
        return hash.encode("ascii")
    except UnicodeEncodeError:
        raise InvalidHashError("The hash is malformed or not argon2's.") from None
