"""Checks of what passwords are hashed with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.conf import settings as django_settings
from django.core import checks
from django.core.exceptions import FieldDoesNotExist

from hauberk import passwords
from hauberk.django.conf import settings
from hauberk.exceptions import HashParametersError, HauberkError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.apps import AppConfig

    from hauberk.django.hashers import Argon2PasswordHasher

__all__ = ["check_passwords"]


def check_passwords(
    app_configs: Sequence[AppConfig] | None = None,  # noqa: ARG001 - Django's signature
    **_: Any,
) -> list[checks.CheckMessage]:
    """Look at what new passwords are hashed with, and how much memory that may take.

    `hauberk.E101`: the peppers are missing or wrong. `hauberk.E102`: the hashes do not
    fit the column of the user model. `hauberk.E103`: a hasher that only verifies stands
    first. `hauberk.E104`: a hash takes more memory than `MAX_MEMORY` allows.
    `hauberk.E105`: the parameters of a hasher are out of bounds.
    `hauberk.W101`: argon2 is weaker than OWASP asks.
    `hauberk.W102`: hashing may take more memory than the container has.
    `hauberk.W103`: a hasher of hauberk stands behind another one.
    `hauberk.W104`: `PEPPER_NEW_HASHES` is set, which Django does not ask.
    """
    messages = [*_check_memory(), *_check_settings()]
    # Only a project that has users imports their hashers.
    if apps.is_installed("django.contrib.auth"):
        messages += _check_hashers()
    return messages


def _check_hashers() -> list[checks.CheckMessage]:
    from django.contrib.auth.hashers import get_hashers  # noqa: PLC0415

    from hauberk.django.hashers import Argon2PasswordHasher  # noqa: PLC0415
    from hauberk.django.hashers.base import VerifyingHasher  # noqa: PLC0415

    hashers = get_hashers()
    ours = [one for one in hashers if isinstance(one, Argon2PasswordHasher)]
    messages: list[checks.CheckMessage] = []
    if isinstance(hashers[0], VerifyingHasher):
        message = (
            f"{type(hashers[0]).__name__} is the first of PASSWORD_HASHERS and makes "
            "no hashes: nobody can get a new password."
        )
        hint = "Put hauberk.django.hashers.Argon2PasswordHasher before it."
        messages.append(checks.Error(message, hint=hint, id="hauberk.E103"))
    if ours and ours[0] is not hashers[0]:
        name = type(ours[0]).__name__
        messages.append(
            checks.Warning(
                f"{name} is not the first of PASSWORD_HASHERS: new passwords are "
                f"hashed by {type(hashers[0]).__name__}.",
                hint="Put it first, unless you are on the way back to the other.",
                id="hauberk.W103",
            )
        )
    for hasher in ours:
        try:
            length = hasher.encoded_length()
        except HashParametersError as error:
            message = f"{type(hasher).__name__} can make no hash: {error}"
            hint = "Leave time_cost, memory_cost and parallelism as they are."
            messages.append(checks.Error(message, hint=hint, id="hauberk.E105"))
            continue
        except HauberkError as error:
            hint = "Set HAUBERK = {'PASSWORDS': {'PEPPERS': {<id>: <secret>}}}."
            messages.append(checks.Error(str(error), hint=hint, id="hauberk.E101"))
            continue
        if hasher is hashers[0]:
            messages += _check_strength(hasher)
            messages += _check_room(hasher)
            messages += _check_column(hasher, length)
    return messages


def _check_strength(hasher: Argon2PasswordHasher) -> list[checks.CheckMessage]:
    memory, time = hasher.memory_cost, hasher.time_cost
    if any(memory >= least and time >= passes for least, passes in _OWASP):
        return []
    message = (
        f"{type(hasher).__name__} takes {memory} KiB and {time} passes, which is less "
        "than OWASP's minimum of 19456 KiB (19 MiB) and 2 passes."
    )
    hint = "Leave memory_cost and time_cost as they are, or raise them."
    return [checks.Warning(message, hint=hint, id="hauberk.W101")]


def _check_room(hasher: Argon2PasswordHasher) -> list[checks.CheckMessage]:
    allowed = passwords.limits().max_memory
    if hasher.memory_cost <= allowed >> 10:
        return []
    message = (
        f"A hash of {type(hasher).__name__} takes {hasher.memory_cost} KiB, and all "
        f"together may take {allowed >> 10} KiB: nobody can log in."
    )
    hint = (
        "Raise HAUBERK['PASSWORDS']['MAX_MEMORY']. Where the machine has no more, a "
        "hasher with less memory_cost verifies only what was hashed within the limit."
    )
    return [checks.Error(message, hint=hint, id="hauberk.E104")]


def _check_column(
    hasher: Argon2PasswordHasher, length: int
) -> list[checks.CheckMessage]:
    try:
        model = apps.get_model(django_settings.AUTH_USER_MODEL)
        field: Any = model._meta.get_field("password")  # noqa: SLF001 - public in effect
    except (FieldDoesNotExist, LookupError, ValueError):
        return []
    room = getattr(field, "max_length", None)
    if room is None or length <= room:
        return []
    message = (
        f"A hash of {type(hasher).__name__} takes {length} characters, and the column "
        f"has {room}."
    )
    hint = "Take a shorter id for the pepper, or make the column longer."
    return [checks.Error(message, hint=hint, obj=field, id="hauberk.E102")]


def _check_settings() -> list[checks.CheckMessage]:
    values = settings()["PASSWORDS"]
    if not isinstance(values, dict) or "PEPPER_NEW_HASHES" not in values:
        return []
    message = (
        "HAUBERK['PASSWORDS']['PEPPER_NEW_HASHES'] has no effect in Django: new hashes "
        "are those of the first of PASSWORD_HASHERS."
    )
    hint = (
        "For hashes without a pepper put Argon2PasswordHasher before "
        "PepperedArgon2PasswordHasher."
    )
    return [checks.Warning(message, hint=hint, id="hauberk.W104")]


def _check_memory() -> list[checks.CheckMessage]:
    available = _container_memory()
    allowed = passwords.limits().max_memory
    if available is None or allowed <= available:
        return []
    message = (
        f"Hashing may take {allowed >> 20} MiB in each process, and the container has "
        f"{available >> 20} MiB."
    )
    hint = (
        "Set HAUBERK = {'PASSWORDS': {'MAX_MEMORY': <bytes>}} to what is left for each "
        "process."
    )
    return [checks.Warning(message, hint=hint, id="hauberk.W102")]


def _container_memory() -> int | None:
    """Return the memory limit of the control group in bytes, None if there is none."""
    for path in _CGROUP_LIMITS:
        try:
            return int(Path(path).read_text())
        except (OSError, ValueError):
            # Not this version of control groups, or "max".
            continue
    return None


# OWASP Password Storage Cheat Sheet: kibibytes and passes that it calls equivalent.
_OWASP: Final = ((47_104, 1), (19_456, 2), (12_288, 3), (9_216, 4), (7_168, 5))

_CGROUP_LIMITS = (
    "/sys/fs/cgroup/memory.max",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes",
)
