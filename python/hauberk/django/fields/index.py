"""Blind indexes: a column beside the ciphertext that rows are found by.

The companion column holds an HMAC of the value. Equal values have equal indexes: who
sees the table sees which rows are equal and how often a value occurs, and no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import FieldError
from django.db.models import CharField, Field
from django.db.models.query_utils import DeferredAttribute

from hauberk.django.conf import settings
from hauberk.django.fields.statements import WrittenTogether
from hauberk.encryption import canonical
from hauberk.exceptions import HauberkError, InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    from hauberk.encryption import Keyring

    _Field = Field[Any, Any]
    _CharField = CharField[Any, Any]
else:
    _Field, _CharField = object, CharField

__all__ = ["BlindIndexField", "BlindIndexSpec", "Indexed", "one_form"]


@dataclass(frozen=True)
class BlindIndexSpec:
    """What a blind index is like.

    Args:
        bits: Its length, 1 to 256. From 128 on, rows that are found have the value;
            fewer hide how often a value occurs, and find rows of other values too.
        normalize: What makes values alike that shall find each other: `"casefold"`,
            `"email"`, `"digits"`, or a function of the module level with an attribute
            `label`, a name with a version such as `"phone/1"`.
        unique: Whether no two rows may have the same value; needs 128 bits.
        next_key: While the index's key is changed, the id of the new one: a second
            column holds the indexes under it.

    Raises:
        InvalidInputError: The bits are out of range, or too few to be unique.
    """

    bits: int = 128
    normalize: Literal["casefold", "digits", "email"] | Callable[[str], str] | None = (
        None
    )
    unique: bool = False
    next_key: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.bits <= _MAX_BITS:
            raise InvalidInputError("An index has 1 to 256 bits.")
        if self.unique and self.bits < _UNIQUE_BITS:
            raise InvalidInputError("A unique index needs at least 128 bits.")

    @property
    def length(self) -> int:
        """The characters of an index in hexadecimal."""
        return 2 * -(-self.bits // 8)

    @property
    def folds_case(self) -> bool:
        """Whether values that differ in case only find each other."""
        return self.normalize in ("casefold", "email")

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return how to make the index again, for migrations."""
        given = {
            one.name: getattr(self, one.name)
            for one in dataclass_fields(self)
            if getattr(self, one.name) != one.default
        }
        return "hauberk.django.fields.BlindIndexSpec", [], given

    def columns(self, name: str) -> tuple[str, ...]:
        """Return the names of the companion columns of a field."""
        rotating = (f"{name}{_NEXT}",) if self.next_key else ()
        return (f"{name}{_SUFFIX}", *rotating)


