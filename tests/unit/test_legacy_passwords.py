"""Hashes of older schemes: verified as their writers verify them, never made."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import bcrypt
import pytest
import werkzeug.security
from django.contrib.auth import hashers as djangos

from hauberk import passwords
from hauberk.exceptions import (
    ConfigurationError,
    HashingBusyError,
    HashMemoryError,
    HashParametersError,
    InvalidHashError,
    UnknownPepperError,
    VerifyMismatchError,
)
from hauberk.passwords import (
    PasswordHasher,
    identify,
    needs_rehash,
    pepper_id,
    verify_password,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

PASSWORD = "pässword 👩🏽‍🚀"
CRYPT_SALT = b"$2b$04$abcdefghijklmnopqrstuu"


class FewIterations(djangos.PBKDF2PasswordHasher):
    """Django's, for tests."""

    iterations = 1000


class FewIterationsSha1(djangos.PBKDF2SHA1PasswordHasher):
    """Django's, for tests."""

    iterations = 1000


class LittleScrypt(djangos.ScryptPasswordHasher):
    """Django's, for tests."""

    work_factor = 128


class BcryptSha256(djangos.BCryptSHA256PasswordHasher):
    """Django's, for tests."""

    rounds = 4


class Bcrypt(djangos.BCryptPasswordHasher):
    """Django's, for tests."""

    rounds = 4


def django(hasher: djangos.BasePasswordHasher) -> Callable[[str], str]:
    """Return what makes a hash of a password as Django does."""
    return lambda password: hasher.encode(password, hasher.salt())


def of_werkzeug(method: str) -> Callable[[str], str]:
    """Return what makes a hash of a password as Werkzeug does."""
    return lambda password: werkzeug.security.generate_password_hash(password, method)


def crypt(marker: str) -> Callable[[str], str]:
    """Return what makes a hash of a password as the libraries of bcrypt do."""

    def write(password: str) -> str:
        # This library no longer cuts passwords off itself.
        written = bcrypt.hashpw(password.encode()[:72], bcrypt.gensalt(4)).decode()
        return written.replace("$2b$", marker)

    return write


def passlib(name: str, marker: str) -> Callable[[str], str]:
    """Return what makes a hash of a password as passlib's documents describe."""

    def write(password: str) -> str:
        salt = bytes(range(240, 256))
        digest = hashlib.pbkdf2_hmac(name, password.encode(), salt, 1000)
        return f"{marker}1000${ab64(salt)}${ab64(digest)}"

    return write


def ab64(data: bytes) -> str:
    """Return passlib's base64."""
    return b64encode(data).decode().rstrip("=").replace("+", ".")


WRITERS: dict[str, Callable[[str], str]] = {
    "pbkdf2_sha256": django(FewIterations()),
    "pbkdf2_sha1": django(FewIterationsSha1()),
    "scrypt": django(LittleScrypt()),
    "bcrypt_sha256": django(BcryptSha256()),
    "werkzeug scrypt": of_werkzeug("scrypt:128:8:1"),
    "werkzeug pbkdf2_sha256": of_werkzeug("pbkdf2:sha256:1000"),
    "werkzeug pbkdf2_sha1": of_werkzeug("pbkdf2:sha1:1000"),
    "werkzeug pbkdf2_sha512": of_werkzeug("pbkdf2:sha512:1000"),
    "$2a$ bcrypt": crypt("$2a$"),
    "$2b$ bcrypt": crypt("$2b$"),
    "$2y$ bcrypt": crypt("$2y$"),
    "django bcrypt": lambda password: "bcrypt$" + crypt("$2b$")(password),
    "passlib pbkdf2_sha1": passlib("sha1", "$pbkdf2$"),
    "passlib pbkdf2_sha256": passlib("sha256", "$pbkdf2-sha256$"),
    "passlib pbkdf2_sha512": passlib("sha512", "$pbkdf2-sha512$"),
}

#: Published elsewhere, or written by a default that nobody would compute often.
PUBLISHED = {
    # The bcrypt of OpenBSD and of the crate's own tests.
    "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe": "a",
    "$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.": "",
    # The documents of passlib.
    "$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$"
    "98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44": "password",
}

writers = pytest.mark.parametrize("scheme", WRITERS)


@writers
@pytest.mark.parametrize("password", [PASSWORD, "", " ", "x" * 200])
def test_what_the_writer_hashed_verifies(scheme: str, password: str) -> None:
    """The password of the writer verifies, and others do not."""
    stored = WRITERS[scheme](password)

    assert HASHER.verify(stored, password)
    assert HASHER.verify(stored.encode(), password.encode())
    with pytest.raises(VerifyMismatchError):
        HASHER.verify(stored, "!" + password)


