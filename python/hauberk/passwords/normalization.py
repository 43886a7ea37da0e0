"""The spellings under which a password is tried."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from hauberk.exceptions import InvalidInputError

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["Form", "checked", "is_encodable", "spellings"]

Form: TypeAlias = Literal["NFKC"]


def checked(form: Form | None) -> Form | None:
    """Return a form that is known.

    Raises:
        InvalidInputError: It is none.
    """
    if form not in (None, "NFKC"):
        raise InvalidInputError("normalize is None or 'NFKC'.")
    return form


def spellings(
    password: str | Buffer, form: Form | None
) -> tuple[str | Buffer, str | Buffer | None]:
    """Return the password to hash, and what to try if it does not match.

    The second is the password as it was typed, where that differs: accounts from before
    normalization may have it. Bytes are not text, and stay as they are.
    """
    if form is None or not isinstance(password, str) or len(password) > _LONGEST:
        return password, None
    normalized = unicodedata.normalize(form, password)
    return normalized, None if normalized == password else password


def is_encodable(password: str | Buffer) -> bool:
    """Return whether a password has a UTF-8 form: a lone surrogate has none."""
    if not isinstance(password, str) or password.isascii():
        return True
    try:
        password.encode()
    except UnicodeEncodeError:
        return False
    return True


# Sorting combining characters takes quadratic time. What is longer is never normalized.
_LONGEST: Final = 4096
