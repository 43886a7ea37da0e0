"""Comparison of secrets."""

from __future__ import annotations

import hmac
from collections.abc import Iterator

from cryptography.hazmat.primitives import constant_time
from django.utils.crypto import constant_time_compare

import hauberk
from benches.peers.harness import Contest, Domain, equal_outputs
from hauberk import _rust

# What a call with two arguments costs that does nothing. In no wheel, so in no stub.
_empty_call = getattr(_rust, "empty_call_for_bench")  # noqa: B009

SIZES = {
    "16 bytes": (16, 1 / 1.1),
    "32 bytes": (32, 1 / 1.1),
    "64 bytes": (64, 1 / 1.1),
    "4 KiB": (4096, 5.0),
    "64 KiB": (65_536, 5.0),
}


def contests() -> Iterator[Contest]:
    yield from (_bytes(work, size, goal) for work, (size, goal) in SIZES.items())
    yield _text("k" * 43)


def _bytes(work: str, size: int, goal: float) -> Contest:
    # Equal and not identical, as a secret from a request and one from a store are.
    left = b"k" * size
    right = bytes(bytearray(left))
    return Contest(
        work=work,
        contestants={
            "hauberk": lambda: hauberk.compare_digest(left, right),
            "hmac": lambda: hmac.compare_digest(left, right),
            "cryptography": lambda: constant_time.bytes_eq(left, right),
        },
        baseline="hmac",
        goal=round(goal, 2),
        limits={"an empty call": lambda: _empty_call(left, right)},
        check=equal_outputs,
        headline=size in (64, 4096),
    )


def _text(left: str) -> Contest:
    right = "".join(list(left))
    return Contest(
        work="43 characters of text",
        contestants={
            "hauberk": lambda: hauberk.compare_digest(left, right),
            "Django": lambda: constant_time_compare(left, right),
            "hmac": lambda: hmac.compare_digest(left, right),
        },
        baseline="Django",
        goal=3,
        limits={"an empty call": lambda: _empty_call(left, right)},
        check=equal_outputs,
        headline=True,
    )


DOMAIN = Domain("Comparing secrets", contests, peers=("cryptography", "Django"))
