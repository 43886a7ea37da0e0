"""No randomness is repeated on the two sides of a fork.

The control is a generator that lives in the process's memory, as `random` and as
`rand::rng()` do: the same test must catch it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from hauberk import _rust, tokens
from hauberk.html import Policy, Sanitizer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from threading import Barrier

pytestmark = [
    pytest.mark.fork,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here"),
    # Forking is the point here, also from a test runner that has threads.
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]

CHILDREN = 4
DRAWS = 2_500
SIZE = 24

CONTROL = random.Random(os.urandom(16))


def token() -> bytes:
    """From the operating system."""
    return tokens.token_bytes(SIZE)


def nonce() -> bytes:
    """From the generator that notices forks."""
    return _rust.nonce()


def control() -> bytes:
    """From a generator that does not."""
    return CONTROL.randbytes(SIZE)


def draws_after_fork(draw: Callable[[], bytes]) -> list[bytes]:
    """Draw once, fork, and return what the parent and each child draw then."""
    draw()
    pipes = []
    for _ in range(CHILDREN):
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            status = 1
            try:
                with os.fdopen(writer, "wb") as out:
                    out.writelines(draw() for _ in range(DRAWS))
                status = 0
            finally:
                os._exit(status)
        os.close(writer)
        pipes.append((child, reader))
    drawn = [draw() for _ in range(DRAWS)]
    for child, reader in pipes:
        with os.fdopen(reader, "rb") as source:
            data = source.read()
        assert os.waitpid(child, 0)[1] == 0
        assert len(data) == DRAWS * SIZE
        drawn += [data[i : i + SIZE] for i in range(0, len(data), SIZE)]
    return drawn


@pytest.mark.parametrize("draw", [token, nonce])
def test_os_fork(draw: Callable[[], bytes]) -> None:
    """12 500 draws in a parent and four children are all different."""
    drawn = draws_after_fork(draw)
    assert len(drawn) == len(set(drawn)) == (CHILDREN + 1) * DRAWS


def test_os_fork_control() -> None:
    """A generator that a fork copies repeats itself, and the test sees it."""
    drawn = draws_after_fork(control)
    assert len(set(drawn)) == DRAWS


def test_fork_in_a_thread() -> None:
    """A fork in another thread than the one that drew before is noticed as well."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        nonce()
        drawn = pool.submit(draws_after_fork, nonce).result()
    assert len(drawn) == len(set(drawn))


def _pool_draw(barrier: Barrier) -> dict[str, list[bytes]]:
    # Each of the four is in a worker of its own, or nobody gets past this.
    barrier.wait(30)
    return {
        draw.__name__: [draw() for _ in range(DRAWS)]
        for draw in (token, nonce, control)
    }


def test_multiprocessing_fork() -> None:
    """Workers of a forking pool repeat neither each other nor the parent.

    The generator that a fork copies is drawn from beside it, and repeats itself.
    """
    context = multiprocessing.get_context("fork")
    for draw in (token, nonce, control):
        draw()
    with context.Manager() as manager:
        barrier = manager.Barrier(CHILDREN)
        with context.Pool(CHILDREN) as pool:
            parts = pool.map(_pool_draw, [barrier] * CHILDREN, chunksize=1)
    for draw in (token, nonce, control):
        drawn = [draw() for _ in range(DRAWS)]
        for part in parts:
            drawn += part[draw.__name__]
        assert len(drawn) == (CHILDREN + 1) * DRAWS >= 10_000
        assert len(set(drawn)) == (DRAWS if draw is control else len(drawn))


#: Names that html5ever interns, which it does under locks.
INTERNED = "<svg></svg><b attribute-of-no-policy=1 another-attribute=2><table>x"


def test_fork_while_others_parse() -> None:
    """A child that was forked while other threads sanitize can sanitize, too."""
    sanitizer = Sanitizer(Policy.NH3)
    document = INTERNED * 100
    done = threading.Event()

    def sanitize() -> None:
        while not done.is_set():
            sanitizer.sanitize(document)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    threads = [threading.Thread(target=sanitize) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(150):
            child = os.fork()
            if child == 0:
                signal.alarm(20)
                sanitizer.sanitize(INTERNED)
                os._exit(0)
            assert os.waitpid(child, 0)[1] == 0
    finally:
        done.set()
        sys.setswitchinterval(interval)
        for thread in threads:
            thread.join()


GUNICORN_APP = """
import random
from hauberk import _rust, tokens
from hauberk.html import Policy, Sanitizer

control = random.Random(7)
tokens.token_bytes(24), _rust.nonce(), control.randbytes(24)  # used before the fork

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    kind = environ["PATH_INFO"]
    draw = {
        "/token": lambda: tokens.token_hex(24),
        "/nonce": lambda: _rust.nonce().hex(),
        "/control": lambda: control.randbytes(24).hex(),
    }[kind]
    return ["\\n".join(draw() for _ in range(50)).encode()]
"""


@contextlib.contextmanager
def gunicorn(directory: Path) -> Iterator[str]:
    """Serve GUNICORN_APP from four preloaded workers and yield the address."""
    (directory / "forked_app.py").write_text(GUNICORN_APP)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--preload", "--workers", "4"]
    command += ["--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    command += ["--pythonpath", str(directory), "--no-control-socket", "forked_app"]
    server = subprocess.Popen(command, start_new_session=True)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}/token", timeout=5).read()
                break
            time.sleep(0.1)
        else:
            pytest.fail("gunicorn did not answer within 30 seconds")
        yield address
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def test_gunicorn_preload(tmp_path: Path) -> None:
    """Four workers forked from one warm process repeat nothing in 10 000 draws."""
    pytest.importorskip("gunicorn")
    with gunicorn(tmp_path) as address, ThreadPoolExecutor(max_workers=8) as clients:

        def draw(kind: str, requests: int) -> list[str]:
            urls = [f"{address}/{kind}"] * requests
            pages = clients.map(
                lambda u: urllib.request.urlopen(u, timeout=30).read(), urls
            )
            return [line for page in pages for line in page.decode().splitlines()]

        for kind in ("token", "nonce"):
            drawn = draw(kind, 210)
            assert len(drawn) == len(set(drawn)) >= 10_000
        # With several workers answering, the copied generator soon shows.
        repeated = draw("control", 100)
        assert len(set(repeated)) < len(repeated)
