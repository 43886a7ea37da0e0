"""Vulnerabilities that JWT libraries have had with tokens, each tried on ours.

A test is named after the advisory, or after the library where there is none.
"""

from __future__ import annotations

import hashlib
import hmac
import sys
import tracemalloc
import zlib
from typing import Any

import pytest
from tests.security.jwt_attacks import (
    CLAIMS,
    NOW,
    SECRET,
    encode,
    forge,
    verifier,
)

from hauberk import jwt
from hauberk.compat import jwt as compat
from hauberk.exceptions import (
    ExpiredTokenError,
    InvalidClaimError,
    InvalidInputError,
    InvalidTokenError,
    MalformedTokenError,
    TokenSignatureError,
)


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


def test_ghsa_8wjv_bombs_are_refused_unread() -> None:
    """A token of 10 MB, nested claims and a nested header are refused at once.

    GHSA-8wjv-2p76-3863: Python's own error about recursion came out.
    """
    ours = verifier(jwt.HmacKey(SECRET))
    huge = "a" * 10_000_000
    # Whoever looked inside would leave UTF-8 in the object.
    foreign = "é" * 10_000_000
    size = sys.getsizeof(foreign)
    for long in (
        huge,
        huge.encode(),
        f"{huge[:5_000_000]}.{huge[:5_000_000]}.a",
        "." * 10_000_000,
        foreign,
    ):
        with pytest.raises(MalformedTokenError, match="longer than allowed"):
            ours.claims(long)
        with pytest.raises(MalformedTokenError, match="longer than allowed"):
            jwt.unverified(long)
        with pytest.raises(compat.DecodeError, match="at most"):
            compat.decode(long, SECRET, algorithms=["HS256"])
    assert sys.getsizeof(foreign) == size

    deep = b'{"a":' * 2000 + b"1" + b"}" * 2000
    signed_deep = jwt.sign_bytes(deep, jwt.HmacKey(SECRET), headers={"typ": "JWT"})
    for nested, reason in (
        (signed_deep, "nested"),
        (f"{encode(deep[:3000])}.e30.e30", "nested"),
        (f"{encode(deep)}.e30.e30", "header is longer"),
    ):
        with pytest.raises(MalformedTokenError, match=reason):
            ours.claims(nested)
        with pytest.raises(compat.DecodeError):
            compat.decode(nested, SECRET, algorithms=["HS256"])


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


@pytest.mark.parametrize("part", range(3))
@pytest.mark.parametrize(
    "junk", ["!!!!", "!", "\n", "====", " ", "\0", "%41", "++++", "////", "é"]
)
def test_ghsa_hxm8_characters_that_are_passed_over(part: int, junk: str) -> None:
    """What is no base64url is refused, and not read as if it were not there."""
    parts = forge(CLAIMS | {"exp": 9_999_999_999}).split(".")
    for place in (0, 4, len(parts[part])):
        spoilt = [*parts]
        spoilt[part] = parts[part][:place] + junk + parts[part][place:]
        with pytest.raises(InvalidTokenError):
            verifier(jwt.HmacKey(SECRET)).claims(".".join(spoilt))
        with pytest.raises(compat.DecodeError):
            compat.decode(".".join(spoilt), SECRET, algorithms=["HS256"])


@pytest.mark.parametrize("cve", ["CVE-2024-33664", "CVE-2024-28102"])
def test_cve_2024_33664_and_2024_28102_compressed_bombs(cve: str) -> None:
    """Nothing here inflates: a token of a few bytes stays one."""
    bomb = zlib.compress(b"0" * 10_000_000, 9)[2:-4]
    header = {"alg": "dir", "enc": "A128GCM", "zip": "DEF"}
    jwe = f"{encode(header)}..{encode(bytes(12))}.{encode(bomb)}.{encode(bytes(16))}"
    jws_header = {"alg": "HS256", "zip": "DEF"}
    message = f"{encode(jws_header)}.{encode(bomb)}"
    mac = hmac.new(SECRET, message.encode(), hashlib.sha256).digest()
    jws = f"{message}.{encode(mac)}"
    tracemalloc.start()
    try:
        for token in (jwe, jws):
            with pytest.raises(MalformedTokenError):
                verifier(jwt.HmacKey(SECRET)).claims(token)
            with pytest.raises(compat.DecodeError):
                compat.decode(token, SECRET, algorithms=["HS256", "dir"])
        assert tracemalloc.get_traced_memory()[1] < 1_000_000, cve
    finally:
        tracemalloc.stop()
