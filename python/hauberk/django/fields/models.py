"""What a model with indexed fields does besides: saving both columns, unique values."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, FieldError, ValidationError
from django.db.models.signals import class_prepared

from hauberk.django.fields.index import BlindIndexField

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
    sender.validate_constraints = _constraining(sender.validate_constraints)


def _saving_both(save_base: Any) -> Any:
    @wraps(save_base)
    def wrapped(self: Any, *args: Any, **kwargs: Any) -> Any:
        names = kwargs.get("update_fields")
        if names:
            kwargs["update_fields"] = _saved_together(self, frozenset(names))
        return save_base(self, *args, **kwargs)

    wrapped.alters_data = True  # type: ignore[attr-defined]
    return wrapped


def _saved_together(instance: Any, names: frozenset[str]) -> frozenset[str]:
    """Return what is to be saved: with each field its index, and none without it.

    Django saves what is loaded of an instance, and in update_or_create() what it thinks
    is set by saving. The table may have another value by now, or the instance.

    Raises:
        FieldError: Nothing else was to be saved.
    """
    saved = names | companions(type(instance), names)
    alone = {
        one.name: one
        for one in instance._meta.concrete_fields  # noqa: SLF001 - public in effect
        if isinstance(one, BlindIndexField)
        and one.name in names
        and one.source not in names
    }
    if saved and saved == alone.keys():
        one = next(iter(alone.values()))
        raise FieldError(f"{one} is written with {one.source}: name that to be saved.")
    return saved - alone.keys()


def _validating(validate_unique: Any) -> Any:
    @wraps(validate_unique)
    def wrapped(self: Any, exclude: Any = None) -> None:
        excluded = _with_fields(self, exclude)
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


def _constraining(validate_constraints: Any) -> Any:
    @wraps(validate_constraints)
    def wrapped(self: Any, exclude: Any = None) -> None:
        validate_constraints(self, exclude=_with_fields(self, exclude))

    return wrapped


def _with_fields(instance: Any, exclude: Any) -> set[str]:
    """Return what is not validated: an index is, if its field is.

    A form has no index in it, and Django would exclude it.
    """
    excluded = set(exclude or ())
    return excluded - {
        one.name
        for one in instance._meta.concrete_fields  # noqa: SLF001 - public in effect
        if isinstance(one, BlindIndexField) and one.source not in excluded
    }


def _taken(instance: Any, field: Any) -> bool:
    value = getattr(instance, field.attname)
    if value is None:
        return False
    others = field.model._default_manager.filter(**{field.name: value})  # noqa: SLF001 - as Django does
    if not instance._state.adding and instance.pk is not None:  # noqa: SLF001
        others = others.exclude(pk=instance.pk)
    taken: bool = others.exists()
    return taken
