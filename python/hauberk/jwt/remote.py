"""Key sets that an issuer publishes at a URL."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, NoReturn
from urllib.parse import urlsplit

from hauberk.exceptions import InvalidInputError, InvalidKeyError, KeySetFetchError
from hauberk.jwt._fetching import fetch
from hauberk.jwt._flights import InProcess, flight
from hauberk.jwt._options import seconds
from hauberk.jwt._sealed import HoldsKeys
from hauberk.jwt.key_sets import KeySet, algorithms

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Sequence
    from datetime import timedelta

    from hauberk.jwt._flights import Flight

__all__ = ["RemoteKeySet"]

_logger = logging.getLogger("hauberk.jwt")

_MAX_BYTES: Final = 512 << 10


class RemoteKeySet(HoldsKeys):
    """The public keys of an issuer, fetched when they are needed and kept for a while.

    Guarantees that no answer is waited for longer than `timeout`, that no redirect is
    followed, that one request is on its way at most in a process, and that keys are not
    used for longer than `ttl + max_stale` after they were fetched. A `kid` that is not
    among them is looked for once more, at most once in `cooldown`, whoever asks; who
    asks while a request is on its way waits for it.

    While keys can still be used, threads that find them old but have the key they need
    go on with them, and one fetches. An issuer that cannot be reached is a warning in
    the log `hauberk.jwt` until `max_stale` is over, and then an error. What is fetched
    is verified by TLS alone: who controls the URL controls the keys.

    May be shared by threads and event loops, and used in a child after `fork()`.

    Args:
        url: Where the JWK set (RFC 7517) is, `https://`.
        algs: The algorithms that keys may be for, none of them HMAC's.
        ttl: After how many seconds, or what timedelta, keys are fetched anew.
        cooldown: How long after the end of a request, answered or not, there is no
            other.
        timeout: How long a request may take, from the first address to the last byte.
            To find the addresses of a name is the system's, and takes as long as its
            resolver allows; `aget` does not wait for that either.
        max_bytes: How long an answer may be, 1 to 524 288 (512 KiB).
        max_stale: For how long after `ttl` keys are used when they cannot be fetched.
        allow_http: Accept an `http://` URL of `localhost` or a loopback address: for a
            test, or a proxy on the same machine or in the same pod. It is asked
            directly, whatever `http_proxy` says.
        ssl_context: What verifies the server, by default what Python takes.
        clock: Returns seconds that never go back; for tests.

    Raises:
        InvalidInputError: The URL is malformed or has another scheme, no host or a
            password, or a number is out of range, or `algs` names none, an unknown one
            or HMAC's.
        TypeError: `algs` is one str, or a set, which has no order.

    >>> keys = RemoteKeySet("https://id.example.org/jwks.json", algs=["ES256"])
    >>> keys
    <RemoteKeySet of id.example.org>
    """

    __slots__ = (
        "_algs",
        "_cached",
        "_clock",
        "_cooldown",
        "_ended",
        "_failure",
        "_fetch",
        "_in_process",
        "_max_stale",
        "_timeout",
        "_ttl",
        "host",
    )

    #: The server that is asked.
    host: str

    def __init__(  # noqa: PLR0913 - by keyword
        self,
        url: str,
        *,
        algs: Sequence[str],
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
        self._timeout = limit
        self._cached: _Cached | None = None
        self._ended: float | None = None
        self._failure: str | None = None
        self._in_process: dict[int, InProcess] = {}

    def get(self, kid: str | None = None) -> KeySet:
        """Return the keys, after a request if they are old or lack one.

        Args:
            kid: The key that a token asks for. If it is not among the keys, they are
                fetched anew; it may be missing from the result all the same.

        Raises:
            KeySetFetchError: There are no keys that may be used any more: the server
                could not be reached, or what it sent is no set of public keys.
        """
        while True:
            found = self._keys_or_flight(kid)
            if isinstance(found, KeySet):
                return found
            flight, is_ours = found
            outcome: KeySet | str | None
            try:
                outcome = self._fly(flight) if is_ours else flight.result(self._timeout)
            except TimeoutError:
                outcome = self._late()
            if outcome is not None:
                return self._landed(outcome)

    async def aget(self, kid: str | None = None) -> KeySet:
        """Do as `get`, without blocking the event loop.

        Cancelling a call does not cancel the request, which others may wait for.

        Raises:
            KeySetFetchError: As for `get`.
        """
        while True:
            found = self._keys_or_flight(kid)
            if isinstance(found, KeySet):
                return found
            flight, is_ours = found
            outcome: KeySet | str | None
            try:
                async with asyncio.timeout(self._timeout):
                    if is_ours:
                        outcome = await asyncio.shield(self._sent_off(flight))
                    else:
                        outcome = await asyncio.wrap_future(flight)
            except TimeoutError:
                outcome = self._late()
            if outcome is not None:
                return self._landed(outcome)

    def _current(self, kid: str | None) -> KeySet | None:
        """Return the keys if no request is called for."""
        cached = self._cached
        if cached is None or not cached.has(kid):
            return None
        return cached.keys if self._age(cached) <= self._ttl else None

    def _usable(self, kid: str | None = None) -> KeySet | None:
        """Return the keys if they may still be used, and have that name."""
        cached = self._cached
        if cached is None or not cached.has(kid):
            return None
        longest = self._ttl + self._max_stale
        return cached.keys if self._age(cached) <= longest else None

    def _age(self, cached: _Cached) -> float:
        return self._clock() - cached.fetched

    def _keys_or_flight(self, kid: str | None) -> KeySet | tuple[Flight, bool]:
        """Return keys, or the request to wait for and whether it is ours to make."""
        keys = self._current(kid)
        if keys is not None:
            return keys
        # What another process had on its way is not on its way here.
        here = os.getpid()
        ours = self._in_process.get(here)
        if ours is None:
            ours = self._in_process.setdefault(here, InProcess())
        with ours.lock:
            # Another may have fetched since.
            keys = self._current(kid)
            if keys is not None:
                return keys
            if ours.flight is None or ours.flight.done():
                if self._is_cooling_down():
                    return self._usable() or self._refuse(self._failure)
                ours.flight = flight()
                return ours.flight, True
            # Whoever has the key in question does not wait for another's request.
            return self._usable(kid) or (ours.flight, False)

    def _is_cooling_down(self) -> bool:
        ended = self._ended
        return ended is not None and self._clock() - ended < self._cooldown

    def _fly(self, flight: Flight) -> KeySet | str:
        """Make a request, and tell everybody who waits for it how it ended."""
        outcome = None
        try:
            outcome = self._requested()
        finally:
            # If it was interrupted, one of those who wait makes the next.
            flight.set_result(outcome)
        return outcome

    def _sent_off(self, flight: Flight) -> asyncio.Future[KeySet | str]:
        """Make a request in a thread of the event loop's executor."""
        loop = asyncio.get_running_loop()
        try:
            work = loop.run_in_executor(None, self._fly, flight)
        except BaseException:
            flight.set_result(None)
            raise
        # Whoever waited may be gone when it fails.
        work.add_done_callback(_looked_at)
        return work

    def _requested(self) -> KeySet | str:
        """Return the keys of a new answer, or why there are none."""
        start = self._clock()
        try:
            keys = KeySet.from_jwks(self._fetch(), algs=self._algs)
        except KeySetFetchError as error:
            failure = str(error)
        except InvalidKeyError as error:
            failure = f"What {self.host} sent was refused: {error}"
        else:
            kids = frozenset(key.kid for key in keys if key.kid is not None)
            self._cached = _Cached(keys, kids, start)
            self._failure, self._ended = None, self._clock()
            return keys
        self._failure, self._ended = failure, self._clock()
        if self._usable() is not None:
            _logger.warning("Keys that were fetched before are used: %s", failure)
        return failure

    def _landed(self, outcome: KeySet | str) -> KeySet:
        if isinstance(outcome, KeySet):
            return outcome
        return self._usable() or self._refuse(outcome)

    def _late(self) -> str:
        return f"{self.host} did not answer in time."

    def _refuse(self, failure: str | None) -> NoReturn:
        raise KeySetFetchError(failure or f"The keys of {self.host} are not there.")

    def __repr__(self) -> str:
        return f"<RemoteKeySet of {self.host}>"


