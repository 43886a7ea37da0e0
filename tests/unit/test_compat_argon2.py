"""`hauberk.compat.argon2` stands in for argon2-cffi."""

from __future__ import annotations

import copy
import importlib
import inspect
import os
import pickle
from dataclasses import astuple, fields
from typing import TYPE_CHECKING, Any

import argon2 as peer
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hauberk import exceptions, passwords
from hauberk.compat import argon2 as ours

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

#: What is about the C library, and absent: see `low_level`.
ABSENT = {"low_level": {"core", "error_to_str", "ffi"}}
MODULES = ["", "exceptions", "low_level", "profiles"]
HASH = "$argon2id$v=19$m=8,t=1,p=1$MTIzNDU2Nzg5MDEyMzQ1Ng$maTa5w"


def modules(name: str) -> tuple[ModuleType, ModuleType]:
    """Return the peer's module and ours."""
    dotted = f".{name}" if name else ""
    return (
        importlib.import_module(f"argon2{dotted}"),
        importlib.import_module(f"hauberk.compat.argon2{dotted}"),
    )


def public(module: ModuleType) -> set[str]:
    """Return the public names of a module, without what it only imports for itself."""
    return {
        name
        for name, value in vars(module).items()
        if name in getattr(module, "__all__", ())
        or (
            not name.startswith("_")
            and (name.isupper() or getattr(value, "__module__", "") == module.__name__)
        )
    }


def comparable() -> Iterator[tuple[str, Any, Any]]:
    """Yield each function and method that both have, with its name."""
    for module in MODULES:
        theirs, mine = modules(module)
        for name in sorted(public(theirs) - ABSENT.get(module, set())):
            one, other = getattr(theirs, name), getattr(mine, name)
            if inspect.isfunction(one):
                yield f"{module}.{name}", one, other
    for kind in ("PasswordHasher", "Parameters"):
        one, other = getattr(peer, kind), getattr(ours, kind)
        yield kind, one, other
        for name, _ in inspect.getmembers(one, callable):
            if not name.startswith("_"):
                yield f"{kind}.{name}", getattr(one, name), getattr(other, name)


class TestSurface:
    """The same names, arguments and values."""

    @pytest.mark.parametrize("name", MODULES)
    def test_names(self, name: str) -> None:
        """Every public name is there, but for the C library's."""
        theirs, mine = modules(name)

        assert {
            missing for missing in public(theirs) if not hasattr(mine, missing)
        } == ABSENT.get(name, set())

    def test_star_import(self) -> None:
        """`from argon2 import *` gives the same."""
        assert sorted(peer.__all__) == sorted(ours.__all__)

    @pytest.mark.parametrize(
        ("theirs", "mine"),
        [pytest.param(one, other, id=name) for name, one, other in comparable()],
    )
    def test_signatures(self, theirs: Any, mine: Any) -> None:
        """Every function takes the same arguments, in the same way."""
        assert shape(theirs) == shape(mine)

    @pytest.mark.parametrize("name", ["PasswordHasher", "Parameters"])
    def test_attributes(self, name: str) -> None:
        """The classes have the same attributes."""
        theirs, mine = getattr(peer, name), getattr(ours, name)

        assert {attribute for attribute in dir(theirs) if attribute[0] != "_"} == {
            attribute for attribute in dir(mine) if attribute[0] != "_"
        }

    def test_constants(self) -> None:
        """Defaults, profiles and types have the same values."""
        for name in public(peer):
            if name.startswith("DEFAULT_"):
                assert getattr(peer, name) == getattr(ours, name)
        for name in public(peer.profiles):
            if name.isupper():
                assert repr(getattr(peer.profiles, name)) == repr(
                    getattr(ours.profiles, name)
                )
        assert [repr(kind) for kind in peer.Type] == [repr(kind) for kind in ours.Type]
        assert peer.low_level.ARGON2_VERSION == ours.low_level.ARGON2_VERSION
        assert repr(peer.profiles.get_default_parameters()) == repr(
            ours.profiles.get_default_parameters()
        )

    def test_parameters_are_a_record_that_changes(self) -> None:
        """Django sets the salt's length of the parameters that it compares."""
        parameters = copy.copy(ours.profiles.CHEAPEST)
        parameters.salt_len = 9

        assert parameters != ours.profiles.CHEAPEST
        assert [field.name for field in fields(peer.Parameters)] == [
            field.name for field in fields(ours.Parameters)
        ]
        with pytest.raises(TypeError):
            hash(parameters)


def shape(function: Any) -> list[tuple[str, Any, str]]:
    """Return what a caller sees of a signature."""
    return [
        (parameter.name, parameter.kind, repr(parameter.default))
        for parameter in inspect.signature(function).parameters.values()
    ]


