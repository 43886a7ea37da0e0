"""Run nh3's own test-suite against `hauberk.compat.nh3`.

    python -m tests.compat.run_nh3 [arguments of pytest]

In this process `nh3` is our module.
"""

from __future__ import annotations

import sys

from tests.compat import suite

from hauberk.compat import nh3

REQUIREMENT = (
    "nh3==0.3.8 --hash="
    "sha256:5c5a315abc2e9d5d78ce1ba6b592a1ef8cbc7e535dfb1e641966768e87870fe3"
)

#: test_doctests.py runs the examples in the docstrings, which here are ours.
FILES = ["test_nh3.py", "test_doctests.py"]

#: Cases that must fail, and why. There are none.
DIFFERENT: dict[str, type[BaseException]] = {}

if __name__ == "__main__":
    sys.modules["nh3"] = nh3
    sys.exit(suite.run(REQUIREMENT, FILES, DIFFERENT, sys.argv[1:], backend="maturin"))
