"""From a token to claims that may be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeAlias

from hauberk import _rust
from hauberk.jwt._options import names, seconds
from hauberk.jwt._sealed import HoldsKeys
from hauberk.jwt.key_sets import key_set

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import timedelta

    from hauberk._rust import UnverifiedToken
    from hauberk.jwt.key_sets import KeySet
    from hauberk.jwt.keys import HmacKey, PrivateKey, PublicKey

    Key: TypeAlias = HmacKey | PrivateKey | PublicKey
    Keys: TypeAlias = Key | KeySet | Iterable[Key]

_DEFAULT_MAX_LENGTH = 16_384  # bytes


class Verifier(HoldsKeys, _rust.JwtVerifier):
    """Verifies tokens: signature first, then what they claim.

    Guarantees that what it returns was signed by one of the keys with that key's
    algorithm, is of the expected kind, comes from an expected issuer, is meant for us,
    is valid now, and reads the same for every strict reader. It says nothing about
    revocation.

    Args:
        keys: One key, or several. A header's `kid` picks the key of that name; keys
            without a name are tried in their order.
        issuer: Who may have issued a token: one name, or several. None does not look.
        audience: For whom a token may be: one name, or several, of which the token
            must have one. None refuses a token that is for somebody.
        typ: The kind of token. `"JWT"` may be missing in a header, others may not;
            upper and lower case are the same, and so is a leading `application/`.
        require: Claims that must be there.
        leeway: By how many seconds, or what timedelta, clocks may differ.
        max_age: How long after its `iat`, which is then required, a token is accepted
            at most: seconds or a timedelta.
        subject: About whom a token must be.
        max_length: How long a token may be, in bytes.
        clock: Returns the present in seconds since the epoch; for tests. A present that
            is no number, before 1970 or after 9999 is a `ConfigurationError` of
            `verify`, whatever the token says.

    Raises:
        InvalidKeyError: There is no key, or one name stands for two.
        InvalidInputError: A name is empty, or a number of seconds negative.

    >>> from hauberk.jwt import HmacKey
    >>> verifier = Verifier(HmacKey.generate(), issuer=None, audience=None)
    >>> verifier.claims("no token")
    Traceback (most recent call last):
      ...
    hauberk.exceptions.MalformedTokenError: A token is three parts between full stops.
    """

    __slots__ = ()

    def __new__(  # noqa: D102, PLR0913 - see the class
        cls,
        keys: Keys,
        *,
        issuer: str | Collection[str] | None,
        audience: str | Collection[str] | None,
        typ: str = "JWT",
        require: Iterable[str] = ("exp",),
        leeway: float | timedelta = 0,
        max_age: float | timedelta | None = None,
        subject: str | None = None,
        max_length: int = _DEFAULT_MAX_LENGTH,
        clock: Callable[[], float] | None = None,
    ) -> Self:
        return super().__new__(
            cls,
            key_set(keys),
            names(issuer),
            names(audience),
            typ,
            names(require) or [],
            seconds(leeway) or 0,
            seconds(max_age),
            subject,
            max_length,
            clock,
        )


def unverified(token: str | bytes, /) -> UnverifiedToken:
    """Return what a token claims without knowing who wrote it.

    For a log or a debugger, or to find out which issuer's keys to fetch. The form is as
    strict as a `Verifier`'s; nothing else is checked, and nothing may be believed.

    Args:
        token: A compact JWS of at most 16 384 bytes.

    Raises:
        MalformedTokenError: This is no token.
    """
    return _rust.jwt_unverified(token)
