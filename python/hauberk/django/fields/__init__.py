"""Model fields."""

from hauberk.django.fields.encrypted import EncryptedCharField as EncryptedCharField
from hauberk.django.fields.encrypted import EncryptedFieldMixin as EncryptedFieldMixin
from hauberk.django.fields.encrypted import EncryptedTextField as EncryptedTextField

__all__ = ["EncryptedCharField", "EncryptedFieldMixin", "EncryptedTextField"]
