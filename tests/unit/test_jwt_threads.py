"""Other threads run while a signature takes its time, and not for one that does not."""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from hauberk import jwt

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(
    not getattr(sys, "_is_gil_enabled", lambda: True)(),
    reason="there is no interpreter lock to release",
)

ASYMMETRIC = ["RS256", "PS256", "ES256", "ES384", "ES512", "ES256K", "EdDSA"]
KEYS = {alg: jwt.PrivateKey.generate(alg) for alg in ASYMMETRIC}
SECRET = jwt.HmacKey.generate()


def others_run(work: Callable[[], object], times: int) -> bool:
    """Return whether another thread runs while this one works that often.

    Nobody is made to give the interpreter up, so the other thread runs only if the work
    hands it over. On a busy machine it may be late for the first chances.
    """
    steps = 0
    stopped = False

    def step() -> None:
        nonlocal steps
        while not stopped:
            steps += 1
            time.sleep(0)  # hands it back

    usual = sys.getswitchinterval()
    other = threading.Thread(target=step)
    sys.setswitchinterval(1000)
    try:
        other.start()
        while not steps:
            time.sleep(0.001)
        before = steps
        for _ in range(times):
            work()
            if steps > before:
                return True
        return False
    finally:
        stopped = True
        sys.setswitchinterval(usual)
        other.join()


def verifier(key: jwt.HmacKey | jwt.PrivateKey) -> jwt.Verifier:
    """Return a verifier that expects little."""
    return jwt.Verifier(key, issuer=None, audience=None)


@pytest.mark.parametrize("alg", ASYMMETRIC)
def test_asymmetric_signatures_let_others_run(alg: str) -> None:
    """Signing and verifying, one token or many, release the interpreter."""
    signer = jwt.Signer(KEYS[alg], lifetime=60)
    token = signer.sign({})
    ours = verifier(KEYS[alg])
    signed = jwt.sign_bytes(b"message", KEYS[alg])
    for work in (
        lambda: signer.sign({}),
        lambda: ours.claims(token),
        lambda: ours.verify(token),
        lambda: ours.verify_many([token] * 3),
        lambda: jwt.sign_bytes(b"message", KEYS[alg]),
        lambda: jwt.verify_signature(signed, KEYS[alg]),
    ):
        assert others_run(work, 50_000)


def test_generating_a_key_lets_others_run() -> None:
    """A new RSA key takes a good part of a second, for one thread alone."""
    steps = 0
    for _ in range(3):
        done: list[object] = []

        def generate(done: list[object] = done) -> None:
            done.append(jwt.PrivateKey.generate("RS256"))

        thread = threading.Thread(target=generate)
        thread.start()
        while not done:
            steps += 1
            time.sleep(0.0001)
        thread.join()
    assert steps > 10


def test_macs_do_not() -> None:
    """HMAC takes less than handing over does; and the count above counts something."""
    signer = jwt.Signer(SECRET, lifetime=60)
    token = signer.sign({})
    ours = verifier(SECRET)
    assert not others_run(lambda: signer.sign({}), 5_000)
    assert not others_run(lambda: ours.claims(token), 5_000)
