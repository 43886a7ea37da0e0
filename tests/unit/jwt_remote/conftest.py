"""An issuer, and a key set that is fetched from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.unit.jwt_issuer import Clock, Issuer, remote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hauberk.jwt import RemoteKeySet


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    """A running issuer."""
    with Issuer() as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
def keys(issuer: Issuer, clock: Clock) -> RemoteKeySet:
    """The issuer's keys with the default times."""
    return remote(issuer, clock=clock)
