"""A bug in Rust is an exception, without the data that led to it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hauberk import _rust
from hauberk.exceptions import InternalError

panic_for_test = getattr(_rust, "panic_for_test", None)
pytestmark = pytest.mark.skipif(
    panic_for_test is None, reason="the extension was built without test-hooks"
)


def test_a_panic_is_an_exception() -> None:
    """`except Exception` catches it, and its message names a place and no data."""
    assert panic_for_test is not None
    with pytest.raises(InternalError, match=r"src/bindings/guard\.rs:\d+") as caught:
        panic_for_test("the password is hunter2")
    assert isinstance(caught.value, Exception)
    assert "hunter2" not in repr(caught.value)


def test_a_panic_prints_nothing_of_the_data() -> None:
    """Neither stream shows the message, with or without a backtrace asked for."""
    program = """if True:
        from hauberk import _rust
        try:
            _rust.panic_for_test("the password is hunter2")
        except Exception:
            print("caught")
    """
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"RUST_BACKTRACE": "1", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "caught\n"
    assert "hunter2" not in done.stderr


def test_the_process_goes_on() -> None:
    """A thousand panics later everything still answers."""
    assert panic_for_test is not None
    for _ in range(1_000):
        with pytest.raises(InternalError):
            panic_for_test("again")
    assert _rust.compare_digest("a", "a")
