"""Awaiting the turn of a hash."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")


class _Place(Protocol):
    def ready(self) -> bool: ...
    def remaining(self) -> float: ...


class Turn:
    """One hash of an event loop: its turn is awaited, then a thread computes it."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._told = asyncio.Event()

    def wake(self) -> None:
        """Tell the loop, from any thread, that it may be this hash's turn."""
        # The loop is closed when whoever waited is gone.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._told.set)

    async def come(self, place: _Place) -> None:
        """Wait until it is this hash's turn.

        Raises:
            HashingBusyError: It waited for too long.
        """
        while not place.ready():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(place.remaining()):
                    await self._told.wait()
            self._told.clear()

    async def run(
        self, compute: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Compute the hash on a thread of the loop's executor."""
        return await asyncio.to_thread(compute, *args, **kwargs)