@pytest.mark.parametrize("stored", PUBLISHED)
def test_published_hashes(stored: str) -> None:
    """What others have published verifies here."""
    assert HASHER.verify(stored, PUBLISHED[stored])


@writers
def test_upgrade_on_login(scheme: str) -> None:
    """The hash asks to be made anew, and becomes argon2's when its user logs in."""
    stored = WRITERS[scheme](PASSWORD)

    assert HASHER.check_needs_rehash(stored)
    assert needs_rehash(stored)
    new = HASHER.verify_and_update(stored, PASSWORD)
    assert new is not None
    assert new.startswith("$argon2id$")
    assert HASHER.verify_and_update(new, PASSWORD) is None
    with pytest.raises(VerifyMismatchError):
        HASHER.verify_and_update(stored, "another")


@writers
def test_wrapping_in_every_scheme(scheme: str) -> None:
    """A hash that was wrapped without its password verifies and is made anew."""
    stored = WRITERS[scheme](PASSWORD)
    wrapped = HASHER.wrap(stored)

    assert HASHER.verify(wrapped, PASSWORD)
    assert verify_password(wrapped, PASSWORD)
    assert not verify_password(wrapped, "another")
    new = HASHER.verify_and_update(wrapped, PASSWORD)
    assert new is not None
    assert new.startswith("$argon2id$")
    # Nothing to guess against is left.
    assert stored[-20:] not in wrapped
    info = identify(wrapped)
    assert info.wrapped
    assert info.legacy
    assert info.scheme == identify(stored).scheme
    assert info.parameters == HASHER.parameters


@writers
def test_identify(scheme: str) -> None:
    """Scheme and costs are told, salt and digest are not."""
    stored = WRITERS[scheme](PASSWORD)
    info = identify(stored)

    assert info.scheme == scheme.rpartition(" ")[2]
    assert info.legacy
    assert not info.wrapped
    assert info.parameters is None
    expected: dict[str, dict[str, int]] = {
        "scrypt": {"n": 128, "r": 8, "p": 5 if scheme == "scrypt" else 1},
        "bcrypt": {"cost": 4},
        "bcrypt_sha256": {"cost": 4},
    }
    assert info.costs == expected.get(info.scheme, {"iterations": 1000})
    assert stored[-8:] not in repr(info)


def test_the_id_of_the_pepper() -> None:
    """It is told for a wrapped hash too, and there is none in an older scheme."""
    old = WRITERS["scrypt"](PASSWORD)
    hasher = PasswordHasher(
        time_cost=1, memory_cost=8, parallelism=1, peppers={"a": b"p" * 16}
    )

    assert pepper_id(old) is None
    assert pepper_id(HASHER.wrap(old)) is None
    assert pepper_id(hasher.wrap(old)) == "a"
    assert hasher.verify(hasher.wrap(old), PASSWORD)
    with pytest.raises(UnknownPepperError):
        HASHER.verify(hasher.wrap(old), PASSWORD)
    with pytest.raises(UnknownPepperError):
        HASHER.check_needs_rehash(hasher.wrap(old))
    with pytest.raises(UnknownPepperError):
        asyncio.run(HASHER.averify(hasher.wrap(old), PASSWORD))
    assert not verify_password(hasher.wrap(old), PASSWORD)


def test_identify_argon2() -> None:
    """Argon2's hashes are told by their type, in their own text and in Django's."""
    stored = PasswordHasher(
        time_cost=1, memory_cost=8, parallelism=1, peppers={"a": b"p" * 16}
    ).hash("password")

    for text in (stored, "argon2p" + stored):
        info = identify(text)
        assert info.scheme == "argon2id"
        assert info.pepper == "a"
        assert not info.legacy
        assert info.costs == {"memory_cost": 8, "time_cost": 1, "parallelism": 1}
    for unknown in ("", "!", "md5$salt$00", "$1$salt$hash"):
        with pytest.raises(InvalidHashError):
            identify(unknown)


