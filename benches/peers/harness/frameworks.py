"""Peers that want settings before they work."""

from __future__ import annotations

from typing import Any


def configure_django(**others: Any) -> None:
    """Give Django the settings that contestants ask for, once.

    Among them a database in memory, a keyring of ours and what
    django-fernet-encrypted-fields makes its key of.
    """
    from django.conf import settings

    from hauberk.encryption import Keyring

    if not settings.configured:
        memory = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
        values: dict[str, Any] = {
            "SECRET_KEY": "k" * 50,
            "SALT_KEY": "s" * 32,
            "USE_TZ": True,
            "DATABASES": {"default": memory},
            "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
            "HAUBERK": {"KEYRINGS": {"default": Keyring.generate()}},
        }
        settings.configure(**{**values, **others})
