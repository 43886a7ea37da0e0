"""The Django application."""

from __future__ import annotations

from django.apps import AppConfig

__all__ = ["HauberkConfig"]


class HauberkConfig(AppConfig):
    """The application `hauberk`, which has no models of its own."""

    name = "hauberk.django"
    label = "hauberk"
    verbose_name = "hauberk"
