"""PyJWT's algorithms, computed by hauberk."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, TypeAlias

from hauberk.compat.jwt import _jwk
from hauberk.compat.jwt._keys import asymmetric_key, has_crypto, hmac_key
from hauberk.compat.jwt.exceptions import InvalidKeyError
from hauberk.compat.jwt.utils import (
    base64url_decode,
    base64url_encode,
    force_bytes,
)
from hauberk.exceptions import InvalidKeyError as RefusedKeyError
from hauberk.exceptions import InvalidTokenError, MalformedTokenError

if TYPE_CHECKING:
    from hauberk._rust import JwtKey
    from hauberk.compat.jwt.types import HashlibHash, JWKDict

__all__ = [
    "Algorithm",
    "ECAlgorithm",
    "HMACAlgorithm",
    "NoneAlgorithm",
    "OKPAlgorithm",
    "RSAAlgorithm",
    "RSAPSSAlgorithm",
    "get_default_algorithms",
    "has_crypto",
    "requires_cryptography",
]

# What keys may be, for annotations: PyJWT names cryptography's types here.
AllowedKeys: TypeAlias = Any
AllowedECKeys: TypeAlias = Any
AllowedOKPKeys: TypeAlias = Any
AllowedPrivateKeys: TypeAlias = Any
AllowedPublicKeys: TypeAlias = Any
AllowedRSAKeys: TypeAlias = Any

#: What PyJWT needs the package cryptography for; here nothing does.
requires_cryptography = {
    f"{family}{size}" for family in ("RS", "PS", "ES") for size in (256, 384, 512)
} | {"ES256K", "ES521", "EdDSA"}


def get_default_algorithms() -> dict[str, Algorithm]:
    """Return an algorithm for each name in a header."""
    algorithms: dict[str, Algorithm] = {"none": NoneAlgorithm()}
    for size in (256, 384, 512):
        digest = getattr(hashlib, f"sha{size}")
        algorithms[f"HS{size}"] = HMACAlgorithm(digest)
        algorithms[f"RS{size}"] = RSAAlgorithm(digest)
        algorithms[f"PS{size}"] = RSAPSSAlgorithm(digest)
    for name, digest in (("ES256", hashlib.sha256), ("ES384", hashlib.sha384)):
        algorithms[name] = ECAlgorithm(digest, name)
    algorithms["ES256K"] = ECAlgorithm(hashlib.sha256, "ES256K")
    # The second name is a slip that tokens of old versions carry.
    algorithms["ES512"] = algorithms["ES521"] = ECAlgorithm(hashlib.sha512, "ES512")
    algorithms["EdDSA"] = OKPAlgorithm()
    return algorithms


class Algorithm(ABC):
    """Signs and verifies with keys in whatever form callers have them."""

    hash_alg: HashlibHash

    def compute_hash_digest(self, bytestr: bytes) -> bytes:
        """Return the digest of bytes by the algorithm's hash.

        Raises:
            NotImplementedError: The algorithm has none.
        """
        if getattr(self, "hash_alg", None) is None:
            raise NotImplementedError
        digest: bytes = self.hash_alg(bytestr).digest()
        return digest

    def check_key_length(self, key: Any) -> str | None:
        """Return what is to be said of a key that is short, else None."""
        del key
        return None

    @abstractmethod
    def prepare_key(self, key: Any) -> Any:
        """Return a key that `sign` and `verify` take.

        Raises:
            InvalidKeyError: It is of another kind, or refused.
        """

    @abstractmethod
    def sign(self, msg: bytes, key: Any) -> bytes:
        """Return the signature of a message."""

    @abstractmethod
    def verify(self, msg: bytes, key: Any, sig: bytes) -> bool:
        """Return whether a signature is the message's."""

    @staticmethod
    @abstractmethod
    def to_jwk(key_obj: Any, as_dict: bool = False) -> Any:
        """Return a key as a JWK: JSON text, or a dictionary."""

    @staticmethod
    @abstractmethod
    def from_jwk(jwk: str | JWKDict) -> Any:
        """Return the key in a JWK."""


