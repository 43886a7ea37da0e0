"""JWKs as objects of cryptography, which callers of PyJWT expect, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hauberk import _rust, jwt
from hauberk.compat.jwt._keys import has_crypto
from hauberk.compat.jwt.exceptions import InvalidKeyError
from hauberk.compat.jwt.utils import base64url_decode, from_base64url_uint
from hauberk.exceptions import InvalidInputError
from hauberk.exceptions import InvalidKeyError as RefusedKeyError

if TYPE_CHECKING:
    from hauberk._rust import JwtKey
    from hauberk.compat.jwt.types import JWKDict

__all__ = ["as_mapping", "key_of_jwk", "public_key_of", "write"]

_USES = ("alg", "use", "key_ops", "kid", "x5c", "x5t", "x5t#S256", "x5u")


def as_mapping(jwk: JWKDict | str) -> JWKDict:
    """Return a JWK, which may be JSON text, as a mapping.

    Raises:
        InvalidKeyError: It is neither.
    """
    if isinstance(jwk, Mapping):
        return dict(jwk)
    try:
        found = _rust.json_loads(jwk)
    except (InvalidInputError, TypeError):
        raise InvalidKeyError("Key is not valid JSON") from None
    if not isinstance(found, dict):
        raise InvalidKeyError("Key is not valid JSON")
    return found


def key_of_jwk(jwk: JWKDict, kty: str, algorithm: str) -> Any:
    """Return a JWK's key: an object of cryptography, or without it one of ours.

    Args:
        jwk: The JWK.
        kty: The type that it must have.
        algorithm: One that is for keys of this type and curve.

    Raises:
        InvalidKeyError: It is malformed, weak or of another type.
    """
    if jwk.get("kty") != kty:
        raise InvalidKeyError(f"Not an {kty} key")
    bare = {name: value for name, value in jwk.items() if name not in _USES}
    read = jwt.PrivateKey.from_jwk if "d" in jwk else jwt.PublicKey.from_jwk
    try:
        key = read(bare, alg=algorithm)
    except (RefusedKeyError, InvalidInputError) as error:
        raise InvalidKeyError(str(error)) from None
    if not has_crypto:
        return key
    make = {"EC": _ec, "OKP": _okp, "RSA": _rsa}[kty]
    return make(bare)


def _rsa(jwk: JWKDict) -> Any:
    from cryptography.hazmat.primitives.asymmetric import rsa

    number = {name: from_base64url_uint(jwk[name]) for name in _RSA if name in jwk}
    public = rsa.RSAPublicNumbers(number["e"], number["n"])
    if "d" not in number:
        return public.public_key()
    private = rsa.RSAPrivateNumbers(
        p=number["p"],
        q=number["q"],
        d=number["d"],
        dmp1=number["dp"],
        dmq1=number["dq"],
        iqmp=number["qi"],
        public_numbers=public,
    )
    return private.private_key()


def _ec(jwk: JWKDict) -> Any:
    from cryptography.hazmat.primitives.asymmetric import ec

    curve = getattr(ec, _CURVES[jwk["crv"]])()
    x, y = (from_base64url_uint(jwk[name]) for name in "xy")
    public = ec.EllipticCurvePublicNumbers(x, y, curve)
    if "d" not in jwk:
        return public.public_key()
    private = ec.EllipticCurvePrivateNumbers(from_base64url_uint(jwk["d"]), public)
    return private.private_key()


def _okp(jwk: JWKDict) -> Any:
    from cryptography.hazmat.primitives.asymmetric import ed25519

    if "d" in jwk:
        seed = base64url_decode(jwk["d"])
        return ed25519.Ed25519PrivateKey.from_private_bytes(seed)
    return ed25519.Ed25519PublicKey.from_public_bytes(base64url_decode(jwk["x"]))


def write(key: JwtKey) -> JWKDict:
    """Return a key as a JWK, a private one with its private members."""
    private = isinstance(key, jwt.PrivateKey)
    jwk = key.jwt_jwk(private)
    bare = {name: value for name, value in jwk.items() if name not in _USES}
    return bare | {"key_ops": ["sign" if private else "verify"]}


def public_key_of(key: JwtKey) -> JwtKey:
    """Return what verifies: of a private key, its public half."""
    return key.public() if isinstance(key, jwt.PrivateKey) else key


_RSA = ("n", "e", "d", "p", "q", "dp", "dq", "qi")
_CURVES = {
    "P-256": "SECP256R1",
    "P-384": "SECP384R1",
    "P-521": "SECP521R1",
    "secp256k1": "SECP256K1",
}
