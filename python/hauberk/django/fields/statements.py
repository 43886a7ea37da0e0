"""An encrypted field and its index are written by the same statement, or not at all."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldError
from django.db.models.sql.subqueries import InsertQuery, UpdateQuery

__all__ = ["WrittenTogether"]


class WrittenTogether:
    """A field that looks at the INSERT or UPDATE that its value is a part of.

    Django asks for these attributes of a field: an encrypted one has them only if it
    has an index.
    """

    @property
    def get_placeholder(self) -> Any:
        """How the value stands in an INSERT or UPDATE (Django below 6.1)."""
        if _counterparts(self) is None:
            raise AttributeError("get_placeholder")
        return self._placeholder

    @property
    def get_placeholder_sql(self) -> Any:
        """How the value stands in an INSERT or UPDATE (Django from 6.1)."""
        if _counterparts(self) is None:
            raise AttributeError("get_placeholder_sql")
        return self._placeholder_sql

    def _placeholder(self, _: Any, compiler: Any, __: Any) -> str:
        _check(self, compiler.query)
        return "%s"

    def _placeholder_sql(self, value: Any, compiler: Any, _: Any) -> tuple[str, Any]:
        _check(self, compiler.query)
        if hasattr(value, "as_sql"):
            sql, parameters = compiler.compile(value)
            return sql, parameters
        return "%s", (value,)


def _check(field: Any, query: Any) -> None:
    """Refuse a statement that writes one of the two and leaves the other as it was.

    Raises:
        FieldError: It does.
    """
    if isinstance(query, _UPDATE):
        written = {one.name for one, _, _ in query.values}
    elif isinstance(query, _INSERT) and query.update_fields:
        written = {one.name for one in query.update_fields}
    else:
        return
    if field.name not in written:
        return
    missing = [name for name in _counterparts(field) or () if name not in written]
    if not missing:
        return
    if hasattr(field, "source"):
        message = (
            f"{field} is the index of {field.source} and is written with it: change "
            f"{field.source}, or run hauberk_reencrypt to fill an index."
        )
    else:
        message = (
            f"{field} has an index, and this statement would leave {missing[0]} as it "
            "was. Give the model a manager made by EncryptedQuerySet.as_manager()."
        )
    raise FieldError(message)


def _counterparts(field: Any) -> list[str] | None:
    """Return what is written with a field, or None if it is written alone."""
    if hasattr(field, "source"):
        return [field.source]
    if not getattr(field, "index", None):
        return None
    return [one.name for one in field.index_fields]


_UPDATE: Any = UpdateQuery
_INSERT: Any = InsertQuery
