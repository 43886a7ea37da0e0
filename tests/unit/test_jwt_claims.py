"""Claims: what a verifier expects of them, rule by rule.

The names of the tests are those of the rules: of RFC 8725 and the published
vulnerabilities behind it, and of the cases on which JWT libraries differ.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.unit.jwt_tokens import CLAIMS, KEY, NOW, forge, signer, verifier

from hauberk import jwt
from hauberk.exceptions import (
    ConfigurationError,
    ExpiredTokenError,
    InvalidClaimError,
    InvalidInputError,
    MissingClaimError,
    NotYetValidError,
)


def test_issuer_and_audience_must_be_passed() -> None:
    """Nobody leaves them out by oversight."""
    with pytest.raises(TypeError):
        jwt.Verifier(KEY, issuer=None)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        jwt.Verifier(KEY, audience=None)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    "options",
    [
        {"issuer": ""},
        {"issuer": []},
        {"audience": [""]},
        {"audience": ()},
        {"leeway": -1},
        {"leeway": float("nan")},
        {"max_age": -1},
        {"max_age": float("inf")},
        {"typ": ""},
        {"max_length": 0},
        {"require": [""]},
        {"require": ["x" * 129]},
        {"require": [str(n) for n in range(65)]},
    ],
)
def test_expectations_that_cannot_be_met_are_refused(options: dict[str, Any]) -> None:
    """A verifier that would accept nothing, or everything, is not made."""
    with pytest.raises(InvalidInputError):
        verifier(**options)


def test_required_claims() -> None:
    """Any claim can be required; null is no value for one."""
    strict = verifier(require=["exp", "client_id", "tenant"])
    full = CLAIMS | {"client_id": "c", "tenant": 0}
    assert full == strict.claims(forge(full))
    for claim in ("exp", "client_id", "tenant"):
        for claims in (
            {name: value for name, value in full.items() if name != claim},
            full | {claim: None},
        ):
            with pytest.raises((MissingClaimError, InvalidClaimError)) as caught:
                strict.claims(forge(claims))
            assert claim == getattr(caught.value, "claim", None)


def test_a_claim_that_is_required_twice_is_required_once() -> None:
    """A name that two settings bring together makes no token unacceptable."""
    twice = verifier(require=["exp", "sub", "exp", "tenant", "sub", "tenant"])
    claims = {"exp": NOW + 60, "sub": "ada", "tenant": "t"}
    assert twice.claims(forge(claims)) == claims
    for missing in claims:
        rest = {name: value for name, value in claims.items() if name != missing}
        with pytest.raises(MissingClaimError) as caught:
            twice.claims(forge(rest))
        assert caught.value.claim == missing


def test_exp_is_required() -> None:
    """A token without an end is refused unless `require` says otherwise."""
    with pytest.raises(MissingClaimError) as caught:
        verifier().claims(forge({"sub": "ada"}))
    assert caught.value.claim == "exp"
    assert verifier(require=()).claims(forge({"sub": "ada"})) == {"sub": "ada"}


@pytest.mark.parametrize("claim", ["exp", "nbf", "iat"])
@pytest.mark.parametrize(
    "value",
    [
        "true",
        "false",
        "null",
        '"1800000060"',
        "[]",
        "{}",
        "-1",
        "-0.5",
        "253402300800",
        "1e300",
        "1" + "0" * 30,
        "253402300799.5",
    ],
)
def test_times_are_numbers_in_range(claim: str, value: str) -> None:
    """No boolean, text, negative or endless time; the last second is that of 9999."""
    with pytest.raises(InvalidClaimError) as caught:
        verifier(require=()).claims(forge(f'{{"{claim}": {value}}}'))
    assert claim == caught.value.claim


@pytest.mark.parametrize(
    ("exp", "leeway", "is_valid"),
    [
        (NOW + 1, 0, True),
        (NOW + 0.5, 0, True),
        (NOW, 0, False),
        (NOW - 1, 0, False),
        (NOW, 1, True),
        (NOW - 1, 1, False),
        (253_402_300_799, 0, True),
        (0, 0, False),
        (NOW - 10, timedelta(seconds=11), True),
        (NOW - 10, 2e11, True),
    ],
)
def test_exp_ends_at_its_second(exp: float, leeway: Any, is_valid: bool) -> None:  # noqa: FBT001
    """On or after `exp` a token is refused (RFC 7519, 4.1.4); leeway wraps never."""
    token = forge({"exp": exp})
    if is_valid:
        assert {"exp": exp} == verifier(leeway=leeway).claims(token)
    else:
        with pytest.raises(ExpiredTokenError):
            verifier(leeway=leeway).claims(token)


@pytest.mark.parametrize("claim", ["nbf", "iat"])
def test_nbf_and_iat_in_the_future_are_refused(claim: str) -> None:
    """A token is not valid before its time, but for the leeway."""
    assert verifier().claims(forge(CLAIMS | {claim: NOW}))
    with pytest.raises(NotYetValidError, match=claim):
        verifier().claims(forge(CLAIMS | {claim: NOW + 1}))
    assert verifier(leeway=1).claims(forge(CLAIMS | {claim: NOW + 1}))
    with pytest.raises(NotYetValidError):
        verifier(leeway=1).claims(forge(CLAIMS | {claim: NOW + 1.5}))


def test_max_age_counts_from_iat() -> None:
    """Older than `max_age` is expired, whatever `exp` says; `iat` is required."""
    young = verifier(max_age=timedelta(minutes=1))
    assert young.claims(forge(CLAIMS | {"iat": NOW - 60}))
    with pytest.raises(ExpiredTokenError):
        young.claims(forge(CLAIMS | {"iat": NOW - 61}))
    assert verifier(max_age=60, leeway=1).claims(forge(CLAIMS | {"iat": NOW - 61}))
    with pytest.raises(MissingClaimError) as caught:
        young.claims(forge(CLAIMS))
    assert caught.value.claim == "iat"


@pytest.mark.parametrize(
    "now", [float("nan"), float("inf"), float("-inf"), -1.0, -1e-9, 253_402_300_799.5]
)
def test_a_clock_that_is_none_accepts_nothing(now: float) -> None:
    """An expired token does not become valid because no time can be compared with."""
    broken = verifier(clock=lambda: now, require=())
    for token in (forge({"exp": 1}), forge({"sub": "ada"})):
        with pytest.raises(ConfigurationError, match="clock"):
            broken.claims(token)
    with pytest.raises(ConfigurationError, match="clock"):
        signer(clock=lambda: now).sign({}, expires_in=None)
    assert verifier(clock=lambda: 0.0).claims(forge({"exp": 1})) == {"exp": 1}


def test_aud_without_an_expected_audience_is_refused() -> None:
    """RFC 7519, section 4.1.3: whoever is not named must refuse."""
    for aud in ("api", ["api"], []):
        with pytest.raises(InvalidClaimError) as caught:
            verifier().claims(forge(CLAIMS | {"aud": aud}))
        assert caught.value.claim == "aud"


def test_aud_is_required_where_one_is_expected() -> None:
    """A token for nobody is not for us."""
    with pytest.raises(MissingClaimError) as caught:
        verifier(audience="api").claims(forge(CLAIMS))
    assert caught.value.claim == "aud"


@pytest.mark.parametrize(
    "aud", [5, True, None, {"api": 1}, ["api", 5], [["api"]], ["api", None]]
)
def test_aud_has_a_strict_type(aud: Any) -> None:
    """CVE-2026-25537: another type is no absent claim."""
    for audience in (None, "api"):
        with pytest.raises(InvalidClaimError):
            verifier(audience=audience).claims(forge(CLAIMS | {"aud": aud}))


@pytest.mark.parametrize(
    ("aud", "is_ours"),
    [
        ("api", True),
        (["other", "api"], True),
        (["web"], True),
        ("ap", False),
        ("apis", False),
        ("API", False),
        ([], False),
        (["other"], False),
        ("", False),
    ],
)
def test_aud_names_one_of_ours_exactly(aud: Any, is_ours: bool) -> None:  # noqa: FBT001
    """CVE-2024-53861: part of a name is no name."""
    token = forge(CLAIMS | {"aud": aud})
    ours = verifier(audience={"api", "web"})
    if is_ours:
        assert aud == ours.claims(token)["aud"]
    else:
        with pytest.raises(InvalidClaimError):
            ours.claims(token)


@pytest.mark.parametrize(
    "iss", [["me"], 5, None, True, {"me": 1}, "m", "me ", "ME", ""]
)
def test_iss_is_one_exact_string(iss: Any) -> None:
    """A list, another type, or part of the name is not the issuer."""
    for issuer in ("me", ["me", "we"]):
        with pytest.raises(InvalidClaimError) as caught:
            verifier(issuer=issuer).claims(forge(CLAIMS | {"iss": iss}))
        assert caught.value.claim == "iss"


def test_iss_is_required_where_one_is_expected() -> None:
    """A token of unknown origin is refused."""
    with pytest.raises(MissingClaimError):
        verifier(issuer="me").claims(forge(CLAIMS))
    assert verifier(issuer=("we", "me")).claims(forge(CLAIMS | {"iss": "me"}))
    assert verifier(issuer=None).claims(forge(CLAIMS | {"iss": "anybody"}))


@pytest.mark.parametrize("claim", ["sub", "jti", "iss"])
@pytest.mark.parametrize("value", [5, None, True, ["a"], {}])
def test_sub_jti_and_iss_are_strings(claim: str, value: Any) -> None:
    """They are text even where no value is expected."""
    with pytest.raises(InvalidClaimError) as caught:
        verifier().claims(forge(CLAIMS | {claim: value}))
    assert claim == caught.value.claim


def test_subject_is_compared() -> None:
    """With `subject`, a token is about that one and no other."""
    assert verifier(subject="ada").claims(forge(CLAIMS))
    with pytest.raises(InvalidClaimError):
        verifier(subject="eve").claims(forge(CLAIMS))
    with pytest.raises(MissingClaimError):
        verifier(subject="ada").claims(forge({"exp": NOW + 1}))
