"""Hashing and verifying passwords."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import argon2
import pytest

from hauberk import passwords
from hauberk.exceptions import (
    HashParametersError,
    InvalidHashError,
    InvalidInputError,
    UnknownPepperError,
    VerifyMismatchError,
)
from hauberk.passwords import CHEAPEST, Parameters, PasswordHasher, Type

if TYPE_CHECKING:
    from collections.abc import Callable

HASH = (
    "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ"
    "$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
)


@pytest.fixture(scope="module")
def hasher() -> PasswordHasher:
    """As cheap as argon2 gets."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.mark.parametrize(
    "password",
    ["password", b"password", bytearray(b"password"), memoryview(b"password")],
    ids=lambda password: type(password).__name__,
)
def test_text_and_bytes(hasher: PasswordHasher, password: Any) -> None:
    """Hashing and verifying work with text and every kind of bytes."""
    stored = hasher.hash(password)

    assert hasher.verify(stored, "password")
    assert hasher.verify(stored.encode(), password)
    assert passwords.verify_password(HASH, password)


@pytest.mark.parametrize(
    "password", ["", "\0", "a\0b", "pä$$wörd", "👩🏽‍🚀", "x" * 4096, " "]
)
def test_odd_passwords(hasher: PasswordHasher, password: str) -> None:
    """Empty, NUL, non-ASCII and the longest passwords are passwords like others."""
    stored = hasher.hash(password)

    assert hasher.verify(stored, password)
    for other in (password + "\0", password + " ", "a"):
        with pytest.raises(VerifyMismatchError):
            hasher.verify(stored, other)


def test_normalization_is_not_done(hasher: PasswordHasher) -> None:
    """Two spellings of a character are two passwords."""
    with pytest.raises(VerifyMismatchError):
        hasher.verify(hasher.hash("\u00e9"), "e\u0301")


def test_defaults_are_argon2_cffis() -> None:
    """A hash of either default is up to date for the other."""
    stored = passwords.hash_password("password")
    theirs = argon2.PasswordHasher()

    assert theirs.verify(stored, "password")
    assert not theirs.check_needs_rehash(stored)
    assert not passwords.needs_rehash(theirs.hash("password"))
    assert passwords.extract_parameters(stored) == passwords.RFC_9106_LOW_MEMORY


@pytest.mark.parametrize(
    "name",
    ["RFC_9106_LOW_MEMORY", "RFC_9106_HIGH_MEMORY", "CHEAPEST"],
)
def test_profiles_are_argon2_cffis(name: str) -> None:
    """A profile that argon2-cffi has too has the same parameters."""
    theirs = getattr(argon2.profiles, name)
    ours = getattr(passwords, name)

    assert theirs.type.value == ours.type.value
    for field in dataclasses.fields(Parameters)[1:]:
        assert getattr(theirs, field.name) == getattr(ours, field.name), field.name


@pytest.mark.parametrize(
    "profile", [passwords.OWASP_19_MIB, passwords.DJANGO, CHEAPEST], ids=str
)
def test_profiles_work(profile: Parameters) -> None:
    """A hash made under a profile has its parameters."""
    profiled = PasswordHasher.from_parameters(profile)
    stored = profiled.hash("password")

    assert profile == passwords.extract_parameters(stored)
    assert profiled.verify(stored, "password")
    assert not profiled.check_needs_rehash(stored)


def test_a_hash_above_max_memory_is_refused() -> None:
    """2 GiB for a hash is more than a process allows unless it is told to."""
    hasher = PasswordHasher.from_parameters(passwords.RFC_9106_HIGH_MEMORY)
    with pytest.raises(HashParametersError, match="max_memory"):
        hasher.hash("password")


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ({"memory_cost": 1 << 24}, "memory_cost"),
        ({"memory_cost": 31}, "memory_cost"),
        ({"memory_cost": -1}, "memory_cost"),
        ({"memory_cost": 1 << 70}, "memory_cost"),
        ({"time_cost": 0}, "time_cost"),
        ({"time_cost": 1 << 32}, "time_cost"),
        ({"time_cost": 9, "memory_cost": 1 << 20}, "time_cost"),
        ({"parallelism": 0}, "parallelism"),
        ({"parallelism": 65}, "parallelism"),
        ({"hash_len": 3}, "hash_len"),
        ({"hash_len": 1 << 31}, "hash_len"),
        ({"salt_len": 7}, "salt"),
        ({"salt_len": 65}, "salt"),
    ],
)
def test_parameters_out_of_bounds(arguments: dict[str, Any], names: str) -> None:
    """What is out of bounds is refused when the hasher is made, by name."""
    with pytest.raises(HashParametersError, match=names):
        PasswordHasher(**arguments)


