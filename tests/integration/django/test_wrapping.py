"""Argon2 over old hashes: hashers and command, on each database that answers."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest
from django.contrib.auth import aauthenticate, authenticate, get_user_model
from django.contrib.auth import hashers as djangos
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import override_settings

from hauberk.django import hashers as ours
from hauberk.django.hashers import WrappedPasswordHasher

OURS = "hauberk.django.hashers."
PEPPERS = {"PASSWORDS": {"PEPPERS": {"2025ab": "a secret beside the database"}}}
ALIASES = ["default", "postgres", "mysql"]
PASSWORD = "correct hörse"


class CheapPbkdf2(djangos.PBKDF2PasswordHasher):
    """Django's, for tests."""

    iterations = 10


class CheapScrypt(djangos.ScryptPasswordHasher):
    """Django's, for tests."""

    work_factor = 128


class CheapBcrypt(djangos.BCryptSHA256PasswordHasher):
    """Django's, for tests."""

    rounds = 4


class PlainBcrypt(djangos.BCryptPasswordHasher):
    """Django's, for tests."""

    rounds = 4


class CheapSha1(djangos.PBKDF2SHA1PasswordHasher):
    """Django's, for tests."""

    iterations = 10


class CheapArgon2(ours.Argon2PasswordHasher):
    """Ours, for tests."""

    time_cost = 1
    memory_cost = 64


class CheapWrapped(WrappedPasswordHasher):
    """Ours, for tests."""

    time_cost = 1
    memory_cost = 64


OLD = [CheapPbkdf2, CheapSha1, CheapScrypt, CheapBcrypt, PlainBcrypt]
use_both = override_settings(
    PASSWORD_HASHERS=[
        f"{__name__}.CheapArgon2",
        f"{__name__}.CheapWrapped",
        *(f"{__name__}.{hasher.__name__}" for hasher in OLD),
    ]
)
every_old = pytest.mark.parametrize("old", OLD, ids=lambda old: old.algorithm)


@pytest.fixture(params=ALIASES)
def using(request: pytest.FixtureRequest) -> str:
    """Each database; skipped where no server answers."""
    alias: str = request.param
    if alias not in connections:
        pytest.skip(f"no server answers for {alias}")
    return alias


def encoded(hasher: Any, password: str = PASSWORD) -> str:
    """Return a hash of a password as a hasher makes it."""
    made: str = hasher().encode(password, hasher().salt())
    return made


def users(using: str = "default") -> Any:
    """Return the users of a database."""
    return get_user_model()._base_manager.using(using)


@every_old
@use_both
def test_the_wrapped_hasher(old: Any) -> None:
    """It verifies what it wrapped, asks for an update, and shows no secret."""
    hasher = CheapWrapped()
    before = encoded(old)
    wrapped = hasher.wrap(before)

    assert wrapped.startswith("argon2w$v=19$m=64,t=1,p=8$")
    assert djangos.identify_hasher(wrapped).algorithm == "argon2w"
    assert hasher.verify(PASSWORD, wrapped)
    assert not hasher.verify("another", wrapped)
    assert hasher.must_update(wrapped)
    assert djangos.check_password(PASSWORD, wrapped)
    upgraded: list[str] = []
    assert djangos.check_password(PASSWORD, wrapped, upgraded.append)
    assert upgraded == [PASSWORD]
    summary = hasher.safe_summary(wrapped)
    assert summary["algorithm"] == "argon2w"
    assert old.algorithm.startswith(str(summary["wrapped"])[:6])
    assert hasher.decode(wrapped)["hash"] not in str(summary)
    hasher.harden_runtime(PASSWORD, wrapped)


@every_old
@use_both
def test_stolen_digests_are_no_passwords(old: Any) -> None:
    """What stood in the table before does not log in after."""
    before = encoded(old)
    wrapped = CheapWrapped().wrap(before)
    plain = "argon2$argon2id$" + wrapped.removeprefix("argon2w$").rpartition("$")[0]

    for presented in (before, before.rpartition("$")[2]):
        assert not djangos.check_password(presented, wrapped)
        assert not djangos.check_password(presented, plain)


@every_old
@override_settings(HAUBERK=PEPPERS)
def test_it_fits_djangos_column(old: Any) -> None:
    """With Django's defaults and a pepper of six characters: 128 are enough."""
    defaults = {
        "pbkdf2_sha256": {"iterations": 2_000_000},
        "pbkdf2_sha1": {"iterations": 2_000_000},
        "scrypt": {"work_factor": 2**14},
    }
    hasher = old()
    text = encoded(old)
    for name, value in defaults.get(hasher.algorithm, {}).items():
        text = text.replace(f"${getattr(old, name)}$", f"${value}$")
    peppered = f"{OURS}PepperedArgon2PasswordHasher"
    with override_settings(PASSWORD_HASHERS=[peppered, f"{OURS}WrappedPasswordHasher"]):
        wrapped = WrappedPasswordHasher().wrap(text)
    assert ",keyid=" in wrapped
    assert len(wrapped) <= 128


