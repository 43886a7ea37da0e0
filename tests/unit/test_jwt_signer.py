"""Signing tokens: what a signer adds, and what it refuses to sign."""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import Any

import pytest
from tests.unit.jwt_tokens import KEY, NOW, signer

from hauberk import jwt
from hauberk.exceptions import (
    InvalidInputError,
    InvalidKeyError,
)


def test_a_signer_adds_its_claims() -> None:
    """Issuer, audience, time, end and an identifier of 128 bits."""
    full = jwt.Signer(
        KEY,
        issuer="me",
        audience=["a", "b"],
        lifetime=timedelta(minutes=1),
        clock=lambda: NOW + 0.9,
    )
    first, second = (jwt.unverified(full.sign({"sub": "ada"})).claims for _ in range(2))
    assert {name: value for name, value in first.items() if name != "jti"} == {
        "sub": "ada",
        "iss": "me",
        "aud": ["a", "b"],
        "iat": NOW,
        "exp": NOW + 60,
    }
    assert len(first["jti"]) == 22
    assert first["jti"] != second["jti"]


def test_claims_of_the_caller_are_kept() -> None:
    """`exp`, `iat` and `jti` are not overwritten, and claims are not changed."""
    claims = {"exp": NOW + 1, "iat": NOW - 1, "jti": "mine"}
    before = dict(claims)
    assert claims == jwt.unverified(jwt.Signer(KEY, lifetime=60).sign(claims)).claims
    assert before == claims
    proxy = MappingProxyType(claims)
    assert claims == jwt.unverified(jwt.Signer(KEY).sign(proxy)).claims


def test_a_token_without_an_end_must_be_asked_for() -> None:
    """`expires_in=None` is written out, or there is a lifetime, or `exp`."""
    with pytest.raises(InvalidInputError, match="expires_in=None"):
        signer().sign({"sub": "ada"})
    assert jwt.unverified(signer().sign({}, expires_in=None)).claims == {}
    assert jwt.unverified(signer(lifetime=60).sign({}, expires_in=None)).claims == {}
    for expires_in in (5, 5.9, timedelta(seconds=5)):
        token = signer(lifetime=60).sign({}, expires_in=expires_in)
        assert jwt.unverified(token).claims == {"exp": NOW + 5}


@pytest.mark.parametrize(
    ("options", "claims", "more"),
    [
        ({"issuer": "me"}, {"iss": "me"}, {"expires_in": 1}),
        ({"audience": "api"}, {"aud": "api"}, {"expires_in": 1}),
        ({}, {"exp": NOW + 1}, {"expires_in": 1}),
        ({}, {"exp": NOW + 1}, {"expires_in": None}),
        ({}, {}, {"expires_in": 0}),
        ({}, {}, {"expires_in": -1}),
        ({}, {}, {"expires_in": float("nan")}),
        ({}, {}, {"expires_in": 1e12}),
        ({}, {"exp": True}, {}),
        ({}, {"exp": "soon"}, {}),
        ({}, {"exp": None}, {}),
        ({}, {"exp": 10**12}, {}),
        ({}, {"exp": 10**400}, {}),
        ({}, {"nbf": -1}, {"expires_in": 1}),
        ({}, {"iat": [1]}, {"expires_in": 1}),
        ({}, {"sub": 5}, {"expires_in": 1}),
        ({}, {"iss": ["me"]}, {"expires_in": 1}),
        ({}, {"jti": None}, {"expires_in": 1}),
        ({}, {"aud": []}, {"expires_in": 1}),
        ({}, {"aud": ["api", 5]}, {"expires_in": 1}),
        ({}, {"x": float("nan")}, {"expires_in": 1}),
        ({}, {"x": "\ud800"}, {"expires_in": 1}),
        ({"headers": {"x": 1}}, {}, {"expires_in": 1, "headers": {"x": 2}}),
        ({}, {}, {"expires_in": 1, "headers": {"alg": "none"}}),
        ({}, {}, {"expires_in": 1, "headers": {"typ": "at+jwt"}}),
        ({}, {}, {"expires_in": 1, "headers": {"kid": "other"}}),
        ({}, {}, {"expires_in": 1, "headers": {"crit": ["x"]}}),
        ({}, {}, {"expires_in": 1, "headers": {"jwk": {}}}),
    ],
)
def test_contradictions_are_not_signed(
    options: dict[str, Any], claims: dict[str, Any], more: dict[str, Any]
) -> None:
    """What is said twice, or what no strict verifier would take, is an error."""
    with pytest.raises(InvalidInputError):
        signer(**options).sign(claims, **more)


@pytest.mark.parametrize("claim", ["exp", "nbf", "iat", "iss", "sub", "jti", "aud"])
def test_a_refused_claim_is_named_as_it_is_written(claim: str) -> None:
    """Names of claims have no capitals, not even where a sentence begins."""
    with pytest.raises(InvalidInputError, match=rf"\b{claim}\b"):
        signer(lifetime=60 if claim != "exp" else None).sign({claim: {}})


@pytest.mark.parametrize(
    "claims", [None, [], "claims", 5, {"x": object()}, {5: "x"}, {"x": b"x"}]
)
def test_claims_are_a_mapping_that_json_can_express(claims: Any) -> None:
    """Anything else is a TypeError."""
    with pytest.raises(TypeError):
        signer().sign(claims, expires_in=1)


def test_a_mapping_says_the_same_to_all() -> None:
    """What a subclass of dict claims to hold is signed as it is checked."""

    class Claims(dict[str, Any]):
        def items(self) -> Any:
            return [("exp", NOW + 9), ("exp", NOW + 99), ("sub", "ada")]

        def keys(self) -> Any:
            return ["exp", "sub"]

        def __iter__(self) -> Any:
            return iter(self.keys())

        def __getitem__(self, key: str) -> Any:
            return {"exp": NOW + 9, "sub": "ada"}[key]

    with pytest.raises(InvalidInputError, match="contradicts"):
        signer().sign(Claims(), expires_in=5)
    assert jwt.unverified(signer().sign(Claims())).claims == {
        "exp": NOW + 9,
        "sub": "ada",
    }


class Odd(str):
    """Text that a dict does not find by its letters."""

    __slots__ = ()

    __hash__ = object.__hash__


def test_claims_are_known_by_what_is_written() -> None:
    """A key that hides from look-ups is still the claim that its text says."""
    token = signer(lifetime=60).sign({Odd("exp"): NOW + 5})
    assert jwt.unverified(token).claims == {"exp": NOW + 5}
    with pytest.raises(InvalidInputError):
        signer(lifetime=60).sign({Odd("exp"): "tomorrow"})
    with pytest.raises(InvalidInputError):
        signer(issuer="a", lifetime=60).sign({Odd("iss"): "b"})


@pytest.mark.parametrize(
    "options", [{"issuer": ""}, {"audience": []}, {"lifetime": 0}, {"typ": ""}]
)
def test_signers_that_make_no_sense_are_refused(options: dict[str, Any]) -> None:
    """Mistakes show when a signer is made, not when it signs."""
    with pytest.raises(InvalidInputError):
        signer(**options)


def test_a_public_key_does_not_sign() -> None:
    """Nor does its Signer come into being."""
    public = jwt.PrivateKey.generate("EdDSA").public()
    with pytest.raises(InvalidKeyError):
        jwt.Signer(public)  # type: ignore[arg-type]
    with pytest.raises(InvalidKeyError):
        jwt.sign_bytes(b"", public)  # type: ignore[arg-type]
