"""`flask hauberk wrap-passwords`: argon2 over every old hash, without a login."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from werkzeug.utils import import_string

from hauberk.exceptions import HauberkError
from hauberk.flask.cli.engine import application_engine
from hauberk.flask.passwords import application_hasher
from hauberk.passwords import PasswordHasher

__all__ = ["wrap_passwords"]


@click.command("wrap-passwords")
@click.option("--table", required=True, help="The table of the users.")
@click.option("--column", default="password", show_default=True, help="Of the hashes.")
@click.option("--batch-size", type=click.IntRange(1), default=100, show_default=True)
@click.option(
    "--hasher",
    metavar="MODULE:NAME",
    help="The application's PasswordHasher, if it has one of its own.",
)
@with_appcontext
def wrap_passwords(
    table: str, column: str, batch_size: int, hasher: str | None
) -> None:
    """Put argon2 over the stored hashes of older schemes.

    A table stolen tomorrow is as hard to guess from as new hashes are. Passwords stay
    as they are. May be interrupted and started again at any time. Every server must
    verify with hauberk before. There is no way back but each user's next login.
    """
    # SQLAlchemy is no part of Flask, and not every application has it.
    from hauberk.sqlalchemy import wrapping  # noqa: PLC0415

    with (
        application_engine() as engine,
        click.progressbar(length=1, label="Wrapping", show_pos=True) as bar,
    ):

        def progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        try:
            summary = wrapping.wrap_passwords(
                engine,
                table,
                column=column,
                hasher=_hasher(hasher),
                batch_size=batch_size,
                progress=progress,
            )
        except HauberkError as error:
            raise click.ClickException(str(error)) from error
    click.echo(
        f"{summary.wrapped} hashes wrapped, {summary.overtaken} changed by others "
        "meanwhile."
    )
    if summary.too_long or summary.refused:
        raise click.ClickException(
            f"{summary.too_long} wrapped hashes do not fit the column, and "
            f"{summary.refused} hashes are malformed or ask for too much: they are as "
            "they were."
        )


def _hasher(name: str | None) -> PasswordHasher:
    if name is None:
        return application_hasher()
    try:
        found = import_string(name)
    except ImportError as error:
        raise click.UsageError(str(error)) from error
    if not isinstance(found, PasswordHasher):
        raise click.UsageError(f"{name} is no PasswordHasher.")
    return found
