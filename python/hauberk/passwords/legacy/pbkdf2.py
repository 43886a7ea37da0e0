"""PBKDF2 (RFC 8018, section 5.2) as Django, Werkzeug and passlib write it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from hauberk.passwords.legacy import decoding
from hauberk.passwords.legacy.scheme import Form, malformed, number, too_much

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FORMS", "Pbkdf2"]


@dataclass(frozen=True, slots=True, repr=False)
class Pbkdf2:
    """PBKDF2 with HMAC, at most 10 million iterations."""

    hash_name: str
    iterations: int
    salt: bytes

    def __post_init__(self) -> None:
        if self.hash_name not in _LENGTHS:
            raise malformed() from None
        if self.iterations > _MAX_ITERATIONS:
            raise too_much(f"more than {_MAX_ITERATIONS} iterations")

    @property
    def name(self) -> str:
        """The function."""
        return f"pbkdf2_{self.hash_name}"

    @property
    def costs(self) -> Mapping[str, int]:
        """The iterations."""
        return {"iterations": self.iterations}

    @property
    def memory(self) -> int:
        """Nothing that counts."""
        return 0

    @property
    def digest_length(self) -> int:
        """The length of the hash function's output."""
        return _LENGTHS[self.hash_name]

    def digest(self, password: bytes) -> bytes:
        """Return the digest of a password, without the interpreter's lock."""
        return hashlib.pbkdf2_hmac(self.hash_name, password, self.salt, self.iterations)


def _django(header: str) -> Pbkdf2:
    """Read `pbkdf2_sha256$1000000$<salt>`."""
    match header.split("$"):
        case ["pbkdf2_sha256" | "pbkdf2_sha1" as name, iterations, salt] if salt:
            hash_name = name.removeprefix("pbkdf2_")
            return Pbkdf2(hash_name, number(iterations), salt.encode())
    raise malformed() from None


def _werkzeug(header: str) -> Pbkdf2:
    """Read `pbkdf2:sha256:1000000$<salt>`."""
    method, _, salt = header.partition("$")
    match method.split(":"):
        case ["pbkdf2", hash_name, iterations] if salt and "$" not in salt:
            return Pbkdf2(hash_name, number(iterations), salt.encode())
    raise malformed() from None


def _passlib(hash_name: str, header: str) -> Pbkdf2:
    """Read `$pbkdf2-sha256$29000$<salt>`."""
    match header.split("$"):
        case ["", _, iterations, salt]:
            try:
                salt_bytes = decoding.adapted(salt)
            except ValueError:
                raise malformed() from None
            return Pbkdf2(hash_name, number(iterations), salt_bytes)
    raise malformed() from None


# Those that Werkzeug's users write; md5 is no longer in every OpenSSL.
_LENGTHS: Final = {"sha1": 20, "sha224": 28, "sha256": 32, "sha384": 48, "sha512": 64}
_MAX_ITERATIONS: Final = 10_000_000

#: The texts that PBKDF2 is written in.
FORMS: Final = (
    Form("pbkdf2_sha256$", _django, decoding.standard),
    Form("pbkdf2_sha1$", _django, decoding.standard),
    Form("pbkdf2:", _werkzeug, decoding.hexadecimal),
    Form("$pbkdf2$", partial(_passlib, "sha1"), decoding.adapted),
    Form("$pbkdf2-sha256$", partial(_passlib, "sha256"), decoding.adapted),
    Form("$pbkdf2-sha512$", partial(_passlib, "sha512"), decoding.adapted),
)
