"""What the encrypted fields have in common: options, keys, writing, reading.

```python
class Customer(models.Model):
    address = EncryptedTextField()
    email = EncryptedEmailField(index=BlindIndexSpec(normalize="email", unique=True))

    objects = EncryptedQuerySet.as_manager()
```

The column is text; the attribute is the plaintext, with its type. NULL stays NULL, and
"", 0 and False are encrypted like any other value. Each column has a key of its own,
derived from the keyring and the field's *context*, so a ciphertext copied into another
column does not open.

The context is `"app_label.Model.field"` unless it is given, and it is written into
migrations. **Before renaming a field or its model, give it the old context**:
`EncryptedTextField(context="shop.Order.address")`, or the old values do not open.

What is encrypted cannot be sorted or computed with, and is found through a blind index
only. What cannot work is a system check or a `FieldError`, before any SQL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from django.db.models import CharField, Field, TextField

from hauberk.django.conf import settings
from hauberk.django.fields import bind as binding
from hauberk.django.fields import dump, models, reading
from hauberk.django.fields.columns import EncryptedCol
from hauberk.django.fields.expressions import adopted, check_expression
from hauberk.django.fields.index import BlindIndexSpec, Indexed
from hauberk.django.fields.lookups import Searchable
from hauberk.django.fields.options import Checked
from hauberk.django.fields.queries import guarded
from hauberk.encryption import canonical
from hauberk.encryption.wire import Wire
from hauberk.exceptions import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hauberk.conf import Settings
    from hauberk.encryption.canonical import Canonical
    from hauberk.encryption.readers import Reader

    _Field = Field[Any, Any]
else:
    _Field = Field

__all__ = ["EncryptedFieldMixin"]


class EncryptedFieldMixin(Indexed, Searchable, Checked, _Field):
    """What the encrypted fields have in common.

    Args:
        context: What separates this column's key from every other's; the default is
            `"app_label.Model.field"`. It is written into migrations.
        keyring: A name in the setting `HAUBERK["KEYRINGS"]`.
        storage: `"text"` for a text column, `"binary"` for one of bytes, which takes a
            quarter less room.
        index: A blind index, so that rows can be found by the value.
        index_declared: Whether the model declares the index's columns itself, as
            migrations do.
        deterministic: Equal values have equal ciphertexts, which the database can
            compare; for tables that have no room for an index.
        bind: `"pk"` if a ciphertext shall open in its own row alone.
        previous: Readers of other packages' ciphertexts, tried in order on what is not
            ours; they do not stand in migrations.
        allow_plaintext: Whether what does not look encrypted is read as it is, counted
            and logged; only for the time of a migration.
    """

    #: How a value is written down before it is encrypted.
    canonical: Canonical = canonical.TEXT

    def __init__(  # noqa: PLR0913 - one for each column of the table in the docs
        self,
        *args: Any,
        context: str | None = None,
        keyring: str = "default",
        storage: Literal["text", "binary"] = "text",
        index: BlindIndexSpec | None = None,
        index_declared: bool = False,
        deterministic: bool = False,
        bind: Literal["pk"] | None = None,
        previous: Sequence[Reader] = (),
        allow_plaintext: bool = False,
        **kwargs: Any,
    ) -> None:
        if storage not in ("text", "binary"):
            raise InvalidInputError("storage is 'text' or 'binary'.")
        if bind not in (None, "pk"):
            raise InvalidInputError("bind is 'pk' or None.")
        self._context = context
        self.keyring = keyring
        self.storage = storage
        self.index = index
        self.index_declared = index_declared
        self.deterministic = deterministic
        self.bind = bind
        self.previous = tuple(previous)
        self.allow_plaintext = allow_plaintext
        self._wire: tuple[Settings, Wire] | None = None
        super().__init__(*args, **kwargs)
        #: Whether a str is its own written form, as most are, and is stored as text.
        self._takes_text = takes_text_as_it_is(self)
        self._is_text = storage == "text" and not bind and self._takes_text

    # -- the column --------------------------------------------------------------------

    def get_internal_type(self) -> str:
        """Return the type whose column is used: a ciphertext has no useful bound."""
        return "TextField" if self.storage == "text" else "BinaryField"

    def get_col(self, alias: str, output_field: Any = None) -> Any:
        """Return the column as an expression that nothing can be computed from."""
        if output_field is None or output_field is self:
            return EncryptedCol(alias, self)
        return EncryptedCol(alias, self, output_field)

    @property
    def cached_col(self) -> Any:
        """The column under the name of its table."""
        return EncryptedCol(self.model._meta.db_table, self)  # noqa: SLF001 - public in effect

    # -- writing -----------------------------------------------------------------------

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Return the ciphertext of a value; refuse what would store plaintext."""
        if self._is_text and type(value) is str:
            # What the rest would come to; half the cost of writing a row is calls.
            return self.wire.seal(value)
        if hasattr(value, "as_sql"):
            expression = adopted(self, value)
            check_expression(self, expression)
            return expression
        return self.get_db_prep_value(value, connection)

    def get_db_prep_value(
        self,
        value: Any,
        connection: Any,
        prepared: bool = False,  # noqa: FBT001, FBT002 - Django's signature
    ) -> Any:
        """Return the ciphertext of a value, and None of None."""
        if value is None:
            return None
        if self.bind:
            sealed = binding.stored(self, value)
        else:
            sealed = self.wire.seal(self.written(value, prepared=prepared))
        return sealed if self.storage == "text" else connection.Database.Binary(sealed)

    def written(self, value: Any, *, prepared: bool = False) -> Any:
        """Return what is encrypted of a value: str or bytes.

        Raises:
            TypeError: The value is of a wrong type; the message does not show it.
            ValueError: As well.
        """
        if self._takes_text and type(value) is str:
            return value
        if isinstance(value, str | bytes) and not value:
            value = self._empty(value)
        try:
            return self.to_canonical(value if prepared else self.get_prep_value(value))
        except (TypeError, ValueError, ArithmeticError, AttributeError) as error:
            kind = TypeError if isinstance(error, TypeError) else ValueError
            message = f"{self} was given a value that it cannot hold."
            raise kind(message) from None

    def _empty(self, value: str | bytes) -> str | bytes:
        """Return what is empty in this field.

        Where a column is added, Django takes what is empty in the column for it.
        """
        if self.canonical is canonical.BYTES:
            return b""
        return value if self.canonical.binary else ""

    def to_canonical(self, value: Any) -> Any:
        """Return the written form of a value of the right type."""
        return self.canonical.encode(value)

    # -- reading -----------------------------------------------------------------------

    def column_converters(
        self, connection: Any
    ) -> list[Callable[[Any, Any, Any], Any]]:
        """Return what makes a value of the column's content, looked up once a query."""
        if self.bind:
            return [binding.Sealed.of_column]
        return [reading.converter(self, connection)]

    def get_db_converters(
        self, connection: Any
    ) -> list[Callable[[Any, Any, Any], Any]]:
        """Return what makes a value of an expression that has this field's type."""
        (convert,) = self.column_converters(connection)
        return [guarded(self, convert)]

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return the value of a column's content."""
        (convert,) = self.column_converters(connection)
        return convert(value, expression, connection)

    def from_canonical(self, form: Any) -> Any:
        """Return the value of a written form."""
        return self.canonical.decode(form)

    def from_plaintext(self, value: Any, connection: Any) -> Any:  # noqa: ARG002
        """Return the value of what the column held before it was encrypted."""
        return self.to_python(value)

    def to_python(self, value: Any) -> Any:
        """Return a value of the right type; a ciphertext only in a fixture is one."""
        if dump.LOADING.get():
            opened = dump.load(self, value)
            if opened is not value:
                return opened
        return super().to_python(value)

    # -- keys --------------------------------------------------------------------------

    @property
    def context(self) -> str:
        """What separates this column's key from every other's."""
        if self._context is not None:
            return self._context
        return f"{self.model._meta.label}.{self.name}"  # noqa: SLF001 - public in effect

    @property
    def wire(self) -> Wire:
        """The column's cipher, derived again when the settings change."""
        # Its keyrings stay with a settings object, so that it stands for them.
        current = settings()
        cached = self._wire
        if cached is None or cached[0] is not current:
            keyring = current.keyring(self.keyring)
            cached = self._wire = (current, Wire.of(self, keyring))
        return cached[1]

    # -- belonging to a model ----------------------------------------------------------

    def contribute_to_class(
        self,
        cls: Any,
        name: str,
        private_only: bool = False,  # noqa: FBT001, FBT002 - Django's signature
    ) -> None:
        """Belong to a model, whose label is part of the default context."""
        self._wire = None
        super().contribute_to_class(cls, name, private_only=private_only)
        if self.bind:
            binding.attach(self, cls)
        if self.index:
            self.contribute_index(cls)
            models.attach(cls)

    def value_from_object(self, obj: Any) -> Any:
        """Return the value; its ciphertext while a fixture is written."""
        value = super().value_from_object(obj)
        if value is not None and dump.DUMPING.get():
            return dump.dumped(self, value, obj)
        return value

    def value_to_string(self, obj: Any) -> Any:
        """Return what stands in a fixture: the ciphertext, unless a setting differs."""
        value = super().value_from_object(obj)
        return "" if value is None else dump.dumped_text(self, value, obj)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Return how to make the field again, with its context.

        Without `previous`, whose readers hold keys: a migration is no place for them.
        """
        name, path, args, kwargs = super().deconstruct()
        if self._context is not None or hasattr(self, "model"):
            kwargs["context"] = self.context
        for option, default in _DEFAULTS.items():
            value = getattr(self, option)
            if value != default:
                kwargs[option] = value
        # Migrations name the public module, whatever the one of the class is called.
        package = __name__.rpartition(".")[0]
        if path.startswith(f"{package}."):
            path = f"{package}.{path.rpartition('.')[2]}"
        return name, path, list(args), kwargs


def takes_text_as_it_is(field: Any) -> bool:
    """Return whether a field neither changes nor refuses a str that is to be saved."""
    return (
        field.canonical is canonical.TEXT
        and type(field).to_canonical is EncryptedFieldMixin.to_canonical
        and type(field).to_python is EncryptedFieldMixin.to_python
        and super(EncryptedFieldMixin, type(field)).to_python in _AS_IT_IS
        and type(field).get_prep_value in _AS_IT_IS
    )


_AS_IT_IS: Any = (
    CharField.get_prep_value,
    CharField.to_python,
    TextField.get_prep_value,
    TextField.to_python,
)

_DEFAULTS: dict[str, Any] = {
    "keyring": "default",
    "storage": "text",
    "index": None,
    "index_declared": False,
    "deterministic": False,
    "bind": None,
    "allow_plaintext": False,
}
