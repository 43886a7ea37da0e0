"""The setting `HAUBERK` of the Django project."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings as django_settings
from django.core.signals import setting_changed

from hauberk.conf import Settings

__all__ = ["settings"]


@cache
def settings() -> Settings:
    """Return the project's settings, parsed at the first call.

    Raises:
        ConfigurationError: A key of `HAUBERK` is not known.
    """
    return Settings(getattr(django_settings, "HAUBERK", {}))


def _forget(*, setting: str, **_: Any) -> None:
    if setting == "HAUBERK":
        settings.cache_clear()


# Sent by tests that override settings, and by nobody else.
setting_changed.connect(_forget, dispatch_uid="hauberk.conf")
