"""From claims to a token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from hauberk import _rust
from hauberk.jwt._options import names, seconds
from hauberk.jwt._sealed import HoldsKeys
from hauberk.jwt.keys import check_key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import timedelta

    from hauberk.jwt.keys import HmacKey, PrivateKey


class Signer(HoldsKeys, _rust.JwtSigner):
    """Signs tokens with one key.

    Guarantees that every token says when it ends unless the caller wrote that it does
    not, and that header and claims are what the arguments say: a claim or parameter
    that is set in two places is an error.

    Args:
        key: An `HmacKey` or a `PrivateKey`.
        issuer: The claim `iss` of every token.
        audience: The claim `aud`: one name, or several.
        lifetime: After how many seconds, or what timedelta, tokens end.
        typ: The header's `typ`, which keeps kinds of tokens apart (RFC 8725, section
            3.11): `"at+jwt"` for access tokens.
        headers: Further header parameters of every token.
        add_jti: Add a random `jti` where the claims have none.
        add_iat: Add `iat` where the claims have none.
        clock: Returns the present in seconds since the epoch; for tests. A present that
            is no number, before 1970 or after 9999 is a `ConfigurationError` of `sign`.

    Raises:
        InvalidKeyError: The key is a public one.
        InvalidInputError: A name is empty, or `lifetime` is not positive, or `headers`
            sets what is not the caller's to set.

    >>> from hauberk.jwt import HmacKey, unverified
    >>> signer = Signer(HmacKey.generate(), issuer="shop", lifetime=600, add_jti=False,
    ...                 clock=lambda: 1_800_000_000)
    >>> unverified(signer.sign({"sub": "ada"})).claims
    {'sub': 'ada', 'iss': 'shop', 'iat': 1800000000, 'exp': 1800000600}
    """

    __slots__ = ()

    def __new__(  # noqa: D102, PLR0913 - see the class
        cls,
        key: HmacKey | PrivateKey,
        *,
        issuer: str | None = None,
        audience: str | Collection[str] | None = None,
        lifetime: float | timedelta | None = None,
        typ: str = "JWT",
        headers: Mapping[str, Any] | None = None,
        add_jti: bool = True,
        add_iat: bool = True,
        clock: Callable[[], float] | None = None,
    ) -> Self:
        check_key(key)
        return super().__new__(
            cls,
            key,
            issuer,
            names(audience),
            seconds(lifetime),
            typ,
            headers,
            add_jti,
            add_iat,
            clock,
        )