def test_djangos_argon2() -> None:
    """Argon2 in Django's text verifies, and is made anew without Django's name."""
    stored = djangos.Argon2PasswordHasher().encode(PASSWORD, "0123456789abcdefghijkl")
    hasher = PasswordHasher.from_parameters(identify(stored).parameters)  # type: ignore[arg-type]

    assert hasher.verify(stored, PASSWORD)
    assert hasher.check_needs_rehash(stored)
    new = hasher.verify_and_update(stored, PASSWORD)
    assert new is not None
    assert not hasher.check_needs_rehash(new)
    with pytest.raises(VerifyMismatchError):
        hasher.verify(stored, "another")


def test_argon2_without_version() -> None:
    """A hash from before 2016 verifies and asks to be made anew."""
    stored = (
        "$argon2i$m=256,t=2,p=1$c29tZXNhbHQ$/U3YPXYsSb3q9XxHvc0MLxur+GP960kN9j7emXX8zwY"
    )
    assert HASHER.verify(stored, "password")
    assert HASHER.check_needs_rehash(stored)


def test_bcrypt_reads_72_bytes() -> None:
    """What stood behind 72 bytes decided nothing and decides nothing."""
    stored = crypt("$2b$")("x" * 72)

    assert HASHER.verify(stored, "x" * 72 + "anything")
    assert not verify_password(stored, "x" * 71)
    # Django's other form has all of it.
    stored = WRITERS["bcrypt_sha256"]("x" * 72)
    assert not verify_password(stored, "x" * 73)


def test_flask_bcrypt_with_long_passwords() -> None:
    """What it hashed with SHA-256 first verifies under Django's name for that."""
    hashed = hashlib.sha256(PASSWORD.encode()).hexdigest().encode()
    stored = bcrypt.hashpw(hashed, bcrypt.gensalt(4)).decode()

    assert HASHER.verify("bcrypt_sha256$" + stored, PASSWORD)
    assert not verify_password(stored, PASSWORD)


def test_bits_that_bcrypt_does_not_read() -> None:
    """Loose bits in the last character of salt or digest do no harm, as in C."""
    stored = bcrypt.hashpw(b"password", CRYPT_SALT).decode()
    assert stored[28] == "u"

    assert HASHER.verify(stored[:28] + "v" + stored[29:], "password")


