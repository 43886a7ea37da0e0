"""Argon2id, and what frameworks hash passwords with by default."""

from __future__ import annotations

from collections.abc import Iterator

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
from hauberk import passwords
from hauberk.passwords import Parameters, PasswordHasher

PASSWORD = "correct horse battery staple"

#: Title, parameters, clock, threads (None for as many as there are), ratio to reach.
COSTS: list[tuple[str, Parameters, Clock, int | None, float]] = [
    ("the cheapest: the call itself", passwords.CHEAPEST, Clock.PROCESS, None, 1),
    ("19 MiB, 1 lane (OWASP)", passwords.OWASP_19_MIB, Clock.WALL, None, 2.7),
    (
        "64 MiB, 4 lanes (RFC 9106)",
        passwords.RFC_9106_LOW_MEMORY,
        Clock.PROCESS,
        None,
        4,
    ),
    ("100 MiB, 8 lanes (Django)", passwords.DJANGO, Clock.PROCESS, None, 4),
    ("100 MiB, 8 lanes (Django)", passwords.DJANGO, Clock.WALL, None, 3.5),
    ("100 MiB, 8 lanes, one permit", passwords.DJANGO, Clock.PROCESS, 1, 4.8),
]


def contests() -> Iterator[Contest]:
    for title, parameters, clock, threads, goal in COSTS:
        yield _verify(f"{title}: {clock.value}", parameters, clock, threads, goal)
    yield _logins()


def _verify(
    title: str, parameters: Parameters, clock: Clock, threads: int | None, goal: float
) -> Contest:
    ours = PasswordHasher.from_parameters(parameters)
    peer = argon2.PasswordHasher()
    encoded = ours.hash(PASSWORD)
    default = passwords.limits().max_concurrency

    def verify() -> bool:
        passwords.set_limits(max_concurrency=threads or default)
        return ours.verify(encoded, PASSWORD)

    limits: dict[str, Work | Setup] = {}
    if parameters is passwords.RFC_9106_LOW_MEMORY:
        limits["copying as many bytes as it moves"] = Setup(_copies)
    return Contest(
        work=title,
        contestants={
            "hauberk": verify if threads else lambda: ours.verify(encoded, PASSWORD),
            "argon2-cffi": lambda: peer.verify(encoded, PASSWORD),
        },
        baseline="argon2-cffi",
        goal=goal,
        check=equal_outputs,
        clock=clock,
        limits=limits,
    )


def _copies() -> Work:
    """Copy what three passes over 64 MiB read and write.

    The first pass reads a block for each it writes; the others read two. A copy reads
    and writes each byte once, so it moves two.
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


def _logins() -> Contest:
    """A login under each framework's default, and under ours at Django's strength."""
    configure_django()
    ours = PasswordHasher.from_parameters(passwords.DJANGO)
    encoded = ours.hash(PASSWORD)
    return Contest(
        work="a login at each scheme's default",
        contestants={
            "hauberk": lambda: ours.verify(encoded, PASSWORD),
            "Django PBKDF2": Setup(lambda: _django("PBKDF2PasswordHasher")),
            "Django argon2": Setup(lambda: _django("Argon2PasswordHasher")),
            "Django scrypt": Setup(lambda: _django("ScryptPasswordHasher")),
            "Werkzeug scrypt": Setup(_werkzeug),
            "bcrypt 12": Setup(_bcrypt),
        },
        baseline="Django PBKDF2",
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
