"""What attackers of tokens have at hand, for the tests of vulnerabilities."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hauberk import jwt

NOW = 1_800_000_000
SECRET = bytes(range(32))
CLAIMS = {"sub": "ada", "exp": NOW + 60}
RSA_KEY = rsa.generate_private_key(65_537, 2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def encode(data: bytes | dict[str, Any] | list[Any] | str) -> str:
    """Write bytes or JSON as base64url without padding."""
    if not isinstance(data, bytes):
        data = json.dumps(data).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def forge(
    claims: Any = CLAIMS, header: dict[str, Any] | None = None, secret: bytes = SECRET
) -> str:
    """Sign with HMAC and any header, as an attacker or a careless issuer does."""
    message = f"{encode(header or {'alg': 'HS256'})}.{encode(claims)}"
    mac = hmac.new(secret, message.encode(), hashlib.sha256).digest()
    return f"{message}.{encode(mac)}"


def verifier(keys: Any, **options: Any) -> jwt.Verifier:
    """Return a verifier at a fixed time."""
    defaults = {"issuer": None, "audience": None, "clock": lambda: NOW}
    options = defaults | options
    return jwt.Verifier(keys, **options)


def public_forms(key: Any) -> list[bytes]:
    """Write a public key in each form that might be taken for a secret."""
    public = key.public_key()
    info = PublicFormat.SubjectPublicKeyInfo
    alg = "RS256" if key is RSA_KEY else "ES256"
    pem = public.public_bytes(Encoding.PEM, info)
    jwk = jwt.PublicKey.from_pem(pem, alg=alg).to_jwk()
    return [
        pem,
        pem.rstrip(),
        b" \n" + pem,
        b"\xef\xbb\xbf" + pem,
        pem.replace(b"\n", b"\r\n"),
        b"".join(pem.splitlines()[1:-1]),
        public.public_bytes(Encoding.DER, info),
        public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH),
        json.dumps(jwk).encode(),
        json.dumps({"keys": [jwk]}).encode(),
    ]
