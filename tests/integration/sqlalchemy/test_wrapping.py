"""Argon2 over old hashes in a table of SQLAlchemy's, and Flask's command for it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
import uuid
from typing import TYPE_CHECKING, Any

import pytest
import werkzeug.security
from flask import Flask
from sqlalchemy import (
    Column,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Uuid,
    create_engine,
    insert,
    literal_column,
    select,
    update,
)
from tests import services

from hauberk.exceptions import ConfigurationError
from hauberk.flask import Hauberk
from hauberk.flask.cli import group
from hauberk.passwords import CHEAPEST, PasswordHasher, identify
from hauberk.passwords.wrapping import Summary
from hauberk.sqlalchemy import PasswordHash, wrap_passwords, wrapping

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HASHER = PasswordHasher.from_parameters(CHEAPEST, peppers={"a": b"p" * 16})
PASSWORD = "correct hörse"
SERVERS = {"postgres": services.POSTGRES, "mysql": services.MYSQL}


def old(method: str = "pbkdf2:sha256:10") -> str:
    """Return a hash of Werkzeug's."""
    return werkzeug.security.generate_password_hash(PASSWORD, method)


@pytest.fixture(params=["sqlite", *SERVERS])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Each database; skipped where no server answers."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'shop.sqlite'}"
    server = SERVERS[request.param]
    if not services.answers(server):
        pytest.skip(f"no server answers for {request.param}")
    return services.sqlalchemy_url(server)


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """The database."""
    engine = create_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture(params=[Integer, Uuid], ids=["int", "uuid"])
def users(request: pytest.FixtureRequest, engine: Engine) -> Iterator[Table]:
    """A table of users with our column type, and with either kind of key."""
    kind = request.param
    table = Table(
        f"users_{uuid.uuid4().hex[:8]}",
        MetaData(),
        Column("id", kind, primary_key=True, autoincrement=False),
        Column("name", String(30)),
        Column("secret", PasswordHash(HASHER)),
    )
    table.create(engine)
    yield table
    table.drop(engine)


def add(engine: Engine, users: Table, *hashes: str | None) -> None:
    """Store hashes, each of a user of its own."""
    numeric = isinstance(users.c.id.type, Integer)
    with engine.begin() as connection:
        # As text: what is bound to the column would be hashed.
        plain = Table(users.name, MetaData(), Column("id", users.c.id.type))
        plain.append_column(Column("name", String(30)))
        plain.append_column(Column("secret", String(255)))
        for number, stored in enumerate(hashes):
            key: Any = number if numeric else uuid.uuid4()
            row = {"id": key, "name": f"u{number}", "secret": stored}
            connection.execute(insert(plain).values(row))


def stored(engine: Engine, users: Table) -> dict[str, Any]:
    """Return the hashes on disk by their users."""
    with engine.connect() as connection:
        query = select(users.c.name, literal_column("secret")).select_from(users)
        return {row.name: row.secret for row in connection.execute(query)}


def test_a_whole_table(engine: Engine, users: Table) -> None:
    """Every old hash is wrapped, in batches, and nothing else is touched."""
    others = [HASHER.hash("x"), HASHER.wrap(old()), "!", "", None, "$2x$04$"]
    crypt = "$2b$04$" + 53 * "."
    add(engine, users, *others, *[old()] * 5, old("scrypt:128:8:1"), crypt)
    before = stored(engine, users)

    summary = wrap_passwords(
        engine, users, column="secret", hasher=HASHER, batch_size=3
    )

    assert summary == Summary(wrapped=7)
    after = stored(engine, users)
    for name in before:
        if int(name[1:]) < len(others):
            assert before[name] == after[name]
        else:
            assert identify(after[name]).wrapped
            assert identify(after[name]).pepper == "a"
    assert HASHER.verify(after["u6"], PASSWORD)
    again = wrap_passwords(engine, users, column="secret", hasher=HASHER)
    assert again == Summary()
    # The column type reads them as what they are.
    with engine.connect() as connection:
        loaded = connection.execute(
            select(users.c.secret).where(users.c.name == "u6")
        ).scalar_one()
    assert loaded == PASSWORD
    assert loaded != "another"
    assert loaded.needs_rehash
    assert loaded.verify_and_update(PASSWORD) == PASSWORD
    assert asyncio.run(loaded.averify_and_update(PASSWORD)) == PASSWORD


