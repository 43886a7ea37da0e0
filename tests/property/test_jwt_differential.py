"""Whether a token may be trusted, asked of three libraries.

Tokens are built from parts that are right, odd or hostile, signed, and sometimes
damaged. What hauberk accepts, PyJWT and joserfc have to accept as well, and to read in
the same way: we may be stricter than either and looser than none.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import time
import warnings
from typing import Any

import jwt as pyjwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwt as joserfc
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from joserfc.jws import JWSRegistry

from hauberk.compat import jwt as compat
from hauberk.exceptions import InvalidTokenError
from hauberk.jwt import HmacKey, Verifier

SECRET = bytes(range(64))
VERIFIER = Verifier(HmacKey(SECRET), issuer="shop", audience="api")
NOW = int(time.time())

#: More examples in a long run: HAUBERK_EXAMPLES=100000.
EXAMPLES = int(os.environ.get("HAUBERK_EXAMPLES", "600"))

KEY = OctKey.import_key(SECRET)
# Parameters that nobody knows are ignored (RFC 7515, section 4).
HEADER = JWSRegistry(algorithms=["HS256"], strict_check_header=False)

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=5,
)
TIMES: st.SearchStrategy[Any] = st.sampled_from(
    [
        NOW + 9_999,
        NOW + 9_999.5,
        NOW - 9_999,
        0,
        -1,
        1e300,
        1e18,
        2**63,
        2**64,
        True,
        None,
        "",
        str(NOW + 9_999),
        "1e9",
        [],
        [NOW + 9_999],
        {},
    ]
)
AUDIENCES = st.sampled_from(
    [
        "api",
        "Api",
        "api ",
        "",
        ["api"],
        ["x", "api"],
        ["x"],
        [],
        [5, "api"],
        5,
        None,
        {"api": 1},
    ]
)
ISSUERS = st.sampled_from(
    ["shop", "Shop", "shop\0", "", ["shop"], 5, None, {"shop": 1}]
)


def mostly(right: Any, other: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return what is right more often than not: most tokens fail for one reason."""
    return st.one_of(st.just(right), st.just(right), st.just(right), other)


CLAIMS = st.fixed_dictionaries(
    {
        "iss": mostly("shop", ISSUERS),
        "aud": mostly("api", AUDIENCES),
        "exp": mostly(NOW + 9_999, TIMES),
    },
    optional={
        "nbf": mostly(NOW - 9, TIMES),
        "iat": mostly(NOW - 9, TIMES),
        "sub": mostly("ada", JSON),
        "jti": mostly("1", JSON),
        "x": JSON,
    },
)
HEADERS = st.fixed_dictionaries(
    {
        "alg": mostly(
            "HS256",
            st.sampled_from(
                ["HS512", "none", "None", "hs256", "RS256", "", None, 5, ["HS256"]]
            ),
        )
    },
    optional={
        "typ": mostly("JWT", st.sampled_from(["jwt", "at+jwt", "JOSE", "", None, 5])),
        "kid": st.sampled_from(["1", "", "../../dev/null", 5, None]),
        "crit": st.sampled_from([["exp"], ["b64"], [], "exp", None, [5]]),
        "b64": st.booleans(),
        "jku": st.just("https://example.org/jwks"),
        "jwk": st.just({"kty": "oct", "k": "AAAA"}),
        "zip": st.just("DEF"),
        "x": JSON,
    },
)


@st.composite
def segments(draw: st.DrawFn, values: st.SearchStrategy[Any]) -> bytes:
    """Return a value as JSON, sometimes oddly written."""
    text = json.dumps(draw(values), ensure_ascii=draw(st.booleans()))
    odd = draw(mostly("", st.sampled_from(["twice", "bom", "space", "tail", "array"])))
    if odd == "twice" and text != "{}":
        text = text[:-1] + "," + text[1:]
    elif odd == "bom":
        text = "\ufeff" + text
    elif odd == "space":
        text = f" {text}\n"
    elif odd == "tail":
        text = f"{text}]"
    elif odd == "array":
        text = f"[{text}]"
    return text.encode("utf-8", "surrogatepass")


def encode(data: bytes) -> bytes:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=")


