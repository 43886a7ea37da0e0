"""Keys that an issuer publishes at a URL."""

from __future__ import annotations

import http.client
import math
import os
import threading
import time
import urllib.request
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from hauberk import _rust
from hauberk.compat.jwt.api_jwk import PyJWK, PyJWKSet
from hauberk.compat.jwt.api_jws import get_unverified_header
from hauberk.compat.jwt.exceptions import PyJWKClientConnectionError, PyJWKClientError
from hauberk.compat.jwt.jwk_set_cache import JWKSetCache
from hauberk.exceptions import InvalidInputError

if TYPE_CHECKING:
    from ssl import SSLContext

__all__ = ["PyJWKClient"]

_MAX_BYTES: Final = 512 << 10


class PyJWKClient:
    """Fetches the JWK set of an issuer and finds keys in it.

    Follows no redirect and reads 512 KiB at most. `hauberk.jwt.RemoteKeySet` does more:
    it bounds the whole time of a request and goes on with old keys for a while when the
    issuer is down.

    Args:
        uri: An `http` or `https` URL.
        cache_keys: Keep keys by their `kid` with no end of their time.
        max_cached_keys: How many of them.
        cache_jwk_set: Keep the set.
        lifespan: For how many seconds.
        headers: What to send with a request.
        timeout: How long to wait for the next bytes of an answer, in seconds.
        ssl_context: What verifies the server.
        cooldown_duration: How many seconds after a fetch an unknown `kid` is a reason
            for another one.

    Raises:
        PyJWKClientError: The URL has another scheme, or a number is out of range.
    """

    def __init__(
        self,
        uri: str,
        cache_keys: bool = False,
        max_cached_keys: int = 16,
        cache_jwk_set: bool = True,
        lifespan: float = 300,
        headers: dict[str, Any] | None = None,
        timeout: float = 30,
        ssl_context: SSLContext | None = None,
        cooldown_duration: float = 30,
    ) -> None:
        scheme = urlsplit(uri).scheme
        if scheme not in {"http", "https"}:
            raise PyJWKClientError(f"Invalid JWKS URI scheme {scheme!r}")
        if not math.isfinite(cooldown_duration) or cooldown_duration < 0:
            raise PyJWKClientError("Cooldown duration must be 0 or more, and finite")
        if cache_jwk_set and lifespan <= 0:
            raise PyJWKClientError("Lifespan must be greater than 0")
        self.uri = uri
        self.headers = headers or {}
        self.timeout = timeout
        self.ssl_context = ssl_context
        self.cooldown_duration = cooldown_duration
        self.jwk_set_cache = JWKSetCache(lifespan) if cache_jwk_set else None
        self._last_successful_fetch: float | None = None
        self._owner = 0
        if cache_keys:
            cached = lru_cache(maxsize=max_cached_keys)(self.get_signing_key)
            self.get_signing_key = cached  # type: ignore[method-assign]

    def fetch_data(self) -> Any:
        """Fetch the set, keep it, and return it as a dictionary.

        Raises:
            PyJWKClientConnectionError: The issuer could not be reached.
            PyJWKClientError: What it sent is no JSON object.
            PyJWKSetError: It has no key that can be used.
        """
        handlers: list[urllib.request.BaseHandler] = [_NoRedirectHandler()]
        if self.ssl_context is not None:
            handlers.append(urllib.request.HTTPSHandler(context=self.ssl_context))
        opener = urllib.request.build_opener(*handlers)
        # The scheme was looked at when the client was made.
        request = urllib.request.Request(self.uri, headers=self.headers)  # noqa: S310
        try:
            with opener.open(request, timeout=self.timeout) as response:
                body = response.read(_MAX_BYTES + 1)
        except (OSError, http.client.HTTPException) as error:
            if isinstance(error, HTTPError):
                error.close()
            reason = error.reason if isinstance(error, URLError) else error
            raise PyJWKClientConnectionError(
                f'Fail to fetch data from the url, err: "{reason}"'
            ) from None
        if len(body) > _MAX_BYTES:
            raise PyJWKClientError(f"The JWKS endpoint sent over {_MAX_BYTES} bytes")
        data = _object(body)
        if self.jwk_set_cache is not None:
            self.jwk_set_cache.put(data)
        self._last_successful_fetch = time.monotonic()
        return data

    def get_jwk_set(self, refresh: bool = False) -> PyJWKSet:
        """Return the set, which is fetched if none is kept or `refresh` is true.

        Raises:
            PyJWKClientError: As for `fetch_data`.
        """
        kept = self.jwk_set_cache
        if kept is not None and not refresh:
            found = kept.get()
            if found is not None:
                return found
        # A subclass may have changed what was fetched.
        jwk_set = PyJWKSet.from_dict(self.fetch_data())
        if kept is not None:
            kept.put(jwk_set)
        return jwk_set

    def get_signing_keys(self, refresh: bool = False) -> list[PyJWK]:
        """Return the keys for signatures that have a `kid`.

        Raises:
            PyJWKClientError: There is none, or as for `fetch_data`.
        """
        keys = [
            key
            for key in self.get_jwk_set(refresh).keys
            if key.public_key_use in ("sig", None) and key.key_id
        ]
        if not keys:
            raise PyJWKClientError("The JWKS endpoint did not contain any signing keys")
        return keys

    def get_signing_key(self, kid: str) -> PyJWK:
        """Return the key of a name, after another fetch if it is not known.

        Raises:
            PyJWKClientError: There is none, or as for `fetch_data`.
        """
        with self._lock():
            key = self.match_kid(self.get_signing_keys(), kid)
            if key is None and not self._cooling_down():
                keys = self.get_signing_keys(refresh=True)
                # A subclass may fetch in another way, and is not to fetch more often.
                self._last_successful_fetch = time.monotonic()
                key = self.match_kid(keys, kid)
        if key is None:
            raise PyJWKClientError(
                f'Unable to find a signing key that matches: "{kid}"'
            )
        return key

    def get_signing_key_from_jwt(self, token: str | bytes) -> PyJWK:
        """Return the key that a token's header names.

        Raises:
            DecodeError: The token is malformed.
            PyJWKClientError: There is none, or as for `fetch_data`.
        """
        return self.get_signing_key(get_unverified_header(token).get("kid", ""))

    @staticmethod
    def match_kid(signing_keys: list[PyJWK], kid: str) -> PyJWK | None:
        """Return the first key of a name."""
        return next((key for key in signing_keys if key.key_id == kid), None)

    def _cooling_down(self) -> bool:
        fetched = self._last_successful_fetch
        if self.jwk_set_cache is None or fetched is None:
            return False
        return time.monotonic() - fetched < self.cooldown_duration

    def _lock(self) -> threading.RLock:
        """Return a lock that a child process does not inherit locked."""
        if self._owner != os.getpid():
            self._gate = threading.RLock()
            self._owner = os.getpid()
        return self._gate


class _NoRedirectHandler(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Follow none: the answer's status becomes the error."""


def _object(body: Any) -> dict[str, Any]:
    try:
        data = _rust.json_loads(body)
    except InvalidInputError:
        data = None
    if not isinstance(data, dict):
        raise PyJWKClientError("The JWKS endpoint did not return a JSON object")
    return data
