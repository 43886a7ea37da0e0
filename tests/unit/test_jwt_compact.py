"""The form of a token: three parts, each in its one spelling, and what is in them.

The names of the tests are those of the rules: of RFC 8725 and the published
vulnerabilities behind it, and of the cases on which JWT libraries differ.
"""

from __future__ import annotations

import time
from typing import Any

import pytest
from tests.unit.jwt_tokens import (
    ASYMMETRIC,
    CLAIMS,
    NOW,
    SECRET,
    encode,
    forge,
    public_pem,
    signer,
    verifier,
)

from hauberk import jwt
from hauberk.exceptions import (
    ExpiredTokenError,
    InvalidClaimError,
    InvalidKeyError,
    InvalidTokenError,
    JwtError,
    MalformedTokenError,
    MissingClaimError,
    NotYetValidError,
    TokenSignatureError,
)


def test_tokens_are_str_or_bytes() -> None:
    """Both mean the same, and nothing else is a token."""
    token = forge(CLAIMS)
    assert verifier().claims(token) == verifier().claims(token.encode())
    for other in (None, 5, bytearray(token.encode()), ["a"]):
        with pytest.raises(TypeError, match="str or bytes"):
            verifier().claims(other)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "token", ["\ud800.a.b", "é.é.é", b"\xff.\xff.\xff", "\0", "", "..", "a.b.c"]
)
def test_what_is_no_token_is_malformed(token: str | bytes) -> None:
    """Whatever a request brings ends in an InvalidTokenError."""
    with pytest.raises(InvalidTokenError):
        verifier().claims(token)
    with pytest.raises(MalformedTokenError):
        jwt.unverified(token)


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5])
def test_a_token_has_two_full_stops(count: int) -> None:
    """Five parts are a JWE: no function here takes both."""
    token = ".".join((forge(CLAIMS).split(".") * 2)[: count + 1])
    with pytest.raises(MalformedTokenError):
        verifier().claims(token)


def test_length_is_checked_before_anything_else() -> None:
    """10 MB are refused in microseconds, whatever they are."""
    started = time.perf_counter()
    for token in (
        "." * 10_000_000,
        b"a" * 10_000_000,
        "é" * 10_000_000,
        "\udc80" * 20_000,
    ):
        with pytest.raises(MalformedTokenError, match="longer than allowed"):
            verifier().claims(token)
        with pytest.raises(MalformedTokenError, match="longer than allowed"):
            jwt.unverified(token)
    assert time.perf_counter() - started < 5  # generous: the strings above cost most

    token = forge(CLAIMS)
    assert verifier(max_length=len(token)).claims(token) == CLAIMS
    with pytest.raises(MalformedTokenError):
        verifier(max_length=len(token) - 1).claims(token)
    with pytest.raises(MalformedTokenError, match="4096"):
        verifier().claims(forge(CLAIMS, {"alg": "HS256", "x": "x" * 4096}))


@pytest.mark.parametrize("index", [0, 1, 2])
@pytest.mark.parametrize(
    "spoiled", ["{}=", "{}==", " {}", "{}\n", "{}\r\n", "+{}", "/{}", "{}~", "é{}"]
)
def test_base64url_is_strict(index: int, spoiled: str) -> None:
    """No padding, white space or other alphabet, in any of the three parts."""
    parts = forge(CLAIMS).split(".")
    parts[index] = spoiled.format(parts[index])
    with pytest.raises((MalformedTokenError, TokenSignatureError)):
        verifier().claims(".".join(parts))


def test_unused_bits_are_zero() -> None:
    """A signature has one spelling: its last character cannot be another."""
    token = forge(CLAIMS)
    last = token[-1]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for other in alphabet.replace(last, ""):
        with pytest.raises((MalformedTokenError, TokenSignatureError)):
            verifier().claims(token[:-1] + other)


@pytest.mark.parametrize(
    "signature", [bytes(64), b"", bytes(63), bytes(65), b"\xff" * 64]
)
def test_signatures_out_of_range_are_refused(signature: bytes) -> None:
    """CVE-2022-21449: r = s = 0 is not a signature by everybody."""
    key = jwt.PublicKey.from_pem(public_pem(ASYMMETRIC["ES256"]), alg="ES256")
    token = f"{encode({'alg': 'ES256'})}.{encode(CLAIMS)}.{encode(signature)}"
    with pytest.raises(TokenSignatureError):
        verifier(key).claims(token)


def test_one_message_whatever_the_signature() -> None:
    """A wrong key, a wrong payload and a missing signature say the same."""
    token = forge(CLAIMS)
    header, _, signature = token.split(".")
    messages = set()
    for bad in (
        forge(CLAIMS, secret=bytes(32)),
        f"{header}.{encode({'exp': NOW + 61})}.{signature}",
        token.rpartition(".")[0] + ".",
        forge(CLAIMS, {"alg": "HS512"}),
    ):
        with pytest.raises(TokenSignatureError) as caught:
            verifier().claims(bad)
        messages.add(str(caught.value))
    assert len(messages) == 1


@pytest.mark.parametrize("payload", ["not JSON", "[", b"\xff", '{"exp": true}'])
def test_the_signature_comes_before_the_claims(payload: Any) -> None:
    """What was not signed is not parsed: the signature's error is the only one."""
    with pytest.raises(TokenSignatureError):
        verifier().claims(forge(payload, secret=bytes(32)))


