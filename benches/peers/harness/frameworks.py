"""Peers that want settings before they work."""

from __future__ import annotations


def configure_django() -> None:
    """Give Django the settings its signing and hashing functions ask for, once."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(SECRET_KEY="k" * 50, USE_TZ=True)
