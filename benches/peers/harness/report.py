"""Tables: in the terminal and in benches/README.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from benches.peers.harness.contest import Unit
from benches.peers.harness.results import Result, Row

README = Path(__file__).parents[2] / "README.md"
PROJECT_README = README.parents[1] / "README.md"

_BEGIN = "<!-- results: written by `make bench`, do not edit -->"
_END = "<!-- end of results -->"
_TABLE_BEGIN = "<!-- table -->"
_TABLE_END = "<!-- /table -->"
_HEADINGS = ("work", "hauberk", "baseline", "ratio", "goal", "others")


def table(result: Result) -> str:
    """Return a result for the terminal."""
    cells = [_HEADINGS, *(_cells(row) for row in result.rows)]
    widths = [
        max(len(line[column]) for line in cells) for column in range(len(_HEADINGS))
    ]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        for line in cells
    )
    return "\n".join(
        [result.title, *(line.rstrip() for line in lines), circumstances(result)]
    )


def write_readme(results: Mapping[str, Result], path: Path = README) -> None:
    """Put all tables between the markers of the benchmarks' README."""
    sections = "\n".join(_section(results[name]) for name in sorted(results))
    write_between(path, _BEGIN, _END, f"\n{sections}\n")


def write_headlines(results: Mapping[str, Result], path: Path = PROJECT_README) -> None:
    """Put a few rows of each domain that was measured into the project's README."""
    lines = ["| work | hauberk | its peer | times as fast |", "|---|--:|--:|--:|"]
    measured: dict[str, dict[str, str]] = {}
    for name in sorted(results):
        result = results[name]
        measured.setdefault(_when_and_where(result), {}).update(result.versions)
        lines += [
            f"| {result.title}: {row.work} | {amount(row.times[row.ours], row.unit)} "
            f"| {row.baseline} {amount(row.times[row.baseline], row.unit)} "
            f"| {ratio(row.ratio)} |"
            for row in result.headlines
        ]
    lines += [f"\n{where}; {_versions(found)}." for where, found in measured.items()]
    table = "\n".join(lines) if measured else "Not measured yet."
    write_between(path, _TABLE_BEGIN, _TABLE_END, f"\n{table}\n\n")


def write_between(path: Path, begin: str, end: str, text: str) -> None:
    """Put a text between two markers of a file."""
    before, found_begin, rest = path.read_text().partition(begin)
    _, found_end, after = rest.partition(end)
    if not (found_begin and found_end):
        raise ValueError(f"{path} lacks the markers of the results.")
    path.write_text(f"{before}{begin}\n{text}{end}{after}")


def circumstances(result: Result) -> str:
    """Return one line: date, machine, number of runs, versions."""
    return f"{_when_and_where(result)}; {_versions(result.versions)}."


def duration(nanoseconds: float) -> str:
    """Return a time with three digits and its unit.

    >>> duration(41.27), duration(7_340.0), duration(61_200_000.0)
    ('41.3 ns', '7.34 µs', '61.2 ms')
    """
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if nanoseconds >= size:
            return f"{_three_digits(nanoseconds / size)} {unit}"
    return f"{_three_digits(nanoseconds)} ns"


def amount(value: float, unit: str) -> str:
    """Return a figure of a row.

    >>> amount(2_500_000.0, "ns"), amount(252_706_816.0, "bytes")
    ('2.50 ms', '241 MiB')
    """
    if unit == Unit.NANOSECONDS.value:
        return duration(value)
    return f"{_three_digits(value / (1 << 20))} MiB"


def ratio(value: float) -> str:
    """Return a ratio with as many digits as it deserves.

    >>> ratio(0.964), ratio(3.17), ratio(36.4)
    ('0.96x', '3.2x', '36x')
    """
    digits = 2 if value < 1.995 else 1 if value < 9.95 else 0
    return f"{value:.{digits}f}x"


def _when_and_where(result: Result) -> str:
    runs = f"median of {result.runs} runs" if result.runs > 1 else "one run"
    return f"{result.date}; {result.machine}; {runs}"


def _versions(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in versions.items())


def _section(result: Result) -> str:
    def lines() -> Iterator[str]:
        yield f"### {result.title}\n"
        yield "| " + " | ".join(_HEADINGS) + " |"
        yield "|---|--:|--:|--:|---|---|"
        for row in result.rows:
            yield "| " + " | ".join(_cells(row)) + " |"
        yield f"\n{circumstances(result)}\n"

    return "\n".join(lines())


def _cells(row: Row) -> tuple[str, ...]:
    ours = row.times[row.ours]
    others = [
        f"{name} {amount(time, row.unit)} ({ratio(time / ours)})"
        for name, time in row.times.items()
        if name not in (row.ours, row.baseline)
    ]
    floors = [
        f"floor: {name} {amount(time, row.unit)}" for name, time in row.limits.items()
    ]
    goals = [] if row.goal is None else [f"≥ {row.goal:g}x"]
    if row.ceiling is not None:
        goals.append(f"≤ {amount(row.ceiling, row.unit)}")
    return (
        row.work,
        amount(ours, row.unit),
        f"{row.baseline} {amount(row.times[row.baseline], row.unit)}",
        ratio(row.ratio),
        " ".join([*goals, row.verdict]).strip(),
        "; ".join(others + floors),
    )


def _three_digits(value: float) -> str:
    return f"{value:.{2 if value < 9.995 else 1 if value < 99.95 else 0}f}"
