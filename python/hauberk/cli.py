"""The command `hauberk`."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from hauberk import __version__, passwords
from hauberk.exceptions import HauberkError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(prog="hauberk", description=__doc__)
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)

    calibrate = commands.add_parser(
        "calibrate", help="find the argon2 parameters for a time on this machine"
    )
    calibrate.add_argument(
        "--target", type=_milliseconds, default=250.0, help="such as 250ms or 0.5s"
    )
    calibrate.add_argument(
        "--memory",
        type=int,
        default=passwords.RFC_9106_LOW_MEMORY.memory_cost,
        metavar="KIB",
        help="what one hash may take, in kibibytes (default: %(default)s)",
    )
    calibrate.add_argument(
        "--parallelism",
        type=int,
        default=passwords.RFC_9106_LOW_MEMORY.parallelism,
        help="lanes (default: %(default)s)",
    )
    calibrate.set_defaults(run=_calibrate)

    options = parser.parse_args(arguments)
    try:
        options.run(options)
    except HauberkError as error:
        print(f"hauberk: {error}", file=sys.stderr)
        return 1
    return 0


def _calibrate(options: argparse.Namespace) -> None:
    found = passwords.calibrate(
        options.target,
        memory_limit=options.memory,
        parallelism=options.parallelism,
        progress=_bar,
    )
    print(
        "PasswordHasher("
        f"time_cost={found.time_cost}, "
        f"memory_cost={found.memory_cost}, "
        f"parallelism={found.parallelism})"
    )


def _bar(share: float) -> None:
    width = 30
    if sys.stderr.isatty():
        filled = round(share * width)
        end = "\n" if share >= 1 else ""
        print(f"\r[{'#' * filled:<{width}}]", end=end, file=sys.stderr, flush=True)


def _milliseconds(text: str) -> float:
    for unit, factor in (("ms", 1), ("s", 1000)):
        if text.endswith(unit):
            try:
                return float(text.removesuffix(unit)) * factor
            except ValueError:
                break
    raise argparse.ArgumentTypeError("a time is such as 250ms or 0.5s")
