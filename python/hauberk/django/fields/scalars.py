"""The encrypted twin of each of Django's fields for plain values."""

from __future__ import annotations

import json
import math
import uuid
from datetime import datetime, timedelta
from decimal import Context, Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings as django_settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.utils import format_number
from django.utils import timezone
from django.utils.dateparse import parse_duration

from hauberk.django.fields import plain
from hauberk.django.fields.mixin import EncryptedFieldMixin
from hauberk.django.fields.reading import postgres_bytes
from hauberk.encryption import canonical

if TYPE_CHECKING:
    from hauberk.encryption.canonical import Canonical

__all__ = [
    "EncryptedBigIntegerField",
    "EncryptedBinaryField",
    "EncryptedBooleanField",
    "EncryptedCharField",
    "EncryptedDateField",
    "EncryptedDateTimeField",
    "EncryptedDecimalField",
    "EncryptedDurationField",
    "EncryptedEmailField",
    "EncryptedFloatField",
    "EncryptedGenericIPAddressField",
    "EncryptedIntegerField",
    "EncryptedJSONField",
    "EncryptedTextField",
    "EncryptedTimeField",
    "EncryptedURLField",
    "EncryptedUUIDField",
]


class EncryptedTextField(EncryptedFieldMixin, plain.TextField):
    """A `TextField` whose column holds ciphertexts."""


class EncryptedCharField(EncryptedFieldMixin, plain.CharField):
    """A `CharField` whose column holds ciphertexts.

    `max_length` bounds the plaintext when it is validated; the column has no bound.
    """


class EncryptedEmailField(EncryptedFieldMixin, plain.EmailField):
    """An `EmailField` whose column holds ciphertexts."""


class EncryptedURLField(EncryptedFieldMixin, plain.URLField):
    """A `URLField` whose column holds ciphertexts."""


class AddressMixin(EncryptedFieldMixin):
    """Addresses of hosts."""

    def from_plaintext(self, value: Any, connection: Any) -> Any:  # noqa: ARG002
        """Read an address, to which PostgreSQL adds the length of the network."""
        address, _, length = str(value).partition("/")
        if length and length != ("128" if ":" in address else "32"):
            raise ValueError
        return self.to_python(address)


class EncryptedGenericIPAddressField(AddressMixin, plain.GenericIPAddressField):
    """A `GenericIPAddressField` whose column holds ciphertexts."""


class IntegerMixin(EncryptedFieldMixin):
    """Whole numbers, in the range of Django's field."""

    canonical = canonical.INTEGER

    @cached_property
    def validators(self) -> list[Any]:
        """The field's own, and the range that its column would have had."""
        # What the plain field says, past the mixin, whose column is text.
        kind = super(EncryptedFieldMixin, self).get_internal_type()
        bounds = BaseDatabaseOperations.integer_field_ranges.get(kind)
        field: Any = self
        ours = [*field.default_validators, *field._validators]  # noqa: SLF001 - its own
        if bounds is None:
            return ours
        return [*ours, MinValueValidator(bounds[0]), MaxValueValidator(bounds[1])]


class EncryptedIntegerField(IntegerMixin, plain.IntegerField):
    """An `IntegerField` whose column holds ciphertexts."""


class EncryptedBigIntegerField(IntegerMixin, plain.BigIntegerField):
    """A `BigIntegerField` whose column holds ciphertexts."""


class BooleanMixin(EncryptedFieldMixin):
    """True or False."""

    canonical = canonical.BOOLEAN

    def from_plaintext(self, value: Any, connection: Any) -> Any:  # noqa: ARG002
        """Read what databases make of a boolean when its column becomes text."""
        if isinstance(value, str):
            value = value.capitalize()
        return self.to_python(value)


class EncryptedBooleanField(BooleanMixin, plain.BooleanField):
    """A `BooleanField` whose column holds ciphertexts."""


class FloatMixin(EncryptedFieldMixin):
    """Floating point numbers."""

    canonical = canonical.FLOAT


class EncryptedFloatField(FloatMixin, plain.FloatField):
    """A `FloatField` whose column holds ciphertexts."""


