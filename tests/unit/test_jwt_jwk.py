"""JWK and JWK sets: what is read, what is refused, and how keys are chosen."""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from hauberk import jwt
from hauberk.exceptions import InvalidKeyError, TokenSignatureError

if TYPE_CHECKING:
    from collections.abc import Callable

ALGORITHMS = ["RS256", "PS512", "ES256", "ES384", "ES512", "ES256K", "EdDSA", "Ed25519"]
KEYS = {alg: jwt.PrivateKey.generate(alg, kid=alg) for alg in ALGORITHMS}
OTHERS = {alg: jwt.PrivateKey.generate(alg, kid=alg) for alg in ALGORITHMS}
SECRET = {"kty": "oct", "alg": "HS256", "k": "A" * 43}


def encode(data: bytes) -> str:
    """Write bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def without(jwk: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return a JWK without some members."""
    return {name: value for name, value in jwk.items() if name not in names}


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_private_keys_round_trip(alg: str) -> None:
    """What is written of a key signs for the same public key."""
    jwk = KEYS[alg].to_jwk(private=True)

    again = jwt.PrivateKey.from_jwk(json.dumps(jwk))

    assert (again.alg, again.kid) == (alg, alg)
    assert again.to_jwk(private=True) == jwk
    token = jwt.sign_bytes(b"message", again)
    assert jwt.verify_signature(token, KEYS[alg].public()).payload == b"message"


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_public_keys_round_trip(alg: str) -> None:
    """A JWK shows nothing private, and what it shows verifies."""
    jwk = KEYS[alg].to_jwk()

    assert not {"d", "p", "q", "dp", "dq", "qi", "k"} & set(jwk)
    assert KEYS[alg].public().to_jwk() == jwk
    token = jwt.sign_bytes(b"message", KEYS[alg])
    key = jwt.PublicKey.from_jwk(jwk)
    assert jwt.verify_signature(token, key).payload == b"message"


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_the_parts_of_a_key_belong_together(alg: str) -> None:
    """A private key with the public members of another is refused."""
    mine, other = (keys[alg].to_jwk(private=True) for keys in (KEYS, OTHERS))
    public = [name for name in ("n", "x", "y") if name in mine]

    for name in public:
        with pytest.raises(InvalidKeyError):
            jwt.PrivateKey.from_jwk(mine | {name: other[name]})


def test_the_algorithm_is_named_once_or_twice_alike() -> None:
    """`alg` is required when the JWK has none, and must agree when it has one."""
    jwk = KEYS["ES256"].to_jwk()

    assert jwt.PublicKey.from_jwk(jwk, alg="ES256").alg == "ES256"
    assert jwt.PublicKey.from_jwk(without(jwk, "alg"), alg="ES256").alg == "ES256"
    with pytest.raises(InvalidKeyError, match="no alg"):
        jwt.PublicKey.from_jwk(without(jwk, "alg"))
    with pytest.raises(InvalidKeyError, match="another algorithm"):
        jwt.PublicKey.from_jwk(jwk, alg="ES384")
    for alg in ("ES384", "RS256", "EdDSA", "HS256", "none"):
        with pytest.raises(InvalidKeyError):
            jwt.PublicKey.from_jwk(without(jwk, "alg"), alg=alg)


def test_halves_and_secrets_are_not_mixed_up() -> None:
    """A private JWK is no public key, a public one does not sign, oct is neither."""
    private, public = KEYS["ES256"].to_jwk(private=True), KEYS["ES256"].to_jwk()

    for read, jwk in [
        (jwt.PublicKey.from_jwk, private),
        (jwt.PrivateKey.from_jwk, public),
        (jwt.HmacKey.from_jwk, public),
        (jwt.HmacKey.from_jwk, private),
        (jwt.PublicKey.from_jwk, SECRET),
        (jwt.PrivateKey.from_jwk, SECRET),
        (jwt.PrivateKey.from_jwk, SECRET | {"d": "AQAB"}),
    ]:
        with pytest.raises(InvalidKeyError):
            read(jwk)


