"""`manage.py hauberk_reencrypt`: encrypt what is in the tables anew, in place."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections

from hauberk.django.reencryption import (
    Options,
    columns_in,
    fields_missing_in,
    reencrypt,
    verify,
)
from hauberk.exceptions import HauberkError

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

    from hauberk.django.reencryption import Column, Tally


class Command(BaseCommand):
    """Encrypts plaintext, other packages' ciphertexts and old keys' anew, in place."""

    help = (
        "Encrypts every value of the encrypted columns under the primary key: "
        "plaintext (allow_plaintext), other packages' ciphertexts (previous), older "
        "keys', and fills their indexes. It may be stopped at any time and run again, "
        "while the application is running, and on several machines at once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what can be chosen."""
        parser.add_argument(
            "columns",
            nargs="*",
            metavar="app.Model.field",
            help="what to work on: app, app.Model or app.Model.field; all by default",
        )
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS)
        parser.add_argument(
            "--batch", type=int, default=1000, help="rows in a transaction"
        )
        parser.add_argument(
            "--workers", type=int, default=1, help="connections that work at once"
        )
        parser.add_argument(
            "--throttle", type=float, metavar="ROWS", help="rows a second at most"
        )
        parser.add_argument(
            "--resume",
            type=Path,
            metavar="FILE",
            help="remember the position in this file, and begin there",
        )
        parser.add_argument("--dry-run", action="store_true", help="write nothing")
        parser.add_argument(
            "--verify", action="store_true", help="read every value afterwards"
        )

    def handle(self, *_: Any, **chosen: Any) -> None:
        """Work through the columns, and prove by counting that nothing is left."""
        if chosen["batch"] < 1 or chosen["workers"] < 1:
            raise CommandError("--batch and --workers are at least 1.")
        alias, labels = chosen["database"], chosen["columns"]
        connection = connections[alias]
        workers = chosen["workers"]
        if workers > 1 and not connection.features.has_select_for_update_skip_locked:
            self.stderr.write("This database cannot skip locked rows: one worker.")
            workers = 1
        options = Options(
            batch=chosen["batch"],
            workers=workers,
            dry_run=chosen["dry_run"],
            throttle=chosen["throttle"],
            resume=chosen["resume"],
        )
        try:
            for field in fields_missing_in(alias, labels):
                self.stdout.write(f"{field}: no table in the database {alias!r}.")
            complete = [
                self._column(column, options, chosen["verify"])
                for column in columns_in(alias, labels)
            ]
        except HauberkError as error:
            raise CommandError(str(error)) from None
        if not all(complete):
            raise CommandError("Some values are not as they should be; see above.")

    def _column(self, column: Column, options: Options, check: bool) -> bool:  # noqa: FBT001
        bar = _Bar(str(column), self.stderr if self.stderr.isatty() else None)
        tally = reencrypt(column, options, bar.show)
        bar.end(tally)
        outcome = tally.outcome
        verb = "would be encrypted" if options.dry_run else "encrypted"
        passes = f" in {tally.passes} passes" if tally.passes > 1 else ""
        held = f"{outcome.held} locked by others, " if outcome.held else ""
        self.stdout.write(
            f"{column}: {outcome.seen} rows read{passes}, {outcome.written} {verb}, "
            f"{outcome.missed} changed meanwhile by others, {held}{tally.left} left."
        )
        if not (tally.settled or options.dry_run):
            self.stderr.write(
                f"{column}: others lock rows, or write them under other keys. Deploy "
                "the keyring to every process, and run this again."
            )
        for key, kind in outcome.failed[:_SHOWN]:
            self.stderr.write(f"{column}: row {key} does not open ({kind}).")
        for key in outcome.conflicts[:_SHOWN]:
            self.stderr.write(f"{column}: row {key} has the value of another row.")
        hidden = len(outcome.failed) + len(outcome.conflicts) - 2 * _SHOWN
        if hidden > 0:
            self.stderr.write(f"{column}: and about {hidden} more rows.")
        self.stdout.write(f"{column}: {_counted(column)}.")
        complete = tally.complete or options.dry_run
        if check and not options.dry_run:
            finding = verify(column, batch=options.batch)
            self.stdout.write(
                f"{column}: {finding.read} values opened, {len(finding.unreadable)} "
                f"unreadable, {len(finding.misindexed)} with a wrong index."
            )
            complete = complete and not (finding.unreadable or finding.misindexed)
        return complete


def _counted(column: Column) -> str:
    counts = column.counts()
    primary = column.keyring.primary_id
    parts = [
        f"{counts[name]} under {name}{' (primary)' if name == primary else ''}"
        if name
        else f"{counts[name]} not encrypted"
        for name in sorted(counts, key=lambda name: name != primary)
    ]
    return ", ".join(parts) or "no values"


class _Bar:
    """One line with a bar, the rate and the time that is left."""

    def __init__(self, label: str, out: Any) -> None:
        self._label, self._out = label, out
        self._started = time.monotonic()
        self._shown = 0.0

    def show(self, tally: Tally) -> None:
        if self._out is not None and time.monotonic() - self._shown >= _EVERY:
            self._draw(tally)

    def end(self, tally: Tally) -> None:
        if self._out is not None and self._shown:
            self._draw(tally)
            self._out.write("")

    def _draw(self, tally: Tally) -> None:
        self._shown = time.monotonic()
        seen, expected = tally.outcome.seen, max(tally.expected, tally.outcome.seen, 1)
        rate = seen / max(self._shown - self._started, 1e-9)
        minutes, seconds = divmod(round((expected - seen) / max(rate, 1e-9)), 60)
        done = "#" * (_WIDTH * seen // expected)
        self._out.write(
            f"\r{self._label} [{done:<{_WIDTH}}] {seen}/{expected} "
            f"{rate:,.0f} rows/s, {minutes}:{seconds:02} left ",
            style_func=str,  # no colour of errors
            ending="",
        )
        self._out.flush()


_SHOWN = 10
_EVERY = 0.2  # seconds
_WIDTH = 30