@st.composite
def tokens(draw: st.DrawFn) -> str:
    """Return a signed token, sometimes damaged afterwards."""
    parts = [encode(draw(segments(HEADERS))), encode(draw(segments(CLAIMS)))]
    message = b".".join(parts)
    secret = draw(mostly(SECRET, st.sampled_from([b"", b"x" * 64, SECRET[:63]])))
    digest = draw(mostly("sha256", st.sampled_from(["sha512", "sha1"])))
    signature = hmac.new(secret, message, getattr(hashlib, digest)).digest()
    signature = signature[: draw(mostly(len(signature), st.integers(0, 31)))]
    token = (message + b"." + encode(signature)).decode()
    damage = draw(
        mostly(
            "", st.sampled_from(["=", "==", ".", "\n", " ", "A", "!", "swap", "flip"])
        )
    )
    place = draw(st.integers(0, len(token)))
    if damage == "swap":
        return str(token.replace("-", "+").replace("_", "/"))
    if damage == "flip" and place < len(token):
        return (
            token[:place] + ("B" if token[place] == "A" else "A") + token[place + 1 :]
        )
    added: str = damage.replace("flip", "")
    return token[:place] + added + token[place:]


def ours(token: str) -> dict[str, Any] | None:
    """Return the claims, or None; any other error fails the test."""
    try:
        return VERIFIER.claims(token)
    except InvalidTokenError:
        return None


def by_pyjwt(token: str) -> dict[str, Any] | None:
    """Return the claims by PyJWT, or None."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return pyjwt.decode(
                token,
                SECRET,
                algorithms=["HS256"],
                issuer="shop",
                audience="api",
                options={"require": ["exp"]},
            )
        except (pyjwt.PyJWTError, ValueError, TypeError):
            return None


def by_joserfc(token: str) -> dict[str, Any] | None:
    """Return the claims by joserfc, or None."""
    registry = joserfc.JWTClaimsRegistry(
        iss={"essential": True, "value": "shop"},
        aud={"essential": True, "value": "api"},
        exp={"essential": True},
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = joserfc.decode(token, KEY, registry=HEADER)
            registry.validate(found.claims)
        except (JoseError, ValueError, TypeError, AttributeError, RecursionError):
            return None
    return found.claims


@settings(max_examples=EXAMPLES, deadline=None)
@given(token=tokens())
def test_what_we_accept_others_accept(token: str) -> None:
    """No token passes here that PyJWT or joserfc refuses or reads otherwise."""
    claims = ours(token)
    if claims is not None:
        assert by_pyjwt(token) == claims
        assert by_joserfc(token) == claims


@pytest.mark.parametrize("verdict", [ours, by_pyjwt, by_joserfc])
def test_each_of_the_three_accepts_and_refuses(verdict: Any) -> None:
    """The comparison above compares something."""
    claims = {"iss": "shop", "aud": ["x", "api"], "exp": NOW + 9_999, "n": 1.5}
    good = pyjwt.encode(claims, SECRET, algorithm="HS256")

    assert verdict(good) == claims
    assert verdict(good[:-2] + "AA") is None
    assert verdict(pyjwt.encode({**claims, "aud": "x"}, SECRET)) is None
    assert verdict(pyjwt.encode({**claims, "exp": NOW - 9}, SECRET)) is None


@settings(max_examples=300, deadline=None)
@given(claims=CLAIMS)
def test_good_tokens_are_not_all_refused(claims: dict[str, Any]) -> None:
    """What is well-formed and accepted by both others is refused for a listed reason.

    Stricter than both: a `sub` or `jti` that is no text, times as text or booleans,
    negative or far beyond the year 9999, and numbers that no reader agrees on.
    """
    try:
        text = json.dumps(claims, allow_nan=False)
    except ValueError:
        return
    header = encode(b'{"alg":"HS256","typ":"JWT"}')
    message = header + b"." + encode(text.encode())
    signature = hmac.new(SECRET, message, hashlib.sha256).digest()
    token = (message + b"." + encode(signature)).decode()
    if ours(token) is None and by_pyjwt(token) and by_joserfc(token):
        assert is_odd(claims)


def is_odd(claims: dict[str, Any]) -> bool:
    """Return whether claims have what only we refuse."""
    times = [claims[name] for name in ("exp", "nbf", "iat") if name in claims]
    texts = [claims[name] for name in ("sub", "jti") if name in claims]
    return (
        any(not isinstance(it, str) for it in texts)
        or any(
            isinstance(it, bool)
            or not isinstance(it, (int, float))
            or not 0 <= it <= 253_402_300_799
            for it in times
        )
        or "\\ud" in json.dumps(claims)
    )


@settings(max_examples=EXAMPLES, deadline=None)
@given(token=tokens())
def test_what_the_drop_in_accepts_pyjwt_accepts(token: str) -> None:
    """`hauberk.compat.jwt` is never looser, and refuses with its exceptions alone."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            claims = compat.decode(
                token,
                SECRET,
                algorithms=["HS256"],
                issuer="shop",
                audience="api",
                options={"require": ["exp"]},
            )
        except compat.PyJWTError:
            return
    assert by_pyjwt(token) == claims
