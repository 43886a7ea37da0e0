"""`manage.py hauberk_check_ciphertexts`: open every encrypted value, write nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS

from hauberk.django.reencryption import columns_in, fields_missing_in, verify
from hauberk.exceptions import HauberkError

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

    from hauberk.django.reencryption import Column


class Command(BaseCommand):
    """Opens every encrypted value and compares every index."""

    help = (
        "Opens every value of the encrypted columns, compares their indexes and counts "
        "the rows of each key. Writes nothing; fails if anything is wrong."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what can be chosen."""
        parser.add_argument(
            "columns",
            nargs="*",
            metavar="app.Model.field",
            help="what to check: app, app.Model or app.Model.field; all by default",
        )
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS)
        parser.add_argument("--batch", type=int, default=1000, help="rows in a query")

    def handle(self, *_: Any, **chosen: Any) -> None:
        """Check the columns one after the other."""
        alias, labels, wrong = chosen["database"], chosen["columns"], 0
        try:
            for field in fields_missing_in(alias, labels):
                self.stdout.write(f"{field}: no table in the database {alias!r}.")
            for column in columns_in(alias, labels):
                wrong += self._column(column, chosen["batch"])
        except HauberkError as error:
            raise CommandError(str(error)) from None
        if wrong:
            raise CommandError(f"{wrong} values are not as they should be.")

    def _column(self, column: Column, batch: int) -> int:
        for name, count in sorted(column.counts().items()):
            where = f"under {name}" if name else "not encrypted"
            self.stdout.write(f"{column}: {count} {where}")
        finding = verify(column, batch=batch)
        for key, kind in finding.unreadable[:_SHOWN]:
            self.stderr.write(f"{column}: row {key} does not open ({kind}).")
        for key in finding.misindexed[:_SHOWN]:
            self.stderr.write(f"{column}: the index of row {key} is not its value's.")
        wrong = len(finding.unreadable) + len(finding.misindexed)
        self.stdout.write(f"{column}: {finding.read} values read, {wrong} wrong.")
        return wrong


_SHOWN = 10
