"""How long an event loop stands still while people log in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import argon2

from benches.peers.harness import Clock, Contest, Setup, configure_django
from benches.peers.harness.contest import Work
from hauberk import passwords

PASSWORD = "correct horse battery staple"
LOGINS = 50

Login = Callable[[], Awaitable[object]]


def contest() -> Contest:
    return Contest(
        work=f"{LOGINS} logins on an event loop: its longest stall",
        contestants={
            "hauberk averify": Setup(_hauberk),
            "argon2-cffi in threads": Setup(_argon2_cffi),
            "Django acheck_password": Setup(_django),
        },
        ours="hauberk averify",
        baseline="argon2-cffi in threads",
        ceiling=20e6,
        clock=Clock.REPORTED,
        plotted=False,
    )


def _hauberk() -> Work:
    hasher = passwords.PasswordHasher.from_parameters(passwords.DJANGO)
    stored = hasher.hash(PASSWORD)
    return lambda: asyncio.run(_longest_stall(lambda: hasher.averify(stored, PASSWORD)))


def _argon2_cffi() -> Work:
    hasher = argon2.PasswordHasher(time_cost=2, memory_cost=102_400, parallelism=8)
    stored = hasher.hash(PASSWORD)
    return lambda: asyncio.run(
        _longest_stall(lambda: asyncio.to_thread(hasher.verify, stored, PASSWORD))
    )


def _django() -> Work:
    configure_django()
    from django.contrib.auth import hashers

    stored = hashers.make_password(PASSWORD, hasher="argon2")
    return lambda: asyncio.run(
        _longest_stall(lambda: hashers.acheck_password(PASSWORD, stored))
    )


async def _longest_stall(login: Login) -> float:
    """Return the longest delay of a task that sleeps 1 ms at a time."""
    sleep = 0.001
    longest = 0
    logins = asyncio.gather(*(login() for _ in range(LOGINS)))
    while not logins.done():
        start = time.perf_counter_ns()
        await asyncio.sleep(sleep)
        longest = max(longest, time.perf_counter_ns() - start - int(sleep * 1e9))
    if await logins != [True] * LOGINS:
        raise AssertionError("Not every login succeeded.")
    return float(longest)