@pytest.mark.parametrize(
    "changes",
    [
        {"kty": "ec"},
        {"kty": None},
        {"kty": ["EC"]},
        {"crv": "P-384"},
        {"crv": "p-256"},
        {"x": ""},
        {"x": encode(bytes(32))},
        {"x": encode(bytes(31))},
        {"x": encode(bytes(33))},
        {"x": 1},
        {"x": KEYS["ES256"].to_jwk()["x"] + "="},
        {"x": KEYS["ES256"].to_jwk()["x"] + "\n"},
        {"y": None},
        {"use": "enc"},
        {"use": 1},
        {"key_ops": ["sign"]},
        {"key_ops": []},
        {"key_ops": "verify"},
        {"key_ops": ["verify", 1]},
        {"kid": 1},
        {"kid": ""},
        {"kid": "k" * 257},
        {"alg": 1},
    ],
)
def test_bad_members_are_refused(changes: dict[str, Any]) -> None:
    """A member of another type, form, length or meaning makes a JWK no key."""
    with pytest.raises(InvalidKeyError):
        jwt.PublicKey.from_jwk(KEYS["ES256"].to_jwk() | changes)


@pytest.mark.parametrize("name", ["kty", "crv", "x", "y"])
def test_required_members_are_required(name: str) -> None:
    """A JWK that lacks a member of its type is no key."""
    with pytest.raises(InvalidKeyError):
        jwt.PublicKey.from_jwk(without(KEYS["ES256"].to_jwk(), name))


@pytest.mark.parametrize("name", ["n", "e", "p", "q", "dp", "dq", "qi"])
def test_a_private_rsa_key_is_complete(name: str) -> None:
    """Without one of its integers a private RSA key is refused."""
    with pytest.raises(InvalidKeyError):
        jwt.PrivateKey.from_jwk(without(KEYS["RS256"].to_jwk(private=True), name))


@pytest.mark.parametrize(
    "changes",
    [
        {"e": "Aw"},
        {"e": "AQAA"},
        {"e": "AAEAAQ"},
        {"e": ""},
        {"n": encode(b"\xff" * 255)},
        {"n": encode(b"\xff" * 1025)},
        {"n": encode(b"\0" + b"\xff" * 256)},
    ],
)
def test_rsa_keys_are_strong_and_minimal(changes: dict[str, Any]) -> None:
    """Short moduli, exponents below 65 537, even ones and leading zeros are refused."""
    with pytest.raises(InvalidKeyError):
        jwt.PublicKey.from_jwk(KEYS["RS256"].to_jwk() | changes)


def test_more_than_two_primes_are_refused() -> None:
    """`oth` is refused, whatever it says."""
    jwk = KEYS["RS256"].to_jwk(private=True)

    for others in ([], [{"r": "AQAB", "d": "AQAB", "t": "AQAB"}], None):
        with pytest.raises(InvalidKeyError, match="two primes"):
            jwt.PrivateKey.from_jwk(jwk | {"oth": others})


@pytest.mark.parametrize("number", [0, 1])
def test_private_numbers_lie_in_their_range(number: int) -> None:
    """Zero and the order of the curve are no private numbers."""
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    d = encode((number * order).to_bytes(32))

    with pytest.raises(InvalidKeyError):
        jwt.PrivateKey.from_jwk(KEYS["ES256"].to_jwk() | {"d": d})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        '"text"',
        "{",
        '{"kty":"oct","kty":"oct"}',
        b'{"kty":"\xff"}',
        '{"kty":"oct","k":NaN}',
        '{"a":' * 100 + "1" + "}" * 100,
        " " * 65_537,
    ],
)
def test_text_that_is_no_jwk_is_refused(text: str | bytes) -> None:
    """JSON that readers disagree on, or that is no object, is no key and no set."""
    for read in (
        jwt.HmacKey.from_jwk,
        jwt.PrivateKey.from_jwk,
        jwt.PublicKey.from_jwk,
    ):
        with pytest.raises(InvalidKeyError):
            read(text)
    with pytest.raises(InvalidKeyError):
        jwt.KeySet.from_jwks(text, algs=["HS256"])


