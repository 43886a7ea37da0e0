"""Parameters by what a hash may take, and the command that finds them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hauberk import cli, passwords
from hauberk.exceptions import InvalidInputError
from hauberk.passwords import calibration


def test_as_many_passes_as_the_time_has_room_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a machine whose first pass takes half of the others' time."""

    def milliseconds(memory: int, passes: int, parallelism: int) -> float:
        return memory / 1024 / parallelism * (passes - 0.5)

    monkeypatch.setattr(calibration, "_milliseconds", milliseconds)
    for target, passes in ((60, 3), (600, 32), (60_000, 64)):
        seen: list[float] = []
        found = passwords.calibrate(
            target, memory_limit=19_456, parallelism=1, progress=seen.append
        )
        assert (found.time_cost, found.memory_cost) == (passes, 19_456)
        assert seen == sorted(seen)
        assert seen[-1] == 1
    # Less memory where there is no time for two passes over all.
    found = passwords.calibrate(60, memory_limit=1 << 20, parallelism=1)
    assert 19_456 <= found.memory_cost < 1 << 20
    assert milliseconds(found.memory_cost, found.time_cost, 1) <= 60


def test_on_this_machine() -> None:
    """A minute has room for the most passes that there are."""
    found = passwords.calibrate(60_000, memory_limit=19_456, parallelism=1)
    assert (found.time_cost, found.memory_cost) == (64, 19_456)


@pytest.mark.parametrize(
    ("target", "memory"), [(0.01, 19_456), (0.01, 65_536), (1000, 19_455)]
)
def test_what_would_be_too_weak_is_refused(target: float, memory: int) -> None:
    """No target and no limit gives parameters below OWASP's minimum."""
    with pytest.raises(InvalidInputError):
        passwords.calibrate(target, memory_limit=memory, parallelism=1)


def test_the_command() -> None:
    """`hauberk calibrate` prints what to write into the code."""
    command = [sys.executable, "-m", "hauberk", "calibrate", "--target", "5s"]
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
