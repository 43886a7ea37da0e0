"""How much hashing happens at once in this process."""

from __future__ import annotations

from dataclasses import dataclass

from hauberk import _rust
from hauberk.exceptions import InvalidInputError

__all__ = ["Limits", "Stats", "limits", "set_limits", "stats"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What may happen at the same time, in one process.

    Attributes:
        max_concurrency: Hashes, and threads that compute them, at once.
        max_memory: Bytes that all hashes may take together, and so the most that a
            single one may ask for.
        max_queue: How many callers may wait for their turn.
        queue_timeout: For how many seconds one may wait.
        retained_memory: Bytes of wiped memory kept for the next hash.
    """

    max_concurrency: int
    max_memory: int
    max_queue: int
    queue_timeout: float
    retained_memory: int


@dataclass(frozen=True, slots=True)
class Stats:
    """What happens at present, and what has happened since the process began.

    Attributes:
        running: Hashes that are computed now.
        waiting: Callers that wait now.
        memory: Bytes that the running ones take.
        retained_memory: Bytes of wiped memory kept for the next hash.
        admitted: Hashes whose turn came.
        refused: Callers that found the queue full.
        timed_out: Callers that waited for too long.
    """

    running: int
    waiting: int
    memory: int
    retained_memory: int
    admitted: int
    refused: int
    timed_out: int


def limits() -> Limits:
    """Return the limits in force."""
    return Limits(*_rust.hash_limits())


def set_limits(
    *,
    max_concurrency: int | None = None,
    max_memory: int | None = None,
    max_queue: int | None = None,
    queue_timeout: float | None = None,
    retained_memory: int | None = None,
) -> Limits:
    """Change the limits of this process, from now on and for those who wait.

    Whoever finds the queue full or waits for too long gets a `HashingBusyError`, which
    the framework integrations answer with 503 and `Retry-After`. A forked child has
    the same limits and an empty queue.

    Args:
        max_concurrency: At least 1; by default the number of processors.
        max_memory: In bytes, at least 8192; by default 1 GiB.
        max_queue: By default 1024.
        queue_timeout: In seconds; by default 30.
        retained_memory: In bytes; by default 256 MiB. It is wiped, and given back to
            the system when another hash finds it unused for ten seconds.

    Returns:
        The limits now in force. What was not passed is as before.

    Raises:
        InvalidInputError: A limit below 0, above what this machine can count, or with
            which nothing could run.

    >>> set_limits(max_queue=512).max_queue
    512
    >>> set_limits(max_queue=1024).max_queue
    1024
    """
    old = limits()
    new = Limits(
        old.max_concurrency if max_concurrency is None else max_concurrency,
        old.max_memory if max_memory is None else max_memory,
        old.max_queue if max_queue is None else max_queue,
        old.queue_timeout if queue_timeout is None else queue_timeout,
        old.retained_memory if retained_memory is None else retained_memory,
    )
    try:
        _rust.set_hash_limits(
            new.max_concurrency,
            new.max_memory,
            new.max_queue,
            new.queue_timeout,
            new.retained_memory,
        )
    except OverflowError:
        message = "A limit is below 0, or above what this machine can count."
        raise InvalidInputError(message) from None
    return new


def stats() -> Stats:
    """Return what happens at present.

    >>> stats().running
    0
    """
    return Stats(*_rust.hash_stats())
