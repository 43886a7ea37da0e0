"""Model fields whose columns hold ciphertexts.

```python
class Order(models.Model):
    address = EncryptedTextField()
```

The column is text; the attribute is the plaintext. NULL stays NULL, and "" is encrypted
like any other value. Each column has a key of its own, derived from the keyring and
the field's *context*, so a ciphertext copied into another column does not open.

The context is `"app_label.Model.field"` unless it is given, and it is written into
migrations. **Before renaming a field or its model, give it the old context**:
`EncryptedTextField(context="shop.Order.address")`, or the old values do not open.

What is encrypted cannot be searched or sorted: equal values have different ciphertexts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from django.core import checks
from django.core.exceptions import FieldError
from django.db.models import (
    Case,
    CharField,
    Field,
    TextField,
    Value,
    lookups,
)
from django.db.models.functions import Cast

from hauberk.django.conf import settings

if TYPE_CHECKING:
    from hauberk.encryption import Cipher, Keyring

__all__ = ["EncryptedCharField", "EncryptedFieldMixin", "EncryptedTextField"]


if TYPE_CHECKING:
    _Field = Field[Any, Any]
    _CharField = CharField[Any, Any]
    _TextField = TextField[Any, Any]
else:
    _Field, _CharField, _TextField = Field, CharField, TextField


class EncryptedFieldMixin(_Field):
    """What the encrypted fields have in common.

    Args:
        context: What separates this column's key from every other's; the default is
            `"app_label.Model.field"`.
        keyring: A name in the setting `HAUBERK["KEYRINGS"]`.
    """

    def __init__(
        self,
        *args: Any,
        context: str | None = None,
        keyring: str = "default",
        **kwargs: Any,
    ) -> None:
        self._context = context
        self.keyring = keyring
        self._cached: tuple[Keyring, Cipher] | None = None
        super().__init__(*args, **kwargs)

    # -- what is stored ----------------------------------------------------------------

    def get_internal_type(self) -> str:
        """Return the type whose column is used: a ciphertext has no useful bound."""
        return "TextField"

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Return the ciphertext of a value; refuse what would store plaintext."""
        if hasattr(value, "as_sql"):
            self._check_expression(value)
            return value
        return self.get_db_prep_value(value, connection)

    def get_db_prep_value(
        self,
        value: Any,
        connection: Any,  # noqa: ARG002 - Django's signature
        prepared: bool = False,  # noqa: FBT001, FBT002
    ) -> Any:
        """Return the ciphertext of a value, and None of None."""
        if not prepared:
            value = self.get_prep_value(value)
        return None if value is None else self.cipher.encrypt_text(value)

    def from_db_value(
        self,
        value: str | None,
        expression: Any,  # noqa: ARG002 - Django's signature
        connection: Any,  # noqa: ARG002
    ) -> str | None:
        """Return the plaintext of a column's value."""
        return None if value is None else self.cipher.decrypt_text(value)

    @property
    def context(self) -> str:
        """What separates this column's key from every other's."""
        if self._context is not None:
            return self._context
        return f"{self.model._meta.label}.{self.name}"  # noqa: SLF001 - public in effect

    @property
    def cipher(self) -> Cipher:
        """The column's cipher, derived again when the settings change."""
        keyring = settings().keyring(self.keyring)
        cached = self._cached
        if cached is None or cached[0] is not keyring:
            cached = self._cached = (keyring, keyring.cipher(self.context))
        return cached[1]

    def contribute_to_class(
        self,
        cls: Any,
        name: str,
        private_only: bool = False,  # noqa: FBT001, FBT002 - Django's signature
    ) -> None:
        """Belong to a model, whose label is part of the default context."""
        self._cached = None
        super().contribute_to_class(cls, name, private_only=private_only)

    # -- what cannot be done with it ---------------------------------------------------

    def get_lookup(self, lookup_name: str) -> Any:
        """Return the lookups that make sense: whether there is a value at all."""
        if lookup_name == "isnull":
            return lookups.IsNull
        if lookup_name == "exact":
            return _OnlyNull
        return self._refuse_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> NoReturn:
        """Refuse: there is nothing to be computed from a ciphertext."""
        self._refuse_lookup(lookup_name)

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Refuse options that compare ciphertexts, or that store plaintext."""
        return [*super().check(**kwargs), *self._check_options()]

    def _check_options(self) -> list[checks.CheckMessage]:
        useless = [
            option
            for option in ("primary_key", "unique", "db_index")
            if getattr(self, option, False)
        ]
        useless += [
            option
            for option in ("unique_for_date", "unique_for_month", "unique_for_year")
            if getattr(self, option, None)
        ]
        if self.has_db_default():
            useless.append("db_default")
        return [
            checks.Error(
                f"An encrypted field cannot have {option}.",
                hint="Equal values have different ciphertexts, and the database must "
                "not see the plaintext.",
                obj=self,
                id="hauberk.E002",
            )
            for option in useless
        ]

    def _refuse_lookup(self, lookup_name: str) -> NoReturn:
        message = (
            f"{self} is encrypted and cannot be looked up by {lookup_name!r}: equal "
            "values have different ciphertexts. Only isnull works; to find a row by a "
            "value, keep a blind index of it."
        )
        raise FieldError(message)

    def _check_expression(self, expression: Any) -> None:
        """Accept what `bulk_update()` builds, whose values this field encrypts itself.

        Any other expression would be computed from plaintext by the database, or move
        a ciphertext to where it does not open.
        """
        for source in _values(expression):
            plaintext = isinstance(source, Value) and source.value is not None
            its_field = getattr(source, "_output_field_or_none", None)
            if not isinstance(source, Value) or (
                plaintext and not self._encrypts_alike(its_field)
            ):
                message = (
                    f"{self} is encrypted and cannot be set to an expression; assign a "
                    "value, or use Value(..., output_field=<the field>)."
                )
                raise FieldError(message)

    def _encrypts_alike(self, other: Any) -> bool:
        return (
            isinstance(other, EncryptedFieldMixin)
            and (other is self or hasattr(other, "model"))
            and (other.context, other.keyring) == (self.context, self.keyring)
        )

    # -- migrations --------------------------------------------------------------------

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Return how to make the field again, with its context."""
        name, path, args, kwargs = super().deconstruct()
        if self._context is not None or hasattr(self, "model"):
            kwargs["context"] = self.context
        if self.keyring != "default":
            kwargs["keyring"] = self.keyring
        # Migrations name the public module, whatever this one is called.
        path = path.replace(f"{__name__}.", f"{__package__}.")
        return name, path, list(args), kwargs


class EncryptedTextField(EncryptedFieldMixin, _TextField):
    """A `TextField` whose column holds ciphertexts: see the module."""


class EncryptedCharField(EncryptedFieldMixin, _CharField):
    """A `CharField` whose column holds ciphertexts: see the module.

    `max_length` bounds the plaintext when it is validated. The column is text without a
    bound.
    """


class _OnlyNull(lookups.Exact):
    """Compares with None, which Django turns into `isnull`, and with nothing else."""

    def __init__(self, lhs: Any, rhs: Any) -> None:
        if rhs is not None:
            lhs.output_field._refuse_lookup("exact")  # noqa: SLF001 - the same module
        super().__init__(lhs, rhs)


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
