"""Logging in without blocking the event loop.

    AUTHENTICATION_BACKENDS = ["hauberk.django.auth.ModelBackend"]

Django's own backend calls the hasher on the event loop when it authenticates
asynchronously (up to 5.2 at least): while one password is verified, nothing else runs.
No hasher can change that. This backend awaits.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from django.contrib.auth import backends, get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import (
    UNUSABLE_PASSWORD_SUFFIX_LENGTH,
    get_hasher,
    identify_hasher,
    is_password_usable,
)
from django.utils.crypto import get_random_string

from hauberk.django.hashers import Argon2PasswordHasher
from hauberk.django.hashers.base import Hasher

if TYPE_CHECKING:
    from django.contrib.auth.hashers import BasePasswordHasher
    from django.contrib.auth.models import User
    from django.http import HttpRequest

__all__ = ["ModelBackend"]


class ModelBackend(backends.ModelBackend):
    """Django's backend, whose `aauthenticate` leaves the event loop free.

    What it decides is what Django's decides, and takes as long for a user who does not
    exist as for one who does. With a hasher of `hauberk.django.hashers` a login waits
    for its turn without a thread; every other hasher runs on a thread.

    A user model with an `acheck_password` of its own is asked through that.
    """

    async def aauthenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """Return the active user of this name and password, or None.

        Raises:
            HashingBusyError: Too many hashes wait, or this one has for too long.
        """
        del request
        model: Any = get_user_model()
        if username is None:
            username = kwargs.get(model.USERNAME_FIELD)
        if username is None or password is None:
            return None
        try:
            user = await model._default_manager.aget_by_natural_key(username)  # noqa: SLF001 - as Django's
        except model.DoesNotExist:
            # As long as it takes to verify the password of a user who exists.
            await _spend(password)
            return None
        if await _check_password(user, password) and self.user_can_authenticate(user):
            return user  # type: ignore[no-any-return]
        return None


async def _check_password(user: Any, password: str) -> bool:
    """Do as `user.acheck_password`, off the event loop."""
    if type(user).acheck_password is not AbstractBaseUser.acheck_password:
        return bool(await user.acheck_password(password))
    correct, must_update = await _verify(password, user.password)
    if correct and must_update:
        # On a thread: the model may have a `set_password` of its own.
        await asyncio.to_thread(user.set_password, password)
        # An upgrade of the hash is no change of the password.
        user._password = None  # noqa: SLF001 - as Django's
        await user.asave(update_fields=["password"])
    return correct


async def _verify(password: str, encoded: str) -> tuple[bool, bool]:
    """Do as Django's `verify_password`: whether it is right, and to be made anew."""
    preferred = get_hasher()
    hasher = None
    if is_password_usable(encoded):
        try:
            hasher = identify_hasher(encoded)
        except ValueError:
            # Gibberish, or of a hasher that is no longer configured.
            hasher = None
    if hasher is None:
        await _spend(get_random_string(UNUSABLE_PASSWORD_SUFFIX_LENGTH))
        return False, False
    changed = hasher.algorithm != preferred.algorithm
    must_update = changed or preferred.must_update(encoded)
    correct = await _hasher_verify(hasher, password, encoded)
    if not correct and not changed and must_update:
        await asyncio.to_thread(hasher.harden_runtime, password, encoded)
    return correct, must_update


async def _hasher_verify(
    hasher: BasePasswordHasher, password: str, encoded: str
) -> bool:
    if isinstance(hasher, Hasher):
        return await hasher.averify(password, encoded)
    return await asyncio.to_thread(hasher.verify, password, encoded)


async def _spend(password: str) -> None:
    """Take as long as making a hash of a password does."""
    hasher = get_hasher()
    if isinstance(hasher, Argon2PasswordHasher):
        await hasher.aencode(password, hasher.salt())
    else:
        await asyncio.to_thread(hasher.encode, password, hasher.salt())
