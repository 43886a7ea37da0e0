"""Migrations that would drop encrypted values which were only to be renamed.

The context of a field is part of its key, and by default it is made of the names. So a
renamed field that was not given its old context is another field for Django, and
`makemigrations` removes the one and adds the other, without a question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError
from django.db.migrations import operations

from hauberk.django.fields import EncryptedFieldMixin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["refuse"]


def refuse(
    *, app_config: Any, apps: Any = None, plan: Iterable[Any] = (), **_: Any
) -> None:
    """Stop before a migration of an application that looks like a rename.

    Django sends it before migrating, with the models as they are in the database.

    Raises:
        CommandError: A migration removes an encrypted field or model and adds another,
            and does nothing to carry the values over.
    """
    for migration, backwards in plan:
        ours = migration.app_label == app_config.label
        if ours and not backwards and not _carries_over(migration):
            for old, new in _replaced(migration, apps):
                raise CommandError(
                    f"{migration} removes {old} and adds {new}: the encrypted values "
                    f"would be lost. If this is a rename, give the new field the old "
                    f"context={old.context!r} and make the migration again. If they "
                    "are to be lost, remove the field in a migration of its own."
                )


def _replaced(migration: Any, apps: Any) -> Iterator[tuple[Any, str]]:
    for gone in migration.operations:
        for come in migration.operations:
            if isinstance(gone, operations.RemoveField):
                yield from _field(migration.app_label, gone, come, apps)
            elif isinstance(gone, operations.DeleteModel):
                yield from _model(migration.app_label, gone, come, apps)


def _field(
    label: str, gone: operations.RemoveField, come: Any, apps: Any
) -> Iterator[tuple[Any, str]]:
    if not isinstance(come, operations.AddField):
        return
    same_model = come.model_name_lower == gone.model_name_lower
    if same_model and isinstance(come.field, EncryptedFieldMixin):
        for old in _encrypted(apps, label, gone.model_name):
            if old.name == gone.name:
                yield old, come.name


def _model(
    label: str, gone: operations.DeleteModel, come: Any, apps: Any
) -> Iterator[tuple[Any, str]]:
    if not isinstance(come, operations.CreateModel):
        return
    names = {
        name for name, field in come.fields if isinstance(field, EncryptedFieldMixin)
    }
    for old in _encrypted(apps, label, gone.name):
        if old.name in names:
            yield old, f"{come.name}.{old.name}"


def _encrypted(apps: Any, label: str, model: str) -> list[Any]:
    """Return the encrypted fields of a model that is in the database already."""
    try:
        fields = apps.get_model(label, model)._meta.local_fields  # noqa: SLF001 - public in effect
    except LookupError:
        return []
    return [one for one in fields if isinstance(one, EncryptedFieldMixin)]


def _carries_over(migration: Any) -> bool:
    return any(
        isinstance(one, operations.RunPython | operations.RunSQL)
        for one in migration.operations
    )
