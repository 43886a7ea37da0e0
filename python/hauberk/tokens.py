"""Random tokens and API keys.

The randomness is the operating system's, for each token. The functions named as in the
standard library's `secrets` mean the same, but that no bytes at all, and more than a
mebibyte, are an error: such a length is a mistake.
"""

from __future__ import annotations

import hashlib
import re
import string
import zlib
from dataclasses import dataclass

from hauberk import _rust
from hauberk.exceptions import InvalidInputError

__all__ = [
    "ApiKey",
    "api_key",
    "check_api_key",
    "hash_api_key",
    "parse_api_key",
    "random_string",
    "token_bytes",
    "token_hex",
    "token_urlsafe",
]

#: Letters and digits of either case: 5.95 bits a character.
BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase

_DEFAULT_BYTES = 32
_MAX_LENGTH = 1 << 20

_LOOKUP_LENGTH = 12
_SECRET_LENGTH = 32  # 190 bits
_CHECKSUM_LENGTH = 6  # 62 ** 6 > 2 ** 32
_PREFIX = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*\Z")
_MAX_PREFIX = 32
_API_KEY = re.compile(
    rf"(?P<prefix>[a-z][a-z0-9_]{{0,{_MAX_PREFIX - 1}}})"
    rf"_(?P<lookup_id>[0-9A-Za-z]{{{_LOOKUP_LENGTH}}})"
    rf"_[0-9A-Za-z]{{{_SECRET_LENGTH}}}"
    rf"_(?P<checksum>[0-9A-Za-z]{{{_CHECKSUM_LENGTH}}})\Z",
    re.ASCII,
)
_STORED = "sha256$"


def token_bytes(nbytes: int | None = None) -> bytes:
    """Return random bytes.

    Args:
        nbytes: How many, 1 to 1 048 576; 32 (256 bits) resist every search and are the
            default.

    Raises:
        InvalidInputError: `nbytes` is out of range.
        RandomnessUnavailableError: The operating system gave no randomness.

    >>> len(token_bytes(16))
    16
    """
    return _rust.token_bytes(_length(nbytes))


def token_hex(nbytes: int | None = None) -> str:
    """Return random bytes as lower-case hexadecimal text, two characters a byte.

    Args:
        nbytes: How many bytes, 1 to 1 048 576; 32 unless given.

    Raises:
        InvalidInputError: `nbytes` is out of range.
        RandomnessUnavailableError: The operating system gave no randomness.

    >>> len(token_hex(16))
    32
    """
    return _rust.token_hex(_length(nbytes))


def token_urlsafe(nbytes: int | None = None) -> str:
    """Return random bytes as base64url text without padding (RFC 4648, section 5).

    Args:
        nbytes: How many bytes, 1 to 1 048 576; 32 unless given.

    Raises:
        InvalidInputError: `nbytes` is out of range.
        RandomnessUnavailableError: The operating system gave no randomness.

    >>> len(token_urlsafe(32))
    43
    """
    return _rust.token_urlsafe(_length(nbytes))


def random_string(length: int, /, alphabet: str = BASE62) -> str:
    """Return characters drawn from an alphabet, each with exactly the same probability.

    Args:
        length: How many characters, 1 to 1 048 576.
        alphabet: 2 to 65 536 different characters.

    Raises:
        InvalidInputError: `length` or `alphabet` is not as above.
        RandomnessUnavailableError: The operating system gave no randomness.

    >>> set(random_string(100, "01")) <= {"0", "1"}
    True
    """
    return _rust.random_string(_length(length), alphabet)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """The public parts of an API key.

    Attributes:
        prefix: Who issued it and what for, as given to `api_key`.
        lookup_id: What to find the stored row by; not secret.
    """

    prefix: str
    lookup_id: str


def api_key(prefix: str, /) -> str:
    """Return a new API key, `<prefix>_<lookup id>_<secret>_<checksum>`.

    The secret has 190 bits, so a plain SHA-256 of the key may be stored: see
    `hash_api_key`. The checksum lets a secret scanner, or `parse_api_key`, tell a key
    from a typing error without asking a database; it is no security feature.

    Args:
        prefix: 1 to 32 lower-case letters, digits and underscores, beginning with a
            letter and without an underscore at the end or two in a row: `"shop_live"`.

    Raises:
        InvalidInputError: The prefix is not as above.

    >>> key = api_key("shop_live")
    >>> parse_api_key(key).prefix
    'shop_live'
    """
    if not _PREFIX.match(prefix) or len(prefix) > _MAX_PREFIX:
        message = (
            f"A prefix is 1 to {_MAX_PREFIX} lower-case letters, digits and single "
            "underscores, and begins with a letter."
        )
        raise InvalidInputError(message)
    lookup_id = _rust.random_string(_LOOKUP_LENGTH, BASE62)
    body = f"{prefix}_{lookup_id}_{_rust.random_string(_SECRET_LENGTH, BASE62)}"
    return f"{body}_{_checksum(body)}"


def parse_api_key(key: str, /) -> ApiKey:
    """Return the public parts of an API key whose form and checksum are right.

    That a key parses says nothing about whether it was ever issued: look its
    `lookup_id` up and call `check_api_key`.

    Raises:
        InvalidInputError: The key is not of the form, or its checksum does not match.
            The key is not quoted.
    """
    match = _API_KEY.match(key)
    if match is None or not _PREFIX.match(match["prefix"]):
        raise InvalidInputError("This is not an API key.")
    body, _, checksum = key.rpartition("_")
    if checksum != _checksum(body):
        raise InvalidInputError(
            "The API key's checksum does not match: a typing error?"
        )
    return ApiKey(match["prefix"], match["lookup_id"])


def hash_api_key(key: str, /) -> str:
    """Return what to store instead of an API key: `sha256$` and 64 hexadecimal digits.

    A slow hash is for secrets that people choose; one of 190 random bits needs none
    (OWASP ASVS 5.0, 6.5.2 asks for one below 112 bits).

    Raises:
        InvalidInputError: This is not an API key.

    >>> key = api_key("shop")
    >>> check_api_key(key, hash_api_key(key))
    True
    """
    parse_api_key(key)
    return _digest(key)


def check_api_key(key: str, stored_hash: str, /) -> bool:
    """Return whether `stored_hash` was made from `key`, in constant time.

    Whatever comes in a request may be passed: a `key` that is none is simply False.

    Raises:
        InvalidInputError: `stored_hash` is none of `hash_api_key`'s: a fault of the
            store, and not of the request.
    """
    if not re.fullmatch(r"sha256\$[0-9a-f]{64}", stored_hash):
        raise InvalidInputError("The stored hash is not one of hash_api_key().")
    try:
        parse_api_key(key)
    except InvalidInputError:
        return False
    return _rust.compare_digest(_digest(key), stored_hash)


def _digest(key: str) -> str:
    return _STORED + hashlib.sha256(key.encode("ascii")).hexdigest()


def _checksum(body: str) -> str:
    number = zlib.crc32(body.encode("ascii"))
    digits = []
    for _ in range(_CHECKSUM_LENGTH):
        number, digit = divmod(number, len(BASE62))
        digits.append(BASE62[digit])
    return "".join(reversed(digits))


def _length(length: int | None) -> int:
    if length is None:
        return _DEFAULT_BYTES
    if not 1 <= length <= _MAX_LENGTH:
        raise InvalidInputError(f"A length is 1 to {_MAX_LENGTH}, not {length}.")
    return length
