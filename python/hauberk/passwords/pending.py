"""Hashing for event loops: the turn is awaited before a thread is taken."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T_co = TypeVar("T_co", covariant=True)


class Place(Protocol[P, T_co]):
    """A place in the queue of the limiter, then a turn."""

    def ready(self) -> bool:
        """Return whether it is its turn."""

    def remaining(self) -> float:
        """Return for how many seconds it may still wait."""

    def leave(self) -> None:
        """Give the place or the turn up, for somebody else."""

    def run(self, *args: P.args, **kwargs: P.kwargs) -> T_co:
        """Compute, once, when it is its turn."""


async def in_turn(
    enter: Callable[[Callable[[], None]], Place[P, T_co]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T_co:
    """Enter the queue, await the turn, and compute on a thread of the executor.

    Whoever is cancelled gives its place or its turn up at once, and not only when the
    last traceback that mentions it is gone.

    Args:
        enter: Makes the place from what wakes this task, which any thread may call.
        *args: What to compute with.
        **kwargs: Likewise.

    Raises:
        HashingBusyError: The queue was full, or the wait too long.
    """
    loop, told = asyncio.get_running_loop(), asyncio.Event()

    def wake() -> None:
        # The loop is closed when whoever waited is gone.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(told.set)

    place = enter(wake)
    try:
        while not place.ready():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(place.remaining()):
                    await told.wait()
            told.clear()
        return await asyncio.to_thread(place.run, *args, **kwargs)
    except BaseException:
        place.leave()
        raise
