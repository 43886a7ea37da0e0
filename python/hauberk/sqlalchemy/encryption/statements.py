"""Statements in which an encrypted column would mean something else than its values.

A database compares, sorts, groups and computes with ciphertexts as with any text, and
stores any text as if it were a ciphertext. None of that is an error there, so that it
has to be one here. A compiled statement is looked at once, and SQLAlchemy keeps it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    BinaryExpression,
    BindParameter,
    Case,
    CompoundSelect,
    Engine,
    Exists,
    Label,
    Select,
    TypeCoerce,
    event,
)
from sqlalchemy.sql import functions, operators, visitors
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.elements import (
    ClauseElement,
    ClauseList,
    ColumnElement,
    Grouping,
    Null,
    UnaryExpression,
)
from sqlalchemy.sql.selectable import (
    FromClause,
    ScalarSelect,
    SelectBase,
    TextualSelect,
    Values,
)

from hauberk.exceptions import InvalidInputError
from hauberk.sqlalchemy.encryption.assignments import (
    assignments,
    refuse_mixture,
    refuse_plaintext,
)
from hauberk.sqlalchemy.encryption.comparing import refusal
from hauberk.sqlalchemy.encryption.types import EncryptedType

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["check"]


@event.listens_for(Engine, "before_cursor_execute")
def _before_cursor_execute(
    connection: object,
    cursor: object,
    statement: object,
    parameters: object,
    context: Any,
    executemany: object,
) -> None:
    del connection, cursor, statement, parameters, executemany
    compiled = context.compiled
    if isinstance(compiled, SQLCompiler) and _CHECKED not in vars(compiled):
        check(compiled)
        setattr(compiled, _CHECKED, True)


def check(compiled: SQLCompiler) -> None:
    """Look at a statement that SQLAlchemy has compiled.

    Raises:
        InvalidInputError: It would work with ciphertexts as if they were values, or
            store a value without encrypting it.
    """
    # The state has the statement without what only the ORM understands.
    state: Any = compiled.compile_state
    _Walk().visit(compiled.statement if state is None else state.statement)


class _Walk:
    """One walk through a statement."""

    def __init__(self) -> None:
        # By their ids, which are theirs as long as they are kept.
        self._seen: dict[int, Any] = {}

    def visit(self, node: Any, *, as_it_is: bool = False) -> None:
        """Look at a part of the statement.

        Args:
            node: The part.
            as_it_is: Whether what stands around it takes a ciphertext for nothing else.
        """
        kind = _kind(node)
        if kind is not None and not as_it_is:
            raise refusal(kind)
        if isinstance(node, FromClause | SelectBase | UpdateBase):
            if id(node) in self._seen:
                return
            self._seen[id(node)] = node
        for classes, look in _LOOKS:
            if isinstance(node, classes):
                look(self, node)
                return
        self.visit_all(node.get_children())

    def visit_all(self, nodes: Iterable[Any], *, as_it_is: bool = False) -> None:
        """Look at several parts."""
        for node in nodes:
            if isinstance(node, ClauseElement):
                self.visit(node, as_it_is=as_it_is)

    def select(self, select: Any) -> None:
        """Look at a SELECT."""
        self.visit_all(select._raw_columns, as_it_is=True)  # noqa: SLF001 - none of these has a public name
        self.visit_all(select._iterate_from_elements())  # noqa: SLF001
        self.visit_all(select._where_criteria)  # noqa: SLF001
        self.visit_all(select._having_criteria)  # noqa: SLF001
        for join in select._setup_joins:  # noqa: SLF001
            self.visit_all(join[:3])
        self.visit_all(select._independent_ctes)  # noqa: SLF001
        columns = select._all_selected_columns  # noqa: SLF001
        self._sorted(select._order_by_clauses, columns)  # noqa: SLF001
        self._distinct(_named(select._group_by_clauses, columns))  # noqa: SLF001
        self._distinct(_named(select._distinct_on, columns))  # noqa: SLF001
        if select._distinct and not select._distinct_on:  # noqa: SLF001
            self._distinct(columns)

    def compound(self, compound: Any) -> None:
        """Look at a UNION or the like."""
        self.visit_all(compound.selects)
        columns = compound._all_selected_columns  # noqa: SLF001
        parts = [select._all_selected_columns for select in compound.selects]  # noqa: SLF001
        for position in zip(*parts, strict=False):
            refuse_mixture(position)
        self._sorted(compound._order_by_clauses, columns)  # noqa: SLF001
        if compound.keyword.value != "UNION ALL":
            for part in parts:
                self._distinct(part)

    def case(self, case: Any) -> None:
        """Look at a CASE, which hands on its results."""
        self.visit_all([case.value, *(condition for condition, _ in case.whens)])
        results = [*(result for _, result in case.whens), case.else_]
        results = [one for one in results if one is not None]
        refuse_mixture(results)
        self.visit_all(results, as_it_is=True)

    def unary(self, expression: Any) -> None:
        """Look at a DISTINCT of one expression, or at a sign."""
        if expression.operator is operators.distinct_op:
            self._distinct([expression.element])
        else:
            self.visit_all(expression.get_children())

    def transparent(self, node: Any) -> None:
        """Look at what hands an expression on."""
        parts = node.get_children()
        if isinstance(node, functions.FunctionElement):
            parts = list(node.clauses)
        if isinstance(node, functions.coalesce):
            refuse_mixture(parts)
        self.visit_all(parts, as_it_is=True)

    def _sorted(self, clauses: Sequence[Any], columns: Sequence[Any]) -> None:
        """Refuse an order by what encrypts a value."""
        self.visit_all(clauses)
        for one in _named(clauses, columns):
            kind = _kind(one)
            if kind is not None:
                raise refusal(kind)

    def _distinct(self, columns: Sequence[Any]) -> None:
        """Refuse to tell ciphertexts apart that no value tells apart.

        Those of one row are the same, which the row's primary key beside them shows.
        """
        found = [_unwrapped(column) for column in columns]
        present = {
            (hash(getattr(one, "table", None)), getattr(one, "key", None))
            for one in found
        }
        for one in found:
            kind = _kind(one)
            if kind is None:
                self.visit_all([one])
                continue
            table = getattr(one, "table", None)
            keys: Any = () if table is None else table.primary_key
            beside = {(hash(table), key.key) for key in keys}
            if not kind.deterministic and not (beside and beside <= present):
                raise InvalidInputError(
                    f"{kind.context} is encrypted: equal values have different "
                    "ciphertexts, which nothing groups, unless the primary key stands "
                    "beside them."
                )

    def compare(self, expression: Any) -> None:
        """Look at what a comparison compares."""
        left, right = expression.left, expression.right
        null = isinstance(left, Null) or isinstance(right, Null)
        asks = null and expression.operator in (operators.is_, operators.is_not)
        kind: Any = _kind(left)
        same = kind is not None and (
            hash(left) == hash(right)
            or (
                kind.deterministic
                and expression.operator in (operators.eq, operators.ne)
                and kind.is_alike(_kind(right))
            )
        )
        self.visit_all([left, right], as_it_is=asks or same)

    def write(self, statement: Any) -> None:
        """Look at an INSERT, UPDATE or DELETE."""
        self.visit_all(getattr(statement, "_where_criteria", ()))
        for one in getattr(statement, "_where_criteria", ()):
            self.visit_all(one._from_objects)  # noqa: SLF001
        self.visit_all(statement._independent_ctes)  # noqa: SLF001
        self.visit_all(statement._returning, as_it_is=True)  # noqa: SLF001
        if getattr(statement, "select", None) is not None:
            self.visit(statement.select)
        clause = getattr(statement, "_post_values_clause", None)
        for name in ("inferred_target_whereclause", "update_whereclause"):
            self.visit_all([getattr(clause, name, None)])
        for column, value in assignments(statement):
            encrypted = column is not None and _kind(column) is not None
            if encrypted:
                refuse_plaintext(column.type, value)
            self.visit(value, as_it_is=encrypted)
            self.visit_all(value._from_objects)  # noqa: SLF001


def _kind(node: Any) -> EncryptedType | None:
    """Return the type of an expression whose value is a ciphertext."""
    if not isinstance(node, ColumnElement) or isinstance(node, BindParameter | Null):
        return None
    kind = node.type
    return kind if isinstance(kind, EncryptedType) else None


def _named(clauses: Sequence[Any], columns: Sequence[Any]) -> list[Any]:
    """Return what stands in ORDER BY or GROUP BY, with labels looked up."""
    found: list[Any] = []
    for clause in clauses:
        if isinstance(clause, ClauseList):
            # All columns of a class.
            found += _named(clause.clauses, columns)
            continue
        parts: Iterable[Any] = visitors.iterate(clause)
        names = [
            one.element
            for one in parts
            if one.__visit_name__ == "textual_label_reference"
        ]
        found += [one for one in columns if getattr(one, "key", None) in names]
        found += [] if names else [clause]
    return found


def _unwrapped(node: Any) -> Any:
    while isinstance(node, Label | Grouping) or (
        node.__visit_name__ == "label_reference"
    ):
        node = node.element
    return node


_CHECKED: Final = "_hauberk_checked"
#: What to do with a part of a statement; of any other, its parts are looked at.
_LOOKS: Final[Sequence[tuple[Any, Any]]] = (
    (Select, _Walk.select),
    (CompoundSelect, _Walk.compound),
    (UpdateBase, _Walk.write),
    (BinaryExpression, _Walk.compare),
    (Case, _Walk.case),
    (
        (
            # With the columns that they are said to have.
            TextualSelect,
            Values,
            Exists,
            Grouping,
            Label,
            ScalarSelect,
            TypeCoerce,
            functions.coalesce,
            functions.count,
        ),
        _Walk.transparent,
    ),
    (UnaryExpression, _Walk.unary),
)
