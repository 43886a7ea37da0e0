"""The database of the application."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import click
from flask import current_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Engine

__all__ = ["application_engine"]


@contextlib.contextmanager
def application_engine() -> Iterator[Engine]:
    """Lend the application's engine: Flask-SQLAlchemy's, or one of its URL."""
    extension: Any = current_app.extensions.get("sqlalchemy")
    if extension is not None:
        yield extension.engine
        return
    url = current_app.config.get("SQLALCHEMY_DATABASE_URI")
    if url is None:
        raise click.UsageError(
            "The application has neither Flask-SQLAlchemy nor the setting "
            "SQLALCHEMY_DATABASE_URI."
        )
    from sqlalchemy import create_engine  # noqa: PLC0415

    engine = create_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()