class TestExceptions:
    """Handlers written for the peer catch what they are about, and ours do too."""

    @pytest.mark.parametrize("name", sorted(public(peer.exceptions)))
    def test_ancestry(self, name: str) -> None:
        """Each exception has the ancestors that it has there."""

        def ancestors(kind: type) -> set[str]:
            return {base.__name__ for base in kind.__mro__}

        theirs = ancestors(getattr(peer.exceptions, name))
        mine = getattr(ours.exceptions, name)

        assert theirs <= ancestors(mine)
        assert issubclass(mine, exceptions.PasswordError)

    def test_no_verification_error(self) -> None:
        """What says nothing about the password is no wrong password."""
        for kind in (
            exceptions.HashMemoryError,
            exceptions.HashingBusyError,
            exceptions.UnknownPepperError,
        ):
            assert not issubclass(kind, ours.exceptions.Argon2Error)
        with pytest.raises(exceptions.UnknownPepperError):
            ours.PasswordHasher().verify(HASH.replace("p=1", "p=1,keyid=AAAA"), "")

    def test_mismatch(self) -> None:
        """A mismatch is ours and theirs, and survives a process pool."""
        with pytest.raises(ours.exceptions.VerifyMismatchError) as caught:
            ours.PasswordHasher().verify(HASH, "Password")

        assert isinstance(caught.value, exceptions.VerifyMismatchError)
        assert isinstance(caught.value, ours.exceptions.VerificationError)
        assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)

    @pytest.mark.parametrize("stored", ["tiger", "", "pässword", b"\xff", "$2b$12$"])
    def test_no_hash(self, stored: str | bytes) -> None:
        """What is nothing like a hash is an `InvalidHashError`."""
        hasher = ours.PasswordHasher()

        for refused in (
            lambda: hasher.verify(stored, "password"),
            lambda: hasher.check_needs_rehash(stored),
            lambda: ours.extract_parameters(stored),
        ):
            with pytest.raises(ours.exceptions.InvalidHash):
                refused()

    @pytest.mark.parametrize(
        "stored",
        [
            "$argon2id$",
            HASH[:-3],
            HASH + "=",
            HASH.replace("m=8", "m=4294967295"),
            HASH.replace("t=1", "t=4294967295"),
        ],
    )
    def test_no_sound_hash(self, stored: str) -> None:
        """What is cut off, altered or too expensive is a `VerificationError`."""
        with pytest.raises(ours.exceptions.VerificationError) as caught:
            ours.PasswordHasher().verify(stored, "password")

        assert not isinstance(caught.value, ours.exceptions.VerifyMismatchError)

    @pytest.mark.parametrize(
        "arguments",
        [
            {"salt": b"short"},
            {"salt": bytes(65)},
            {"memory_cost": 7},
            {"memory_cost": 1 << 40},
            {"memory_cost": -1},
            {"time_cost": 0},
            {"parallelism": 65},
            {"hash_len": 3},
            {"hash_len": 257},
            {"version": 18},
            {"secret": bytes((4 << 20) + 1)},
        ],
        ids=lambda arguments: next(iter(arguments)),
    )
    def test_out_of_bounds(self, arguments: dict[str, Any]) -> None:
        """A `HashingError` says which argument is out of bounds."""
        for function in (ours.low_level.hash_secret, ours.low_level.hash_secret_raw):
            with pytest.raises(ours.exceptions.HashingError):
                function(**(CHEAP | arguments))

    def test_types(self) -> None:
        """Text is no secret where there is no encoding, and numbers are numbers."""
        low_level: Any = ours.low_level

        for arguments in ({"secret": "x"}, {"salt": "x" * 8}, {"time_cost": "1"}):
            for function in (low_level.hash_secret, low_level.hash_secret_raw):
                with pytest.raises(TypeError):
                    function(**(CHEAP | arguments))
        with pytest.raises(TypeError):
            low_level.verify_secret(HASH.encode(), "password", ours.Type.ID)
        with pytest.raises(TypeError):
            low_level.verify_secret(HASH, b"password", ours.Type.ID)

    @pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
    def test_no_password_in_errors(self, encoding: str) -> None:
        """A password that the encoding lacks is a ValueError without it."""
        password = "secret\udc80"

        with pytest.raises(ValueError, match="encoding") as caught:
            ours.PasswordHasher(encoding=encoding).hash(password)

        assert "secret" not in repr(vars(caught.value)) + repr(caught.value)
        assert not isinstance(caught.value, UnicodeError)
        assert caught.value.__suppress_context__


CHEAP: dict[str, Any] = {
    "secret": b"password",
    "salt": b"1234567890123456",
    "time_cost": 1,
    "memory_cost": 8,
    "parallelism": 1,
    "hash_len": 4,
    "type": ours.Type.ID,
}


