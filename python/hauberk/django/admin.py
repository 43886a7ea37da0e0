"""Encrypted values in Django's admin: masked, unless a permission reveals them.

```python
@admin.register(Customer)
class CustomerAdmin(EncryptedModelAdmin):
    list_display = ["name", "email"]
    search_fields = ["email__exact"]  # through the index
```

Who may change an object still sees its encrypted fields as dots, and cannot change
them, without the permission `reveal_<model>`, which `migrate` creates. When an object
is added, the fields are filled in as usual. `search_fields` answers whoever may see the
list: with `email__exact` in it, whether an address is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin
from django.db.models import BooleanField

from hauberk.django.fields import BlindIndexField, EncryptedFieldMixin

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.http import HttpRequest

__all__ = ["MASK", "EncryptedAdminMixin", "EncryptedModelAdmin"]

#: What is shown instead of a value, however long it is.
MASK: Final = "••••••••"


class EncryptedAdminMixin(admin.options.BaseModelAdmin):  # type: ignore[type-arg]
    """Masks encrypted fields; for a ModelAdmin and for inlines."""

    def has_reveal_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - for those who override it
        """Return whether encrypted values may be seen."""
        options = self.opts
        return request.user.has_perm(f"{options.app_label}.reveal_{options.model_name}")

    def get_list_display(self, request: HttpRequest) -> Sequence[Any]:
        """Return the columns of the list, which cannot be sorted where encrypted."""
        this: Any = super()
        names: Sequence[Any] = this.get_list_display(request)
        if not self.has_reveal_permission(request):
            return self._masked(names)
        # Django sorts by whatever is a field; it does not by a function. What can be
        # edited in the list has to be a field.
        editable = getattr(self, "list_editable", ())
        return [
            _plainly(self.opts, one)
            if one in self._encrypted and one not in editable
            else one
            for one in names
        ]

    def get_sortable_by(self, request: HttpRequest) -> Any:
        """Return the columns of the list that can be sorted: no encrypted ones."""
        this: Any = super()
        names = this.get_sortable_by(request)
        return [name for name in names if name not in self._encrypted]

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what is not in the form."""
        exclude = super().get_exclude(request, obj)
        if not self._masks(request, obj):
            return exclude
        return [*(exclude or ()), *self._encrypted]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what is shown beside the form, the masked fields among it."""
        readonly = super().get_readonly_fields(request, obj)
        if not self._masks(request, obj):
            return readonly
        hidden = set(super().get_exclude(request, obj) or ())
        shown = [name for name in self._encrypted if name not in {*readonly, *hidden}]
        return [*self._masked(readonly), *self._masked(shown)]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the form's layout, with masks in the places of the fields."""
        fieldsets = super().get_fieldsets(request, obj)
        if not self._masks(request, obj):
            return fieldsets
        return [
            (title, {**options, "fields": self._masked(options["fields"])})
            for title, options in fieldsets
        ]

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        """Return what can be edited in the list."""
        this: Any = super()
        if not self.has_reveal_permission(request):
            kwargs["exclude"] = [*(kwargs.get("exclude") or ()), *self._encrypted]
        return this.get_changelist_formset(request, **kwargs)

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """Return whether the list may be filtered by a parameter of its address.

        An answer to `?email=guess` would reveal the value.
        """
        this: Any = super()
        hidden = {*self._encrypted, *self._indexes}
        if lookup.partition("__")[0] in hidden and not (
            request and self.has_reveal_permission(request)
        ):
            return False
        allowed: bool = this.lookup_allowed(lookup, value, request)
        return allowed

    def _masks(self, request: HttpRequest, obj: Any) -> bool:
        return obj is not None and not self.has_reveal_permission(request, obj)

    @property
    def _encrypted(self) -> dict[str, Callable[[Any], str | None]]:
        """What stands for each encrypted field of the model."""
        cached: dict[str, Callable[[Any], str | None]] | None
        cached = self.__dict__.get("_encrypted_fields")
        if cached is None:
            cached = self.__dict__["_encrypted_fields"] = {
                field.name: _mask(field)
                for field in self.opts.concrete_fields
                if isinstance(field, EncryptedFieldMixin)
            }
        return cached

    @property
    def _indexes(self) -> list[str]:
        return [
            one.name
            for one in self.opts.concrete_fields
            if isinstance(one, BlindIndexField)
        ]

    def _masked(self, names: Sequence[Any]) -> list[Any]:
        masked: list[Any] = []
        for name in names:
            if isinstance(name, list | tuple):
                masked.append(self._masked(name))
            elif isinstance(name, str):
                masked.append(self._encrypted.get(name, name))
            else:
                masked.append(name)
        return masked


class EncryptedModelAdmin(EncryptedAdminMixin, admin.ModelAdmin):  # type: ignore[type-arg, misc]
    """A `ModelAdmin` that masks encrypted fields."""


def _plainly(options: Any, name: str) -> Callable[[Any], Any]:
    field = options.get_field(name)

    def shown(obj: Any) -> Any:
        return getattr(obj, field.attname)

    shown.__name__ = name
    shown.short_description = field.verbose_name  # type: ignore[attr-defined]
    shown.boolean = isinstance(field, BooleanField)  # type: ignore[attr-defined]
    return shown


def _mask(field: Any) -> Callable[[Any], str | None]:
    def masked(obj: Any) -> str | None:
        # Whether there is a value is no secret: the database knows it.
        empty = obj.__dict__.get(field.attname) is None
        return None if empty else MASK

    masked.__name__ = f"masked_{field.name}"
    masked.short_description = field.verbose_name  # type: ignore[attr-defined]
    return masked
