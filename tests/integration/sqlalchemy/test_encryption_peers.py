"""What goes wrong in the packages that people come from does not go wrong here.

Each test is named after the defect, and runs on each database.
"""

from __future__ import annotations

import base64
import uuid
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    Table,
    event,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from tests.integration.sqlalchemy.rotating import RING, keyring, raw, rotate

from hauberk.encryption import Keyring, readers
from hauberk.exceptions import DecryptionError, NotEncryptedError, UnknownKeyError
from hauberk.sqlalchemy.encryption import BlindIndexType, EncryptedString, reencrypt

FERNET = Fernet.generate_key()


class Base(DeclarativeBase):
    """The tables of these tests, which share a database with others."""


class Client(Base):
    """Somebody whose rows another package encrypted."""

    __tablename__ = f"hauberk_peers_{uuid.uuid4().hex[:12]}"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    email: Mapped[str | None] = mapped_column(
        EncryptedString(
            context="client.email",
            keyring=keyring,
            previous=[readers.FernetReader(FERNET)],
        )
    )
    email_bidx: Mapped[str | None] = mapped_column(BlindIndexType("email"), unique=True)
    note: Mapped[str | None] = mapped_column(
        EncryptedString(context="client.note", keyring=keyring)
    )


TABLE = Client.__tablename__


@pytest.fixture
def session(committing: Session) -> Session:
    """Lend a session on each database, with a keyring of its own."""
    return committing


def put(session: Session, column: str, value: Any, id_: int = 1) -> None:
    """Write into a column past its type."""
    sql = text(f"UPDATE {TABLE} SET {column} = :v WHERE id = :i")
    session.execute(sql, {"v": value, "i": id_})
    session.commit()


class TestSqlalchemyUtils:
    """sqlalchemy-utils' `EncryptedType` and `StringEncryptedType`."""

    def test_the_iv_is_static(self, session: Session) -> None:
        """There, equal values have equal ciphertexts (#166); here none is like another.

        Values with equal beginnings have there, too, since the mode is CBC.
        """
        rows = [{"id": one, "note": "same" * 8} for one in range(50)]
        session.execute(insert(Client), rows)
        session.commit()
        found = raw(session, Client, "note")
        assert len(set(found)) == len({one[:20] for one in found}) == 50

    def test_wrong_data_is_an_invalid_padding(self, session: Session) -> None:
        """There, what does not decrypt is a padding error, or garbage (#771).

        Here it is one error, which says what anybody can see of the value.
        """
        session.add(Client(id=1, note="x"))
        session.commit()
        good = raw(session, Client, "note")[0]
        head, _, body = good.rpartition(".")
        flipped = ("B" if body[0] == "A" else "A") + body[1:]
        others: list[tuple[str, type[Exception]]] = [
            (f"{head}.{flipped}", DecryptionError),
            (good[:-4], DecryptionError),
            (f"{head}.", DecryptionError),
            (base64.b64encode(bytes(32)).decode(), NotEncryptedError),
            ("", NotEncryptedError),
            ("plain", NotEncryptedError),
        ]
        for value, error in others:
            put(session, "note", value)
            with pytest.raises(DecryptionError) as caught:
                session.scalars(select(Client.note)).all()
            assert type(caught.value) is error
            session.rollback()
        put(session, "note", good)
        RING[0] = Keyring.generate()
        with pytest.raises(UnknownKeyError):
            session.scalars(select(Client.note)).all()

    @pytest.mark.parametrize(
        ("old", "new"), [("binary", "text"), ("text", "binary")], ids=str
    )
    def test_another_type_of_column_breaks_the_data(
        self, session: Session, old: Any, new: Any
    ) -> None:
        """There, a release made a column of bytes one of text, and lost it (#722).

        Here the type says which it is. Who changes that alone gets an error instead of
        another value; a column of the new type beside it takes the values.
        """
        name = f"hauberk_peers_{uuid.uuid4().hex[:12]}"

        def holding(storage: Any, column: str) -> Column[Any]:
            kind = EncryptedString(context="v", keyring=keyring, storage=storage)
            return Column(column, kind)

        both = Table(
            name,
            MetaData(),
            Column("id", Integer, primary_key=True),
            holding(old, "v"),
            holding(new, "w"),
        )
        wrong = Table(name, MetaData(), Column("id", Integer), holding(new, "v"))
        bind = session.get_bind()
        both.create(bind)
        try:
            values = ["", "straße", "x" * 1000]
            session.execute(insert(both), [{"v": value} for value in values])
            session.commit()
            with pytest.raises(DecryptionError, match="other storage"):
                session.scalars(select(wrong.c.v)).all()
            session.rollback()
            for id_, value in session.execute(select(both.c.id, both.c.v)).all():
                session.execute(update(both).where(both.c.id == id_).values(w=value))
            moved = list(session.scalars(select(both.c.w).order_by(both.c.id)))
            assert moved == values
        finally:
            session.rollback()
            session.close()
            both.drop(bind)

    def test_keys_do_not_rotate(self, session: Session) -> None:
        """There, a new key makes every row unreadable (#491)."""
        session.add_all([Client(id=n, email=str(n), note=str(n)) for n in range(3)])
        session.commit()
        first = keyring().primary_id
        new = rotate()
        session.add(Client(id=3, email="3", note="3"))
        session.commit()
        assert list(session.scalars(select(Client.note).order_by(Client.id))) == (
            ["0", "1", "2", "3"]
        )
        session.rollback()
        for name in ("email", "note"):
            assert reencrypt(session, Client, name).left == 0
            assert all(f".{new}." in one for one in raw(session, Client, name))
        keyring().destroy(first)
        assert session.scalars(select(Client.id).filter_by(email="1")).one() == 1


