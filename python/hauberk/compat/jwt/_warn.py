"""Warnings that point at the caller's code."""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING, Any, Final

from hauberk.compat.jwt.exceptions import InvalidKeyError
from hauberk.compat.jwt.warnings import (
    InsecureKeyLengthWarning,
    RemovedInPyjwt3Warning,
    UnverifiedTokenWarning,
)

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["of_arguments", "of_length", "of_no_verification", "of_verify"]


def of_arguments(function: str, unknown: dict[str, Any]) -> None:
    """Warn of arguments that `function` does not have, if there are any."""
    if unknown:
        message = f"{function}() does not know {', '.join(unknown)}"
        _at_caller(message, RemovedInPyjwt3Warning)


def of_length(message: str | None, options: Any) -> None:
    """Say that a key is too short, as loudly as the options ask for."""
    if message is None:
        return
    if options.get("enforce_minimum_key_length", False):
        raise InvalidKeyError(message)
    _at_caller(message, InsecureKeyLengthWarning)


def of_no_verification() -> None:
    """Warn that a token's signature was not looked at."""
    _at_caller(
        "A token is read without its signature: anybody may have written it",
        UnverifiedTokenWarning,
    )


def of_verify() -> None:
    """Warn of an argument that once switched verification off."""
    _at_caller(
        "`verify` does nothing: set `verify_signature` in `options`",
        DeprecationWarning,
    )


def _at_caller(message: str, category: type[Warning]) -> None:
    """Warn at the first line outside: how deep we are depends on what was called."""
    level = 1
    frame: FrameType | None = sys._getframe()  # noqa: SLF001 - as `warnings` does
    while frame is not None and _is_ours(frame.f_globals.get("__name__", "")):
        frame = frame.f_back
        level += 1
    warnings.warn(message, category, stacklevel=level)


def _is_ours(module: str) -> bool:
    return module == _PACKAGE or module.startswith(_PACKAGE + ".")


_PACKAGE: Final = "hauberk.compat.jwt"
