"""The Django application."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate

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
        from hauberk.django import (  # noqa: PLC0415
            additions,
            checks,
            permissions,
            renames,
            serializers,
        )
        from hauberk.django.conf import settings  # noqa: PLC0415

        settings().limit_hashing()
        serializers.register()
        pre_migrate.connect(additions.refuse, dispatch_uid="hauberk.additions")
        pre_migrate.connect(renames.refuse, dispatch_uid="hauberk.renames")
        post_migrate.connect(permissions.create, dispatch_uid="hauberk.permissions")
        checks.register()
