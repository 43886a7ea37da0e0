"""From a token to claims that may be trusted."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias

from hauberk import _rust
from hauberk.exceptions import InvalidInputError
from hauberk.jwt._options import DEFAULT_MAX_LENGTH, names, seconds
from hauberk.jwt._sealed import HoldsKeys
from hauberk.jwt.key_sets import key_set
from hauberk.jwt.keys import HmacKey
from hauberk.jwt.remote import RemoteKeySet

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import timedelta

    from hauberk._rust import Token, UnverifiedToken
    from hauberk.jwt.key_sets import KeySet
    from hauberk.jwt.keys import PrivateKey, PublicKey

    Key: TypeAlias = HmacKey | PrivateKey | PublicKey
    Keys: TypeAlias = Key | KeySet | Iterable[Key]
    _Options: TypeAlias = tuple[
        list[str] | None,
        list[str] | None,
        str,
        list[str],
        float,
        float | None,
        str | None,
        int,
        int,
        Callable[[], float] | None,
    ]

_RFC_9068 = ("iss", "exp", "aud", "sub", "client_id", "iat", "jti")  # section 2.2


class Verifier(HoldsKeys, _rust.JwtVerifier):
    """Verifies tokens: signature first, then what they claim.

    Guarantees that what it returns was signed by one of the keys with that key's
    algorithm, is of the expected kind, comes from an expected issuer, is meant for us,
    is valid now, and reads the same for every strict reader. It says nothing about
    revocation.

    Args:
        keys: One key, several, a `KeySet`, or a `RemoteKeySet`, which is asked with
            each token and once more for a `kid` that it lacks. A header's `kid` picks
            the key of that name; keys without a name are tried in their order.
        issuer: Who may have issued a token: one name, or several. None does not look.
        audience: For whom a token may be: one name, or several, of which the token
            must have one. None refuses a token that is for somebody.
        typ: The kind of token, which is always looked at. `"JWT"` may be missing in a
            header, others may not; upper and lower case are the same, and so is a
            leading `application/`.
        require: Claims that must be there.
        leeway: By how many seconds, or what timedelta, clocks may differ.
        max_age: How long after its `iat`, which is then required, a token is accepted
            at most: seconds or a timedelta.
        subject: About whom a token must be.
        max_length: How long a token may be, in bytes.
        cache_size: How many tokens with an asymmetric signature are remembered by their
            hash, up to a million, so that the signature of one that comes again is not
            verified again; its claims are. Each takes some 40 bytes. 0 remembers none.
        clock: Returns the present in seconds since the epoch; for tests. A present that
            is no number, before 1970 or after 9999 is a `ConfigurationError` of
            `verify`, whatever the token says.

    Raises:
        InvalidKeyError: There is no key, or one name stands for two.
        InvalidInputError: A name is empty or has a lone surrogate, or a number is
            negative or too large.
        KeySetFetchError: Not here but when a token is verified: a `RemoteKeySet` has no
            keys that may be used.

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
        keys: Keys | RemoteKeySet,
        *,
        issuer: str | Collection[str] | None,
        audience: str | Collection[str] | None,
        typ: str = "JWT",
        require: Iterable[str] = ("exp",),
        leeway: float | timedelta = 0,
        max_age: float | timedelta | None = None,
        subject: str | None = None,
        max_length: int = DEFAULT_MAX_LENGTH,
        cache_size: int = 0,
        clock: Callable[[], float] | None = None,
    ) -> Self:
        if not isinstance(typ, str):
            # None would switch the check off that keeps kinds of tokens apart.
            raise TypeError("typ is a str, such as JWT or at+jwt.")
        options: _Options = (
            names(issuer),
            names(audience),
            typ,
            names(require),
            seconds(leeway),
            seconds(max_age),
            subject,
            max_length,
            cache_size,
            clock,
        )
        if isinstance(keys, RemoteKeySet):
            # Its own key is nobody's: asked with that, it would refuse everything.
            nobody = key_set(HmacKey.generate())
            following = _following(cls)  # type: ignore[arg-type]  # classes do have a hash
            remote = super().__new__(following, nobody, *options)
            remote._remote, remote._options, remote._last = keys, options, None
            return remote  # type: ignore[return-value]
        return super().__new__(cls, key_set(keys), *options)

    @classmethod
    def access_token(  # noqa: PLR0913 - see the class
        cls,
        keys: Keys | RemoteKeySet,
        *,
        issuer: str | Collection[str],
        audience: str | Collection[str],
        require: Iterable[str] = (),
        leeway: float | timedelta = 0,
        max_age: float | timedelta | None = None,
        subject: str | None = None,
        max_length: int = DEFAULT_MAX_LENGTH,
        cache_size: int = 0,
        clock: Callable[[], float] | None = None,
    ) -> Self:
        """Return a verifier of OAuth 2.0 access tokens (RFC 9068).

        Guarantees what section 4 asks of a resource server: the kind `at+jwt`, an
        expected issuer, an audience of ours, and that `exp`, `iat`, `jti`, `sub` and
        `client_id` are there. What a `scope` allows is the application's to decide.

        Args:
            keys: See the class.
            issuer: Who may have issued a token.
            audience: The resource's own names.
            require: Claims that must be there besides.
            leeway: See the class, as for what follows.
            max_age: How long after `iat` a token is accepted at most.
            subject: About whom a token must be.
            max_length: How long a token may be, in bytes.
            cache_size: How many tokens are remembered by their hash.
            clock: Returns the present in seconds since the epoch; for tests.

        Raises:
            InvalidInputError: There is no issuer or audience; and as for the class.

        >>> from hauberk.jwt import PrivateKey, Signer
        >>> key = PrivateKey.generate("ES256")
        >>> signer = Signer(key, issuer="https://as.example", audience="api",
        ...                 lifetime=300, typ="at+jwt")
        >>> token = signer.sign({"sub": "ada", "client_id": "shop"})
        >>> verifier = Verifier.access_token(
        ...     key.public(), issuer="https://as.example", audience="api")
        >>> verifier.claims(token)["client_id"]
        'shop'
        """
        if None in (issuer, audience):
            raise InvalidInputError("An access token has an issuer and an audience.")
        return cls(
            keys,
            issuer=issuer,
            audience=audience,
            typ="at+jwt",
            require=[*_RFC_9068, *names(require)],
            leeway=leeway,
            max_age=max_age,
            subject=subject,
            max_length=max_length,
            cache_size=cache_size,
            clock=clock,
        )

    async def averify(self, token: str | bytes, /) -> Token:
        """Return what `verify()` does, without blocking while keys are fetched.

        Keys that are at hand are not waited for, so this is for remote key sets.
        """
        return self.verify(token)


