"""What statements may write into an encrypted column, and from it into another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, Case, Cast, Insert, Label, TypeCoerce
from sqlalchemy.sql import functions
from sqlalchemy.sql.elements import (
    ClauseElement,
    ColumnClause,
    ColumnElement,
    Grouping,
    Null,
)
from sqlalchemy.sql.selectable import ScalarSelect

from hauberk.exceptions import InvalidInputError
from hauberk.sqlalchemy.encryption.types import EncryptedType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["assignments", "refuse_mixture", "refuse_plaintext", "written_table"]


def assignments(statement: Any) -> Iterator[tuple[Any, Any]]:
    """Return the columns that an INSERT or UPDATE gives expressions, and these."""
    table = written_table(statement)
    pairs = list(getattr(statement, "_ordered_values", None) or ())
    pairs += (getattr(statement, "_values", None) or {}).items()
    for group in getattr(statement, "_multi_values", ()):
        for row in group:
            pairs += row.items() if isinstance(row, dict) else zip(table.c, row)  # noqa: B905 - rows may be short
    clause = getattr(statement, "_post_values_clause", None)
    found: Any = getattr(clause, "update_values_to_set", None)
    if found is None:
        found = getattr(clause, "update", None) or ()
    pairs += found.items() if isinstance(found, dict) else found
    if isinstance(statement, Insert) and statement.select is not None:
        # A union's are those of its first part, and the others are like them.
        columns = statement.select._all_selected_columns  # noqa: SLF001 - the public one joins equal names
        pairs += zip(statement._select_names or (), columns, strict=False)  # noqa: SLF001
    for name, value in pairs:
        if isinstance(value, ClauseElement):
            column = name if isinstance(name, ColumnClause) else table.c.get(str(name))
            yield column, value


def written_table(statement: Any) -> Any:
    """Return the table that an INSERT or UPDATE writes.

    For rows of a class whose table is joined to a parent's, the ORM executes the same
    statement once for each table, and says for which beside it.
    """
    noted = statement._annotations  # noqa: SLF001 - has no public name
    for name in ("_emit_insert_table", "_emit_update_table"):
        if name in noted:
            return noted[name]
    return statement.table


def refuse_mixture(parts: Iterable[Any]) -> None:
    """Refuse expressions of which one is a ciphertext and another something else.

    They become one column or one value, which has the type of one of them.

    Raises:
        InvalidInputError: There is such a one.
    """
    found = list(parts)
    kinds = [one.type for one in found if isinstance(one, ColumnElement)]
    for kind in kinds:
        if isinstance(kind, EncryptedType):
            for one in found:
                refuse_plaintext(kind, one)
            return


def refuse_plaintext(kind: EncryptedType, value: Any) -> None:
    """Refuse an expression that is none of a type's ciphertexts.

    Raises:
        InvalidInputError: It is plaintext, or a ciphertext of another context.
    """
    if not _is_ciphertext(value, kind):
        raise InvalidInputError(
            f"{kind.context} is encrypted, and no database encrypts: give it a value, "
            "or an expression of values that have its type, as literal(value, type) "
            "does."
        )


def _is_ciphertext(value: Any, kind: EncryptedType) -> bool:
    """Return whether an expression is NULL, or a ciphertext that a type reads."""
    if isinstance(value, Null):
        return True
    if isinstance(value, BindParameter):
        # One without a type takes the column's.
        return value.type._isnull or kind.is_alike(value.type)  # noqa: SLF001 - has no public name
    if isinstance(value, ColumnClause):
        return kind.is_alike(value.type)
    parts: Any = None
    if isinstance(value, Cast):
        # As a union of tables has it for a column that one of them lacks.
        return isinstance(value.clause, Null)
    if isinstance(value, TypeCoerce):
        # Of a column it would only be said to be of the type.
        inner = value.typed_expression
        parts = [inner] if isinstance(inner, BindParameter) else None
    elif isinstance(value, Grouping | Label):
        parts = [value.element]
    elif isinstance(value, ScalarSelect):
        parts = value.element._all_selected_columns  # noqa: SLF001
    elif isinstance(value, functions.coalesce):
        parts = value.clauses
    elif isinstance(value, Case):
        parts = [result for _, result in value.whens]
        parts += [] if value.else_ is None else [value.else_]
    return parts is not None and all(_is_ciphertext(one, kind) for one in parts)
