"""What the shop keeps."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from hauberk.django.fields import EncryptedTextField


class Customer(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    address = EncryptedTextField(blank=True, default="")

    def __str__(self) -> str:
        return str(self.user)


class Product(models.Model):
    name = models.CharField(max_length=100)
    price = models.DecimalField(max_digits=8, decimal_places=2)

    def __str__(self) -> str:
        return self.name


class Review(models.Model):
    """A review as it was written: it is sanitized where it is shown."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    html = models.TextField(max_length=10_000)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.author} on {self.product}"
