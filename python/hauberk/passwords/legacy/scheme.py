"""What every older scheme has: a function with costs and salt, and written forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from hauberk.exceptions import HashParametersError, InvalidHashError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Form", "OldHash", "Scheme", "malformed", "number", "too_much"]


class Scheme(Protocol):
    """How a digest is computed from a password, within the bounds."""

    @property
    def name(self) -> str:
        """The function, such as `pbkdf2_sha256`."""

    @property
    def costs(self) -> Mapping[str, int]:
        """What it was asked to spend, by the names that its documents use."""

    @property
    def memory(self) -> int:
        """How many bytes are counted while it is computed."""

    @property
    def digest_length(self) -> int:
        """How many bytes a digest has."""

    def digest(self, password: bytes) -> bytes:
        """Return the digest of a password."""


@dataclass(frozen=True, slots=True, repr=False)
class OldHash:
    """A hash of an older scheme, taken apart.

    Attributes:
        header: The text without the digest: there is nothing in it to guess against.
        scheme: What computes the digest.
        expected: The digest.
    """

    header: str
    scheme: Scheme
    expected: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """One of the texts that hashes of a scheme are written in.

    Attributes:
        prefix: What every hash of this form begins with, and no other.
        read: Makes the scheme of a header.
        decode: Makes bytes of a digest's text.
        digest_text: The length of that text where nothing stands before it; otherwise
            it is what stands behind the last `$`.
    """

    prefix: str
    read: Callable[[str], Scheme]
    decode: Callable[[str], bytes]
    digest_text: int | None = None

    def take_apart(self, text: str) -> OldHash:
        """Return the parts of a hash.

        Raises:
            InvalidHashError: It is malformed.
            HashParametersError: It asks for more than the bounds allow.
        """
        if self.digest_text is None:
            header, _, digest = text.rpartition("$")
        else:
            header, digest = text[: -self.digest_text], text[-self.digest_text :]
        scheme = self.read(header)
        try:
            expected = self.decode(digest)
        except ValueError:
            raise malformed() from None
        if len(expected) != scheme.digest_length:
            raise malformed() from None
        return OldHash(header, scheme, expected)


def number(text: str) -> int:
    """Return a positive number without sign, leading zero or other decoration.

    Raises:
        InvalidHashError: It is none.
    """
    plain = text.isascii() and text.isdecimal() and not text.startswith("0")
    if not plain:
        raise malformed() from None
    return int(text) if len(text) <= _MOST_DIGITS else 10**_MOST_DIGITS


def malformed() -> InvalidHashError:
    """Return the error of a hash that cannot be read."""
    message = "The encoded hash is malformed or of an unknown scheme."
    return InvalidHashError(message)


def too_much(what: str) -> HashParametersError:
    """Return the error of a hash that asks for more than it may have."""
    return HashParametersError(f"The hash asks for {what}.")


_MOST_DIGITS: Final = 12