@pytest.mark.parametrize("depth", [64, 10_000])
def test_depth_is_bounded(depth: int) -> None:
    """A depth bomb is malformed, and no stack overflows."""
    bomb = '{"exp": 1, "a": ' + "[" * depth + "]" * depth + "}"
    with pytest.raises(MalformedTokenError):
        verifier(max_length=100_000).claims(forge(bomb))
    header = (
        '{"alg": "HS256", "a": ' + "[" * min(depth, 1000) + "]" * min(depth, 1000) + "}"
    )
    with pytest.raises(MalformedTokenError):
        verifier().claims(forge(CLAIMS, header))


def test_integers_have_at_most_4300_digits() -> None:
    """CVE-2020-10735."""
    assert (
        verifier().claims(forge(f'{{"exp":{NOW + 1},"n":1{"0" * 4299}}}'))["n"]
        == 10**4299
    )
    with pytest.raises(MalformedTokenError):
        verifier().claims(forge(f'{{"exp":{NOW + 1},"n":1{"0" * 4300}}}'))


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param('{"exp":1900000000,"exp":1900000000}', id="duplicate exp"),
        pytest.param(
            '{"exp":1900000000,"role":"user","role":"admin"}',
            id="duplicate private claim",
        ),
        pytest.param(
            '{"exp":1900000000,"\\u0065xp":1900000000}', id="duplicate in disguise"
        ),
        pytest.param('{"exp":1900000000,"a":{"b":1,"b":2}}', id="duplicate inside"),
        pytest.param("[1900000000,1,null,null,null]", id="array of five"),
        pytest.param('"text"', id="string"),
        pytest.param("5", id="number"),
        pytest.param("null", id="null"),
        pytest.param("", id="empty"),
        pytest.param(b"\xef\xbb\xbf" + b'{"exp":1900000000}', id="byte order mark"),
        pytest.param('{"exp":1900000000}'.encode("utf-16"), id="UTF-16"),
        pytest.param(b'{"exp":1900000000,"a":"\xff"}', id="not UTF-8"),
        pytest.param('{"exp":1900000000,"a":"\\ud800"}', id="lone surrogate"),
        pytest.param('{"exp":1900000000,"a":NaN}', id="NaN"),
        pytest.param('{"exp":Infinity}', id="Infinity"),
        pytest.param('{"exp":1e400}', id="1e400"),
        pytest.param('{"exp":1900000000,}', id="trailing comma"),
        pytest.param('{"exp":1900000000} ,', id="trailing data"),
        pytest.param("{'exp':1900000000}", id="single quotes"),
        pytest.param('{"exp":1900000000,"a":"\n"}', id="control character"),
        pytest.param('{"exp":0x7fffffff}', id="hexadecimal"),
        pytest.param('{"exp":01900000000}', id="leading zero"),
    ],
)
def test_payloads_that_readers_disagree_on_are_malformed(payload: Any) -> None:
    """Two readers of one token must not see two sets of claims."""
    with pytest.raises(MalformedTokenError):
        verifier().claims(forge(payload))
    with pytest.raises(MalformedTokenError):
        jwt.unverified(forge(payload))


def test_integers_round_trip_exactly() -> None:
    """2**70 is no float, and neither is anything beyond 2**53."""
    for number in (2**53 + 1, 2**63, -(2**63) - 1, 2**70):
        claims = {"exp": NOW + 1, "n": number}
        assert claims == verifier().claims(signer().sign(claims))
        assert claims == verifier().claims(forge(claims))


def test_unicode_round_trips() -> None:
    """Text of any kind, as a claim's name too."""
    claims = {"exp": NOW + 1, "naïve 🛡": ["\0\x7f\u2028\U0010ffff", '"\\/']}
    assert claims == verifier().claims(signer().sign(claims))


def test_unverified_looks_and_does_not_believe() -> None:
    """It shows what an expired token of an unknown key says."""
    token = forge({"exp": 1, "iss": "somebody"}, secret=b"unknown" * 5)
    looked_at = jwt.unverified(token)
    assert looked_at.claims == {"exp": 1, "iss": "somebody"}
    assert looked_at.header == {"alg": "HS256", "typ": "JWT"}


def test_a_token_has_claims_and_header() -> None:
    """`verify` returns both, and `claims` the first alone."""
    token = signer(jwt.HmacKey(SECRET, kid="k")).sign(CLAIMS, headers={"x": [1]})
    verified = verifier().verify(token)
    assert verified.claims == CLAIMS
    assert verified.header == {"alg": "HS256", "typ": "JWT", "kid": "k", "x": [1]}
    assert verifier().claims(token) == CLAIMS


def test_exceptions_are_of_one_family() -> None:
    """Whoever verifies catches InvalidTokenError; a bad key is no bad token."""
    for exception in (
        MalformedTokenError,
        TokenSignatureError,
        ExpiredTokenError,
        NotYetValidError,
        InvalidClaimError,
        MissingClaimError,
    ):
        assert issubclass(exception, InvalidTokenError)
    assert issubclass(InvalidKeyError, JwtError)
    assert not issubclass(InvalidKeyError, InvalidTokenError)