class DecimalMixin(EncryptedFieldMixin):
    """Decimal numbers, with as many digits as the field has."""

    canonical = canonical.DECIMAL

    def to_canonical(self, value: Decimal) -> str:
        """Return the text of a number, rounded as a database would."""
        field: Any = self
        return str(format_number(value, field.max_digits, field.decimal_places))

    def to_python(self, value: Any) -> Any:
        """Return a number; of a float as many digits as the field has.

        Django keeps a decimal context where an encrypted field has its own context.
        """
        field: Any = self
        if isinstance(value, float) and math.isfinite(value):
            value = Context(prec=field.max_digits).create_decimal_from_float(value)
        return super().to_python(value)


class EncryptedDecimalField(DecimalMixin, plain.DecimalField):  # type: ignore[misc]
    """A `DecimalField` whose column holds ciphertexts."""


class DateMixin(EncryptedFieldMixin):
    """Dates."""

    canonical = canonical.DATE


class EncryptedDateField(DateMixin, plain.DateField):  # type: ignore[misc]
    """A `DateField` whose column holds ciphertexts."""


class TimeMixin(EncryptedFieldMixin):
    """Times of the day."""

    canonical = canonical.TIME


class EncryptedTimeField(TimeMixin, plain.TimeField):
    """A `TimeField` whose column holds ciphertexts."""


class DateTimeMixin(EncryptedFieldMixin):
    """Moments, in UTC where they have a time zone."""

    canonical = canonical.DATETIME

    def from_canonical(self, form: Any) -> datetime:
        """Return a moment with or without a time zone, as `USE_TZ` asks."""
        value: datetime = super().from_canonical(form)
        if django_settings.USE_TZ or timezone.is_naive(value):
            return value
        return timezone.make_naive(value)

    def from_plaintext(self, value: Any, connection: Any) -> Any:
        """Read a moment as the connection has stored it."""
        moment = self.to_python(value)
        if moment and django_settings.USE_TZ and timezone.is_naive(moment):
            return timezone.make_aware(moment, connection.timezone)
        return moment


class EncryptedDateTimeField(DateTimeMixin, plain.DateTimeField):  # type: ignore[misc]
    """A `DateTimeField` whose column holds ciphertexts."""


class DurationMixin(EncryptedFieldMixin):
    """Lengths of time."""

    canonical = canonical.DURATION

    def from_plaintext(self, value: Any, connection: Any) -> Any:  # noqa: ARG002
        """Read microseconds, or PostgreSQL's text of an interval."""
        text = str(value)
        if text.lstrip("-").isdecimal():
            return timedelta(microseconds=int(text))
        duration = parse_duration(text) if isinstance(value, str) else value
        if duration is None:
            raise ValueError
        return duration


class EncryptedDurationField(DurationMixin, plain.DurationField):
    """A `DurationField` whose column holds ciphertexts."""


class UUIDMixin(EncryptedFieldMixin):
    """Universally unique identifiers."""

    canonical = canonical.UUID

    def to_canonical(self, value: Any) -> bytes:
        """Return the sixteen bytes of an identifier."""
        return (value if isinstance(value, uuid.UUID) else uuid.UUID(value)).bytes


class EncryptedUUIDField(UUIDMixin, plain.UUIDField):
    """A `UUIDField` whose column holds ciphertexts."""


class JSONMixin(EncryptedFieldMixin):
    """Values of JSON, as the field's encoder writes them; None is NULL."""

    indexable = False

    @cached_property
    def canonical(self) -> Canonical:  # type: ignore[override]
        """The form of JSON under the field's encoder and decoder."""
        field: Any = self
        return canonical.json_text(field.encoder, field.decoder)

    def from_plaintext(self, value: Any, connection: Any) -> Any:  # noqa: ARG002
        """Read JSON as text, or as the driver has read it."""
        field: Any = self
        return json.loads(value, cls=field.decoder) if isinstance(value, str) else value


class EncryptedJSONField(JSONMixin, plain.JSONField):
    """A `JSONField` whose column holds ciphertexts."""


class BinaryMixin(EncryptedFieldMixin):
    """Bytes."""

    canonical = canonical.BYTES

    def from_plaintext(self, value: Any, connection: Any) -> Any:
        """Read bytes as the driver gives them, or PostgreSQL's text of them."""
        if isinstance(value, str):
            value = postgres_bytes(value, connection)
        return value.encode() if isinstance(value, str) else bytes(value)


class EncryptedBinaryField(BinaryMixin, plain.BinaryField):
    """A `BinaryField` whose column holds ciphertexts."""
