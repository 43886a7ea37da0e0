"""`python -m benches.peers.plot`: the last results as SVG, one picture a domain."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from benches.peers.harness import results
from benches.peers.harness.report import circumstances, duration, ratio
from benches.peers.harness.results import Result, Row

PLOTS = Path(__file__).parents[1] / "plots"

_OURS = "#b3541e"
_OURS_TOO = "#d9a58a"
_PEER = "#8d99a6"
_LIMIT = "#d9dee3"
_BAR_INCHES = 0.27
_GAP = 0.9  # of a bar, between two rows


def main() -> None:
    PLOTS.mkdir(exist_ok=True)
    # Text stays text, and a picture of the same figures is the same file.
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "hauberk"})
    for name, result in results.load().items():
        path = PLOTS / f"{name}.svg"
        draw(result).savefig(path, metadata={"Date": None})
        print(path)


def draw(result: Result) -> Figure:
    """Return a bar chart: time for one piece of work, shorter is better."""
    bars = _bars(result)
    height = max(bar.place for bar in bars) + 1
    figure = Figure(figsize=(8.5, _BAR_INCHES * height + 1.3), layout="constrained")
    axes = figure.add_subplot()
    nanoseconds = [bar.nanoseconds for bar in bars]
    axes.barh(
        [bar.place for bar in bars],
        nanoseconds,
        height=0.82,
        color=[bar.colour for bar in bars],
    )
    for bar in bars:
        axes.annotate(
            bar.label,
            (bar.nanoseconds, bar.place),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            fontweight="bold" if bar.colour == _OURS else "normal",
        )
        axes.annotate(
            bar.name,
            (0, bar.place),
            xycoords=("axes fraction", "data"),
            xytext=(-6, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=8,
            fontweight="bold" if bar.colour == _OURS else "normal",
        )
    for work, place in _headings(bars):
        axes.annotate(
            work,
            (0, place - 0.95),
            xycoords=("axes fraction", "data"),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            style="italic",
        )
    scale = ""
    if max(nanoseconds) > 20 * min(nanoseconds):
        scale = " (logarithmic)"
        axes.set_xscale("log")
        axes.set_xlim(min(nanoseconds) / 2, max(nanoseconds) * 6)
    else:
        axes.set_xlim(0, max(nanoseconds) * 1.35)
    axes.xaxis.set_major_formatter(lambda value, _: _tick(value))
    axes.xaxis.set_minor_formatter("")
    axes.tick_params(axis="x", labelsize=8)
    axes.set_yticks([])
    axes.set_ylim(height - 0.4, -0.5)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.set_title(
        f"{result.title}: time for one call, shorter is better{scale}",
        fontsize=11,
        loc="left",
    )
    figure.supxlabel(circumstances(result), fontsize=6.5, color="#555555", wrap=True)
    return figure


@dataclass(frozen=True)
class _Bar:
    work: str
    place: float
    name: str
    nanoseconds: float
    label: str
    colour: str


def _bars(result: Result) -> list[_Bar]:
    bars = []
    place = 0.0
    for row in result.rows:
        if not row.plotted:
            continue
        place += _GAP
        for name, nanoseconds, colour in _entries(row):
            label = duration(nanoseconds)
            if colour in (_OURS_TOO, _PEER):
                label += f"   {ratio(nanoseconds / row.times[row.ours])}"
            bars.append(_Bar(row.work, place, name, nanoseconds, label, colour))
            place += 1
    return bars


def _entries(row: Row) -> list[tuple[str, float, str]]:
    peers = [(name, time) for name, time in row.times.items() if name != row.ours]
    return [
        (row.ours, row.times[row.ours], _OURS),
        *((name, time, _colour(name)) for name, time in peers),
        *((f"floor: {name}", time, _LIMIT) for name, time in row.limits.items()),
    ]


def _colour(name: str) -> str:
    return _OURS_TOO if name.startswith("hauberk") else _PEER


def _tick(nanoseconds: float) -> str:
    return duration(nanoseconds).replace(".00", "").replace(".0", "")


def _headings(bars: list[_Bar]) -> list[tuple[str, float]]:
    places: dict[str, float] = {}
    for bar in bars:
        places.setdefault(bar.work, bar.place)
    return list(places.items())


if __name__ == "__main__":
    main()
