"""Werkzeug's password functions, replaced by ours in a Flask application."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import argon2
import pytest
import werkzeug.security
from flask import Flask, request
from sqlalchemy import create_engine, text

from hauberk import passwords
from hauberk.conf import Settings
from hauberk.exceptions import (
    ConfigurationError,
    HashMemoryError,
    InvalidInputError,
)
from hauberk.flask import (
    Hauberk,
    check_and_update,
    check_password_hash,
    generate_password_hash,
    register_busy_handler,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def test_login() -> None:
    """A view logs in with the right password and with no other."""
    app = Flask(__name__)
    stored = generate_password_hash("correct horse")

    @app.post("/login")
    def login() -> tuple[str, int]:
        right = check_password_hash(stored, request.form["password"])
        return ("welcome", 200) if right else ("no", 403)

    client = app.test_client()
    assert client.post("/login", data={"password": "correct horse"}).status_code == 200
    assert client.post("/login", data={"password": "wrong horse"}).status_code == 403


@pytest.mark.parametrize(
    "method",
    [
        "scrypt",
        "scrypt:1024:8:1",
        "scrypt:2:1:16",
        "pbkdf2:sha256:1000",
        "pbkdf2:sha1:10",
        "pbkdf2:sha512:10",
    ],
)
def test_werkzeugs_hashes_verify(method: str) -> None:
    """What Werkzeug hashed verifies, and nothing else."""
    stored = werkzeug.security.generate_password_hash("pässword", method)

    assert check_password_hash(stored, "pässword")
    assert not check_password_hash(stored, "password")
    assert not check_password_hash(stored[:-1], "pässword")
    assert not check_password_hash(stored, "p\ud800")


@pytest.mark.parametrize(
    "greedy",
    [
        "scrypt:1073741824:8:1$salt$00",
        "scrypt:32768:8:9999$salt$00",
        "scrypt:3:8:1$salt$00",
        "scrypt:0:8:1$salt$00",
        "scrypt:32768:8$salt$00",
        "pbkdf2:sha256:10000001$salt$00",
        "pbkdf2:sha256:0$salt$00",
        "pbkdf2:md5:10$salt$00",
        "pbkdf2:sha256:x$salt$00",
        "pbkdf2:sha256:1$salt",
        "pbkdf2:sha256:1$salt$00$00",
        "scrypt:$salt$00",
        "plain$salt$password",
        "",
        "!",
    ],
)
def test_hashes_that_are_malformed_or_ask_for_too_much(greedy: str) -> None:
    """A hash that cannot be read or asks for too much is simply False."""
    assert not check_password_hash(greedy, "password")


def test_signature_of_werkzeug() -> None:
    """The length of the salt can be chosen; other methods are refused."""
    stored = generate_password_hash("password", "argon2id", 24)

    assert argon2.extract_parameters(stored).salt_len == 24
    assert argon2.PasswordHasher().verify(stored, "password")
    with pytest.raises(InvalidInputError, match="argon2id"):
        generate_password_hash("password", "scrypt")


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


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("scheme", ["argon2", "scrypt"])
def test_busy(scheme: str) -> None:
    """Who cannot be served now is told when to come again, whatever the scheme."""
    app = Flask(__name__)
    register_busy_handler(app)
    stored = {
        "argon2": passwords.PasswordHasher().dummy_hash(),
        "scrypt": "scrypt:16:8:1$salt$" + 128 * "0",
    }

    @app.get("/")
    def login() -> str:
        return str(check_password_hash(stored[scheme], "x"))

    response = app.test_client().get("/")
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) >= 1
    assert b"try again" in response.data


def test_no_memory() -> None:
    """A lack of memory passes as well."""
    app = Flask(__name__)
    register_busy_handler(app)

    @app.get("/")
    def login() -> str:
        raise HashMemoryError("The memory for the hash could not be allocated.")

    response = app.test_client().get("/")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "1"


@pytest.mark.parametrize("method", ["scrypt:128:8:1", "pbkdf2:sha256:10"])
def test_upgrade(method: str) -> None:
    """A login makes Werkzeug's hash anew, and leaves ours alone."""
    old = werkzeug.security.generate_password_hash("pässword", method)
    right, new = check_and_update(old, "pässword")

    assert right
    assert new is not None
    assert new.startswith("$argon2id$")
    assert check_and_update(new, "pässword") == (True, None)
    assert check_and_update(new, "another") == (False, None)
    assert check_and_update(old, "another") == (False, None)
    assert check_and_update(old, "p\ud800") == (False, None)
    assert check_and_update("!", "pässword") == (False, None)
    assert check_and_update("$2b$31$" + 53 * ".", "pässword") == (False, None)
    with pytest.raises(TypeError, match="swapped"):
        check_and_update("pässword", old)
    # Longer than new ones may be, and right all the same.
    long = werkzeug.security.generate_password_hash("x" * 5000, method)
    assert check_and_update(long, "x" * 5000) == (True, None)


