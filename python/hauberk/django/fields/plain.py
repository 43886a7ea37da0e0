"""Django's fields for plain values, which are generic for type checkers only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

__all__ = [
    "BigIntegerField",
    "BinaryField",
    "BooleanField",
    "CharField",
    "DateField",
    "DateTimeField",
    "DecimalField",
    "DurationField",
    "EmailField",
    "FloatField",
    "GenericIPAddressField",
    "IntegerField",
    "JSONField",
    "TextField",
    "TimeField",
    "URLField",
    "UUIDField",
]

if TYPE_CHECKING:
    BigIntegerField = models.BigIntegerField[Any, Any]
    BinaryField = models.BinaryField[Any, Any]
    BooleanField = models.BooleanField[Any, Any]
    CharField = models.CharField[Any, Any]
    DateField = models.DateField[Any, Any]
    DateTimeField = models.DateTimeField[Any, Any]
    DecimalField = models.DecimalField[Any, Any]
    DurationField = models.DurationField[Any, Any]
    EmailField = models.EmailField[Any, Any]
    FloatField = models.FloatField[Any, Any]
    GenericIPAddressField = models.GenericIPAddressField[Any, Any]
    IntegerField = models.IntegerField[Any, Any]
    JSONField = models.JSONField
    TextField = models.TextField[Any, Any]
    TimeField = models.TimeField[Any, Any]
    URLField = models.URLField[Any, Any]
    UUIDField = models.UUIDField[Any, Any]
else:
    BigIntegerField = models.BigIntegerField
    BinaryField = models.BinaryField
    BooleanField = models.BooleanField
    CharField = models.CharField
    DateField = models.DateField
    DateTimeField = models.DateTimeField
    DecimalField = models.DecimalField
    DurationField = models.DurationField
    EmailField = models.EmailField
    FloatField = models.FloatField
    GenericIPAddressField = models.GenericIPAddressField
    IntegerField = models.IntegerField
    JSONField = models.JSONField
    TextField = models.TextField
    TimeField = models.TimeField
    URLField = models.URLField
    UUIDField = models.UUIDField
