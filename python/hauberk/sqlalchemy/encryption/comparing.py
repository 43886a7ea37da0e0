"""What encrypted columns can be compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NoReturn

from sqlalchemy import BinaryExpression, BindParameter, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import ClauseElement, ColumnClause, Null
from sqlalchemy.types import TypeDecorator

from hauberk.exceptions import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.sql.elements import ColumnElement

__all__ = ["Comparator", "DeterministicComparator", "refusal"]


class Comparator(TypeDecorator.Comparator[Any]):
    """Looks for NULL, and for what a blind index or equal ciphertexts can find."""

    def operate(
        self, op: Callable[..., Any], *other: Any, **kwargs: Any
    ) -> ColumnElement[Any]:
        """Return the expression, or say that there is none."""
        # Attributes of mapped classes stand for expressions.
        other = tuple(
            one.__clause_element__() if hasattr(one, "__clause_element__") else one
            for one in other
        )
        null = other and _is_null(other[0]) and op in _NULLABLE
        if null or (op in _LOOKUPS and _is_same(self.expr, other[0])):
            return super().operate(op, *other, **kwargs)
        if op in _EQUALITIES:
            if isinstance(other[0], ColumnClause) and op in _LOOKUPS:
                return self._of_columns(op, other[0])
            found = self._equality(op, other[0])
            if found is not None:
                return found
        raise refusal(self.type)

    def _of_columns(
        self, op: Callable[..., Any], other: ColumnClause[Any]
    ) -> ColumnElement[Any]:
        """Return a comparison of columns, which SQLAlchemy makes for itself too."""
        return _Columns(self.expr, other, op)

    def _equality(
        self, op: Callable[..., Any], other: Any
    ) -> ColumnElement[Any] | None:
        from hauberk.sqlalchemy.encryption.blind_index import searched  # noqa: PLC0415 - a cycle

        kind: Any = self.type
        return searched(self.expr, kind, op, other)


class DeterministicComparator(Comparator):
    """Compares ciphertexts under every active key."""

    def _equality(
        self, op: Callable[..., Any], other: Any
    ) -> ColumnElement[Any] | None:
        kind: Any = self.type
        if isinstance(other, BindParameter):
            # It would become one ciphertext, under one key.
            raise InvalidInputError(
                f"{kind.context} is encrypted: compare it with the value itself, which "
                "is looked for under every key, and with no parameter."
            )
        if isinstance(other, ClauseElement):
            theirs: Any = getattr(other, "type", None)
            if not kind.is_alike(theirs):
                return None
            return TypeDecorator.Comparator.operate(self, op, other)
        values = other if op in _MEMBERSHIPS else [other]
        variants = [
            variant
            for value in values
            if value is not None
            for variant in kind.wire.variants(kind.written(value))
        ]
        ciphertexts = type_coerce(self.expr, kind.impl)
        if op in _POSITIVE:
            return ciphertexts.in_(variants)
        return ciphertexts.not_in(variants)

    def _of_columns(
        self, op: Callable[..., Any], other: ColumnClause[Any]
    ) -> ColumnElement[Any]:
        found = self._equality(op, other)
        return super()._of_columns(op, other) if found is None else found


class _Columns(BinaryExpression[bool]):
    """Whether two columns are the same one, as lists of columns ask; it has no SQL."""

    inherit_cache = False


@compiles(_Columns)
def _compile_columns(element: _Columns, *_: Any, **__: Any) -> NoReturn:
    raise refusal(element.left.type)


def refusal(kind: Any) -> InvalidInputError:
    """Return the error for what cannot be asked of a type's ciphertexts."""
    return InvalidInputError(
        f"{kind.context} is encrypted: only whether it is NULL can be asked, and "
        "whether it equals something if it is deterministic or has a BlindIndexType "
        "column beside it."
    )


def _is_same(column: Any, other: Any) -> bool:
    """Return whether the other is the column itself.

    Dictionaries of columns, which SQLAlchemy has, ask that by `==`.
    """
    return isinstance(other, ClauseElement) and hash(other) == hash(column)


def _is_null(value: Any) -> bool:
    return value is None or isinstance(value, Null)


_POSITIVE: Final = (operators.eq, operators.in_op)
_MEMBERSHIPS: Final = (operators.in_op, operators.not_in_op)
_EQUALITIES: Final = (*_POSITIVE, operators.ne, operators.not_in_op)
_LOOKUPS: Final = (operators.eq, operators.ne)
_NULLABLE: Final = (operators.eq, operators.ne, operators.is_, operators.is_not)
