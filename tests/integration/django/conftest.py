"""The databases that the tests run on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections
from django.test import override_settings
from tests.integration.django.helpers import ALIASES, keyring

from hauberk.encryption import Keyring

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(params=ALIASES)
def using(request: pytest.FixtureRequest) -> str:
    """Each database; skipped where no server answers."""
    alias: str = request.param
    if alias not in connections:
        pytest.skip(f"no server answers for {alias}")
    return alias


class Routing:
    """Sends the models with encrypted fields to one database."""

    def __init__(self, alias: str) -> None:
        self._alias = alias

    def db_for_read(self, model: Any, **_: Any) -> str | None:
        """Return the database, of our models alone."""
        return self._alias if model._meta.app_label == "records" else None

    db_for_write = db_for_read


@pytest.fixture
def routed(using: str) -> Iterator[str]:
    """Each database, where what names none finds the models with encrypted fields."""
    with override_settings(DATABASE_ROUTERS=[Routing(using)]):
        yield using


@pytest.fixture
def ring() -> Iterator[Keyring]:
    """A keyring of the test's own, so that rotating it disturbs nobody."""
    ring = Keyring.generate()
    with keyring(ring):
        yield ring
