"""Vulnerabilities that JWT libraries have had, each tried on ours.

A test is named after the advisory, or after the library where there is none.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hauberk import jwt
from hauberk.exceptions import (
    ExpiredTokenError,
    InvalidClaimError,
    InvalidInputError,
    InvalidKeyError,
    InvalidTokenError,
    MalformedTokenError,
    TokenSignatureError,
)

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


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", ""])
def test_cve_2015_2951_none(alg: str) -> None:
    """A token without a signature is none, however `none` is spelt."""
    for signature in ("", encode(b"x")):
        token = f"{encode({'alg': alg})}.{encode(CLAIMS)}.{signature}"
        with pytest.raises(InvalidTokenError):
            verifier(jwt.HmacKey(SECRET)).claims(token)


def test_cve_2015_9235_the_header_chooses_the_algorithm() -> None:
    """A token under another algorithm than the key's is refused, key by key."""
    public = jwt.PrivateKey.generate("RS256", kid="k").public()
    for alg in ("HS256", "HS384", "PS256", "RS384", "ES256", "EdDSA"):
        with pytest.raises(TokenSignatureError):
            verifier(public).claims(forge(header={"alg": alg, "kid": "k"}))


def test_cve_2018_0114_keys_in_the_header() -> None:
    """An attacker's own key in the header verifies nothing."""
    evil = jwt.PrivateKey.generate("ES256")
    victim = jwt.PrivateKey.generate("ES256")
    header = {
        "alg": "ES256",
        "jwk": evil.to_jwk(),
        "jku": "https://evil.example/jwks.json",
        "x5u": "https://evil.example/cert.pem",
        "x5c": ["MIIB"],
    }
    message = f"{encode(header)}.{encode(CLAIMS)}"
    signed = jwt.sign_bytes(b"", evil).rpartition(".")[2]
    for signature in (signed, encode(bytes(64))):
        with pytest.raises(TokenSignatureError):
            verifier(victim).claims(f"{message}.{signature}")


@pytest.mark.parametrize("alg", ["ES256", "ES384", "ES512", "ES256K"])
def test_cve_2022_21449_psychic_signatures(alg: str) -> None:
    """Zeros for both numbers, and other numbers out of range, sign nothing."""
    key = jwt.PrivateKey.generate(alg)
    length = {"ES384": 96, "ES512": 132}.get(alg, 64)
    message = f"{encode({'alg': alg})}.{encode(CLAIMS)}"
    for signature in (
        bytes(length),
        b"\xff" * length,
        bytes(length - 1) + b"\1",
        b"\1" + bytes(length - 1),
        bytes(length - 1),
        bytes(length + 1),
        b"0\x06\x02\x01\0\x02\x01\0",
        b"",
    ):
        with pytest.raises(TokenSignatureError):
            verifier(key).claims(f"{message}.{encode(signature)}")


def test_cve_2024_53861_issuer_as_a_substring() -> None:
    """Part of an issuer's name, or a list that has it, is not the issuer."""
    ours = verifier(jwt.HmacKey(SECRET), issuer="https://issuer.example")
    for issuer in ("https://issuer", "", "acb", ["https://issuer.example"], None):
        with pytest.raises(InvalidClaimError):
            ours.claims(forge(CLAIMS | {"iss": issuer}))


def test_cve_2025_45768_weak_secrets() -> None:
    """A short secret is an error and not a warning."""
    for secret in (b"", b"a", b"secret", bytes(31)):
        with pytest.raises(InvalidKeyError):
            jwt.HmacKey(secret)
    with pytest.raises(InvalidKeyError):
        jwt.HmacKey(b"", allow_weak=True)


def test_ghsa_752w_critical_headers_ignored() -> None:
    """`crit` is refused, also when it is empty or names what we know."""
    for crit in (["exp"], ["b64"], [], ["alg"], "exp", None):
        with pytest.raises(MalformedTokenError):
            verifier(jwt.HmacKey(SECRET)).claims(
                forge(header={"alg": "HS256", "crit": crit})
            )


def test_cve_2026_48525_detached_payloads() -> None:
    """`b64` is refused before any work, with `crit` and without."""
    for b64 in (False, True):
        for more in ({}, {"crit": ["b64"]}):
            with pytest.raises(MalformedTokenError):
                verifier(jwt.HmacKey(SECRET)).claims(
                    forge(header={"alg": "HS256", "b64": b64} | more)
                )


def test_cve_2026_25537_claims_of_another_type() -> None:
    """A claim of the wrong type is refused and not taken for an absent one."""
    expected = {"audience": "A", "issuer": "I", "subject": "S"}
    ours = verifier(jwt.HmacKey(SECRET), **expected)
    good = {"aud": "A", "iss": "I", "sub": "S", "exp": NOW + 60}
    assert ours.claims(forge(good)) == good
    bad: dict[str, list[Any]] = {
        "exp": ["1", None, True, {}, [NOW + 60], str(NOW + 60), -1, 1e300],
        "nbf": ["1", None, False, {}, [], 1e300],
        "iat": ["1", None, False, {}, []],
        "aud": [5, {"A": 1}, ["A", 5], None, True, [["A"]], []],
        "iss": [5, ["I"], ["I", "evil"], None, {}],
        "sub": [5, ["S"], None, {}],
        "jti": [5, [], None, {}],
    }
    for claim, values in bad.items():
        for value in values:
            with pytest.raises(InvalidClaimError) as caught:
                ours.claims(forge(good | {claim: value}))
            assert caught.value.claim == claim


