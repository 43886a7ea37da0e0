"""RFC 7520, Examples of JOSE: section 4.4, and its key of section 3.5."""

from __future__ import annotations

from hauberk import jwt

#: Figure 5.
KEY = {
    "kty": "oct",
    "kid": "018c0ae5-4d9b-471b-bfd6-eef314bc7037",
    "use": "sig",
    "alg": "HS256",
    "k": "hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg",
}
#: Figure 7.
PAYLOAD = (
    "It\u2019s a dangerous business, Frodo, going out your door. You step onto the "
    "road, and if you don't keep your feet, there\u2019s no knowing where you might be "
    "swept off to."
)
#: Figure 33, made of figures 8, 31 and 32.
TOKEN = (
    "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LW"
    "VlZjMxNGJjNzAzNyJ9"
    "."
    "SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IH"
    "lvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBk"
    "b24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcm"
    "UgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4"
    "."
    "s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0"
)


def test_section_4_4_hmac() -> None:
    """The example's key verifies its token, and signs it byte for byte."""
    key = jwt.HmacKey.from_jwk(KEY)

    signed = jwt.verify_signature(TOKEN, jwt.KeySet([key]))

    assert signed.payload.decode() == PAYLOAD
    assert signed.header == {"alg": "HS256", "kid": KEY["kid"]}
    assert jwt.sign_bytes(PAYLOAD, key, headers={"typ": None}) == TOKEN
