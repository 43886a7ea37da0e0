"""Hashing survives forks, signals and a lack of memory, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading

import pytest

from hauberk import _rust, passwords
from hauberk.exceptions import HashingBusyError
from hauberk.passwords import PasswordHasher
from hauberk.passwords.parameters import numbers

pytestmark = [
    pytest.mark.fork,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here"),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]

HASHER = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=2)
CHEAP = _rust.Hasher(numbers(passwords.CHEAPEST), 4096)


def test_a_fork_while_another_thread_hashes() -> None:
    """In 50 forks during hashing, every child can hash, and none hangs."""
    stop = threading.Event()

    def hash_on() -> None:
        while not stop.is_set():
            HASHER.hash("password")

    threads = [threading.Thread(target=hash_on) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(50):
            child = os.fork()
            if child == 0:
                signal.alarm(20)
                HASHER.verify(HASHER.hash("password"), "password")
                os._exit(0 if passwords.stats().admitted == 2 else 1)
            assert os.waitpid(child, 0)[1] == 0
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_limits_are_inherited() -> None:
    """A forked child has the limits that were set before the fork."""
    before = passwords.limits()
    passwords.set_limits(max_queue=17)
    try:
        child = os.fork()
        if child == 0:
            os._exit(0 if passwords.limits().max_queue == 17 else 1)
        assert os.waitpid(child, 0)[1] == 0
    finally:
        passwords.set_limits(max_queue=before.max_queue)


def run(program: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_signal_ends_the_waiting() -> None:
    """SIGINT reaches a caller that waits for its turn at once."""
    done = run("""if True:
        import os, signal, threading, time
        from hauberk import passwords
        from hauberk.passwords import PasswordHasher
        passwords.set_limits(max_concurrency=1)
        slow = PasswordHasher(time_cost=60, memory_cost=131_072, parallelism=1)
        threading.Thread(target=slow.hash, args=("x",)).start()
        while not passwords.stats().running:
            time.sleep(0.001)
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
        start = time.monotonic()
        try:
            PasswordHasher().hash("password")
        except KeyboardInterrupt:
            print("interrupted", passwords.stats().waiting, passwords.stats().running)
    """)
    assert done.stdout == "interrupted 0 1\n", done.stderr


def test_memory_that_cannot_be_had() -> None:
    """Under a limit on the address space, hashing is an exception and no abort."""
    done = run("""if True:
        import resource
        from hauberk.exceptions import HashMemoryError
        from hauberk.passwords import CHEAPEST, PasswordHasher
        small = PasswordHasher.from_parameters(CHEAPEST)
        small.hash("password")
        resource.setrlimit(resource.RLIMIT_AS, (1 << 29, 1 << 29))
        try:
            PasswordHasher(time_cost=1, memory_cost=1 << 20, parallelism=1).hash("x")
        except HashMemoryError as error:
            print(isinstance(error, MemoryError), len(small.hash("x")) > 10)
    """)
    assert done.stdout == "True True\n", done.stderr


def test_regions_in_the_pool_are_wiped() -> None:
    """Memory that is kept for the next hash holds no block of the last one."""
    done = run("""if True:
        from hauberk import passwords
        from hauberk.passwords import PasswordHasher
        PasswordHasher(time_cost=1, memory_cost=65_536, parallelism=1).hash("password")
        assert passwords.stats().retained_memory >= 64 << 20
        largest = b""
        with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb") as memory:
            for line in maps:
                span, access, *_ = line.split()
                start, end = (int(n, 16) for n in span.split("-"))
                if access.startswith("rw") and end - start >= 64 << 20:
                    memory.seek(start)
                    largest = memory.read(64 << 20)
        print(len(largest) >> 20, largest.count(0) == len(largest))
    """)
    assert done.stdout == "64 True\n", done.stderr


def test_a_child_drops_its_parents_places() -> None:
    """A place in the queue that was taken before a fork can be dropped after it."""
    place = _rust.PendingHash(CHEAP, b"", None, lambda: None)
    assert place.ready()
    stop = threading.Event()

    def churn() -> None:
        while not stop.is_set():
            passwords.stats()
            HASHER.hash("password")

    threads = [threading.Thread(target=churn) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(100):
            child = os.fork()
            if child == 0:
                signal.alarm(20)
                with contextlib.suppress(HashingBusyError):
                    place.ready()
                del place
                os._exit(0)
            assert os.waitpid(child, 0)[1] == 0
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        place.leave()


def test_an_exception_on_its_way_stays() -> None:
    """A turn that an exception gives up wakes the next one, and the exception stays."""
    done = run("""if True:
        from hauberk import _rust, passwords
        from hauberk.passwords.parameters import numbers
        passwords.set_limits(max_concurrency=1)
        hasher = _rust.Hasher(numbers(passwords.CHEAPEST), 4096)
        woken = []
        def second():
            global waiting
            tell = lambda: woken.append(len("woken"))
            waiting = _rust.PendingHash(hasher, b"", None, tell)
        try:
            # The first place lives on the stack alone while the exception passes it.
            print(_rust.PendingHash(hasher, b"", None, print), second(), 1 / 0)
        except ZeroDivisionError as error:
            print(error, woken, waiting.ready())
    """)
    assert done.stdout == "division by zero [5] True\n", done.stderr


def test_what_waits_is_dropped_outside_the_lock() -> None:
    """What tells a waiting caller may ask the limiter even while it is destroyed."""
    done = run("""if True:
        from hauberk import _rust, passwords
        from hauberk.passwords.parameters import numbers
        passwords.set_limits(max_concurrency=1)
        hasher = _rust.Hasher(numbers(passwords.CHEAPEST), 4096)
        class Wake:
            def __call__(self): pass
            def __del__(self): print("waiting", passwords.stats().waiting)
        running = _rust.PendingHash(hasher, b"", None, print)
        waiting = _rust.PendingHash(hasher, b"", None, Wake())
        del waiting
    """)
    assert done.stdout == "waiting 0\n", done.stderr
