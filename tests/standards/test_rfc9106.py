"""RFC 9106 (argon2), as far as Python sees it.

The three vectors of section 5 have a secret and associated data, which the API of
passwords does not take: `tests/rust/rfc9106.rs` checks them against the core.
"""

from __future__ import annotations

import argon2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hauberk import passwords
from hauberk.exceptions import VerifyMismatchError

# From `src/test.c` of the reference implementation, phc-winner-argon2; the password is
# "password", the salt "somesalt".
COSTS_AND_RESULTS = {
    "i$m=65536,t=2,p=1": "9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ",
    "i$v=19$m=65536,t=2,p=1": "wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA",
    "i$v=19$m=256,t=2,p=1": "iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8",
    "id$v=19$m=65536,t=2,p=1": "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
    "id$v=19$m=256,t=2,p=1": "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
    "id$v=19$m=256,t=2,p=2": "bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc",
}


@pytest.mark.parametrize("costs", COSTS_AND_RESULTS)
def test_results_of_the_reference_implementation(costs: str) -> None:
    """What the reference implementation publishes verifies, and nothing else."""
    hasher = passwords.PasswordHasher()
    published = f"$argon2{costs}$c29tZXNhbHQ${COSTS_AND_RESULTS[costs]}"

    assert hasher.verify(published, "password")
    with pytest.raises(VerifyMismatchError):
        hasher.verify(published, "Password")


def test_profiles_are_those_of_section_4() -> None:
    """The two recommended options have the RFC's parameters."""
    high, low = passwords.RFC_9106_HIGH_MEMORY, passwords.RFC_9106_LOW_MEMORY

    assert (
        high.time_cost,
        high.parallelism,
        high.memory_cost,
        high.salt_len,
        high.hash_len,
    ) == (1, 4, 1 << 21, 16, 32)
    assert (
        low.time_cost,
        low.parallelism,
        low.memory_cost,
        low.salt_len,
        low.hash_len,
    ) == (3, 4, 1 << 16, 16, 32)


@settings(max_examples=2000, deadline=None)
@given(
    password=st.binary(max_size=300),
    salt=st.binary(min_size=8, max_size=64),
    lanes=st.integers(1, 9),
    extra=st.integers(0, 60),
    passes=st.integers(1, 4),
    hash_len=st.sampled_from([4, 5, 31, 32, 33, 63, 64, 65, 96, 97, 128, 255, 256]),
    kind=st.sampled_from(passwords.Type),
    version=st.sampled_from([16, 19]),
)
def test_equals_the_reference_implementation(
    password: bytes,
    salt: bytes,
    lanes: int,
    extra: int,
    passes: int,
    hash_len: int,
    kind: passwords.Type,
    version: int,
) -> None:
    """Every hash is byte for byte the one of argon2-cffi, which wraps the reference."""
    expected = argon2.low_level.hash_secret(
        password,
        salt,
        time_cost=passes,
        memory_cost=8 * lanes + extra,
        parallelism=lanes,
        hash_len=hash_len,
        type=argon2.low_level.Type(kind.value),
        version=version,
    ).decode()
    hasher = passwords.PasswordHasher.from_parameters(
        passwords.Parameters(
            kind, version, 16, hash_len, passes, 8 * lanes + extra, lanes
        )
    )

    assert expected == hasher.hash(password, salt=salt)
    assert hasher.verify(expected, password)
