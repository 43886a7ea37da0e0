"""Which encrypted columns there are, and which of them a database has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import DatabaseError, connections, router, transaction

from hauberk.django.fields import EncryptedFieldMixin
from hauberk.django.reencryption.columns import Column
from hauberk.exceptions import InvalidInputError, StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["columns", "columns_in", "fields_missing_in"]


def columns(labels: Iterable[str] = ()) -> list[Any]:
    """Return the encrypted fields that are named, all of them if none is.

    Args:
        labels: `"app"`, `"app.Model"` or `"app.Model.field"`.

    Raises:
        InvalidInputError: There is no such thing, or nothing encrypted in it.
    """
    labels = list(labels)
    if not labels:
        return [field for model in apps.get_models() for field in _fields(model)]
    found: list[Any] = []
    for label in labels:
        found += [field for field in _labelled(label) if field not in found]
    return found


def columns_in(alias: str, labels: Iterable[str] = ()) -> list[Column]:
    """Return the columns of the named fields that a database has, all if none is named.

    A database need not have every model's table. What decides is whether the table is
    there, not what routers say: rows that a router hides need their keys as well.

    Args:
        alias: The database, by its name in the settings.
        labels: As those of `columns()`.

    Raises:
        InvalidInputError: Something that is named is not in the database at all, or a
            table is there without the column.
        StoreUnavailableError: The database does not answer.
    """
    labels = list(labels)
    for label in labels:
        if not any(_is_in(field, alias) for field in _labelled(label)):
            raise InvalidInputError(f"{label} is not in the database {alias!r}.")
    connection = connections[alias]
    return [Column(one, connection) for one in columns(labels) if _is_in(one, alias)]


def fields_missing_in(alias: str, labels: Iterable[str] = ()) -> list[Any]:
    """Return the named fields that `columns_in()` leaves out."""
    return [field for field in columns(labels) if not _is_in(field, alias)]


def _labelled(label: str) -> list[Any]:
    app, _, rest = label.partition(".")
    model_name, _, field_name = rest.partition(".")
    try:
        config = apps.get_app_config(app)
        models = [config.get_model(model_name)] if model_name else config.get_models()
        ours = [field for model in models for field in _fields(model)]
        if field_name:
            named = models[0]._meta.get_field(field_name)  # type: ignore[index]  # noqa: SLF001
            ours = [named] if isinstance(named, EncryptedFieldMixin) else []
    except (LookupError, FieldDoesNotExist) as error:
        raise InvalidInputError(f"{label}: {error}") from None
    if not ours:
        raise InvalidInputError(f"{label} has no encrypted field.")
    return ours


def _fields(model: Any) -> list[Any]:
    options = model._meta  # noqa: SLF001 - public in effect
    if options.proxy:
        return []
    return [one for one in options.local_fields if isinstance(one, EncryptedFieldMixin)]


def _is_in(field: Any, alias: str) -> bool:
    """Return whether a database has the column of a field."""
    connection, model = connections[alias], field.model
    try:
        # In a savepoint: PostgreSQL lets nothing follow an error.
        with transaction.atomic(using=alias):
            Column(field, connection).probe()
    except DatabaseError:
        try:
            with connection.cursor() as cursor:
                tables = connection.introspection.table_names(cursor)
        except DatabaseError:
            message = f"The database {alias!r} does not answer."
            raise StoreUnavailableError(message) from None
        if model._meta.db_table not in tables:  # noqa: SLF001 - public in effect
            return False
        if not router.allow_migrate_model(alias, model):
            # Somebody else's table, of the same name.
            return False
        raise InvalidInputError(
            f"{field} cannot be read in the database {alias!r}, which has its table: "
            "migrate it first, or choose databases with --database."
        ) from None
    return True
