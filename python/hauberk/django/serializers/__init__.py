"""Django's serializers, which say to encrypted fields that a fixture is at hand.

The application puts them under the formats' own names; a project's
`SERIALIZATION_MODULES` goes before them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core import serializers

from hauberk.django.fields import dump

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Deserializing", "Serializing", "register"]


def register() -> None:
    """Take the place of the formats that Django has by itself."""
    for name in serializers.BUILTIN_SERIALIZERS:
        serializers.BUILTIN_SERIALIZERS[name] = f"{__name__}.{name}"


class Serializing:
    """Writes ciphertexts."""

    def handle_field(self, obj: Any, field: Any) -> None:
        """Write one field of one object."""
        format_: Any = super()
        with dump.dumping():
            format_.handle_field(obj, field)


class Deserializing:
    """Reads ciphertexts."""

    def _handle_object(self, obj: Any) -> Iterator[Any]:
        format_: Any = super()
        with dump.loading():
            objects = list(format_._handle_object(obj))  # noqa: SLF001 - of the base
        yield from objects
