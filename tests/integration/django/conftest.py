"""The databases that the tests run on."""

from __future__ import annotations

import pytest
from django.db import connections
from tests.integration.django.helpers import ALIASES


@pytest.fixture(params=ALIASES)
def using(request: pytest.FixtureRequest) -> str:
    """Each database; skipped where no server answers."""
    alias: str = request.param
    if alias not in connections:
        pytest.skip(f"no server answers for {alias}")
    return alias
