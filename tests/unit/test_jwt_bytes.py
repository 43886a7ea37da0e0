"""Signatures over any payload: JWS without the JWT."""

from __future__ import annotations

import json

import pytest
from tests.unit.jwt_tokens import KEY, NOW, verifier

from hauberk import jwt
from hauberk.exceptions import (
    InvalidClaimError,
    TokenSignatureError,
)


def test_any_payload_can_be_signed() -> None:
    """`sign_bytes` and `verify_signature` are for what is no set of claims."""
    for key in (KEY, jwt.PrivateKey.generate("EdDSA", kid="ed")):
        token = jwt.sign_bytes(b"\0\xff", key, headers={"typ": "note"})
        signed = jwt.verify_signature(token, [key])
        assert signed.payload == b"\0\xff"
        assert signed.header["typ"] == "note"
        with pytest.raises(TokenSignatureError):
            jwt.verify_signature(token, jwt.HmacKey(bytes(32)))


def test_signed_bytes_are_no_token() -> None:
    """Whatever the payload says, a verifier of claims refuses it by its `typ`."""
    payload = json.dumps({"exp": NOW + 60, "sub": "admin"})
    with pytest.raises(InvalidClaimError) as caught:
        verifier().verify(jwt.sign_bytes(payload, KEY))
    assert caught.value.claim == "typ"
    assert jwt.verify_signature(jwt.sign_bytes(b"", KEY), KEY).header["typ"] == "JOSE"
    # A token it is only where the caller wrote so.
    for typ in ("JWT", None):
        signed = jwt.sign_bytes(payload, KEY, headers={"typ": typ, "x": 1})
        assert verifier().claims(signed)["sub"] == "admin"
        header = jwt.verify_signature(signed, KEY).header
        assert header == {"alg": "HS256", "x": 1} | ({"typ": typ} if typ else {})
