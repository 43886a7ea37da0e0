"""JOSE headers: what a verifier refuses, rule by rule.

The names of the tests are those of the rules: of RFC 8725 and the published
vulnerabilities behind it, and of the cases on which JWT libraries differ.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.unit.jwt_tokens import CLAIMS, SECRET, encode, forge, verifier

from hauberk import jwt
from hauberk.exceptions import (
    InvalidClaimError,
    InvalidKeyError,
    MalformedTokenError,
    MissingClaimError,
    TokenSignatureError,
)


@pytest.mark.parametrize("alg", ["HS384", "hs256", "HS256 ", "RS256", "EdDSA"])
def test_the_header_does_not_choose_the_algorithm(alg: str) -> None:
    """A token whose `alg` is not the key's is not the key's token."""
    with pytest.raises(TokenSignatureError):
        verifier().claims(forge(CLAIMS, {"alg": alg}))


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE"])
def test_none_does_not_exist(alg: str) -> None:
    """Unsecured tokens are refused, with an empty signature or any other."""
    token = forge(CLAIMS, {"alg": alg})
    for candidate in (token, token.rpartition(".")[0] + "."):
        with pytest.raises(TokenSignatureError):
            verifier().claims(candidate)
    with pytest.raises(InvalidKeyError):
        jwt.HmacKey(SECRET, alg=alg)


@pytest.mark.parametrize(
    "header", [[], "HS256", 5, None, ["alg", "HS256"], {}, {"typ": "JWT"}]
)
def test_a_header_is_an_object_with_alg(header: Any) -> None:
    """Nothing else is a JOSE header."""
    with pytest.raises(MalformedTokenError):
        verifier().claims(forge(CLAIMS, json.dumps(header)))


@pytest.mark.parametrize("crit", [[], ["exp"], ["b64"], ["x"], "x", None, True])
def test_crit_is_refused_always(crit: Any) -> None:
    """GHSA-752w-5fwx-jx9f: an extension that must be understood is not."""
    header = {"alg": "HS256", "crit": crit, "x": 1, "exp": 1}
    with pytest.raises(MalformedTokenError):
        verifier().claims(forge(CLAIMS, header))


@pytest.mark.parametrize("b64", [True, False, None, "false"])
@pytest.mark.parametrize("crit", [{}, {"crit": ["b64"]}])
def test_b64_is_refused(b64: Any, crit: dict[str, Any]) -> None:
    """RFC 7797 is not supported, so it is not ignored either."""
    with pytest.raises(MalformedTokenError):
        verifier().claims(forge(CLAIMS, {"alg": "HS256", "b64": b64} | crit))


@pytest.mark.parametrize("header", [{"zip": "DEF"}, {"enc": "A256GCM"}])
def test_compression_and_encryption_are_refused(header: dict[str, str]) -> None:
    """`zip` and `enc` belong to JWE."""
    with pytest.raises(MalformedTokenError):
        verifier().claims(forge(CLAIMS, {"alg": "HS256"} | header))


def test_keys_in_headers_are_never_looked_at() -> None:
    """CVE-2018-0114: `jwk`, `jku`, `x5c` and `x5u` are an attacker's to choose."""
    attacker = b"attacker" * 4
    header = {
        "alg": "HS256",
        "jwk": {"kty": "oct", "k": encode(attacker)},
        "jku": "https://attacker.example/keys",
        "x5u": "https://attacker.example/certificate",
        "x5c": ["MIIC"],
    }
    with pytest.raises(TokenSignatureError):
        verifier().claims(forge(CLAIMS, header, secret=attacker))
    assert verifier().claims(forge(CLAIMS, header)) == CLAIMS


@pytest.mark.parametrize(
    "typ", [None, "JWT", "jwt", "application/jwt", "APPLICATION/JWT"]
)
def test_typ_jwt_may_be_absent_and_in_any_case(typ: str | None) -> None:
    """RFC 7515, section 4.1.9."""
    header = {"alg": "HS256"} | ({} if typ is None else {"typ": typ})
    assert verifier().claims(forge(CLAIMS, header)) == CLAIMS


def test_unexpected_typ_is_refused() -> None:
    """An access token is no session token (RFC 8725, section 3.11)."""
    access = forge(CLAIMS, {"alg": "HS256", "typ": "at+jwt"})
    with pytest.raises(InvalidClaimError) as caught:
        verifier().claims(access)
    assert caught.value.claim == "typ"
    assert verifier(typ="at+jwt").claims(access) == CLAIMS
    assert verifier(typ="application/at+JWT").claims(access) == CLAIMS
    with pytest.raises(InvalidClaimError):
        verifier(typ="at+jwt").claims(forge(CLAIMS))
    with pytest.raises(MissingClaimError):
        verifier(typ="at+jwt").claims(forge(CLAIMS, {"alg": "HS256"}))


@pytest.mark.parametrize(
    "header",
    [
        '{"alg":"HS256","alg":"HS256"}',
        '{"alg":"HS256","kid":1}',
        '{"alg":"HS256","kid":null}',
        '{"alg":"HS256","typ":1}',
        '{"alg":["HS256"]}',
        '{"alg":"HS256","kid":"' + "k" * 257 + '"}',
    ],
)
def test_headers_that_readers_disagree_on_are_malformed(header: str) -> None:
    """Duplicates and other types, in the header as in the claims."""
    with pytest.raises(MalformedTokenError):
        verifier().claims(forge(CLAIMS, header))
