"""Secrets are nowhere in memory once they have been used."""

from __future__ import annotations

import sys

import pytest
from tests.security.residue import PIECES, residue

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

HASH = """
from hauberk.passwords import PasswordHasher
hasher = PasswordHasher(time_cost=1, memory_cost=4096, parallelism=2)
stored = hasher.hash(secret)
"""
WORKS = {
    "hash": HASH,
    "hash and verify": HASH + "hasher.verify(stored, secret)",
    "Signer": "from hauberk import signing; signing.Signer(secret, salt='s')",
    "TimestampSigner": "from hauberk.signing import TimestampSigner as Signer\n"
    "Signer(secret, salt='s').sign('v')",
    # Less than a block of the hash, which is then copied into its state.
    "Serializer": "from hauberk import signing\n"
    "signing.Serializer(memoryview(secret)[:50], salt='s')",
}


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("work", WORKS)
def test_no_secret_stays_in_memory(work: str, *, keep: bool) -> None:
    """No 24 bytes of a secret are left after its use, and all of one that is kept."""
    found = residue(WORKS[work], keep=keep)
    if keep:
        assert {piece for piece, _ in found} == set(PIECES)
    else:
        assert found == []
