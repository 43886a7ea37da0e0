"""Statements that would take ciphertexts for values are refused, on each database."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import (
    ForeignKey,
    String,
    Text,
    bindparam,
    case,
    cast,
    column,
    delete,
    desc,
    distinct,
    except_,
    exists,
    func,
    insert,
    literal,
    null,
    select,
    text,
    tuple_,
    type_coerce,
    union,
    union_all,
    update,
    values,
)
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    aliased,
    joinedload,
    mapped_column,
    relationship,
    selectinload,
)

from hauberk.encryption import Keyring
from hauberk.exceptions import InvalidInputError
from hauberk.sqlalchemy.encryption import (
    BlindIndexType,
    DeterministicType,
    EncryptedString,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

KEYRING = Keyring.generate()
UNIQUE = uuid.uuid4().hex[:12]


class Base(DeclarativeBase):
    """The tables of these tests, which share a database with others."""


class Shop(Base):
    """Where people buy."""

    __tablename__ = f"hauberk_statements_shop_{UNIQUE}"

    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str | None] = mapped_column(
        EncryptedString(context="shop.phone", keyring=KEYRING)
    )
    people: Mapped[list[Person]] = relationship(
        back_populates="shop", order_by="Person.id"
    )


class Person(Base):
    """Somebody with an address that is searched."""

    __tablename__ = f"hauberk_statements_person_{UNIQUE}"

    id: Mapped[int] = mapped_column(primary_key=True)
    shop_id: Mapped[int | None] = mapped_column(ForeignKey(Shop.id))
    name: Mapped[str | None] = mapped_column(String(300))
    email: Mapped[str | None] = mapped_column(
        EncryptedString(context="email", keyring=KEYRING)
    )
    email_bidx: Mapped[str | None] = mapped_column(BlindIndexType("email"))
    phone: Mapped[str | None] = mapped_column(
        EncryptedString(context="phone", keyring=KEYRING)
    )
    old_phone: Mapped[str | None] = mapped_column(
        EncryptedString(context="phone", keyring=KEYRING)
    )
    tax_id: Mapped[str | None] = mapped_column(
        DeterministicType(String(20), context="tax_id", keyring=KEYRING)
    )
    shop: Mapped[Shop | None] = relationship(back_populates="people")


TABLE: Any = Person.__table__
TYPE = TABLE.c.phone.type
UPSERTS: dict[str, Any] = {
    "mysql": mysql.insert,
    "postgresql": postgresql.insert,
    "sqlite": sqlite.insert,
}


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Lend a session with two shops and three people in it, whose work is undone."""
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint") as made:
            made.add_all([Shop(id=1, phone="1"), Shop(id=2, phone="2")])
            made.flush()
            made.add_all(
                [
                    Person(id=1, shop_id=1, email="a", phone="p", tax_id="7"),
                    Person(id=2, shop_id=1, email="b", phone="p", tax_id="7"),
                    Person(id=3, shop_id=2, name="c"),
                ]
            )
            made.flush()
            made.expunge_all()
            yield made
        transaction.rollback()


def raw(session: Session) -> list[Any]:
    """Return what the table really holds."""
    names = "name, email, phone, old_phone, tax_id"
    sql = f"SELECT {names} FROM {Person.__tablename__} ORDER BY id"
    return [tuple(row) for row in session.execute(text(sql))]


