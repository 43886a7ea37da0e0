"""Random tokens."""

from __future__ import annotations

import os
import secrets
import uuid
from collections.abc import Iterator

from django.utils.crypto import get_random_string

from benches.peers.harness import Contest, Domain
from hauberk import tokens

FLOOR = {"os.urandom(32)": lambda: os.urandom(32)}


def contests() -> Iterator[Contest]:
    yield Contest(
        work="32 random bytes",
        contestants={
            "hauberk": lambda: tokens.token_bytes(32),
            "secrets": lambda: secrets.token_bytes(32),
        },
        baseline="secrets",
        limits=FLOOR,
    )
    yield Contest(
        work="32 bytes as hexadecimal",
        contestants={
            "hauberk": lambda: tokens.token_hex(32),
            "secrets": lambda: secrets.token_hex(32),
            "uuid4().hex (16 bytes)": lambda: uuid.uuid4().hex,
        },
        baseline="secrets",
        limits=FLOOR,
    )
    yield Contest(
        work="32 bytes as base64url",
        contestants={
            "hauberk": lambda: tokens.token_urlsafe(32),
            "secrets": lambda: secrets.token_urlsafe(32),
        },
        baseline="secrets",
        limits=FLOOR,
    )
    yield Contest(
        work="32 letters and digits",
        contestants={
            "hauberk": lambda: tokens.random_string(32),
            "Django": lambda: get_random_string(32),
        },
        baseline="Django",
        limits=FLOOR,
    )


DOMAIN = Domain("Random tokens", contests, peers=("Django",))
