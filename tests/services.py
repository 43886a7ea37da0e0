"""The servers that some tests need, and where they are.

A URL in the environment wins over the local standard port. Tests skip, with a reason
that counts in the summary, when nobody answers at the standard port; nobody behind a
URL that was given is an error.
"""

from __future__ import annotations

import functools
import os
import socket
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

POSTGRES = os.environ.get(
    "HAUBERK_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/test"
)
REDIS = os.environ.get("HAUBERK_TEST_REDIS", "redis://127.0.0.1:6379/0")
MYSQL = os.environ.get("HAUBERK_TEST_MYSQL", "mysql://root@127.0.0.1:3306/test")

_GIVEN = {os.environ.get(f"HAUBERK_TEST_{n}") for n in ("POSTGRES", "REDIS", "MYSQL")}
_ENGINES = {
    "mysql": "django.db.backends.mysql",
    "postgres": "django.db.backends.postgresql",
    "postgresql": "django.db.backends.postgresql",
}
_PORTS = {"mysql": 3306, "postgres": 5432, "postgresql": 5432, "redis": 6379}
_TIMEOUT = 1.0  # second


@functools.cache
def answers(url: str) -> bool:
    """Return whether a server listens where the URL points."""
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname, _port(parts)), timeout=_TIMEOUT):
            return True
    except OSError:
        if url in _GIVEN:
            raise
        return False


def django_database(url: str) -> dict[str, Any]:
    """Return an entry of Django's `DATABASES`."""
    parts = urlsplit(url)
    return {
        "ENGINE": _ENGINES[parts.scheme],
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": _port(parts),
        # The tables are made from the models: what migrations do is tested elsewhere.
        "TEST": {"MIGRATE": False},
    }


def sqlalchemy_url(url: str) -> str:
    """Return the URL of a server as SQLAlchemy wants it."""
    driver = {"mysql": "mysql+pymysql"}.get(urlsplit(url).scheme, "postgresql+psycopg")
    return f"{driver}{url[url.index(':') :]}"


def _port(parts: SplitResult) -> int:
    return parts.port or _PORTS[parts.scheme]
