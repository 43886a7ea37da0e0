"""What stands in a column of password hashes, told apart by how it begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from hauberk import _rust
from hauberk.exceptions import (
    HashParametersError,
    InvalidHashError,
    InvalidInputError,
)
from hauberk.passwords import legacy
from hauberk.passwords.legacy import OldHash, Scheme
from hauberk.passwords.legacy.scheme import malformed

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["Argon2Hash", "Stored", "WrappedHash", "read", "read_for"]


@dataclass(frozen=True, slots=True, repr=False)
class Argon2Hash:
    """A hash of argon2, or what is no hash at all: the engine takes it apart.

    Attributes:
        encoded: As argon2 libraries write it.
        dressed: Whether Django's name stood before it, which other libraries refuse.
    """

    encoded: str | Buffer
    dressed: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class WrappedHash:
    """Argon2 over the digest of an older scheme.

    Attributes:
        encoded: The whole.
        numbers: The fields of the outer `Parameters`.
        pepper: The id of the outer hash's pepper.
        scheme: What makes the digest.
    """

    encoded: str
    numbers: tuple[int, int, int, int, int, int, int]
    pepper: str | None
    scheme: Scheme


Stored: TypeAlias = Argon2Hash | OldHash | WrappedHash


def read(hash: str | Buffer) -> Stored:
    """Return what a stored hash is.

    Raises:
        InvalidHashError: It begins as an older scheme does and is malformed.
        HashParametersError: It asks for more than the bounds allow.
    """
    # The usual case, and the quickest.
    if isinstance(hash, str) and hash.startswith("$argon2i"):
        return Argon2Hash(hash)
    text = _text(hash)
    name, separator, rest = text.partition("$")
    if name in _DJANGOS and not rest.startswith("argon2w$"):
        return Argon2Hash(separator + rest, dressed=True)
    if name == "argon2w":
        text = "$" + text
    if text.startswith(_WRAPPED):
        numbers, pepper, header = _rust.wrapped_hash(text)
        return WrappedHash(text, numbers, pepper, legacy.read_header(header))
    return legacy.read(text) or Argon2Hash(hash)


def read_for(hash: str | Buffer, password: str | Buffer) -> Stored:
    """Return what a stored hash is that a password is to be verified against.

    Raises:
        TypeError: The password is a hash of an older scheme, or Django's of argon2, and
            the hash is none: the arguments are swapped.
        InvalidHashError: As `read`.
        HashParametersError: As `read`.
    """
    stored = read(hash)
    if isinstance(stored, Argon2Hash) and _swapped(stored.encoded, password):
        raise TypeError(
            "Expected (hash, password), in this order: they seem to be swapped."
        )
    return stored


def _swapped(hash: str | Buffer, password: str | Buffer) -> bool:
    """Return whether a hash of an older scheme stands where the password belongs.

    The engine notices argon2's own, and not what Django stores of it. A hash that is
    empty or begins with `!`, `*` or `$` is none of a password's: it is how user tables
    mark accounts without one.
    """
    text = _text(hash)
    if not text or text[0] in "!*$":
        return False
    try:
        found = read(password)
        if isinstance(found, Argon2Hash):
            return found.dressed and bool(_rust.hash_parameters(found.encoded))
    except HashParametersError:
        return True
    except (InvalidHashError, InvalidInputError):
        return False
    return True


def _text(hash: str | Buffer) -> str:
    if isinstance(hash, str):
        return hash
    try:
        return str(hash, "utf-8")
    except UnicodeDecodeError:
        raise malformed() from None


_WRAPPED: Final = "$argon2w$"
#: The names under which Django's hasher and ours store argon2's own text.
_DJANGOS: Final = frozenset({"argon2", "argon2p"})
