"""Checks of the keys that Django signs with through hauberk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core import checks
from django.utils.module_loading import import_string

from hauberk.django.signing import TimestampSigner
from hauberk.exceptions import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.apps import AppConfig

__all__ = ["check_signing"]


def check_signing(
    app_configs: Sequence[AppConfig] | None = None,  # noqa: ARG001 - Django's signature
    **_: Any,
) -> list[checks.CheckMessage]:
    """Look at `SECRET_KEY` and its fallbacks where `SIGNING_BACKEND` is hauberk's.

    Django puts a constant before each key that signs a cookie, so the signer itself
    never sees there how short it is.

    `hauberk.E301`: a key is shorter than 16 bytes; who has a cookie could guess it.
    """
    backend = import_string(settings.SIGNING_BACKEND)
    if not (isinstance(backend, type) and issubclass(backend, TimestampSigner)):
        return []
    return [
        checks.Error(
            f"{name} is shorter than the 16 bytes that signing asks for.",
            hint="Make one of 50 characters: hauberk.tokens.random_string(50).",
            id="hauberk.E301",
        )
        for name, key in _keys()
        if _is_refused(key)
    ]


def _keys() -> Iterator[tuple[str, Any]]:
    yield "SECRET_KEY", settings.SECRET_KEY
    for index, key in enumerate(settings.SECRET_KEY_FALLBACKS):
        yield f"SECRET_KEY_FALLBACKS[{index}]", key


def _is_refused(key: Any) -> bool:
    try:
        TimestampSigner(key=key, salt=__name__, fallback_keys=())
    except InvalidInputError:
        return True
    return False
