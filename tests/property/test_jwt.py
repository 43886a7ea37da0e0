"""JWT: what holds for every set of claims and for every way of spoiling a token."""

from __future__ import annotations

import time
from typing import Any

import jwt as pyjwt
import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st

from hauberk import jwt
from hauberk.exceptions import InvalidTokenError, MalformedTokenError

KEYS = [
    jwt.HmacKey.generate("HS256"),
    jwt.HmacKey.generate("HS512"),
    jwt.PrivateKey.generate("EdDSA"),
    jwt.PrivateKey.generate("ES256"),
]
SECRET = bytes(range(32))
REGISTERED = {"iss", "sub", "aud", "exp", "nbf", "iat", "jti"}

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4)
    ),
    max_leaves=10,
)
private_claims = st.dictionaries(
    texts.filter(lambda name: name not in REGISTERED), values
)
keys = st.sampled_from(KEYS)


def accept_anything(key: Any, **options: Any) -> jwt.Verifier:
    """Return a verifier that only looks at the signature."""
    return jwt.Verifier(key, issuer=None, audience=None, require=(), **options)


@given(keys, private_claims)
def test_what_is_signed_is_verified(key: Any, claims: dict[str, Any]) -> None:
    """Claims come out of a token as they went in, and floats stay floats."""
    signer = jwt.Signer(key, lifetime=60, add_jti=False, add_iat=False, clock=lambda: 0)
    verifier = accept_anything(key, clock=lambda: 0)

    assert claims | {"exp": 60} == verifier.claims(signer.sign(claims))


@given(keys, st.data())
def test_a_changed_character_is_refused(key: Any, data: st.DataObject) -> None:
    """Whichever character becomes whatever else, the token is refused."""
    token = jwt.Signer(key).sign({"sub": "ada"}, expires_in=60)
    position = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters(exclude_categories=["Cs"]))
    assume(other != token[position])

    with pytest.raises(InvalidTokenError):
        accept_anything(key).claims(token[:position] + other + token[position + 1 :])


@given(keys, st.data())
def test_a_shortened_or_lengthened_token_is_refused(
    key: Any, data: st.DataObject
) -> None:
    """Neither a part of a token nor a token and something is one."""
    token = jwt.Signer(key).sign({"sub": "ada"}, expires_in=60)
    start = data.draw(st.integers(0, len(token)))
    end = data.draw(st.integers(start, len(token)))
    more = data.draw(texts.filter(bool))
    assume((start, end) != (0, len(token)))

    for spoiled in (token[start:end], token + more, more + token):
        with pytest.raises(InvalidTokenError):
            accept_anything(key).claims(spoiled)


@given(st.text() | st.binary())
def test_anything_else_is_an_invalid_token(token: str | bytes) -> None:
    """Whatever comes, it ends in InvalidTokenError and in nothing else."""
    with pytest.raises(InvalidTokenError):
        accept_anything(KEYS[0]).claims(token)
    with pytest.raises(MalformedTokenError):
        jwt.unverified(token)


times = st.integers(-2, 2).map(lambda offset: int(time.time()) + 1000 * offset)
odd = values | times | times.map(str) | times.map(float)
audiences = st.sampled_from(["api", "web", ["api", "web"], ["web"], [], 5, ["api", 5]])
header_parameters = st.fixed_dictionaries(
    {},
    optional={
        "typ": st.sampled_from(["JWT", "jwt", "at+jwt", ""]),
        "kid": st.sampled_from(["a", ""]),
        "crit": st.sampled_from([[], ["exp"], ["x"]]),
        "x": values,
    },
)


@given(
    private_claims,
    st.fixed_dictionaries(
        {},
        optional={
            "exp": times | odd,
            "nbf": times | odd,
            "iat": times | odd,
            "iss": st.sampled_from(["me", "m", ["me"], 5]),
            "aud": audiences,
            "sub": st.sampled_from(["ada", 5]),
            "jti": st.sampled_from(["1", 1]),
        },
    ),
    header_parameters,
    st.sampled_from([None, "api", ["api", "web"]]),
    st.sampled_from([None, "me", ["me", "we"]]),
)
def test_what_is_accepted_pyjwt_accepts_too(
    private: dict[str, Any],
    registered: dict[str, Any],
    headers: dict[str, Any],
    audience: Any,
    issuer: Any,
) -> None:
    """Stricter than PyJWT in places, looser nowhere, with the same claims."""
    try:
        token = pyjwt.encode(private | registered, SECRET, "HS256", headers=headers)
    except (TypeError, ValueError, pyjwt.PyJWTError):
        reject()
    verifier = jwt.Verifier(
        jwt.HmacKey(SECRET), issuer=issuer, audience=audience, require=()
    )
    try:
        claims = verifier.claims(token)
    except InvalidTokenError:
        return

    theirs = pyjwt.decode(token, SECRET, ["HS256"], audience=audience, issuer=issuer)
    assert theirs == claims