class TestRails:
    """Active Record Encryption."""

    def test_a_ciphertext_is_moved_to_another_column(self, session: Session) -> None:
        """There, a ciphertext opens in any column under the same key."""
        session.add(Client(id=1, email="x", note="y"))
        session.commit()
        put(session, "note", raw(session, Client, "email")[0])
        with pytest.raises(DecryptionError):
            session.scalars(select(Client.note)).all()

    def test_a_query_for_each_key(self, session: Session) -> None:
        """There, each previous key costs uniqueness a query (#45199, #47562)."""
        session.add(Client(id=1, email="x"))
        session.commit()
        for _ in range(3):
            rotate()
        statements: list[str] = []

        def executed(*arguments: Any) -> None:
            statements.append(arguments[2])

        event.listen(session.get_bind(), "before_cursor_execute", executed)
        try:
            query = select(func.count(Client.id)).where(Client.email == "x")
            assert session.scalar(query) == 1
        finally:
            event.remove(session.get_bind(), "before_cursor_execute", executed)
        assert len(statements) == 1

    def test_uniqueness_forgets_what_was_encrypted_before(
        self, session: Session
    ) -> None:
        """There, rows of a previous scheme take no part in uniqueness (#51553).

        Here they do as soon as they are encrypted anew, and the second of two rows is
        named and stays.
        """
        old = Fernet(FERNET)
        for id_ in (1, 2):
            session.add(Client(id=id_))
            session.commit()
            put(session, "email", old.encrypt(b"x").decode(), id_)
        outcome = reencrypt(session, Client, "email")
        assert (outcome.written, outcome.conflicts, outcome.left) == (1, [2], 1)
        rotate()
        session.add(Client(id=3, email="y"))
        session.commit()
        reencrypt(session, Client, "email")
        session.add(Client(id=4, email="x"))
        with pytest.raises(IntegrityError):
            session.commit()


class TestLaravelData:
    """spatie/laravel-data#1049."""

    def test_saving_again_encrypts_nothing_anew(self, session: Session) -> None:
        """There, a value that is the same is not saved, and keeps its old key.

        It is so here, too, which is why there is `reencrypt()`.
        """
        session.add(Client(id=1, note="x"))
        session.commit()
        before, new = raw(session, Client, "note"), rotate()
        client = session.get_one(Client, 1)
        client.note = "x"
        session.commit()
        assert raw(session, Client, "note") == before
        assert reencrypt(session, Client, "note").written == 1
        assert f".{new}." in raw(session, Client, "note")[0]
