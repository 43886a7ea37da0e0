"""`manage.py hauberk_keys`: the keys of the settings, and what is under them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from django.conf import settings as django_settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections

from hauberk.django.conf import settings
from hauberk.django.reencryption import Column, columns, verify
from hauberk.encryption import Key, KeyState
from hauberk.exceptions import HauberkError

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

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
            help=f"where rows are counted; may be repeated ({DEFAULT_DB_ALIAS})",
        )
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="show the keys, and the rows under each")
        actions.add_parser("add", help="add a new key that only decrypts yet")
        for name, what in _CHANGES.items():
            action = actions.add_parser(name, help=what)
            action.add_argument("id", help="the key: eight hexadecimal digits")
            if name in ("destroy", "promote-index"):
                action.add_argument(
                    "--although-in-use",
                    action="store_true",
                    help="do it without counting rows; what is lost is lost",
                )

    def handle(self, *_: Any, **chosen: Any) -> None:
        """Do one of them."""
        self._aliases = chosen["database"] or [DEFAULT_DB_ALIAS]
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
        path = self._path(chosen["keyring"])
        action, checked = chosen["action"], not chosen.get("although_in_use")
        key_id = chosen.get("id", "")
        if action == "add":
            key = Key.generate()
            keyring.add(key)
            key_id = key.id
        elif action == "promote":
            keyring.promote(key_id)
        elif action == "promote-index":
            if checked:
                self._refuse_unfilled(chosen["keyring"], key_id)
            keyring.promote_index(key_id)
        elif action == "disable":
            keyring.disable(key_id)
        elif action == "enable":
            keyring.enable(key_id)
        else:
            if checked:
                self._refuse_in_use(keyring, chosen["keyring"], key_id)
            keyring.destroy(key_id)
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
        live = {
            key.id
            for key in keyring.keys
            if key.index_state in (KeyState.PRIMARY, KeyState.ACTIVE)
        }
        if key_id not in live:
            return
        for column in self._columns(name):
            # An index does not show its key: each is computed again.
            if column.companions and (wrong := verify(column).misindexed):
                raise CommandError(
                    f"{column} has {len(wrong)} rows whose index is not under the key "
                    "that writes indexes. Run hauberk_reencrypt first."
                )

    def _refuse_unfilled(self, name: str, key_id: str) -> None:
        """Refuse to change the key of unique indexes before both columns are full."""
        for column in self._columns(name):
            spec = column.field.index
            if not spec or not spec.unique:
                continue
            if spec.next_key != key_id:
                raise CommandError(
                    f"{column} is unique under the present key alone. Give its index "
                    f"next_key={key_id!r}, migrate, deploy and run hauberk_reencrypt "
                    "first."
                )
            if count := column.pending():
                raise CommandError(
                    f"{column} has {count} rows without the next index. Run "
                    "hauberk_reencrypt first."
                )

    # -- pieces ------------------------------------------------------------------------

    def _columns(self, name: str) -> list[Column]:
        return [
            Column(field, connections[alias])
            for alias in self._aliases
            for field in columns()
            if field.keyring == name
        ]

    def _counts(self, name: str) -> dict[str, dict[str, int]]:
        return {
            f"{column} ({column.connection.alias})": column.counts()
            for column in self._columns(name)
        }

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


_CHANGES = {
    "promote": "encrypt with this key from now on",
    "promote-index": "write indexes with this key from now on",
    "disable": "refuse what this key encrypted, until it is enabled",
    "enable": "decrypt with this key again",
    "destroy": "wipe this key for good, if no row is under it",
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
        "done, remove next_key and migrate."
    ),
    "disable": "disabled. If something still needs it, enable it again.",
    "enable": "decrypts again.",
    "destroy": "destroyed. Backups that hold rows under it cannot be read any more.",
}