@pytest.mark.parametrize(
    ("part", "replacement"),
    [
        ("m=256", "m=4294967295"),  # 4 TiB
        ("m=256", "m=" + "9" * 300),
        ("t=2", "t=4294967296"),
        ("t=2", "t=65"),
        ("p=1", "p=16777215"),
        ("m=256,t=2", "m=1048576,t=64"),
    ],
)
def test_hashes_that_ask_for_too_much(part: str, replacement: str) -> None:
    """A stored hash cannot make a login take gigabytes or hours."""
    greedy = HASH.replace(part, replacement)

    for call in (PasswordHasher().verify, passwords.verify_password):
        if call is passwords.verify_password:
            assert not call(greedy, "password")
        else:
            with pytest.raises(HashParametersError):
                call(greedy, "password")
    with pytest.raises(HashParametersError):
        passwords.extract_parameters(greedy)
    with pytest.raises(HashParametersError):
        passwords.needs_rehash(greedy)


@pytest.mark.parametrize("end", range(len(HASH)))
def test_cut_off_hashes(end: int) -> None:
    """A hash that lost its end verifies nothing."""
    with pytest.raises((InvalidHashError, VerifyMismatchError)):
        PasswordHasher().verify(HASH[:end], "password")
    assert not passwords.verify_password(HASH[:end], "password")


@pytest.mark.parametrize(
    "malformed",
    ["", "$", "!", "password", HASH + "$", HASH + "\0", " " + HASH, "$2b$12$abc", "ü"],
)
def test_malformed_hashes(malformed: str) -> None:
    """What is no hash is an error of the class, and False for a framework."""
    with pytest.raises(InvalidHashError):
        PasswordHasher().verify(malformed, "password")
    with pytest.raises(InvalidHashError):
        PasswordHasher().check_needs_rehash(malformed)
    assert not passwords.verify_password(malformed, "password")


