"""`manage.py hauberk_keys`: the keys of the settings, and what is under them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from django.conf import settings as django_settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from hauberk.django.conf import settings
from hauberk.django.reencryption import columns_in, verify
from hauberk.encryption import Key, KeyState
from hauberk.exceptions import HauberkError

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

    from hauberk.django.reencryption import Column
    from hauberk.encryption import Keyring


class Command(BaseCommand):
    """Lists and changes the keys of a keyring that is a file."""

    help = "Lists and changes the keys of a keyring in HAUBERK['KEYRINGS']."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what can be done."""
        parser.add_argument("--keyring", default="default", help="its name")
        parser.add_argument(
            "--database",
            action="append",
            help="where rows are counted; may be repeated (all databases by default)",
        )
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="show the keys, and the rows under each")
        actions.add_parser("add", help="add a new key that only decrypts yet")
        for name, what in _CHANGES.items():
            action = actions.add_parser(name, help=what)
            action.add_argument("id", help="the key: eight hexadecimal digits")
            if name in _CHECKED:
                action.add_argument(
                    "--although-in-use",
                    action="store_true",
                    help="do it without counting rows; what is lost is lost",
                )

    def handle(self, *_: Any, **chosen: Any) -> None:
        """Do one of them."""
        # A key is needed by rows wherever they are.
        self._aliases = chosen["database"] or [*connections]
        try:
            keyring = settings().keyring(chosen["keyring"])
            if chosen["action"] == "list":
                self._list(keyring, chosen["keyring"])
            else:
                self._change(keyring, chosen)
        except HauberkError as error:
            raise CommandError(str(error)) from None

    # -- what can be done --------------------------------------------------------------

    def _list(self, keyring: Keyring, name: str) -> None:
        counts = self._counts(name)
        for key in keyring.keys:
            rows = sum(one.get(key.id, 0) for one in counts.values())
            created = f"{key.created:%Y-%m-%d}"
            self.stdout.write(
                f"{key.id}  {key.state:<9}  index {key.index_state:<9}  {created}  "
                f"{rows} rows"
            )
        plain = {label: one.get("", 0) for label, one in counts.items()}
        for label, count in plain.items():
            if count:
                self.stdout.write(f"{label}: {count} values are not encrypted.")

    def _change(self, keyring: Keyring, chosen: dict[str, Any]) -> None:
        name, action = chosen["keyring"], chosen["action"]
        path = self._path(name)
        if action == "add":
            key = Key.generate()
            keyring.add(key)
            key_id = key.id
        else:
            key_id = chosen["id"]
            if action in _CHECKED and not chosen["although_in_use"]:
                getattr(self, _CHECKED[action])(keyring, name, key_id)
            # The keyring's methods are called as the actions are.
            getattr(keyring, action.replace("-", "_"))(key_id)
        keyring.save(path)
        self.stdout.write(f"{key_id}: {_NEXT_STEP[action]}")

    # -- before it is done -------------------------------------------------------------

    def _refuse_in_use(self, keyring: Keyring, name: str, key_id: str) -> None:
        """Refuse to destroy a key that a row of a registered column still needs."""
        for label, counts in self._counts(name).items():
            if counts.get(key_id):
                raise CommandError(
                    f"{label} has {counts[key_id]} rows under {key_id}. Run "
                    "hauberk_reencrypt first."
                )
        self._refuse_indexing(keyring, name, key_id)

    def _refuse_indexing(self, keyring: Keyring, name: str, key_id: str) -> None:
        """Refuse to give up a key that rows may still be found by."""
        states = {one.id: one.index_state for one in keyring.keys}
        if states.get(key_id) in (None, KeyState.PRIMARY):
            return  # The keyring itself refuses.
        for column in self._columns(name):
            # An index does not show its key: each is computed again.
            if column.companions and (wrong := verify(column).misindexed):
                raise CommandError(
                    f"{_placed(column)} has {len(wrong)} rows whose index is not under "
                    "the key that writes indexes. Run hauberk_reencrypt first."
                )

    def _refuse_unfilled(self, _: Keyring, name: str, key_id: str) -> None:
        """Refuse to change the key of unique indexes before both columns are full."""
        for column in self._columns(name):
            spec = column.field.index
            if not spec or not spec.unique:
                continue
            if spec.next_key != key_id:
                raise CommandError(
                    f"{_placed(column)} is unique under the present key alone. Give "
                    f"its index next_key={key_id!r}, migrate, deploy and run "
                    "hauberk_reencrypt first."
                )
            # The second column may be full of indexes of another key than this one.
            if count := column.pending() or len(verify(column).misindexed):
                raise CommandError(
                    f"{_placed(column)} has {count} rows without the next index. Run "
                    "hauberk_reencrypt first."
                )

    # -- pieces ------------------------------------------------------------------------

    def _columns(self, name: str) -> list[Column]:
        return [
            column
            for alias in self._aliases
            for column in columns_in(alias)
            if column.field.keyring == name
        ]

    def _counts(self, name: str) -> dict[str, dict[str, int]]:
        return {_placed(one): one.counts() for one in self._columns(name)}

    def _path(self, name: str) -> str:
        sources = getattr(django_settings, "HAUBERK", {}).get("KEYRINGS") or {}
        source = sources.get(name)
        if isinstance(source, str) and source.startswith("env:"):
            source = os.environ.get(f"{source.removeprefix('env:')}_FILE")
        if not isinstance(source, str | os.PathLike):
            raise CommandError(
                f"The keyring {name!r} is not a file: change it where it comes from, "
                "with `hauberk keys`."
            )
        return os.fspath(source)


def _placed(column: Column) -> str:
    return f"{column} ({column.connection.alias})"


_CHANGES = {
    "promote": "encrypt with this key from now on",
    "promote-index": "write indexes with this key from now on",
    "disable": "refuse what this key encrypted, until it is enabled",
    "enable": "decrypt with this key again",
    "disable-index": "find rows by indexes of this key no more, until it is enabled",
    "enable-index": "find rows by indexes of this key again",
    "destroy": "wipe this key for good, if no row is under it",
}

#: What is refused while rows need it to be.
_CHECKED = {
    "destroy": "_refuse_in_use",
    "disable-index": "_refuse_indexing",
    "promote-index": "_refuse_unfilled",
}

_NEXT_STEP = {
    "add": (
        "added; it decrypts and does not encrypt yet. First step: deploy this keyring "
        "everywhere, so that every process can read what the key will encrypt. Second "
        "step: promote it, and deploy again."
    ),
    "promote": (
        "primary. A process that does not have this key yet cannot read what is "
        "encrypted from now on: add and deploy come first. Deploy this keyring, then "
        "run hauberk_reencrypt, and disable the old key when it counts 0 rows."
    ),
    "promote-index": (
        "writes indexes. Deploy this keyring, then run hauberk_reencrypt; when it is "
        "done in every database, remove next_key, migrate, and disable-index the old "
        "key."
    ),
    "disable": "disabled. If something still needs it, enable it again.",
    "enable": "decrypts again.",
    "disable-index": "finds no rows any more. If some are missed, enable-index it.",
    "enable-index": "finds rows by its indexes again.",
    "destroy": "destroyed. Backups that hold rows under it cannot be read any more.",
}
