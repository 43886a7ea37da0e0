"""A JWK set that is kept for a while."""

from __future__ import annotations

import time
from typing import Any

from hauberk.compat.jwt.api_jwk import PyJWKSet, PyJWTSetWithTimestamp
from hauberk.compat.jwt.exceptions import PyJWKSetError

__all__ = ["JWKSetCache"]


class JWKSetCache:
    """Keeps one set.

    Args:
        lifespan: For how many seconds; -1 is for ever.
    """

    def __init__(self, lifespan: float) -> None:
        self.jwk_set_with_timestamp: PyJWTSetWithTimestamp | None = None
        self.lifespan = lifespan

    def put(self, jwk_set: PyJWKSet | dict[str, Any] | None) -> None:
        """Keep a set from now on; None keeps nothing.

        Raises:
            PyJWKSetError: It is no set, or has no key that can be used.
        """
        if isinstance(jwk_set, dict):
            jwk_set = PyJWKSet.from_dict(jwk_set)
        if jwk_set is None:
            self.jwk_set_with_timestamp = None
        elif isinstance(jwk_set, PyJWKSet):
            self.jwk_set_with_timestamp = PyJWTSetWithTimestamp(jwk_set)
        else:
            raise PyJWKSetError("Invalid JWK Set value")

    def get(self) -> PyJWKSet | None:
        """Return the set, or None when its time is over."""
        kept = self.jwk_set_with_timestamp
        return None if kept is None or self.is_expired() else kept.get_jwk_set()

    def is_expired(self) -> bool:
        """Return whether there is a set whose time is over."""
        kept = self.jwk_set_with_timestamp
        if kept is None or self.lifespan < 0:
            return False
        return time.monotonic() > kept.get_timestamp() + self.lifespan
