"""Properties of encoded hashes."""

from __future__ import annotations

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from hauberk import passwords
from hauberk.exceptions import PasswordError, VerifyMismatchError

HASHER = passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
STORED = HASHER.hash("password", salt=b"somesalt")


@settings(deadline=None)
@given(
    password=st.text() | st.binary(max_size=4096),
    salt=st.binary(min_size=8, max_size=64),
)
def test_what_was_hashed_verifies(password: str | bytes, salt: bytes) -> None:
    """A password verifies against its hash, whose parameters are the hasher's."""
    try:
        stored = HASHER.hash(password, salt=salt)
    except ValueError:
        assert isinstance(password, str)  # Only text can be no Unicode.
        return

    assert HASHER.verify(stored, password)
    assert len(salt) == passwords.extract_parameters(stored).salt_len


@settings(deadline=None)
@given(password=st.text(), other=st.text())
def test_another_password_does_not(password: str, other: str) -> None:
    """Two passwords share a hash only if they are equal."""
    with contextlib.suppress(ValueError):
        assert (password == other) == passwords.verify_password(
            HASHER.hash(password), other
        )


@given(position=st.integers(0, len(STORED) - 1), character=st.characters(codec="utf-8"))
@settings(deadline=None, max_examples=300)
def test_an_altered_hash_verifies_nothing(position: int, character: str) -> None:
    """A hash with any one character changed is refused or does not match."""
    altered = STORED[:position] + character + STORED[position + 1 :]
    if altered == STORED:
        return

    # Parameters may come out large: what they would cost is not what is tested here.
    with contextlib.suppress(PasswordError):
        if passwords.extract_parameters(altered).memory_cost > 1 << 16:
            return
    assert not passwords.verify_password(altered, "password")


@given(st.text() | st.binary())
def test_nothing_but_a_hash_is_read(text: str | bytes) -> None:
    """Whatever is not a hash is an error of the password domain."""
    for call in (passwords.extract_parameters, HASHER.check_needs_rehash):
        with contextlib.suppress(ValueError):
            call(text)
    with contextlib.suppress(VerifyMismatchError, ValueError):
        HASHER.verify(text, "password")
