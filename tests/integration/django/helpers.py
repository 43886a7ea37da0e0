"""What several tests of the Django integration need."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import connections
from django.test import override_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The databases of the test project; those without a server are skipped.
ALIASES = ["default", "postgres", "mysql"]


def on_disk(instance: Any, column: str, using: str) -> Any:
    """Return what a column holds, in plain text or bytes."""
    table, key = instance._meta.db_table, instance._meta.pk
    column = connections[using].ops.quote_name(column)
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT {column} FROM {table} WHERE {key.column} = %s",
            [key.get_db_prep_value(instance.pk, connections[using])],
        )
        row = cursor.fetchone()
    assert row is not None
    return bytes(row[0]) if isinstance(row[0], memoryview) else row[0]


def put(instance: Any, column: str, value: Any, using: str) -> None:
    """Write into a column what no encrypted field would."""
    table, key = instance._meta.db_table, instance._meta.pk
    column = connections[using].ops.quote_name(column)
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {column} = %s WHERE {key.column} = %s",
            [value, key.get_db_prep_value(instance.pk, connections[using])],
        )


@contextmanager
def keyring(value: Any) -> Iterator[None]:
    """Use another default keyring for a while."""
    with override_settings(HAUBERK={"KEYRINGS": {"default": value}}):
        yield
