"""What tables with encrypted columns can have, on each database."""

from __future__ import annotations

import itertools
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import (
    Column,
    Computed,
    Float,
    Identity,
    Index,
    Integer,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    Sequence,
    String,
    Table,
    UniqueConstraint,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from hauberk.encryption import Keyring
from hauberk.exceptions import ConfigurationError, DecryptionError
from hauberk.sqlalchemy.encryption import (
    BlindIndexType,
    DeterministicType,
    EncryptedDecimal,
    EncryptedFloat,
    EncryptedString,
    EncryptedType,
    reencrypt,
)

if TYPE_CHECKING:
    from sqlalchemy import Engine

KEYRING = Keyring.generate()
UNIQUE = uuid.uuid4().hex[:12]
NUMBERS = itertools.count()


class Base(DeclarativeBase):
    """The tables of these tests, which share a database with others."""


class Visitor(Base):
    """Somebody whose values come from defaults."""

    __tablename__ = f"hauberk_schema_visitor_{UNIQUE}"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None] = mapped_column(String(30))
    origin: Mapped[str | None] = mapped_column(
        EncryptedString(context="origin", keyring=KEYRING), default="nowhere"
    )
    origin_bidx: Mapped[str | None] = mapped_column(BlindIndexType("origin"))
    token: Mapped[str | None] = mapped_column(
        EncryptedString(context="token", keyring=KEYRING),
        default=lambda: f"token {next(NUMBERS)}",
    )
    token_bidx: Mapped[str | None] = mapped_column(BlindIndexType("token"), unique=True)
    greeting: Mapped[str | None] = mapped_column(
        EncryptedString(context="greeting", keyring=KEYRING),
        default=lambda: f"hello {next(NUMBERS)}",
        onupdate=lambda context: (
            f"again {context.get_current_parameters().get('name')}"
        ),
    )
    greeting_bidx: Mapped[str | None] = mapped_column(BlindIndexType("greeting"))


class Price(Base):
    """Numbers that are searched."""

    __tablename__ = f"hauberk_schema_price_{UNIQUE}"

    id: Mapped[int] = mapped_column(primary_key=True)
    exact: Mapped[Decimal | None] = mapped_column(
        EncryptedDecimal(context="exact", keyring=KEYRING)
    )
    exact_bidx: Mapped[str | None] = mapped_column(BlindIndexType("exact"), unique=True)
    rough: Mapped[float | None] = mapped_column(
        EncryptedFloat(context="rough", keyring=KEYRING)
    )
    rough_bidx: Mapped[str | None] = mapped_column(BlindIndexType("rough"))
    same: Mapped[Decimal | None] = mapped_column(
        DeterministicType(Numeric(10, 2), context="same", keyring=KEYRING), index=False
    )
    alike: Mapped[float | None] = mapped_column(
        DeterministicType(Float, context="alike", keyring=KEYRING)
    )


TABLE: Any = Visitor.__table__


def found(session: Session, condition: Any) -> list[int]:
    """Return the visitors of whom something is so."""
    return list(session.scalars(select(Visitor.id).where(condition)))


class TestDefaults:
    """What Python makes while a statement is executed has an index as well."""

    def rows_have_their_indexes(self, session: Session, count: int) -> None:
        """Look for each visitor by each value."""
        session.expire_all()
        visitors = list(session.scalars(select(Visitor)))
        assert len(visitors) == count
        for visitor in visitors:
            for name in ("origin", "token", "greeting"):
                value = getattr(visitor, name)
                ids = found(session, getattr(Visitor, name) == value)
                assert visitor.id in ids, (name, value)

    @pytest.mark.parametrize("target", [Visitor, TABLE])
    def test_of_rows_that_are_inserted(self, session: Session, target: Any) -> None:
        """By one, by many and by several in one statement, and by objects."""
        session.execute(insert(target).values(id=1, name="a"))
        session.execute(
            insert(target), [{"id": one, "name": str(one)} for one in (2, 3)]
        )
        session.execute(
            insert(target).values([{"id": 4, "name": "d"}, {"id": 5, "name": "e"}])
        )
        session.add(Visitor(id=6, name="f"))
        session.flush()
        self.rows_have_their_indexes(session, 6)
        assert len(found(session, Visitor.origin == "nowhere")) == 6

    def test_of_values_that_are_given(self, session: Session) -> None:
        """A value that is there, NULL included, goes before a default."""
        session.execute(insert(TABLE).values(id=1, name="a", origin="here"))
        session.execute(insert(TABLE).values(id=2, name="b", origin=None))
        session.add(Visitor(id=3, name="c", origin="here"))
        session.flush()
        assert found(session, Visitor.origin == "here") == [1, 3]
        assert found(session, Visitor.origin == "nowhere") == []
        assert found(session, Visitor.origin_bidx.is_(None)) == [2]

    def test_of_rows_that_are_updated(self, session: Session) -> None:
        """A value that an update makes has the index of that value."""
        session.execute(
            insert(TABLE), [{"id": one, "name": str(one)} for one in range(1, 4)]
        )
        session.execute(update(Visitor).where(Visitor.id == 1).values(name="x"))
        visitor = session.get_one(Visitor, 2)
        visitor.name = "y"
        session.flush()
        session.execute(update(TABLE).values(greeting="mine").where(TABLE.c.id == 3))
        self.rows_have_their_indexes(session, 3)
        for value, ids in (("again x", [1]), ("again y", [2]), ("mine", [3])):
            assert found(session, Visitor.greeting == value) == ids

    def test_unique_holds(self, session: Session) -> None:
        """Two rows cannot have one default where a value is unique."""
        session.execute(insert(TABLE).values(id=1, token="t"))
        with pytest.raises(IntegrityError):
            session.execute(insert(TABLE).values(id=2, token="t"))


