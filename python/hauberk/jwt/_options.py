"""Options that `Signer` and `Verifier` share."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from collections.abc import Iterable


@overload
def names(names: str | Iterable[str]) -> list[str]: ...


@overload
def names(names: str | Iterable[str] | None) -> list[str] | None: ...


def names(names: str | Iterable[str] | None) -> list[str] | None:
    """Return one name or several as a list."""
    if names is None:
        return None
    return [names] if isinstance(names, str) else list(names)


def seconds(duration: float | timedelta | None) -> float | None:
    """Return a duration in seconds."""
    if isinstance(duration, timedelta):
        return duration.total_seconds()
    return duration
