"""An encrypted column in a query: it can be read, and nothing is computed from it.

A database would compute from ciphertexts without complaint, and the result would be
nonsense. So the first encrypted column that is compiled looks at the whole query,
before any of it is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db.models import Case, Count, ExpressionWrapper, F, Value
from django.db.models.expressions import Col, When
from django.db.models.lookups import IsNull
from django.db.models.sql.query import Query
from django.db.models.sql.subqueries import UpdateQuery
from django.db.models.sql.where import WhereNode

from hauberk.django.fields.lookups import Equality

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["EncryptedCol"]


class EncryptedCol(Col):
    """A column whose content is decrypted when it arrives, and is of no use before."""

    target: Any

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Return the column's name, once the query is known to make sense.

        Raises:
            FieldError: Something in the query is computed from an encrypted column.
        """
        query = compiler.query
        if getattr(compiler, "hauberk_checked", None) is not query:
            compiler.hauberk_checked = query
            _check(query)
        return super().as_sql(compiler, connection)


def _check(query: Any) -> None:
    for expression in query.annotation_select.values():
        _check_selected(expression)
    for expression in query.select:
        _check_selected(expression)
    _check_tree(query.where)
    _check_order(query)
    if isinstance(query.group_by, tuple):
        _check_groups(query.group_by)
    if isinstance(query, _UPDATE):
        for field, _, value in query.values:
            if hasattr(value, "as_sql"):
                _check_stored(field, value)


def _check_selected(expression: Any) -> None:
    if not isinstance(expression, EncryptedCol):
        _check_tree(expression)
    elif expression.target.bind:
        raise FieldError(
            f"{expression.target} is bound to its row and is decrypted only as an "
            "attribute of an instance, not by values() or in an annotation."
        )


def _check_tree(expression: Any) -> None:
    """Refuse an encrypted column inside of what computes from it."""
    if isinstance(expression, EncryptedCol):
        _refuse(expression, "a condition")
    for source in _sources(expression):
        if not isinstance(source, EncryptedCol):
            _check_tree(source)
        elif not isinstance(expression, _HARMLESS) or (
            source.target.bind and not isinstance(expression, IsNull | Count)
        ):
            _refuse(source, type(expression).__name__)


def _check_stored(field: Any, expression: Any) -> None:
    """Refuse an encrypted column whose content would be stored elsewhere."""
    if isinstance(expression, EncryptedCol):
        _refuse(expression, f"update() of {field.name}")
    if isinstance(expression, IsNull | Equality | WhereNode):
        _check_tree(expression)
        return
    for source in _sources(expression):
        _check_stored(field, source)


def _check_order(query: Any) -> None:
    names = query.extra_order_by or query.order_by
    if not names and query.default_ordering and query.get_meta():
        names = query.get_meta().ordering
    for name in names or ():
        # Names are resolved after this, each in a statement of its own making.
        _check_sorted(query, name.lstrip("-+") if isinstance(name, str) else name)


def _check_sorted(query: Any, expression: Any) -> None:
    field: Any = None
    if isinstance(expression, F):
        expression = getattr(expression, "name")  # noqa: B009 - unknown to the stubs
    if isinstance(expression, str):
        field = _encrypted_field(query, expression)
    elif isinstance(expression, EncryptedCol):
        field = expression.target
    if field is not None:
        message = (
            f"{field} is encrypted, and the order of ciphertexts means nothing; sort "
            "after reading."
        )
        raise FieldError(message)
    if not isinstance(expression, Count):
        for source in _sources(expression):
            _check_sorted(query, source)


def _encrypted_field(query: Any, name: str) -> Any:
    """Return the encrypted field that a name of order_by() leads to, if it does."""
    annotation = query.annotations.get(name)
    if annotation is not None:
        return annotation.target if isinstance(annotation, EncryptedCol) else None
    try:
        _, field, _, _ = query.names_to_path(name.split("__"), query.get_meta())
    except (FieldDoesNotExist, FieldError):
        return None
    return field if isinstance(field.cached_col, EncryptedCol) else None


def _check_groups(groups: Iterable[Any]) -> None:
    groups = list(groups)
    whole_rows = {
        group.alias
        for group in groups
        if isinstance(group, Col) and group.target.primary_key
    }
    for group in groups:
        if (
            isinstance(group, EncryptedCol)
            and not group.target.deterministic
            and group.alias not in whole_rows
        ):
            message = (
                f"{group.target} is encrypted, and equal values have different "
                "ciphertexts: grouping by it gives a group for each row."
            )
            raise FieldError(message)


def _sources(expression: Any) -> list[Any]:
    if isinstance(expression, WhereNode):
        return list(expression.children)
    # A subquery has a compiler of its own, which looks at it.
    if isinstance(expression, Query) or not hasattr(
        expression, "get_source_expressions"
    ):
        return []
    return [one for one in expression.get_source_expressions() if one is not None]


def _refuse(column: EncryptedCol, where: str) -> NoReturn:
    message = (
        f"{column.target} is encrypted: the database cannot compute with it or copy it "
        f"({where}). Read the rows and do it in Python."
    )
    raise FieldError(message)


_UPDATE: Any = UpdateQuery

#: What passes a column on as it is, or only asks whether it is NULL.
_HARMLESS = (Case, Count, Equality, ExpressionWrapper, IsNull, Value, When)
