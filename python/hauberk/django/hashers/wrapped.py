"""The hasher of wrapped hashes: argon2 over what another hasher had stored."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import get_hasher, mask_hash
from django.utils.translation import gettext_noop as _

from hauberk import passwords
from hauberk.django.conf import settings
from hauberk.django.hashers.argon2 import PepperedArgon2PasswordHasher
from hauberk.django.hashers.base import VerifyingHasher

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

__all__ = ["WrappedPasswordHasher"]


class WrappedPasswordHasher(VerifyingHasher):
    """Verifies what `manage.py hauberk_wrap_passwords` stored, until users log in.

    The hashes have a name of their own, `argon2w`: neither Django nor any argon2
    library takes one for another kind of hash. They are peppered if new hashes are.

    Attributes:
        time_cost: Passes over the memory.
        memory_cost: Memory in kibibytes.
        parallelism: Lanes; they say nothing about the number of threads.
    """

    algorithm = "argon2w"

    time_cost = passwords.DJANGO.time_cost
    memory_cost = passwords.DJANGO.memory_cost
    parallelism = passwords.DJANGO.parallelism

    def wrap(self, encoded: str) -> str:
        """Return a hash for the same password with argon2 over the old digest.

        Raises:
            InvalidHashError: The hash is malformed, or argon2's already.
            HashParametersError: The hash asks for more than the bounds allow.
        """
        return self._hasher().wrap(encoded).removeprefix("$")

    def decode(self, encoded: str) -> dict[str, Any]:
        """Return the parts of a wrapped hash.

        Raises:
            InvalidHashError: It is not a hash of this hasher, or malformed.
        """
        stored = self._stored(encoded)
        info = passwords.identify(stored)
        _name, _version, _costs, salt, tag, _header = stored.split("$", 5)
        return {
            "algorithm": self.algorithm,
            "hash": tag,
            "salt": salt,
            "scheme": info.scheme,
            "costs": dict(info.costs),
            "params": info.parameters,
            "pepper": info.pepper,
        }

    def safe_summary(self, encoded: str) -> dict[str | _StrPromise, Any]:
        """Return what an administrator may see of a hash."""
        decoded = self.decode(encoded)
        params = decoded["params"]
        return {
            _("algorithm"): decoded["algorithm"],
            _("wrapped"): decoded["scheme"],
            _("memory cost"): params.memory_cost,
            _("time cost"): params.time_cost,
            _("parallelism"): params.parallelism,
            _("pepper"): decoded["pepper"],
            _("salt"): mask_hash(decoded["salt"]),
            _("hash"): mask_hash(decoded["hash"]),
        }

    def _hasher(self) -> passwords.PasswordHasher:
        # Short, because Django's column has 128 characters and the old salt stands in
        # the hash too: it is bound in, so that 8 fresh bytes more are plenty. A tag of
        # 128 bits is what RFC 9106, section 4, calls sufficient.
        params = dataclasses.replace(
            passwords.DJANGO,
            time_cost=self.time_cost,
            memory_cost=self.memory_cost,
            parallelism=self.parallelism,
            salt_len=8,
            hash_len=16,
        )
        return passwords.PasswordHasher.from_parameters(
            params,
            peppers=settings().peppers(),
            pepper_new_hashes=isinstance(get_hasher(), PepperedArgon2PasswordHasher),
        )