class _RemoteVerifier(Verifier):
    """A verifier whose keys are fetched: one of fixed keys for each set that comes."""

    __slots__ = ("_last", "_options", "_remote")

    _remote: RemoteKeySet
    _options: _Options
    _last: tuple[KeySet, _rust.JwtVerifier] | None

    def claims(self, token: str | bytes, /) -> dict[str, Any]:
        """Return the claims of a verified token; see `Verifier`."""
        return self._ready([token]).claims(token)

    def verify(self, token: str | bytes, /) -> Token:
        """Return a verified token; see `Verifier`."""
        return self._ready([token]).verify(token)

    def verify_many(
        self,
        tokens: Iterable[str | bytes],
        /,
        *,
        threads: int = 1,
        on_error: Literal["raise", "return"] = "raise",
    ) -> list[Any]:
        """Return what `verify()` makes of each of several tokens; see `Verifier`."""
        tokens = list(tokens)
        verifier = self._ready(tokens)
        return verifier.verify_many(tokens, threads=threads, on_error=on_error)

    async def averify(self, token: str | bytes, /) -> Token:
        """Return what `verify()` does, without blocking while keys are fetched."""
        verifier = self._with(await self._remote.aget())
        unknown = _unknown(verifier, [token])
        if unknown is not None:
            verifier = self._with(await self._remote.aget(unknown))
        return verifier.verify(token)

    def _ready(self, tokens: list[str | bytes]) -> _rust.JwtVerifier:
        """Return a verifier with the present keys, fetched anew if one is unknown."""
        verifier = self._with(self._remote.get())
        unknown = _unknown(verifier, tokens)
        return verifier if unknown is None else self._with(self._remote.get(unknown))

    def _with(self, keys: KeySet) -> _rust.JwtVerifier:
        last = self._last
        if last is None or last[0] is not keys:
            # What was remembered under other keys goes with their verifier.
            self._last = last = keys, _rust.JwtVerifier(keys, *self._options)
        return last[1]


@cache
def _following(cls: type[Verifier]) -> type[_RemoteVerifier]:
    """Return a class, or a subclass of it, whose verifiers follow fetched keys."""
    if cls is Verifier:
        return _RemoteVerifier
    # What the subclass adds comes first, and `super()` of it leads to the fetching.
    return type(cls.__name__, (cls, _RemoteVerifier), {"__slots__": ()})


def _unknown(verifier: _rust.JwtVerifier, tokens: list[str | bytes]) -> str | None:
    """Return the first `kid` that no key has."""
    kids = (verifier.jwt_unknown_kid(token) for token in tokens)
    return next((kid for kid in kids if kid is not None), None)


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
