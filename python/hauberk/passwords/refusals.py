"""What a stored hash that cannot be verified against becomes: no login, and a log line.

A framework's function answers False where `PasswordHasher` raises: one bad row must not
turn a login into an error. Each line begins with the id of its event, which the record
has as `event` too; the hash stands in neither.
"""

from __future__ import annotations

import logging
from typing import Final

from hauberk.exceptions import (
    HashParametersError,
    InvalidHashError,
    PasswordError,
    UnknownPepperError,
)

__all__ = ["REFUSED", "report"]

#: What `report` is for.
REFUSED: Final = (HashParametersError, InvalidHashError, UnknownPepperError)


def report(error: PasswordError) -> None:
    """Log why a stored hash was refused."""
    event, level = next(
        (entry[1:] for entry in _EVENTS if isinstance(error, entry[0])), _OTHER
    )
    _logger.log(level, "%s: %s", event, error, extra={"event": event})


_logger = logging.getLogger("hauberk.passwords")

_OTHER: Final = ("passwords.hash_refused", logging.WARNING)
_EVENTS: Final[tuple[tuple[type[PasswordError], str, int], ...]] = (
    (HashParametersError, "passwords.hash_out_of_bounds", logging.WARNING),
    (InvalidHashError, "passwords.hash_malformed", logging.WARNING),
    # Every user with this pepper is locked out, and none of them typed anything wrong.
    (UnknownPepperError, "passwords.unknown_pepper", logging.ERROR),
)
