"""Timing one contest: interleaved, calibrated, the loop's own cost subtracted."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import repeat
from statistics import median
from types import FunctionType

from benches.peers.harness.contest import Clock, Contest, Setup, Work

#: Seconds that a sample lasts at least: thousands of times the clock's own cost.
SAMPLE_SECONDS = 0.002
MOST_ROUNDS = 101
FEWEST_ROUNDS = 7

_CLOCKS: Mapping[Clock, Callable[[], int]] = {
    Clock.THREAD: time.thread_time_ns,
    Clock.PROCESS: time.process_time_ns,
    Clock.WALL: time.perf_counter_ns,
}


def measure(
    contest: Contest, *, seconds: float, progress: Callable[[float], None]
) -> dict[str, float]:
    """Return the median of each contestant and limit for one piece of work.

    All take turns in one process: each round times one sample of everybody, in an order
    that moves on by one place a round, so that whatever disturbs the machine disturbs
    all alike.

    Args:
        contest: The row.
        seconds: About how long the rounds may take for each contestant, above the
            fewest rounds.
        progress: Called after each round with the fraction it is of the whole.
    """
    works = _prepare({**contest.contestants, **contest.limits})
    if contest.clock is Clock.REPORTED:
        return _reported(works, progress)
    clock = _CLOCKS[contest.clock]
    _check(contest, works)
    racers = [_Racer.calibrated(name, work, clock) for name, work in works.items()]
    # An empty lambda in the same loop: what it takes is not the contestants' doing.
    empty = _Racer.calibrated("", lambda: None, clock)
    field = [empty, *racers]
    rounds = _rounds(field, seconds)
    with _no_garbage_collection():
        for turn in range(rounds):
            start = turn % len(field)
            for racer in field[start:] + field[:start]:
                racer.run()
            progress(1 / rounds)
    overhead = median(empty.samples)
    if contest.deduct:
        below = next(one for one in racers if one.name == contest.deduct)
        # Their own floor keeps its time, to be shown beside.
        floor = median(below.samples)
        times = {
            racer.name: max(median(racer.samples) - floor, 1.0) / contest.calls
            for racer in racers
        }
        return {**times, contest.deduct: (floor - overhead) / contest.calls}
    return {
        racer.name: max(median(racer.samples) - overhead, 0.0) / contest.calls
        for racer in racers
    }


def _reported(
    works: Mapping[str, Work], progress: Callable[[float], None]
) -> dict[str, float]:
    """Return what the contestants say. Such work is long: one turn each, each run."""
    figures: dict[str, float] = {}
    for name, work in works.items():
        figure = work()
        if not isinstance(figure, int | float):
            raise TypeError(f"{name} reported {figure!r} and no figure.")
        figures[name] = figure
        progress(1 / len(works))
    return figures


def _prepare(contestants: Mapping[str, Work | Setup]) -> dict[str, Work]:
    works: dict[str, Work] = {}
    for name, contestant in contestants.items():
        if isinstance(contestant, Setup):
            try:
                works[name] = contestant.make()
            except ModuleNotFoundError:
                continue  # this Python has no such peer
        else:
            works[name] = contestant
    return works


def _check(contest: Contest, works: Mapping[str, Work]) -> None:
    outputs = {name: work() for name, work in works.items()}
    if contest.check is not None:
        contest.check(
            {name: outputs[name] for name in contest.contestants if name in outputs}
        )


def _rounds(field: list[_Racer], seconds: float) -> int:
    longest = max(racer.expected_seconds for racer in field)
    return min(MOST_ROUNDS, max(FEWEST_ROUNDS, int(seconds / longest)))


@dataclass
class _Racer:
    name: str
    work: Work
    clock: Callable[[], int]
    loop: Callable[[Work, int, Callable[[], int]], int]
    loops: int
    expected_seconds: float
    samples: list[float]

    @classmethod
    def calibrated(cls, name: str, work: Work, clock: Callable[[], int]) -> _Racer:
        """Warm up and find out how many calls make a sample of `SAMPLE_SECONDS`."""
        work = _as_function(work)
        loop = _own_copy_of_loop()
        loops = 1
        while True:
            # By the contest's own clock: on a loaded machine a single call may take a
            # whole time slice of everybody else's.
            taken = max(loop(work, loops, clock), 1) / 1e9
            if taken >= SAMPLE_SECONDS:
                break
            # Towards the aim, but never more than tenfold on the word of a tiny sample.
            loops = max(
                loops + 1, min(loops * 10, int(loops * 1.3 * SAMPLE_SECONDS / taken))
            )
        return cls(name, work, clock, loop, loops, taken, [])

    def run(self) -> None:
        taken = self.loop(self.work, self.loops, self.clock)
        self.samples.append(taken / self.loops)


def _loop(work: Work, loops: int, clock: Callable[[], int]) -> int:
    turns = repeat(None, loops)
    start = clock()
    for _ in turns:
        work()
    return clock() - start


def _own_copy_of_loop() -> Callable[[Work, int, Callable[[], int]], int]:
    # The interpreter specialises the call inside the loop for the first callee it
    # sees; a code object shared by all contestants would favour one of them.
    return FunctionType(_loop.__code__.replace(), _loop.__globals__)


def _as_function(work: Work) -> Work:
    # What is subtracted is the cost of an empty lambda, so everybody pays for one.
    return work if isinstance(work, FunctionType) else lambda: work()


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