def test_jsonwebtoken_takes_an_array_for_claims() -> None:
    """A payload that is an array is no set of claims."""
    with pytest.raises(MalformedTokenError):
        verifier(jwt.HmacKey(SECRET)).claims(forge([NOW + 60, 0, "ada", "i", "a"]))


def test_jsonwebtoken_wraps_around_on_leeway() -> None:
    """A leeway longer than the time since 1970 only makes more tokens valid."""
    generous = verifier(jwt.HmacKey(SECRET), leeway=2e11, clock=lambda: 100.0)
    assert generous.claims(forge({"exp": 1})) == {"exp": 1}
    for leeway in (-1, float("nan"), float("inf")):
        with pytest.raises(InvalidInputError):
            verifier(jwt.HmacKey(SECRET), leeway=leeway)


def test_jsonwebtoken_accepts_the_second_of_expiry() -> None:
    """On `exp` a token has expired (RFC 7519, section 4.1.4)."""
    with pytest.raises(ExpiredTokenError):
        verifier(jwt.HmacKey(SECRET)).claims(forge({"exp": NOW}))


def test_libjwt_283_expiry_beyond_all_numbers() -> None:
    """An `exp` that JSON readers saturate or wrap is out of range."""
    ours = verifier(jwt.HmacKey(SECRET))
    for exp in ("1e400", "1e19", str(2**63), str(2**64 + 1), "9" * 400, "-1"):
        claims = '{"exp":' + exp + "}"
        message = f"{encode({'alg': 'HS256'})}.{encode(claims.encode())}"
        mac = hmac.new(SECRET, message.encode(), hashlib.sha256).digest()
        with pytest.raises(InvalidTokenError):
            ours.claims(f"{message}.{encode(mac)}")


def test_jose_jwt_237_encrypted_tokens() -> None:
    """What has the five parts of a JWE, or a header of one, is no token here."""
    ours = verifier(jwt.HmacKey(SECRET))
    header = {"alg": "dir", "enc": "A128GCM"}
    for token in (
        f"{encode(header)}..{encode(b'iv')}.{encode(b'text')}.{encode(b'tag')}",
        forge(header={"alg": "HS256", "enc": "A128GCM"}),
        forge(header={"alg": "HS256", "zip": "DEF"}),
    ):
        with pytest.raises(MalformedTokenError):
            ours.claims(token)


def test_ghsa_8wjv_bombs_cost_microseconds() -> None:
    """A token of 10 MB, nested claims and a nested header are refused at once."""
    ours = verifier(jwt.HmacKey(SECRET))
    deep = b'{"a":' * 2000 + b"1" + b"}" * 2000
    signed_deep = jwt.sign_bytes(deep, jwt.HmacKey(SECRET), headers={"typ": "JWT"})
    huge = "a" * 10_000_000
    bombs: list[str | bytes] = [
        huge,
        huge.encode(),
        f"{huge[:5_000_000]}.{huge[:5_000_000]}.a",
        "." * 10_000_000,
        signed_deep,
        f"{encode(deep)}.e30.e30"[:16_000],
        encode(b'{"a":' + b"[" * 2500) + ".e30.e30",
    ]
    for bomb in bombs:
        fastest = 1.0
        for _ in range(10):
            before = time.perf_counter()
            with pytest.raises(MalformedTokenError):
                ours.claims(bomb)
            fastest = min(fastest, time.perf_counter() - before)
        assert fastest < 0.000_5, len(bomb)


def test_an_unknown_kid_is_not_tried() -> None:
    """A `kid` that no key has costs no signature, and opens no file."""
    keys = [jwt.PrivateKey.generate("EdDSA", kid=str(n)) for n in range(3)]
    ours = verifier(keys)
    token = jwt.Signer(keys[0], lifetime=60, clock=lambda: NOW).sign({})
    for kid in ("3", "../../../../dev/null", "0' OR '1'='1", "0\0", "", "00"):
        header = {"alg": "EdDSA", "typ": "JWT", "kid": kid}
        _, payload, signature = token.split(".")
        with pytest.raises(InvalidTokenError):
            ours.claims(f"{encode(header)}.{payload}.{signature}")


def test_tokens_have_one_spelling() -> None:
    """No other text has the same signature: padding, alphabet and spare bits count."""
    token = forge()
    header, payload, signature = token.split(".")
    last = "AEIMQUYcgkosw048"
    spare = signature[:-1] + last[(last.index(signature[-1]) + 1) % 16]
    flipped = signature[:-1] + chr(ord(signature[-1]) + 1)
    for other in (
        token + "=",
        f"{header}=.{payload}.{signature}",
        token + "\n",
        " " + token,
        token.replace(".", "..", 1),
        token + ".",
        f"{header}.{payload}.{spare}",
        f"{header}.{payload}.{flipped}",
    ):
        with pytest.raises(InvalidTokenError):
            verifier(jwt.HmacKey(SECRET)).claims(other)
