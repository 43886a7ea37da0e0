"""Properties of old hashes: whatever is stored, verifying answers or refuses."""

from __future__ import annotations

import contextlib
import hashlib
import string
from base64 import b64encode

import bcrypt
from hypothesis import given, settings
from hypothesis import strategies as st

from hauberk.exceptions import (
    HashParametersError,
    InvalidHashError,
    VerifyMismatchError,
)
from hauberk.passwords import CHEAPEST, PasswordHasher, identify, verify_password
from hauberk.passwords.legacy import FORMS, read, read_header

HASHER = PasswordHasher.from_parameters(CHEAPEST)

PREFIXES = [form.prefix for form in FORMS] + ["$argon2w$", "argon2w$", "argon2$", ""]
texts = st.text(st.characters(codec="utf-8"))
salts = st.text(string.ascii_letters + string.digits + "./-_é", min_size=1)


@given(
    st.sampled_from(PREFIXES),
    st.one_of(st.text("$:=,./+abcdef0123456789", max_size=80), st.text()),
)
def test_any_text(prefix: str, rest: str) -> None:
    """A stored text of any kind is told, or refused by one of two errors."""
    refused = (HashParametersError, InvalidHashError)
    with contextlib.suppress(*refused):
        read(prefix + rest)
    with contextlib.suppress(*refused):
        read_header(prefix + rest)
    with contextlib.suppress(*refused):
        identify(prefix + rest)
    with contextlib.suppress(*refused):
        HASHER.check_needs_rehash(prefix + rest)


@given(texts, salts, st.sampled_from(["sha1", "sha256"]), st.integers(1, 20))
def test_pbkdf2(password: str, salt: str, name: str, iterations: int) -> None:
    """What hashlib computes verifies in Django's and Werkzeug's text."""
    digest = hashlib.pbkdf2_hmac(name, password.encode(), salt.encode(), iterations)
    django = f"pbkdf2_{name}${iterations}${salt}${b64encode(digest).decode()}"
    of_werkzeug = f"pbkdf2:{name}:{iterations}${salt}${digest.hex()}"

    for stored in (django, of_werkzeug):
        check(stored, password)


@given(texts, salts, st.integers(1, 6), st.integers(1, 9), st.integers(1, 3))
def test_scrypt(password: str, salt: str, log_n: int, r: int, p: int) -> None:
    """What hashlib computes verifies in Django's and Werkzeug's text."""
    n = 2**log_n
    digest = hashlib.scrypt(password.encode(), salt=salt.encode(), n=n, r=r, p=p)
    django = f"scrypt${n}${salt}${r}${p}${b64encode(digest).decode()}"

    check(django, password)
    check(f"scrypt:{n}:{r}:{p}${salt}${digest.hex()}", password)


@settings(max_examples=30)
@given(st.binary(max_size=100), st.sampled_from(["$2a$", "$2b$", "$2y$"]))
def test_bcrypt(password: bytes, marker: str) -> None:
    """What the package bcrypt makes of the first 72 bytes verifies."""
    stored = bcrypt.hashpw(password[:72], bcrypt.gensalt(4)).decode()

    assert HASHER.verify(stored.replace("$2b$", marker), password)
    assert not verify_password(stored, b"!" + password)


def check(stored: str, password: str) -> None:
    """A hash verifies as it stands and wrapped, and for no other password."""
    wrapped = HASHER.wrap(stored)
    # HMAC pads a short password with zeros: one that ends in them is the same one.
    other = password.rstrip("\0") + "!"
    for text in (stored, wrapped):
        assert HASHER.verify(text, password)
        with contextlib.suppress(VerifyMismatchError):
            HASHER.verify(text, other)
            raise AssertionError
        assert HASHER.check_needs_rehash(text)
