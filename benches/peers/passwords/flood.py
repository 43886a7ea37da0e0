"""64 logins at once, each contestant in a process of its own.

Only so is the peak of memory one contestant's. `python -m` runs the child's part.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

from benches.peers.harness import Clock, Contest, Unit

PASSWORD = "correct horse battery staple"
LOGINS = 64


def contests() -> Iterator[Contest]:
    title = f"{LOGINS} logins at once at Django's strength"
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
        [sys.executable, "-m", "benches.peers.passwords.flood", name],
        check=True,
        capture_output=True,
        text=True,
    )
    figures: dict[str, float] = json.loads(child.stdout)
    return figures


def _hauberk() -> Callable[[], object]:
    from hauberk import passwords

    hasher = passwords.PasswordHasher.from_parameters(passwords.DJANGO)
    stored = hasher.hash(PASSWORD)
    return lambda: hasher.verify(stored, PASSWORD)


def _argon2_cffi() -> Callable[[], object]:
    import argon2

    hasher = argon2.PasswordHasher(time_cost=2, memory_cost=102_400, parallelism=8)
    stored = hasher.hash(PASSWORD)
    return lambda: hasher.verify(stored, PASSWORD)


def _measure(verify: Callable[[], object]) -> dict[str, float]:
    start = threading.Barrier(LOGINS + 1)
    succeeded: list[object] = []

    def login() -> None:
        start.wait()
        succeeded.append(verify())

    threads = [threading.Thread(target=login) for _ in range(LOGINS)]
    for thread in threads:
        thread.start()
    start.wait()
    begin = time.perf_counter_ns()
    for thread in threads:
        thread.join()
    taken = time.perf_counter_ns() - begin
    if succeeded != [True] * LOGINS:
        raise AssertionError("Not every login succeeded.")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Kibibytes, save on macOS.
    return {
        "nanoseconds": taken / LOGINS,
        "bytes": peak * (1 if sys.platform == "darwin" else 1024),
    }


if __name__ == "__main__":
    contestants = {"hauberk": _hauberk, "argon2-cffi": _argon2_cffi}
    print(json.dumps(_measure(contestants[sys.argv[1]]())))
