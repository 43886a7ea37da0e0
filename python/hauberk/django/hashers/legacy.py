"""Django's other hashers, for verifying only.

They have Django's names and read Django's hashes. What they add: bounds on what a hash
may ask for, a turn of the limiter, `averify`, and bcrypt without a package for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import mask_hash
from django.utils.translation import gettext_noop as _

from hauberk import passwords
from hauberk.django.hashers.base import VerifyingHasher

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

__all__ = [
    "BCryptPasswordHasher",
    "BCryptSHA256PasswordHasher",
    "PBKDF2PasswordHasher",
    "PBKDF2SHA1PasswordHasher",
    "ScryptPasswordHasher",
]


class _LegacyHasher(VerifyingHasher):
    def decode(self, encoded: str) -> dict[str, Any]:
        """Return the parts of a hash.

        Raises:
            InvalidHashError: It is not a hash of this hasher, or malformed.
            HashParametersError: It asks for more than the bounds allow.
        """
        info = passwords.identify(self._stored(encoded))
        digest = encoded.rpartition("$")[2]
        return {"algorithm": self.algorithm, "hash": digest, **info.costs}

    def safe_summary(self, encoded: str) -> dict[str | _StrPromise, Any]:
        """Return what an administrator may see of a hash."""
        decoded = self.decode(encoded)
        summary: dict[str | _StrPromise, Any] = {_("algorithm"): self.algorithm}
        costs = decoded.keys() - {"algorithm", "hash"}
        summary.update((cost, decoded[cost]) for cost in sorted(costs))
        summary[_("hash")] = mask_hash(decoded["hash"])
        return summary

    def _hasher(self) -> passwords.PasswordHasher:
        return _VERIFIER


class PBKDF2PasswordHasher(_LegacyHasher):
    """PBKDF2 with HMAC-SHA256."""

    algorithm = "pbkdf2_sha256"


class PBKDF2SHA1PasswordHasher(_LegacyHasher):
    """PBKDF2 with HMAC-SHA1."""

    algorithm = "pbkdf2_sha1"


class ScryptPasswordHasher(_LegacyHasher):
    """scrypt."""

    algorithm = "scrypt"


class BCryptSHA256PasswordHasher(_LegacyHasher):
    """bcrypt over SHA-256."""

    algorithm = "bcrypt_sha256"


class BCryptPasswordHasher(_LegacyHasher):
    """bcrypt, of the first 72 bytes of a password."""

    algorithm = "bcrypt"


_VERIFIER = passwords.PasswordHasher()
