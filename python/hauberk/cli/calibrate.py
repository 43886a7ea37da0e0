"""`hauberk calibrate`: the argon2 parameters for a time on this machine."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from hauberk import passwords

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - has no public name

__all__ = ["add_to"]


def add_to(commands: Commands) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "calibrate", help="find the argon2 parameters for a time on this machine"
    )
    parser.add_argument(
        "--target", type=_milliseconds, default=250.0, help="such as 250ms or 0.5s"
    )
    parser.add_argument(
        "--memory",
        type=int,
        default=passwords.RFC_9106_LOW_MEMORY.memory_cost,
        metavar="KIB",
        help="what one hash may take, in kibibytes (default: %(default)s)",
    )
    parser.add_argument(
        "--parallelism",
        type=int,
        default=passwords.RFC_9106_LOW_MEMORY.parallelism,
        help="lanes (default: %(default)s)",
    )
    parser.set_defaults(run=_calibrate)


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
