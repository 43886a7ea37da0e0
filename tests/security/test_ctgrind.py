"""No branch and no address depends on a secret: valgrind watches.

`ctgrind.rs` marks secrets as undefined memory and runs the comparison; memcheck reports
whatever is decided by them. Build it with `make ctgrind`.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[2] / "target/release/examples/ctgrind"

pytestmark = [
    pytest.mark.valgrind,
    pytest.mark.skipif(
        shutil.which("valgrind") is None,
        reason="valgrind is not installed (`make tools`)",
    ),
]


@pytest.fixture(scope="module")
def reports() -> dict[str, int]:
    """How many reports valgrind has for each case."""
    if not PROGRAM.exists():
        pytest.fail("target/release/examples/ctgrind is missing: run `make ctgrind`")
    done = subprocess.run(
        ["valgrind", "--quiet", "--undef-value-errors=yes", str(PROGRAM)],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    lines = (line.rpartition(": ") for line in done.stdout.splitlines())
    return {name: int(number) for name, _, number in lines}


def test_it_ran_under_valgrind(reports: dict[str, int]) -> None:
    """The client requests are answered, so the counts mean something."""
    assert reports["valgrind"] >= 1


def test_the_control_is_reported(reports: dict[str, int]) -> None:
    """A comparison that leaves early is noticed."""
    assert reports["control 64"] >= 1


@pytest.mark.parametrize("length", [1, 7, 16, 32, 64, 100, 4096])
def test_equality_decides_nothing_by_a_secret(
    reports: dict[str, int], length: int
) -> None:
    """Comparing secrets gives no report at any length."""
    assert reports[f"equal {length}"] == 0