@dataclass(frozen=True, slots=True)
class _Cached:
    keys: KeySet
    kids: frozenset[str]
    fetched: float

    def has(self, kid: str | None) -> bool:
        """Whether a key of that name is among them, if it must have one."""
        return kid is None or kid in self.kids


def _looked_at(work: asyncio.Future[KeySet | str]) -> None:
    if not work.cancelled():
        work.exception()


def _host(url: str, *, allow_http: bool) -> str:
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        # Its text is not repeated: a URL may have a password.
        raise InvalidInputError("The URL is malformed.") from None
    if not host or port == 0 or parts.username is not None:
        raise InvalidInputError("The URL has a host, and no user or password.")
    if parts.scheme == "https":
        return host
    if parts.scheme != "http" or not allow_http:
        also = "; allow_http=True accepts http:// from this machine"
        is_local = parts.scheme == "http" and _is_this_machine(host)
        raise InvalidInputError(
            f"A key set is fetched from an https:// URL{also if is_local else ''}."
        )
    if not _is_this_machine(host):
        raise InvalidInputError(
            "http:// is for localhost and loopback addresses: on the way from another "
            "machine, anybody could change the keys."
        )
    return host


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _asymmetric(algs: Sequence[str]) -> list[str]:
    try:
        names = algorithms(algs)
    except InvalidKeyError as error:
        raise InvalidInputError(str(error)) from None
    if any(name.startswith("HS") for name in names):
        raise InvalidInputError("A published secret is none: name asymmetric algs.")
    return names


def _duration(name: str, value: float | timedelta) -> float:
    duration = seconds(value)
    if not 0 <= duration < _FOREVER:
        raise InvalidInputError(f"{name} is a number of seconds, not negative.")
    return duration


_FOREVER: Final = 1e9
