"""One encrypted column of one database, in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from hauberk.django.conf import settings
from hauberk.django.fields.bind import associated_data
from hauberk.django.reencryption.primary_key import PrimaryKey

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Column"]

#: Under this name rows are counted that no key of ours encrypted.
UNENCRYPTED: Final = ""

#: What a ciphertext in bytes begins with.
_VERSION: Final = b"\x01"


@dataclass(frozen=True)
class Column:
    """An encrypted column where it is: its rows, their keys, replacing them.

    Attributes:
        field: The field.
        connection: The database.
    """

    field: Any
    connection: Any

    def __str__(self) -> str:
        return str(self.field)

    @cached_property
    def companions(self) -> Sequence[Any]:
        """The columns of its index."""
        return tuple(self.field.index_fields)

    @cached_property
    def key(self) -> PrimaryKey:
        """The primary key of its table."""
        return PrimaryKey(self.field.model, self.connection)

    @property
    def keyring(self) -> Any:
        """The keyring that it is encrypted with."""
        return settings().keyring(self.field.keyring)

    @property
    def skips_locked(self) -> bool:
        """Whether workers can share the work."""
        return bool(self.connection.features.has_select_for_update_skip_locked)

    def probe(self) -> None:
        """Let the database look for the columns.

        Raises:
            DatabaseError: One of them is missing, or cannot be read.
        """
        own = [*self.key.columns, self._quoted(self.field.column)]
        own += [self._quoted(one.column) for one in self.companions]
        # SQLite takes a name that it does not know for a text, unless it is qualified.
        names = ", ".join(f"{self._table}.{name}" for name in own)
        self._all(f"SELECT {names} FROM {self._table} WHERE 1 = 0")  # noqa: S608

    # -- reading -----------------------------------------------------------------------

    def counts(self) -> dict[str, int]:
        """Return how many rows each key encrypted; `""` counts those of no key."""
        column = self._quoted(self.field.column)
        if self._is_text:
            prefix = self._exactly(self._literal(self.field.wire.prefix))
            length = len(self.field.wire.prefix)
            known = f"{self._exactly(f'SUBSTR({column}, 1, {length})')} = {prefix}"
            key = self._exactly(f"SUBSTR({column}, {length + 1}, 8)")
        else:
            known = f"SUBSTR({column}, 1, 1) = {self._octets(_VERSION)}"
            key = f"SUBSTR({column}, 2, 4)"
        nothing = self._exactly("''") if self._is_text else self._octets(b"")
        group = f"CASE WHEN {known} THEN {key} ELSE {nothing} END"
        rows = self._all(
            f"SELECT {group}, COUNT(*) FROM {self._table} "  # noqa: S608 - names of the schema
            f"WHERE {column} IS NOT NULL GROUP BY 1"
        )
        counted: dict[str, int] = {}
        for name, count in rows:
            text = self._id_of(name)
            counted[text] = counted.get(text, 0) + count
        return counted

    def pending(self) -> int:
        """Return how many rows are not as they should be, as far as that shows."""
        return self.remaining(None, everything=False)

    def remaining(self, after: Any, *, everything: bool) -> int:
        """Return how many rows `batch()` will give behind a primary key."""
        condition, parameters = self._behind(after, everything=everything)
        ((count,),) = self._all(
            f"SELECT COUNT(*) FROM {self._table} WHERE {condition}",  # noqa: S608
            parameters,
        )
        return int(count)

    def batch(
        self, after: Any, size: int, *, everything: bool, lock: bool = False
    ) -> list[tuple[Any, ...]]:
        """Return the next rows: primary key, ciphertext, and its indexes.

        Args:
            after: The primary key of the last row before, None at the beginning.
            size: How many, at most.
            everything: Also rows that show no need of work.
            lock: Lock the rows, and skip those that others have locked.
        """
        condition, parameters = self._behind(after, everything=everything)
        names = [self.field.column, *(one.column for one in self.companions)]
        selected = ", ".join([*self.key.columns, *map(self._quoted, names)])
        ending = self._skip_locked if lock and self.skips_locked else ""
        rows = self._all(
            f"SELECT {selected} FROM {self._table} WHERE {condition} "  # noqa: S608
            f"ORDER BY {self.key.listed} LIMIT {int(size)} {ending}",
            parameters,
        )
        return [self.key.first_in(row) for row in rows]

    def lock(self, keys: Sequence[Any]) -> set[Any]:
        """Lock the rows of these primary keys that nobody has locked; return which."""
        if not keys:
            return set()
        condition, parameters = self.key.among(keys)
        rows = self._all(
            f"SELECT {self.key.listed} FROM {self._table} WHERE {condition} "  # noqa: S608
            f"ORDER BY {self.key.listed} {self._skip_locked}",
            parameters,
        )
        return {key for (key,) in map(self.key.first_in, rows)}

    def associated_data(self, key: Any) -> bytes:
        """Return what binds a value to its row."""
        if not self.field.bind:
            return b""
        own = self.field.model._meta.pk  # noqa: SLF001 - public in effect
        # A key that is a relation has the type of what it points to in the end.
        column = own.get_col(own.model._meta.db_table)  # noqa: SLF001
        operations = self.connection.ops
        for convert in (
            *operations.get_db_converters(column),
            *column.get_db_converters(self.connection),
        ):
            key = convert(key, column, self.connection)
        return associated_data(key)

    # -- writing -----------------------------------------------------------------------

    def replace(self, changes: Sequence[tuple[Any, ...]]) -> int:
        """Write new ciphertexts and indexes over unchanged rows; return how many.

        Args:
            changes: Primary key, what was read, the new ciphertext, its indexes.
        """
        if not changes:
            return 0
        names = [self.field.column, *(one.column for one in self.companions)]
        with self.connection.cursor() as cursor:
            if self.connection.vendor == "postgresql":
                cursor.execute(*self._replace_together(names, changes))
                return int(cursor.rowcount)
            assigned = ", ".join(f"{self._quoted(name)} = %s" for name in names)
            column = self._exactly(self._quoted(self.field.column))
            sql = (
                f"UPDATE {self._table} SET {assigned} "  # noqa: S608 - names of the schema
                f"WHERE {self.key.equals} AND {column} = {self._exactly('%s')}"
            )
            rows = [(*new, *self.key.parts(key), old) for key, old, *new in changes]
            cursor.executemany(sql, rows)
            return int(cursor.rowcount)

    def _replace_together(
        self, names: list[str], changes: Sequence[tuple[Any, ...]]
    ) -> tuple[str, list[list[Any]]]:
        """Return one statement for many rows, which PostgreSQL can."""
        own = self.field.cast_db_type(self.connection)
        types = [*self.key.types, own, own, *("varchar" for _ in self.companions)]
        arrays = ", ".join(f"%s::{kind}[]" for kind in types)
        keys = [f"key{number}" for number in range(len(self.key.columns))]
        new = [f"new{number}" for number in range(len(names))]
        assigned = ", ".join(
            f"{self._quoted(name)} = changed.{one}"
            for name, one in zip(names, new, strict=True)
        )
        same = " AND ".join(
            f"stored.{name} = changed.{one}"
            for name, one in zip(self.key.columns, keys, strict=True)
        )
        column = self._exactly(f"stored.{self._quoted(self.field.column)}")
        sql = (
            f"UPDATE {self._table} AS stored SET {assigned} "  # noqa: S608
            f"FROM unnest({arrays}) AS changed({', '.join([*keys, 'old', *new])}) "
            f"WHERE {same} AND {column} = {self._exactly('changed.old')}"
        )
        rows = [(*self.key.parts(key), *values) for key, *values in changes]
        return sql, [list(values) for values in zip(*rows, strict=True)]

    # -- pieces of SQL -----------------------------------------------------------------

    def _behind(self, after: Any, *, everything: bool) -> tuple[str, list[Any]]:
        condition, parameters = self._unfinished(everything=everything)
        if after is None:
            return condition, parameters
        behind, values = self.key.behind(after)
        return f"{condition} AND {behind}", [*parameters, *values]

    def _unfinished(self, *, everything: bool) -> tuple[str, list[Any]]:
        column = self._quoted(self.field.column)
        if everything:
            return f"{column} IS NOT NULL", []
        primary = self.keyring.primary_id
        current: Any
        if self._is_text:
            current = f"{self.field.wire.prefix}{primary}."
        else:
            current = _VERSION + bytes.fromhex(primary)
        # In SQLite a part of no bytes is NULL.
        beginning = f"COALESCE(SUBSTR({column}, 1, {len(current)}), '')"
        beginning = self._exactly(beginning)
        conditions = [f"{beginning} <> {self._exactly('%s')}"]
        conditions += [f"{self._quoted(one.column)} IS NULL" for one in self.companions]
        either = " OR ".join(conditions)
        return f"{column} IS NOT NULL AND ({either})", [current]

    def _exactly(self, expression: str) -> str:
        """Return text as an expression that equals the very same text alone.

        Collations take "A" for "a", many of them "a " as well: a writer's update would
        be taken for what was read before, and be lost.
        """
        if not self._is_text:
            return expression
        if self.connection.vendor == "mysql":
            # Both sides in one encoding, whatever the column's and the connection's.
            return f"CAST(CONVERT({expression} USING utf8mb4) AS BINARY)"
        if self.connection.vendor == "postgresql":
            return f'CAST({expression} AS text) COLLATE "C"'
        if self.connection.vendor == "sqlite":
            return f"{expression} COLLATE BINARY"
        return expression

    def _id_of(self, name: Any) -> str:
        """Return the id of a key of what the database has cut out of ciphertexts."""
        if isinstance(name, str):
            return name
        octets = bytes(name or b"")
        return octets.decode(errors="replace") if self._is_text else octets.hex()

    @property
    def _skip_locked(self) -> str:
        return str(self.connection.ops.for_update_sql(skip_locked=True))

    @property
    def _is_text(self) -> bool:
        return bool(self.field.storage == "text")

    def _all(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, list(parameters))
            rows: list[tuple[Any, ...]] = list(cursor.fetchall())
        return rows

    def _literal(self, text: str) -> str:
        # The prefixes are ours, and have no quotes.
        return f"'{text}'"

    def _octets(self, data: bytes) -> str:
        if self.connection.vendor == "postgresql":
            return f"'\\x{data.hex()}'::bytea"
        return f"x'{data.hex()}'"

    def _quoted(self, name: str) -> str:
        return str(self.connection.ops.quote_name(name))

    @property
    def _table(self) -> str:
        return self._quoted(self.field.model._meta.db_table)  # noqa: SLF001
