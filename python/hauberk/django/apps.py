"""The Django application."""

from __future__ import annotations

from django.apps import AppConfig

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
        from hauberk.django import checks, serializers  # noqa: PLC0415
        from hauberk.django.conf import settings  # noqa: PLC0415

        settings().limit_hashing()
        serializers.register()
        checks.register()