@override_settings(
    HAUBERK=PEPPERS,
    PASSWORD_HASHERS=[
        f"{OURS}PepperedArgon2PasswordHasher",
        f"{__name__}.CheapWrapped",
    ],
)
def test_peppers() -> None:
    """Hashes are wrapped with the pepper that new ones have."""
    wrapped = CheapWrapped().wrap(encoded(CheapPbkdf2))

    assert CheapWrapped().decode(wrapped)["pepper"] == "2025ab"
    assert CheapWrapped().verify(PASSWORD, wrapped)
    with override_settings(HAUBERK={}):
        assert not CheapWrapped().verify(PASSWORD, wrapped)


@use_both
@pytest.mark.parametrize(
    "bad",
    [
        "argon2w$",
        "argon2w$v=19$m=64,t=1,p=8$c29tZXNhbHQ$c29tZXNhbHQ",
        "argon2w$v=19$m=64,t=1,p=8$c29tZXNhbHQ$c29tZXNhbHQ$md5$salt",
        "argon2w$v=19$m=64,t=1,p=8$c29tZXNhbHQ$c29tZXNhbHQ$bcrypt$$2b$31$" + 22 * ".",
        "argon2w$v=19$m=4294967295,t=1,p=8$c29tZXNhbHQ$c29tZXNhbHQ$scrypt$16$salt$8$5",
    ],
)
def test_bad_rows(bad: str) -> None:
    """A bad row is a failed login."""
    assert not CheapWrapped().verify(PASSWORD, bad)
    assert not djangos.check_password(PASSWORD, bad)


@pytest.mark.parametrize(
    ("old", "name"),
    [
        (CheapPbkdf2, "PBKDF2PasswordHasher"),
        (CheapSha1, "PBKDF2SHA1PasswordHasher"),
        (CheapScrypt, "ScryptPasswordHasher"),
        (CheapBcrypt, "BCryptSHA256PasswordHasher"),
        (PlainBcrypt, "BCryptPasswordHasher"),
    ],
)
def test_djangos_hashers_replaced_by_ours(old: Any, name: str) -> None:
    """Ours of the same name verify Django's hashes, update them, and make none."""
    hasher = getattr(ours, name)()
    stored = encoded(old)

    assert hasher.algorithm == old.algorithm
    assert hasher.verify(PASSWORD, stored)
    assert not hasher.verify("another", stored)
    assert hasher.must_update(stored)
    assert hasher.safe_summary(stored)["algorithm"] == old.algorithm
    assert stored.rpartition("$")[2] not in str(hasher.safe_summary(stored))
    hasher.harden_runtime(PASSWORD, stored)
    with pytest.raises(NotImplementedError, match="first"):
        hasher.encode(PASSWORD, "salt")
    for bad in (stored[:-1], "", "!", old.algorithm, f"{old.algorithm}$"):
        assert not hasher.verify(PASSWORD, bad)
    with override_settings(
        PASSWORD_HASHERS=[f"{__name__}.CheapArgon2", f"{OURS}{name}"]
    ):
        upgraded: list[str] = []
        assert djangos.check_password(PASSWORD, stored, upgraded.append)
        assert upgraded == [PASSWORD]


@pytest.mark.django_db
@override_settings(AUTHENTICATION_BACKENDS=["hauberk.django.auth.ModelBackend"])
@every_old
@use_both
def test_login(old: Any) -> None:
    """A user whose hash was wrapped logs in, and has a plain argon2 hash then."""
    user = users().create(username="alice", password=encoded(old))
    output = io.StringIO()
    call_command("hauberk_wrap_passwords", stdout=output)
    assert "1 hashes wrapped" in output.getvalue()
    user.refresh_from_db()
    assert user.password.startswith("argon2w$")

    assert authenticate(username="alice", password="another") is None
    assert authenticate(username="alice", password=PASSWORD) == user
    user.refresh_from_db()
    assert user.password.startswith("argon2$argon2id$")
    assert authenticate(username="alice", password=PASSWORD) == user


async def _login_asynchronously() -> None:
    for number, old in enumerate(OLD):
        wrapped = CheapWrapped().wrap(encoded(old))
        for kind, stored in (("old", encoded(old)), ("wrapped", wrapped)):
            name = f"{kind}{number}"
            await users().acreate(username=name, password=stored)
            assert await aauthenticate(username=name, password="another") is None
            assert await aauthenticate(username=name, password=PASSWORD) is not None
            user = await users().aget(username=name)
            assert user.password.startswith("argon2$argon2id$")


@pytest.mark.django_db(transaction=True)
@override_settings(AUTHENTICATION_BACKENDS=["hauberk.django.auth.ModelBackend"])
@use_both
def test_asynchronous_login() -> None:
    """The same off the event loop, for old and wrapped hashes of each scheme."""
    from asgiref.sync import async_to_sync  # noqa: PLC0415

    async_to_sync(_login_asynchronously)()


