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
        """Apply the limits, and register the checks, which may look at models only now.

        Raises:
            ConfigurationError: A key of `HAUBERK` or of its `PASSWORDS` is not known.
        """
        from hauberk.django.checks import (  # noqa: PLC0415
            check_keyrings,
            check_passwords,
        )
        from hauberk.django.conf import settings  # noqa: PLC0415

        settings().limit_hashing()
        checks.register(check_keyrings, checks.Tags.security)
        checks.register(check_passwords, checks.Tags.security)
