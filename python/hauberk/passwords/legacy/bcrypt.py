"""bcrypt as its own libraries, Django and passlib write it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hauberk import _rust
from hauberk.passwords.legacy import decoding
from hauberk.passwords.legacy.scheme import Form, malformed, too_much

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FORMS", "Bcrypt"]


@dataclass(frozen=True, slots=True, repr=False)
class Bcrypt:
    """bcrypt at a cost of at most 16.

    What stands behind the first 72 bytes of a password decides nothing, as it did when
    the hash was made.
    """

    cost: int
    salt: bytes
    #: Whether SHA-256 comes first, as in Django's `bcrypt_sha256`.
    sha256: bool = False

    def __post_init__(self) -> None:
        if self.cost < _MIN_COST:
            raise malformed() from None
        if self.cost > _MAX_COST:
            raise too_much(f"a cost of bcrypt above {_MAX_COST}")

    @property
    def name(self) -> str:
        """The function."""
        return "bcrypt_sha256" if self.sha256 else "bcrypt"

    @property
    def costs(self) -> Mapping[str, int]:
        """The cost, whose power of 2 is the number of rounds."""
        return {"cost": self.cost}

    @property
    def memory(self) -> int:
        """Four kibibytes, which nobody counts."""
        return 0

    @property
    def digest_length(self) -> int:
        """Of the 24 bytes of its output, 23 are written."""
        return 23

    def digest(self, password: bytes) -> bytes:
        """Return the digest of a password, without the interpreter's lock."""
        if self.sha256:
            password = hashlib.sha256(password).hexdigest().encode()
        return _rust.bcrypt_digest(password, self.cost, self.salt)


def _crypt(header: str) -> Bcrypt:
    """Read `$2b$12$` and the salt's 22 characters."""
    match = _HEADER.fullmatch(header)
    if match is None:
        raise malformed() from None
    return Bcrypt(int(match[1]), decoding.of_bcrypt(match[2]))


def _django(header: str) -> Bcrypt:
    """Read `bcrypt$` before the same."""
    return _crypt(header.removeprefix("bcrypt$"))


def _django_sha256(header: str) -> Bcrypt:
    """Read `bcrypt_sha256$` before the same."""
    plain = _crypt(header.removeprefix("bcrypt_sha256$"))
    return Bcrypt(plain.cost, plain.salt, sha256=True)


# `$2x$` marks hashes of an implementation that was wrong; nothing else verifies them.
_HEADER: Final = re.compile(r"\$2[aby]\$(\d\d)\$([./A-Za-z0-9]{22})", re.ASCII)
_DIGEST_TEXT: Final = 31
_MIN_COST: Final = 4
_MAX_COST: Final = 16

#: The texts that bcrypt is written in.
FORMS: Final = (
    Form("$2a$", _crypt, decoding.of_bcrypt, _DIGEST_TEXT),
    Form("$2b$", _crypt, decoding.of_bcrypt, _DIGEST_TEXT),
    Form("$2y$", _crypt, decoding.of_bcrypt, _DIGEST_TEXT),
    Form("bcrypt$", _django, decoding.of_bcrypt, _DIGEST_TEXT),
    Form("bcrypt_sha256$", _django_sha256, decoding.of_bcrypt, _DIGEST_TEXT),
)
