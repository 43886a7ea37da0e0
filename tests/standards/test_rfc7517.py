"""RFC 7517, JSON Web Key: the examples of appendix A."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hauberk import jwt
from hauberk.exceptions import InvalidKeyError, TokenSignatureError

EC_PUBLIC = {
    "kty": "EC",
    "crv": "P-256",
    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    "use": "enc",
    "kid": "1",
}
EC_D = "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"
RSA_PUBLIC = {
    "kty": "RSA",
    "n": (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx"
        "4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMs"
        "tn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2"
        "QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbI"
        "SD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqb"
        "w0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
    ),
    "e": "AQAB",
    "alg": "RS256",
    "kid": "2011-04-29",
}
RSA_PRIVATE = {
    "d": (
        "X4cTteJY_gn4FYPsXB8rdXix5vwsg1FLN5E3EaG6RJoVH-HLLKD9"
        "M7dx5oo7GURknchnrRweUkC7hT5fJLM0WbFAKNLWY2vv7B6NqXSzUvxT0_YSfqij"
        "wp3RTzlBaCxWp4doFk5N2o8Gy_nHNKroADIkJ46pRUohsXywbReAdYaMwFs9tv8d"
        "_cPVY3i07a3t8MN6TNwm0dSawm9v47UiCl3Sk5ZiG7xojPLu4sbg1U2jx4IBTNBz"
        "nbJSzFHK66jT8bgkuqsk0GjskDJk19Z4qwjwbsnn4j2WBii3RL-Us2lGVkY8fkFz"
        "me1z0HbIkfz0Y6mqnOYtqc0X4jfcKoAC8Q"
    ),
    "p": (
        "83i-7IvMGXoMXCskv73TKr8637FiO7Z27zv8oj6pbWUQyLPQBQxtPV"
        "nwD20R-60eTDmD2ujnMt5PoqMrm8RfmNhVWDtjjMmCMjOpSXicFHj7XOuVIYQyqV"
        "WlWEh6dN36GVZYk93N8Bc9vY41xy8B9RzzOGVQzXvNEvn7O0nVbfs"
    ),
    "q": (
        "3dfOR9cuYq-0S-mkFLzgItgMEfFzB2q3hWehMuG0oCuqnb3vobLyum"
        "qjVZQO1dIrdwgTnCdpYzBcOfW5r370AFXjiWft_NGEiovonizhKpo9VVS78TzFgx"
        "kIdrecRezsZ-1kYd_s1qDbxtkDEgfAITAG9LUnADun4vIcb6yelxk"
    ),
    "dp": (
        "G4sPXkc6Ya9y8oJW9_ILj4xuppu0lzi_H7VTkS8xj5SdX3coE0oim"
        "YwxIi2emTAue0UOa5dpgFGyBJ4c8tQ2VF402XRugKDTP8akYhFo5tAA77Qe_Nmtu"
        "YZc3C3m3I24G2GvR5sSDxUyAN2zq8Lfn9EUms6rY3Ob8YeiKkTiBj0"
    ),
    "dq": (
        "s9lAH9fggBsoFR8Oac2R_E2gw282rT2kGOAhvIllETE1efrA6huUU"
        "vMfBcMpn8lqeW6vzznYY5SSQF7pMdC_agI3nG8Ibp1BUb0JUiraRNqUfLhcQb_d9"
        "GF4Dh7e74WbRsobRonujTYN1xCaP6TO61jvWrX-L18txXw494Q_cgk"
    ),
    "qi": (
        "GyM_p6JrXySiz1toFgKbWV-JdI3jQ4ypu9rbMWx3rQJBfmt0FoYzg"
        "UIZEVFEcOqwemRN81zoDAaa-Bk0KWNGDjJHZDdDmFhW3AN7lI-puxk_mHZGJ11rx"
        "yR8O55XLSe3SPmRfKwZI6yU24ZxvQKFYItdldUKGzO6Ia6zTKhAVRU"
    ),
}
A3_HMAC = {
    "kty": "oct",
    "k": (
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75"
        "aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
    ),
    "kid": "HMAC key used in JWS spec Appendix A.1 example",
}


@pytest.mark.parametrize(
    "form", [dict, json.dumps, lambda jwk: json.dumps(jwk).encode()]
)
def test_the_public_keys_of_a1(form: Any) -> None:
    """A mapping, text or bytes give the set's signing key and leave the other out."""
    jwks = {"keys": [EC_PUBLIC, RSA_PUBLIC]}

    keys = jwt.KeySet.from_jwks(form(jwks), algs=["RS256", "ES256"])

    [key] = keys
    assert (key.alg, key.kid) == ("RS256", "2011-04-29")
    assert isinstance(key, jwt.PublicKey)
    assert keys.to_jwks() == {"keys": [RSA_PUBLIC | {"use": "sig"}]}


def test_the_private_keys_of_a2() -> None:
    """Each private key signs, its public half verifies, and both are written again."""
    ec = {k: v for k, v in EC_PUBLIC.items() if k != "use"} | {"d": EC_D}
    for jwk, alg in [(RSA_PUBLIC | RSA_PRIVATE, "RS256"), (ec, "ES256")]:
        key = jwt.PrivateKey.from_jwk(jwk, alg=alg)
        token = jwt.sign_bytes(b"message", key)

        again = jwt.PublicKey.from_jwk(key.to_jwk())

        assert jwt.verify_signature(token, again).payload == b"message"
        assert key.to_jwk(private=True) == jwk | {"alg": alg, "use": "sig"}
        assert key.thumbprint() == again.thumbprint()


def test_a_set_of_private_keys_as_in_a2_is_not_for_verifying() -> None:
    """What a verifier reads is known to others, and a private key in it is a leak."""
    jwks = {"keys": [RSA_PUBLIC | RSA_PRIVATE]}

    with pytest.raises(InvalidKeyError, match="private key"):
        jwt.KeySet.from_jwks(jwks, algs=["RS256"])


def test_the_symmetric_keys_of_a3() -> None:
    """The secret of the JWS specification is a key; the one for AES is left out."""
    aes = {"kty": "oct", "alg": "A128KW", "k": "GawgguFyGrWKav7AX4VKUg"}

    keys = jwt.KeySet.from_jwks({"keys": [aes, A3_HMAC]}, algs=["HS256"])

    [key] = keys
    assert key.kid == A3_HMAC["kid"]
    assert isinstance(key, jwt.HmacKey)
    signed = jwt.sign_bytes(b"message", key)
    assert jwt.verify_signature(signed, keys).payload == b"message"
    with pytest.raises(TokenSignatureError):
        jwt.verify_signature(signed, jwt.HmacKey.generate())
