"""The hashers that new passwords are hashed with."""

from __future__ import annotations

import base64
import dataclasses
from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import mask_hash, must_update_salt
from django.utils.translation import gettext_noop as _

from hauberk import passwords
from hauberk.django.conf import settings
from hauberk.django.hashers.base import Hasher
from hauberk.exceptions import ConfigurationError
from hauberk.passwords.refusals import REFUSED

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

__all__ = ["Argon2PasswordHasher", "PepperedArgon2PasswordHasher"]

# Django bounds a password by the size of the request and by nothing else. Refusing one
# here would tell an unknown user (whose login hashes it) from a known one.
_MAX_PASSWORD_BYTES = 4 << 20


class Argon2PasswordHasher(Hasher):
    """Secure password hashing with argon2id (RFC 9106).

    Attributes:
        time_cost: Passes over the memory.
        memory_cost: Memory in kibibytes.
        parallelism: Lanes; they say nothing about the number of threads.
    """

    algorithm = "argon2"

    time_cost = passwords.DJANGO.time_cost
    memory_cost = passwords.DJANGO.memory_cost
    parallelism = passwords.DJANGO.parallelism

    def encode(self, password: str, salt: str) -> str:
        """Return the encoded hash of a password under a salt, `argon2$argon2id$...`."""
        # Undocumented, of Django: it refuses what is no password or salt.
        self._check_encode_args(password, salt)  # type: ignore[attr-defined]
        hasher = self._hasher()
        return self.algorithm + hasher.hash(password, salt=salt.encode())

    async def aencode(self, password: str, salt: str) -> str:
        """Do as `encode`, off the event loop."""
        self._check_encode_args(password, salt)  # type: ignore[attr-defined]
        hasher = self._hasher()
        return self.algorithm + await hasher.ahash(password, salt=salt.encode())

    def decode(self, encoded: str) -> dict[str, Any]:
        """Return the parts of an encoded hash.

        Raises:
            InvalidHashError: It is not a hash of this hasher, or malformed.
        """
        phc = self._stored(encoded)
        params = passwords.extract_parameters(phc)
        variety, *_costs, salt, tag = phc[1:].split("$")
        return {
            "algorithm": self.algorithm,
            "hash": tag,
            "memory_cost": params.memory_cost,
            "parallelism": params.parallelism,
            "salt": _salt(salt),
            "time_cost": params.time_cost,
            "variety": variety,
            "version": params.version,
            "params": params,
        }

    def must_update(self, encoded: str) -> bool:
        """Return whether the hash has other parameters, or too short a salt."""
        try:
            decoded = self.decode(encoded)
            # The salt is Django's to choose and judged by its entropy.
            hasher = self._hasher(salt_len=decoded["params"].salt_len)
            if hasher.check_needs_rehash(self._stored(encoded)):
                return True
        except REFUSED:
            # It verifies nothing, so there is nothing to update it from.
            return False
        return must_update_salt(decoded["salt"], self.salt_entropy)

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Do nothing, as Django's: argon2's work cannot be topped up."""

    def safe_summary(self, encoded: str) -> dict[str | _StrPromise, Any]:
        """Return what an administrator may see of a hash."""
        decoded = self.decode(encoded)
        return {
            _("algorithm"): decoded["algorithm"],
            _("variety"): decoded["variety"],
            _("version"): decoded["version"],
            _("memory cost"): decoded["memory_cost"],
            _("time cost"): decoded["time_cost"],
            _("parallelism"): decoded["parallelism"],
            _("salt"): mask_hash(decoded["salt"]),
            _("hash"): mask_hash(decoded["hash"]),
        }

    def params(self) -> passwords.Parameters:
        """Return the parameters of new hashes; the salt is Django's to choose."""
        return dataclasses.replace(
            passwords.DJANGO,
            time_cost=self.time_cost,
            memory_cost=self.memory_cost,
            parallelism=self.parallelism,
        )

    def encoded_length(self) -> int:
        """Return how many characters a hash made now takes in the database."""
        hasher = self._hasher(salt_len=len(self.salt()))
        return len(self.algorithm + hasher.dummy_hash())

    def _hasher(self, *, salt_len: int | None = None) -> passwords.PasswordHasher:
        params = self.params()
        if salt_len is not None:
            params = dataclasses.replace(params, salt_len=salt_len)
        return passwords.PasswordHasher.from_parameters(
            params,
            peppers=self._peppers(),
            max_password_bytes=_MAX_PASSWORD_BYTES,
        )

    def _peppers(self) -> passwords.Peppers | None:
        return None

    def _stored(self, encoded: str) -> str:
        # Without Django's name: the parts that are looked at are argon2's own.
        return super()._stored(encoded).removeprefix(self.algorithm)


class PepperedArgon2PasswordHasher(Argon2PasswordHasher):
    """The same with a pepper, under a name of its own since Django cannot read these.

    The peppers are `HAUBERK["PASSWORDS"]["PEPPERS"]`, by their ids, the current one
    first; hashes under an older one are updated when their users log in. With Django's
    parameters and its column of 128 characters, an id has at most 6 characters (the
    check `hauberk.E102`).

    A stolen table whose pepper was not stolen cannot be guessed from at all. Who loses
    the pepper has lost every password.
    """

    algorithm = "argon2p"

    def decode(self, encoded: str) -> dict[str, Any]:
        """Return the parts of an encoded hash, `pepper` among them.

        Raises:
            InvalidHashError: It is not a hash of this hasher, or malformed.
        """
        pepper = passwords.pepper_id(self._stored(encoded))
        return {**super().decode(encoded), "pepper": pepper}

    def safe_summary(self, encoded: str) -> dict[str | _StrPromise, Any]:
        """Return what an administrator may see of a hash."""
        pepper = passwords.pepper_id(self._stored(encoded))
        return {**super().safe_summary(encoded), _("pepper"): pepper}

    def _peppers(self) -> passwords.Peppers | None:
        peppers = settings().peppers()
        if not peppers:
            message = "HAUBERK['PASSWORDS']['PEPPERS'] has to name at least one pepper."
            raise ConfigurationError(message)
        return peppers


def _salt(text: str) -> str:
    return base64.b64decode(text + "=" * (-len(text) % 4)).decode("latin1")
