"""Asymmetric tokens and the drop-in, asked of several libraries.

Keys are JWKs, tokens are signed by cryptography through PyJWT, and then damaged as an
attacker would. What hauberk accepts, PyJWT and joserfc have to accept as well, and to
read in the same way; what `hauberk.compat.jwt` accepts or signs, PyJWT must too.
"""

from __future__ import annotations

import base64
import json
import os
import time
import warnings
from typing import Any

import jwt as pyjwt
import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwt as joserfc
from joserfc.errors import JoseError
from joserfc.jwk import import_key
from joserfc.jws import JWSRegistry

from hauberk.compat import jwt as compat
from hauberk.exceptions import InvalidTokenError
from hauberk.jwt import KeySet, PrivateKey, PublicKey, Verifier

NOW = int(time.time())
EXAMPLES = int(os.environ.get("HAUBERK_EXAMPLES", "200"))

ALGORITHMS = [
    *(family + size for family in ("RS", "PS") for size in ("256", "384", "512")),
    *("ES256", "ES384", "ES512", "ES256K", "EdDSA"),
]
_RSA = PrivateKey.generate("RS256").to_jwk(private=True)
_RSA = {name: value for name, value in _RSA.items() if name not in ("alg", "use")}
PRIVATE: dict[str, dict[str, Any]] = {
    alg: (
        _RSA | {"alg": alg}
        if alg[:2] in ("RS", "PS")
        else PrivateKey.generate(alg).to_jwk(private=True)
    )
    for alg in ALGORITHMS
}
PUBLIC = {
    alg: PrivateKey.from_jwk(jwk, alg=alg).public().to_jwk()
    for alg, jwk in PRIVATE.items()
}

SIGNING = {alg: pyjwt.PyJWK(jwk) for alg, jwk in PRIVATE.items()}
DROP_IN = {alg: compat.PyJWK(jwk) for alg, jwk in PRIVATE.items()}
# Three ways to hand the same key to us, and two to PyJWT.
OURS = {
    alg: [
        Verifier(keys, issuer=None, audience=None)
        for keys in (
            PublicKey.from_jwk(jwk),
            KeySet.from_jwks({"keys": [jwk]}, algs=[alg]),
            PrivateKey.from_jwk(PRIVATE[alg], alg=alg),
        )
    ]
    for alg, jwk in PUBLIC.items()
}
JOSERFC = {alg: import_key(jwk) for alg, jwk in PUBLIC.items()}
REGISTRY = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)


