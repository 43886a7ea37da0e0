"""Where keys come from: files, and variables that name them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, NoReturn, TypeVar

from hauberk.exceptions import ConfigurationError, KeyringError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class HoldsKeys:
    """Refuses to be pickled or copied: keys would leave the memory that is wiped."""

    __slots__ = ()

    def __reduce__(self) -> NoReturn:
        name = type(self).__name__
        message = (
            f"A {name} holds keys and cannot be pickled or copied; load it where it is "
            "needed."
        )
        raise TypeError(message)


def from_environment(name: str) -> tuple[str, str | None]:
    """Return the value of `name`, or the path in `<name>_FILE`."""
    value, path = os.environ.get(name), os.environ.get(name + _FILE)
    if value is None and path is None:
        message = (
            f"Neither of the environment variables {name} and {name}{_FILE} is set."
        )
        raise ConfigurationError(message)
    if value is not None and path is not None:
        message = (
            f"Both environment variables {name} and {name}{_FILE} are set; unset one."
        )
        raise ConfigurationError(message)
    return value or "", path


def at_path(path: str | os.PathLike[str], action: Callable[[str], T], /) -> T:
    """Run a file's action; the error says which file."""
    try:
        return action(os.fspath(path))
    except KeyringError as error:
        raise KeyringError(f"{os.fspath(path)}: {error}") from None


_FILE: Final = "_FILE"
