"""Logging in: peppers, the asynchronous backend, 503 while busy, and the checks."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth import (
    aauthenticate,
    authenticate,
    get_user_model,
)
from django.contrib.auth import (
    hashers as djangos,
)
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient, Client, override_settings
from django.urls import path

from hauberk import passwords
from hauberk.django.checks import check_passwords
from hauberk.django.hashers import (
    Argon2PasswordHasher,
    PBKDF2PasswordHasher,
    PepperedArgon2PasswordHasher,
)
from hauberk.exceptions import (
    ConfigurationError,
    HashMemoryError,
    InvalidInputError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

OURS = "hauberk.django.hashers."
ARGON2 = f"{OURS}Argon2PasswordHasher"
PEPPERED = f"{OURS}PepperedArgon2PasswordHasher"
PBKDF2 = f"{__name__}.CheapPbkdf2"
DJANGOS = "django.contrib.auth.hashers.PBKDF2PasswordHasher"
BACKEND = "hauberk.django.auth.ModelBackend"
BUSY = "hauberk.django.middleware.HashingBusyMiddleware"

OLD, NEW = "an older secret beside the database", "a secret beside the database"


def peppers(**ring: Any) -> dict[str, Any]:
    """Return the setting with these peppers."""
    return {"PASSWORDS": {"PEPPERS": ring}}


class Cheap(Argon2PasswordHasher):
    """Ours, for tests."""

    time_cost = 1
    memory_cost = 64


class CheapPbkdf2(PBKDF2PasswordHasher, djangos.PBKDF2PasswordHasher):
    """Ours for verifying, and Django's for making some."""

    iterations = 10

    def encode(self, password: str, salt: str, iterations: int | None = None) -> Any:
        """Make a hash as Django does."""
        return djangos.PBKDF2PasswordHasher.encode(self, password, salt, iterations)


class Impossible(Argon2PasswordHasher):
    """Ours, with more passes than there may be."""

    time_cost = 65


class Weak(Argon2PasswordHasher):
    """Ours, weaker than anybody advises."""

    memory_cost = 8192
    time_cost = 2


class Peppered(PepperedArgon2PasswordHasher):
    """Ours, for tests."""

    time_cost = 1
    memory_cost = 64


cheap = override_settings(
    PASSWORD_HASHERS=[f"{__name__}.Cheap", PBKDF2], AUTHENTICATION_BACKENDS=[BACKEND]
)


class TestPeppers:
    """`PepperedArgon2PasswordHasher`."""

    hashers = override_settings(
        PASSWORD_HASHERS=[f"{__name__}.Peppered", f"{__name__}.Cheap"]
    )

    @hashers
    def test_new_hashes_are_peppered(self) -> None:
        """They have a name of their own, and verify under the pepper alone."""
        with override_settings(HAUBERK=peppers(new=NEW)):
            stored = djangos.make_password("password")
            assert stored.startswith("argon2p$argon2id$v=19$m=64,t=1,p=8,keyid=bmV3$")
            assert djangos.check_password("password", stored)
            assert not djangos.check_password("another", stored)
            assert djangos.identify_hasher(stored).safe_summary(stored)["pepper"] == (
                "new"
            )
            assert not Peppered().must_update(stored)
        with override_settings(HAUBERK=peppers(new=OLD)):
            assert not djangos.check_password("password", stored)

    @hashers
    def test_rotation(self) -> None:
        """An older pepper verifies and asks for an update, as does none."""
        with override_settings(HAUBERK=peppers(old=OLD)):
            old = djangos.make_password("password")
        plain = djangos.make_password("password", hasher="argon2")
        with override_settings(HAUBERK=peppers(new=NEW, old=OLD)):
            for stored in (old, plain):
                upgraded: list[str] = []
                assert djangos.check_password("password", stored, upgraded.append)
                assert upgraded == ["password"]

    @hashers
    def test_an_unknown_pepper(self, caplog: pytest.LogCaptureFixture) -> None:
        """It is no login, and an error in the log with an id and without secrets."""
        with override_settings(HAUBERK=peppers(old=OLD)):
            stored = djangos.make_password("hunter2")
        with override_settings(HAUBERK=peppers(new=NEW)):
            assert not djangos.check_password("hunter2", stored)
        [record] = caplog.records
        assert record.levelno == logging.ERROR
        assert vars(record)["event"] == "passwords.unknown_pepper"
        assert "hunter2" not in caplog.text
        assert "argon2id" not in caplog.text

    @hashers
    def test_no_peppers(self) -> None:
        """A hasher that lacks its peppers says so, and hashes nothing without."""
        with (
            override_settings(HAUBERK={}),
            pytest.raises(ConfigurationError, match="PEPPERS"),
        ):
            djangos.make_password("password")


