"""Migrations that would give the rows of a table a value that is bound to none of them.

With `bind="pk"` a value is encrypted for its row, and the default that a new column is
filled with is one value for all rows. The database would find out in the middle of the
migration, which some databases do not undo.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.core.management.base import CommandError
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddField, AlterField

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["refuse"]


def refuse(
    *, app_config: Any, apps: Any = None, plan: Iterable[Any] = (), **_: Any
) -> None:
    """Stop before a migration of an application that fills a bound column.

    Django sends it before migrating, with the models as they are in the database.

    Raises:
        CommandError: A migration adds a bound field with a default, or gives one to the
            rows that have no value.
    """
    for migration, backwards in plan:
        if backwards or migration.app_label != app_config.label:
            continue
        for operation in migration.operations:
            if _fills(operation, app_config.label, apps):
                name = f"{operation.model_name}.{operation.name}"
                raise CommandError(
                    f"{migration} fills {name} with a default, which is one value for "
                    "all rows, and the field is bound to its row. Add it with "
                    "null=True and without a default, save() the rows, and forbid NULL "
                    "in a later migration."
                )


def _fills(operation: Any, label: str, apps: Any) -> bool:
    field: Any = getattr(operation, "field", None)
    editor: Any = BaseDatabaseSchemaEditor
    if not getattr(field, "bind", None):
        return False
    if isinstance(operation, AlterField):
        filled = not field.null and _was_nullable(operation, label, apps)
    else:
        filled = isinstance(operation, AddField)
    # What Django itself looks at, an empty text for a field that may be blank too.
    return filled and editor._effective_default(field) is not None  # noqa: SLF001


def _was_nullable(operation: Any, label: str, apps: Any) -> bool:
    try:
        options = apps.get_model(label, operation.model_name)._meta  # noqa: SLF001 - public in effect
        return bool(options.get_field(operation.name).null)
    except (LookupError, FieldDoesNotExist):
        return False
