"""Encrypted columns and their indexes, on SQLite, PostgreSQL and MariaDB."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    Integer,
    String,
    Table,
    bindparam,
    create_engine,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, aliased, mapped_column
from sqlalchemy.pool import StaticPool

from hauberk.encryption import Key, Keyring
from hauberk.exceptions import (
    ConfigurationError,
    DecryptionError,
    InvalidInputError,
    NotEncryptedError,
)
from hauberk.sqlalchemy import encryption
from hauberk.sqlalchemy.encryption import (
    BlindIndexType,
    DeterministicType,
    EncryptedInteger,
    EncryptedJSON,
    EncryptedString,
    EncryptedType,
)

KEYRING = Keyring.generate()
UNIQUE = uuid.uuid4().hex[:12]


class Base(DeclarativeBase):
    """The tables of these tests, which share a database with others."""


class User(Base):
    """Somebody with an address that is searched."""

    __tablename__ = f"hauberk_enc_user_{UNIQUE}"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(
        EncryptedString(context="shop.User.email", keyring=KEYRING)
    )
    email_bidx: Mapped[str | None] = mapped_column(
        BlindIndexType("email", normalize="email"), unique=True
    )
    tax_id: Mapped[str | None] = mapped_column(
        DeterministicType(String(20), context="shop.User.tax_id", keyring=KEYRING),
        unique=True,
    )
    notes: Mapped[dict[str, Any] | None] = mapped_column(
        MutableDict.as_mutable(
            EncryptedJSON(context="shop.User.notes", keyring=KEYRING)
        )
    )


VALUES: dict[str, list[Any]] = {
    "EncryptedBoolean": [False, True],
    "EncryptedBytes": [b"", b"\x00\xff"],
    "EncryptedDate": [date(2026, 2, 3)],
    "EncryptedDateTime": [
        datetime(2026, 2, 3, 4, 5, 6, 7),  # noqa: DTZ001 - naive ones come back as they are
        datetime(2026, 2, 3, 4, 5, tzinfo=UTC),
    ],
    "EncryptedDecimal": [Decimal("0.00"), Decimal("-12.340")],
    "EncryptedFloat": [0.0, 0.1, -1e300],
    "EncryptedInteger": [0, -5, 2**80],
    "EncryptedInterval": [timedelta(0), timedelta(days=-1, microseconds=3)],
    "EncryptedJSON": [[], {}, {"a": [1, None, "ü"]}, 0, False, ""],
    "EncryptedString": ["", "Zoë 🦔"],
    "EncryptedText": ["", "x" * 100_000],
    "EncryptedTime": [time(0), time(23, 59, 59, 999999)],
    "EncryptedUUID": [uuid.UUID(int=0), uuid.uuid4()],
}
KINDS = [(name, storage) for name in VALUES for storage in ("text", "binary")]
TYPES = Table(
    f"hauberk_enc_types_{UNIQUE}",
    Base.metadata,
    Column("id", Integer, primary_key=True),
    *(
        Column(
            f"{name}_{storage}",
            getattr(encryption, name)(
                context=f"types.{name}", keyring=KEYRING, storage=storage
            ),
        )
        for name, storage in KINDS
    ),
)


ROTATING: list[Keyring] = []
ROTATED = Table(
    f"hauberk_enc_rotated_{UNIQUE}",
    Base.metadata,
    Column("id", Integer, primary_key=True),
    Column("v", EncryptedString(context="k", keyring=lambda: ROTATING[-1])),
    Column(
        "w", DeterministicType(String(9), context="d", keyring=lambda: ROTATING[-1])
    ),
    Column("b", BlindIndexType("v")),
)


def stored(session: Session, column: str) -> Any:
    """Return what a column of the users really holds, in the first row."""
    session.flush()
    sql = f"SELECT {column} FROM {User.__tablename__} ORDER BY id"
    return session.execute(text(sql)).scalars().first()


class TestValues:
    """What goes in comes out, and is not readable in between."""

    @pytest.mark.parametrize(("name", "storage"), KINDS)
    def test_values_come_back_typed(
        self, session: Session, name: str, storage: str
    ) -> None:
        """Every value comes back equal and of its type, and NULL stays NULL."""
        column = TYPES.c[f"{name}_{storage}"]
        values = [*VALUES[name], None]
        session.execute(insert(TYPES), [{column.key: value} for value in values])
        found = list(session.scalars(select(column).order_by(TYPES.c.id)))
        assert found == values
        assert [type(one) for one in found] == [type(one) for one in values]
        nulls = session.scalar(
            select(func.count()).select_from(TYPES).where(column.is_(None))
        )
        assert nulls == 1

    def test_the_column_holds_ciphertext(self, session: Session) -> None:
        """The database sees ciphertexts of the primary key, and indexes."""
        session.add(User(id=1, email="ann@example.org", tax_id="77"))
        assert stored(session, "email").startswith(f"hb1.{KEYRING.primary_id}.")
        assert stored(session, "tax_id").startswith(f"hd1.{KEYRING.primary_id}.")
        assert len(stored(session, "email_bidx")) == 32

    def test_changes_inside_json_are_written(self, session: Session) -> None:
        """A mutable value that changes is encrypted anew."""
        user = User(id=1, notes={"a": 1})
        session.add(user)
        before = stored(session, "notes")
        assert user.notes is not None
        user.notes["b"] = 2
        assert stored(session, "notes") != before
        session.expire_all()
        assert user.notes == {"a": 1, "b": 2}

    def test_a_value_of_another_type_is_refused(self, session: Session) -> None:
        """The error says so without the value: at once where there is an index."""
        with pytest.raises(InvalidInputError, match="another type"):
            User(id=1, email=5)
        session.add(User(id=1, tax_id=5))
        with pytest.raises(StatementError, match="another type"):
            session.flush()

    def test_a_damaged_value_is_an_error(self, session: Session) -> None:
        """What looks like ours and does not open is never taken for plaintext."""
        kind = EncryptedString(
            context="shop.User.email", keyring=KEYRING, allow_plaintext=True
        )
        dialect = session.get_bind().dialect
        sealed = kind.process_bind_param("x", dialect)
        with pytest.raises(DecryptionError):
            kind.process_result_value(sealed[:-2] + "AA", dialect)

    def test_plaintext_is_read_when_allowed(self, session: Session) -> None:
        """It is counted by the context, and an error otherwise."""
        dialect = session.get_bind().dialect
        context = f"plain.{uuid.uuid4()}"
        strict = EncryptedInteger(context=context, keyring=KEYRING)
        with pytest.raises(NotEncryptedError):
            strict.process_result_value("5", dialect)
        lenient = EncryptedInteger(
            context=context, keyring=KEYRING, allow_plaintext=True
        )
        assert lenient.process_result_value("5", dialect) == 5
        assert encryption.plaintext_reads()[context] == 1

    def test_statements_are_cached_by_keys_and_contexts(self) -> None:
        """Two types share a cached statement only if they encrypt alike."""
        one = EncryptedString(context="a", keyring=KEYRING)
        assert one._static_cache_key == (
            EncryptedString(context="a", keyring=KEYRING)._static_cache_key
        )
        others = [
            EncryptedString(context="b", keyring=KEYRING),
            EncryptedString(context="a", keyring=Keyring.generate()),
            EncryptedString(context="a", keyring=KEYRING, storage="binary"),
        ]
        for other in others:
            assert other._static_cache_key != one._static_cache_key

        indexes = [
            BlindIndexType("a"),
            BlindIndexType("a", name="b"),
            BlindIndexType("a", bits=64),
            BlindIndexType("a", normalize="email"),
        ]
        assert len({index._static_cache_key for index in indexes}) == len(indexes)
        kinds = [
            DeterministicType(String, context=context, keyring=KEYRING)
            for context in "ab"
        ]
        assert kinds[0]._static_cache_key != kinds[1]._static_cache_key

    def test_migrations_name_no_keys(self) -> None:
        """The representation makes the column's type again, and that has no keys."""
        kinds = [
            EncryptedInteger(context="a.b", keyring=KEYRING, storage="binary"),
            EncryptedType(String(7), context="a.c", keyring=KEYRING),
            DeterministicType(String(7), context="a.c", keyring=KEYRING),
            BlindIndexType("email", bits=64),
        ]
        import sqlalchemy as sa  # noqa: PLC0415 - as migrations call it

        for kind in kinds:
            again = eval(repr(kind), {"sa": sa, **vars(encryption)})
            assert repr(again) == repr(kind)
            assert type(again) is type(kind)
            impl: Any = again
            assert repr(impl.impl) == repr(kind.impl)
        keyless = EncryptedInteger(context="a.b")
        with pytest.raises(ConfigurationError):
            keyless.wire  # noqa: B018 - raises


