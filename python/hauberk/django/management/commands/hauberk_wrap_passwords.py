"""`manage.py hauberk_wrap_passwords`: argon2 over every old hash, without a login."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import get_hashers
from django.core.exceptions import FieldDoesNotExist
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Q

from hauberk.django.hashers import WrappedPasswordHasher
from hauberk.exceptions import HauberkError
from hauberk.passwords.wrapping import Change, Row, wrap_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.management.base import CommandParser
    from django.db.models import QuerySet

__all__ = ["Command"]


class Command(BaseCommand):
    """Put argon2 over the hashes of older hashers, without anybody logging in."""

    help = (
        "Puts argon2 over every stored hash of an older hasher, so that a table stolen "
        "tomorrow is as hard to guess from as new hashes are. Passwords stay as they "
        "are. May be interrupted and started again at any time. Every server must know "
        "WrappedPasswordHasher before. There is no way back but each user's next login."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("--batch-size", type=int, default=100, metavar="ROWS")
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS)
        parser.add_argument(
            "--model",
            default=settings.AUTH_USER_MODEL,
            help="model of the users (default: AUTH_USER_MODEL)",
        )
        parser.add_argument(
            "--field", default="password", help="its field (default: password)"
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="count the hashes that would be wrapped, and change nothing",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Run.

        Raises:
            CommandError: The hasher is not among PASSWORD_HASHERS, there is no such
                column, or some hashes could not be wrapped.
        """
        table = _Users(options["model"], options["field"], options["database"])
        if options["dry_run"]:
            self.stdout.write(f"{table.count()} hashes would be wrapped.")
            return
        hasher = _hasher()
        try:
            summary = wrap_table(
                table,
                hasher.wrap,
                longest=table.longest,
                batch_size=options["batch_size"],
                progress=self._progress,
            )
        except HauberkError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{summary.wrapped} hashes wrapped, {summary.overtaken} changed by others "
            "meanwhile."
        )
        failures = [
            f"{summary.too_long} wrapped hashes do not fit the {table.longest} "
            "characters of the column"
            if summary.too_long
            else "",
            f"{summary.refused} hashes are malformed or ask for too much"
            if summary.refused
            else "",
        ]
        if any(failures):
            left = " and ".join(filter(None, failures))
            raise CommandError(f"{left}: they are as they were.")

    def _progress(self, done: int, total: int) -> None:
        if not self.stderr.isatty():
            return
        filled = round(_BAR * done / total) if total else _BAR
        bar = f"[{'#' * filled:<{_BAR}}] {done}/{total}"
        self.stderr.write(f"\r{bar}", ending="\n" if done == total else "")
        self.stderr.flush()


class _Users:
    """The rows of a model that hold hashes of older schemes."""

    def __init__(self, model: str, field: str, database: str) -> None:
        try:
            self._model: Any = apps.get_model(model)
            options = self._model._meta  # noqa: SLF001 - public in effect
            self.longest: int | None = options.get_field(field).max_length
        except (FieldDoesNotExist, LookupError, ValueError) as error:
            raise CommandError(str(error)) from error
        self._field = field
        self._database = database

    def count(self) -> int:
        """Return how many there are."""
        return self._rows().count()

    def page(self, after: Any, size: int) -> Sequence[Row[Any]]:
        """Return the first of them behind a key."""
        rows = self._rows()
        if after is not None:
            rows = rows.filter(pk__gt=after)
        found = rows.order_by("pk").values_list("pk", self._field)[:size]
        return [Row(key, encoded) for key, encoded in found]

    def replace(self, changes: Sequence[Change[Any]]) -> int:
        """Exchange those that are still what they were."""
        with transaction.atomic(using=self._database):
            return sum(
                self._all()
                .filter(**{"pk": change.key, self._field: change.old})
                .update(**{self._field: change.new})
                for change in changes
            )

    def _all(self) -> QuerySet[Any]:
        # Whatever a manager hides, such as users who were deactivated, is stored too.
        rows: QuerySet[Any] = self._model._base_manager.using(self._database)  # noqa: SLF001 - documented
        return rows

    def _rows(self) -> QuerySet[Any]:
        old = Q()
        for name in _OLD:
            old |= Q(**{f"{self._field}__startswith": f"{name}$"})
        return self._all().filter(old)


def _hasher() -> WrappedPasswordHasher:
    for hasher in get_hashers():
        if isinstance(hasher, WrappedPasswordHasher):
            return hasher
    raise CommandError(
        "Add 'hauberk.django.hashers.WrappedPasswordHasher' to PASSWORD_HASHERS, on "
        "every server, before wrapping: without it nobody could log in."
    )


_OLD = ("bcrypt", "bcrypt_sha256", "pbkdf2_sha1", "pbkdf2_sha256", "scrypt")
_BAR = 30
