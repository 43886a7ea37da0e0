"""Keys and tokens for the tests of JWT, also such as no signer would make."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from hauberk import jwt

NOW = 1_800_000_000
SECRET = bytes(range(32))
KEY = jwt.HmacKey(SECRET)
CLAIMS = {"sub": "ada", "exp": NOW + 60}

RSA_KEY = rsa.generate_private_key(65_537, 2048)
ASYMMETRIC: dict[str, Any] = {
    "RS256": RSA_KEY,
    "RS384": RSA_KEY,
    "RS512": RSA_KEY,
    "PS256": RSA_KEY,
    "PS384": RSA_KEY,
    "PS512": RSA_KEY,
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "ES384": ec.generate_private_key(ec.SECP384R1()),
    "ES512": ec.generate_private_key(ec.SECP521R1()),
    "ES256K": ec.generate_private_key(ec.SECP256K1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
}


def encode(data: bytes | str | Any) -> str:
    """Write bytes, text or JSON as base64url without padding."""
    if isinstance(data, str):
        data = data.encode()
    if not isinstance(data, bytes):
        data = json.dumps(data).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def forge(claims: Any, header: Any = None, *, secret: bytes = SECRET) -> str:
    """Sign anything with HS256, as somebody who has the key and other ideas might."""
    header = {"alg": "HS256", "typ": "JWT"} if header is None else header
    message = f"{encode(header)}.{encode(claims)}"
    digest = hmac.new(secret, message.encode(), hashlib.sha256).digest()
    return f"{message}.{encode(digest)}"


def verifier(keys: Any = KEY, **options: Any) -> jwt.Verifier:
    """Return a verifier that expects little, at a fixed time."""
    defaults = {"issuer": None, "audience": None, "clock": lambda: NOW}
    options = defaults | options
    return jwt.Verifier(keys, **options)


def signer(key: Any = KEY, **options: Any) -> jwt.Signer:
    """Return a signer that adds little, at a fixed time."""
    defaults: dict[str, Any] = {
        "clock": lambda: NOW,
        "add_jti": False,
        "add_iat": False,
    }
    return jwt.Signer(key, **(defaults | options))


def private_pem(key: Any, form: PrivateFormat = PrivateFormat.PKCS8) -> bytes:
    """Write a private key in PEM."""
    pem: bytes = key.private_bytes(Encoding.PEM, form, NoEncryption())
    return pem


def public_pem(key: Any, form: PublicFormat | None = None) -> bytes:
    """Write the public half of a key in PEM."""
    pem: bytes = key.public_key().public_bytes(
        Encoding.PEM, form or PublicFormat.SubjectPublicKeyInfo
    )
    return pem