def test_peppers() -> None:
    """In an application with peppers, hashes have the current one."""
    old, new = "an older secret beside it", "a secret beside the database"
    apps = []
    for ring in ({"old": old}, {"new": new, "old": old}, {"new": new}):
        app = Flask(__name__)
        app.config["HAUBERK_PASSWORDS"] = {"PEPPERS": ring}
        Hauberk(app)
        apps.append(app)
    before, both, after = apps
    plain = generate_password_hash("correct horse")

    with before.app_context():
        stored = generate_password_hash("correct horse")
        assert passwords.pepper_id(stored) == "old"
        assert check_and_update(stored, "correct horse") == (True, None)
    with both.app_context():
        for one in (plain, stored):
            assert check_password_hash(one, "correct horse")
            assert not check_password_hash(one, "wrong horse")
            right, updated = check_and_update(one, "correct horse")
            assert right
            assert updated is not None
            assert passwords.pepper_id(updated) == "new"
    assert updated is not None
    with after.app_context():
        assert check_password_hash(updated, "correct horse")
        # Its pepper is gone.
        assert not check_password_hash(stored, "correct horse")
    assert not check_password_hash(updated, "correct horse")


def test_peppers_come_and_go_in_two_steps() -> None:
    """Hashes that have one verify while new ones have none."""
    app = Flask(__name__)
    app.config["HAUBERK_PASSWORDS"] = {"PEPPERS": {"a": "a secret beside the database"}}
    Hauberk(app)
    with app.app_context():
        peppered = generate_password_hash("correct horse")
    app.config["HAUBERK_PASSWORDS"]["PEPPER_NEW_HASHES"] = False
    Hauberk(app)

    with app.app_context():
        plain = generate_password_hash("correct horse")
        right, updated = check_and_update(peppered, "correct horse")
        assert check_and_update(plain, "correct horse") == (True, None)
    assert right
    assert updated is not None
    assert passwords.pepper_id(peppered) == "a"
    assert passwords.pepper_id(plain) is passwords.pepper_id(updated) is None
    app.config["HAUBERK_PASSWORDS"]["PEPPER_NEW_HASHES"] = "no"
    with pytest.raises(ConfigurationError, match="PEPPER_NEW_HASHES"):
        Hauberk(app)


def test_the_command_wraps_with_the_pepper(tmp_path: Path) -> None:
    """What is wrapped has the application's pepper, too."""
    url = f"sqlite:///{tmp_path / 'shop.sqlite'}"
    engine = create_engine(url)
    old = werkzeug.security.generate_password_hash("correct horse", "pbkdf2:sha256:10")
    with engine.begin() as connection:
        connection.execute(
            text("CREATE TABLE users (id INTEGER PRIMARY KEY, password VARCHAR(255))")
        )
        connection.execute(text("INSERT INTO users VALUES (1, :old)"), {"old": old})
    app = Flask(__name__)
    app.config["HAUBERK_PASSWORDS"] = {"PEPPERS": {"a": "a secret beside the database"}}
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    Hauberk(app)
    arguments = ["hauberk", "wrap-passwords", "--table", "users"]
    assert "1 hashes wrapped" in app.test_cli_runner().invoke(args=arguments).output

    with engine.connect() as connection:
        stored = connection.execute(text("SELECT password FROM users")).scalar_one()
    engine.dispose()
    assert passwords.pepper_id(stored) == "a"
    with app.app_context():
        assert check_password_hash(stored, "correct horse")
    assert not check_password_hash(stored, "correct horse")


@pytest.mark.parametrize(
    "peppers", [{"a": "too short"}, {"too long an id": 16 * "a"}, {1: 16 * "a"}]
)
def test_wrong_peppers_are_no_wrong_password(peppers: dict[Any, str]) -> None:
    """They are an error when the application starts, and if set later, at the login."""
    app = Flask(__name__)
    stored = generate_password_hash("password")
    Hauberk(app)
    app.extensions["hauberk"] = Settings({"PASSWORDS": {"PEPPERS": peppers}})

    with app.app_context():
        for ask in (check_password_hash, check_and_update):
            with pytest.raises(ConfigurationError, match="PEPPERS"):
                ask(stored, "password")
    app.config["HAUBERK_PASSWORDS"] = {"PEPPERS": peppers}
    with pytest.raises(ConfigurationError, match="PEPPERS"):
        Hauberk(app)
