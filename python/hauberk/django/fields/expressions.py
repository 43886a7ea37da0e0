"""Which expressions an encrypted column may be set to."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldError
from django.db.models import Case, Value
from django.db.models.functions import Cast

__all__ = ["check_expression", "encrypts_alike"]


def check_expression(field: Any, expression: Any) -> None:
    """Accept what `bulk_update()` builds, whose values the field encrypts itself.

    Any other expression would be computed from plaintext by the database, or move a
    ciphertext to where it does not open.

    Raises:
        FieldError: The expression is another one.
    """
    for source in _values(expression):
        plaintext = isinstance(source, Value) and source.value is not None
        its_field = getattr(source, "_output_field_or_none", None)
        if not isinstance(source, Value) or (
            plaintext and not encrypts_alike(field, its_field)
        ):
            message = (
                f"{field} is encrypted and cannot be set to an expression; assign a "
                "value, or use Value(..., output_field=<the field>)."
            )
            raise FieldError(message)


def adopted(field: Any, expression: Any) -> Any:
    """Return an expression whose values without a field of their own are the field's.

    So they are encrypted when the statement is compiled. The expression has been
    resolved, and is Django's own copy.
    """
    if isinstance(expression, Value):
        guessed = getattr(expression, "_output_field_or_none", None)
        if hasattr(guessed, "model") or type(guessed) is type(field):
            return expression
        expression = expression.copy()
        expression.output_field = field
    elif isinstance(expression, Cast):
        (source,) = expression.get_source_expressions()
        expression = expression.copy()
        expression.set_source_expressions([adopted(field, source)])
    elif isinstance(expression, Case):
        expression = expression.copy()
        vars(expression).pop("output_field", None)
        expression.cases = [case.copy() for case in expression.cases]
        for case in expression.cases:
            case.result = adopted(field, case.result)
        expression.default = adopted(field, expression.default)
    return expression


def encrypts_alike(field: Any, other: Any) -> bool:
    """Return whether what one field encrypts is what the other one decrypts."""
    # A field of no model has no context of its own.
    if not hasattr(other, "model") or type(other) is not type(field):
        return False
    return all(
        getattr(other, option) == getattr(field, option)
        for option in ("context", "keyring", "storage", "deterministic", "bind")
    )


def _values(expression: Any) -> list[Any]:
    """Return what an expression may evaluate to, looking through Case and Cast."""
    if isinstance(expression, Case):
        branches = [case.result for case in expression.cases] + [expression.default]
        return [value for branch in branches for value in _values(branch)]
    if isinstance(expression, Cast):
        return [
            value
            for source in expression.get_source_expressions()
            for value in _values(source)
        ]
    return [expression]
