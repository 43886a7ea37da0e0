"""Model fields."""

from hauberk.django.fields.columns import EncryptedSubquery as EncryptedSubquery
from hauberk.django.fields.index import BlindIndexField as BlindIndexField
from hauberk.django.fields.index import BlindIndexSpec as BlindIndexSpec
from hauberk.django.fields.mixin import EncryptedFieldMixin as EncryptedFieldMixin
from hauberk.django.fields.queryset import EncryptedManager as EncryptedManager
from hauberk.django.fields.queryset import EncryptedQuerySet as EncryptedQuerySet
from hauberk.django.fields.queryset import (
    EncryptedQuerySetMixin as EncryptedQuerySetMixin,
)
from hauberk.django.fields.reading import plaintext_reads as plaintext_reads
from hauberk.django.fields.sanitized import SanitizedCharField as SanitizedCharField
from hauberk.django.fields.sanitized import SanitizedFieldMixin as SanitizedFieldMixin
from hauberk.django.fields.sanitized import SanitizedHtml as SanitizedHtml
from hauberk.django.fields.sanitized import SanitizedTextField as SanitizedTextField
from hauberk.django.fields.scalars import (
    EncryptedBigIntegerField as EncryptedBigIntegerField,
)
from hauberk.django.fields.scalars import EncryptedBinaryField as EncryptedBinaryField
from hauberk.django.fields.scalars import EncryptedBooleanField as EncryptedBooleanField
from hauberk.django.fields.scalars import EncryptedCharField as EncryptedCharField
from hauberk.django.fields.scalars import EncryptedDateField as EncryptedDateField
from hauberk.django.fields.scalars import (
    EncryptedDateTimeField as EncryptedDateTimeField,
)
from hauberk.django.fields.scalars import EncryptedDecimalField as EncryptedDecimalField
from hauberk.django.fields.scalars import (
    EncryptedDurationField as EncryptedDurationField,
)
from hauberk.django.fields.scalars import EncryptedEmailField as EncryptedEmailField
from hauberk.django.fields.scalars import EncryptedFloatField as EncryptedFloatField
from hauberk.django.fields.scalars import (
    EncryptedGenericIPAddressField as EncryptedGenericIPAddressField,
)
from hauberk.django.fields.scalars import EncryptedIntegerField as EncryptedIntegerField
from hauberk.django.fields.scalars import EncryptedJSONField as EncryptedJSONField
from hauberk.django.fields.scalars import EncryptedTextField as EncryptedTextField
from hauberk.django.fields.scalars import EncryptedTimeField as EncryptedTimeField
from hauberk.django.fields.scalars import EncryptedURLField as EncryptedURLField
from hauberk.django.fields.scalars import EncryptedUUIDField as EncryptedUUIDField
from hauberk.django.fields.wrap import encrypted as encrypted

__all__ = [
    "BlindIndexField",
    "BlindIndexSpec",
    "EncryptedBigIntegerField",
    "EncryptedBinaryField",
    "EncryptedBooleanField",
    "EncryptedCharField",
    "EncryptedDateField",
    "EncryptedDateTimeField",
    "EncryptedDecimalField",
    "EncryptedDurationField",
    "EncryptedEmailField",
    "EncryptedFieldMixin",
    "EncryptedFloatField",
    "EncryptedGenericIPAddressField",
    "EncryptedIntegerField",
    "EncryptedJSONField",
    "EncryptedManager",
    "EncryptedQuerySet",
    "EncryptedQuerySetMixin",
    "EncryptedSubquery",
    "EncryptedTextField",
    "EncryptedTimeField",
    "EncryptedURLField",
    "EncryptedUUIDField",
    "SanitizedCharField",
    "SanitizedFieldMixin",
    "SanitizedHtml",
    "SanitizedTextField",
    "encrypted",
    "plaintext_reads",
]
