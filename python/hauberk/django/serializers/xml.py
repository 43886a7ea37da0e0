"""The format `xml`."""

from __future__ import annotations

from typing import Any

from django.core.serializers import xml_serializer as django

from hauberk.django.fields import dump
from hauberk.django.serializers import Serializing

__all__ = ["Deserializer", "Serializer"]

_plain: Any = django


class Serializer(Serializing, _plain.Serializer):  # type: ignore[misc]
    """Writes `xml`, encrypted fields as ciphertexts."""


class Deserializer(_plain.Deserializer):  # type: ignore[misc]
    """Reads `xml`."""

    def _handle_object(self, node: Any) -> Any:
        with dump.loading():
            return super()._handle_object(node)
