"""scrypt (RFC 7914) as Django and Werkzeug write it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hauberk.exceptions import ConfigurationError, HashMemoryError
from hauberk.passwords.legacy import decoding
from hauberk.passwords.legacy.scheme import Form, malformed, number, too_much
from hauberk.passwords.limits import limits

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FORMS", "Scrypt"]


@dataclass(frozen=True, slots=True, repr=False)
class Scrypt:
    """scrypt, with at most `limits().max_memory` for 128 · n · r · p bytes."""

    n: int
    r: int
    p: int
    salt: bytes

    def __post_init__(self) -> None:
        # RFC 7914, section 6: a power of 2 above 1 and below 2 ** (128 * r / 8).
        power_of_two = self.n & (self.n - 1) == 0
        if self.n < 2 or not power_of_two or self.n.bit_length() > 16 * self.r:  # noqa: PLR2004
            raise malformed() from None
        if self.memory > min(limits().max_memory, _MOST_OF_HASHLIB):
            raise too_much("more than max_memory")

    @property
    def name(self) -> str:
        """The function."""
        return "scrypt"

    @property
    def costs(self) -> Mapping[str, int]:
        """The costs by RFC 7914's names."""
        return {"n": self.n, "r": self.r, "p": self.p}

    @property
    def memory(self) -> int:
        """All that its lanes fill, one after the other."""
        return 128 * self.n * self.r * self.p

    @property
    def digest_length(self) -> int:
        """What both writers take."""
        return 64

    def digest(self, password: bytes) -> bytes:
        """Return the digest of a password, without the interpreter's lock.

        Raises:
            HashMemoryError: The memory could not be allocated.
            ConfigurationError: This Python was built without scrypt.
        """
        scrypt = getattr(hashlib, "scrypt", None)
        if scrypt is None:
            raise ConfigurationError("The OpenSSL of this Python has no scrypt.")
        # OpenSSL's own bound counts some working memory as well.
        allowed = self.memory + 128 * self.r * (self.p + 2) + _SPARE
        try:
            digest: bytes = scrypt(
                password, salt=self.salt, n=self.n, r=self.r, p=self.p, maxmem=allowed
            )
        except (MemoryError, ValueError):
            # The parameters are right, so it is the memory, whatever OpenSSL calls it.
            message = "The memory for the hash could not be allocated."
            raise HashMemoryError(message) from None
        return digest


def _django(header: str) -> Scrypt:
    """Read `scrypt$16384$<salt>$8$5`."""
    match header.split("$"):
        case ["scrypt", n, salt, r, p] if salt:
            return Scrypt(number(n), number(r), number(p), salt.encode())
    raise malformed() from None


def _werkzeug(header: str) -> Scrypt:
    """Read `scrypt:32768:8:1$<salt>`."""
    method, _, salt = header.partition("$")
    match method.split(":"):
        case ["scrypt", n, r, p] if salt and "$" not in salt:
            return Scrypt(number(n), number(r), number(p), salt.encode())
    raise malformed() from None


_SPARE: Final = 1 << 20
# It takes a C `int` of bytes.
_MOST_OF_HASHLIB: Final = (1 << 31) - (2 << 20)

#: The texts that scrypt is written in.
FORMS: Final = (
    Form("scrypt$", _django, decoding.standard),
    Form("scrypt:", _werkzeug, decoding.hexadecimal),
)
