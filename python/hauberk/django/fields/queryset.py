"""A query set that writes the columns of indexes with their fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db.models import Manager, QuerySet, Value

from hauberk.django.fields import models
from hauberk.django.fields.combined import check_combined
from hauberk.django.fields.index import one_form

if TYPE_CHECKING:
    _QuerySet = QuerySet[Any, Any]
else:
    _QuerySet = QuerySet

__all__ = ["EncryptedManager", "EncryptedQuerySet", "EncryptedQuerySetMixin"]


class EncryptedQuerySetMixin(_QuerySet):
    """What a query set needs where fields have an index.

    `update()`, `bulk_update()` and the updating `bulk_create()` of other query sets
    raise FieldError if they would change an indexed field.
    """

    def update(self, **kwargs: Any) -> int:
        """Update, and write the index of each indexed field that is among the names.

        Raises:
            FieldError: An indexed field is set to an expression.
        """
        for field in _indexed(self.model, kwargs):
            value = kwargs[field.name]
            if isinstance(value, Value):
                value = kwargs[field.name] = value.value
            if hasattr(value, "resolve_expression"):
                message = (
                    f"{field} has an index, which no expression can compute; assign a "
                    "value, or use bulk_update()."
                )
                raise FieldError(message)
            for companion in field.index_fields:
                kwargs[companion.name] = companion.index_of(value)
        return super().update(**kwargs)

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_update(self, objs: Any, fields: Any, batch_size: int | None = None) -> int:
        """Update the fields of instances, and their indexes."""
        this: Any = self
        plain: Any = QuerySet(
            self.model,
            query=self.query.chain(),
            using=this._db,  # noqa: SLF001 - its own
            hints=this._hints,  # noqa: SLF001
        )
        names = _with_companions(self.model, fields)
        updated: int = plain.bulk_update(objs, names, batch_size=batch_size)
        return updated

    bulk_update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        """Insert; where a conflict updates a field, its index is updated too."""
        if kwargs.get("update_fields"):
            kwargs["update_fields"] = _with_companions(
                self.model, kwargs["update_fields"]
            )
        return super().bulk_create(objs, *args, **kwargs)

    bulk_create.alters_data = True  # type: ignore[attr-defined]

    def _combinator_query(
        self,
        combinator: str,
        *other_qs: Any,
        all: bool = False,  # noqa: A002 - Django's signature
    ) -> Any:
        """Combine, unless ciphertexts would be taken for values.

        Raises:
            FieldError: An encrypted column stands where the first query has a plain
                one.
        """
        check_combined(self, other_qs, combinator)
        this: Any = super()
        return this._combinator_query(combinator, *other_qs, all=all)  # noqa: SLF001

    def verified(self, **values: Any) -> list[Any]:
        """Return the rows of these values, without those that are alike in the index.

        For indexes below 128 bits, whose `filter()` finds rows of other values as well.

        >>> Person.objects.verified(birth_year=1970)  # doctest: +SKIP
        """
        fields = [self.model._meta.get_field(name) for name in values]  # noqa: SLF001 - public in effect
        return [
            one
            for one in self.filter(**values)
            if all(
                _alike(field, getattr(one, field.name), values[field.name])
                for field in fields
            )
        ]


class EncryptedQuerySet(EncryptedQuerySetMixin):
    """A query set for models with indexed fields."""


EncryptedManager: Any = Manager.from_queryset(EncryptedQuerySet)


def _indexed(model: Any, names: Any) -> list[Any]:
    return [
        field
        for field in model._meta.concrete_fields  # noqa: SLF001 - public in effect
        if getattr(field, "index", None) and field.name in names
    ]


def _with_companions(model: Any, names: Any) -> list[str]:
    given = [str(name) for name in names]
    return given + sorted(models.companions(model, given) - set(given))


def _alike(field: Any, one: Any, other: Any) -> bool:
    """Return whether values are equal, once they are normalised as for the index."""
    if one is None or other is None or not getattr(field, "index", None):
        return bool(one == other)
    whole = field.whole_index
    forms = [one_form(field, field.written(value)) for value in (one, other)]
    return bool(whole.compute(forms[0]) == whole.compute(forms[1]))
