"""Query sets that are combined, whose rows are all read as those of the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hauberk.django.fields.queries import passed_on, refuse_column

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["check_combined"]


def check_combined(first: Any, others: Iterable[Any], combinator: str) -> None:
    """Look at what is selected where the first query has a plain column.

    Raises:
        FieldError: Another query has an encrypted column there, whose ciphertexts would
            be taken for values.
    """
    columns = _columns(first, None)
    for other in others:
        pairs = zip(columns, _columns(other, first.query.selected), strict=False)
        for column, beside in pairs:
            for encrypted in passed_on(beside):
                if not any(passed_on(column)):
                    refuse_column(encrypted, f"{combinator}() with a plain column")


def _columns(queryset: Any, selected: Any) -> list[Any]:
    """Return what a query set selects, in the order of its columns."""
    query = queryset.query.clone()
    if selected is not None and query.selected is None:
        # Django does the same with a query that does not say what it selects.
        query.set_values(selected)
    compiler = query.get_compiler(queryset.db)
    compiler.setup_query()
    return [expression for expression, _, _ in compiler.select]
