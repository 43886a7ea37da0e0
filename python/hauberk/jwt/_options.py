"""Options that `Signer` and `Verifier` share."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, SupportsFloat, overload

from hauberk.exceptions import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterable

#: How long a token may be unless the caller says otherwise, in bytes.
DEFAULT_MAX_LENGTH = 16_384


@overload
def names(names: str | Iterable[str]) -> list[str]: ...


@overload
def names(names: str | Iterable[str] | None) -> list[str] | None: ...


def names(names: str | Iterable[str] | None) -> list[str] | None:
    """Return one name or several as a list."""
    if names is None:
        return None
    return [names] if isinstance(names, str) else list(names)


@overload
def seconds(duration: float | timedelta) -> float: ...


@overload
def seconds(duration: float | timedelta | None) -> float | None: ...


def seconds(duration: float | timedelta | None) -> float | None:
    """Return a duration in seconds.

    Raises:
        InvalidInputError: It is longer than there are times.
        TypeError: It is a truth value, which is no duration although Python counts it
            as a number, or something else.
    """
    if isinstance(duration, timedelta):
        return duration.total_seconds()
    if duration is None:
        return None
    if isinstance(duration, bool) or not isinstance(duration, SupportsFloat):
        raise TypeError("A duration is a timedelta or a number of seconds.")
    try:
        return float(duration)
    except OverflowError:
        raise InvalidInputError("A duration is longer than there are times.") from None
