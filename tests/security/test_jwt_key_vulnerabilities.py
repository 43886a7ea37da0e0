"""Vulnerabilities that JWT libraries have had with keys, each tried on ours.

A test is named after the advisory, or after the library where there is none.
"""

from __future__ import annotations

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.security.jwt_attacks import (
    CLAIMS,
    EC_KEY,
    RSA_KEY,
    SECRET,
    encode,
    forge,
    public_forms,
    verifier,
)

from hauberk import jwt
from hauberk.compat import jwt as compat
from hauberk.exceptions import (
    InvalidKeyError,
    TokenSignatureError,
)


@pytest.mark.parametrize("key", [RSA_KEY, EC_KEY], ids=["RSA", "EC"])
@pytest.mark.parametrize("form", range(10))
def test_cve_2022_29217_public_keys_as_secrets(key: Any, form: int) -> None:
    """No form of a public key signs: neither against its verifier nor as a secret.

    CVE-2017-11424, CVE-2024-33663 and CVE-2026-48526 are the same with other forms.
    """
    material = public_forms(key)[form]
    pem = public_forms(key)[0]
    alg = "RS256" if key is RSA_KEY else "ES256"
    ours = verifier(jwt.PublicKey.from_pem(pem, alg=alg))

    for header in ({"alg": "HS256"}, {"alg": alg}):
        with pytest.raises(TokenSignatureError):
            ours.claims(forge(header=header, secret=material))
    with pytest.raises(InvalidKeyError):
        jwt.HmacKey(material)
    with pytest.raises(InvalidKeyError):
        jwt.HmacKey(material, allow_weak=True)


def test_cve_2025_45768_weak_secrets() -> None:
    """A short secret is an error and not a warning."""
    for secret in (b"", b"a", b"secret", bytes(31)):
        with pytest.raises(InvalidKeyError):
            jwt.HmacKey(secret)
    with pytest.raises(InvalidKeyError):
        jwt.HmacKey(b"", allow_weak=True)


def test_cve_2026_48523_a_key_beside_the_list_of_algorithms() -> None:
    """A JWK's algorithm and the list must both allow the header's.

    GHSA-jq35-7prp-9v3f.
    """
    jwk = {"kty": "oct", "k": encode(bytes(range(64))), "alg": "HS256"}
    key = compat.PyJWK(jwk)
    signed = {
        alg: compat.encode({}, bytes(range(64)), algorithm=alg)
        for alg in ("HS256", "HS384", "HS512")
    }
    assert compat.decode(signed["HS256"], key) == {}
    assert compat.decode(signed["HS256"], key, algorithms=["HS256", "HS512"]) == {}
    for alg, algorithms in (
        ("HS512", ["HS512"]),
        ("HS512", ["HS256", "HS512"]),
        ("HS256", ["HS512"]),
        ("HS384", None),
        ("HS384", []),
    ):
        with pytest.raises(compat.InvalidAlgorithmError):
            compat.decode(signed[alg], key, algorithms=algorithms)

    public = jwt.PrivateKey.generate("RS256", kid="1").public().to_jwk()
    with pytest.raises(InvalidKeyError):
        jwt.PublicKey.from_jwk(public, alg="PS256")
    with pytest.raises(InvalidKeyError):
        jwt.KeySet.from_jwks({"keys": [public]}, algs=["PS256", "RS512"])


def disguises(key: Any) -> list[bytes]:
    """Write a public key as somebody would who wants it taken for a secret."""
    pem, *_, jwk, jwks = public_forms(key)
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    bom = b"\xef\xbb\xbf"
    return [
        # Armour, white space and ends of lines.
        pem.replace(b"-----BEGIN PUBLIC KEY-----", b"-----BEGIN  PUBLIC KEY-----"),
        pem.replace(b"-----\n", b"----- \t\n"),
        pem.replace(b"\n", b"\r"),
        pem.replace(b"\n", b" "),
        pem.replace(b"\n", b"\n\n"),
        pem.replace(b"-----BEGIN", b"---- BEGIN"),
        pem.replace(b"-----", b"------"),
        b"\x0b\x0c" + pem,
        b"# a comment\n" + pem,
        pem + b"\0",
        # Marks and other encodings.
        bom + jwk,
        bom + jwks,
        bom + bom + pem,
        pem.decode().encode("utf-16"),
        jwk.decode().encode("utf-16-le"),
        jwk.decode().encode("utf-32"),
        # DER, and DER as text.
        der,
        der + b"\n",
        b" " + der,
        base64.b64encode(der),
        base64.b64encode(der).rstrip(b"="),
        base64.urlsafe_b64encode(der),
        base64.encodebytes(der),
        # JSON around it.
        b"[" + jwk + b"]",
        b"[[" + jwk + b"]]",
        b'{"jwk":' + jwk + b"}",
        b'{"a":' + jwks + b"}",
        jwk.replace(b'"kty"', b'"\\u006bty"'),
        b" \n" + jwk + b"\n ",
    ]