MIXTURE = union_all(
    select(TABLE.c.id, TABLE.c.phone), select(literal(9), literal("SECRET"))
).subquery()
WRITES: dict[str, Any] = {
    "function": lambda: update(Person).values(phone=func.lower("SECRET")),
    "core": lambda: update(TABLE).values(phone=func.lower("SECRET")),
    "ordered": lambda: update(TABLE).ordered_values((TABLE.c.phone, func.lower("X"))),
    "another context": lambda: update(Person).values(phone=Person.email),
    "typed as if it were": lambda: update(Person).values(
        phone=type_coerce(Person.email, TYPE)
    ),
    "literal": lambda: update(Person).values(phone=literal("SECRET")),
    "parameter": lambda: update(TABLE).values(phone=bindparam("x", "S", type_=Text)),
    "another type of parameter": lambda: update(Person).values(
        phone=literal("S", TABLE.c.email.type)
    ),
    "case": lambda: update(Person).values(
        phone=case((Person.id == 1, "SECRET"), else_=Person.phone)
    ),
    "coalesce": lambda: update(Person).values(
        phone=func.coalesce(Person.phone, "SECRET")
    ),
    "cast": lambda: update(Person).values(phone=cast("SECRET", TYPE)),
    "subquery": lambda: update(Person).values(
        phone=select(Shop.phone).where(Shop.id == 1).scalar_subquery()
    ),
    "into plain": lambda: update(Person).values(name=Person.phone),
    "subquery into plain": lambda: update(Person).values(
        name=select(Shop.phone).where(Shop.id == 1).scalar_subquery()
    ),
    "insert": lambda: insert(Person).values(id=9, phone=func.lower("SECRET")),
    "insert many": lambda: insert(TABLE).values(
        [{"id": 8, "phone": "x"}, {"id": 9, "phone": func.lower("SECRET")}]
    ),
    "insert in order": lambda: insert(TABLE).values(
        (9, 1, "n", "e", None, func.lower("SECRET"))
    ),
    "from select": lambda: insert(Person).from_select(
        ["id", "phone"], select(literal(9), literal("SECRET"))
    ),
    "from select of plain": lambda: insert(Person).from_select(
        ["id", "phone"], select(Person.id + 9, Person.name)
    ),
    "from a union": lambda: insert(Person).from_select(
        ["id", "phone"],
        union_all(
            select(Person.id + 9, Person.phone), select(literal(99), literal("SECRET"))
        ),
    ),
    "from a subquery of a union": lambda: (
        update(Person).where(Person.id == MIXTURE.c.id).values(phone=MIXTURE.c.phone)
    ),
    "from select into plain": lambda: insert(Person).from_select(
        ["id", "name"], select(Person.id + 9, Person.phone)
    ),
}


