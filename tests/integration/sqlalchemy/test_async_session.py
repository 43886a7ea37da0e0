"""Encrypted columns in an AsyncSession, on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import StaticPool
from tests import services

from hauberk.encryption import Key, Keyring
from hauberk.exceptions import InvalidInputError
from hauberk.sqlalchemy.encryption import BlindIndexType, EncryptedString, reencrypt

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

RING = Keyring.generate()


class Base(DeclarativeBase):
    """The tables of these tests, which share a database with others."""


class Guest(Base):
    """Somebody with an address that is searched."""

    __tablename__ = f"hauberk_async_{uuid.uuid4().hex[:12]}"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(
        EncryptedString(context="guest.email", keyring=RING)
    )
    email_bidx: Mapped[str | None] = mapped_column(BlindIndexType("email"), unique=True)


@asynccontextmanager
async def guests(url: str) -> AsyncIterator[AsyncSession]:
    """Lend a session with an empty table in its database."""
    # A database in memory has one connection, and lasts as long.
    options: dict[str, Any] = {"poolclass": StaticPool} if "sqlite" in url else {}
    engine = create_async_engine(url, **options)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        try:
            async with AsyncSession(engine) as session:
                yield session
        finally:
            async with engine.begin() as connection:
                await connection.run_sync(Base.metadata.drop_all)
    finally:
        await engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def run(request: pytest.FixtureRequest) -> Callable[[Any], None]:
    """Return what runs a coroutine with a session of each database."""
    if request.param == "sqlite":
        url = "sqlite+aiosqlite://"
    else:
        if not services.answers(services.POSTGRES):
            pytest.skip("postgres does not answer")
        # psycopg serves both kinds of sessions.
        url = services.sqlalchemy_url(services.POSTGRES)

    def run(work: Callable[[AsyncSession], Awaitable[None]]) -> None:
        async def whole() -> None:
            async with guests(url) as session:
                await work(session)

        asyncio.run(whole())

    return run


async def raw(session: AsyncSession) -> list[Any]:
    """Return what the column really holds."""
    query = text(f"SELECT email FROM {Guest.__tablename__} ORDER BY id")
    return list((await session.execute(query)).scalars())


def test_rows_are_written_and_found(run: Any) -> None:
    """The unit of work and statements encrypt, fill the index, and ask it."""

    async def work(session: AsyncSession) -> None:
        session.add(Guest(id=1, email="a@example.org"))
        await session.execute(insert(Guest), [{"id": 2, "email": "b@example.org"}])
        await session.commit()
        assert all(one.startswith("hb1.") for one in await raw(session))
        query = select(Guest).where(Guest.email == "b@example.org")
        guest = (await session.scalars(query)).one()
        assert (guest.id, guest.email) == (2, "b@example.org")
        guest.email = "c@example.org"
        await session.flush()
        statement = update(Guest).where(Guest.id == 1).values(email="d@example.org")
        await session.execute(statement)
        await session.commit()
        for id_, email in ((2, "c@example.org"), (1, "d@example.org")):
            query = select(Guest).where(Guest.email.in_([email]))
            found = (await session.scalars(query)).one()
            await session.refresh(found)
            assert (found.id, found.email) == (id_, email)
        async for row in await session.stream_scalars(select(Guest.email)):
            assert str(row).endswith("@example.org")

    run(work)


def test_refusals(run: Any) -> None:
    """Uniqueness holds, and what would be nonsense is refused."""

    async def work(session: AsyncSession) -> None:
        session.add_all([Guest(id=1, email="a"), Guest(id=2, email="a")])
        with pytest.raises(IntegrityError):
            await session.commit()
        await session.rollback()
        with pytest.raises(InvalidInputError):
            await session.execute(select(func.lower(Guest.email)))

    run(work)


def test_reencrypt(run: Any) -> None:
    """`run_sync` lends `reencrypt` a session, which moves rows to the primary key."""

    async def work(session: AsyncSession) -> None:
        session.add_all([Guest(id=one, email=str(one)) for one in range(5)])
        await session.commit()
        key = Key.generate()
        RING.add(key)
        RING.promote(key.id)
        RING.promote_index(key.id)
        outcome = await session.run_sync(reencrypt, Guest, "email", batch=2)
        assert (outcome.written, outcome.left) == (5, 0)
        assert all(f".{key.id}." in one for one in await raw(session))
        query = select(Guest.id).where(Guest.email == "3")
        assert (await session.scalars(query)).one() == 3

    run(work)