@pytest.mark.parametrize(
    ("stored", "reason"),
    [
        ("pbkdf2_sha256$10000001$salt$" + 43 * "A" + "=", "iterations"),
        ("pbkdf2_sha256$99999999999999999999$salt$" + 43 * "A" + "=", "iterations"),
        ("pbkdf2:sha256:10000001$salt$" + 64 * "0", "iterations"),
        ("$pbkdf2-sha256$10000001$c2FsdA$" + 43 * "A", "iterations"),
        ("scrypt:16777216:8:1$salt$" + 128 * "0", "max_memory"),
        ("scrypt:32768:8:9999$salt$" + 128 * "0", "max_memory"),
        ("scrypt:1073741824:64:1$salt$" + 128 * "0", "max_memory"),
        ("scrypt$1048576$salt$8$2$" + 86 * "A" + "==", "max_memory"),
        ("$2b$17$" + 53 * ".", "cost"),
        ("bcrypt$$2b$31$" + 53 * ".", "cost"),
        ("bcrypt_sha256$$2b$99$" + 53 * ".", "cost"),
    ],
)
def test_what_asks_for_too_much(stored: str, reason: str) -> None:
    """Bounds are checked before anything is computed, whoever asks."""
    start = time.monotonic()
    for ask in (
        lambda: HASHER.verify(stored, "password"),
        lambda: HASHER.check_needs_rehash(stored),
        lambda: HASHER.wrap(stored),
        lambda: identify(stored),
        lambda: asyncio.run(HASHER.averify(stored, "password")),
    ):
        with pytest.raises(HashParametersError, match=reason):
            ask()
    assert not verify_password(stored, "password")
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    "stored",
    [
        "pbkdf2_sha256$1000$salt",
        "pbkdf2_sha256$1000$$" + 43 * "A" + "=",
        "pbkdf2_sha256$0$salt$" + 43 * "A" + "=",
        "pbkdf2_sha256$01$salt$" + 43 * "A" + "=",
        "pbkdf2_sha256$-1$salt$" + 43 * "A" + "=",
        "pbkdf2_sha256$\N{ARABIC-INDIC DIGIT ONE}$salt$" + 43 * "A" + "=",
        "pbkdf2_sha256$1000$salt$" + 43 * "A",
        "pbkdf2_sha256$1000$salt$" + 42 * "A" + "B=",
        "pbkdf2_sha256$1000$salt$" + 40 * "A",
        "pbkdf2_sha256$1000$salt$" + 42 * "A" + "é=",
        "pbkdf2_sha256$1000$sa$lt$" + 43 * "A" + "=",
        "pbkdf2_sha1$1000$salt$" + 43 * "A" + "=",
        "pbkdf2:sha256:1000$salt$" + 64 * "A",
        "pbkdf2:sha256:1000$salt$" + 62 * "0",
        "pbkdf2:sha256:1000$salt$" + 62 * "0" + " 0",
        "pbkdf2:sha256:1000$" + 64 * "0",
        "pbkdf2:md5:1000$salt$" + 32 * "0",
        "pbkdf2:sha256$salt$" + 64 * "0",
        "$pbkdf2-sha256$1000$c2FsdA$" + 43 * "A" + "=",
        "$pbkdf2-sha256$1000$c2FsdA==$" + 43 * "A",
        "$pbkdf2-sha256$1000$c2Fsd+$" + 43 * "A",
        "scrypt:3:8:1$salt$" + 128 * "0",
        "scrypt:1:8:1$salt$" + 128 * "0",
        "scrypt:65536:1:1$salt$" + 128 * "0",
        "scrypt:16:8$salt$" + 128 * "0",
        "scrypt:16:0:1$salt$" + 128 * "0",
        "scrypt$16$salt$8$" + 86 * "A" + "==",
        "$2b$03$" + 53 * ".",
        "$2b$4$" + 53 * ".",
        "$2b$04$" + 52 * ".",
        "$2b$04$" + 54 * ".",
        "$2b$04$" + 52 * "." + "+",
        "$2x$04$" + 53 * ".",
        "$2$04$" + 53 * ".",
        "bcrypt$2b$04$" + 53 * ".",
        "bcrypt_sha256$$2b$04$",
        "argon2w$",
        "$argon2w$v=19$m=8,t=1,p=1$MTIzNDU2Nzg$maTa5w",
        "$argon2w$v=19$m=8,t=1,p=1$MTIzNDU2Nzg$maTa5w$",
        "$argon2w$v=19$m=8,t=1,p=1$MTIzNDU2Nzg$maTa5w$md5$salt",
        "argon2p$argon2w$v=19$m=8,t=1,p=1$MTIzNDU2Nzg$maTa5w$scrypt:16:8:1$salt",
        "$argon2w$v=19$m=8,t=1,p=1$MTIzNDU2Nzg$maTa5w$argon2id$v=19$m=8",
        "argon2$",
        "argon2$argon2w$v=19$m=8,t=1,p=1$MTIzNDU2Nzg$maTa5w$scrypt:16:8:1$salt",
        "md5$salt$" + 32 * "0",
        "pbkdf2_sha256$1000$" + 500 * "s" + "$" + 43 * "A" + "=",
        "pbkdf2_sha256$1000$\ud800$" + 43 * "A" + "=",
        "scrypt:16:8:1$\ud800$" + 128 * "0",
    ],
)
def test_what_is_malformed(stored: str) -> None:
    """There is one error for what cannot be read, and False from the function."""
    for ask in (
        lambda: HASHER.verify(stored, "password"),
        lambda: HASHER.check_needs_rehash(stored),
        lambda: HASHER.wrap(stored),
        lambda: identify(stored),
    ):
        with pytest.raises(InvalidHashError):
            ask()
    assert not verify_password(stored, "password")


@writers
def test_cut_off_hashes(scheme: str) -> None:
    """A hash that lost its end, at whatever place, verifies nothing."""
    stored = WRITERS[scheme](PASSWORD)

    for end in range(len(stored)):
        assert not verify_password(stored[:end], PASSWORD)


def test_bytes_that_are_no_text() -> None:
    """A hash of bytes that are no UTF-8 is malformed."""
    with pytest.raises(InvalidHashError):
        HASHER.verify(b"scrypt:16:8:1$\xff$00", "password")


def test_a_password_that_begins_like_a_hash() -> None:
    """It is wrong or swapped, and never an error of Python's that quotes it."""
    password = "pbkdf2_sha256$1000$\ud800$" + 43 * "A" + "="

    assert not verify_password("plain", password)
    with pytest.raises(InvalidHashError):
        HASHER.verify("plain", "argon2$argon2id$hunter2")