class TestInterchange:
    """Hashes go both ways."""

    @pytest.mark.parametrize("kind", ["D", "I", "ID"])
    @pytest.mark.parametrize("password", ["pässword", b"p\0\xff", ""])
    def test_hasher(self, kind: str, password: str | bytes) -> None:
        """Each verifies what the other made."""
        theirs = peer.PasswordHasher(1, 64, 2, 24, 12, "utf-8", peer.Type[kind])
        mine = ours.PasswordHasher(1, 64, 2, 24, 12, "utf-8", ours.Type[kind])

        for one, other in ((theirs, mine), (mine, theirs)):
            stored = one.hash(password)
            assert other.verify(stored, password) is True
            assert other.verify(stored.encode(), password) is True
            assert not other.check_needs_rehash(stored)
            assert not other.check_needs_rehash(stored.encode())

    def test_encoding(self) -> None:
        """Text becomes bytes in the encoding that was asked for."""
        for encoding in ("latin-1", "utf-16", "cp1252"):
            theirs = peer.PasswordHasher(1, 8, 1, encoding=encoding)
            mine = ours.PasswordHasher(1, 8, 1, encoding=encoding)

            assert mine.encoding == encoding
            assert mine.verify(theirs.hash("pässword"), "pässword")
            assert theirs.verify(mine.hash("pässword"), "pässword")

    def test_given_salt(self) -> None:
        """A salt is taken as it is; an empty one is none."""
        hasher = ours.PasswordHasher.from_parameters(ours.profiles.CHEAPEST)

        assert hasher.hash("password", salt=b"1234567890123456") == HASH
        assert hasher.hash("password", salt=b"") != hasher.hash("password", salt=b"")

    @given(
        secret=st.binary(max_size=65),
        time_cost=st.integers(1, 3),
        parallelism=st.integers(1, 5),
        memory_cost=st.integers(8, 300),
        hash_len=st.integers(4, 256),
        salt_len=st.integers(8, 64),
        kind=st.sampled_from(["D", "I", "ID"]),
        version=st.sampled_from([16, 19]),
    )
    @settings(deadline=None, max_examples=50)
    def test_low_level(
        self,
        secret: bytes,
        time_cost: int,
        parallelism: int,
        memory_cost: int,
        hash_len: int,
        salt_len: int,
        kind: str,
        version: int,
    ) -> None:
        """Whatever is within the bounds gives the same bytes."""
        assume(parallelism * 8 <= memory_cost)
        costs = (time_cost, memory_cost, parallelism, hash_len)
        salt = os.urandom(salt_len)
        theirs = (secret, salt, *costs, peer.Type[kind], version)
        mine = (secret, salt, *costs, ours.Type[kind], version)

        stored = ours.low_level.hash_secret(*mine)

        assert peer.low_level.hash_secret(*theirs) == stored
        assert peer.low_level.hash_secret_raw(
            *theirs
        ) == ours.low_level.hash_secret_raw(*mine)
        assert ours.low_level.verify_secret(stored, secret, ours.Type[kind])

    @pytest.mark.parametrize(
        "stored",
        [
            HASH,
            HASH.replace("argon2id", "argon2d").replace("v=19", "v=16"),
            "$argon2i$m=8,t=1,p=1$bL/lLsegFKTuR+5vVyA8tA$VKz5CHavCtFOL1N5TIXWSA",
        ],
    )
    def test_extract_parameters(self, stored: str) -> None:
        """The same is read from a hash, also from one without a version."""
        theirs, *numbers = astuple(peer.extract_parameters(stored))
        mine, *found = astuple(ours.extract_parameters(stored))

        assert (theirs.name, numbers) == (mine.name, found)

    def test_another_type(self) -> None:
        """`verify_secret` verifies only the type that it is told."""
        assert ours.low_level.verify_secret(HASH.encode(), b"password", ours.Type.ID)
        with pytest.raises(ours.exceptions.VerificationError):
            ours.low_level.verify_secret(HASH.encode(), b"password", ours.Type.I)

    def test_the_limits_are_the_process_own(self) -> None:
        """Hashing by either interface is counted by the same limiter."""
        before = passwords.stats().admitted
        ours.low_level.hash_secret_raw(**CHEAP)

        assert passwords.stats().admitted > before


def test_legacy() -> None:
    """The functions from before `PasswordHasher` work and warn."""
    salt = b"12345678"
    costs: dict[str, Any] = {
        "time_cost": 1,
        "memory_cost": 8,
        "parallelism": 1,
        "hash_len": 8,
    }
    for name in ("hash_password", "hash_password_raw"):
        with pytest.deprecated_call(match=name) as warned:
            mine = getattr(ours, name)(b"secret", salt, **costs)
        assert warned[0].filename == __file__
        with pytest.deprecated_call():
            assert getattr(peer, name)(b"secret", salt, **costs) == mine
        with pytest.deprecated_call():
            assert getattr(ours, name)(b"secret", **costs) != mine
    with pytest.deprecated_call():
        stored = ours.hash_password(b"secret", **costs)
    with pytest.deprecated_call():
        assert ours.verify_password(stored, b"secret") is True
