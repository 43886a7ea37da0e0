"""From whatever callers of PyJWT hand in to keys of hauberk."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from hauberk import jwt
from hauberk._rust import JwtKey, jwt_hmac_key
from hauberk.compat.jwt.exceptions import InvalidKeyError, MissingCryptographyError
from hauberk.compat.jwt.utils import force_bytes, is_ssh_key
from hauberk.exceptions import InvalidKeyError as RefusedKeyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["asymmetric_key", "has_crypto", "hmac_key"]

#: Whether cryptography is installed, whose objects may then be handed in.
has_crypto = find_spec("cryptography") is not None


def hmac_key(secret: bytes, algorithm: str) -> JwtKey:
    """Return a secret as a key, however short it is.

    Raises:
        InvalidKeyError: It is empty, or a key of another kind.
    """
    try:
        return jwt_hmac_key(secret, algorithm, None, True)
    except RefusedKeyError as error:
        raise InvalidKeyError(str(error)) from None


def asymmetric_key(key: Any, algorithms: Iterable[str]) -> JwtKey:
    """Return a key for the first of the algorithms that it fits.

    Args:
        key: PEM, or OpenSSH's form where cryptography is installed, as str or bytes; an
            object of cryptography; or a key of hauberk.
        algorithms: Those of one family.

    Raises:
        InvalidKeyError: It fits none of them, or is weak.
        MissingCryptographyError: Its form needs cryptography, which is not there.
        TypeError: It is something else.
    """
    if isinstance(key, JwtKey):
        if key.alg not in algorithms:
            raise InvalidKeyError("The key is for another algorithm.")
        return key
    if isinstance(key, (str, bytes)):
        data = force_bytes(key)
        read = _reader(data)
        if read is None:
            return asymmetric_key(_from_openssh(data), algorithms)
        return _first(lambda alg: read(data, alg=alg), algorithms)
    if hasattr(key, "private_bytes"):
        der = _exported(key, private=True)
        return _first(lambda a: jwt.PrivateKey.from_der(der, alg=a), algorithms)
    if hasattr(key, "public_bytes"):
        der = _exported(key, private=False)
        return _first(lambda a: jwt.PublicKey.from_der(der, alg=a), algorithms)
    raise TypeError("Expecting a PEM-formatted key.")


def _reader(data: bytes) -> Callable[..., JwtKey] | None:
    if is_ssh_key(data) or b"-----BEGIN OPENSSH PRIVATE KEY-----" in data:
        return None
    if b" PRIVATE KEY-----" in data:
        return jwt.PrivateKey.from_pem
    return jwt.PublicKey.from_pem


def _first(read: Callable[[str], JwtKey], algorithms: Iterable[str]) -> JwtKey:
    failure = "Could not parse the provided public key."
    for algorithm in algorithms:
        try:
            return read(algorithm)
        except RefusedKeyError as error:
            failure = str(error)
    raise InvalidKeyError(failure)


def _from_openssh(data: bytes) -> Any:
    if not has_crypto:
        raise MissingCryptographyError("Keys of OpenSSH need the package cryptography.")
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization

    try:
        if is_ssh_key(data):
            return serialization.load_ssh_public_key(data)
        return serialization.load_ssh_private_key(data, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        message = "Could not parse the provided public key."
        raise InvalidKeyError(message) from None


def _exported(key: Any, *, private: bool) -> bytes:
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        PublicFormat,
    )

    der: bytes
    if private:
        der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    else:
        der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return der