@pytest.mark.parametrize("event", ["hash_out_of_bounds", "hash_malformed"])
def test_refusals_are_logged(event: str, caplog: pytest.LogCaptureFixture) -> None:
    """The log has the id of the event, and neither hash nor password."""
    stored = {"hash_out_of_bounds": "$2b$31$" + 53 * "x", "hash_malformed": "xxxx"}

    assert not verify_password(stored[event], "hunter2")
    [record] = caplog.records
    assert vars(record)["event"] == f"passwords.{event}"
    assert record.getMessage().startswith(f"passwords.{event}: ")
    assert "xxxx" not in caplog.text
    assert "hunter2" not in caplog.text


@writers
def test_swapped_arguments(scheme: str) -> None:
    """A hash in the place of the password is told, and neither is echoed."""
    stored = WRITERS[scheme](PASSWORD)

    for old in (stored, HASHER.wrap(stored)):
        with pytest.raises(TypeError, match="swapped") as caught:
            HASHER.verify("hunter2", old)
        assert "hunter2" not in str(caught.value)
        assert old not in str(caught.value)
        with pytest.raises(TypeError, match="swapped"):
            verify_password("hunter2", old)
        with pytest.raises(TypeError, match="swapped"):
            asyncio.run(HASHER.averify("hunter2", old))
        # How accounts without a password are marked, and what somebody types there.
        for unusable in ("", "!", "*", "$"):
            assert not verify_password(unusable, old)


@pytest.mark.parametrize("scheme", ["pbkdf2_sha256", "scrypt", "bcrypt_sha256"])
def test_odd_passwords(scheme: str) -> None:
    """No text, too long, or bytes: as for argon2."""
    stored = WRITERS[scheme]("password")

    with pytest.raises(VerifyMismatchError):
        HASHER.verify(stored, "hunter2\ud800")
    with pytest.raises(VerifyMismatchError):
        HASHER.verify(stored, "x" * (4 << 20) + "x")
    assert HASHER.verify(stored, bytearray(b"password"))
    assert HASHER.verify(stored, memoryview(b"password"))
    with pytest.raises(TypeError):
        HASHER.verify(stored, 1)  # type: ignore[arg-type]


