"""What makes values alike that should be found by each other in a blind index.

Changing what one of these does to any text makes rows unfindable: a change is a new
version, with a new label in `src/encryption/blind_index.rs`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from hauberk.exceptions import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

Normalizer: TypeAlias = Literal["casefold", "digits", "email"] | Callable[[str], str]

__all__ = ["Normalizer", "options_of"]


def options_of(
    normalize: Normalizer | None,
) -> tuple[str | None, Callable[[str], str] | None, str | None]:
    """Return a normaliser as the extension takes it: name, function, label."""
    if normalize is None:
        return None, None, None
    if isinstance(normalize, str):
        return normalize, _BY_NAME.get(normalize), None
    label = getattr(normalize, "label", None)
    if not isinstance(label, str) or not label:
        message = (
            "A function to normalize by has an attribute `label`, a name with a "
            "version such as phone/1."
        )
        raise ConfigurationError(message)
    return None, normalize, label


def casefold(text: str) -> str:
    """Return text as the Unicode standard compares it without case (D146), in NFC."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())


def email(text: str) -> str:
    """Return an address in lower case and without white space around it."""
    return casefold(text.strip())


def digits(text: str) -> str:
    """Return the decimal digits of a text, those of other scripts as ASCII."""
    return "".join(
        str(unicodedata.decimal(character))
        for character in text
        if character.isdecimal()
    )


_BY_NAME: Final[Mapping[str, Callable[[str], str]]] = {
    "casefold": casefold,
    "digits": digits,
    "email": email,
}
