"""How Alembic writes down the column types of this package."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy.types import TypeDecorator

__all__ = ["render_item"]


def render_item(kind: str, item: Any, context: Any) -> str | Literal[False]:
    """Return the call that makes one of our types, and let the migration import it.

    For `context.configure(render_item=render_item, …)` in Alembic's `env.py`. Keys are
    not written down.

    Args:
        kind: What is written down: `"type"` for the type of a column.
        item: What it is.
        context: Alembic's, with the imports of the migration.

    Returns:
        The text, or False for what is not ours, which Alembic writes itself.
    """
    if kind != "type" or not isinstance(item, TypeDecorator):
        return False
    module = type(item).__module__
    if not module.startswith(f"{__package__}."):
        return False
    # The package that exports it, whatever the module of the class is called.
    public = ".".join(module.split(".")[:3])
    context.imports.add(f"import {public}")
    return f"{public}.{item!r}"
