"""RFC 9068, the profile of JWT for OAuth 2.0 access tokens."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hauberk import jwt
from hauberk.exceptions import (
    ExpiredTokenError,
    InvalidClaimError,
    InvalidInputError,
    MissingClaimError,
)

ED = jwt.PrivateKey.generate("EdDSA")

#: Figure 2.
HEADER = {"typ": "at+JWT", "kid": "RjEwOwOA"}
ACCESS: dict[str, Any] = {
    "iss": "https://authorization-server.example.com/",
    "sub": "5ba552d67",
    "aud": "https://rs.example.com/",
    "exp": 1_639_528_912,
    "iat": 1_618_354_090,
    "jti": "dbe39bf3a3ba4238a513f51d6e1691c4",
    "client_id": "s6BhdRkqt3",
    "scope": "openid profile reademail",
}


def test_the_example() -> None:
    """Figure 2 is accepted from its `iat` to its `exp`, with the key of its `kid`."""
    key = jwt.PrivateKey.generate("RS256", kid="RjEwOwOA")
    token = jwt.sign_bytes(json.dumps(ACCESS), key, headers={"typ": HEADER["typ"]})
    assert jwt.unverified(token).header == HEADER | {"alg": "RS256"}

    def at(time: int) -> Any:
        return jwt.Verifier.access_token(
            [ED.public(), key],
            issuer=ACCESS["iss"],
            audience=ACCESS["aud"],
            clock=lambda: time,
        ).claims(token)

    assert at(ACCESS["iat"]) == at(ACCESS["exp"] - 1) == ACCESS
    with pytest.raises(ExpiredTokenError):
        at(ACCESS["exp"])


def access(**options: Any) -> jwt.Verifier:
    """Return the verifier of the resource server."""
    defaults: dict[str, Any] = {
        "issuer": ACCESS["iss"],
        "audience": ACCESS["aud"],
        "clock": lambda: ACCESS["iat"],
    }
    return jwt.Verifier.access_token(ED, **(defaults | options))


def sign_access(claims: dict[str, Any], typ: str = "at+jwt") -> str:
    """Sign claims as the authorization server does."""
    return jwt.sign_bytes(json.dumps(claims), ED, headers={"typ": typ})


@pytest.mark.parametrize("typ", ["at+jwt", "AT+JWT", "application/at+jwt"])
def test_access_tokens_are_accepted(typ: str) -> None:
    """The claims of the RFC's example pass under each spelling of the kind."""
    assert access().claims(sign_access(ACCESS, typ)) == ACCESS


@pytest.mark.parametrize("typ", ["JWT", "jwt", "id+jwt", "application/jwt"])
def test_other_kinds_are_no_access_tokens(typ: str) -> None:
    """An ID token does not pass for an access token (section 4)."""
    with pytest.raises(InvalidClaimError, match="typ"):
        access().claims(sign_access(ACCESS, typ))


@pytest.mark.parametrize("claim", sorted(set(ACCESS) - {"scope"}))
def test_access_tokens_are_complete(claim: str) -> None:
    """Each claim that section 2.2 requires is required."""
    with pytest.raises(MissingClaimError) as caught:
        access().claims(sign_access({k: v for k, v in ACCESS.items() if k != claim}))
    assert caught.value.claim == claim


@pytest.mark.parametrize("client", [1, ["s6BhdRkqt3"], {}, True])
def test_a_client_is_text(client: Any) -> None:
    """`client_id` is a string (RFC 8693, section 4.3)."""
    with pytest.raises(InvalidClaimError) as caught:
        access().claims(sign_access(ACCESS | {"client_id": client}))
    assert caught.value.claim == "client_id"


def test_access_tokens_are_for_us_from_whom_we_know() -> None:
    """Another issuer or audience is refused, and both must be named."""
    for claims in ({"iss": "https://evil.example"}, {"aud": ["https://other.example"]}):
        with pytest.raises(InvalidClaimError):
            access().claims(sign_access(ACCESS | claims))
    nobody: list[dict[str, Any]] = [
        {"issuer": None},
        {"audience": None},
        {"audience": []},
    ]
    for options in nobody:
        with pytest.raises(InvalidInputError):
            access(**options)


def test_further_claims_can_be_required() -> None:
    """`require` adds to what the profile requires."""
    with pytest.raises(MissingClaimError):
        access(require=["acr"]).claims(sign_access(ACCESS))
    assert access(require="scope").claims(sign_access(ACCESS)) == ACCESS