class TestWriting:
    """Only what is encrypted gets into an encrypted column, and nowhere else."""

    @pytest.mark.parametrize("name", WRITES)
    def test_plaintext_is_refused(self, session: Session, name: str) -> None:
        """An expression that is none of the column's ciphertexts is not sent."""
        before = raw(session)
        for _ in range(2):  # The second time from SQLAlchemy's cache.
            with pytest.raises(InvalidInputError, match="encrypted"):
                session.execute(WRITES[name]())
        assert raw(session) == before

    def test_upserts_are_refused(self, session: Session) -> None:
        """Neither do the values of ON CONFLICT or ON DUPLICATE KEY bring plaintext."""
        before = raw(session)
        for value in (func.lower("SECRET"), literal("SECRET")):
            with pytest.raises(InvalidInputError, match="encrypted"):
                session.execute(upsert(session, value))
        with pytest.raises(InvalidInputError, match="encrypted"):
            session.execute(upsert(session, TABLE.c.phone, column="name"))
        assert raw(session) == before

    def test_upserts_encrypt(self, session: Session) -> None:
        """Values are encrypted, and the new row's ciphertext is taken as it is."""
        for value, phone in (("new", "new"), (None, "inserted")):
            session.execute(upsert(session, value))
            found = session.scalar(select(Person.phone).where(Person.id == 1))
            assert found == phone
            assert all("new" not in str(row) for row in raw(session))

    def test_rows_of_parameters_are_refused(self, session: Session) -> None:
        """Neither do rows of parameters, nor the ORM's older way to update."""
        before = raw(session)
        rows: list[dict[str, Any]] = [
            {"id": 8, "phone": "x"},
            {"id": 9, "phone": func.lower("SECRET")},
        ]
        with pytest.raises(StatementError, match="another type"):
            session.execute(insert(Person).returning(Person.id), rows)
        with pytest.raises(InvalidInputError, match="encrypted"):
            session.query(Person).update({"phone": func.lower("SECRET")})
        assert [row for row in raw(session) if "SECRET" in str(row).upper()] == []
        assert raw(session)[: len(before)] == before

    @pytest.mark.parametrize("expression", [func.lower("SECRET"), Person.email])
    def test_flush_refuses_expressions(self, session: Session, expression: Any) -> None:
        """Neither do objects bring plaintext, or another column's ciphertext."""
        person: Any = session.get_one(Person, 1)
        before = raw(session)
        with pytest.raises(InvalidInputError, match="encrypted"):  # noqa: SIM117 - around it
            with session.begin_nested():
                person.phone = expression
        assert raw(session) == before

    @pytest.mark.parametrize(
        ("make", "phone"),
        [
            (lambda: "value", "value"),
            (null, None),
            (lambda: literal("value", TYPE), "value"),
            (lambda: type_coerce("value", TYPE), "value"),
            (lambda: Person.phone, "p"),
            (
                lambda: case((Person.id == 1, literal("one", TYPE)), else_=null()),
                "one",
            ),
            (lambda: func.coalesce(Person.old_phone, Person.phone), "p"),
            (
                lambda: func.coalesce(Person.old_phone, literal("value", TYPE)),
                "value",
            ),
        ],
    )
    def test_ciphertexts_of_the_context_are_written(
        self, session: Session, make: Any, phone: str | None
    ) -> None:
        """What is a ciphertext of the column already, or becomes one, is stored."""
        session.execute(update(Person).where(Person.id == 1).values(old_phone=make()))
        found = session.scalar(select(Person.old_phone).where(Person.id == 1))
        assert found == phone

    def test_rows_are_copied(self, session: Session) -> None:
        """INSERT FROM SELECT copies ciphertexts between columns of one context."""
        columns = select(Person.id + 10, Person.phone, null(), literal("v", TYPE))
        names = ["id", "old_phone", "name", "phone"]
        session.execute(insert(Person).from_select(names, columns))
        found = session.get_one(Person, 11)
        assert (found.old_phone, found.phone) == ("p", "v")


def upsert(session: Session, value: Any, column: str = "phone") -> Any:
    """Return the dialect's statement that updates the first row; None: as inserted."""
    dialect = session.get_bind().dialect.name
    statement = UPSERTS[dialect](TABLE).values(id=1, phone="inserted")
    new = statement.inserted if dialect == "mysql" else statement.excluded
    values = {column: new.phone if value is None else value}
    if dialect == "mysql":
        return statement.on_duplicate_key_update(values)
    return statement.on_conflict_do_update(index_elements=["id"], set_=values)


