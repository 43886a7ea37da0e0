"""Keys, each bound to one algorithm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from hauberk import _rust
from hauberk.exceptions import InvalidKeyError
from hauberk.jwt._sealed import HoldsKeys

if TYPE_CHECKING:
    from collections.abc import Mapping


def check_key(key: object) -> None:
    """Say what a key is to whoever passes something else, such as the secret itself.

    Raises:
        TypeError: This is none. What it is does not show: it may well be a secret.
    """
    if not isinstance(key, _rust.JwtKey):
        raise TypeError(
            "A key is an HmacKey, a PrivateKey or a PublicKey, not "
            f"{type(key).__name__}: HmacKey(secret) makes one of a shared secret."
        )


class _Key(HoldsKeys, _rust.JwtKey):
    __slots__ = ()

    @classmethod
    def _wrap(cls, key: _rust.JwtKey) -> Self:
        return super().__new__(cls, key)

    def to_jwk(self, *, private: bool = False) -> dict[str, Any]:
        """Return the public half as a JWK (RFC 7517), or a whole private key.

        Args:
            private: Write the private members of a `PrivateKey` too. They become
                ordinary Python strings, which nothing wipes.

        Raises:
            InvalidKeyError: An `HmacKey` is not written out, because nothing of it is
                public; a `PublicKey` has no private members.

        >>> sorted(PrivateKey.generate("EdDSA", kid="1").to_jwk())
        ['alg', 'crv', 'kid', 'kty', 'use', 'x']
        """
        return self.jwt_jwk(private)

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
        return cls._wrap(_rust.jwt_hmac_key(secret, alg, kid, allow_weak))

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
        if not _names_hmac(alg):
            raise InvalidKeyError("An HmacKey is for HS256, HS384 or HS512.")
        return cls._wrap(_rust.jwt_generate(alg, kid))

    @classmethod
    def from_jwk(
        cls, jwk: Mapping[str, Any] | str | bytes, *, alg: str | None = None
    ) -> Self:
        """Read a JWK of type `oct` (RFC 7518, section 6.4), with its `kid`.

        Args:
            jwk: A mapping, or its JSON text.
            alg: The algorithm, required when the JWK has none; else it must agree.

        Raises:
            InvalidKeyError: This is no such JWK, or it is for another algorithm or use,
                or its secret is too short.

        >>> jwk = {"kty": "oct", "alg": "HS256", "k": "A" * 43, "kid": "1"}
        >>> HmacKey.from_jwk(jwk)
        <HmacKey alg='HS256' kid='1'>
        """
        return cls._wrap(_rust.jwt_hmac_key_from_jwk(jwk, alg))


class PrivateKey(_Key):
    """The half of a key pair that signs; its `public` half verifies.

    There is no constructor: see `from_pem`, `from_der`, `from_jwk` and
    `generate`. The algorithms
    are RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, ES256K and EdDSA,
    also called Ed25519.
    """

    __slots__ = ()

    def __new__(cls) -> Self:
        """Refuse: a private key is read or generated."""
        raise TypeError(
            "Use PrivateKey.from_pem(), from_der(), from_jwk() or generate()."
        )

    @classmethod
    def from_pem(
        cls,
        data: str | bytes,
        *,
        alg: str,
        password: str | bytes | None = None,
        kid: str | None = None,
    ) -> Self:
        """Read a private key in PEM.

        Args:
            data: One block: `PRIVATE KEY` or `ENCRYPTED PRIVATE KEY` (PKCS#8),
                `RSA PRIVATE KEY` (PKCS#1) or `EC PRIVATE KEY` (SEC 1).
            alg: The algorithm, which must be one for this kind of key and curve.
            password: What the key is encrypted with, under PBES2 (RFC 8018) with AES;
                of a key that is not encrypted there is none.
            kid: The key's name, or None.

        Raises:
            InvalidKeyError: The data is no such key, or the password is another, or an
                RSA key has fewer than 2048 bits, more than 8192, or an exponent below
                65 537.
        """
        key = _rust.jwt_private_key(data, alg, kid, password, is_pem=True)
        return cls._wrap(key)

    @classmethod
    def from_der(
        cls,
        data: bytes,
        *,
        alg: str,
        password: str | bytes | None = None,
        kid: str | None = None,
    ) -> Self:
        """Read a private key in PKCS#8 DER; see `from_pem`."""
        key = _rust.jwt_private_key(data, alg, kid, password, is_pem=False)
        return cls._wrap(key)

    @classmethod
    def from_jwk(
        cls, jwk: Mapping[str, Any] | str | bytes, *, alg: str | None = None
    ) -> Self:
        """Read a private JWK (RFC 7518, section 6; RFC 8037), with its `kid`.

        Guarantees that all its members belong together.

        Args:
            jwk: A mapping, or its JSON text. An RSA key has its primes, exponents and
                coefficient, `p`, `q`, `dp`, `dq` and `qi`; one that is written with
                `d` alone, which section 6.3.2 allows, is refused.
            alg: The algorithm, required when the JWK has none; else it must agree.

        Raises:
            InvalidKeyError: This is no private JWK, or it is for another algorithm or
                use, or malformed, or weak.
        """
        return cls._wrap(_rust.jwt_private_key_from_jwk(jwk, alg))

    @classmethod
    def generate(cls, alg: str, *, kid: str | None = None) -> Self:
        """Return a new private key; one for RSA has 3072 bits.

        Raises:
            InvalidKeyError: `alg` is no asymmetric algorithm, or `kid` is unusable.

        >>> from hauberk.jwt import Signer, Verifier
        >>> key = PrivateKey.generate("EdDSA")
        >>> signed = Signer(key, lifetime=60).sign({})
        >>> Verifier(key.public(), issuer=None, audience=None).claims(signed).keys()
        dict_keys(['iat', 'exp', 'jti'])
        """
        if _names_hmac(alg):
            raise InvalidKeyError("HS256, HS384 and HS512 take an HmacKey.")
        return cls._wrap(_rust.jwt_generate(alg, kid))

    def public(self) -> PublicKey:
        """Return the public half, with the same `alg` and `kid`."""
        return PublicKey._wrap(self.jwt_public())  # noqa: SLF001 - same module


class PublicKey(_Key):
    """The half of a key pair that verifies and may be known to everybody.

    There is no constructor: see `from_pem`, `from_der`, `from_jwk` and
    `PrivateKey.public`.
    """

    __slots__ = ()

    def __new__(cls) -> Self:
        """Refuse: a public key is read, or is half of a private key."""
        raise TypeError(
            "Use PublicKey.from_pem(), from_der(), from_jwk() or PrivateKey.public()."
        )

    @classmethod
    def from_pem(cls, data: str | bytes, *, alg: str, kid: str | None = None) -> Self:
        """Read a public key in PEM.

        Args:
            data: One block: `PUBLIC KEY` (SPKI), `RSA PUBLIC KEY` (PKCS#1) or
                `CERTIFICATE` (X.509), of which only the key is taken: neither who
                issued it nor until when it is valid is looked at.
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

    @classmethod
    def from_jwk(
        cls, jwk: Mapping[str, Any] | str | bytes, *, alg: str | None = None
    ) -> Self:
        """Read a public JWK (RFC 7518, section 6; RFC 8037), with its `kid`.

        Args:
            jwk: A mapping, or its JSON text.
            alg: The algorithm, required when the JWK has none; else it must agree.

        Raises:
            InvalidKeyError: This is no public JWK, or it is for another algorithm or
                use, or malformed, or weak.

        >>> PublicKey.from_jwk({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA",
        ...     "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}).thumbprint()
        'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'
        """
        return cls._wrap(_rust.jwt_public_key_from_jwk(jwk, alg))


def _names_hmac(alg: str) -> bool:
    if not isinstance(alg, str):
        raise TypeError(f"alg is a str, not {type(alg).__name__}.")
    return alg.startswith("HS")
