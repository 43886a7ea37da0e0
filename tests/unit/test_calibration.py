"""Parameters by what a hash may take, and the command that finds them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hauberk import cli, passwords
from hauberk.exceptions import InvalidInputError


def test_more_time_buys_more_passes() -> None:
    """Ten times the time never gives weaker parameters, and never below OWASP's."""
    floor = passwords.OWASP_19_MIB
    strengths = []
    for target in (60, 600):
        seen: list[float] = []
        found = passwords.calibrate(
            target, memory_limit=19_456, parallelism=1, progress=seen.append
        )
        strengths.append(found.time_cost * found.memory_cost)
        assert seen == sorted(seen)
        assert seen[-1] == 1
    assert floor.time_cost * floor.memory_cost <= strengths[0] < strengths[1]


@pytest.mark.parametrize(
    ("target", "memory"), [(0.01, 19_456), (0.01, 65_536), (1000, 19_455)]
)
def test_what_would_be_too_weak_is_refused(target: float, memory: int) -> None:
    """No target and no limit gives parameters below OWASP's minimum."""
    with pytest.raises(InvalidInputError):
        passwords.calibrate(target, memory_limit=memory, parallelism=1)


def test_the_command() -> None:
    """`hauberk calibrate` prints what to write into the code."""
    command = [sys.executable, "-m", "hauberk", "calibrate", "--target", "200ms"]
    done = subprocess.run(
        [*command, "--memory", "19456", "--parallelism", "1"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("PasswordHasher(time_cost=")
    assert "memory_cost=19456, parallelism=1)" in done.stdout


def test_the_command_says_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be is a message and an exit code, not a traceback."""
    assert cli.main(["calibrate", "--target", "1s", "--memory", "8"]) == 1
    assert "memory_limit" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        cli.main(["calibrate", "--target", "soon"])
