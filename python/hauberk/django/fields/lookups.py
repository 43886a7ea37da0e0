"""How rows are found by an encrypted value: through its index, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from django.core.exceptions import FieldError
from django.db.models import BinaryField, Field, TextField, Value, lookups
from django.db.models.expressions import Col

if TYPE_CHECKING:
    _Field = Field[Any, Any]
else:
    _Field = object

__all__ = ["Equality", "Searchable"]


class Searchable(_Field):
    """The lookups of an encrypted field."""

    def get_lookup(self, lookup_name: str) -> Any:
        """Return the lookups that make sense, and refuse the others.

        Raises:
            FieldError: The database cannot answer; the message says what can be done.
        """
        field: Any = self
        if lookup_name == "isnull":
            return lookups.IsNull
        if field.deterministic or field.index:
            if lookup_name == "exact":
                return EncryptedExact
            if lookup_name == "in":
                return EncryptedIn
            if lookup_name == "iexact" and field.index and field.index.folds_case:
                return EncryptedExact
        elif lookup_name == "exact":
            return _OnlyNull
        return self._refuse_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> NoReturn:
        """Refuse: there is nothing to be computed from a ciphertext."""
        self._refuse_lookup(lookup_name)

    def _refuse_lookup(self, lookup_name: str) -> NoReturn:
        field: Any = self
        if field.deterministic or field.index:
            known = "exact, in and isnull work"
        else:
            known = (
                "equal values have different ciphertexts. Only isnull works; to find a "
                "row by a value, give the field index=BlindIndexSpec()"
            )
        message = f"{self} is encrypted and has no lookup {lookup_name!r}: {known}."
        raise FieldError(message)


class Equality(lookups.Lookup):
    """Compares values by what the database can compare."""

    #: Django's messages about values of a wrong type show them; the field's do not.
    prepare_rhs = False

    def compared(self, values: list[Any]) -> Any:
        """Return the plain lookup that is sent: any of these values, in any form.

        The forms are looked up as late as this, under the keys as they are now.
        """
        column: Any = self.lhs
        field = column.target
        if field.deterministic:
            target, forms = field, [field.variants(value) for value in values]
            kind: Any = TextField() if field.storage == "text" else BinaryField()
        else:
            target = field.index_field
            forms = [field.index_variants(value) for value in values]
            kind = target
        flat = [form for several in forms for form in several]
        plain = Col(column.alias, target, kind)
        if len(flat) == 1:
            return lookups.Exact(plain, flat[0])
        return lookups.In(plain, flat)


class EncryptedExact(Equality, lookups.Exact):
    """Finds the rows of one value."""

    def __init__(self, lhs: Any, rhs: Any) -> None:
        super().__init__(_column(lhs), _plain(lhs, rhs))

    def as_sql(self, compiler: Any, connection: Any) -> Any:  # noqa: ARG002
        """Return the comparison of the index or the ciphertexts."""
        return compiler.compile(self.compared([self.rhs]))


class EncryptedIn(Equality, lookups.In):
    """Finds the rows of several values."""

    def __init__(self, lhs: Any, rhs: Any) -> None:
        if hasattr(rhs, "resolve_expression"):
            _refuse_expression(lhs)
        values = [_plain(lhs, value) for value in rhs]
        super().__init__(_column(lhs), [value for value in values if value is not None])

    def as_sql(self, compiler: Any, connection: Any) -> Any:  # noqa: ARG002
        """Return the comparison of the index or the ciphertexts."""
        return compiler.compile(self.compared(list(self.rhs)))


class _OnlyNull(lookups.Exact):
    """Compares with None, which Django turns into `isnull`, and with nothing else."""

    def __init__(self, lhs: Any, rhs: Any) -> None:
        if rhs is not None:
            lhs.output_field._refuse_lookup("exact")  # noqa: SLF001 - the same module
        super().__init__(lhs, rhs)


def _column(lhs: Any) -> Any:
    if not isinstance(lhs, Col):
        message = (
            f"{lhs.output_field} is encrypted and can be looked up as a column only."
        )
        raise FieldError(message)
    return lhs


def _plain(lhs: Any, rhs: Any) -> Any:
    value = rhs.value if isinstance(rhs, Value) else rhs
    if hasattr(value, "resolve_expression"):
        _refuse_expression(lhs)
    if value is not None:
        lhs.output_field.written(value)
    return value


def _refuse_expression(lhs: Any) -> NoReturn:
    message = (
        f"{lhs.output_field} is encrypted and can be compared with values only, not "
        "with what the database computes."
    )
    raise FieldError(message)
