"""Models with encrypted fields."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from hauberk.django import fields
from hauberk.django.fields import EncryptedCharField, EncryptedTextField


class Record(models.Model):
    """A row with a column of each kind."""

    label = models.CharField(max_length=40)
    note = EncryptedTextField(null=True)
    title = EncryptedCharField(max_length=20, default="untitled", blank=True)

    class Meta:
        """Named, because importlib mode gives the package a long name."""

        app_label = "records"

    def __str__(self) -> str:
        return self.label


class Sample(models.Model):
    """A column of each type, as text."""

    text = fields.EncryptedTextField(null=True)
    char = fields.EncryptedCharField(max_length=20, null=True)
    email = fields.EncryptedEmailField(null=True)
    url = fields.EncryptedURLField(null=True)
    integer = fields.EncryptedIntegerField(null=True)
    big = fields.EncryptedBigIntegerField(null=True)
    decimal = fields.EncryptedDecimalField(max_digits=9, decimal_places=2, null=True)
    number = fields.EncryptedFloatField(null=True)
    flag = fields.EncryptedBooleanField(null=True)
    day = fields.EncryptedDateField(null=True)
    moment = fields.EncryptedDateTimeField(null=True)
    clock = fields.EncryptedTimeField(null=True)
    duration = fields.EncryptedDurationField(null=True)
    uuid = fields.EncryptedUUIDField(null=True)
    document = fields.EncryptedJSONField(null=True)
    data = fields.EncryptedBinaryField(null=True)
    address = fields.EncryptedGenericIPAddressField(null=True)
    slug = fields.encrypted(models.SlugField(max_length=20, null=True))
    count = fields.encrypted(models.PositiveSmallIntegerField(null=True))

    class Meta:
        """Named, because importlib mode gives the package a long name."""

        app_label = "records"

    def __str__(self) -> str:
        return str(self.pk)


class Octets(models.Model):
    """The same in columns of bytes, where that makes a difference."""

    text = fields.EncryptedTextField(storage="binary", null=True)
    integer = fields.EncryptedIntegerField(storage="binary", null=True)
    uuid = fields.EncryptedUUIDField(storage="binary", null=True)
    data = fields.EncryptedBinaryField(storage="binary", null=True)
    email = fields.EncryptedEmailField(
        storage="binary", null=True, index=fields.BlindIndexSpec(unique=True)
    )

    class Meta:
        """Named, because importlib mode gives the package a long name."""

        app_label = "records"

    def __str__(self) -> str:
        return str(self.pk)


class Person(models.Model):
    """Somebody who is found by an encrypted address."""

    name = models.CharField(max_length=40, default="")
    email = fields.EncryptedEmailField(
        null=True,
        index=fields.BlindIndexSpec(normalize="email", unique=True),
    )
    phone = fields.EncryptedCharField(
        max_length=30,
        default="",
        blank=True,
        index=fields.BlindIndexSpec(normalize="digits"),
    )
    born = fields.EncryptedIntegerField(null=True, index=fields.BlindIndexSpec(bits=4))
    friend = models.ForeignKey("self", on_delete=models.SET_NULL, null=True)

    objects = fields.EncryptedQuerySet.as_manager()
    plain = models.Manager()  # noqa: DJ012 - a second manager

    class Meta:
        """Named, because importlib mode gives the package a long name."""

        app_label = "records"

    def __str__(self) -> str:
        return self.name


class Account(models.Model):
    """Numbers that the database compares."""

    number = fields.EncryptedCharField(
        max_length=34, deterministic=True, unique=True, null=True
    )
    token = fields.EncryptedUUIDField(deterministic=True, storage="binary", null=True)

    class Meta:
        """Named, because importlib mode gives the package a long name."""

        app_label = "records"

    def __str__(self) -> str:
        return str(self.pk)


class Letter(models.Model):
    """A text that belongs to its row."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    name = models.CharField(max_length=40, default="")
    body = fields.EncryptedTextField(bind="pk", null=True)
    weight = fields.EncryptedIntegerField(bind="pk", storage="binary", null=True)

    class Meta:
        """Named, because importlib mode gives the package a long name."""

        app_label = "records"

    def __str__(self) -> str:
        return self.name


class Legacy(models.Model):
    """A table that is still being encrypted."""

    note = fields.EncryptedTextField(null=True, allow_plaintext=True)
    flag = fields.EncryptedBooleanField(null=True, allow_plaintext=True)
    moment = fields.EncryptedDateTimeField(null=True, allow_plaintext=True)
    duration = fields.EncryptedDurationField(null=True, allow_plaintext=True)
    document = fields.EncryptedJSONField(null=True, allow_plaintext=True)

    class Meta:
        """Named, because importlib mode gives the package a long name."""

        app_label = "records"

    def __str__(self) -> str:
        return str(self.pk)


class Line(models.Model):
    """A row with a key of two columns."""

    pk = models.CompositePrimaryKey("shop", "code")
    shop = models.IntegerField()
    code = models.CharField(max_length=10)
    note = fields.EncryptedTextField(null=True)
    email = fields.EncryptedEmailField(
        null=True, index=fields.BlindIndexSpec(unique=True)
    )

    objects = fields.EncryptedQuerySet.as_manager()

    class Meta:
        """Named, because importlib mode gives the package a long name."""

        app_label = "records"

    def __str__(self) -> str:
        return str(self.pk)
