"""Key sets that an issuer publishes at a URL."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final, NoReturn
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from hauberk.exceptions import InvalidInputError, InvalidKeyError, KeySetFetchError
from hauberk.jwt._fetching import fetch
from hauberk.jwt._options import seconds
from hauberk.jwt._sealed import HoldsKeys
from hauberk.jwt.key_sets import KeySet

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Collection, Iterator
    from datetime import timedelta

__all__ = ["RemoteKeySet"]

_logger = logging.getLogger("hauberk.jwt")

_MAX_BYTES: Final = 512 << 10


class RemoteKeySet(HoldsKeys):
    """The public keys of an issuer, fetched when they are needed and kept for a while.

    Guarantees that no answer is waited for longer than `timeout`, that no redirect is
    followed, that one request is on its way at most, and that keys are not used for
    longer than `ttl + max_stale` after they were fetched. A `kid` that is not among
    them is looked for once more, at most once in `cooldown`, whoever asks.

    While keys can still be used, threads that find them old go on with them, and one
    fetches. An issuer that cannot be reached is a warning in the log `hauberk.jwt`
    until `max_stale` is over, and then an error. What is fetched is verified by TLS
    alone: who controls the URL controls the keys.

    May be shared by threads and event loops, and used in a child after `fork()`.

    Args:
        url: Where the JWK set (RFC 7517) is, `https://`.
        algs: The algorithms that keys may be for, none of them HMAC's.
        ttl: After how many seconds, or what timedelta, keys are fetched anew.
        cooldown: How long after a request, answered or not, there is no other.
        timeout: How long a request may take, from name to last byte.
        max_bytes: How long an answer may be, 1 to 524 288 (512 KiB).
        max_stale: For how long after `ttl` keys are used when they cannot be fetched.
        allow_http: Accept an `http://` URL: for a test, or a proxy in the same pod.
        ssl_context: What verifies the server, by default what Python takes.
        clock: Returns seconds that never go back; for tests.

    Raises:
        InvalidInputError: The URL has another scheme, no host or a password, or a
            number is out of range, or `algs` names none or HMAC's.

    >>> keys = RemoteKeySet("https://id.example.org/jwks.json", algs=["ES256"])
    >>> keys
    <RemoteKeySet of id.example.org>
    """

    __slots__ = (
        "_algs",
        "_cached",
        "_clock",
        "_cooldown",
        "_failure",
        "_fetch",
        "_flights",
        "_gate",
        "_max_stale",
        "_tried",
        "_ttl",
        "host",
    )

    #: The server that is asked.
    host: str

    def __init__(  # noqa: PLR0913 - by keyword
        self,
        url: str,
        *,
        algs: Collection[str],
        ttl: float | timedelta = 300,
        cooldown: float | timedelta = 30,
        timeout: float | timedelta = 5,
        max_bytes: int = _MAX_BYTES,
        max_stale: float | timedelta = 3600,
        allow_http: bool = False,
        ssl_context: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.host = _host(url, allow_http=allow_http)
        self._algs = _asymmetric(algs)
        self._ttl = _duration("ttl", ttl)
        self._cooldown = _duration("cooldown", cooldown)
        self._max_stale = _duration("max_stale", max_stale)
        limit = _duration("timeout", timeout)
        if limit == 0:
            raise InvalidInputError("timeout is a number of seconds above 0.")
        if not 1 <= max_bytes <= _MAX_BYTES:
            raise InvalidInputError(f"max_bytes is 1 to {_MAX_BYTES}.")
        self._fetch: Callable[[], bytes] = lambda: fetch(
            url, limit, max_bytes, ssl_context
        )
        self._clock = clock
        self._gate = _Gate()
        self._cached: _Cached | None = None
        self._tried: float | None = None
        self._failure: str | None = None
        self._flights: WeakKeyDictionary[
            asyncio.AbstractEventLoop, asyncio.Task[KeySet]
        ] = WeakKeyDictionary()

    def get(self, kid: str | None = None) -> KeySet:
        """Return the keys, after a request if they are old or lack one.

        Args:
            kid: The key that a token asks for. If it is not among the keys, they are
                fetched anew; it may be missing from the result all the same.

        Raises:
            KeySetFetchError: There are no keys that may be used any more: the server
                could not be reached, or what it sent is no set of public keys.
        """
        cached = self._current(kid)
        if cached is not None:
            return cached
        usable = self._usable()
        # Whoever has keys does not wait for another's request.
        with self._gate.entered(wait=usable is None) as entered:
            if not entered:
                return usable or self._refuse()
            # Another may have fetched while this one waited.
            return self._current(kid) or self._renewed()

    async def aget(self, kid: str | None = None) -> KeySet:
        """Do as `get`, without blocking the event loop.

        Cancelling a call does not cancel the request, which others may wait for.

        Raises:
            KeySetFetchError: As for `get`.
        """
        cached = self._current(kid)
        if cached is not None:
            return cached
        loop = asyncio.get_running_loop()
        flight = self._flights.get(loop)
        if flight is None or flight.done():
            flight = loop.create_task(asyncio.to_thread(self.get, kid))
            # Whoever waited may be gone when it fails.
            flight.add_done_callback(_looked_at)
            self._flights[loop] = flight
        return await asyncio.shield(flight)

    def _current(self, kid: str | None) -> KeySet | None:
        """Return the keys if no request is called for, or none is allowed yet."""
        cached = self._cached
        if cached is None:
            return None
        now = self._clock()
        old = now - cached.fetched > self._ttl
        missing = kid is not None and kid not in cached.kids
        if not (old or missing):
            return cached.keys
        if self._may_try(now):
            return None
        return self._usable()

    def _usable(self) -> KeySet | None:
        cached = self._cached
        if cached is None:
            return None
        age = self._clock() - cached.fetched
        return cached.keys if age <= self._ttl + self._max_stale else None

    def _may_try(self, now: float) -> bool:
        return self._tried is None or now - self._tried >= self._cooldown

    def _renewed(self) -> KeySet:
        now = self._clock()
        if not self._may_try(now):
            return self._usable() or self._refuse()
        self._tried = now
        try:
            keys = KeySet.from_jwks(self._fetch(), algs=self._algs)
        except KeySetFetchError as error:
            failure = str(error)
        except InvalidKeyError as error:
            failure = f"What {self.host} sent was refused: {error}"
        else:
            self._failure = None
            kids = frozenset(key.kid for key in keys if key.kid is not None)
            self._cached = _Cached(keys, kids, now)
            return keys
        self._failure = failure
        usable = self._usable()
        if usable is None:
            self._refuse()
        _logger.warning("Keys that were fetched before are used: %s", failure)
        return usable

    def _refuse(self) -> NoReturn:
        raise KeySetFetchError(
            self._failure or f"The keys of {self.host} are being fetched."
        )

    def __repr__(self) -> str:
        return f"<RemoteKeySet of {self.host}>"


@dataclass(frozen=True, slots=True)
class _Cached:
    keys: KeySet
    kids: frozenset[str]
    fetched: float


class _Gate:
    """A lock that a child process does not inherit locked."""

    __slots__ = ("_lock", "_process")

    def __init__(self) -> None:
        self._renew()

    def _renew(self) -> None:
        self._lock = Lock()
        self._process = os.getpid()

    @contextmanager
    def entered(self, *, wait: bool) -> Iterator[bool]:
        """Let one caller in, and say whether this is the one."""
        if self._process != os.getpid():
            self._renew()
        lock = self._lock
        entered = lock.acquire(blocking=wait)
        try:
            yield entered
        finally:
            if entered:
                lock.release()


def _looked_at(flight: asyncio.Task[KeySet]) -> None:
    if not flight.cancelled():
        flight.exception()


def _host(url: str, *, allow_http: bool) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (allow_http and parts.scheme == "http"):
        raise InvalidInputError("A key set is fetched from an https:// URL.")
    if not parts.hostname or parts.username is not None or parts.password is not None:
        raise InvalidInputError("The URL has a host, and no user or password.")
    return parts.hostname


def _asymmetric(algs: Collection[str]) -> tuple[str, ...]:
    if isinstance(algs, str):
        raise TypeError("algs is a collection of names, not one str.")
    if not algs or any(alg.startswith("HS") for alg in algs):
        raise InvalidInputError("algs names asymmetric algorithms, at least one.")
    return tuple(algs)


def _duration(name: str, value: float | timedelta) -> float:
    duration = seconds(value)
    if duration is None or not 0 <= duration < _FOREVER:
        raise InvalidInputError(f"{name} is a number of seconds, not negative.")
    return duration


_FOREVER: Final = 1e9
