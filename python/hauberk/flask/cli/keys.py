"""`flask hauberk keys`: the life of the application's keys."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

__all__ = ["keys"]


@click.command(
    "keys",
    add_help_option=False,
    context_settings={"ignore_unknown_options": True},
)
@click.option("--keyring", default="default", help="A name in HAUBERK_KEYRINGS.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@with_appcontext
def keys(keyring: str, arguments: tuple[str, ...]) -> None:
    """Make a keyring and lead its keys through their lives.

    The same as the command `hauberk keys`, with the application's keyring where that is
    a file. Another one of HAUBERK_KEYRINGS is named by `--keyring`.
    """
    # Imported here, as the integrations do not know each other when they are loaded.
    from hauberk import cli  # noqa: PLC0415

    given = [*arguments]
    helps = not given or bool({"-h", "--help"} & set(given))
    names_file = any(one.split("=")[0] == "--file" for one in given)
    path = None if helps or names_file else _path(keyring)
    if path is not None:
        given += ["--file", path]
    try:
        code = cli.main(["keys", *given])
    except SystemExit as error:  # argparse's, of --help and of wrong usage
        code = int(error.code or 0)
    raise click.exceptions.Exit(code)


def _path(keyring: str) -> str | None:
    """Return the path of the application's keyring, if it is one."""
    settings: Any = current_app.extensions.get("hauberk")
    source = None if settings is None else (settings["KEYRINGS"] or {}).get(keyring)
    if isinstance(source, str) and source.startswith("env:"):
        return os.environ.get(source.removeprefix("env:") + "_FILE")
    return str(Path(source)) if isinstance(source, str | os.PathLike) else None
