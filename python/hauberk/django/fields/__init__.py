"""Model fields."""

from hauberk.django.fields.encrypted import EncryptedCharField as EncryptedCharField
from hauberk.django.fields.encrypted import EncryptedFieldMixin as EncryptedFieldMixin
from hauberk.django.fields.encrypted import EncryptedTextField as EncryptedTextField
from hauberk.django.fields.sanitized import SanitizedCharField as SanitizedCharField
from hauberk.django.fields.sanitized import SanitizedFieldMixin as SanitizedFieldMixin
from hauberk.django.fields.sanitized import SanitizedHtml as SanitizedHtml
from hauberk.django.fields.sanitized import SanitizedTextField as SanitizedTextField

__all__ = [
    "EncryptedCharField",
    "EncryptedFieldMixin",
    "EncryptedTextField",
    "SanitizedCharField",
    "SanitizedFieldMixin",
    "SanitizedHtml",
    "SanitizedTextField",
]
