"""Argon2id, and what frameworks hash passwords with by default."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import argon2
import numpy as np

from benches.peers.harness import (
    Clock,
    Contest,
    Domain,
    Setup,
    configure_django,
    equal_outputs,
)
from benches.peers.harness.contest import Work
from benches.peers.passwords import event_loop, flood
from hauberk import passwords
from hauberk.passwords import Parameters, PasswordHasher

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Cost:
    """A row: the title, what is hashed, how it is counted and what is to be reached.

    `threads` is how many permits there are, None for as many as processors.
    """

    title: str
    parameters: Parameters
    clock: Clock
    goal: float
    threads: int | None = None
    headline: bool = False


COSTS = [
    Cost("the cheapest: the call itself", passwords.CHEAPEST, Clock.PROCESS, 1),
    Cost("19 MiB, 1 lane (OWASP)", passwords.OWASP_19_MIB, Clock.WALL, 2.7),
    Cost("64 MiB, 4 lanes (RFC 9106)", passwords.RFC_9106_LOW_MEMORY, Clock.PROCESS, 4),
    Cost("100 MiB, 8 lanes (Django)", passwords.DJANGO, Clock.PROCESS, 4, threads=2),
    Cost("100 MiB, 8 lanes (Django)", passwords.DJANGO, Clock.WALL, 3.5, threads=2),
    Cost("100 MiB, 8 lanes (Django)", passwords.DJANGO, Clock.PROCESS, 4.8, threads=1),
]


def contests() -> Iterator[Contest]:
    for cost in COSTS:
        yield _verify(cost)
    yield _share_of_a_copy()
    yield from flood.contests()
    yield event_loop.contest()
    yield _variants(Clock.PROCESS)
    yield _variants(Clock.WALL)
    yield _logins()


def _verify(cost: Cost) -> Contest:
    ours = PasswordHasher.from_parameters(cost.parameters)
    peer = argon2.PasswordHasher()
    encoded = ours.hash(PASSWORD)
    permits = {None: "", 1: ", one permit", 2: ", two permits"}[cost.threads]
    return Contest(
        work=f"{cost.title}{permits}: {cost.clock.value}",
        contestants={
            "hauberk": Setup(lambda: _permitted(cost.threads, ours, encoded)),
            "argon2-cffi": lambda: peer.verify(encoded, PASSWORD),
        },
        baseline="argon2-cffi",
        goal=cost.goal,
        check=equal_outputs,
        clock=cost.clock,
        plotted=False,
        headline=cost.headline,
    )


def _permitted(threads: int | None, hasher: PasswordHasher, encoded: str) -> Work:
    passwords.set_limits(max_concurrency=threads or _PROCESSORS)
    return lambda: hasher.verify(encoded, PASSWORD)


_PROCESSORS = passwords.limits().max_concurrency


def _share_of_a_copy() -> Contest:
    """The ratio is the share of the speed at which memory can be copied at all."""
    ours = PasswordHasher.from_parameters(passwords.RFC_9106_LOW_MEMORY)
    encoded = ours.hash(PASSWORD)
    return Contest(
        work="64 MiB: share of the speed of copying as much",
        contestants={
            "hauberk": Setup(lambda: _permitted(1, ours, encoded)),
            "a copy": Setup(_copies),
        },
        baseline="a copy",
        goal=0.85,
        clock=Clock.PROCESS,
        plotted=False,
    )


def _copies() -> Work:
    """Copy what three passes over 64 MiB read and write.

    The first pass reads a block for each it writes; the others read two. A copy reads
    and writes each byte once, so it moves two. That ours wipes the memory besides is
    not counted.
    """
    source = np.ones(64 << 20, dtype=np.uint8)
    target = np.empty_like(source)
    part = np.ones(32 << 20, dtype=np.uint8)
    rest = np.empty_like(part)

    def copy() -> bool:
        for _ in range(3):
            np.copyto(target, source)
        for _ in range(2):
            np.copyto(rest, part)
        return True

    return copy


def _variants(clock: Clock) -> Contest:
    """What each part of the design is worth. The hooks are in no wheel."""
    ours = PasswordHasher.from_parameters(passwords.DJANGO)
    peer = argon2.PasswordHasher()
    encoded = ours.hash(PASSWORD)

    def variant(threads: int = 1, **without: bool) -> Setup:
        def make() -> Work:
            try:
                from hauberk._rust import (  # type: ignore[attr-defined]
                    set_hash_variant_for_bench as choose,
                )
            except ImportError as error:
                raise ModuleNotFoundError("built without test-hooks") from error

            def verify() -> bool:
                choose(**without)
                passwords.set_limits(max_concurrency=threads)
                try:
                    return ours.verify(encoded, PASSWORD)
                finally:
                    choose()

            return verify

        return Setup(make)

    return Contest(
        work=f"100 MiB, 8 lanes, what the design is worth: {clock.value}",
        contestants={
            "hauberk": variant(),
            "hauberk, two threads": variant(threads=2),
            "hauberk, memory left unwiped": variant(wiping=False),
            "hauberk, fresh memory each time": variant(pooling=False),
            "hauberk, AVX2": variant(wide=False),
            "argon2-cffi": lambda: peer.verify(encoded, PASSWORD),
        },
        baseline="argon2-cffi",
        check=equal_outputs,
        clock=clock,
        plotted=False,
    )


def _logins() -> Contest:
    """A login under each framework's default, and under ours at Django's strength."""
    configure_django()
    ours = PasswordHasher.from_parameters(passwords.DJANGO)
    encoded = ours.hash(PASSWORD)
    default = PasswordHasher()
    stored = default.hash(PASSWORD)
    peer = argon2.PasswordHasher()
    return Contest(
        work="a login at each scheme's default",
        contestants={
            "hauberk": Setup(lambda: _permitted(None, default, stored)),
            "hauberk, Django's parameters": lambda: ours.verify(encoded, PASSWORD),
            "argon2-cffi": lambda: peer.verify(stored, PASSWORD),
            "Django PBKDF2": Setup(lambda: _django("PBKDF2PasswordHasher")),
            "Django argon2": Setup(lambda: _django("Argon2PasswordHasher")),
            "Django scrypt": Setup(lambda: _django("ScryptPasswordHasher")),
            "Werkzeug scrypt": Setup(_werkzeug),
            "bcrypt 12": Setup(_bcrypt),
        },
        baseline="Django PBKDF2",
        headline=True,
        check=equal_outputs,
        clock=Clock.PROCESS,
    )


def _django(name: str) -> Work:
    from django.contrib.auth import hashers

    hasher = getattr(hashers, name)()
    encoded = hasher.encode(PASSWORD, hasher.salt())
    return lambda: hasher.verify(PASSWORD, encoded)


def _werkzeug() -> Work:
    from werkzeug.security import check_password_hash, generate_password_hash

    encoded = generate_password_hash(PASSWORD)
    return lambda: check_password_hash(encoded, PASSWORD)


def _bcrypt() -> Work:
    import bcrypt

    encoded = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(12))
    return lambda: bcrypt.checkpw(PASSWORD.encode(), encoded)


DOMAIN = Domain(
    "Passwords",
    contests,
    peers=("argon2-cffi", "argon2-cffi-bindings", "bcrypt", "Django", "Werkzeug"),
)
