"""`encrypted(AnyField(...))`: the encrypted form of any field for plain values."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from django.db import models

from hauberk.django.fields import scalars
from hauberk.django.fields.mixin import EncryptedFieldMixin
from hauberk.exceptions import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["encrypted"]


def encrypted(field: Any, /, **options: Any) -> Any:
    """Return the encrypted form of a field, with its form, validation and defaults.

    Args:
        field: A field for plain values: one of Django's, or derived from one.
        options: As for the fields that stand in `hauberk.django.fields`.

    Raises:
        InvalidInputError: The field holds no plain value of its own: it is a relation,
            numbered or computed by the database, or encrypted already.

    >>> encrypted(models.SlugField(max_length=8)).max_length
    8
    """
    kind: Any = type(field)
    if isinstance(field, _REFUSED) or field.remote_field is not None:
        raise InvalidInputError(f"{kind.__name__} cannot be encrypted.")
    _, _, args, kwargs = field.deconstruct()
    if isinstance(field, models.SlugField) and not options.get("deterministic"):
        # It would have an index without having been asked.
        kwargs["db_index"] = False
    made: Any = _class_for(kind)(*args, **kwargs, **options)
    # Fields of a model stand in the order in which they were written.
    made.creation_counter = field.creation_counter
    return made


class _Wrapped:
    """How a field that was made by `encrypted()` is made again."""

    _plain: type[Any]

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Return the call of `encrypted()` for migrations."""
        field: Any = super()
        name, _, args, kwargs = field.deconstruct()
        ours = {key: kwargs.pop(key) for key in _OPTIONS if key in kwargs}
        plain = self._plain(*args, **kwargs)
        return name, "hauberk.django.fields.encrypted", [plain], ours

    def clone(self) -> Any:
        """Return a field of the same options that belongs to no model."""
        _, _, args, kwargs = self.deconstruct()
        return encrypted(*args, **kwargs)

    def __reduce__(self) -> Any:
        field: Any = self
        if hasattr(field, "model"):
            return super().__reduce__()
        _, _, args, kwargs = self.deconstruct()
        return _again, (args[0], kwargs)


class _AnyForm(EncryptedFieldMixin):
    """Values of a field that is not derived from one of Django's.

    What the field would have sent to the database is written down as text, and read as
    it would have read it from there.
    """

    def to_canonical(self, value: Any) -> Any:
        """Return the text of what the field would have stored."""
        if not isinstance(value, str | int | float):
            raise TypeError
        return str(value)

    def from_canonical(self, form: Any) -> Any:
        """Return what the field reads from a text."""
        return self.to_python(form)


class _ReadsItself(EncryptedFieldMixin):
    """Values of a field that makes something of its own of what is in the column."""

    def from_canonical(self, form: Any) -> Any:
        """Return what the field makes of its column's plain content."""
        field: Any = self
        return field._plain.from_db_value(  # noqa: SLF001 - our own attribute
            self, super().from_canonical(form), None, None
        )


def _again(plain: Any, options: dict[str, Any]) -> Any:
    return encrypted(plain, **options)


@cache
def _class_for(kind: type[Any]) -> type[Any]:
    exact = _TWINS.get(kind)
    if exact is not None:
        return exact
    form: type[Any] = _AnyForm
    reads_itself = False
    for base in kind.__mro__:
        if base in _FORMS:
            form = _FORMS[base]
            break
        reads_itself = reads_itself or "from_db_value" in vars(base)
    bases: tuple[type[Any], ...] = (_Wrapped, form, kind)
    if reads_itself:
        bases = (_Wrapped, _ReadsItself, form, kind)
    return type(f"Encrypted{kind.__name__}", bases, {"_plain": kind})


_OPTIONS: Final = (
    "context",
    "keyring",
    "storage",
    "index",
    "index_declared",
    "deterministic",
    "bind",
    "allow_plaintext",
)

_REFUSED: Final = (
    EncryptedFieldMixin,
    models.AutoField,
    models.BigAutoField,
    models.SmallAutoField,
    models.GeneratedField,
)

_FORMS: Final[Mapping[type[Any], type[Any]]] = {
    models.BinaryField: scalars.BinaryMixin,
    models.BooleanField: scalars.BooleanMixin,
    models.CharField: EncryptedFieldMixin,
    models.DateTimeField: scalars.DateTimeMixin,
    models.DateField: scalars.DateMixin,
    models.DecimalField: scalars.DecimalMixin,
    models.DurationField: scalars.DurationMixin,
    models.FilePathField: EncryptedFieldMixin,
    models.FloatField: scalars.FloatMixin,
    models.GenericIPAddressField: scalars.AddressMixin,
    models.IntegerField: scalars.IntegerMixin,
    models.JSONField: scalars.JSONMixin,
    models.TextField: EncryptedFieldMixin,
    models.TimeField: scalars.TimeMixin,
    models.UUIDField: scalars.UUIDMixin,
}

_TWINS: Final[Mapping[type[Any], type[Any]]] = {
    models.BigIntegerField: scalars.EncryptedBigIntegerField,
    models.BinaryField: scalars.EncryptedBinaryField,
    models.BooleanField: scalars.EncryptedBooleanField,
    models.CharField: scalars.EncryptedCharField,
    models.DateField: scalars.EncryptedDateField,
    models.DateTimeField: scalars.EncryptedDateTimeField,
    models.DecimalField: scalars.EncryptedDecimalField,
    models.DurationField: scalars.EncryptedDurationField,
    models.EmailField: scalars.EncryptedEmailField,
    models.FloatField: scalars.EncryptedFloatField,
    models.GenericIPAddressField: scalars.EncryptedGenericIPAddressField,
    models.IntegerField: scalars.EncryptedIntegerField,
    models.JSONField: scalars.EncryptedJSONField,
    models.TextField: scalars.EncryptedTextField,
    models.TimeField: scalars.EncryptedTimeField,
    models.URLField: scalars.EncryptedURLField,
    models.UUIDField: scalars.EncryptedUUIDField,
}