class TestSearch:
    """What can be looked for, and what is an error rather than an empty result."""

    @pytest.fixture
    def users(self, session: Session) -> list[User]:
        """Return three users, of whom one has no address."""
        made = [
            User(id=1, email="Ann@example.org", tax_id="77"),
            User(id=2, email="bob@example.org", tax_id="78"),
            User(id=3),
        ]
        session.add_all(made)
        session.flush()
        return made

    @pytest.mark.usefixtures("users")
    def test_the_index_is_asked(self, session: Session) -> None:
        """Equality and membership find rows by normalized values."""
        alias = aliased(User)
        table: Any = User.__table__
        cases: list[tuple[Any, Any, list[int]]] = [
            (User, User.email == " ann@EXAMPLE.org", [1]),
            (User, User.email == "nobody", []),
            (User, User.email != "ann@example.org", [2]),
            (User, User.email.in_(["bob@example.org", "ann@example.org"]), [1, 2]),
            (User, User.email.not_in(["bob@example.org"]), [1]),
            (User, User.email.in_([]), []),
            (User, User.email.is_(None), [3]),
            (User, User.email == None, [3]),  # noqa: E711 - SQLAlchemy's form
            (User, User.email.is_not(None), [1, 2]),
            (alias, alias.email == "bob@example.org", [2]),
            (table, table.c.email == "bob@example.org", [2]),
            (User, User.tax_id == "78", [2]),
            (User, User.tax_id.in_(["77", "78"]), [1, 2]),
            (User, User.tax_id != "78", [1]),
        ]
        for entity, condition, expected in cases:
            key = entity.c.id if isinstance(entity, Table) else entity.id
            found = session.scalars(select(key).where(condition).order_by(key))
            assert list(found) == expected, str(condition)
        assert session.query(User).filter_by(email="bob@example.org").one().id == 2

    def test_other_comparisons_are_errors(self) -> None:
        """Each says what can be asked."""
        column = User.__table__.c.email
        for make in (
            lambda: User.email.like("a%"),
            lambda: User.email > "a",
            User.email.desc,
            lambda: User.email + "x",
            lambda: User.notes == {"a": 1},
            lambda: User.tax_id < "5",
            lambda: User.email == bindparam("x"),
            lambda: str(User.email == aliased(User).email),
            lambda: str(User.email != aliased(User).email),
            lambda: str(User.tax_id == column),
        ):
            with pytest.raises(InvalidInputError, match="encrypted"):
                make()

    def test_columns_are_looked_for_in_lists(self, session: Session) -> None:
        """SQLAlchemy compares columns to find them: inserting may return rows."""
        column = User.__table__.c.email
        assert column not in [User.__table__.c.id, User.__table__.c.tax_id]
        assert User.__table__.c.tax_id not in [User.__table__.c.id, column]
        rows = [{"id": 1, "email": "a"}, {"id": 2, "email": "b"}]
        # MySQL returns no rows, and MariaDB's are asked for under another name.
        if session.get_bind().dialect.insert_returning:
            made = session.scalars(insert(User).returning(User), rows).all()
            assert sorted((one.email, one.email_bidx) for one in made) == [
                ("a", computed("a")),
                ("b", computed("b")),
            ]

    def test_unique_holds(self, session: Session, users: list[User]) -> None:
        """The same address cannot be there twice, in whatever case."""
        assert users[0].email_bidx is not None
        session.add(User(id=9, email="ANN@example.org"))
        with pytest.raises(IntegrityError):
            session.flush()

    def test_rows_of_older_keys_are_found(self, session: Session) -> None:
        """Searching goes through every active index key and every active key."""
        keyring, table = Keyring.generate(), ROTATED
        ROTATING.append(keyring)
        session.execute(insert(table).values(v="x", w="x"))
        key = Key.generate()
        keyring.add(key)
        keyring.promote(key.id)
        keyring.promote_index(key.id)
        session.execute(insert(table).values(v="x", w="x"))
        for column in (table.c.v, table.c.w):
            count = select(func.count()).select_from(table).where(column == "x")
            assert session.scalar(count) == 2
        assert len(set(session.scalars(select(table.c.b)))) == 2

    def test_a_short_index_does_not_say_no(self) -> None:
        """It stands for several values, so that only looking for one is possible."""
        table = Table(
            "short",
            Base.metadata.__class__(),
            Column("v", EncryptedString(context="s", keyring=KEYRING)),
            Column("b", BlindIndexType("v", bits=16)),
        )
        assert "short.b IN" in str(table.c.v == "x")
        with pytest.raises(InvalidInputError, match="16 bits"):
            table.c.v != "x"  # noqa: B015 - raises