@pytest.mark.django_db(transaction=True)
class TestAsynchronousLogin:
    """`ModelBackend.aauthenticate`."""

    @cheap
    def test_decides_as_django(self) -> None:
        """Who may log in does, and nobody else."""
        users = get_user_model().objects
        users.create_user("ada", password="correct horse")
        users.create_user("gone", password="correct horse", is_active=False)
        users.create_user("none")
        ada = users.get(username="ada")

        cases: list[tuple[dict[str, Any], Any]] = [
            ({"username": "ada", "password": "correct horse"}, ada),
            ({"username": "ada", "password": "wrong horse"}, None),
            ({"username": "ada", "password": ""}, None),
            ({"username": "gone", "password": "correct horse"}, None),
            ({"username": "none", "password": "correct horse"}, None),
            ({"username": "nobody", "password": "correct horse"}, None),
            ({"username": None, "password": "correct horse"}, None),
            ({"username": "ada", "password": None}, None),
        ]
        for credentials, expected in cases:
            assert expected == async_to_sync(aauthenticate)(**credentials)
            assert expected == authenticate(**credentials)

    @cheap
    def test_upgrades(self) -> None:
        """A hash of another hasher is made anew, once."""
        users = get_user_model().objects
        user = users.create(
            username="ada",
            password=djangos.make_password("correct horse", hasher="pbkdf2_sha256"),
        )
        for _ in range(2):
            assert async_to_sync(aauthenticate)(
                username="ada", password="correct horse"
            )
        user.refresh_from_db()
        assert user.password.startswith("argon2$argon2id$")

    @cheap
    def test_an_unknown_user_costs_a_hash(self) -> None:
        """So nobody learns from the time who has an account."""
        get_user_model().objects.create_user("ada", password="correct horse")
        for name in ("ada", "nobody"):
            before = passwords.stats().admitted
            assert not async_to_sync(aauthenticate)(username=name, password="wrong")
            assert passwords.stats().admitted == before + 1

    @cheap
    @pytest.mark.parametrize("hasher", ["argon2", "pbkdf2_sha256"])
    def test_no_text(self, hasher: str) -> None:
        """What is no Unicode tells nobody who has an account, and is not quoted."""
        stored = djangos.make_password("correct horse", hasher=hasher)
        get_user_model().objects.create(username="ada", password=stored)
        for name in ("ada", "nobody"):
            for log_in in (authenticate, async_to_sync(aauthenticate)):
                with pytest.raises(InvalidInputError) as caught:
                    log_in(username=name, password="hunter2\ud800")
                assert "hunter2" not in str(caught.value)

    @override_settings(PASSWORD_HASHERS=[ARGON2], AUTHENTICATION_BACKENDS=[BACKEND])
    def test_the_event_loop_is_free(self) -> None:
        """While passwords are verified at full cost, the loop goes on."""
        get_user_model().objects.create_user("ada", password="correct horse")

        async def log_in() -> int:
            ticks = 0
            login = asyncio.gather(
                *(aauthenticate(username="ada", password="wrong") for _ in range(5))
            )
            while not login.done():
                await asyncio.sleep(0.005)
                ticks += 1
            assert await login == [None] * 5
            return ticks

        assert async_to_sync(log_in)() > 5


def hash_one(request: HttpRequest) -> HttpResponse:
    """Log in."""
    right = passwords.verify_password(passwords.hash_password("x"), "x")
    return HttpResponse(f"{right}")


async def ahash_one(request: HttpRequest) -> HttpResponse:
    """Log in."""
    return HttpResponse(await passwords.PasswordHasher().ahash("x"))


def no_memory(request: HttpRequest) -> HttpResponse:
    """Fail to log in."""
    raise HashMemoryError("The memory for the hash could not be allocated.")


def broken(request: HttpRequest) -> HttpResponse:
    """Fail for another reason."""
    raise MemoryError


urlpatterns = [
    path("sync/", hash_one),
    path("async/", ahash_one),
    path("memory/", no_memory),
    path("broken/", broken),
]


@pytest.fixture
def busy() -> Iterator[None]:
    """Let another thread take the only turn, for about a second."""
    before = passwords.limits()
    passwords.set_limits(max_concurrency=1, max_queue=0)
    slow = "pbkdf2:sha256:3000000$salt$" + 64 * "0"
    other = threading.Thread(target=passwords.verify_password, args=(slow, "x"))
    other.start()
    while not passwords.stats().running:
        time.sleep(0.001)
    yield
    other.join()
    passwords.set_limits(
        max_concurrency=before.max_concurrency, max_queue=before.max_queue
    )


