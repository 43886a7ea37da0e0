"""Statements that write an encrypted column write its index as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, Engine, Insert, Update, bindparam, event, null
from sqlalchemy.sql.elements import ClauseElement, Null

from hauberk.exceptions import InvalidInputError
from hauberk.sqlalchemy.encryption.assignments import written_table
from hauberk.sqlalchemy.encryption.blind_index import BlindIndexType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection

__all__: list[str] = []


@event.listens_for(Engine, "before_execute", retval=True)
def _before_execute(
    connection: Connection,
    statement: Any,
    many: Any,
    one: Any,
    options: Mapping[str, Any],
) -> tuple[Any, Any, Any]:
    """Return the statement and its parameters with the indexes in them."""
    del connection, options
    if not isinstance(statement, Insert | Update):
        return statement, many, one
    for companion, source in _pairs(written_table(statement)):
        _refuse_conflicts(statement, companion, source)
        statement, rows = _filled(statement, list(many or [one]), companion, source)
        many, one = (rows, {}) if many else (many, rows[0])
    return statement, many, one


def _pairs(table: Any) -> Iterator[tuple[Any, Any]]:
    for column in getattr(table, "c", ()):
        if isinstance(column.type, BlindIndexType):
            yield column, column.type.source_in(table)


def _filled(
    statement: Any, rows: list[Any], companion: Any, source: Any
) -> tuple[Any, list[Any]]:
    several = statement._multi_values if isinstance(statement, Insert) else ()  # noqa: SLF001 - has no public name
    if several:
        return _filled_several(statement, several, companion, source), rows
    if isinstance(statement, Insert) and statement.select is not None:
        names = [_key(name) for name in statement._select_names or ()]  # noqa: SLF001
        if source.key in names and companion.key not in names:
            raise _expression(companion, source)
        return statement, rows
    given = _given(statement)
    if source.key in given:
        statement, rows = _filled_value(statement, rows, given, companion, source)
    return statement, [_filled_row(row, companion, source) for row in rows]


def _filled_value(
    statement: Any, rows: list[Any], given: dict[str, Any], companion: Any, source: Any
) -> tuple[Any, list[Any]]:
    """Fill in what `values()` said."""
    value = given[source.key]
    if isinstance(value, BindParameter) and value.key in rows[0]:
        # Its value is in the rows.
        name = f"hauberk_{companion.key}"
        rows = [
            {**row, name: companion.type.computed(source.type, row[value.key])}
            for row in rows
        ]
        return _with(statement, companion, bindparam(name, type_=companion.type)), rows
    if isinstance(value, BindParameter) and not value.required:
        value = value.effective_value
    if isinstance(value, Null):
        return _with(statement, companion, null()), rows
    if isinstance(value, ClauseElement):
        if companion.key not in given:
            raise _expression(companion, source)
        return statement, rows
    return _with(
        statement, companion, companion.type.computed(source.type, value)
    ), rows


def _filled_several(statement: Any, several: Any, companion: Any, source: Any) -> Any:
    """Fill in what `values([…, …])` said."""
    rows = []
    for group in several:
        for row in group:
            if not isinstance(row, dict):
                row = dict(zip(statement.table.c, row, strict=False))  # noqa: PLW2901 - the same row
            named = {_key(name): value for name, value in row.items()}
            if source.key in named:
                value = named[source.key]
                if isinstance(value, BindParameter) and not value.required:
                    value = value.effective_value
                if not isinstance(value, ClauseElement):
                    named[companion.key] = companion.type.computed(source.type, value)
                elif companion.key not in named:
                    raise _expression(companion, source)
            rows.append(named)
    filled = statement._generate()  # noqa: SLF001
    filled._multi_values = ()  # noqa: SLF001
    return filled.values(rows)


def _filled_row(row: Any, companion: Any, source: Any) -> Any:
    """Fill in one row of parameters."""
    if source.key not in row:
        return row
    value = row[source.key]
    if not isinstance(value, ClauseElement):
        return {**row, companion.key: companion.type.computed(source.type, value)}
    if companion.key not in row:
        raise _expression(companion, source)
    return row


def _with(statement: Any, companion: Any, value: Any) -> Any:
    ordered = _ordered(statement)
    if ordered:
        pairs = [(name, old) for name, old in ordered if _key(name) != companion.key]
        filled = statement._generate()  # noqa: SLF001
        if hasattr(filled, "_ordered_values"):
            filled._ordered_values = None  # noqa: SLF001
        else:
            filled._values, filled._maintain_values_ordering = None, False  # noqa: SLF001
        return filled.ordered_values(*pairs, (companion.key, value))
    return statement.values({companion.key: value})


def _refuse_conflicts(statement: Any, companion: Any, source: Any) -> None:
    """Refuse an ON CONFLICT or ON DUPLICATE KEY that would leave the index behind."""
    clause = getattr(statement, "_post_values_clause", None)
    assigned = getattr(clause, "update_values_to_set", None)
    if assigned is None:
        assigned = getattr(clause, "update", None) or ()
    pairs = assigned.items() if isinstance(assigned, dict) else assigned
    names = {_key(name) for name, _ in pairs}
    if source.key in names and companion.key not in names:
        raise _expression(companion, source)


def _given(statement: Any) -> dict[str, Any]:
    """Return what `values()` said, by the keys of the columns."""
    pairs = _ordered(statement) or (statement._values or {}).items()  # noqa: SLF001
    return {_key(name): value for name, value in pairs}


def _ordered(statement: Any) -> list[tuple[Any, Any]]:
    """Return what `ordered_values()` said, in SQLAlchemy 2.0 and from 2.1 on."""
    if getattr(statement, "_maintain_values_ordering", False):
        return list(statement._values.items())  # noqa: SLF001
    return list(getattr(statement, "_ordered_values", None) or ())


def _key(name: Any) -> str:
    return name if isinstance(name, str) else str(name.key)


def _expression(companion: Any, source: Any) -> InvalidInputError:
    return InvalidInputError(
        f"The index of a SQL expression is not known: give {companion.key} a value "
        f"wherever {source.key} has one."
    )
