"""Signed text and signed JSON: who wrote it is certain, and when.

A signature hides nothing and stops nobody from showing a token twice. Each signer has
its own key, derived with HKDF-SHA256 from the secret, the class and the salt, and signs
with HMAC-SHA256; a token of one salt or class is worth nothing for another.

Where `keys` are wanted, one key or a sequence of keys may be given: the first signs,
all verify. To replace a key, put the new one in front and take the old one out when its
last token has expired.

Tokens of itsdangerous and Django are read by `hauberk.signing.readers`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias, TypeGuard

from hauberk._rust import Serializer as Serializer
from hauberk._rust import Signer as Signer
from hauberk._rust import TimestampSigner as TimestampSigner

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    Key: TypeAlias = str | bytes | bytearray | memoryview
    Keys: TypeAlias = Key | Sequence[Key]

__all__ = [
    "Serializer",
    "Signer",
    "TimestampSigner",
    "dumps",
    "loads",
]


def dumps(obj: Any, keys: Keys, /, *, salt: Key) -> str:
    """Return a signed token of an object, as `Serializer.dumps` does.

    Args:
        obj: What JSON can hold, of at most 768 KiB as JSON.
        keys: One key or a sequence of keys, each at least 16 bytes long. The first
            signs.
        salt: What the token is for, `"invitation"` for instance. Not secret.

    Raises:
        TypeError: The object, or one inside it, is none that JSON has.
        InvalidInputError: It is too long or too deep, or a key is too short.

    >>> token = dumps({"team": 7}, "k" * 50, salt="invitation")
    >>> loads(token, "k" * 50, salt="invitation", max_age=3600)
    {'team': 7}
    """
    return _serializer(keys, salt).dumps(obj)


def loads(
    token: str,
    keys: Keys,
    /,
    *,
    salt: Key,
    max_age: float | timedelta | None,
) -> Any:
    """Return the object of a token that is not too old, as `Serializer.loads` does.

    Args:
        token: What `dumps` returned once, or whatever came in a request.
        keys: One key or a sequence of keys, each at least 16 bytes long. All verify.
        salt: What the token is for, as it was given to `dumps`.
        max_age: How old the token may be: seconds from 0 up, or a `timedelta`. `None`,
            which must be written, accepts any age.

    Raises:
        BadSignatureError: None of the keys signed this, for this salt.
        SignatureExpiredError: The signature is right and older than `max_age`, or dated
            more than 60 seconds ahead.
        InvalidInputError: `max_age` is negative or not finite, or a key is too short.
    """
    return _serializer(keys, salt).loads(token, max_age=max_age)


def _serializer(keys: Keys, salt: Key) -> Serializer:
    if isinstance(keys, (str, bytes)) and isinstance(salt, (str, bytes)):
        return _cached(keys, salt)
    if not isinstance(keys, (str, bytes, bytearray, memoryview)):
        keys = tuple(keys)
    if _is_fixed(keys) and isinstance(salt, (str, bytes)):
        return _cached(keys, salt)
    # What may be overwritten is not kept: its owner may be about to wipe it.
    return Serializer(keys, salt=salt)


def _is_fixed(keys: Keys) -> TypeGuard[str | bytes | tuple[str | bytes, ...]]:
    if isinstance(keys, tuple):
        return all(isinstance(key, (str, bytes)) for key in keys)
    return isinstance(keys, (str, bytes))


# The cache holds references to the strings that the caller's settings hold as well, no
# copies. What is derived from them is in Rust, and wiped when its entry leaves.
@lru_cache(maxsize=64)
def _cached(
    keys: str | bytes | tuple[str | bytes, ...], salt: str | bytes
) -> Serializer:
    return Serializer(keys, salt=salt)
