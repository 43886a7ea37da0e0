"""Encrypted columns of a Flask application, and its commands for keys and tables."""

from __future__ import annotations

import sys
import types
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

import hauberk.flask
from hauberk.encryption import Keyring
from hauberk.exceptions import ConfigurationError
from hauberk.flask import Hauberk
from hauberk.sqlalchemy.encryption import EncryptedString

if TYPE_CHECKING:
    from pathlib import Path


class Base(DeclarativeBase):
    """The tables of these tests."""


class Customer(Base):
    """Somebody with a telephone."""

    __tablename__ = "customer"

    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str | None] = mapped_column(
        EncryptedString(
            context="shop.Customer.phone",
            keyring=hauberk.flask.keyring("default"),
            allow_plaintext=True,
        )
    )


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Return an application with a keyring in a file and two rows of plaintext."""
    Keyring.generate().save(tmp_path / "keys.json")
    made = Flask("shop")
    made.config["HAUBERK_KEYRINGS"] = {"default": str(tmp_path / "keys.json")}
    made.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{tmp_path / 'shop.db'}"
    Hauberk(made)
    engine = create_engine(made.config["SQLALCHEMY_DATABASE_URI"])
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO customer VALUES (1, '555'), (2, NULL), (3, '777')")
        )
    engine.dispose()
    module: Any = types.ModuleType("shop_models")
    module.Customer = Customer
    monkeypatch.setitem(sys.modules, "shop_models", module)
    return made


def run(app: Flask, *arguments: str) -> Any:
    """Run a command of `flask hauberk`."""
    return app.test_cli_runner().invoke(args=["hauberk", *arguments])


def phones(app: Flask) -> list[Any]:
    """Return what the table really holds."""
    engine = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    with engine.connect() as connection:
        found = list(connection.scalars(text("SELECT phone FROM customer ORDER BY id")))
    engine.dispose()
    return found


def test_tables_are_encrypted_and_rotate(app: Flask) -> None:
    """The commands encrypt a table, and move it to a key that they made."""
    name = "shop_models:Customer.phone"
    dry = run(app, "reencrypt", name, "--dry-run")
    assert dry.exit_code == 0, dry.output
    assert "2 to be written" in dry.output
    assert phones(app) == ["555", None, "777"]
    assert run(app, "reencrypt", name, "--batch", "1").exit_code == 0

    added = run(app, "keys", "add").output.split()[0]
    assert run(app, "keys", "promote", added).exit_code == 0
    assert f"{added}  PRIMARY" in run(app, "keys", "list").output
    # A process of its own would load the keys anew.
    app.extensions["hauberk"]._keyrings.clear()
    result = run(app, "reencrypt", name)
    assert "2 rows, 2 written" in result.output
    stored = phones(app)
    assert stored[1] is None
    assert all(one.startswith(f"hb1.{added}.") for one in stored if one)
    with app.app_context():
        engine = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
        with Session(engine) as session:
            assert session.get_one(Customer, 3).phone == "777"
        engine.dispose()


def test_errors_are_said_and_counted(app: Flask) -> None:
    """A wrong name, a wrong key and a damaged row make the exit code not 0."""
    for wrong in (
        "shop_models.Customer",
        "shop_models:No.phone",
        "shop_models:Customer.id",
    ):
        assert run(app, "reencrypt", wrong).exit_code != 0
    assert run(app, "keys", "promote", "00000000").exit_code == 1
    assert run(app, "keys", "nonsense").exit_code != 0
    helped = run(app, "keys", "--help")
    assert helped.exit_code == 0
    assert "promote" in helped.output
    engine = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    with engine.begin() as connection:
        connection.execute(text("UPDATE customer SET phone = 'hb1.00000000.AAAA'"))
    engine.dispose()
    damaged = run(app, "reencrypt", "shop_models:Customer.phone")
    assert damaged.exit_code == 1
    assert "the row 1 does not open" in damaged.output


def test_the_keyring_is_the_applications() -> None:
    """One function for one name, which asks the application that runs."""
    current = hauberk.flask.keyring("other")
    assert current is hauberk.flask.keyring("other")
    app, keyring = Flask("a"), Keyring.generate()
    with app.app_context(), pytest.raises(ConfigurationError):
        current()
    app.config["HAUBERK_KEYRINGS"] = {"other": keyring}
    Hauberk(app)
    with app.app_context():
        assert current() is keyring