def encrypted(**options: Any) -> Any:
    """Return an encrypted column."""
    kind = EncryptedString(context="c", keyring=KEYRING)
    arguments = options.pop("arguments", ())
    return Column("v", kind, *arguments, **options)


class TestRefusals:
    """What no database can do with ciphertexts is said when the table is defined."""

    @pytest.mark.parametrize(
        "options",
        [
            {"default": func.lower("X")},
            {"default": Sequence("s")},
            {"onupdate": func.lower("X")},
            {"server_default": "x"},
            {"server_onupdate": text("'x'")},
            {"arguments": [Computed("'x'")]},
            {"arguments": [Identity()]},
            {"primary_key": True},
            {"unique": True},
            {"index": True},
            {"index": True, "unique": True},
        ],
        ids="-".join,
    )
    def test_of_columns(self, options: dict[str, Any]) -> None:
        """Values that the database makes, and comparisons of random ciphertexts."""
        column = encrypted(**options)
        with pytest.raises(ConfigurationError, match="encrypted"):
            Table("t", MetaData(), Column("id", Integer, primary_key=True), column)

    def test_of_constraints(self) -> None:
        """A constraint or an index that compares random ciphertexts, also later."""
        for make in (
            lambda: UniqueConstraint("id", "v"),
            lambda: Index("i", "v"),
            lambda: PrimaryKeyConstraint("id", "v"),
        ):
            with pytest.raises(ConfigurationError, match="encrypted"):
                Table("t", MetaData(), Column("id", Integer), encrypted(), make())
        table = Table("t", MetaData(), Column("id", Integer), encrypted())
        with pytest.raises(ConfigurationError, match="encrypted"):
            Index("i", table.c.v, unique=True)

    def test_deterministic_columns_may(self) -> None:
        """Equal values are equal there, except as a primary key."""
        kind = DeterministicType(String(9), context="d", keyring=KEYRING)
        table = Table(
            "t",
            MetaData(),
            Column("id", Integer, primary_key=True),
            Column("v", kind, unique=True),
            Column("w", kind, index=True),
            UniqueConstraint("v", "w"),
        )
        assert table.c.v.unique
        with pytest.raises(ConfigurationError, match="primary"):
            Table("t", MetaData(), Column("v", kind, primary_key=True))

    def test_of_an_index_in_front_of_a_default(self) -> None:
        """It would be computed before the value is there."""
        index: Any = Column("b", BlindIndexType("v"))
        with pytest.raises(ConfigurationError, match="behind"):
            Table("t", MetaData(), index, encrypted(default="x"))
        index = Column("b", BlindIndexType("v"))
        table = Table("t", MetaData(), encrypted(default="x"), index)
        copied = table.to_metadata(MetaData())
        assert copied.c.b.default is not None


