"""An encrypted column in a query: it can be read, and nothing is computed from it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldError
from django.db.models import Subquery
from django.db.models.expressions import Col

from hauberk.django.fields.queries import EncryptedSource, check

__all__ = ["EncryptedCol", "EncryptedSubquery"]


class EncryptedCol(EncryptedSource, Col):
    """A column whose content is decrypted when it arrives, and is of no use before."""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Return the column's name, once the query is known to make sense.

        Raises:
            FieldError: Something in the query is computed from an encrypted column.
        """
        check(compiler)
        return super().as_sql(compiler, connection)

    def get_db_converters(self, connection: Any) -> Any:
        """Return what makes a value of the column's content, looked up once a query."""
        if self.output_field == self.target:
            return self.target.column_converters(connection)
        return super().get_db_converters(connection)


class EncryptedSubquery(EncryptedSource, Subquery):
    """A subquery that an encrypted column is read from, as an annotation.

    What a plain `Subquery` of an encrypted column is compared with, or stored in, would
    get the ciphertext.

    >>> latest = Note.objects.filter(customer=OuterRef("pk"))  # doctest: +SKIP
    >>> latest = latest.order_by("-pk").values("text")[:1]  # doctest: +SKIP
    >>> Customer.objects.annotate(note=EncryptedSubquery(latest))  # doctest: +SKIP

    Args:
        queryset: It selects one column.
    """

    def __init__(self, queryset: Any, **extra: Any) -> None:
        super().__init__(queryset, **extra)
        # What is cloned of it knows it as well.
        query: Any = self.query
        query.hauberk_reads = True

    @property
    def target(self) -> Any:
        """The field whose values are read."""
        return self.output_field

    def as_sql(self, compiler: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the subquery, where its value arrives as it is.

        Raises:
            FieldError: It is part of another expression, or of a condition.
        """
        selected = compiler.query.annotation_select.values()
        if not any(one is self for one in selected):
            message = "An EncryptedSubquery is an annotation, and nothing but that."
            raise FieldError(message)
        check(compiler)
        return super().as_sql(compiler, *args, **kwargs)