class TestCommand:
    """`manage.py hauberk_wrap_passwords`."""

    pytestmark = pytest.mark.django_db(databases=[*connections])

    def run(self, using: str, **options: Any) -> str:
        """Return what the command prints."""
        output = io.StringIO()
        call_command("hauberk_wrap_passwords", database=using, stdout=output, **options)
        return output.getvalue()

    @use_both
    def test_a_whole_table(self, using: str) -> None:
        """Every old hash is wrapped, in batches, and nothing else is touched."""
        for number, old in enumerate(OLD * 3):
            users(using).create(username=f"old{number}", password=encoded(old))
        others = {
            "new": encoded(CheapArgon2),
            "wrapped": CheapWrapped().wrap(encoded(CheapPbkdf2)),
            "none": "!unusable",
            "empty": "",
            "alike": "pbkdf2Xsha256$1$salt$00",
        }
        for name, stored in others.items():
            users(using).create(username=name, password=stored)

        assert "15 hashes would" in self.run(using, dry_run=True)
        assert users(using).filter(password__startswith="argon2w$").count() == 1
        assert "15 hashes wrapped" in self.run(using, batch_size=4)

        for user in users(using).all():
            if user.username in others:
                assert others[user.username] == user.password
            else:
                assert user.password.startswith("argon2w$")
                assert djangos.check_password(PASSWORD, user.password)
        assert "0 hashes wrapped" in self.run(using)

    @use_both
    def test_a_login_meanwhile_is_not_overwritten(
        self, using: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Who logs in between reading and writing keeps the newer hash."""
        for name in ("alice", "bob"):
            users(using).create(username=name, password=encoded(CheapPbkdf2))
        newer = encoded(CheapArgon2)
        wrap = CheapWrapped.wrap

        def while_alice_logs_in(self: CheapWrapped, stored: str) -> str:
            return wrap(self, stored)

        def alice_logs_in(table: Any, changes: Any) -> int:
            users(using).filter(username="alice").update(password=newer)
            count: int = replace(table, changes)
            return count

        from hauberk.django.management.commands import (  # noqa: PLC0415
            hauberk_wrap_passwords as command,
        )

        replace = command._Users.replace
        monkeypatch.setattr(command._Users, "replace", alice_logs_in)
        monkeypatch.setattr(CheapWrapped, "wrap", while_alice_logs_in)

        printed = self.run(using)
        assert "1 hashes wrapped, 1 changed by others" in printed
        assert users(using).get(username="alice").password == newer

    @use_both
    def test_what_cannot_be_wrapped(self, using: str) -> None:
        """Bad rows are counted and stay; the others are wrapped."""
        bad = "pbkdf2_sha256$99999999$salt$" + 43 * "A" + "="
        # One that fits the column, and whose wrapped form does not.
        long = encoded(CheapPbkdf2).replace("$10$", "$10$" + 40 * "s")
        users(using).create(username="bad", password=bad)
        users(using).create(username="long", password=long)
        users(using).create(username="good", password=encoded(CheapPbkdf2))

        with pytest.raises(CommandError, match=r"1 wrapped .* 128 .* and 1 hashes"):
            self.run(using)
        assert users(using).get(username="bad").password == bad
        assert users(using).get(username="long").password == long
        assert users(using).get(username="good").password.startswith("argon2w$")

    @override_settings(PASSWORD_HASHERS=[f"{__name__}.CheapArgon2"])
    def test_without_the_hasher(self) -> None:
        """Nothing is wrapped that nobody could verify."""
        users().create(username="alice", password=encoded(CheapPbkdf2))

        with pytest.raises(CommandError, match="PASSWORD_HASHERS"):
            self.run("default")
        assert users().get().password.startswith("pbkdf2_sha256$")

    @use_both
    @pytest.mark.parametrize(
        "wrong", [{"model": "auth.Nobody"}, {"model": "x"}, {"field": "nothing"}]
    )
    def test_what_does_not_exist(self, wrong: dict[str, str]) -> None:
        """A model or a field that there is not is said to be."""
        with pytest.raises(CommandError):
            self.run("default", **wrong)


@pytest.mark.django_db(transaction=True, databases=[*connections])
def test_kill_and_resume(using: str) -> None:
    """A command that is killed half-way is run again and finishes the table."""
    if using == "default":
        pytest.skip("a database in memory has no second process")
    for number in range(16):
        users(using).create(username=f"u{number}", password=encoded(CheapPbkdf2))
    settings = connections[using].settings_dict
    database = {key: settings[key] for key in ("ENGINE", "NAME", "USER", "PASSWORD")}
    database |= {"HOST": settings["HOST"], "PORT": settings["PORT"]}
    arguments = [sys.executable, "-m", "django", "hauberk_wrap_passwords"]
    arguments += ["--batch-size", "2"]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.integration.django.resumed",
        "HAUBERK_TEST_DATABASE": json.dumps(database),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }

    def wrapped() -> int:
        count: int = users(using).filter(password__startswith="argon2w$").count()
        return count

    process = subprocess.Popen(arguments, env=environment)
    deadline = time.monotonic() + 60
    while wrapped() < 4:
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert 4 <= wrapped() < 16
    subprocess.run(arguments, env=environment, check=True)
    assert wrapped() == 16
    for user in users(using).all():
        assert WrappedPasswordHasher().verify(PASSWORD, user.password)
