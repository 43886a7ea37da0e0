"""What is compared with what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

Work = Callable[[], object]


@dataclass(frozen=True)
class Setup:
    """A contestant that has to be prepared: `make` returns the callable to time.

    `make` is the place to import a peer that not every Python has: a contestant whose
    `make` raises ModuleNotFoundError is left out of its row.
    """

    make: Callable[[], Work]


class Clock(Enum):
    """What a contest counts."""

    THREAD = "CPU time of the thread"
    #: For work that is spread over threads.
    PROCESS = "CPU time of the process"
    #: For the gain from threads; noisy on a busy machine.
    WALL = "elapsed time"
    #: What a call returns: a figure that it has measured itself, in the row's unit.
    REPORTED = "as measured by the work itself"


class Unit(Enum):
    """What the figures of a row are."""

    NANOSECONDS = "ns"
    BYTES = "bytes"


@dataclass(frozen=True)
class Contest:
    """One row: the same work done by several contestants.

    Attributes:
        work: What is done, as the row's title.
        contestants: Name of each and a callable without arguments, best a lambda around
            one call: the cost of an empty lambda is subtracted from all.
        ours: The contestant that is judged.
        baseline: The peer whose time is divided by ours to give the ratio; the quickest
            of all unless one is named.
        goal: The ratio to reach; None where nothing is promised.
        limits: Floors that no contestant can go below, shown beside and not judged: an
            empty call of the extension, a system call, a bare primitive.
        check: Called before timing with one output of each contestant; it raises when
            they did not do the same work. `equal_outputs` where outputs are equal.
        deduct: The limit whose time is taken off everybody's, where the row is about
            what comes on top of it.
        calls: How many pieces of work one call does; times are given for one.
        clock: What is counted.
        headline: Whether the row stands in the project's own README too.
        unit: What the figures are; other than nanoseconds only where they are reported.
        ceiling: The figure of ours that may not be exceeded, in `unit`; None where
            nothing is promised but a ratio.
        plotted: Whether the row is part of the domain's picture.
    """

    work: str
    contestants: Mapping[str, Work | Setup]
    baseline: str | None = None
    ours: str = "hauberk"
    goal: float | None = None
    limits: Mapping[str, Work | Setup] = field(default_factory=dict)
    check: Callable[[Mapping[str, object]], None] | None = None
    calls: int = 1
    clock: Clock = Clock.THREAD
    deduct: str | None = None
    headline: bool = False
    unit: Unit = Unit.NANOSECONDS
    ceiling: float | None = None
    plotted: bool = True

    def __post_init__(self) -> None:
        for name in (self.ours, self.baseline or self.ours):
            if name not in self.contestants:
                raise ValueError(f"{self.work}: no contestant is called {name!r}.")


@dataclass(frozen=True)
class Domain:
    """The contests of one domain file, which binds this to the name `DOMAIN`.

    Attributes:
        title: The heading of its table.
        contests: Returns the rows; called when the domain is about to run, so importing
            and preparing the peers belongs inside.
        peers: The distributions whose versions are recorded.
    """

    title: str
    contests: Callable[[], Iterable[Contest]]
    peers: tuple[str, ...] = ()


def equal_outputs(outputs: Mapping[str, object]) -> None:
    """Raise unless all contestants returned the same."""
    name, expected = next(iter(outputs.items()))
    for other, actual in outputs.items():
        if actual != expected:
            raise AssertionError(
                f"Not the same work: {name} gave {expected!r}, {other} {actual!r}."
            )
