"""Encrypted columns of classes that inherit, in one table or in several."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from sqlalchemy import ForeignKey, String, func, insert, select, update
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from hauberk.encryption import Keyring
from hauberk.exceptions import InvalidInputError
from hauberk.sqlalchemy.encryption import BlindIndexType, EncryptedString

KEYRING = Keyring.generate()
UNIQUE = uuid.uuid4().hex[:12]


class Base(DeclarativeBase):
    """The tables of these tests, which share a database with others."""


class Contact(Base):
    """A parent, with an address that is searched."""

    __tablename__ = f"hauberk_contact_{UNIQUE}"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10))
    note: Mapped[str | None] = mapped_column(
        EncryptedString(context="note", keyring=KEYRING)
    )
    email: Mapped[str | None] = mapped_column(
        EncryptedString(context="email", keyring=KEYRING)
    )
    email_bidx: Mapped[str | None] = mapped_column(BlindIndexType("email"), unique=True)

    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "contact"}  # noqa: RUF012 - SQLAlchemy's form


class Supplier(Contact):
    """A child in a table of its own."""

    __tablename__ = f"hauberk_supplier_{UNIQUE}"

    id: Mapped[int] = mapped_column(ForeignKey(Contact.id), primary_key=True)
    code: Mapped[str | None] = mapped_column(
        EncryptedString(context="code", keyring=KEYRING)
    )
    code_bidx: Mapped[str | None] = mapped_column(BlindIndexType("code"))

    __mapper_args__ = {"polymorphic_identity": "supplier"}  # noqa: RUF012


class Customer(Contact):
    """A child in the parent's table."""

    tax_id: Mapped[str | None] = mapped_column(
        EncryptedString(context="tax_id", keyring=KEYRING)
    )
    tax_id_bidx: Mapped[str | None] = mapped_column(BlindIndexType("tax_id"))

    __mapper_args__ = {"polymorphic_identity": "customer"}  # noqa: RUF012


def found(session: Session, *conditions: Any) -> list[int]:
    """Return the ids of rows for which something is so."""
    query = select(Contact.id).outerjoin(Supplier.__table__).where(*conditions)
    return sorted(session.scalars(query))


def test_the_unit_of_work(session: Session) -> None:
    """What is flushed is found by the values of each table."""
    session.add_all(
        [
            Contact(id=1, email="a"),
            Supplier(id=2, email="b", code="x"),
            Customer(id=3, email="c", tax_id="y"),
        ]
    )
    session.flush()
    session.expunge_all()
    supplier = session.scalars(select(Supplier).where(Supplier.email == "b")).one()
    assert (supplier.id, supplier.code) == (2, "x")
    whole = session.scalars(select(Contact).where(Contact.email == "c")).one()
    assert isinstance(whole, Customer)
    assert whole.tax_id == "y"
    supplier.email, supplier.code = "d", "z"
    session.flush()
    assert found(session, Supplier.email == "d", Supplier.code == "z") == [2]
    session.merge(Customer(id=3, email="e", tax_id="w"))
    session.flush()
    assert found(session, Customer.email == "e", Customer.tax_id == "w") == [3]


def test_rows_of_several_tables(session: Session) -> None:
    """INSERT and UPDATE of many rows fill the indexes of the parent and the child."""
    rows: list[dict[str, Any]] = [
        {"id": 1, "email": "a", "code": "x"},
        {"id": 2, "email": "b", "code": None},
        {"id": 3, "email": None, "code": "z"},
    ]
    session.execute(insert(Supplier), rows)
    session.execute(insert(Customer), [{"id": 4, "email": "c", "tax_id": "t"}])
    assert found(session, Supplier.email == "a", Supplier.code == "x") == [1]
    assert found(session, Contact.email.in_(["a", "b", "c"])) == [1, 2, 4]
    assert found(session, Supplier.code == "z") == [3]
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(insert(Supplier), [{"id": 5, "email": "a", "code": "x"}])
    changes = [
        {"id": 1, "email": "A", "code": "X"},
        {"id": 2, "email": "B", "code": "Y"},
    ]
    session.execute(update(Supplier), changes)
    assert found(session, Supplier.email == "A", Supplier.code == "X") == [1]
    assert found(session, Supplier.email == "B", Supplier.code == "Y") == [2]
    assert found(session, Contact.email.in_(["a", "b"])) == []
    assert found(session, Supplier.code == "x") == []


@pytest.mark.parametrize("name", ["note", "email", "code"])
@pytest.mark.parametrize("statement", [insert, update])
def test_plaintext_is_refused(session: Session, statement: Any, name: str) -> None:
    """No row gives a column of either table what a database makes."""
    session.add(Supplier(id=1, email="a", code="x", note="n"))
    session.flush()
    row = {"id": 1 if statement is update else 2, name: func.lower("PLAIN")}
    # Where there is an index, its absence is seen first.
    errors = (InvalidInputError, StatementError)
    with (
        pytest.raises(errors, match=r"is not known|of another type"),
        session.begin_nested(),
    ):
        session.execute(statement(Supplier), [row])
    assert found(session, Supplier.email == "a", Supplier.code == "x") == [1]
