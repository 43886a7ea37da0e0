"""RFC 7519, JSON Web Token: the rules of section 4.1 on their examples' words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hauberk import jwt
from hauberk.exceptions import (
    ExpiredTokenError,
    InvalidClaimError,
    InvalidTokenError,
    MalformedTokenError,
    NotYetValidError,
)

#: Sections 3.1 and 6.1: one set of claims, signed and (in 6.1) not secured.
CLAIMS = {"iss": "joe", "exp": 1_300_819_380, "http://example.com/is_root": True}
SECTION_3_1 = (
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
    "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
)
SECTION_6_1 = (
    "eyJhbGciOiJub25lIn0"
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
    "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    "."
)
KEY = jwt.HmacKey.from_jwk(
    {
        "kty": "oct",
        "k": (
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75"
            "aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
        ),
    },
    alg="HS256",
)
NOW = 1_300_819_000


def verifier(now: float = NOW, **options: Any) -> jwt.Verifier:
    """Return a verifier with the example's key."""
    defaults = {"issuer": "joe", "audience": None, "clock": lambda: now}
    options = defaults | options
    return jwt.Verifier(KEY, **options)


def sign(**claims: Any) -> str:
    """Sign claims with the example's key."""
    return jwt.sign_bytes(json.dumps(claims), KEY, headers={"typ": "JWT"})


def test_the_example_of_section_3_1() -> None:
    """The token is verified before its end and refused from then on."""
    assert verifier().claims(SECTION_3_1) == CLAIMS
    with pytest.raises(ExpiredTokenError):
        verifier(now=1_300_819_380).claims(SECTION_3_1)


def test_the_unsecured_example_of_section_6_1() -> None:
    """A token that nobody signed is refused, and can only be looked at."""
    with pytest.raises(InvalidTokenError):
        verifier().claims(SECTION_6_1)
    assert jwt.unverified(SECTION_6_1).claims == CLAIMS


def test_section_4_1_1_issuer_is_case_sensitive() -> None:
    """`iss` is compared exactly."""
    for issuer in ("Joe", "joe ", "jo"):
        with pytest.raises(InvalidClaimError):
            verifier().claims(sign(iss=issuer, exp=NOW + 1))


def test_section_4_1_3_audience() -> None:
    """One string or an array of strings, of which one is the reader's own name."""
    ours = verifier(audience="api")
    for audience in ("api", ["api"], ["other", "api"]):
        assert ours.claims(sign(iss="joe", exp=NOW + 1, aud=audience))
    for audience in ("API", ["other"], []):
        with pytest.raises(InvalidClaimError):
            ours.claims(sign(iss="joe", exp=NOW + 1, aud=audience))


def test_sections_4_1_4_to_4_1_6_times() -> None:
    """On or after `exp` and before `nbf` a token is refused, to the fraction."""
    assert verifier().claims(sign(iss="joe", exp=NOW + 0.5, nbf=NOW, iat=NOW - 0.5))
    for exp in (NOW, NOW - 0.5):
        with pytest.raises(ExpiredTokenError):
            verifier().claims(sign(iss="joe", exp=exp))
    with pytest.raises(NotYetValidError):
        verifier().claims(sign(iss="joe", exp=NOW + 9, nbf=NOW + 0.5))


def test_section_4_duplicate_names() -> None:
    """Of two claims of one name none is taken."""
    text = '{"iss":"joe","exp":1300819380,"iss":"joe"}'
    token = jwt.sign_bytes(text, KEY, headers={"typ": "JWT"})
    with pytest.raises(MalformedTokenError):
        verifier().claims(token)


def test_section_5_2_nested_tokens() -> None:
    """`cty` says that the payload is a token, which is no set of claims."""
    inner = sign(iss="joe", exp=NOW + 1)
    nested = jwt.sign_bytes(inner, KEY, headers={"typ": "JWT", "cty": "JWT"})
    with pytest.raises(MalformedTokenError):
        verifier().claims(nested)
    assert jwt.verify_signature(nested, KEY).payload == inner.encode()
