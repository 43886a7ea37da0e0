"""The keyrings of the current application, for types that are made before it."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from flask import current_app

from hauberk.exceptions import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hauberk.encryption import Keyring

__all__ = ["keyring"]


# The same function for the same name: SQLAlchemy caches statements by it.
@functools.cache
def keyring(name: str = "default", /) -> Callable[[], Keyring]:
    """Return a function that returns a keyring of the current application.

    For the `keyring` of `hauberk.sqlalchemy.encryption`'s types.

    Args:
        name: A key of the setting `HAUBERK_KEYRINGS`.

    Returns:
        The function. It raises ConfigurationError if the application has no `Hauberk`
        or no such keyring, and KeyringError if that cannot be read.
    """

    def current() -> Keyring:
        settings = current_app.extensions.get("hauberk")
        if settings is None:
            raise ConfigurationError("The application has no Hauberk extension.")
        found: Keyring = settings.keyring(name)
        return found

    return current