class NoneAlgorithm(Algorithm):
    """No signature: may be written, and never verifies."""

    def prepare_key(self, key: str | None) -> None:
        """Refuse a key, which would mean nothing."""
        if key:
            raise InvalidKeyError('When alg = "none", key value must be None.')

    def sign(self, msg: bytes, key: None) -> bytes:
        """Return nothing."""
        del msg, key
        return b""

    def verify(self, msg: bytes, key: None, sig: bytes) -> bool:
        """Return False."""
        del msg, key, sig
        return False

    @staticmethod
    def to_jwk(key_obj: Any, as_dict: bool = False) -> NoReturn:
        """Refuse: there is no key."""
        raise NotImplementedError

    @staticmethod
    def from_jwk(jwk: str | JWKDict) -> NoReturn:
        """Refuse: there is no key."""
        raise NotImplementedError


class HMACAlgorithm(Algorithm):
    """HMAC with a shared secret."""

    SHA256: ClassVar[HashlibHash] = staticmethod(hashlib.sha256)
    SHA384: ClassVar[HashlibHash] = staticmethod(hashlib.sha384)
    SHA512: ClassVar[HashlibHash] = staticmethod(hashlib.sha512)

    def __init__(self, hash_alg: HashlibHash) -> None:
        self.hash_alg = hash_alg
        self._size: int = hash_alg().digest_size

    def prepare_key(self, key: str | bytes) -> bytes:
        """Return a secret as bytes; refuse what is a key of another kind."""
        secret = force_bytes(key)
        if not secret:
            raise InvalidKeyError("HMAC key must not be empty.")
        # Refuses what is a key or a certificate of another kind.
        self._key(secret)
        return secret

    def check_key_length(self, key: bytes) -> str | None:
        """Return what is to be said of a secret shorter than the hash's output."""
        if len(key) >= self._size:
            return None
        return (
            f"The HMAC key is {len(key)} bytes long, which is below the minimum "
            f"recommended length of {self._size} bytes for SHA{8 * self._size}. See "
            "RFC 7518 Section 3.2."
        )

    def sign(self, msg: bytes, key: bytes) -> bytes:
        """Return the MAC of a message."""
        return base64url_decode(self._key(key).jwt_sign(msg))

    def verify(self, msg: bytes, key: bytes, sig: bytes) -> bool:
        """Return whether a MAC is the message's, in constant time."""
        return _verifies(self._key(key), msg, sig)

    def _key(self, secret: bytes) -> JwtKey:
        return hmac_key(secret, f"HS{8 * self._size}")

    @staticmethod
    def to_jwk(key_obj: str | bytes, as_dict: bool = False) -> Any:
        """Return a secret as a JWK, which is a secret as well."""
        jwk = {"k": base64url_encode(force_bytes(key_obj)).decode(), "kty": "oct"}
        return jwk if as_dict else json.dumps(jwk)

    @staticmethod
    def from_jwk(jwk: str | JWKDict) -> bytes:
        """Return the secret in a JWK."""
        jwk = _jwk.as_mapping(jwk)
        if jwk.get("kty") != "oct" or not isinstance(jwk.get("k"), str):
            raise InvalidKeyError("Not an HMAC key")
        try:
            secret = base64url_decode(jwk["k"])
        except ValueError:
            raise InvalidKeyError("Not an HMAC key") from None
        if not secret:
            raise InvalidKeyError("HMAC key must not be empty.")
        return secret


class _Asymmetric(Algorithm):
    #: Which of hauberk's algorithms these are, in the order in which they are tried.
    _names: tuple[str, ...]

    def prepare_key(self, key: Any) -> Any:
        """Return a key of hauberk made from PEM, OpenSSH's form or cryptography's."""
        return asymmetric_key(key, self._names)

    def sign(self, msg: bytes, key: Any) -> bytes:
        """Return the signature of a message.

        Raises:
            InvalidKeyError: The key is a public one.
        """
        try:
            return base64url_decode(self.prepare_key(key).jwt_sign(msg))
        except RefusedKeyError as error:
            raise InvalidKeyError(str(error)) from None

    def verify(self, msg: bytes, key: Any, sig: bytes) -> bool:
        """Return whether a signature is the message's."""
        return _verifies(_jwk.public_key_of(self.prepare_key(key)), msg, sig)


