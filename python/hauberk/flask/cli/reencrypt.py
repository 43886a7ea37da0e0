"""`flask hauberk reencrypt`: tables are encrypted in place, and move to other keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from flask.cli import with_appcontext
from werkzeug.utils import import_string

from hauberk.exceptions import HauberkError
from hauberk.flask.cli.engine import application_engine

if TYPE_CHECKING:
    from hauberk.encryption.outcome import Outcome

__all__ = ["reencrypt"]


@click.command("reencrypt")
@click.argument("columns", nargs=-1, required=True, metavar="MODULE:MODEL.COLUMN...")
@click.option("--batch", type=click.IntRange(1), default=500, show_default=True)
@click.option("--dry-run", is_flag=True, help="Count only what would be written.")
@with_appcontext
def reencrypt(columns: tuple[str, ...], batch: int, dry_run: bool) -> None:  # noqa: FBT001 - click's form
    """Encrypt columns in place, move them to the primary key, fill their indexes.

    What others write meanwhile is never overwritten. May be interrupted and started
    again at any time. At the end the values that are not under the primary key are
    counted in the table; the exit code is 1 if there is one.
    """
    # SQLAlchemy is no part of Flask, and not every application has it.
    from sqlalchemy.orm import Session  # noqa: PLC0415

    from hauberk.sqlalchemy import encryption  # noqa: PLC0415

    found = [(name, *_model(name)) for name in columns]
    incomplete = False
    with application_engine() as engine, Session(engine) as session:
        for name, model, attribute in found:
            with click.progressbar(length=1, label=name, show_pos=True) as bar:

                def progress(done: int, total: int, bar: Any = bar) -> None:
                    bar.length = total
                    bar.update(done - bar.pos)

                try:
                    outcome = encryption.reencrypt(
                        session,
                        model,
                        attribute,
                        batch=batch,
                        dry_run=dry_run,
                        progress=progress,
                    )
                except HauberkError as error:
                    raise click.ClickException(str(error)) from error
            _tell(name, outcome, dry_run=dry_run)
            left = 0 if dry_run else outcome.left
            incomplete |= bool(outcome.failed or outcome.conflicts or left)
    if incomplete:
        raise click.ClickException("Some rows are not as they should be.")


def _tell(name: str, outcome: Outcome, *, dry_run: bool) -> None:
    written = "to be written" if dry_run else "written"
    click.echo(
        f"{name}: {outcome.seen} rows, {outcome.written} {written}, {outcome.missed} "
        f"changed by others meanwhile, {outcome.left} not under the primary key."
    )
    for key, kind in outcome.failed:
        click.echo(f"{name}: the row {key!r} does not open ({kind}).", err=True)
    for key in outcome.conflicts:
        click.echo(f"{name}: the row {key!r} has another row's value.", err=True)


def _model(name: str) -> tuple[Any, str]:
    """Return the class and the attribute that a name stands for."""
    model, _, attribute = name.rpartition(".")
    if ":" not in model or not attribute:
        raise click.UsageError(f"{name} is not MODULE:MODEL.COLUMN.")
    try:
        return import_string(model), attribute
    except ImportError as error:
        raise click.UsageError(str(error)) from error
