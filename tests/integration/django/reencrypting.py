"""What the tests of re-encryption have in common."""

from __future__ import annotations

import io
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.management import CommandError, call_command
from django.db import connections, transaction

from hauberk.django.reencryption import Column
from hauberk.encryption import Key, Keyring

if TYPE_CHECKING:
    from collections.abc import Iterator


def rotate(ring: Keyring) -> tuple[str, str]:
    """Promote a new key and return the ids, the old one first."""
    old, key = ring.primary_id, Key.generate()
    ring.add(key)
    ring.promote(key.id)
    return old, key.id


def rotate_index(ring: Keyring) -> tuple[str, str]:
    """Let a new key write indexes and return the ids, the old one first."""
    (old,) = (one.id for one in ring.keys if one.index_state == "PRIMARY")
    key = Key.generate()
    ring.add(key)
    ring.promote_index(key.id)
    return old, key.id


def run(*labels: str, **options: Any) -> str:
    """Run the command and return what it says."""
    out = io.StringIO()
    call_command("hauberk_reencrypt", *labels, stdout=out, stderr=out, **options)
    return out.getvalue()


def run_in_vain(*labels: str, **options: Any) -> str:
    """Run the command, which must fail, and return what it says."""
    out = io.StringIO()
    try:
        call_command("hauberk_reencrypt", *labels, stdout=out, stderr=out, **options)
    except CommandError as error:
        return f"{out.getvalue()}{error}"
    raise AssertionError("It did not fail.")


def column(model: Any, name: str, using: str = "default") -> Column:
    """Return one encrypted column."""
    return Column(model._meta.get_field(name), connections[using])


@contextmanager
def locked(model: Any, pk: Any, using: str) -> Iterator[threading.Event]:
    """Let somebody else hold a row until the event is set, or the block ends."""
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic(using=using):
                model._default_manager.using(using).select_for_update().get(pk=pk)
                held.set()
                release.wait(60)
        finally:
            connections[using].close()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert held.wait(10)
        yield release
    finally:
        release.set()
        holder.join()


@contextmanager
def table(model: Any, using: str) -> Iterator[None]:
    """Have a table for a while."""
    with connections[using].schema_editor() as editor:
        editor.create_model(model)
    try:
        yield
    finally:
        with connections[using].schema_editor() as editor:
            editor.delete_model(model)
