"""64 logins at once, each contestant in a process of its own (`logins.py`).

Only so is the peak of memory one contestant's.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benches.peers.harness import Clock, Contest, Unit
from benches.peers.passwords import logins


def contests() -> Iterator[Contest]:
    title = f"{logins.LOGINS} logins at once at Django's strength"
    yield Contest(
        work=f"{title}: elapsed time of each",
        contestants={
            "hauberk": lambda: _run("hauberk")["nanoseconds"],
            "argon2-cffi": lambda: _run("argon2-cffi")["nanoseconds"],
        },
        baseline="argon2-cffi",
        goal=6,
        clock=Clock.REPORTED,
        plotted=False,
        headline=True,
    )
    yield Contest(
        work=f"{title}: peak memory of the process",
        contestants={
            "hauberk": lambda: _run("hauberk")["bytes"],
            "argon2-cffi": lambda: _run("argon2-cffi")["bytes"],
        },
        baseline="argon2-cffi",
        goal=10,
        clock=Clock.REPORTED,
        unit=Unit.BYTES,
        plotted=False,
    )


def _run(name: str) -> dict[str, float]:
    """Let a child process do the logins, and return what it measured."""
    child = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("logins.py")), name],
        check=True,
        capture_output=True,
        text=True,
    )
    figures: dict[str, float] = json.loads(child.stdout)
    return figures