@pytest.mark.parametrize("jwk", [None, 1, [], bytearray(b"{}")])
def test_a_jwk_is_a_mapping_or_text(jwk: Any) -> None:
    """Anything else is a TypeError."""
    with pytest.raises(TypeError):
        jwt.PublicKey.from_jwk(jwk)
    with pytest.raises(TypeError):
        jwt.KeySet.from_jwks(jwk, algs=["ES256"])


def test_members_nobody_asked_for_change_nothing() -> None:
    """Certificates, thumbprints and private members of others' are passed over."""
    jwk = KEYS["EdDSA"].to_jwk()
    more = {"x5c": ["MII"], "x5t": "a", "ext": True, "nested": {"d": "x", "kid": "y"}}

    assert jwt.PublicKey.from_jwk(more | jwk).to_jwk() == jwk


def test_secrets_are_not_written_out() -> None:
    """Neither an HmacKey nor a set with one becomes a JWK, and no thumbprint a kid."""
    key = jwt.HmacKey.from_jwk(SECRET)

    with pytest.raises(InvalidKeyError, match="nothing of it is public"):
        key.to_jwk()
    with pytest.raises(InvalidKeyError):
        key.to_jwk(private=True)
    with pytest.raises(InvalidKeyError, match="nothing of it is public"):
        jwt.KeySet([KEYS["EdDSA"], key]).to_jwks()
    with pytest.raises(InvalidKeyError, match="thumbprint"):
        jwt.HmacKey(bytes(32), kid=key.thumbprint())
    with pytest.raises(InvalidKeyError):
        jwt.HmacKey.from_jwk(SECRET | {"kid": key.thumbprint()})
    with pytest.raises(InvalidKeyError):
        KEYS["EdDSA"].public().to_jwk(private=True)


def test_short_secrets_are_refused() -> None:
    """A JWK does not make a weak secret strong."""
    with pytest.raises(InvalidKeyError, match="32 bytes"):
        jwt.HmacKey.from_jwk(SECRET | {"k": "AyM"})
    with pytest.raises(InvalidKeyError):
        jwt.HmacKey.from_jwk(without(SECRET, "k"))


# -- sets ------------------------------------------------------------------------------


def test_a_set_has_the_public_halves() -> None:
    """A set of private keys is one of public keys, in their order."""
    keys = jwt.KeySet(KEYS.values())

    assert len(keys) == len(KEYS)
    assert [key.kid for key in keys] == ALGORITHMS
    assert all(isinstance(key, jwt.PublicKey) for key in keys)
    again = jwt.KeySet.from_jwks(keys.to_jwks(), algs=ALGORITHMS)
    assert again.to_jwks() == keys.to_jwks()
    assert repr(again) == "<KeySet of 8 keys>"


def test_kid_and_alg_choose_the_key() -> None:
    """Each key verifies its own tokens, through a verifier too, and no other's."""
    keys = jwt.KeySet(KEYS.values())
    verifier = jwt.Verifier(keys, issuer=None, audience=None)

    for alg, key in KEYS.items():
        token = jwt.Signer(key, lifetime=60).sign({"sub": alg})
        assert verifier.claims(token)["sub"] == alg
        with pytest.raises(TokenSignatureError):
            verifier.claims(jwt.Signer(OTHERS[alg], lifetime=60).sign({}))


def test_only_allowed_algorithms_are_read() -> None:
    """Who writes a set does not choose beyond the algorithms of who reads it."""
    jwks = jwt.KeySet(KEYS.values()).to_jwks()

    keys = jwt.KeySet.from_jwks(jwks, algs=("EdDSA", "PS512"))

    assert [key.alg for key in keys] == ["PS512", "EdDSA"]
    with pytest.raises(InvalidKeyError, match="no key for any"):
        jwt.KeySet.from_jwks(jwks, algs=["RS384"])
    with pytest.raises(InvalidKeyError):
        jwt.KeySet.from_jwks(jwks, algs=[])
    with pytest.raises(InvalidKeyError):
        jwt.KeySet.from_jwks(jwks, algs=["none"])
    with pytest.raises(TypeError):
        jwt.KeySet.from_jwks(jwks, algs="EdDSA")


