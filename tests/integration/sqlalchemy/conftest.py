"""The databases of the tests of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import StaticPool
from tests import services

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