class TestNumbers:
    """Numbers that are equal are found by each other."""

    def test_in_an_index(self, session: Session) -> None:
        """However many zeros a number was given, and which sign zero has."""
        session.add_all(
            [
                Price(id=1, exact=Decimal("1.50"), rough=-0.0),
                Price(id=2, exact=Decimal("0.00"), rough=0.0),
                Price(id=3, exact=Decimal(1000), rough=1.5),
                Price(id=4, exact=Decimal("0." + "1" * 60)),
            ]
        )
        session.flush()
        for value, expected in (
            ("1.5", 1),
            ("1.500", 1),
            ("-0", 2),
            ("0E+7", 2),
            ("1E+3", 3),
            ("0." + "1" * 60 + "0", 4),
        ):
            query = select(Price.id).where(Price.exact == Decimal(value))
            assert list(session.scalars(query)) == [expected], value
        near = Decimal("0." + "1" * 59)
        assert not list(session.scalars(select(Price).where(Price.exact == near)))
        for zero in (0.0, -0.0):
            query = select(Price.id).where(Price.rough == zero).order_by(Price.id)
            assert list(session.scalars(query)) == [1, 2]
        assert str(session.get_one(Price, 1).exact) == "1.50"
        with pytest.raises(IntegrityError):
            session.execute(insert(Price).values(id=9, exact=Decimal("1.5")))

    def test_deterministic(self, session: Session) -> None:
        """Equal numbers have one ciphertext."""
        session.add_all(
            [
                Price(id=1, same=Decimal("1.50"), alike=-0.0),
                Price(id=2, same=Decimal("1.5"), alike=0.0),
                Price(id=3, same=Decimal("1E+3")),
            ]
        )
        session.flush()
        query = select(Price.id).order_by(Price.id)
        assert list(session.scalars(query.where(Price.same == Decimal("1.500")))) == (
            [1, 2]
        )
        assert list(session.scalars(query.where(Price.alike == 0.0))) == [1, 2]
        distinct = select(Price.same).distinct()
        assert set(session.scalars(distinct)) == {Decimal("1.5"), Decimal(1000)}
        session.expire_all()
        assert str(session.get_one(Price, 3).same) == "1000"

    def test_reencrypt_brings_them_to_one_form(self, engine: Engine) -> None:
        """Indexes and ciphertexts of another form of the number are replaced."""
        index = KEYRING.blind_index("exact", "default")
        values = {
            "e": KEYRING.cipher("exact").encrypt_text("1.50"),
            "i": index.compute("1.50"),
            "s": KEYRING.deterministic("same").encrypt_text("1.50"),
        }
        name = Price.__tablename__
        with Session(engine) as session:
            session.execute(
                text(
                    f"INSERT INTO {name} (id, exact, exact_bidx, same) "
                    "VALUES (7, :e, :i, :s)"
                ),
                values,
            )
            session.commit()
            try:
                for column in ("exact", "same"):
                    outcome = reencrypt(session, Price, column)
                    assert (outcome.written, outcome.left) == (1, 0)
                    assert reencrypt(session, Price, column).written == 0
                for attribute in (Price.exact, Price.same):
                    query = select(Price.id).where(attribute == Decimal("1.5"))
                    assert session.scalar(query) == 7
            finally:
                session.rollback()
                session.execute(text(f"DELETE FROM {name}"))
                session.commit()


class TestOtherStorage:
    """A ciphertext in the form of the other storage is no plaintext."""

    @pytest.mark.parametrize("storage", ["text", "binary"])
    def test_it_is_an_error(self, database: Engine, storage: Any) -> None:
        """It would be encrypted once more, or come back as it is."""
        cipher = KEYRING.cipher("storage")
        kind = EncryptedString(
            context="storage", keyring=KEYRING, storage=storage, allow_plaintext=True
        )
        sealed: list[Any] = [cipher.encrypt(b"x"), f"\\x{cipher.encrypt(b'x').hex()}"]
        plain: list[Any] = ["plain", "\\x01"]
        if storage == "binary":
            text_form = cipher.encrypt_text("x")
            sealed, plain = [text_form, text_form.encode()], [b"plain", b"hb9."]
        for value in sealed:
            with pytest.raises(DecryptionError, match="other storage"):
                kind.process_result_value(value, database.dialect)
            with pytest.raises(DecryptionError, match="other storage"):
                kind.form_of(value)
        for value in plain:
            assert kind.process_result_value(value, database.dialect) in (
                "plain",
                "\\x01",
                "hb9.",
            )

    def test_bytes_that_begin_like_ours_are_plaintext(self, database: Engine) -> None:
        """Only a key of the keyring makes them ours."""
        kind = EncryptedType(
            String, context="storage", keyring=KEYRING, allow_plaintext=True
        )
        data = "\\x01" + "00" * 44
        assert kind.process_result_value(data, database.dialect) == data
