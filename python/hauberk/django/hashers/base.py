"""What the hashers have in common: a bad row is a failed login and no error."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from django.contrib.auth.hashers import BasePasswordHasher

from hauberk.exceptions import (
    InvalidHashError,
    InvalidInputError,
    VerifyMismatchError,
)
from hauberk.passwords.normalization import is_encodable
from hauberk.passwords.refusals import REFUSED, report

if TYPE_CHECKING:
    from hauberk import passwords

__all__ = ["Hasher", "VerifyingHasher"]


class Hasher(BasePasswordHasher):
    """A hasher of Django's whose work is a `PasswordHasher`'s."""

    algorithm: str

    def verify(self, password: str, encoded: str) -> bool:
        """Return whether the password is the one the hash was made from.

        False is also the answer to a hash that cannot be read or asks for too much.

        Raises:
            HashingBusyError: Too many hashes wait, or this one has for too long.
            HashMemoryError: The memory could not be allocated.
            InvalidInputError: The password has a lone surrogate. Django makes a hash of
                it for a user who does not exist, which raises the same: answering False
                here would tell who does.
        """
        # Not below: settings that are wrong are no wrong password.
        hasher = self._hasher()
        _refuse_surrogates(password)
        try:
            return hasher.verify(self._stored(encoded), password)
        except VerifyMismatchError:
            return False
        except REFUSED as error:
            report(error)
            return False

    async def averify(self, password: str, encoded: str) -> bool:
        """Do as `verify`, off the event loop."""
        hasher = self._hasher()
        _refuse_surrogates(password)
        try:
            return await hasher.averify(self._stored(encoded), password)
        except VerifyMismatchError:
            return False
        except REFUSED as error:
            report(error)
            return False

    def _hasher(self) -> passwords.PasswordHasher:
        """Return what verifies."""
        raise NotImplementedError

    def _stored(self, encoded: str) -> str:
        """Return the hash as a `PasswordHasher` reads it.

        Raises:
            InvalidHashError: It is not a hash of this hasher.
        """
        algorithm, separator, _ = encoded.partition("$")
        if algorithm != self.algorithm or not separator:
            message = f"This is not a hash of the hasher {self.algorithm!r}."
            raise InvalidHashError(message)
        return encoded


def _refuse_surrogates(password: str) -> None:
    if not is_encodable(password):
        raise InvalidInputError("The password has a lone surrogate.")


class VerifyingHasher(Hasher):
    """A hasher that makes nothing new: what it verifies is updated."""

    def encode(self, password: str, salt: str) -> NoReturn:
        """Refuse.

        Raises:
            NotImplementedError: Always.
        """
        del password, salt
        raise NotImplementedError(
            f"{type(self).__name__} verifies old hashes and makes none: it cannot be "
            "the first of PASSWORD_HASHERS."
        )

    def must_update(self, encoded: str) -> bool:
        """Return True: a hash that verified is made anew by the first hasher."""
        del encoded
        return True

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Do nothing: Django asks only the hasher that new hashes are made with."""
