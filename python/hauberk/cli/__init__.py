"""The command `hauberk`."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from hauberk import __version__
from hauberk.cli import calibrate, keys
from hauberk.exceptions import HauberkError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(prog="hauberk", description=__doc__)
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    calibrate.add_to(commands)
    keys.add_to(commands)

    options = parser.parse_args(arguments)
    try:
        options.run(options)
    except HauberkError as error:
        print(f"hauberk: {error}", file=sys.stderr)
        return 1
    return 0
