"""The time of a comparison does not tell where two secrets differ.

A Welch t-test between two classes of inputs, the first byte wrong and the last byte
wrong (O. Reparaz, J. Balasch, I. Verbauwhede, "Dude, is my code constant time?", 2017).
|t| > 4.5 is a suspicion; a leak is in the hundreds. Each measurement carries a control
that leaves early and must be noticed, or the test would not notice anything.
"""

from __future__ import annotations

import base64
import gc
import hashlib
import hmac
import random
from functools import partial
from time import perf_counter_ns
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hauberk import compare_digest, jwt
from hauberk.exceptions import TokenSignatureError

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

pytestmark = pytest.mark.timing

SAMPLES = 60_000
CALLS_A_SAMPLE = 4
LEAK = 10.0
CONTROL = 50.0


@pytest.mark.parametrize("length", [32, 1024])
def test_the_position_of_a_difference_does_not_show(length: int) -> None:
    """|t| stays below 10 in at least two of three runs; the control's is above 50."""
    secret = random.Random(length).randbytes(length)
    assert_no_leak(
        partial(compare_digest, secret),
        partial(early_exit, secret),
        wrong_at_an_end(secret),
    )


def test_where_a_mac_differs_does_not_show_in_a_token() -> None:
    """HS256: a signature wrong in its first byte takes as long as in its last."""
    secret = bytes(range(32))
    header = b"eyJhbGciOiJIUzI1NiJ9"  # HS256
    claims = base64.urlsafe_b64encode(b'{"exp":9999999999}').rstrip(b"=")
    message = header + b"." + claims
    mac = hmac.new(secret, message, hashlib.sha256).digest()
    tokens = [
        message + b"." + base64.urlsafe_b64encode(wrong).rstrip(b"=")
        for wrong in wrong_at_an_end(mac)
    ]
    verifier = jwt.Verifier(jwt.HmacKey(secret), issuer=None, audience=None)
    good = message + b"." + base64.urlsafe_b64encode(mac).rstrip(b"=")
    assert verifier.claims(good) == {"exp": 9_999_999_999}

    def verify(token: bytes) -> None:
        try:
            verifier.claims(token)
        except TokenSignatureError:
            return
        raise AssertionError

    def verify_and_leave_early(token: bytes) -> None:
        message, _, signature = token.rpartition(b".")
        mac = hmac.new(secret, message, hashlib.sha256).digest()
        early_exit(mac, base64.urlsafe_b64decode(signature + b"="))

    assert_no_leak(verify, verify_and_leave_early, (tokens[0], tokens[1]))


def early_exit(left: bytes, right: bytes) -> bool:
    """Leave at the first difference, as one must not."""
    return all(a == b for a, b in zip(left, right, strict=True))


def wrong_at_an_end(secret: bytes) -> tuple[bytes, bytes]:
    """Return a secret with another first byte, and with another last one."""
    first = bytes([secret[0] ^ 1]) + secret[1:]
    last = secret[:-1] + bytes([secret[-1] ^ 1])
    return first, last


def assert_no_leak(
    compare: Callable[[bytes], object],
    leaky: Callable[[bytes], object],
    classes: tuple[bytes, bytes],
) -> None:
    """Measure a comparison three times, each time with the control beside it."""
    leaks = 0
    seen = []
    for run in range(3):
        control = t_statistic(leaky, classes, SAMPLES // 6, seed=run)
        assert control > CONTROL, f"the control was not noticed: |t| = {control:.1f}"
        t = t_statistic(compare, classes, SAMPLES, seed=run)
        seen.append(t)
        leaks += t > LEAK
    assert leaks < 2, f"|t| = {seen}"


def t_statistic(
    compare: Callable[[bytes], object],
    classes: tuple[bytes, bytes],
    samples: int,
    *,
    seed: int,
) -> float:
    """Return the largest |t| over several croppings of the slowest samples."""
    chance = random.Random(seed)
    # Many objects a class, allocated in turns, so that neither class owns a cache line.
    pools = list(
        zip(*((bytes(bytearray(v)) for v in classes) for _ in range(64)), strict=True)
    )
    chosen = [chance.getrandbits(1) for _ in range(samples)]
    inputs = [pools[c][chance.randrange(64)] for c in chosen]
    times = [0] * samples
    calls = range(CALLS_A_SAMPLE)
    gc.disable()
    try:
        for i, value in enumerate(inputs):
            start = perf_counter_ns()
            for _ in calls:
                compare(value)
            times[i] = perf_counter_ns() - start
    finally:
        gc.enable()
    measured = np.array(times, dtype=np.float64)
    labels = np.array(chosen)
    largest = 0.0
    for percentile in (100, 99, 95, 90, 75, 50):
        kept = measured <= np.percentile(measured, percentile)
        t = welch(measured[kept & (labels == 0)], measured[kept & (labels == 1)])
        largest = max(largest, abs(t))
    return largest


def welch(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]) -> float:
    """Return Welch's t for two samples, 0 where a cropping left too few of one."""
    if min(len(a), len(b)) < 2:
        return 0.0
    spread = a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b)
    return float((a.mean() - b.mean()) / np.sqrt(spread)) if spread else 0.0
