"""`python -m benches.peers [domain…]`: measure, print, keep."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules

from tqdm import tqdm

import benches.peers
from benches.peers.harness import Domain, report, results
from benches.peers.harness.measure import measure
from benches.peers.harness.results import Result, Row

_NOT_DOMAINS = {"__main__", "corpus", "harness", "jwt_peers", "plot"}


def main() -> int:
    modules = _domain_modules()
    arguments = _arguments(sorted(modules))
    kept = results.load()
    if not arguments.tables:
        for name in arguments.domains or sorted(modules):
            domain = import_module(modules[name]).DOMAIN
            kept[name] = run(
                name, domain, runs=arguments.runs, seconds=arguments.seconds
            )
            print(f"\n{report.table(kept[name])}\n")
            # After each domain, so that an interrupted run keeps what it has.
            results.save(kept)
    report.write_readme(kept)
    report.write_headlines(kept)
    return 0


def run(name: str, domain: Domain, *, runs: int, seconds: float) -> Result:
    """Measure one domain, several times over."""
    contests = list(domain.contests())
    outcomes: list[list[dict[str, float]]] = [[] for _ in contests]
    with tqdm(total=len(contests) * runs, bar_format=_BAR, file=sys.stderr) as bar:
        for _ in range(runs):
            for contest, outcome in zip(contests, outcomes, strict=True):
                bar.set_description(f"{name}: {contest.work}")
                outcome.append(measure(contest, seconds=seconds, progress=_into(bar)))
        bar.set_description(name)
    return Result(
        title=domain.title,
        date=results.today(),
        machine=results.machine(),
        runs=runs,
        versions=results.versions(domain.peers),
        rows=[Row.of(*pair) for pair in zip(contests, outcomes, strict=True)],
    )


def _into(bar: tqdm) -> Callable[[float], None]:
    # Fractions add up to a hair more than the whole, which tqdm warns about.
    def update(fraction: float) -> None:
        bar.update(min(fraction, bar.total - bar.n))

    return update


def _domain_modules() -> dict[str, str]:
    """Return the module of each domain; `json_core` may not be called `json`."""
    names = {
        module.name for module in iter_modules(benches.peers.__path__)
    } - _NOT_DOMAINS
    return {name.removesuffix("_core"): f"benches.peers.{name}" for name in names}


def _arguments(domains: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benches.peers", description=__doc__
    )
    parser.add_argument("domains", nargs="*", metavar="domain", help=", ".join(domains))
    parser.add_argument(
        "--runs", type=int, default=1, help="take the median of this many"
    )
    parser.add_argument(
        "--seconds", type=float, default=0.3, help="for each contestant of a row, about"
    )
    parser.add_argument(
        "--tables",
        action="store_true",
        help="only rewrite the README from results.json",
    )
    arguments = parser.parse_args()
    unknown = set(arguments.domains) - set(domains)
    if unknown:
        parser.error(
            f"no domain {', '.join(sorted(unknown))}; there are {', '.join(domains)}"
        )
    return arguments


_BAR = "{desc} {percentage:3.0f}%|{bar}| {elapsed}<{remaining}"

if __name__ == "__main__":
    sys.exit(main())
