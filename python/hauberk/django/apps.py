"""The Django application."""

from __future__ import annotations

from django.apps import AppConfig
from django.core import checks

__all__ = ["HauberkConfig"]


class HauberkConfig(AppConfig):
    """The application `hauberk`, which has no models of its own."""

    name = "hauberk.django"
    label = "hauberk"
    verbose_name = "hauberk"

    def ready(self) -> None:
        """Register the system checks, which may look at models only now."""
        from hauberk.django.checks import check_keyrings  # noqa: PLC0415

        checks.register(check_keyrings, checks.Tags.security)
