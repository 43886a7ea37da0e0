"""`hauberk keys`: the life of the keys in a keyring file."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hauberk.encryption import Key, Keyring
from hauberk.exceptions import ConfigurationError, HauberkError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - has no public name

__all__ = ["add_to"]


def add_to(commands: Commands) -> None:
    """Add the command and its own commands."""
    parser = commands.add_parser(
        "keys",
        help="make a keyring and lead its keys through their lives",
        description="Make a keyring and lead its keys through their lives.",
        epilog="A rotation: `add` a key and deploy the file everywhere; `promote` it "
        "and deploy again; encrypt the old values anew; `disable` the old key, and "
        "when nothing names it any more, nor a backup that you may restore, `destroy` "
        "it.",
    )
    actions = parser.add_subparsers(dest="action", required=True)

    _action(actions, "generate", "make a keyring file with one new key", _generate)
    _action(actions, "list", "show what may be known of each key", _list)
    _action(actions, "add", "add a new key, which decrypts and does not encrypt", _add)
    for name, help_text, run in (
        ("promote", "let a key encrypt; the one before goes on decrypting", _promote),
        ("disable", "stop a key from decrypting until it is enabled", _disable),
        ("enable", "let a disabled key decrypt again", _enable),
        ("destroy", "wipe a key for good: what it encrypted is lost", _destroy),
    ):
        action = _action(actions, name, help_text, run)
        action.add_argument("key_id", metavar="ID", help="as `list` shows it")
        if name == "destroy":
            action.add_argument(
                "--yes", action="store_true", help="do not ask whether this is meant"
            )
        else:
            action.add_argument(
                "--index",
                action="store_true",
                help="for blind indexes, whose keys have a state of their own",
            )
    export = _action(
        actions,
        "export-tink-cleartext",
        "print the keys of one context as a Tink keyset, not encrypted",
        _export,
    )
    export.add_argument("context", help="such as shop.Order.address")
    export.add_argument(
        "--deterministic",
        action="store_true",
        help="the keys of deterministic ciphertexts",
    )


def _action(
    actions: Commands,
    name: str,
    help_text: str,
    run: Callable[[argparse.Namespace], None],
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=help_text, description=help_text + ".")
    parser.add_argument(
        "--file",
        type=Path,
        metavar="PATH",
        help=f"the keyring (default: the path in {_VARIABLE})",
    )
    parser.set_defaults(run=run)
    return parser


def _generate(options: argparse.Namespace) -> None:
    path = _path(options)
    if path.exists():
        raise ConfigurationError(f"{path} exists already; `add` adds a key to it.")
    keyring = Keyring.generate()
    keyring.save(path)
    print(f"{path}: a keyring with the key {keyring.primary_id}.")
    print("Back it up apart from the database: without it the values are lost.")


def _list(options: argparse.Namespace) -> None:
    print(_ROW.format("id", "state", "for indexes", "created"))
    for key in Keyring.from_file(_path(options)).keys:
        created = key.created.strftime("%Y-%m-%d %H:%M UTC")
        print(_ROW.format(key.id, key.state, key.index_state, created))


def _add(options: argparse.Namespace) -> None:
    key = Key.generate()
    _change(options, lambda keyring: keyring.add(key))
    print(f"{key.id} decrypts. Deploy the file everywhere before you promote it.")


def _promote(options: argparse.Namespace) -> None:
    if options.index:
        _change(options, lambda keyring: keyring.promote_index(options.key_id))
        print(f"{options.key_id} writes blind indexes. Compute those of all rows anew.")
        return
    _change(options, lambda keyring: keyring.promote(options.key_id))
    print(f"{options.key_id} encrypts. Processes that do not know it cannot read that.")


def _disable(options: argparse.Namespace) -> None:
    if options.index:
        _change(options, lambda keyring: keyring.disable_index(options.key_id))
    else:
        _change(options, lambda keyring: keyring.disable(options.key_id))
    print(f"{options.key_id} is disabled; `enable` takes that back.")


def _enable(options: argparse.Namespace) -> None:
    if options.index:
        _change(options, lambda keyring: keyring.enable_index(options.key_id))
    else:
        _change(options, lambda keyring: keyring.enable(options.key_id))
    print(f"{options.key_id} is enabled.")


def _destroy(options: argparse.Namespace) -> None:
    if not options.yes:
        question = (
            f"Whatever {options.key_id} encrypted is lost for good, in backups as "
            "well.\nType the id to destroy the key: "
        )
        if not sys.stdin.isatty() or input(question).strip() != options.key_id:
            raise ConfigurationError("Not destroyed; --yes does it without a question.")
    _change(options, lambda keyring: keyring.destroy(options.key_id))
    print(f"{options.key_id} is destroyed.")


def _export(options: argparse.Namespace) -> None:
    keyring = Keyring.from_file(_path(options))
    print(
        "These keys are not encrypted: keep them off disks and logs.", file=sys.stderr
    )
    print(
        keyring.export_tink_cleartext(
            options.context, deterministic=options.deterministic
        )
    )


def _change(options: argparse.Namespace, change: Callable[[Keyring], None]) -> None:
    path = _path(options)
    keyring = Keyring.from_file(path)
    try:
        change(keyring)
    except HauberkError as error:
        error.add_note(f"{path} is as it was.")
        raise
    keyring.save(path)


def _path(options: argparse.Namespace) -> Path:
    path: Path | None = options.file
    if path is None:
        value = os.environ.get(_VARIABLE)
        if not value:
            raise ConfigurationError(f"Give --file, or set {_VARIABLE}.")
        path = Path(value)
    return path


#: What `Keyring.from_env("HAUBERK_KEYS")` looks at as well.
_VARIABLE: Final = "HAUBERK_KEYS_FILE"
_ROW: Final = "{:<10}{:<11}{:<13}{}"
