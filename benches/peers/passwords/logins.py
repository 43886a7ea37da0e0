"""The child's part of `flood.py`, run as a script: it imports one contestant only."""

from __future__ import annotations

import json
import re
import resource
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

PASSWORD = "correct horse battery staple"
LOGINS = 64


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
    return {"nanoseconds": taken / LOGINS, "bytes": _peak_memory()}


def _peak_memory() -> int:
    """Return the most bytes that this process has had in memory."""
    status = Path("/proc/self/status")
    if status.exists():
        # Not getrusage: its figure has the peak of the parent in it.
        peak = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        if peak:
            return int(peak[1]) * 1024
    peak_rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak_rss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    contestants = {"hauberk": _hauberk, "argon2-cffi": _argon2_cffi}
    print(json.dumps(_measure(contestants[sys.argv[1]]())))
