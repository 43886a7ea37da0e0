"""The Django hasher beside Django's own."""

from __future__ import annotations

import asyncio

import argon2
import pytest
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.hashers import (
    Argon2PasswordHasher as DjangosHasher,
)
from django.contrib.auth.hashers import (
    check_password,
    identify_hasher,
    make_password,
)
from django.test import override_settings

from hauberk.django.hashers import Argon2PasswordHasher
from hauberk.exceptions import HashParametersError

OURS = "hauberk.django.hashers.Argon2PasswordHasher"
DJANGOS = "django.contrib.auth.hashers.Argon2PasswordHasher"
PBKDF2 = "django.contrib.auth.hashers.PBKDF2PasswordHasher"

use_ours = override_settings(PASSWORD_HASHERS=[OURS, PBKDF2])
use_djangos = override_settings(PASSWORD_HASHERS=[DJANGOS, PBKDF2])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "after"), [(use_djangos, use_ours), (use_ours, use_djangos)]
)
def test_switching_hashers(before: override_settings, after: override_settings) -> None:
    """Users of either hasher log in under the other, and nothing is rehashed."""
    users = get_user_model().objects
    with before:
        users.create_user("alice", password="correct horse")
    stored = users.get(username="alice").password
    assert stored.startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$")

    with after:
        assert authenticate(username="alice", password="correct horse") is not None
        assert authenticate(username="alice", password="wrong horse") is None
        assert authenticate(username="nobody", password="correct horse") is None
        assert not identify_hasher(stored).must_update(stored)
    assert stored == users.get(username="alice").password


def test_encodes_what_django_encodes() -> None:
    """Password and salt give the same hash, byte for byte."""
    salt = Argon2PasswordHasher().salt()

    assert len(salt) == 22
    ours = Argon2PasswordHasher().encode("pässword", salt)
    assert ours == DjangosHasher().encode("pässword", salt)


def test_decodes_what_django_decodes() -> None:
    """The parts of a hash are Django's, and so is the summary for administrators."""
    stored = DjangosHasher().encode("password", "0123456789abcdefghijkl")
    ours, djangos = (
        Argon2PasswordHasher().decode(stored),
        DjangosHasher().decode(stored),
    )

    assert djangos.keys() == ours.keys()
    for key in djangos.keys() - {"params"}:
        assert djangos[key] == ours[key], key
    assert DjangosHasher().safe_summary(stored) == Argon2PasswordHasher().safe_summary(
        stored
    )


@pytest.mark.parametrize("kind", [argon2.Type.I, argon2.Type.D, argon2.Type.ID])
@pytest.mark.parametrize("version", [16, 19])
def test_hashes_of_older_djangos(kind: argon2.Type, version: int) -> None:
    """argon2i and hashes without a version verify, and ask for an update."""
    phc = argon2.low_level.hash_secret(
        b"password", b"seasaltseasalt", 2, 512, 2, 16, kind, version
    ).decode()
    if version == 16:
        phc = phc.replace("$v=16", "")
    stored = "argon2" + phc
    hasher = Argon2PasswordHasher()

    assert hasher.verify("password", stored)
    assert not hasher.verify("Password", stored)
    assert hasher.must_update(stored)
    # argon2-cffi calls what names no version 18; no version has this number.
    djangos = {**DjangosHasher().safe_summary(stored), "version": version}
    assert djangos == hasher.safe_summary(stored)


def test_parameters_can_be_set() -> None:
    """Parameters and entropy of the salt decide which hashes are updated."""

    class Stronger(Argon2PasswordHasher):
        time_cost = 3

    stored = Argon2PasswordHasher().encode("password", "0123456789abcdefghijkl")
    assert Stronger().must_update(stored)
    tuned = Argon2PasswordHasher()
    assert not tuned.must_update(stored)
    tuned.memory_cost = 512
    assert tuned.must_update(stored)
    assert "m=512,t=2,p=8" in tuned.encode("password", tuned.salt())
    # 21 characters of 62 are less than 128 bits.
    short = Argon2PasswordHasher().encode("password", "0123456789abcdefghijk")
    assert Argon2PasswordHasher().must_update(short)
    assert DjangosHasher().must_update(short)


@pytest.mark.parametrize(
    "stored",
    [
        "argon2$",
        "argon2$argon2id",
        "argon2$argon2id$v=19$m=102400,t=2,p=8$c29tZXNhbHQ",
        "argon2$argon2id$v=19$m=4294967295,t=2,p=8$c29tZXNhbHQ$c29tZXNhbHQ",
        "argon2$argon2id$v=19$m=102400,t=4294967296,p=8$c29tZXNhbHQ$c29tZXNhbHQ",
        "argon2$argon2id$v=19$m=512,t=2,p=8,keyid=AAAA$c29tZXNhbHQ$c29tZXNhbHQ",
    ],
)
@use_ours
def test_stored_hashes_that_cannot_be_read(stored: str) -> None:
    """A bad row is a failed login and no error."""
    assert not Argon2PasswordHasher().verify("password", stored)
    assert not Argon2PasswordHasher().must_update(stored)
    assert not check_password("password", stored)


def test_a_hasher_with_wrong_parameters_is_no_wrong_password() -> None:
    """It is an error at the login already: nobody would be told otherwise."""

    class Wrong(Argon2PasswordHasher):
        memory_cost = 8

    stored = Argon2PasswordHasher().encode("password", "0123456789abcdefghijkl")
    with pytest.raises(HashParametersError, match="memory_cost"):
        Wrong().verify("password", stored)
    with pytest.raises(HashParametersError, match="memory_cost"):
        asyncio.run(Wrong().averify("password", stored))


@use_ours
def test_long_passwords_are_not_told_apart() -> None:
    """A password above the cap of the API is hashed here, as an unknown user's is."""
    stored = make_password("a" * 5000)

    assert check_password("a" * 5000, stored)
    assert not check_password("a" * 5001, stored)


def test_what_is_no_password_or_salt() -> None:
    """Django's own errors for its own mistakes."""
    hasher = Argon2PasswordHasher()
    with pytest.raises(TypeError):
        hasher.encode(None, "0123456789")  # type: ignore[arg-type]
    for salt in ("", "sea$alt$sea"):
        with pytest.raises(ValueError, match="salt"):
            hasher.encode("password", salt)
    with pytest.raises(ValueError, match="argon2"):
        hasher.decode("pbkdf2_sha256$1$salt$hash")


@use_ours
def test_other_hashers_are_upgraded() -> None:
    """A PBKDF2 hash verifies and its setter is called with the password."""
    stored = make_password("password", hasher="pbkdf2_sha256")
    upgraded: list[str] = []

    assert check_password("password", stored, upgraded.append)
    assert upgraded == ["password"]
    assert make_password("password").startswith("argon2$argon2id$")
