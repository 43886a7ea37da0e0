"""RFC 8037, Ed25519 in JOSE: the examples of appendix A."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from hauberk import jwt
from hauberk.exceptions import MalformedTokenError, TokenSignatureError

A1_D = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
A2_X = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
A4_PAYLOAD = b"Example of Ed25519 signing"
A4_TOKEN = (
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5B"
    "hVsPt9g7sVvpAr_MuM0KAg"
)


def decode(text: str) -> bytes:
    """Decode base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture(scope="module", params=["PEM", "DER"])
def private(request: pytest.FixtureRequest) -> jwt.PrivateKey:
    """Read the key of A.1 in both forms."""
    key = ed25519.Ed25519PrivateKey.from_private_bytes(decode(A1_D))
    data = key.private_bytes(
        getattr(Encoding, request.param), PrivateFormat.PKCS8, NoEncryption()
    )
    if request.param == "PEM":
        return jwt.PrivateKey.from_pem(data, alg="EdDSA")
    return jwt.PrivateKey.from_der(data, alg="EdDSA")


@pytest.fixture(scope="module", params=["PEM", "DER"])
def public(request: pytest.FixtureRequest) -> jwt.PublicKey:
    """Read the key of A.2 in both forms."""
    key = ed25519.Ed25519PublicKey.from_public_bytes(decode(A2_X))
    data = key.public_bytes(
        getattr(Encoding, request.param), PublicFormat.SubjectPublicKeyInfo
    )
    if request.param == "PEM":
        return jwt.PublicKey.from_pem(data, alg="EdDSA")
    return jwt.PublicKey.from_der(data, alg="EdDSA")


def test_signing_as_in_a4(private: jwt.PrivateKey) -> None:
    """Signing is deterministic, so the example's token comes out."""
    # The example's header is `alg` alone.
    assert jwt.sign_bytes(A4_PAYLOAD, private, headers={"typ": None}) == A4_TOKEN


def test_validation_as_in_a5(private: jwt.PrivateKey, public: jwt.PublicKey) -> None:
    """The example's signature is its payload's, for either half of the key."""
    for key in (public, private, private.public()):
        signed = jwt.verify_signature(A4_TOKEN, key)
        assert signed.payload == A4_PAYLOAD
        assert signed.header == {"alg": "EdDSA"}


def test_a_flipped_bit_is_seen(public: jwt.PublicKey) -> None:
    """Another payload or another signature is not the example's."""
    for token in (
        A4_TOKEN.replace("RXh", "RXg"),
        A4_TOKEN.replace(".hgy", ".hgx"),
    ):
        with pytest.raises(TokenSignatureError):
            jwt.verify_signature(token, public)


def test_the_payload_is_no_claims(public: jwt.PublicKey) -> None:
    """A verifier of claims refuses the example, whose payload is text."""
    verifier = jwt.Verifier(public, issuer=None, audience=None)
    with pytest.raises(MalformedTokenError):
        verifier.claims(A4_TOKEN)
