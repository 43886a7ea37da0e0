"""Checks of the keyrings and of the settings they stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core import checks

from hauberk.django.conf import settings
from hauberk.django.fields import EncryptedFieldMixin
from hauberk.exceptions import HauberkError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.apps import AppConfig

__all__ = ["check_keyrings"]


def check_keyrings(
    app_configs: Sequence[AppConfig] | None = None,  # noqa: ARG001 - Django's signature
    **_: Any,
) -> list[checks.CheckMessage]:
    """Load each keyring that is configured or that a field names.

    `hauberk.E001`: a keyring is missing or cannot be read, or the settings are wrong.
    """
    messages: list[checks.CheckMessage] = []
    try:
        names: dict[str, Any] = dict.fromkeys(settings().keyring_names)
    except HauberkError as error:
        return [_message(error, None)]
    for model in apps.get_models():
        for field in model._meta.get_fields():  # noqa: SLF001 - public in effect
            if isinstance(field, EncryptedFieldMixin):
                names.setdefault(field.keyring, field)
    for name, field in names.items():
        try:
            settings().keyring(name)
        except HauberkError as error:
            messages.append(_message(error, field))
    return messages


def _message(error: HauberkError, field: Any) -> checks.Error:
    return checks.Error(
        str(error),
        hint="Set HAUBERK = {'KEYRINGS': {'default': <path of a keyring file>}}.",
        obj=field,
        id="hauberk.E001",
    )
