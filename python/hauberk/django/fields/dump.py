"""Fixtures: `dumpdata` writes ciphertexts, and `loaddata` reads them.

Django gives a field no other sign of it: the serializers of
`hauberk.django.serializers` say when they are at work. A ciphertext that arrives
anywhere else, in a form above all, is a text like any other.
"""

from __future__ import annotations

from base64 import b64encode
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Field

from hauberk.django.conf import settings
from hauberk.django.fields import bind as binding
from hauberk.encryption.wire import bytes_of_text, text_of_bytes
from hauberk.exceptions import DecryptionError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DUMPING", "LOADING", "dumped", "dumped_text", "dumping", "load", "loading"]

DUMPING: Final[ContextVar[bool]] = ContextVar("hauberk.dumping", default=False)
LOADING: Final[ContextVar[bool]] = ContextVar("hauberk.loading", default=False)


@contextmanager
def dumping() -> Iterator[None]:
    """Let fields give what stands in a fixture."""
    token = DUMPING.set(True)
    try:
        yield
    finally:
        DUMPING.reset(token)


@contextmanager
def loading() -> Iterator[None]:
    """Let fields read what stands in a fixture."""
    token = LOADING.set(True)
    try:
        yield
    finally:
        LOADING.reset(token)


def dumped(field: Any, value: Any, instance: Any) -> Any:
    """Return what stands in a fixture for a value: a ciphertext, always as text."""
    if settings().dump_plaintext:
        return value
    if field.bind:
        sealed = binding.seal(field, value, instance).value
    else:
        sealed = field.wire.seal(field.written(value))
    if field.storage == "binary":
        return text_of_bytes(sealed, field.wire.prefix)
    return sealed


def dumped_text(field: Any, value: Any, instance: Any) -> Any:
    """Return what stands in a fixture as text; only plain JSON is not text."""
    if settings().dump_plaintext:
        return _plain_string(field, instance)
    return dumped(field, value, instance)


def load(field: Any, value: Any) -> Any:
    """Return the value of a fixture's ciphertext; anything else as it is."""
    wire = field.wire
    if not isinstance(value, str) or not wire.cipher.is_encrypted(value):
        return value
    if field.bind:
        return binding.Sealed(_sealed(field, value))
    try:
        form = wire.open(_sealed(field, value))
    except DecryptionError:
        if settings().dump_plaintext:
            # A text that somebody wrote: what is ours opens.
            return value
        raise
    return field.from_canonical(form)


def _sealed(field: Any, text: str) -> Any:
    if field.storage == "binary":
        return bytes_of_text(text, field.wire.cipher)
    return text


def _plain_string(field: Any, instance: Any) -> Any:
    """Return what Django writes for a plain field."""
    if field.canonical.binary and isinstance(getattr(instance, field.attname), bytes):
        return b64encode(getattr(instance, field.attname)).decode("ascii")
    kinds: Any = type(field).__mro__
    for kind in kinds:
        if kind.__module__.startswith("django.") and "value_to_string" in vars(kind):
            return kind.value_to_string(field, instance)
    return str(Field.value_from_object(field, instance))