class RSAAlgorithm(_Asymmetric):
    """RSASSA-PKCS1-v1_5, with keys of 2048 to 8192 bits."""

    SHA256: ClassVar[HashlibHash] = staticmethod(hashlib.sha256)
    SHA384: ClassVar[HashlibHash] = staticmethod(hashlib.sha384)
    SHA512: ClassVar[HashlibHash] = staticmethod(hashlib.sha512)
    _family = "RS"

    def __init__(self, hash_alg: HashlibHash) -> None:
        self.hash_alg = hash_alg
        self._names = (f"{self._family}{8 * hash_alg().digest_size}",)

    @staticmethod
    def to_jwk(key_obj: Any, as_dict: bool = False) -> Any:
        """Return a key as a JWK, a private one with its private members."""
        return _written(key_obj, ("RS256", "RS384", "RS512", "PS256"), as_dict=as_dict)

    @staticmethod
    def from_jwk(jwk: str | JWKDict) -> Any:
        """Return the key in a JWK."""
        return _jwk.key_of_jwk(_jwk.as_mapping(jwk), "RSA", "RS256")


class RSAPSSAlgorithm(RSAAlgorithm):
    """RSASSA-PSS, with a salt as long as the hash's output."""

    _family = "PS"


class ECAlgorithm(_Asymmetric):
    """ECDSA on the curve that belongs to the hash.

    Args:
        hash_alg: The hash.
        expected_curve: A curve of cryptography, or the name of an algorithm; without
            it, any curve that the hash is used with.
    """

    SHA256: ClassVar[HashlibHash] = staticmethod(hashlib.sha256)
    SHA384: ClassVar[HashlibHash] = staticmethod(hashlib.sha384)
    SHA512: ClassVar[HashlibHash] = staticmethod(hashlib.sha512)

    def __init__(self, hash_alg: HashlibHash, expected_curve: Any = None) -> None:
        self.hash_alg = hash_alg
        curve = getattr(expected_curve, "name", expected_curve)
        names = {32: ("ES256", "ES256K"), 48: ("ES384",), 64: ("ES512",)}
        found = names[hash_alg().digest_size]
        wanted = _OF_CURVE.get(curve, curve)
        self._names = found if wanted is None else (wanted,)

    @staticmethod
    def to_jwk(key_obj: Any, as_dict: bool = False) -> Any:
        """Return a key as a JWK, a private one with its private members."""
        return _written(key_obj, _OF_JWK_CURVE.values(), as_dict=as_dict)

    @staticmethod
    def from_jwk(jwk: str | JWKDict) -> Any:
        """Return the key in a JWK."""
        jwk = _jwk.as_mapping(jwk)
        algorithm = _OF_JWK_CURVE.get(jwk.get("crv", ""))
        if algorithm is None:
            raise InvalidKeyError("Invalid curve")
        return _jwk.key_of_jwk(jwk, "EC", algorithm)


class OKPAlgorithm(_Asymmetric):
    """Ed25519."""

    _names = ("EdDSA",)

    def __init__(self, **_: Any) -> None:
        pass

    @staticmethod
    def to_jwk(key_obj: Any, as_dict: bool = False) -> Any:
        """Return a key as a JWK, a private one with its private members."""
        return _written(key_obj, ("EdDSA",), as_dict=as_dict)

    @staticmethod
    def from_jwk(jwk: str | JWKDict) -> Any:
        """Return the key in a JWK."""
        jwk = _jwk.as_mapping(jwk)
        if jwk.get("crv") != "Ed25519":
            raise InvalidKeyError("Invalid curve")
        return _jwk.key_of_jwk(jwk, "OKP", "EdDSA")


def _verifies(key: JwtKey, message: bytes, signature: bytes) -> bool:
    try:
        key.jwt_verify(message, base64url_encode(signature).decode())
    except (InvalidTokenError, MalformedTokenError):
        return False
    return True


def _written(key: Any, algorithms: Any, *, as_dict: bool) -> JWKDict | str:
    jwk = _jwk.write(asymmetric_key(key, tuple(algorithms)))
    return jwk if as_dict else json.dumps(jwk)


_OF_CURVE = {
    "secp256r1": "ES256",
    "secp256k1": "ES256K",
    "secp384r1": "ES384",
    "secp521r1": "ES512",
}
_OF_JWK_CURVE = {
    "P-256": "ES256",
    "secp256k1": "ES256K",
    "P-384": "ES384",
    "P-521": "ES512",
}
