"""The databases of the tests of columns, and their sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool
from tests import services
from tests.integration.sqlalchemy.rotating import RING

from hauberk.encryption import Keyring

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(params=["sqlite", "postgres", "mysql"], scope="module")
def database(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Lend each database, without the tables of any test."""
    if request.param == "sqlite":
        made = create_engine("sqlite://", poolclass=StaticPool)
    else:
        url = services.POSTGRES if request.param == "postgres" else services.MYSQL
        if not services.answers(url):
            pytest.skip(f"{request.param} does not answer")
        made = create_engine(services.sqlalchemy_url(url))
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def engine(request: pytest.FixtureRequest, database: Engine) -> Iterator[Engine]:
    """Lend each database with the tables of the module's `Base` in it."""
    metadata = request.module.Base.metadata
    metadata.create_all(database)
    yield database
    metadata.drop_all(database)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Lend a session whose work is undone."""
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint") as made:
            yield made
        transaction.rollback()


@pytest.fixture
def committing(request: pytest.FixtureRequest, database: Engine) -> Iterator[Session]:
    """Lend a session that commits, with tables and a keyring of the test's own."""
    metadata = request.module.Base.metadata
    RING[0] = Keyring.generate()
    metadata.create_all(database)
    with Session(database) as made:
        yield made
    metadata.drop_all(database)
