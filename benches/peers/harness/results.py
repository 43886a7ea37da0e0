"""What was measured, where, when and with which versions: benches/results.json."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

import hauberk
from benches.peers.harness.contest import Contest, Unit

RESULTS = Path(__file__).parents[2] / "results.json"

#: A median below the goal by no more than this is noise.
TOLERANCE = 0.07


@dataclass(frozen=True)
class Row:
    """One contest's outcome; times are in `unit`, for one piece of work."""

    work: str
    ours: str
    baseline: str
    goal: float | None
    clock: str
    times: dict[str, float]
    limits: dict[str, float]
    ratio: float
    headline: bool = False
    unit: str = Unit.NANOSECONDS.value
    ceiling: float | None = None
    plotted: bool = True

    @classmethod
    def of(cls, contest: Contest, runs: Iterable[Mapping[str, float]]) -> Row:
        """Take the median of several runs, of each time and of the ratio."""
        runs = list(runs)
        times = {name: median(run[name] for run in runs) for name in runs[0]}
        # What begins with our name is another way to do it with us.
        peers = [
            name
            for name in contest.contestants
            if name in times and not name.startswith(contest.ours)
        ]
        baseline = contest.baseline or min(peers, key=times.__getitem__)
        return cls(
            work=contest.work,
            ours=contest.ours,
            baseline=baseline,
            goal=contest.goal,
            clock=contest.clock.value,
            times={name: times[name] for name in contest.contestants if name in times},
            limits={name: times[name] for name in contest.limits if name in times},
            ratio=median(run[baseline] / run[contest.ours] for run in runs),
            headline=contest.headline,
            unit=contest.unit.value,
            ceiling=contest.ceiling,
            plotted=contest.plotted,
        )

    @property
    def verdict(self) -> str:
        """Whether the goal was met, in a word or two; empty where there is none."""
        shares = []
        if self.goal is not None:
            shares.append(self.ratio / self.goal)
        if self.ceiling is not None:
            shares.append(self.ceiling / self.times[self.ours])
        if not shares:
            return ""
        if min(shares) >= 1:
            return "met"
        return "met within noise" if min(shares) >= 1 - TOLERANCE else "missed"


@dataclass(frozen=True)
class Result:
    """One domain's table and the circumstances it was measured in."""

    title: str
    date: str
    machine: str
    runs: int
    versions: dict[str, str]
    rows: list[Row]

    @property
    def headlines(self) -> list[Row]:
        """The rows for the project's README: those marked, or the first two goals."""
        marked = [row for row in self.rows if row.headline]
        return marked or [row for row in self.rows if row.goal is not None][:2]


def machine() -> str:
    """Return the processor's name, its cores and the system."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    return f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}"


def versions(peers: Iterable[str]) -> dict[str, str]:
    """Return the versions of Python, hauberk and the peers that are installed."""
    found = {"Python": platform.python_version(), "hauberk": hauberk.__version__}
    for peer in peers:
        try:
            found[peer] = version(peer)
        except PackageNotFoundError:
            continue
    return found


def today() -> str:
    """Return the date in UTC."""
    return datetime.now(UTC).date().isoformat()


def load(path: Path = RESULTS) -> dict[str, Result]:
    """Return the last result of each domain."""
    if not path.exists():
        return {}
    return {name: _result(data) for name, data in json.loads(path.read_text()).items()}


def save(results: Mapping[str, Result], path: Path = RESULTS) -> None:
    """Write all results; the file is replaced at once or not at all."""
    data = {name: asdict(results[name]) for name in sorted(results)}
    temporary = path.with_suffix(".json.tmp")
    temporary.write_text(
        json.dumps(_rounded(data), indent=2, ensure_ascii=False) + "\n"
    )
    temporary.replace(path)


def _result(data: dict[str, Any]) -> Result:
    return Result(**{**data, "rows": [Row(**row) for row in data["rows"]]})


def _rounded(value: Any) -> Any:
    """Drop the digits that mean nothing, so that the file's differences can be read."""
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return value
