"""Hashes of older schemes: they verify, ask to be made anew, and are never made.

| written by | beginning |
|---|---|
| Django | `pbkdf2_sha256$`, `pbkdf2_sha1$`, `scrypt$`, `bcrypt$`, `bcrypt_sha256$` |
| Werkzeug | `scrypt:`, `pbkdf2:` |
| bcrypt | `$2a$`, `$2b$`, `$2y$` |
| passlib | `$pbkdf2$`, `$pbkdf2-sha256$`, `$pbkdf2-sha512$` |

What a hash asks for is bounded before anything is allocated or computed, and its turn
is the limiter's to give, as for argon2.
"""

from __future__ import annotations

from typing import Final

from hauberk.passwords.legacy import bcrypt, pbkdf2, scrypt
from hauberk.passwords.legacy.scheme import Form, OldHash, Scheme, malformed

__all__ = ["OldHash", "Scheme", "read", "read_header"]


def read(text: str) -> OldHash | None:
    """Return the parts of a hash, or None if it is of none of these schemes.

    Raises:
        InvalidHashError: It begins as one of these and is malformed.
        HashParametersError: It asks for more than the bounds allow.

    >>> read("$2b$12$abcdefghijklmnopqrstuu2t0XgdYJzwxWKg3IbI2ZOkqhn0YH7Li").scheme.name
    'bcrypt'
    >>> read("$argon2id$v=19$m=8,t=1,p=1$MTIzNDU2Nzg5MDEyMzQ1Ng$maTa5w") is None
    True
    """
    form = _form(text)
    if form is None:
        return None
    try:
        length = len(text.encode())
    except UnicodeEncodeError:
        # Python's own error quotes the text, which may have been typed as a password.
        raise malformed() from None
    if length > _LONGEST:
        raise malformed() from None
    return form.take_apart(text)


def read_header(header: str) -> Scheme:
    """Return the scheme of a hash whose digest was taken away.

    Raises:
        InvalidHashError: It is none of these.
        HashParametersError: It asks for more than the bounds allow.
    """
    form = _form(header)
    if form is None:
        raise malformed() from None
    return form.read(header)


def _form(text: str) -> Form | None:
    return next((form for form in FORMS if text.startswith(form.prefix)), None)


#: Every text there is; no prefix begins with another.
FORMS: Final = (*bcrypt.FORMS, *pbkdf2.FORMS, *scrypt.FORMS)

_LONGEST: Final = 512
