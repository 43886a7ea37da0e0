"""What a query must not do with an encrypted column.

A database would compute from ciphertexts without complaint, and the result would be
nonsense. So the first encrypted column that is compiled looks at the whole query,
before any of it is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db.models import Case, Count, ExpressionWrapper, F, Value
from django.db.models.expressions import Col, Ref, When
from django.db.models.lookups import IsNull
from django.db.models.sql.query import Query
from django.db.models.sql.subqueries import UpdateQuery
from django.db.models.sql.where import WhereNode

from hauberk.django.fields.expressions import encrypts_alike
from hauberk.django.fields.lookups import Equality

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["EncryptedSource", "check", "guarded", "passed_on", "refuse_column"]


class EncryptedSource:
    """An expression whose value is a ciphertext until it has arrived.

    Attributes:
        target: The field whose values it has.
    """

    target: Any


def check(compiler: Any) -> None:
    """Look at the whole query that an encrypted column is part of, once.

    Raises:
        FieldError: Something in it is computed from an encrypted column.
    """
    query = compiler.query
    if getattr(compiler, "hauberk_checked", None) is query:
        return
    compiler.hauberk_checked = query
    selected = [*query.annotation_select.values(), *query.select]
    for expression in selected:
        _check_selected(expression)
    # Only what is compiled inside of another statement has no database.
    if query.subquery and compiler.using is None:
        _check_subquery(query, selected)
    _check_tree(query.where)
    _check_alike(query, selected)
    _check_order(query)
    if isinstance(query.group_by, tuple):
        _check_groups(query.group_by)
    if isinstance(query, _UPDATE):
        for field, _, value in query.values:
            if hasattr(value, "as_sql"):
                _check_stored(field, value)


def guarded(field: Any, convert: Any) -> Any:
    """Return a converter of what expressions evaluate to, which only some pass on.

    An aggregate over a slice or over groups sees a column of a subquery, and Django
    says no more of it than the field that its result would have.
    """

    def converted(value: Any, expression: Any, connection: Any) -> Any:
        if not isinstance(expression, EncryptedSource | _PASSING):
            _refuse_field(field, type(expression).__name__)
        return convert(value, expression, connection)

    return converted


def _check_subquery(query: Any, selected: list[Any]) -> None:
    """Refuse a query whose result another one would take for values."""
    if not getattr(query, "hauberk_reads", False):
        for column in passed_on(*selected):
            refuse_column(column, "a subquery; EncryptedSubquery reads an annotation")


def _check_selected(expression: Any) -> None:
    if not isinstance(expression, EncryptedSource):
        _check_tree(expression)
    elif expression.target.bind:
        raise FieldError(
            f"{expression.target} is bound to its row and is decrypted only as an "
            "attribute of an instance, not by values() or in an annotation."
        )


def _check_tree(expression: Any) -> None:
    """Refuse an encrypted column inside of what computes from it."""
    if isinstance(expression, EncryptedSource):
        refuse_column(expression, "a condition")
    _check_result(expression)
    for source in _sources(expression):
        if not isinstance(source, EncryptedSource):
            _check_tree(source)
        elif not _harmless(expression, source):
            refuse_column(source, type(expression).__name__)


def _check_result(expression: Any) -> None:
    """Refuse what would count ciphertexts, or hand them out as they are."""
    if isinstance(expression, _COUNT) and expression.distinct:
        for column in passed_on(*_sources(expression)):
            if not column.target.deterministic:
                _refuse_alike(column.target, "Count with distinct=True")
    if isinstance(expression, Case | ExpressionWrapper):
        for column in passed_on(expression):
            if not encrypts_alike(column.target, expression.output_field):
                refuse_column(
                    column, f"{type(expression).__name__} of another output_field"
                )


def _harmless(expression: Any, column: EncryptedSource) -> bool:
    """Return whether an expression passes a column on, or asks whether it is NULL."""
    if isinstance(expression, IsNull | Count):
        return True
    if column.target.bind:
        return False
    if isinstance(expression, When):
        return bool(expression.result is column)
    return isinstance(expression, Case | Equality | ExpressionWrapper)


def passed_on(*expressions: Any) -> Iterator[Any]:
    """Return the encrypted columns that expressions may evaluate to."""
    for expression in expressions:
        if isinstance(expression, EncryptedSource):
            yield expression
        elif isinstance(expression, Case):
            results = [case.result for case in expression.cases]
            yield from passed_on(*results, expression.default)
        elif isinstance(expression, ExpressionWrapper | Ref):
            yield from passed_on(*_sources(expression))


def _check_alike(query: Any, selected: list[Any]) -> None:
    """Refuse to look for rows that are alike: equal values look different."""
    whole = {
        one.alias for one in selected if isinstance(one, Col) and one.target.primary_key
    }
    if query.distinct_fields:
        for name in query.distinct_fields:
            field = _encrypted_field(query, name)
            if field is not None and not field.deterministic:
                _refuse_alike(field, f"distinct({name!r})")
    elif query.combinator:
        for column in () if query.default_cols else passed_on(*selected):
            if _alias(column) not in whole:
                _check_combined(query, column)
    elif query.distinct and not query.default_cols:
        for column in passed_on(*selected):
            if _alias(column) not in whole and not column.target.deterministic:
                _refuse_alike(column.target, "distinct()")


def _alias(column: Any) -> Any:
    """Return the table that a column is of; a subquery is of none."""
    return getattr(column, "alias", column)


def _check_combined(query: Any, column: Any) -> None:
    """Refuse what compares the rows of two queries; UNION ALL does not."""
    if not query.combinator_all and not column.target.deterministic:
        _refuse_alike(column.target, f"{query.combinator}()")


def _refuse_alike(field: Any, what: str) -> NoReturn:
    message = (
        f"{field} is encrypted, and equal values have different ciphertexts: {what} "
        "would keep them all. Use its index, or deterministic=True."
    )
    raise FieldError(message)


def _check_stored(field: Any, expression: Any) -> None:
    """Refuse an encrypted column whose content would be stored elsewhere."""
    if isinstance(expression, EncryptedSource):
        refuse_column(expression, f"update() of {field.name}")
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
    elif isinstance(expression, EncryptedSource):
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
    if name in query.annotations:
        found = next(passed_on(query.annotations[name]), None)
        return None if found is None else found.target
    try:
        _, field, _, _ = query.names_to_path(name.split("__"), query.get_meta())
    except (FieldDoesNotExist, FieldError):
        return None
    return field if isinstance(field.cached_col, EncryptedSource) else None


def _check_groups(groups: Iterable[Any]) -> None:
    groups = [one.source if isinstance(one, _REF) else one for one in groups]
    whole_rows = {
        group.alias
        for group in groups
        if isinstance(group, Col) and group.target.primary_key
    }
    for group in passed_on(*groups):
        if not group.target.deterministic and _alias(group) not in whole_rows:
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


def refuse_column(column: Any, where: str) -> NoReturn:
    """Refuse what is done with a column.

    Raises:
        FieldError: Always.
    """
    _refuse_field(column.target, where)


def _refuse_field(field: Any, where: str) -> NoReturn:
    message = (
        f"{field} is encrypted: the database cannot compute with it or copy it "
        f"({where}). Read the rows and do it in Python."
    )
    raise FieldError(message)


#: Expressions that evaluate to a column or a value as it is.
_PASSING: Any = Case | ExpressionWrapper | Value
_COUNT: Any = Count
_REF: Any = Ref
_UPDATE: Any = UpdateQuery
