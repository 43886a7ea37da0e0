"""The databases that the tests run on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connections
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


@pytest.fixture
def ring() -> Iterator[Keyring]:
    """A keyring of the test's own, so that rotating it disturbs nobody."""
    ring = Keyring.generate()
    with keyring(ring):
        yield ring