def test_normalization() -> None:
    """An old account is found under the spelling that it was made with."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, normalize="NFKC")
    stored = WRITERS["pbkdf2_sha256"]("pa\N{COMBINING DIAERESIS}ss")

    assert hasher.verify(stored, "pa\N{COMBINING DIAERESIS}ss")
    assert hasher.verify_and_update(stored, "pa\N{COMBINING DIAERESIS}ss")


@writers
def test_off_the_event_loop(scheme: str) -> None:
    """The asynchronous methods do the same."""
    stored = WRITERS[scheme](PASSWORD)

    async def login() -> None:
        for text in (stored, HASHER.wrap(stored)):
            assert await HASHER.averify(text, PASSWORD)
            with pytest.raises(VerifyMismatchError):
                await HASHER.averify(text, "another")
            new = await HASHER.averify_and_update(text, PASSWORD)
            assert new is not None
            assert HASHER.verify(new, PASSWORD)
            assert not await HASHER.adummy_verify("x", cost_like=text)

    asyncio.run(login())


@writers
def test_dummy_verify_costs_like_another(scheme: str) -> None:
    """A hash whose cost to take does not let anybody in."""
    stored = WRITERS[scheme](PASSWORD)

    assert not HASHER.dummy_verify(PASSWORD, cost_like=stored)
    assert not HASHER.dummy_verify(PASSWORD, cost_like=HASHER.wrap(stored))


class TestLimiter:
    """Older schemes wait for their turn, and their memory is counted."""

    @pytest.fixture(autouse=True)
    def limits(self) -> Iterator[None]:
        """Leave the limits as they were."""
        before = passwords.limits()
        yield
        passwords.set_limits(
            max_concurrency=before.max_concurrency,
            max_memory=before.max_memory,
            max_queue=before.max_queue,
            queue_timeout=before.queue_timeout,
        )

    @writers
    def test_they_are_counted(self, scheme: str) -> None:
        """Each verification is admitted once, and gives its turn back."""
        stored = WRITERS[scheme]("password")
        before = passwords.stats()
        assert verify_password(stored, "password")
        after = passwords.stats()

        assert after.admitted - before.admitted == 1
        assert after.running == before.running
        assert after.memory == before.memory

    def test_scrypt_counts_its_memory(self) -> None:
        """What scrypt fills is counted, and refused above the limit at once."""
        stored = of_werkzeug("scrypt:16384:8:1")("password")
        passwords.set_limits(max_memory=(16 << 20) - 1)
        with pytest.raises(HashParametersError, match="max_memory"):
            HASHER.verify(stored, "password")
        passwords.set_limits(max_memory=16 << 20)
        seen: list[int] = []
        done = threading.Event()

        def look() -> None:
            while not done.is_set():
                seen.append(passwords.stats().memory)

        watcher = threading.Thread(target=look)
        watcher.start()
        HASHER.verify(stored, "password")
        done.set()
        watcher.join()
        assert max(seen) == 16 << 20

    @pytest.mark.parametrize(
        "slow",
        [
            "pbkdf2:sha256:900000$salt$" + 64 * "0",
            "$2b$12$" + 53 * ".",
            "scrypt:65536:8:2$salt$" + 128 * "0",
        ],
    )
    def test_the_interpreter_runs_on_meanwhile(self, slow: str) -> None:
        """The lock is released: another thread counts while a hash is computed."""
        ticks = 0
        done = threading.Event()

        def verify() -> None:
            assert not verify_password(slow, "password")
            done.set()

        thread = threading.Thread(target=verify)
        thread.start()
        while not done.wait(0.005):
            ticks += 1
        thread.join()
        assert ticks > 3

    def test_busy(self) -> None:
        """Who finds the queue full is told so, and False is no answer to that."""
        passwords.set_limits(max_concurrency=1, max_queue=0)
        slow = "pbkdf2:sha256:2000000$salt$" + 64 * "0"
        running = threading.Thread(target=verify_password, args=(slow, "password"))
        running.start()
        while not passwords.stats().running:
            time.sleep(0.001)
        with pytest.raises(HashingBusyError) as caught:
            verify_password("pbkdf2:sha256:1$salt$" + 64 * "0", "x")
        assert caught.value.retry_after > 0
        with pytest.raises(HashingBusyError):
            asyncio.run(HASHER.averify(slow, "x"))
        running.join()

    def test_cancelled(self) -> None:
        """A login that is cancelled while it waits gives its place up."""
        passwords.set_limits(max_concurrency=1)
        slow = "pbkdf2:sha256:1000000$salt$" + 64 * "0"
        running = threading.Thread(target=verify_password, args=(slow, "password"))
        running.start()
        while not passwords.stats().running:
            time.sleep(0.001)

        async def login() -> None:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(HASHER.averify(slow, "password"), 0.05)

        asyncio.run(login())
        running.join()
        assert passwords.stats().waiting == 0
        assert passwords.stats().running == 0

    def test_a_scheme_that_fails_gives_its_turn_back(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Whatever happens in Python's part, the permit returns."""
        stored = of_werkzeug("scrypt:128:8:1")("password")

        def no_memory(*_: object, **__: Any) -> bytes:
            raise MemoryError

        monkeypatch.setattr(hashlib, "scrypt", no_memory)
        with pytest.raises(HashMemoryError):
            verify_password(stored, "password")
        monkeypatch.delattr(hashlib, "scrypt")
        with pytest.raises(ConfigurationError, match="scrypt"):
            verify_password(stored, "password")
        assert passwords.stats().running == 0

    @pytest.mark.fork
    @pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
    @pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
    def test_a_fork_meanwhile(self) -> None:
        """A child of a process that is verifying an old hash can verify as well."""
        passwords.set_limits(max_concurrency=1)
        slow = "pbkdf2:sha256:1000000$salt$" + 64 * "0"
        quick = WRITERS["werkzeug scrypt"]("password")
        running = threading.Thread(target=verify_password, args=(slow, "password"))
        running.start()
        while not passwords.stats().running:
            time.sleep(0.001)
        child = os.fork()
        if child == 0:
            signal.alarm(20)
            right = verify_password(quick, "password")
            os._exit(0 if right and passwords.stats().running == 0 else 1)
        assert os.waitpid(child, 0)[1] == 0
        running.join()
        assert passwords.stats().running == 0

    @pytest.mark.skipif(sys.platform != "linux", reason="limits memory as Linux does")
    def test_without_memory(self) -> None:
        """Where scrypt's memory cannot be had, that is the error, and no mismatch."""
        program = """
import resource
from hauberk import passwords
from hauberk.exceptions import HashMemoryError
taken = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (taken + (64 << 20),) * 2)
try:
    passwords.verify_password("scrypt:262144:8:1$salt$" + 128 * "0", "password")
except HashMemoryError:
    print(passwords.stats().running, passwords.stats().memory)
"""
        printed = subprocess.check_output([sys.executable, "-c", program], text=True)
        assert printed.split() == ["0", "0"]
