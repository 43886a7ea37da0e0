"""RFC 7515, JSON Web Signature: the examples of appendix A."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hauberk import jwt
from hauberk.exceptions import (
    ExpiredTokenError,
    MalformedTokenError,
    TokenSignatureError,
)

#: The payload of A.1 to A.3.
CLAIMS = {"iss": "joe", "exp": 1_300_819_380, "http://example.com/is_root": True}
PAYLOAD = (
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
    "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
)

A1_SECRET = (
    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75"
    "aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
)
A1_TOKEN = (
    f"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{PAYLOAD}"
    ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
)
A2_MODULUS = (
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddx"
    "HmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMs"
    "D1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSH"
    "SXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdV"
    "MTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8"
    "NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
)
A2_TOKEN = (
    f"eyJhbGciOiJSUzI1NiJ9.{PAYLOAD}"
    ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7"
    "AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4"
    "BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K"
    "0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqv"
    "hJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrB"
    "p0igcN_IoypGlUPQGe77Rw"
)
A3_X = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
A3_Y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
A3_TOKEN = (
    f"eyJhbGciOiJFUzI1NiJ9.{PAYLOAD}"
    ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8IS"
    "lSApmWQxfKTUJqPP3-Kg6NU1Q"
)
A5_TOKEN = f"eyJhbGciOiJub25lIn0.{PAYLOAD}."


def decode(text: str) -> bytes:
    """Decode base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def number(text: str) -> int:
    """Decode a big-endian number in base64url."""
    return int.from_bytes(decode(text), "big")


def public_pem(key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey) -> bytes:
    """Write a public key as SPKI in PEM."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def a1_key() -> jwt.HmacKey:
    """Return the key of A.1."""
    return jwt.HmacKey(decode(A1_SECRET))


def a2_key() -> jwt.PublicKey:
    """Return the key of A.2."""
    numbers = rsa.RSAPublicNumbers(e=65_537, n=number(A2_MODULUS))
    return jwt.PublicKey.from_pem(public_pem(numbers.public_key()), alg="RS256")


def a3_key() -> jwt.PublicKey:
    """Return the key of A.3."""
    numbers = ec.EllipticCurvePublicNumbers(number(A3_X), number(A3_Y), ec.SECP256R1())
    return jwt.PublicKey.from_pem(public_pem(numbers.public_key()), alg="ES256")


EXAMPLES = pytest.mark.parametrize(
    ("key", "token"),
    [
        pytest.param(a1_key(), A1_TOKEN, id="A.1"),
        pytest.param(a2_key(), A2_TOKEN, id="A.2"),
        pytest.param(a3_key(), A3_TOKEN, id="A.3"),
    ],
)


@EXAMPLES
def test_the_examples_verify(key: jwt.HmacKey | jwt.PublicKey, token: str) -> None:
    """The examples' claims are read a second before they expire."""
    verifier = jwt.Verifier(
        key, issuer="joe", audience=None, clock=lambda: 1_300_819_379
    )

    assert verifier.claims(token) == CLAIMS
    assert verifier.claims(token.encode()) == CLAIMS
    assert decode(PAYLOAD) == jwt.verify_signature(token, key).payload


@EXAMPLES
def test_the_examples_have_expired(
    key: jwt.HmacKey | jwt.PublicKey, token: str
) -> None:
    """At the very second of `exp`, and today, the examples are no longer valid."""
    for clock in (lambda: 1_300_819_380, None):
        verifier = jwt.Verifier(key, issuer="joe", audience=None, clock=clock)
        with pytest.raises(ExpiredTokenError):
            verifier.claims(token)


def test_unsecured_tokens_do_not_exist() -> None:
    """A.5, `alg: none`: there is no key for it and no way to ask for it."""
    for key in (a1_key(), a2_key(), a3_key()):
        verifier = jwt.Verifier(
            key, issuer="joe", audience=None, clock=lambda: 1_300_819_379
        )
        with pytest.raises(TokenSignatureError):
            verifier.claims(A5_TOKEN)


def test_base64url_as_in_appendix_c() -> None:
    """A token in the alphabet of plain base64 or with padding is malformed."""
    verifier = jwt.Verifier(
        a1_key(), issuer="joe", audience=None, clock=lambda: 1_300_819_379
    )
    for token in (A1_TOKEN + "=", A1_TOKEN.replace("_", "/").replace("-", "+")):
        with pytest.raises(MalformedTokenError):
            verifier.claims(token)
