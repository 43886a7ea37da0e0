"""What an INSERT or UPDATE may write of an encrypted field.

A field and its index are written by the same statement, or not at all. A value that is
bound to its row is written to no other.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldError
from django.db.models.sql.subqueries import InsertQuery, UpdateQuery

__all__ = ["WrittenTogether"]


class WrittenTogether:
    """A field that looks at the INSERT or UPDATE that its value is a part of.

    Django asks for these attributes of a field: an encrypted one has them only if it
    has an index, or is bound to its row.
    """

    @property
    def get_placeholder(self) -> Any:
        """How the value stands in an INSERT or UPDATE (Django below 6.1)."""
        if not _looks(self):
            raise AttributeError("get_placeholder")
        return self._placeholder

    @property
    def get_placeholder_sql(self) -> Any:
        """How the value stands in an INSERT or UPDATE (Django from 6.1)."""
        if not _looks(self):
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


def _looks(field: Any) -> bool:
    return _counterparts(field) is not None or bool(getattr(field, "bind", None))


def _check(field: Any, query: Any) -> None:
    """Refuse a statement that writes what it cannot.

    Raises:
        FieldError: It writes one of a field and its index and leaves the other as it
            was, or a value that is bound to a row that may be another.
    """
    if isinstance(query, _UPDATE):
        written = {one.name for one, _, _ in query.values}
    elif isinstance(query, _INSERT) and query.update_fields:
        written = {one.name for one in query.update_fields}
    else:
        return
    if field.name not in written:
        return
    if getattr(field, "bind", None):
        _check_row(field, query)
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


def _check_row(field: Any, query: Any) -> None:
    """Refuse to update the row that an inserted one conflicts with, if not by its key.

    The value was encrypted for the key that would have been inserted.
    """
    if not isinstance(query, _INSERT):
        return
    if [one.primary_key for one in query.unique_fields] != [True]:
        message = (
            f"{field} is bound to its row, and a conflict may be with a row of another "
            "key: update it with save()."
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