def mostly(right: Any, other: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return what is right more often than not."""
    return st.one_of(st.just(right), st.just(right), st.just(right), other)


def encode(data: bytes) -> bytes:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def damaged(draw: st.DrawFn, alg: str, signature: bytes) -> bytes:
    """Change a signature, sometimes in ways that fooled others."""
    ways = ["flip", "cut", "longer", "zeros", "ones", "empty", "swap", "der", "high"]
    way = draw(mostly("", st.sampled_from(ways)))
    half = len(signature) // 2
    if way == "flip":
        place = draw(st.integers(0, len(signature) - 1))
        bit = 1 << draw(st.integers(0, 7))
        flipped = signature[place] ^ bit
        return signature[:place] + bytes([flipped]) + signature[place + 1 :]
    if way == "der" and alg.startswith("ES"):
        r, s = (int.from_bytes(part) for part in (signature[:half], signature[half:]))
        return encode_dss_signature(r, s)
    if way == "high" and alg == "EdDSA":
        # S plus the group's order is the same number to who does not look.
        order = 2**252 + 27742317777372353535851937790883648493
        s = int.from_bytes(signature[32:], "little") + order
        return signature[:32] + s.to_bytes(32, "little")
    return {
        "cut": signature[:-1],
        "longer": signature + b"\0",
        "zeros": bytes(len(signature)),
        "ones": b"\xff" * len(signature),
        "empty": b"",
        "swap": signature[half:] + signature[:half],
    }.get(way, signature)


@st.composite
def tokens(draw: st.DrawFn) -> tuple[str, str]:
    """Return an algorithm and a token that may be one for it."""
    alg = draw(st.sampled_from(ALGORITHMS))
    named = draw(mostly(alg, st.sampled_from([*ALGORITHMS, "HS256", "none", "es256"])))
    signing = draw(mostly(alg, st.sampled_from(ALGORITHMS)))
    header = {"alg": named} | draw(
        st.fixed_dictionaries(
            {}, optional={"typ": st.just("JWT"), "kid": st.sampled_from(["1", ""])}
        )
    )
    claims = draw(
        st.fixed_dictionaries(
            {"exp": mostly(NOW + 9_999, st.sampled_from([0, NOW - 9_999, None, "x"]))},
            optional={"sub": st.text(max_size=5), "n": st.integers() | st.floats()},
        )
    )
    message = b".".join(encode(json.dumps(part).encode()) for part in (header, claims))
    key = SIGNING[signing]
    signature = key.Algorithm.sign(message, key.key)
    signature = damaged(draw, signing, signature)
    return alg, (message + b"." + encode(signature)).decode()


def refused_or(call: Any, *errors: type[Exception]) -> Any:
    """Return what a call returns, or None if it refuses."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return call()
        except errors:
            return None


def by_us(alg: str, token: str) -> list[Any]:
    """Return the claims by hauberk, however the key was handed in, or None."""
    return [
        refused_or(lambda it=it: it.claims(token), InvalidTokenError)
        for it in OURS[alg]
    ]


def by_pyjwt(alg: str, token: str, library: Any = pyjwt) -> list[Any]:
    """Return the claims by PyJWT or the drop-in, in two ways, or None."""
    jwk = library.PyJWK(PUBLIC[alg])
    options = {"require": ["exp"]}
    return [
        refused_or(call, library.PyJWTError, *other)
        for call in (
            lambda: library.decode(token, jwk, options=options),
            lambda: library.decode(token, jwk.key, algorithms=[alg], options=options),
        )
        for other in ([(ValueError, TypeError)] if library is pyjwt else [()])
    ]


def by_joserfc(alg: str, token: str) -> Any:
    """Return the claims by joserfc, or None."""
    claims = joserfc.JWTClaimsRegistry(exp={"essential": True})

    def call() -> Any:
        found = joserfc.decode(token, JOSERFC[alg], algorithms=[alg], registry=REGISTRY)
        claims.validate(found.claims)
        return found.claims

    return refused_or(
        call, JoseError, ValueError, TypeError, AttributeError, RecursionError
    )


@settings(max_examples=EXAMPLES, deadline=None)
@given(drawn=tokens())
def test_what_we_accept_others_accept(drawn: tuple[str, str]) -> None:
    """No asymmetric token passes here that PyJWT or joserfc refuses."""
    ours = by_us(*drawn)
    assert ours[1:] == ours[:-1]
    if ours[0] is not None:
        assert by_pyjwt(*drawn) == ours[:1] * 2
        assert by_joserfc(*drawn) == ours[0]


@settings(max_examples=EXAMPLES, deadline=None)
@given(drawn=tokens())
def test_what_the_drop_in_accepts_pyjwt_accepts(drawn: tuple[str, str]) -> None:
    """The drop-in is never looser, and refuses with PyJWT's exceptions alone."""
    theirs = by_pyjwt(*drawn)
    for ours, pyjwts in zip(by_pyjwt(*drawn, library=compat), theirs, strict=True):
        if ours is not None:
            assert ours == pyjwts


@settings(max_examples=EXAMPLES // 3, deadline=None)
@given(
    alg=st.sampled_from(ALGORITHMS),
    named=st.none() | st.sampled_from([*ALGORITHMS, "HS256", "none"]),
    claims=st.dictionaries(
        st.sampled_from(["sub", "iss", "n", "x"]), st.text(max_size=9), max_size=3
    ),
)
def test_what_the_drop_in_signs_pyjwt_verifies(
    alg: str, named: str | None, claims: dict[str, Any]
) -> None:
    """With a JWK of any kind and any algorithm, a token is one or there is none."""
    token = refused_or(
        lambda: compat.encode(claims, DROP_IN[alg], algorithm=named),
        compat.PyJWTError,
        TypeError,
    )
    if token is None:
        assert named is not None
        return
    header = pyjwt.get_unverified_header(token)
    assert header["alg"] == (named or alg)
    key = pyjwt.PyJWK(PUBLIC[alg] | {"alg": header["alg"]})
    assert pyjwt.decode(token, key, algorithms=[header["alg"]]) == claims


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_each_of_them_accepts_and_refuses(alg: str) -> None:
    """The comparisons above compare something."""
    claims = {"exp": NOW + 9_999, "sub": "ada"}
    good = pyjwt.encode(claims, SIGNING[alg])
    head, _, signature = good.rpartition(".")
    bad = f"{head}.{signature[:-8]}AAAAAAAA"

    for token, expected in ((good, claims), (bad, None)):
        assert by_us(alg, token) == [expected] * 3
        assert by_pyjwt(alg, token) == [expected] * 2
        assert by_pyjwt(alg, token, library=compat) == [expected] * 2
        assert by_joserfc(alg, token) == expected