def test_a_login_meanwhile_is_not_overwritten(
    engine: Engine, users: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who logs in between reading and writing keeps the newer hash."""
    add(engine, users, old(), old())
    replace = wrapping._Users.replace

    def u0_logs_in(table: Any, changes: Any) -> int:
        with engine.begin() as connection:
            login = update(users).where(users.c.name == "u0")
            connection.execute(login.values(secret="a new one"))
        return replace(table, changes)

    monkeypatch.setattr(wrapping._Users, "replace", u0_logs_in)
    summary = wrap_passwords(engine, users, column="secret", hasher=HASHER)

    assert summary == Summary(wrapped=1, overtaken=1)
    assert HASHER.verify(stored(engine, users)["u0"], "a new one")


def test_what_does_not_exist(engine: Engine, users: Table) -> None:
    """A table, a column or a key that there is not is said to be."""
    with pytest.raises(ConfigurationError, match="nobody"):
        wrap_passwords(engine, "nobody")
    with pytest.raises(ConfigurationError, match="password"):
        wrap_passwords(engine, users.name)
    keyless = Table("x", MetaData(), Column("password", String))
    with pytest.raises(ConfigurationError, match="primary key"):
        wrap_passwords(engine, keyless)


class TestFlaskCommand:
    """`flask hauberk wrap-passwords`."""

    def run(self, url: str | None, *arguments: str) -> Any:
        """Run the command in an application."""
        app = Flask(__name__)
        app.config["SQLALCHEMY_DATABASE_URI"] = url
        Hauberk(app)
        return app.test_cli_runner().invoke(
            args=["hauberk", "wrap-passwords", *arguments]
        )

    def options(self, users: Table) -> list[str]:
        """Return the options that every run has."""
        name = f"{__name__}:HASHER"
        return ["--table", users.name, "--column", "secret", "--hasher", name]

    def test_wraps(self, url: str, engine: Engine, users: Table) -> None:
        """It wraps the table and says how many there were."""
        add(engine, users, old(), old(), HASHER.hash("x"))
        result = self.run(url, *self.options(users))

        assert result.exit_code == 0, result.output
        assert "2 hashes wrapped, 0 changed by others" in result.output
        assert HASHER.verify(stored(engine, users)["u0"], PASSWORD)

    def test_an_extension(self, engine: Engine, users: Table) -> None:
        """Where there is Flask-SQLAlchemy, its engine is taken."""
        add(engine, users, old())
        app = Flask(__name__)
        app.extensions["sqlalchemy"] = type("Extension", (), {"engine": engine})()
        app.cli.add_command(group)
        result = app.test_cli_runner().invoke(
            args=["hauberk", "wrap-passwords", *self.options(users)]
        )
        assert "1 hashes wrapped" in result.output

    def test_bad_rows(self, url: str, engine: Engine, users: Table) -> None:
        """What cannot be wrapped makes the exit code 1."""
        add(engine, users, old(), "$2b$31$" + 53 * ".")
        result = self.run(url, *self.options(users))

        assert result.exit_code == 1
        assert "1 hashes wrapped" in result.output
        assert "1 hashes are malformed" in result.output

    def test_mistakes(self, url: str) -> None:
        """Each mistake is named."""
        for arguments, message in [
            (["--table", "nobody"], "nobody"),
            (["--table", "x", "--hasher", "no.such:thing"], "no.such"),
            (["--table", "x", "--hasher", f"{__name__}:PASSWORD"], "PasswordHasher"),
        ]:
            result = self.run(url, *arguments)
            assert result.exit_code != 0
            assert message in result.output
        assert "SQLALCHEMY_DATABASE_URI" in self.run(None, "--table", "x").output


APPLICATION = """
import os
from flask import Flask
from hauberk.flask.cli import group

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["SHOP_DATABASE"]
app.cli.add_command(group)
"""


@pytest.mark.parametrize("users", [Integer], indirect=True, ids=["int"])
def test_kill_and_resume(
    url: str, engine: Engine, users: Table, tmp_path: Path
) -> None:
    """A command that is killed half-way is run again and finishes the table."""
    add(engine, users, *[old()] * 16)
    (tmp_path / "shop.py").write_text(APPLICATION)
    arguments = [sys.executable, "-m", "flask", "--app", str(tmp_path / "shop.py")]
    arguments += ["hauberk", "wrap-passwords", "--table", users.name]
    arguments += ["--column", "secret", "--batch-size", "2"]
    environment = {**os.environ, "SHOP_DATABASE": url}
    quiet: Any = {"env": environment, "stdout": subprocess.DEVNULL}

    def wrapped() -> int:
        texts = stored(engine, users).values()
        return sum(text.startswith("$argon2w$") for text in texts)

    process = subprocess.Popen(arguments, **quiet)
    deadline = time.monotonic() + 60
    while wrapped() < 4:
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert 4 <= wrapped() < 16
    subprocess.run(arguments, check=True, **quiet)
    assert wrapped() == 16
    for text in stored(engine, users).values():
        assert PasswordHasher().verify(text, PASSWORD)