class BlindIndexField(WrittenTogether, _CharField):
    """The companion column of an encrypted field; it is written with the field.

    It is the index of the field whose name its own begins with, so that both can be
    renamed, unless another is given.

    Args:
        source: The name of the encrypted field.
    """

    def __init__(self, *args: Any, source: str | None = None, **kwargs: Any) -> None:
        self._source = source
        self.source: Any = source
        kwargs.setdefault("null", True)
        kwargs.update(editable=False, blank=True, serialize=False)
        super().__init__(*args, **kwargs)

    def contribute_to_class(
        self,
        cls: Any,
        name: str,
        private_only: bool = False,  # noqa: FBT001, FBT002 - Django's signature
    ) -> None:
        """Belong to a model, as an attribute that follows its source."""
        super().contribute_to_class(cls, name, private_only=private_only)
        suffix = _NEXT if name.endswith(_NEXT) else _SUFFIX
        self.source = self._source or name.removesuffix(suffix)
        setattr(cls, self.attname, _Computed(self))

    def pre_save(self, model_instance: Any, add: bool) -> Any:  # noqa: ARG002, FBT001
        """Return the index of what the source is now."""
        return getattr(model_instance, self.attname)

    def index_of(self, value: Any) -> str | None:
        """Return the index of a value of the source."""
        if value is None:
            return None
        source = self.source_field
        if hasattr(value, "resolve_expression"):
            raise FieldError(f"{source} has an index, which no expression can compute.")
        return self._index_of(source, source.written(value))

    def index_of_form(self, form: Any) -> str:
        """Return the index of the written form of a value."""
        return self._index_of(self.source_field, form)

    @property
    def source_field(self) -> Any:
        """The encrypted field."""
        return self.model._meta.get_field(self.source)  # noqa: SLF001 - public in effect

    def _index_of(self, source: Any, form: Any) -> str:
        form = one_form(source, form)
        key = source.index.next_key
        under = key if key and self.name in source.index_columns[1:] else None
        try:
            index: str = source.blind_index.compute(form, key_id=under)
        except Exception as error:  # noqa: BLE001 - a normaliser's is of any kind
            raise _without_value(source, error) from None
        return index

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Return how to make the field again."""
        name, _, args, kwargs = super().deconstruct()
        for option in ("editable", "blank", "serialize"):
            kwargs.pop(option, None)
        if self._source is not None:
            kwargs["source"] = self._source
        return name, "hauberk.django.fields.BlindIndexField", list(args), kwargs


class _Computed(DeferredAttribute):
    """The index of what an instance's source is, whatever was loaded or set."""

    field: Any

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        data, field = instance.__dict__, self.field
        source = field.source_field
        if source.attname in data:
            return field.index_of(getattr(instance, source.attname))
        if field.attname in data:
            return data[field.attname]
        return super().__get__(instance, cls)

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class Indexed(WrittenTogether, _Field):
    """What an encrypted field with an index can do."""

    def contribute_index(self, cls: Any) -> None:
        """Give the model the companion columns, unless they are declared already.

        A migration declares them itself.
        """
        field: Any = self
        if field.index_declared or cls._meta.abstract:
            return
        spec: BlindIndexSpec = field.index
        for column in spec.columns(field.name):
            companion = BlindIndexField(
                max_length=spec.length,
                unique=spec.unique,
                db_index=not spec.unique,
            )
            cls.add_to_class(column, companion)
        field.index_declared = True

    @property
    def index_columns(self) -> tuple[str, ...]:
        """The names of the companion columns."""
        field: Any = self
        return field.index.columns(field.name) if field.index else ()

    @property
    def index_fields(self) -> list[BlindIndexField]:
        """The companion columns that there are; a migration may be about to add one."""
        field: Any = self
        if not field.index:
            return []
        return [
            one
            for one in field.model._meta.local_fields  # noqa: SLF001 - public in effect
            if isinstance(one, BlindIndexField) and one.source == field.name
        ]

    @property
    def index_field(self) -> BlindIndexField:
        """The companion column that rows are found by."""
        for one in self.index_fields:
            return one
        raise FieldError(f"{self} has no column of its index yet.")

    @property
    def blind_index(self) -> Any:
        """The index's keys, derived again when the settings change."""
        field: Any = self
        # Its keyrings stay with a settings object, so that it stands for them.
        current = settings()
        cached = field.__dict__.get("_blind_index")
        if cached is None or cached[0] is not current:
            keyring = current.keyring(field.keyring)
            index = self._index_of_bits(keyring, field.index.bits)
            cached = field.__dict__["_blind_index"] = (current, index)
        return cached[1]

    @property
    def whole_index(self) -> Any:
        """The index at its full length: what tells apart what a short one does not."""
        field: Any = self
        return self._index_of_bits(settings().keyring(field.keyring), _MAX_BITS)

    def _index_of_bits(self, keyring: Keyring, bits: int) -> Any:
        field: Any = self
        spec: BlindIndexSpec = field.index
        return keyring.blind_index(field.context, bits=bits, normalize=spec.normalize)

    def index_variants(self, value: Any) -> list[str]:
        """Return the indexes that rows of a value may have, under any key in use."""
        field: Any = self
        form = one_form(field, field.written(value))
        try:
            variants: list[str] = field.blind_index.variants(form)
        except Exception as error:  # noqa: BLE001 - a normaliser's is of any kind
            raise _without_value(field, error) from None
        return variants

    def variants(self, value: Any) -> list[Any]:
        """Return the deterministic ciphertexts that rows of a value may have."""
        field: Any = self
        forms = {field.written(value)}
        if field.canonical is canonical.FLOAT and forms & _ZEROS:
            forms |= _ZEROS
        return [sealed for form in forms for sealed in field.wire.variants(form)]


def _without_value(field: Any, error: Exception) -> Exception:
    """Return an error that does not show what somebody's normaliser was given."""
    if isinstance(error, HauberkError):
        return error
    return ValueError(f"The normaliser of {field} failed.")


def one_form(field: Any, form: Any) -> Any:
    """Return the one written form of equal values: -0.0 is 0.0."""
    zero = field.canonical is canonical.FLOAT and form in _ZEROS
    return "0.0" if zero else form


_ZEROS: Final = frozenset(("0.0", "-0.0"))
_SUFFIX: Final = "_bidx"
_NEXT: Final = "_bidx_next"
_MAX_BITS: Final = 256
_UNIQUE_BITS: Final = 128
