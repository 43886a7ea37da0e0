"""Tables are encrypted in place, and move to other keys, on each database."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Column, Integer, MetaData, Table, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from tests.integration.sqlalchemy.rotating import keyring, raw, rotate

from hauberk.encryption import readers
from hauberk.exceptions import InvalidInputError
from hauberk.sqlalchemy.encryption import (
    BlindIndexType,
    EncryptedInteger,
    EncryptedString,
    reencrypt,
)

FERNET = Fernet.generate_key()


class Base(DeclarativeBase):
    """The tables of these tests, which share a database with others."""


class Person(Base):
    """Somebody, in a table with a key of two columns."""

    __tablename__ = f"hauberk_reencrypt_{uuid.uuid4().hex[:12]}"

    shop: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    email: Mapped[str | None] = mapped_column(
        EncryptedString(
            context="p.email",
            keyring=keyring,
            previous=[readers.FernetReader(FERNET)],
            allow_plaintext=True,
        )
    )
    email_bidx: Mapped[str | None] = mapped_column(BlindIndexType("email"), unique=True)
    age: Mapped[int | None] = mapped_column(
        EncryptedInteger(
            context="p.age", keyring=keyring, storage="text", allow_plaintext=True
        )
    )


TABLE = Person.__tablename__


@pytest.fixture
def session(committing: Session) -> Session:
    """Lend a session on each database, with a keyring of its own."""
    return committing


def plaintext(session: Session, *rows: tuple[Any, ...]) -> None:
    """Write rows as they were before the column was encrypted."""
    sql = text(f"INSERT INTO {TABLE} (shop, id, email, age) VALUES (:s, :i, :e, :a)")
    for shop, id_, email, age in rows:
        session.execute(sql, {"s": shop, "i": id_, "e": email, "a": age})
    session.commit()


def test_plaintext_and_other_packages_values(session: Session) -> None:
    """All of it becomes ours in pages of any size, with its indexes; NULL stays."""
    old = Fernet(FERNET).encrypt(b"f").decode()
    plaintext(
        session,
        (1, 1, "a", "7"),
        (1, 2, "", None),
        (1, 3, None, "0"),
        (2, 1, "b", None),
        (2, 2, old, None),
    )
    seen: list[tuple[int, int]] = []
    outcome = reencrypt(
        session, Person, "email", batch=2, progress=lambda *two: seen.append(two)
    )
    assert (outcome.seen, outcome.written, outcome.failed) == (4, 4, [])
    assert seen == [(2, 4), (4, 4)]
    assert reencrypt(session, Person, "age").written == 2
    start = f"hb1.{keyring().primary_id}."
    assert all(
        one is None or one.startswith(start) for one in raw(session, Person, "email")
    )
    order = select(Person.email).order_by(Person.shop, Person.id)
    assert list(session.scalars(order)) == ["a", "", None, "b", "f"]
    for value, age in (("a", 7), ("f", None)):
        assert session.scalars(select(Person).filter_by(email=value)).one().age == age
    session.rollback()
    assert reencrypt(session, Person, "email").written == 0


def test_keys_rotate(session: Session) -> None:
    """Values and indexes move to the promoted keys, after which the old one can go."""
    session.add_all([Person(shop=1, id=n, email=str(n), age=n) for n in range(5)])
    session.commit()
    first, new = keyring().primary_id, rotate()
    dry = reencrypt(session, Person, "email", dry_run=True)
    assert dry.written == 5
    assert all(f".{first}." in one for one in raw(session, Person, "email"))
    reencrypt(session, Person.__table__, "age")  # type: ignore[arg-type]
    assert reencrypt(session, Person, "email", batch=3).written == 5
    keyring().destroy(first)
    assert all(
        f".{new}." in one
        for one in raw(session, Person, "email") + raw(session, Person, "age")
    )
    for number in range(5):
        found = session.scalars(select(Person).where(Person.email == str(number))).one()
        assert (found.id, found.age) == (number, number)


def meddle(
    session: Session, statements: list[str], parameters: list[dict[str, Any]]
) -> None:
    """Let somebody else write before the next batch does."""
    engine: Any = session.get_bind()
    real = session.begin_nested

    def begin_nested(*arguments: Any) -> Any:
        session.begin_nested = real  # type: ignore[method-assign]
        for statement, values in zip(statements, parameters, strict=True):
            if engine.dialect.name == "sqlite":
                session.execute(text(statement), values)
            else:
                with engine.begin() as other:
                    other.execute(text(statement), values)
        return real(*arguments)

    session.begin_nested = begin_nested  # type: ignore[method-assign]


def test_what_others_write_is_kept(session: Session) -> None:
    """A value that changes between reading and writing, even in case alone, stays.

    It is looked at again, so that it is encrypted in the same run.
    """
    plaintext(session, (1, 1, "a", None), (1, 2, "b", None), (1, 3, "c", None))
    statement = f"UPDATE {TABLE} SET email = :v WHERE id = :i"
    meddle(session, [statement] * 2, [{"v": "A", "i": 1}, {"v": "b ", "i": 2}])
    outcome = reencrypt(session, Person, "email")
    assert (outcome.seen, outcome.written, outcome.missed) == (3, 3, 2)
    assert outcome.left == 0
    assert all(one.startswith("hb1.") for one in raw(session, Person, "email"))
    order = select(Person.email).order_by(Person.id)
    assert list(session.scalars(order)) == ["A", "b ", "c"]


def test_writers_with_the_old_key(session: Session) -> None:
    """What a writer with an older keyring leaves is found by counting."""
    session.add_all([Person(shop=1, id=n, age=n) for n in range(4)])
    session.commit()
    late = keyring().cipher("p.age").encrypt_text("99")
    new = rotate()
    # A row that has been read, and one in front of it.
    statements = [
        f"UPDATE {TABLE} SET age = :v WHERE id = 1",
        f"INSERT INTO {TABLE} (shop, id, age) VALUES (0, 7, :v)",
    ]
    meddle(session, statements, [{"v": late}, {"v": late}])
    outcome = reencrypt(session, Person, "age", batch=2)
    assert (outcome.written, outcome.missed, outcome.left) == (5, 1, 0)
    assert all(one.startswith(f"hb1.{new}.") for one in raw(session, Person, "age"))
    order = select(Person.age).order_by(Person.shop, Person.id)
    assert list(session.scalars(order)) == [99, 0, 99, 2, 3]


def test_what_is_left_is_counted(session: Session) -> None:
    """Rows that cannot be helped are counted, and a dry run counts all."""
    plaintext(session, (1, 1, "a", "x"), (1, 2, "b", "7"), (1, 3, "c", None))
    dry = reencrypt(session, Person, "age", dry_run=True)
    assert (dry.written, dry.left) == (1, 2)
    outcome = reencrypt(session, Person, "age")
    assert (outcome.written, outcome.left) == (1, 1)
    assert outcome.failed == [((1, 1), "DecryptionError")]


@pytest.mark.parametrize("storage", ["text", "binary"])
def test_columns_with_a_collation(session: Session, storage: Any) -> None:
    """No collation and no character set of a column changes what is the same value."""
    name = f"hauberk_folding_{uuid.uuid4().hex[:12]}"
    kind = EncryptedString(
        context="f", keyring=keyring, storage=storage, allow_plaintext=True
    )
    folding = Table(
        name, MetaData(), Column("id", Integer, primary_key=True), Column("v", kind)
    )
    dialect = session.get_bind().dialect.name
    column = {
        "sqlite": "TEXT COLLATE NOCASE",
        "postgresql": "text COLLATE hauberk_folding",
    }.get(dialect, "TEXT CHARACTER SET latin1 COLLATE latin1_general_ci")
    if storage == "binary":
        column = {"sqlite": "BLOB", "postgresql": "bytea"}.get(dialect, "BLOB")
    if dialect == "postgresql":
        session.execute(
            text(
                "CREATE COLLATION IF NOT EXISTS hauberk_folding (provider = icu, "
                "locale = 'und-u-ks-level2', deterministic = false)"
            )
        )
    session.execute(text(f"CREATE TABLE {name} (id int PRIMARY KEY, v {column})"))
    try:
        values = {1: "straße", 2: "größe"}
        for id_, value in values.items():
            old: Any = value.encode() if storage == "binary" else value
            session.execute(
                text(f"INSERT INTO {name} VALUES (:i, :v)"), {"i": id_, "v": old}
            )
        session.commit()
        new: Any = b"new" if storage == "binary" else "STRAßE"
        meddle(session, [f"UPDATE {name} SET v = :v WHERE id = 1"], [{"v": new}])
        outcome = reencrypt(session, folding, "v")
        assert (outcome.written, outcome.missed, outcome.left) == (2, 1, 0)
        for id_, value in ((1, new), (2, "größe")):
            found = session.scalar(select(folding.c.v).where(folding.c.id == id_))
            assert found == (value.decode() if isinstance(value, bytes) else value)
    finally:
        session.rollback()
        session.execute(text(f"DROP TABLE {name}"))
        session.commit()


def test_rows_that_cannot_be_helped(session: Session) -> None:
    """A damaged row and a second one of a unique value are named, and stay."""
    session.add(Person(shop=1, id=1, email="x"))
    session.commit()
    damaged = raw(session, Person, "email")[0][:-4] + "AAAA"
    plaintext(
        session, (1, 2, damaged, None), (1, 3, "x", None), (1, 4, "y", "no number")
    )
    outcome = reencrypt(session, Person, "email")
    assert outcome.failed == [((1, 2), "DecryptionError")]
    assert outcome.conflicts == [(1, 3)]
    assert outcome.written == 1
    assert raw(session, Person, "email")[1:3] == [damaged, "x"]
    assert reencrypt(session, Person, "age").failed == [((1, 4), "DecryptionError")]


def test_refusals(session: Session) -> None:
    """What cannot be done is said before anything is read."""
    for model, name in ((Person, "shop"), (Person, "nothing"), (Base, "email")):
        with pytest.raises(InvalidInputError):
            reencrypt(session, model, name)
    with pytest.raises(InvalidInputError, match="batch"):
        reencrypt(session, Person, "email", batch=0)
    session.add(Person(shop=1, id=1))
    with pytest.raises(InvalidInputError, match="changes"):
        reencrypt(session, Person, "email")