OTHER = aliased(Person)
READS: dict[str, Any] = {
    "order": lambda: select(Person.id).order_by(Person.phone),
    "order by name": lambda: select(Person.id, Person.phone).order_by("phone"),
    "order by label": lambda: select(Person.phone.label("x")).order_by(desc("x")),
    "order of deterministic": lambda: select(Person.id).order_by(Person.tax_id),
    "distinct": lambda: select(Person.phone).distinct(),
    "group": lambda: select(Person.phone, func.count()).group_by(Person.phone),
    "group by name": lambda: select(Person.phone, func.count()).group_by("phone"),
    "count distinct": lambda: select(func.count(distinct(Person.phone))),
    "function": lambda: select(func.lower(Person.phone)),
    "maximum": lambda: select(func.max(Person.phone)),
    "cast": lambda: select(cast(Person.phone, String(99))),
    "compared from the left": lambda: select(Person.id).where(
        Person.name == Person.phone
    ),
    "compared with deterministic": lambda: select(Person.id).where(
        Person.name == Person.tax_id
    ),
    "membership": lambda: select(Person.id).where(Person.name.in_(select(Shop.phone))),
    "tuple": lambda: select(Person.id).where(
        tuple_(Person.id, Person.phone).in_([(1, "p")])
    ),
    "join": lambda: select(Person.id).join(OTHER, Person.name == OTHER.phone),
    "union": lambda: union(select(Person.phone), select(Person.old_phone)),
    "except": lambda: except_(select(Person.phone), select(Person.old_phone)),
    "union with plain": lambda: union_all(select(Person.name), select(Person.phone)),
    "union with another context": lambda: union_all(
        select(Person.phone), select(Person.email)
    ),
    "case with plain": lambda: select(
        case((Person.id == 1, Person.name), else_=Person.phone)
    ),
    "coalesce with plain": lambda: select(func.coalesce(Person.name, Person.phone)),
    "coalesce with a value": lambda: select(func.coalesce(Person.phone, "nothing")),
    "window": lambda: select(func.count().over(partition_by=Person.phone)),
    "inside of a subquery": lambda: select(
        select(Person.phone).distinct().subquery().c.phone
    ),
    "of a subquery": lambda: select(
        func.lower(select(Person.phone).subquery().c.phone)
    ),
    "inside of a cte": lambda: select(
        select(func.lower(Person.phone).label("x")).cte().c.x
    ),
    "inside of exists": lambda: select(Person.id).where(
        exists().where(OTHER.name == Person.phone)
    ),
    "condition of update": lambda: (
        update(Person).where(Person.name == Person.phone).values(name="x")
    ),
    "condition of delete": lambda: delete(Person).where(Person.name == Person.phone),
    "condition of case": lambda: select(
        case((Person.name == Person.phone, 1), else_=2)
    ),
    "having": lambda: (
        select(Person.shop_id)
        .group_by(Person.shop_id)
        .having(func.max(Person.phone) == "x")
    ),
    "returning": lambda: (
        update(Person)
        .where(Person.id == 1)
        .values(name="x")
        .returning(func.lower(Person.phone))
    ),
}


