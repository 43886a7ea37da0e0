"""Werkzeug's password functions, replaced by ours in a Flask application."""

from __future__ import annotations

import argon2
import pytest
import werkzeug.security
from flask import Flask, request

from hauberk.exceptions import InvalidInputError
from hauberk.flask import check_password_hash, generate_password_hash


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
