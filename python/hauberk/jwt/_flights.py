"""A request that is on its way, and who waits for it."""

from __future__ import annotations

from concurrent.futures import Future
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from hauberk.jwt.key_sets import KeySet

#: Ends as the keys that came, as the reason why none came, or as None if whoever made
#: the request was interrupted.
Flight: TypeAlias = "Future[KeySet | str | None]"


def flight() -> Flight:
    """Return a request that those who wait for it cannot cancel."""
    flight: Flight = Future()
    flight.set_running_or_notify_cancel()
    return flight


class InProcess:
    """The last request of one process: a child inherits neither it nor its lock."""

    __slots__ = ("flight", "lock")

    def __init__(self) -> None:
        self.flight: Flight | None = None
        self.lock = Lock()