def test_a_key_without_alg_gets_the_first_that_fits() -> None:
    """The order of `algs` decides, and the key is for that algorithm alone."""
    jwk = without(KEYS["RS256"].to_jwk(), "alg")

    for algs in (["ES256", "RS256", "PS256"], ["PS256", "RS256"]):
        [key] = jwt.KeySet.from_jwks({"keys": [jwk]}, algs=algs)
        assert key.alg == next(alg for alg in algs if alg != "ES256")


def test_unknown_keys_are_left_out() -> None:
    """Types, curves and uses that are not ours do not spoil a set."""
    good = KEYS["EdDSA"].to_jwk()
    others = [
        {"kty": "AKP", "alg": "ML-DSA-44", "pub": "AAAA"},
        {"kty": "OKP", "crv": "X25519", "x": "AAAA"},
        {"kty": "OKP", "crv": "Ed448", "x": "AAAA", "alg": "EdDSA"},
        without(good, "kid") | {"use": "enc"},
        without(good, "kid", "use") | {"key_ops": ["deriveKey"]},
        {"kty": "RSA", "alg": "RSA-OAEP", "n": "AAAA", "e": "AQAB"},
        {},
    ]

    keys = jwt.KeySet.from_jwks({"keys": [*others, good], "keyz": [1]}, algs=ALGORITHMS)

    assert keys.to_jwks() == {"keys": [good]}


@pytest.mark.parametrize(
    "jwks",
    [
        {},
        {"keys": None},
        {"keys": {}},
        {"keys": []},
        {"keys": [1]},
        {"keys": [[]]},
        {"keys": ["{}"]},
        {"keyz": [KEYS["EdDSA"].to_jwk()]},
        {"other": {"keys": [KEYS["EdDSA"].to_jwk()]}},
        {"keys": [KEYS["EdDSA"].to_jwk(), KEYS["EdDSA"].to_jwk()]},
        {"keys": [KEYS["EdDSA"].to_jwk() | {"x": "AAAA"}]},
        {"keys": [KEYS["EdDSA"].to_jwk(private=True)]},
        {"keys": [KEYS["EdDSA"].to_jwk(), KEYS["RS256"].to_jwk(private=True)]},
        {"keys": [KEYS["EdDSA"].to_jwk(), SECRET]},
        [KEYS["EdDSA"].to_jwk()],
    ],
)
def test_sets_that_must_not_be_trusted(jwks: Any) -> None:
    """What is no set, or holds a double, malformed or private key, is refused."""
    with pytest.raises(InvalidKeyError):
        jwt.KeySet.from_jwks(json.dumps(jwks), algs=["EdDSA"])


def test_ten_thousand_keys_are_refused_at_once() -> None:
    """A set that is far too long is refused before its keys are looked at."""
    jwk = KEYS["EdDSA"].to_jwk()
    keys = [jwk | {"kid": str(index)} for index in range(10_000)]
    text = json.dumps({"keys": keys})
    just_short_enough = json.dumps({"keys": keys[:2000]})
    one = KEYS["EdDSA"].public()

    reads: list[Callable[[], jwt.KeySet]] = [
        lambda: jwt.KeySet.from_jwks({"keys": keys}, algs=["EdDSA"]),
        lambda: jwt.KeySet.from_jwks(text, algs=["EdDSA"]),
        lambda: jwt.KeySet.from_jwks(just_short_enough, algs=["EdDSA"]),
        lambda: jwt.KeySet([one] * 10_000),
    ]
    for read in reads:
        fastest = 1.0
        for _ in range(5):
            before = time.perf_counter()
            with pytest.raises(InvalidKeyError, match=r"100 keys|longer than allowed"):
                read()
            fastest = min(fastest, time.perf_counter() - before)
        assert fastest < 0.001