class TestReading:
    """Nothing is computed from ciphertexts, and what needs no values works."""

    @pytest.mark.parametrize("name", READS)
    def test_nonsense_is_refused(self, session: Session, name: str) -> None:
        """It is an error, whether the ORM or Core makes the statement."""
        dialect = session.get_bind().dialect
        if name == "returning" and not dialect.update_returning:
            pytest.skip("the database has no RETURNING")
        before = raw(session)
        for _ in range(2):  # The second time from SQLAlchemy's cache.
            with pytest.raises(InvalidInputError, match="encrypted"):
                session.execute(READS[name]())
        assert raw(session) == before

    @pytest.mark.parametrize(
        ("make", "expected"),
        [
            (lambda: select(func.count(Person.phone)), [2]),
            (lambda: select(Person.phone).where(Person.phone.is_not(None)), ["p", "p"]),
            (lambda: select(Person.id, Person.phone).distinct(), [1, 2, 3]),
            (
                lambda: union(
                    select(Person.id, Person.phone), select(Person.id, Person.phone)
                ),
                [1, 2, 3],
            ),
            (
                lambda: select(Person.id, Person.phone).group_by(
                    Person.id, Person.phone
                ),
                [1, 2, 3],
            ),
            (
                lambda: union_all(select(Person.phone), select(Person.old_phone)),
                ["p", "p", *[None] * 4],
            ),
            (
                lambda: union_all(
                    select(Person.phone), select(cast(null(), TYPE)), select(null())
                ),
                ["p", "p", *[None] * 3],
            ),
            (
                lambda: select(
                    select(Person.phone).where(Person.id == 1).scalar_subquery()
                ),
                ["p"],
            ),
            (lambda: select(select(Person).cte().c.phone), ["p", "p", None]),
            (
                lambda: select(Person.id).where(
                    exists(select(OTHER.phone).where(OTHER.id == Person.id))
                ),
                [1, 2, 3],
            ),
            (
                lambda: select(
                    case((Person.id == 1, Person.phone), else_=Person.old_phone)
                ),
                ["p", None, None],
            ),
            (
                lambda: select(func.coalesce(Person.old_phone, Person.phone)),
                ["p", "p", None],
            ),
            (lambda: select(Person.tax_id).distinct(), ["7", None]),
            (
                lambda: select(func.count(), Person.tax_id).group_by(Person.tax_id),
                [1, 2],
            ),
            (
                lambda: (
                    select(Person.id)
                    .join(OTHER, Person.tax_id == OTHER.tax_id)
                    .where(OTHER.id == 1)
                ),
                [1, 2],
            ),
            (
                lambda: select(func.substr(type_coerce(Person.phone, Text), 1, 4)),
                ["hb1.", "hb1.", None],
            ),
        ],
    )
    def test_what_means_something_works(
        self, session: Session, make: Any, expected: list[Any]
    ) -> None:
        """Ciphertexts are counted, handed on, and told apart by their rows."""
        found = list(session.execute(make()).scalars())
        assert sorted(found, key=str) == sorted(expected, key=str)

    def test_the_orm_reads(self, session: Session) -> None:
        """What the ORM makes of queries, with subqueries of its own, is let through."""
        people = session.scalars(
            select(Person).join(Shop).distinct().order_by(Person.id).limit(2)
        )
        assert [one.phone for one in people] == ["p", "p"]
        for option in (joinedload(Shop.people), selectinload(Shop.people)):
            session.expunge_all()
            shops = session.scalars(
                select(Shop).options(option).order_by(Shop.id).limit(1)
            ).unique()
            assert [one.email for one in next(shops).people] == ["a", "b"]
        session.expunge_all()
        assert [one.phone for one in session.get_one(Shop, 1).people] == ["p", "p"]
        assert session.query(Person).filter_by(email="b").count() == 1
        kept = aliased(Person, select(Person).where(Person.id > 1).subquery())
        order = select(kept.phone).order_by(kept.id)
        assert list(session.scalars(order)) == ["p", None]
        session.execute(update(Person).where(Person.email == "a").values(phone="q"))
        assert session.get_one(Person, 1).phone == "q"
        session.execute(delete(Person).where(Person.email == "b"))
        assert session.scalar(select(func.count(Person.id))) == 2

    def test_columns_that_are_declared(self, session: Session) -> None:
        """SQL in text, and VALUES, have the columns that they are said to have."""
        table = Person.__tablename__
        textual = text(f"SELECT id, phone FROM {table} ORDER BY id").columns(
            Person.id, Person.phone
        )
        assert [row.phone for row in session.execute(textual)] == ["p", "p", None]
        people = session.scalars(select(Person).from_statement(textual))
        assert [one.phone for one in people] == ["p", "p", None]
        subquery = textual.subquery()
        query = select(subquery.c.phone).where(subquery.c.id == 1)
        assert session.scalar(query) == "p"
        with pytest.raises(InvalidInputError, match="encrypted"):
            session.execute(select(func.lower(subquery.c.phone)))
        if session.get_bind().dialect.name == "postgresql":
            rows = values(column("a", TYPE), name="v").data([("x",), ("y",)])
            assert list(session.scalars(select(rows.c.a))) == ["x", "y"]

    def test_all_columns_of_a_class(self, session: Session) -> None:
        """They are grouped by together with the primary key."""
        count = func.count(Shop.id)
        grouped: Any = Shop
        query = select(Shop, count).group_by(grouped).order_by(Shop.id)
        assert [shop.phone for shop, _ in session.execute(query)] == ["1", "2"]

    def test_parameters_have_one_ciphertext(self, session: Session) -> None:
        """A value that comes later cannot be looked for under every key."""
        makes: list[Callable[[], Any]] = [
            lambda: Person.tax_id == bindparam("x"),
            lambda: bindparam("x") == Person.tax_id,
            lambda: Person.tax_id.in_(bindparam("x", expanding=True)),
        ]
        for make in makes:
            with pytest.raises(InvalidInputError, match="encrypted"):
                session.execute(select(Person.id).where(make()), {"x": "7"})
        assert list(session.scalars(select(Person.id).filter_by(tax_id="7"))) == [1, 2]