@pytest.mark.parametrize("key", [RSA_KEY, EC_KEY], ids=["RSA", "EC"])
@pytest.mark.parametrize("form", range(29))
def test_ghsa_ffc3_r6x4_p4g4_w2cx_public_keys_in_disguise(key: Any, form: int) -> None:
    """A public key is no secret however it is written.

    GHSA-ffc3-869f-jxw9, GHSA-r6x4-923q-g947, GHSA-p4g4-x82p-q773 and
    GHSA-w2cx-738m-mc7w.
    """
    material = disguises(key)[form]
    for weak in (False, True):
        with pytest.raises(InvalidKeyError):
            jwt.HmacKey(material, allow_weak=weak)
    with pytest.raises(compat.InvalidKeyError):
        compat.encode({}, material, algorithm="HS256")
    token = forge(CLAIMS | {"exp": 9_999_999_999}, secret=material)
    with pytest.raises(compat.InvalidKeyError):
        compat.decode(token, material, algorithms=["HS256", "RS256", "ES256"])
    jwk = {"kty": "oct", "k": encode(material), "alg": "HS256"}
    with pytest.raises(compat.InvalidKeyError):
        compat.decode(token, compat.PyJWK(jwk))


def test_ghsa_w6j9_one_bad_key_spoils_a_set() -> None:
    """A key that is not for us is left out, one that is fails alone and cleanly."""
    good = jwt.PrivateKey.generate("ES256", kid="good").public().to_jwk()
    for bad in (
        {"kty": "RSA", "kid": "bad", "n": "AQAB", "e": "AQAB"},
        {"kty": "RSA", "kid": "bad", "n": "!!", "e": "AQAB"},
        {"kty": "RSA", "kid": "bad", "n": 5, "e": None},
        {"kty": "RSA", "kid": "bad"},
        {"kty": "EC", "crv": "P-384", "x": "AA", "y": "AA"},
        {"kty": ["RSA"]},
        {},
    ):
        jwks = {"keys": [bad, good]}
        assert [key.kid for key in jwt.KeySet.from_jwks(jwks, algs=["ES256"])] == [
            "good"
        ]
        assert [key.key_id for key in compat.PyJWKSet.from_dict(jwks)] == ["good"]
    nested = '{"keys":[' + '{"a":' * 50_000 + "1" + "}" * 50_000 + "]}"
    with pytest.raises(InvalidKeyError):
        jwt.KeySet.from_jwks(nested, algs=["ES256"])
    with pytest.raises(compat.PyJWKSetError):
        compat.PyJWKSet.from_json(nested)


def test_ghsa_pxh4_empty_secrets_in_a_jwk() -> None:
    """No secret is empty, in whatever a key is written."""
    for k in ("", "=", "==", None):
        jwk = {"kty": "oct", "alg": "HS256", "k": k}
        with pytest.raises(InvalidKeyError):
            jwt.HmacKey.from_jwk(jwk)
        with pytest.raises(InvalidKeyError):
            jwt.KeySet.from_jwks({"keys": [jwk]}, algs=["HS256"])
        with pytest.raises(compat.PyJWTError):
            compat.encode({}, compat.PyJWK(jwk))
    for empty in ("", b""):
        with pytest.raises(compat.InvalidKeyError):
            compat.encode({}, empty)
        with pytest.raises(compat.InvalidKeyError):
            compat.decode(forge(secret=b""), empty, algorithms=["HS256"])


def test_python_jose_419_no_algorithms_trusts_the_header() -> None:
    """Without a list of algorithms nothing is verified with what a header says."""
    token = forge(CLAIMS | {"exp": 9_999_999_999})
    nothing: list[Any] = [None, [], ()]
    for algorithms in nothing:
        with pytest.raises(compat.DecodeError):
            compat.decode(token, SECRET, algorithms=algorithms)
    with pytest.raises(TypeError):
        jwt.KeySet.from_jwks({"keys": []})  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        jwt.RemoteKeySet("https://id.example/")  # type: ignore[call-arg]
    public = jwt.PrivateKey.generate("ES256").public().to_jwk()
    del public["alg"]
    with pytest.raises(InvalidKeyError):
        jwt.PublicKey.from_jwk(public)


def test_advisory_database_7123_der_keys_as_secrets() -> None:
    """The fix of CVE-2024-33663 in python-jose looked at PEM and not at DER."""
    for key in (RSA_KEY, EC_KEY):
        public = key.public_key()
        for der in (
            public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
            *(
                [public.public_bytes(Encoding.DER, PublicFormat.PKCS1)]
                if key is RSA_KEY
                else []
            ),
        ):
            with pytest.raises(InvalidKeyError):
                jwt.HmacKey(der)
            with pytest.raises(compat.InvalidKeyError):
                compat.decode(forge(secret=der), der, algorithms=["HS256"])


@pytest.mark.parametrize("blank", [" ", "\n", "\t", "\r\n", "\v", "\f", " \n\t "])
def test_fast_jwt_589_blanks_before_a_key(blank: str) -> None:
    """A blank before a PEM does not make a secret of it."""
    pem = public_forms(RSA_KEY)[0].decode()
    pkcs1 = RSA_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode()
    for text in (blank + pem, blank + pkcs1):
        with pytest.raises(InvalidKeyError):
            jwt.HmacKey(text)
        with pytest.raises(compat.InvalidKeyError):
            compat.encode({}, text, algorithm="HS256")
