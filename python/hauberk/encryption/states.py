"""What may be known of the keys in a keyring."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["KeyInfo", "KeyState"]


class KeyState(StrEnum):
    """What a key may be used for.

    Attributes:
        PRIMARY: Encrypts and decrypts. Exactly one key of a keyring.
        ACTIVE: Decrypts.
        DISABLED: Does nothing until it is enabled.
        DESTROYED: Is gone; only its id is left, so that errors can name it.
    """

    PRIMARY = "PRIMARY"
    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"
    DESTROYED = "DESTROYED"


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """What may be known of a key.

    Attributes:
        id: The name that ciphertexts carry: eight lower-case hexadecimal digits.
        state: Its part in encryption.
        created: When it was first added to a keyring, in UTC.
        index_state: Its part in blind indexes, which rotate at a pace of their own.
    """

    id: str
    state: KeyState
    created: datetime
    index_state: KeyState