def test_a_refused_hash_is_logged_without_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The log says that a stored hash was refused and neither hash nor password."""
    with caplog.at_level(logging.WARNING, "hauberk.passwords"):
        assert not passwords.verify_password(HASH.replace("t=2", "t=99"), "hunter2")

    assert "time_cost" in caplog.text
    assert "argon2id" not in caplog.text
    assert "hunter2" not in caplog.text


def test_a_peppered_hash_is_a_matter_of_configuration() -> None:
    """A hash that names a pepper is neither malformed nor a wrong password."""
    peppered = HASH.replace("p=1", "p=1,keyid=AAAA")

    with pytest.raises(UnknownPepperError):
        PasswordHasher().verify(peppered, "password")
    assert not passwords.verify_password(peppered, "password")


@pytest.mark.parametrize("stored", [HASH, "argon2" + HASH])
@pytest.mark.parametrize("call", [PasswordHasher().verify, passwords.verify_password])
def test_swapped_arguments(call: Callable[[str, str], bool], stored: str) -> None:
    """Swapped arguments are a TypeError that quotes neither."""
    with pytest.raises(TypeError, match=r"\(hash, password\)") as caught:
        call("hunter2", stored)

    assert "hunter2" not in str(caught.value)
    assert "argon2id" not in str(caught.value)


@pytest.mark.parametrize("unusable", ["", "!", "!x7HdUe8Wq", "*"])
def test_a_hash_as_password_of_an_account_without(unusable: str) -> None:
    """A hash typed as password is no error where the account has no password."""
    assert not passwords.verify_password(unusable, HASH)


def test_long_passwords_are_refused_when_new(hasher: PasswordHasher) -> None:
    """4097 bytes are too long for a new hash, and verify where they were hashed."""
    long = "ä" * 2049
    with pytest.raises(InvalidInputError, match="max_password_bytes") as caught:
        hasher.hash(long)
    assert "ä" not in str(caught.value)

    theirs = argon2.PasswordHasher(1, 8, 1).hash(long)
    assert hasher.verify(theirs, long)
    assert hasher.verify_and_update(theirs.replace("m=8", "m=8"), long) is None


def test_a_long_old_password_still_logs_in() -> None:
    """A password that is too long for the rehash that is due keeps its old hash."""
    theirs = argon2.PasswordHasher(1, 16, 1).hash("a" * 5000)

    assert PasswordHasher().verify_and_update(theirs, "a" * 5000) is None


@pytest.mark.parametrize("size", [1 << 20, (4 << 20) + 1])
def test_huge_passwords_do_not_match(hasher: PasswordHasher, size: int) -> None:
    """A password of a megabyte is compared like another one."""
    with pytest.raises(VerifyMismatchError):
        hasher.verify(HASH, "a" * size)


def test_lone_surrogates(hasher: PasswordHasher) -> None:
    """No hash is made of them, none matches, and no account stands out by them."""
    typed = "secret\ud800"

    with pytest.raises(InvalidInputError, match="surrogate") as caught:
        hasher.hash(typed)
    assert "secret" not in repr(caught.value)
    with pytest.raises(VerifyMismatchError):
        hasher.verify(HASH, typed)
    with pytest.raises(VerifyMismatchError):
        asyncio.run(hasher.averify_and_update(HASH, typed))
    assert not passwords.verify_password(HASH, typed)
    assert not hasher.dummy_verify(typed)
    assert not asyncio.run(hasher.adummy_verify(typed))


@pytest.mark.parametrize("wrong", [None, 1, 1.5, ["a"], object()])
def test_other_types(hasher: PasswordHasher, wrong: Any) -> None:
    """What is neither text nor bytes is a TypeError."""
    with pytest.raises(TypeError):
        hasher.hash(wrong)
    with pytest.raises(TypeError):
        hasher.verify(HASH, wrong)
    with pytest.raises(TypeError):
        passwords.verify_password(wrong, "password")


def test_needs_rehash_sees_every_parameter() -> None:
    """A hash that differs in any parameter is to be made anew."""
    profile = Parameters(Type.ID, 19, 8, 32, 2, 256, 1)
    current = PasswordHasher.from_parameters(profile)
    assert not current.check_needs_rehash(HASH)

    for change in (
        {"type": Type.I},
        {"version": 16},
        {"salt_len": 9},
        {"hash_len": 33},
        {"time_cost": 3},
        {"memory_cost": 257},
        {"parallelism": 2},
    ):
        other = PasswordHasher.from_parameters(dataclasses.replace(profile, **change))
        assert other.check_needs_rehash(HASH), change


def test_verify_and_update(hasher: PasswordHasher) -> None:
    """A right password under old parameters gives the hash to store instead."""
    updated = hasher.verify_and_update(HASH, "password")

    assert updated is not None
    assert hasher.verify(updated, "password")
    assert not hasher.check_needs_rehash(updated)
    assert hasher.verify_and_update(updated, "password") is None
    with pytest.raises(VerifyMismatchError):
        hasher.verify_and_update(HASH, "another")


def test_the_order_is_hash_then_password() -> None:
    """Everything takes the hash first; only swapped arguments could be mistaken."""
    assert passwords.verify_password(HASH, "password")
    assert PasswordHasher().verify(HASH, "password")


def test_exceptions_can_be_caught_as_builtins(hasher: PasswordHasher) -> None:
    """Bad hashes and parameters are ValueErrors."""
    with pytest.raises(ValueError, match="hash"):
        hasher.verify("nonsense", "password")
    with pytest.raises(ValueError, match="time_cost"):
        PasswordHasher(time_cost=0)


def test_the_hasher_shows_its_parameters_and_nothing_else(
    hasher: PasswordHasher,
) -> None:
    """A hasher's repr is fit for a log; parameters travel between processes."""
    assert "memory_cost=8" in repr(hasher)
    assert pickle.loads(pickle.dumps(CHEAPEST)) == CHEAPEST


def test_many_threads_and_the_lock_is_released() -> None:
    """Hashing in threads works, and other threads run meanwhile."""
    shared = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=2)
    ticks = 0
    done = threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not done.wait(0.001):
            ticks += 1

    watcher = threading.Thread(target=tick)
    watcher.start()
    try:
        with ThreadPoolExecutor(8) as pool:
            hashes = list(pool.map(shared.hash, map(str, range(32))))
    finally:
        done.set()
        watcher.join()

    assert ticks > 0
    assert all(shared.verify(stored, str(i)) for i, stored in enumerate(hashes))
