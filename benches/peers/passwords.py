"""Argon2id. Both verify one hash; the time is the CPU's, over all threads."""

from __future__ import annotations

from collections.abc import Iterator

import argon2

from benches.peers.harness import Clock, Contest, Domain, equal_outputs
from hauberk import passwords
from hauberk.passwords import Parameters, PasswordHasher

PASSWORD = "correct horse battery staple"

#: Title, parameters, and the ratio to reach.
COSTS: list[tuple[str, Parameters, float]] = [
    ("verify at the cheapest: the call itself", passwords.CHEAPEST, 1),
    ("verify at 19 MiB, 1 lane (OWASP)", passwords.OWASP_19_MIB, 2.5),
    ("verify at 64 MiB, 4 lanes (RFC 9106)", passwords.RFC_9106_LOW_MEMORY, 4),
    ("verify at 100 MiB, 8 lanes (Django)", passwords.DJANGO, 4),
]


def contests() -> Iterator[Contest]:
    for title, parameters, goal in COSTS:
        yield _verify(title, parameters, goal)


def _verify(title: str, parameters: Parameters, goal: float) -> Contest:
    ours = PasswordHasher.from_parameters(parameters)
    peer = argon2.PasswordHasher()
    encoded = ours.hash(PASSWORD)
    return Contest(
        work=title,
        contestants={
            "hauberk": lambda: ours.verify(encoded, PASSWORD),
            "argon2-cffi": lambda: peer.verify(encoded, PASSWORD),
        },
        baseline="argon2-cffi",
        goal=goal,
        check=equal_outputs,
        clock=Clock.PROCESS,
    )


DOMAIN = Domain("Passwords", contests, peers=("argon2-cffi", "argon2-cffi-bindings"))
