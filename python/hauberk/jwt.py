"""JSON Web Tokens (RFC 7519), signed, in compact form.

Keys are typed and bound to one algorithm; a token's header is only compared with it.
What a token must look like follows RFC 8725, and a verifier is told whose tokens for
whom it accepts: nothing is switched off by leaving it out.

>>> key = HmacKey.generate("HS256")
>>> signer = Signer(key, issuer="shop", audience="api", lifetime=600)
>>> verifier = Verifier(key, issuer="shop", audience="api")
>>> verifier.verify(signer.sign({"sub": "ada"})).claims["sub"]
'ada'

The three classes of keys, `Signer` and `Verifier` are immutable and may be shared by
threads. A key's material is wiped when it is dropped.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeAlias

from hauberk import _rust
from hauberk._rust import SignedBytes, Token, UnverifiedToken
from hauberk.exceptions import InvalidKeyError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    Key: TypeAlias = "HmacKey | PrivateKey | PublicKey"

__all__ = [
    "HmacKey",
    "PrivateKey",
    "PublicKey",
    "SignedBytes",
    "Signer",
    "Token",
    "UnverifiedToken",
    "Verifier",
    "sign_bytes",
    "unverified",
    "verify_signature",
]

_DEFAULT_MAX_LENGTH = 16_384  # bytes


class _HoldsKeys:
    __slots__ = ()

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"A {type(self).__name__} holds a key: it cannot be pickled or copied."
        )


class _Key(_HoldsKeys, _rust.JwtKey):
    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} alg={self.alg!r} kid={self.kid!r}>"


class HmacKey(_Key):
    """A shared secret: whoever can verify with it can also sign.

    Args:
        secret: Random bytes, or text as UTF-8; no password. At least as long as the
            hash's output (RFC 7518, section 3.2): 32 bytes for HS256, 48 for HS384, 64
            for HS512. Keys and certificates of other kinds are refused.
        alg: `"HS256"`, `"HS384"` or `"HS512"`.
        kid: The key's name, 1 to 256 bytes, which stands in the header of its tokens.
        allow_weak: Accept a shorter secret, to go on verifying what others sign with
            it. Never an empty one.

    Raises:
        InvalidKeyError: The secret, `alg` or `kid` is not as above.

    >>> HmacKey(bytes(range(32)), kid="2026-11")
    <HmacKey alg='HS256' kid='2026-11'>
    """

    __slots__ = ()

    def __new__(  # noqa: D102 - see the class
        cls,
        secret: str | bytes,
        *,
        alg: str = "HS256",
        kid: str | None = None,
        allow_weak: bool = False,
    ) -> Self:
        return super().__new__(cls, _rust.jwt_hmac_key(secret, alg, kid, allow_weak))

    @classmethod
    def generate(cls, alg: str = "HS256", *, kid: str | None = None) -> Self:
        """Return a key with a new secret, as long as the hash's output.

        Args:
            alg: `"HS256"`, `"HS384"` or `"HS512"`.
            kid: The key's name, or None.

        Raises:
            InvalidKeyError: `alg` or `kid` is not as above.

        >>> HmacKey.generate("HS512").alg
        'HS512'
        """
        if not alg.startswith("HS"):
            raise InvalidKeyError("An HmacKey is for HS256, HS384 or HS512.")
        return super().__new__(cls, _rust.jwt_generate(alg, kid))


class PrivateKey(_Key):
    """The half of a key pair that signs; its `public` half verifies.

    There is no constructor: see `from_pem`, `from_der` and `generate`. The algorithms
    are RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, ES256K and EdDSA,
    also called Ed25519.
    """

    __slots__ = ()

    def __new__(cls) -> Self:
        """Refuse: a private key is read or generated."""
        raise TypeError(
            "Use PrivateKey.from_pem(), PrivateKey.from_der() or PrivateKey.generate()."
        )

    @classmethod
    def from_pem(cls, data: str | bytes, *, alg: str, kid: str | None = None) -> Self:
        """Read a private key in PEM.

        Args:
            data: One block: `PRIVATE KEY` (PKCS#8), `RSA PRIVATE KEY` (PKCS#1) or
                `EC PRIVATE KEY` (SEC 1), not encrypted.
            alg: The algorithm, which must be one for this kind of key and curve.
            kid: The key's name, or None.

        Raises:
            InvalidKeyError: The data is no such key, or an RSA key has fewer than 2048
                bits, more than 8192, or an exponent below 65 537.
        """
        return super().__new__(cls, _rust.jwt_private_key(data, alg, kid, is_pem=True))

    @classmethod
    def from_der(cls, data: bytes, *, alg: str, kid: str | None = None) -> Self:
        """Read a private key in PKCS#8 DER; see `from_pem`."""
        return super().__new__(cls, _rust.jwt_private_key(data, alg, kid, is_pem=False))

    @classmethod
    def generate(cls, alg: str, *, kid: str | None = None) -> Self:
        """Return a new private key; one for RSA has 3072 bits.

        Raises:
            InvalidKeyError: `alg` is no asymmetric algorithm, or `kid` is unusable.

        >>> key = PrivateKey.generate("EdDSA")
        >>> signed = Signer(key, lifetime=60).sign({})
        >>> Verifier(key.public(), issuer=None, audience=None).claims(signed).keys()
        dict_keys(['iat', 'exp', 'jti'])
        """
        if alg.startswith("HS"):
            raise InvalidKeyError("HS256, HS384 and HS512 take an HmacKey.")
        return super().__new__(cls, _rust.jwt_generate(alg, kid))

    def public(self) -> PublicKey:
        """Return the public half, with the same `alg` and `kid`."""
        return PublicKey._wrap(self.jwt_public())  # noqa: SLF001 - same module


class PublicKey(_Key):
    """The half of a key pair that verifies and may be known to everybody.

    There is no constructor: see `from_pem`, `from_der` and `PrivateKey.public`.
    """

    __slots__ = ()

    def __new__(cls) -> Self:
        """Refuse: a public key is read, or is half of a private key."""
        raise TypeError(
            "Use PublicKey.from_pem(), PublicKey.from_der() or PrivateKey.public()."
        )

    @classmethod
    def _wrap(cls, key: _rust.JwtKey) -> Self:
        return super().__new__(cls, key)

    @classmethod
    def from_pem(cls, data: str | bytes, *, alg: str, kid: str | None = None) -> Self:
        """Read a public key in PEM.

        Args:
            data: One block: `PUBLIC KEY` (SPKI) or `RSA PUBLIC KEY` (PKCS#1).
            alg: The algorithm, which must be one for this kind of key and curve.
            kid: The key's name, or None.

        Raises:
            InvalidKeyError: The data is no such key, or an RSA key has fewer than 2048
                bits, more than 8192, or an exponent below 65 537.
        """
        return cls._wrap(_rust.jwt_public_key(data, alg, kid, is_pem=True))

    @classmethod
    def from_der(cls, data: bytes, *, alg: str, kid: str | None = None) -> Self:
        """Read a public key in SPKI DER; see `from_pem`."""
        return cls._wrap(_rust.jwt_public_key(data, alg, kid, is_pem=False))


class Signer(_HoldsKeys, _rust.JwtSigner):
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
        return super().__new__(
            cls,
            key,
            issuer,
            _names(audience),
            _seconds(lifetime),
            typ,
            headers,
            add_jti,
            add_iat,
            clock,
        )


class Verifier(_HoldsKeys, _rust.JwtVerifier):
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

    >>> verifier = Verifier(HmacKey.generate(), issuer=None, audience=None)
    >>> verifier.claims("no token")
    Traceback (most recent call last):
      ...
    hauberk.exceptions.MalformedTokenError: A token is three parts between full stops.
    """

    __slots__ = ()

    def __new__(  # noqa: D102, PLR0913 - see the class
        cls,
        keys: Key | Iterable[Key],
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
            _keys(keys),
            _names(issuer),
            _names(audience),
            typ,
            _names(require) or [],
            _seconds(leeway) or 0,
            _seconds(max_age),
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


def sign_bytes(
    payload: str | bytes,
    key: HmacKey | PrivateKey,
    *,
    headers: Mapping[str, Any] | None = None,
) -> str:
    """Return a compact JWS over any payload, which need not be claims.

    Guarantees authenticity and integrity of payload and header, not secrecy, and says
    nothing about time: a signature is for ever. Where claims are signed, use `Signer`.

    Args:
        payload: Bytes, or text as UTF-8.
        key: What signs.
        headers: Further header parameters. `typ` keeps kinds of messages apart; left
            out, it is `JOSE`, which no `Verifier` takes for a token. A `typ` of None
            leaves it out of the header: then nothing but the payload says that this is
            no token.

    Raises:
        InvalidKeyError: The key is a public one.
        InvalidInputError: `headers` sets what is not the caller's to set.

    >>> key = HmacKey.generate()
    >>> verify_signature(sign_bytes(b"message", key), key).payload
    b'message'
    >>> Verifier(key, issuer=None, audience=None).claims(sign_bytes('{"exp": 1}', key))
    Traceback (most recent call last):
      ...
    hauberk.exceptions.InvalidClaimError: The claim "typ" is not acceptable.
    """
    return _rust.jwt_sign_bytes(payload, key, headers)


def verify_signature(token: str | bytes, keys: Key | Iterable[Key]) -> SignedBytes:
    """Return the payload of a compact JWS that one of the keys signed.

    Nothing but the signature is verified: no time, no issuer, no `typ`. For tokens with
    claims, use `Verifier`.

    Args:
        token: A compact JWS of at most 16 384 bytes.
        keys: One key, or several; see `Verifier`.

    Raises:
        MalformedTokenError: This is no JWS, or its header is not understood.
        TokenSignatureError: None of the keys signed it.
        InvalidKeyError: There is no key, or one name stands for two.
    """
    return _rust.jwt_verify_signature(token, _keys(keys))


def _keys(keys: Key | Iterable[Key]) -> list[Key]:
    return [keys] if isinstance(keys, _rust.JwtKey) else list(keys)


def _names(names: str | Iterable[str] | None) -> list[str] | None:
    if names is None:
        return None
    return [names] if isinstance(names, str) else list(names)


def _seconds(duration: float | timedelta | None) -> float | None:
    if isinstance(duration, timedelta):
        return duration.total_seconds()
    return duration
