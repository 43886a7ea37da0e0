"""The column type for passwords, on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import logging
import uuid
from typing import TYPE_CHECKING

import argon2
import pytest
from sqlalchemy import (
    Column,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    insert,
    inspect,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import StaticPool
from tests import services

from hauberk.exceptions import InvalidInputError, VerifyMismatchError
from hauberk.passwords import CHEAPEST, PasswordHasher
from hauberk.sqlalchemy import HashedPassword, PasswordHash

if TYPE_CHECKING:
    from collections.abc import Iterator

HASHER = PasswordHasher.from_parameters(
    CHEAPEST,
    peppers={"2025": "a secret beside the database"},
    normalize="NFKC",
)


class Base(DeclarativeBase):
    """The tables of these tests, which share a database with others."""


class User(Base):
    """Somebody who may have a password."""

    __tablename__ = f"hauberk_user_{uuid.uuid4().hex[:12]}"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    password: Mapped[HashedPassword | None] = mapped_column(PasswordHash(HASHER))

    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "user"}  # noqa: RUF012 - SQLAlchemy's form


class Admin(User):
    """A user by inheritance."""

    __mapper_args__ = {"polymorphic_identity": "admin"}  # noqa: RUF012 - SQLAlchemy's form


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A database with the table in it."""
    if request.param == "sqlite":
        engine = create_engine("sqlite://", poolclass=StaticPool)
    elif services.answers(services.POSTGRES):
        engine = create_engine(services.sqlalchemy_url(services.POSTGRES))
    else:
        pytest.skip("PostgreSQL does not answer.")
    Base.metadata.create_all(engine)
    yield engine
    Base.metadata.drop_all(engine)
    engine.dispose()


@pytest.mark.parametrize("model", [User, Admin])
def test_a_password_is_hashed_and_verified(engine: Engine, model: type[User]) -> None:
    """What is assigned is hashed at once, stored as a hash, and verifies when read."""
    with Session(engine) as session:
        user = model(password="correct horse")
        assert isinstance(user.password, HashedPassword)
        assert user.password == "correct horse"
        session.add(user)
        session.commit()
        assert user.password == "correct horse"
        assert user.password != "wrong horse"
        assert user.password.verify(b"correct horse")
        with pytest.raises(VerifyMismatchError):
            user.password.verify("wrong horse")
        assert asyncio.run(user.password.averify("correct horse"))
        text = session.scalar(select(type_coerce(User.password, String)))
    assert text is not None
    assert text.startswith("$argon2id$v=19$m=8,t=1,p=1,keyid=MjAyNQ$")


def test_no_password(engine: Engine) -> None:
    """NULL stays NULL, equals no password and can be looked for."""
    with Session(engine) as session:
        session.add(User(password=None))
        session.add(User(password="x"))
        session.commit()
        found = session.scalars(select(User).where(User.password.is_(None))).all()
        assert [user.password for user in found] == [None]
        found = session.scalars(select(User).where(User.password == None)).all()  # noqa: E711 - the operator
        assert len(found) == 1


def test_a_typed_hash_is_a_password(engine: Engine) -> None:
    """Who types a hash does not get it stored; who has one says so."""
    stolen = HASHER.hash("correct horse")
    with Session(engine) as session:
        user = User(password=stolen)
        session.add(user)
        session.commit()
        assert user.password == stolen
        assert user.password != "correct horse"
        user.password = HashedPassword(asyncio.run(HASHER.ahash("new")), HASHER)
        session.commit()
        assert user.password == "new"


def test_an_update_of_many_rows_hashes_the_password(engine: Engine) -> None:
    """`update()` works while the session holds the rows, which it brings up to date."""
    with Session(engine) as session:
        user = User(password="old")
        session.add(user)
        session.commit()
        assert user.password == "old"
        session.execute(update(User).values(password="new"))
        session.commit()
        assert user.password == "new"


def test_needs_rehash(engine: Engine) -> None:
    """Hashes with other parameters, without a pepper or illegible ask for a new one."""
    old = argon2.PasswordHasher().hash("correct horse")
    with Session(engine) as session:
        user = User(password=HashedPassword(old))
        session.add(user)
        session.commit()
        assert user.password == "correct horse"
        assert user.password.needs_rehash
        user.password = user.password.verify_and_update("correct horse")
        session.commit()
        assert user.password is not None
        assert not user.password.needs_rehash
        assert user.password.verify_and_update("correct horse") is None
        session.refresh(user)
        assert user.password == "correct horse"
    assert HashedPassword("!").needs_rehash


def test_core_statements(engine: Engine) -> None:
    """Values of a statement are hashed, and results are objects."""
    table = User.__table__
    with engine.begin() as connection:
        connection.execute(insert(User).values(kind="user", password="correct horse"))
        stored = connection.scalar(select(table.c.password))
    assert stored == "correct horse"


def test_a_table_without_a_class() -> None:
    """A column of a table has the type as well."""
    table = Table(
        "plain", MetaData(), Column("id", Integer), Column("p", PasswordHash(HASHER))
    )
    engine = create_engine("sqlite://", poolclass=StaticPool)
    table.create(engine)
    with engine.begin() as connection:
        connection.execute(insert(table).values(p=b"bytes"))
        assert connection.scalar(select(table.c.p)) == b"bytes"
    assert "VARCHAR(255)" in str(inspect(engine).get_columns("plain")[1]["type"])
    engine.dispose()


def test_columns_are_not_compared_with_passwords() -> None:
    """A comparison that could never be true is refused."""
    for comparison in (
        lambda: User.password == "correct horse",
        lambda: User.password != "correct horse",
        lambda: User.password.in_(["correct horse"]),
    ):
        with pytest.raises(InvalidInputError, match="salt") as caught:
            comparison()  # type: ignore[no-untyped-call]
        assert "correct" not in str(caught.value)


def test_only_a_change_is_written(engine: Engine) -> None:
    """Assigning the same hash again changes nothing; the password is not verified."""
    with Session(engine) as session:
        user = User(password="correct horse")
        session.add(user)
        session.commit()
        assert user.password is not None
        user.password = HashedPassword(user.password.encoded, HASHER)
        assert not session.is_modified(user)


def test_nothing_is_printed(caplog: pytest.LogCaptureFixture) -> None:
    """Neither password nor hash is in a repr or in an error."""
    user = User(password="hunter2")
    assert user.password is not None
    shown = repr(user.password) + str(user.password) + repr(inspect(user).dict)
    assert "hunter2" not in shown
    assert "argon2" not in shown
    with pytest.raises(InvalidInputError) as caught:
        User(password="hunter2" * 1000)
    assert "hunter2" not in str(caught.value)
    unpeppered = HashedPassword(user.password.encoded)
    with caplog.at_level(logging.WARNING, "hauberk.passwords"):
        assert unpeppered != "hunter2"
        assert HashedPassword("!") != "hunter2"
    assert "pepper" in caplog.text
    assert "hunter2" not in caplog.text
    assert "argon2id" not in caplog.text


def test_equality_of_objects() -> None:
    """Two hashes are equal as texts, and nothing else equals a hash."""
    stored = HASHER.hash("x")
    assert HashedPassword(stored) == HashedPassword(stored)
    assert hash(HashedPassword(stored)) == hash(HashedPassword(stored))
    assert HashedPassword(stored) != HashedPassword(HASHER.hash("x"))
    assert HashedPassword(stored, HASHER) != "\ud800"
    assert HashedPassword(stored) != 1