def computed(value: str) -> str:
    """Return what should stand in the column of the index."""
    index = KEYRING.blind_index("shop.User.email", normalize="email")
    return index.compute(value)


class TestFilling:
    """Whoever writes an address writes its index."""

    def indexes(self, session: Session) -> list[str | None]:
        """Return the indexes of all users."""
        return list(session.scalars(select(User.email_bidx).order_by(User.id)))

    def test_assignment(self, session: Session) -> None:
        """The attribute follows at once, and the column with the flush."""
        user = User(id=1, email="a")
        assert user.email_bidx == computed("a")
        session.add(user)
        session.flush()
        user.email = "b"
        session.flush()
        assert self.indexes(session) == [computed("b")]
        user.email = None
        session.flush()
        assert self.indexes(session) == [None]

    @pytest.mark.parametrize("target", [User, User.__table__])
    def test_statements(self, session: Session, target: Any) -> None:
        """Values, many rows and updates, of the ORM and of Core, fill the index in."""
        session.execute(insert(target).values(id=1, email="a"))
        session.execute(
            insert(target), [{"id": 2, "email": "b"}, {"id": 3, "email": "c"}]
        )
        session.execute(
            insert(target).values([{"id": 4, "email": "d"}, {"id": 5, "email": "e"}])
        )
        session.execute(insert(target), {"id": 6, "email": None})
        found = self.indexes(session)
        assert found == [*map(computed, "abcde"), None]
        key = User.__table__.c.id
        session.execute(update(target).where(key == 1).values(email="A1"))
        session.execute(update(target).where(key == 2).values({"email": None}))
        session.execute(update(target).where(key == 3).ordered_values(("email", "C3")))
        found = self.indexes(session)
        assert found[:3] == [computed("A1"), None, computed("C3")]

    def test_objects_in_the_session_follow(self, session: Session) -> None:
        """An update of whatever kind changes the objects of its rows, and the index."""
        user = User(id=1, email="a", tax_id="1", notes={"a": 1})
        session.add(user)
        session.flush()
        new = {"email": "b", "tax_id": "2", "notes": {"b": 2}}
        session.execute(update(User).values(new))
        assert (user.email, user.tax_id, user.notes) == ("b", "2", {"b": 2})
        assert user.email_bidx == computed("b")
        fetch = {"synchronize_session": "fetch"}
        session.execute(update(User).values(email="c"), execution_options=fetch)
        assert (user.email, user.email_bidx) == ("c", computed("c"))
        session.execute(update(User), [{"id": 1, "email": "d"}])
        assert (user.email, user.email_bidx) == ("d", computed("d"))
        session.query(User).update({"email": None})
        assert [user.email, user.email_bidx] == [None, None]
        assert not session.dirty

    def test_a_refreshed_value_brings_its_index(self, session: Session) -> None:
        """The attribute is the index of the value, also if only that is refreshed."""
        user = User(id=1, email="a")
        session.add(user)
        session.flush()
        statement = update(User.__table__).values(email="b")  # type: ignore[arg-type]
        session.connection().execute(statement)
        session.refresh(user, ["email"])
        assert (user.email, user.email_bidx) == ("b", computed("b"))
        assert not session.dirty

    def test_many_updates(self, session: Session) -> None:
        """A parameter that carries the value in each row carries its index as well."""
        table: Any = User.__table__
        session.execute(
            insert(User), [{"id": 1, "email": "a"}, {"id": 2, "email": "b"}]
        )
        statement = (
            update(table)
            .where(table.c.id == bindparam("i"))
            .values(email=bindparam("e"))
        )
        session.connection().execute(
            statement, [{"i": 1, "e": "x"}, {"i": 2, "e": "y"}]
        )
        assert self.indexes(session) == [computed("x"), computed("y")]
        session.execute(
            update(User), [{"id": 1, "email": "p"}, {"id": 2, "email": "q"}]
        )
        assert self.indexes(session) == [computed("p"), computed("q")]

    def test_expressions_are_refused(self, session: Session) -> None:
        """What is not known here has no index, unless the statement gives it."""
        table: Any = User.__table__
        expression = func.lower(table.c.email)
        with pytest.raises(InvalidInputError, match="email_bidx"):
            session.execute(update(table).values(email=expression))
        session.execute(
            update(table).values(email=table.c.email, email_bidx=table.c.email_bidx)
        )
        copied = select(table.c.id + 100, table.c.email)
        with pytest.raises(InvalidInputError, match="email_bidx"):
            session.execute(insert(table).from_select(["id", "email"], copied))

    def test_upserts_are_refused_without_the_index(self) -> None:
        """An ON CONFLICT that changes the address has to change its index."""
        from sqlalchemy.dialects.sqlite import insert as upsert  # noqa: PLC0415

        engine = create_engine("sqlite://", poolclass=StaticPool)
        table: Any = User.__table__
        Base.metadata.create_all(engine)
        statement: Any = upsert(table).values(id=1, email="a")
        with engine.begin() as connection:
            connection.execute(statement)
            with pytest.raises(InvalidInputError, match="email_bidx"):
                connection.execute(
                    statement.on_conflict_do_update(
                        index_elements=["id"], set_={"email": statement.excluded.email}
                    )
                )
            new = statement.excluded
            connection.execute(
                upsert(table)
                .values(id=1, email="b")
                .on_conflict_do_update(
                    index_elements=["id"],
                    set_={"email": new.email, "email_bidx": new.email_bidx},
                )
            )
            assert connection.scalar(select(table.c.email_bidx)) == computed("b")
        engine.dispose()