class TestBusy:
    """`HashingBusyMiddleware`."""

    @pytest.fixture(autouse=True)
    def project(self) -> Iterator[None]:
        """These views behind the middleware."""
        with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[BUSY]):
            yield

    @pytest.mark.usefixtures("busy")
    def test_busy(self) -> None:
        """Who cannot be served now is told when to come again."""
        response = Client().get("/sync/")

        assert response.status_code == 503
        assert int(response["Retry-After"]) >= 1
        assert b"try again" in response.content

    @pytest.mark.usefixtures("busy")
    def test_busy_asynchronously(self) -> None:
        """So too in an asynchronous view."""
        response = async_to_sync(AsyncClient().get)("/async/")

        assert response.status_code == 503
        assert int(response["Retry-After"]) >= 1

    def test_no_memory(self) -> None:
        """A lack of memory passes as well; other errors are none of ours."""
        response = Client().get("/memory/")

        assert response.status_code == 503
        assert response["Retry-After"] == "1"
        with pytest.raises(MemoryError):
            Client().get("/broken/")

    def test_otherwise(self) -> None:
        """Nothing else is touched."""
        assert Client().get("/sync/").content == b"True"


class TestChecks:
    """`manage.py check`."""

    def ids(self) -> list[str | None]:
        """Return what the checks find."""
        return [message.id for message in check_passwords()]

    @override_settings(PASSWORD_HASHERS=[ARGON2, f"{OURS}WrappedPasswordHasher"])
    def test_nothing_to_say(self) -> None:
        """The defaults are fine."""
        assert self.ids() == []

    @override_settings(PASSWORD_HASHERS=[f"{__name__}.Weak"])
    def test_weak(self) -> None:
        """Parameters below OWASP's are a warning."""
        assert self.ids() == ["hauberk.W101"]

    @override_settings(PASSWORD_HASHERS=[f"{__name__}.Impossible"])
    def test_parameters_out_of_bounds(self) -> None:
        """Parameters with which no hash is made are an error that names them."""
        (message,) = check_passwords()

        assert message.id == "hauberk.E105"
        assert "time_cost" in message.msg

    @override_settings(PASSWORD_HASHERS=[DJANGOS, ARGON2])
    def test_not_first(self) -> None:
        """A hasher of ours that makes nothing new is a warning."""
        assert self.ids() == ["hauberk.W103"]

    @override_settings(PASSWORD_HASHERS=[f"{OURS}WrappedPasswordHasher", ARGON2])
    def test_one_that_makes_nothing(self) -> None:
        """A hasher that only verifies cannot stand first."""
        assert self.ids() == ["hauberk.E103", "hauberk.W103"]

    @override_settings(PASSWORD_HASHERS=[PEPPERED], HAUBERK={})
    def test_no_peppers(self) -> None:
        """A peppered hasher needs peppers."""
        assert self.ids() == ["hauberk.E101"]

    @override_settings(PASSWORD_HASHERS=[PEPPERED], HAUBERK=peppers(a="short"))
    def test_a_short_pepper(self) -> None:
        """And long ones."""
        assert self.ids() == ["hauberk.E101"]

    @override_settings(PASSWORD_HASHERS=[PEPPERED], HAUBERK=peppers(seven77=NEW))
    def test_a_column_that_is_too_short(self) -> None:
        """Django's column does not hold an id of seven characters."""
        assert self.ids() == ["hauberk.E102"]

    @override_settings(PASSWORD_HASHERS=[ARGON2])
    def test_a_limit_below_one_hash(self) -> None:
        """Without room for one hash there are no logins, and so it is an error."""
        before = passwords.limits().max_memory
        try:
            for allowed, expected in [(100 << 20, []), (99 << 20, ["hauberk.E104"])]:
                passwords.set_limits(max_memory=allowed)
                assert expected == self.ids()
        finally:
            passwords.set_limits(max_memory=before)

    @override_settings(
        PASSWORD_HASHERS=[ARGON2], HAUBERK={"PASSWORDS": {"PEPPER_NEW_HASHES": False}}
    )
    def test_a_setting_of_flask(self) -> None:
        """It would seem to take peppers from new hashes."""
        assert self.ids() == ["hauberk.W104"]

    @override_settings(PASSWORD_HASHERS=[ARGON2])
    def test_less_memory_than_the_limit(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
    ) -> None:
        """Hashing must not take more than the container has."""
        from hauberk.django.checks import passwords as module  # noqa: PLC0415

        limit = tmp_path / "memory.max"
        monkeypatch.setattr(module, "_CGROUP_LIMITS", [tmp_path / "none", limit])
        for text, expected in [
            ("max\n", []),
            (f"{passwords.limits().max_memory}\n", []),
            (f"{passwords.limits().max_memory - 1}\n", ["hauberk.W102"]),
        ]:
            limit.write_text(text)
            assert expected == self.ids()
