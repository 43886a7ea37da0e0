"""Several keys: which of them a token is verified with."""

from __future__ import annotations

import pytest
from tests.unit.jwt_tokens import CLAIMS, KEY, SECRET, forge, signer, verifier

from hauberk import jwt
from hauberk.exceptions import (
    InvalidKeyError,
    MalformedTokenError,
    TokenSignatureError,
)


def test_kid_only_looks_up() -> None:
    """A `kid` picks the key of that name; with an unknown one, none is tried."""
    keys = [jwt.HmacKey(bytes([n]) * 32, kid=f"key {n}") for n in range(3)]
    several = verifier(keys)
    for n in range(3):
        token = forge(
            CLAIMS, {"alg": "HS256", "kid": f"key {n}"}, secret=bytes([n]) * 32
        )
        assert several.claims(token) == CLAIMS
        other = forge(CLAIMS, {"alg": "HS256", "kid": f"key {n}"}, secret=b"\x03" * 32)
        with pytest.raises(TokenSignatureError):
            several.claims(other)
    for header in ({"alg": "HS256", "kid": "key 3"}, {"alg": "HS256"}):
        with pytest.raises(TokenSignatureError):
            several.claims(forge(CLAIMS, header, secret=bytes(32)))


def test_kids_are_unique() -> None:
    """Two keys of one name would make the choice an attacker's."""
    with pytest.raises(InvalidKeyError):
        verifier([jwt.HmacKey(SECRET, kid="a"), jwt.HmacKey(bytes(32), kid="a")])


def test_ten_thousand_keys_are_refused() -> None:
    """A verifier has at most 100 keys, and 8 without a name for one algorithm."""
    with pytest.raises(InvalidKeyError):
        verifier([KEY] * 10_000)
    with pytest.raises(InvalidKeyError):
        verifier([KEY] * 9)
    with pytest.raises(InvalidKeyError):
        verifier([])


def test_keys_without_names_are_tried() -> None:
    """The first signs and all verify, which is how keys are rotated."""
    old, new = jwt.HmacKey.generate(), jwt.HmacKey.generate()
    both = verifier([new, old])
    for key in (old, new):
        assert both.claims(signer(key).sign(CLAIMS)) == CLAIMS
    with pytest.raises(TokenSignatureError):
        both.claims(signer(jwt.HmacKey.generate()).sign(CLAIMS))


def test_keys_of_several_families() -> None:
    """Each algorithm finds its own key."""
    private = jwt.PrivateKey.generate("EdDSA", kid="ed")
    both = verifier([KEY, private.public()])
    assert both.claims(signer().sign(CLAIMS)) == CLAIMS
    assert both.claims(signer(private).sign(CLAIMS)) == CLAIMS
    public = private.public()
    for alg in ("HS256", "EdDSA"):
        header = {"alg": alg, "kid": "ed"}
        with pytest.raises((TokenSignatureError, MalformedTokenError)):
            verifier(public).claims(forge(CLAIMS, header, secret=b"ed" * 16))


def test_the_remembered_header_changes_nothing() -> None:
    """A verifier that has seen a header decides as one that has not."""
    both = verifier([jwt.HmacKey(SECRET, kid="a"), jwt.HmacKey(bytes(32), kid="b")])
    headers = [{"alg": "HS256", "kid": "a"}, {"alg": "HS256", "kid": "b"}]
    for _ in range(3):
        assert both.claims(forge(CLAIMS, headers[0])) == CLAIMS
        with pytest.raises(TokenSignatureError):
            both.claims(forge(CLAIMS, headers[1]))
        assert both.claims(forge(CLAIMS, headers[1], secret=bytes(32))) == CLAIMS
        with pytest.raises(MalformedTokenError):
            both.claims(forge(CLAIMS, headers[0] | {"crit": ["x"]}))
