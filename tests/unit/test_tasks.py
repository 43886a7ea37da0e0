"""What workflows and documents say of `make` is true: targets exist, and are named."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
CI = (ROOT / ".github" / "workflows" / "ci.yml").read_text()
DOCUMENTS = [
    ROOT / name
    for name in (".ci/run", "README.md", "CONTRIBUTING.md", "benches/README.md")
]

TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
#: Those that `make help` lists.
LISTED = set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE))
FUZZ_TARGETS = [
    binary["name"]
    for binary in tomllib.loads((ROOT / "fuzz" / "Cargo.toml").read_text())["bin"]
]


def called(text: str) -> set[str]:
    """Return the targets in a text; `.venv/…` are stamps, `bench-…` a pattern."""
    found = re.findall(
        r"(?:\brun: |\bsudo |`|^\$ |^)make ([a-z-]+)", text, re.MULTILINE
    )
    return {name for name in found if not name.startswith("bench-")}


@pytest.mark.parametrize("path", [*WORKFLOWS, *DOCUMENTS], ids=lambda path: path.name)
def test_what_is_called_exists(path: Path) -> None:
    """Every target that a workflow or a document names is one of the Makefile's."""
    assert called(path.read_text()) - TARGETS == set()


def test_calls_are_found() -> None:
    """The rule above sees calls, in workflows as in documents."""
    assert {"lint", "tools", "test-browser"} <= called(CI)
    assert {"demo", "test"} <= called((ROOT / "README.md").read_text())


def test_contributors_are_told_of_every_target() -> None:
    """CONTRIBUTING.md names every target that `make help` lists."""
    text = (ROOT / "CONTRIBUTING.md").read_text()
    named = set(re.findall(r"`make ([a-z-]+)", text))

    assert LISTED - named - {"help"} == set()


@pytest.mark.parametrize("target", ["test", "test-browser", "test-compat", "test-slow"])
def test_every_run_of_tests_is_in_the_workflow(target: str) -> None:
    """What `make test` leaves out runs in the workflow."""
    assert target in called(CI)


@pytest.mark.parametrize("target", FUZZ_TARGETS)
def test_every_fuzz_target_is_in_the_workflow(target: str) -> None:
    """Each is fed there, and finds the folder of seeds that libFuzzer insists on."""
    matrix = re.search(r"^ +target: \[([a-z_, ]+)\]$", CI, re.MULTILINE)

    assert matrix is not None
    assert target in matrix[1].split(", ")
    assert any((ROOT / "fuzz" / "seeds" / target).iterdir())
