"""The alphabets that the bytes of old hashes are written in."""

from __future__ import annotations

import base64
import string

__all__ = ["adapted", "hexadecimal", "of_bcrypt", "standard"]


def standard(text: str) -> bytes:
    """Decode what Django writes: RFC 4648 with padding, and one text for each value.

    Raises:
        ValueError: It is no such text.
    """
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError
    return data


def adapted(text: str) -> bytes:
    """Decode what passlib writes: `.` for `+`, and no padding.

    Raises:
        ValueError: It is no such text.
    """
    if "+" in text or "=" in text:
        raise ValueError
    return standard(_padded(text.replace(".", "+")))


def hexadecimal(text: str) -> bytes:
    """Decode what Werkzeug writes: lower-case digits and nothing between them.

    Raises:
        ValueError: It is no such text.
    """
    data = bytes.fromhex(text)
    if data.hex() != text:
        raise ValueError
    return data


def of_bcrypt(text: str) -> bytes:
    """Decode bcrypt's own order of the alphabet.

    The last character may carry bits that no byte takes. Every implementation in C
    ignores them, and some writers set them.

    Raises:
        ValueError: It is no such text.
    """
    if not _BCRYPT.issuperset(text):
        raise ValueError
    return base64.b64decode(_padded(text.translate(_FROM_BCRYPT)), validate=True)


def _padded(text: str) -> str:
    return text + "=" * (-len(text) % 4)


_STANDARD = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
_IN_ORDER = "./" + string.ascii_uppercase + string.ascii_lowercase + string.digits
_BCRYPT = frozenset(_IN_ORDER)
_FROM_BCRYPT = str.maketrans(_IN_ORDER, _STANDARD)
