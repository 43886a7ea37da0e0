"""A model of what users wrote as HTML."""

from __future__ import annotations

from django.db import models

from hauberk.django.fields import SanitizedCharField, SanitizedTextField


class Review(models.Model):
    """A row with a column of each kind."""

    body = SanitizedTextField(null=True, blank=True, policy="article")
    headline = SanitizedCharField(max_length=60, blank=True)
    summary = SanitizedTextField(blank=True, on="clean")

    class Meta:
        """Named, because importlib mode gives the package a long name."""

        app_label = "reviews"

    def __str__(self) -> str:
        return str(self.pk)
