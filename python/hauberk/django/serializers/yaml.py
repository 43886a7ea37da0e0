"""The format `yaml`."""

from __future__ import annotations

from typing import Any

from django.core.serializers import pyyaml as django

from hauberk.django.serializers import Deserializing, Serializing

__all__ = ["Deserializer", "Serializer"]

_plain: Any = django


class Serializer(Serializing, _plain.Serializer):  # type: ignore[misc]
    """Writes `yaml`, encrypted fields as ciphertexts."""


class Deserializer(Deserializing, _plain.Deserializer):  # type: ignore[misc]
    """Reads `yaml`."""
