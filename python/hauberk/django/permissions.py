"""The permission to see encrypted values in the admin, of each model that has some."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from hauberk.django.fields import EncryptedFieldMixin

__all__ = ["create"]


def create(*, app_config: Any, using: str, **_: Any) -> None:
    """Make `reveal_<model>` after a migration, as Django makes its own permissions."""
    if not apps.is_installed("django.contrib.auth"):
        return
    from django.contrib.auth.models import Permission  # noqa: PLC0415
    from django.contrib.contenttypes.models import ContentType  # noqa: PLC0415
    from django.db import connections, router  # noqa: PLC0415

    models = [
        model
        for model in app_config.get_models()
        if any(isinstance(one, EncryptedFieldMixin) for one in model._meta.fields)  # noqa: SLF001 - public in effect
    ]
    if not models or not router.allow_migrate_model(using, Permission):
        return
    tables = connections[using].introspection.table_names()
    if Permission._meta.db_table not in tables:  # noqa: SLF001
        return
    for model in models:
        kind = ContentType.objects.db_manager(using).get_for_model(
            model, for_concrete_model=False
        )
        options = model._meta  # noqa: SLF001
        Permission.objects.using(using).get_or_create(
            content_type=kind,
            codename=f"reveal_{options.model_name}",
            defaults={
                "name": f"Can reveal encrypted values of {options.verbose_name_raw}"
            },
        )
