"""What a model with indexed fields does besides: saving both columns, unique values."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models.signals import class_prepared

__all__ = ["attach", "companions"]


def attach(model: Any) -> None:
    """Let a model's `save_base()` and `validate_unique()` know of its indexes."""
    if not model._meta.abstract:  # noqa: SLF001 - public in effect
        class_prepared.connect(_prepare, sender=model, dispatch_uid="hauberk.indexes")


def companions(model: Any, names: Any) -> set[str]:
    """Return the columns of the indexes of those of the names that have one."""
    return {
        companion.name
        for field in model._meta.concrete_fields  # noqa: SLF001 - public in effect
        if getattr(field, "index", None) and {field.name, field.attname} & set(names)
        for companion in field.index_fields
    }


def _prepare(sender: Any, **_: Any) -> None:
    sender.save_base = _saving_both(sender.save_base)
    sender.validate_unique = _validating(sender.validate_unique)


def _saving_both(save_base: Any) -> Any:
    @wraps(save_base)
    def wrapped(self: Any, *args: Any, **kwargs: Any) -> Any:
        names = kwargs.get("update_fields")
        if names:
            kwargs["update_fields"] = frozenset(names) | companions(type(self), names)
        return save_base(self, *args, **kwargs)

    wrapped.alters_data = True  # type: ignore[attr-defined]
    return wrapped


def _validating(validate_unique: Any) -> Any:
    @wraps(validate_unique)
    def wrapped(self: Any, exclude: Any = None) -> None:
        excluded = set(exclude or ())
        unique = [
            field
            for field in self._meta.concrete_fields
            if getattr(field, "index", None) and field.index.unique
        ]
        errors: dict[str, Any] = {}
        try:
            # The companion is checked under its field's name, with all of its keys.
            validate_unique(
                self,
                exclude=excluded | companions(type(self), [f.name for f in unique]),
            )
        except ValidationError as error:
            error.update_error_dict(errors)
        for field in unique:
            if field.name not in excluded and _taken(self, field):
                message = self.unique_error_message(type(self), (field.name,))
                errors.setdefault(field.name or NON_FIELD_ERRORS, []).append(message)
        if errors:
            raise ValidationError(errors)

    return wrapped


def _taken(instance: Any, field: Any) -> bool:
    value = getattr(instance, field.attname)
    if value is None:
        return False
    others = field.model._default_manager.filter(**{field.name: value})  # noqa: SLF001 - as Django does
    if not instance._state.adding and instance.pk is not None:  # noqa: SLF001
        others = others.exclude(pk=instance.pk)
    taken: bool = others.exists()
    return taken
