"""Models with encrypted fields."""

from __future__ import annotations

from django.db import models

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
