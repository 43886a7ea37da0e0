"""JWT: what a verifier refuses, rule by rule, and what signer and keys do.

The names of the tests in the first two parts are those of the rules: of RFC 8725 and
the published vulnerabilities behind it, and of the cases on which JWT libraries differ.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import hmac
import json
import pickle
import threading
import time
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import jwt as pyjwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from hauberk import jwt
from hauberk.exceptions import (
    ConfigurationError,
    ExpiredTokenError,
    InvalidClaimError,
    InvalidInputError,
    InvalidKeyError,
    InvalidTokenError,
    JwtError,
    MalformedTokenError,
    MissingClaimError,
    NotYetValidError,
    TokenSignatureError,
)

NOW = 1_800_000_000
SECRET = bytes(range(32))
KEY = jwt.HmacKey(SECRET)
CLAIMS = {"sub": "ada", "exp": NOW + 60}

RSA_KEY = rsa.generate_private_key(65_537, 2048)
ASYMMETRIC: dict[str, Any] = {
    "RS256": RSA_KEY,
    "RS384": RSA_KEY,
    "RS512": RSA_KEY,
    "PS256": RSA_KEY,
    "PS384": RSA_KEY,
    "PS512": RSA_KEY,
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "ES384": ec.generate_private_key(ec.SECP384R1()),
    "ES512": ec.generate_private_key(ec.SECP521R1()),
    "ES256K": ec.generate_private_key(ec.SECP256K1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
}


def encode(data: bytes | str | Any) -> str:
    """Write bytes, text or JSON as base64url without padding."""
    if isinstance(data, str):
        data = data.encode()
    if not isinstance(data, bytes):
        data = json.dumps(data).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def forge(claims: Any, header: Any = None, *, secret: bytes = SECRET) -> str:
    """Sign anything with HS256, as somebody who has the key and other ideas might."""
    header = {"alg": "HS256", "typ": "JWT"} if header is None else header
    message = f"{encode(header)}.{encode(claims)}"
    digest = hmac.new(secret, message.encode(), hashlib.sha256).digest()
    return f"{message}.{encode(digest)}"


def verifier(keys: Any = KEY, **options: Any) -> jwt.Verifier:
    """Return a verifier that expects little, at a fixed time."""
    defaults = {"issuer": None, "audience": None, "clock": lambda: NOW}
    options = defaults | options
    return jwt.Verifier(keys, **options)


def signer(key: Any = KEY, **options: Any) -> jwt.Signer:
    """Return a signer that adds little, at a fixed time."""
    defaults: dict[str, Any] = {
        "clock": lambda: NOW,
        "add_jti": False,
        "add_iat": False,
    }
    return jwt.Signer(key, **(defaults | options))


def private_pem(key: Any, form: PrivateFormat = PrivateFormat.PKCS8) -> bytes:
    """Write a private key in PEM."""
    pem: bytes = key.private_bytes(Encoding.PEM, form, NoEncryption())
    return pem


def public_pem(key: Any, form: PublicFormat | None = None) -> bytes:
    """Write the public half of a key in PEM."""
    pem: bytes = key.public_key().public_bytes(
        Encoding.PEM, form or PublicFormat.SubjectPublicKeyInfo
    )
    return pem


# -- the checklist ---------------------------------------------------------------------


@pytest.mark.parametrize("alg", ["HS384", "hs256", "HS256 ", "RS256", "EdDSA"])
def test_the_header_does_not_choose_the_algorithm(alg: str) -> None:
    """A token whose `alg` is not the key's is not the key's token."""
    with pytest.raises(TokenSignatureError):
        verifier().claims(forge(CLAIMS, {"alg": alg}))


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE"])
def test_none_does_not_exist(alg: str) -> None:
    """Unsecured tokens are refused, with an empty signature or any other."""
    token = forge(CLAIMS, {"alg": alg})
    for candidate in (token, token.rpartition(".")[0] + "."):
        with pytest.raises(TokenSignatureError):
            verifier().claims(candidate)
    with pytest.raises(InvalidKeyError):
        jwt.HmacKey(SECRET, alg=alg)


@pytest.mark.parametrize(
    ("alg", "length"), [("HS256", 32), ("HS384", 48), ("HS512", 64)]
)
def test_secrets_are_as_long_as_the_hash(alg: str, length: int) -> None:
    """RFC 7518, section 3.2; `allow_weak` is for what exists already."""
    assert alg == jwt.HmacKey(bytes(length), alg=alg).alg
    with pytest.raises(InvalidKeyError):
        jwt.HmacKey(bytes(length - 1), alg=alg)
    assert alg == jwt.HmacKey(bytes(length - 1), alg=alg, allow_weak=True).alg


def test_empty_secrets_are_refused_always() -> None:
    """With an empty secret everybody can sign."""
    with pytest.raises(InvalidKeyError):
        jwt.HmacKey(b"", allow_weak=True)


@pytest.mark.parametrize(
    "material",
    [
        pytest.param(public_pem(RSA_KEY), id="PEM"),
        pytest.param(b"\n\t " + public_pem(RSA_KEY), id="PEM behind white space"),
        pytest.param(public_pem(RSA_KEY, PublicFormat.PKCS1), id="PKCS#1"),
        pytest.param(private_pem(RSA_KEY), id="private PEM"),
        pytest.param(
            RSA_KEY.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH),
            id="OpenSSH",
        ),
        pytest.param(
            ASYMMETRIC["ES256"]
            .public_key()
            .public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH),
            id="OpenSSH ECDSA (CVE-2024-33663)",
        ),
        pytest.param(
            RSA_KEY.public_key().public_bytes(
                Encoding.DER, PublicFormat.SubjectPublicKeyInfo
            ),
            id="SPKI DER",
        ),
        pytest.param(
            RSA_KEY.public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1),
            id="PKCS#1 DER",
        ),
        pytest.param(
            b"".join(public_pem(ASYMMETRIC["ES256"]).splitlines()[1:-1]),
            id="PEM without its armour",
        ),
        pytest.param(
            pyjwt.algorithms.RSAAlgorithm.to_jwk(RSA_KEY.public_key()).encode(),
            id="JWK (CVE-2026-48526)",
        ),
        pytest.param(b'{"keys": [{"kty": "RSA", "n": "AQAB"}]}', id="JWKS"),
        pytest.param(
            b"-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----", id="X.509"
        ),
    ],
)
def test_asymmetric_material_is_no_secret(material: bytes) -> None:
    """CVE-2017-11424, CVE-2022-29217: a public key is known to forgers too."""
    for allow_weak in (False, True):
        with pytest.raises(InvalidKeyError):
            jwt.HmacKey(material, allow_weak=allow_weak)
        if material.isascii():
            with pytest.raises(InvalidKeyError):
                jwt.HmacKey(material.decode(), allow_weak=allow_weak)


def test_rsa_keys_are_strong() -> None:
    """At least 2048 bits, and a public exponent from 65 537 on."""
    for size, exponent in ((1024, 65_537), (2048, 3)):
        weak = rsa.generate_private_key(exponent, size)
        with pytest.raises(InvalidKeyError):
            jwt.PublicKey.from_pem(public_pem(weak), alg="RS256")
        with pytest.raises(InvalidKeyError):
            jwt.PrivateKey.from_pem(private_pem(weak), alg="RS256")


def test_points_are_on_their_curve() -> None:
    """An invalid point is no key, and neither is one on another curve."""
    der = bytearray(
        ASYMMETRIC["ES256"]
        .public_key()
        .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    )
    der[-1] ^= 1
    with pytest.raises(InvalidKeyError):
        jwt.PublicKey.from_der(bytes(der), alg="ES256")
    for alg in ("ES384", "ES512", "ES256K", "EdDSA", "RS256"):
        with pytest.raises(InvalidKeyError):
            jwt.PublicKey.from_pem(public_pem(ASYMMETRIC["ES256"]), alg=alg)


@pytest.mark.parametrize(
    "signature", [bytes(64), b"", bytes(63), bytes(65), b"\xff" * 64]
)
def test_signatures_out_of_range_are_refused(signature: bytes) -> None:
    """CVE-2022-21449: r = s = 0 is not a signature by everybody."""
    key = jwt.PublicKey.from_pem(public_pem(ASYMMETRIC["ES256"]), alg="ES256")
    token = f"{encode({'alg': 'ES256'})}.{encode(CLAIMS)}.{encode(signature)}"
    with pytest.raises(TokenSignatureError):
        verifier(key).claims(token)


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
    "header", [[], "HS256", 5, None, ["alg", "HS256"], {}, {"typ": "JWT"}]
)
def test_a_header_is_an_object_with_alg(header: Any) -> None:
    """Nothing else is a JOSE header."""
    with pytest.raises(MalformedTokenError):
        verifier().claims(forge(CLAIMS, json.dumps(header)))


@pytest.mark.parametrize("crit", [[], ["exp"], ["b64"], ["x"], "x", None, True])
def test_crit_is_refused_always(crit: Any) -> None:
    """GHSA-752w-5fwx-jx9f: an extension that must be understood is not."""
    header = {"alg": "HS256", "crit": crit, "x": 1, "exp": 1}
    with pytest.raises(MalformedTokenError):
        verifier().claims(forge(CLAIMS, header))


@pytest.mark.parametrize("b64", [True, False, None, "false"])
@pytest.mark.parametrize("crit", [{}, {"crit": ["b64"]}])
def test_b64_is_refused(b64: Any, crit: dict[str, Any]) -> None:
    """RFC 7797 is not supported, so it is not ignored either."""
    with pytest.raises(MalformedTokenError):
        verifier().claims(forge(CLAIMS, {"alg": "HS256", "b64": b64} | crit))


@pytest.mark.parametrize("header", [{"zip": "DEF"}, {"enc": "A256GCM"}])
def test_compression_and_encryption_are_refused(header: dict[str, str]) -> None:
    """`zip` and `enc` belong to JWE."""
    with pytest.raises(MalformedTokenError):
        verifier().claims(forge(CLAIMS, {"alg": "HS256"} | header))


def test_keys_in_headers_are_never_looked_at() -> None:
    """CVE-2018-0114: `jwk`, `jku`, `x5c` and `x5u` are an attacker's to choose."""
    attacker = b"attacker" * 4
    header = {
        "alg": "HS256",
        "jwk": {"kty": "oct", "k": encode(attacker)},
        "jku": "https://attacker.example/keys",
        "x5u": "https://attacker.example/certificate",
        "x5c": ["MIIC"],
    }
    with pytest.raises(TokenSignatureError):
        verifier().claims(forge(CLAIMS, header, secret=attacker))
    assert verifier().claims(forge(CLAIMS, header)) == CLAIMS


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


@pytest.mark.parametrize(
    "typ", [None, "JWT", "jwt", "application/jwt", "APPLICATION/JWT"]
)
def test_typ_jwt_may_be_absent_and_in_any_case(typ: str | None) -> None:
    """RFC 7515, section 4.1.9."""
    header = {"alg": "HS256"} | ({} if typ is None else {"typ": typ})
    assert verifier().claims(forge(CLAIMS, header)) == CLAIMS


def test_unexpected_typ_is_refused() -> None:
    """An access token is no session token (RFC 8725, section 3.11)."""
    access = forge(CLAIMS, {"alg": "HS256", "typ": "at+jwt"})
    with pytest.raises(InvalidClaimError) as caught:
        verifier().claims(access)
    assert caught.value.claim == "typ"
    assert verifier(typ="at+jwt").claims(access) == CLAIMS
    assert verifier(typ="application/at+JWT").claims(access) == CLAIMS
    with pytest.raises(InvalidClaimError):
        verifier(typ="at+jwt").claims(forge(CLAIMS))
    with pytest.raises(MissingClaimError):
        verifier(typ="at+jwt").claims(forge(CLAIMS, {"alg": "HS256"}))


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


def test_no_exception_or_repr_shows_a_token_or_key() -> None:
    """Messages name rules and claims, and never quote."""
    secret = "s3cr3t" * 8
    key = jwt.HmacKey(secret, kid="k")
    token = forge({"sub": "v1s1ble", "exp": 1}, secret=secret.encode())
    with pytest.raises(ExpiredTokenError) as caught:
        verifier(key).claims(token)
    seen = [
        repr(caught.value),
        str(caught.value.args),
        repr(key),
        repr(verifier(key)),
        repr(signer(key)),
        repr(jwt.unverified(token)),
        repr(jwt.PrivateKey.generate("EdDSA")),
    ]
    for text in seen:
        assert "v1s1ble" not in text
        assert "s3cr3t" not in text
        assert token[:20] not in text
    assert repr(key) == "<HmacKey alg='HS256' kid='k'>"


@pytest.mark.parametrize(
    "thing",
    [
        KEY,
        jwt.PrivateKey.generate("EdDSA"),
        jwt.PrivateKey.generate("EdDSA").public(),
        jwt.Signer(KEY),
        jwt.Verifier(KEY, issuer=None, audience=None),
    ],
    ids=lambda thing: type(thing).__name__,
)
def test_what_holds_a_key_is_not_pickled_and_not_changed(thing: Any) -> None:
    """Keys leave the process by no accident."""
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError, match="cannot be pickled"):
            pickle.dumps(thing, protocol)
    with pytest.raises(TypeError):
        copy.deepcopy(thing)
    for attribute in ("alg", "kid", "anything"):
        with pytest.raises(AttributeError):
            setattr(thing, attribute, "other")


def test_the_interpreter_is_released_for_asymmetric_signatures() -> None:
    """Other threads run while RSA signs."""
    sign = signer(
        jwt.PrivateKey.from_pem(private_pem(RSA_KEY), alg="RS256"), lifetime=1
    ).sign
    results: list[str] = []
    threads = [
        threading.Thread(target=lambda: results.append(sign({}))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    assert len(set(results)) == 1  # PKCS#1 v1.5 is deterministic


# -- where libraries differ ------------------------------------------------------------


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


@pytest.mark.parametrize(
    "header",
    [
        '{"alg":"HS256","alg":"HS256"}',
        '{"alg":"HS256","kid":1}',
        '{"alg":"HS256","kid":null}',
        '{"alg":"HS256","typ":1}',
        '{"alg":["HS256"]}',
        '{"alg":"HS256","kid":"' + "k" * 257 + '"}',
    ],
)
def test_headers_that_readers_disagree_on_are_malformed(header: str) -> None:
    """Duplicates and other types, in the header as in the claims."""
    with pytest.raises(MalformedTokenError):
        verifier().claims(forge(CLAIMS, header))


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


# -- verifying -------------------------------------------------------------------------


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


def test_a_token_has_claims_and_header() -> None:
    """`verify` returns both, and `claims` the first alone."""
    token = signer(jwt.HmacKey(SECRET, kid="k")).sign(CLAIMS, headers={"x": [1]})
    verified = verifier().verify(token)
    assert verified.claims == CLAIMS
    assert verified.header == {"alg": "HS256", "typ": "JWT", "kid": "k", "x": [1]}
    assert verifier().claims(token) == CLAIMS


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


def test_unverified_looks_and_does_not_believe() -> None:
    """It shows what an expired token of an unknown key says."""
    token = forge({"exp": 1, "iss": "somebody"}, secret=b"unknown" * 5)
    looked_at = jwt.unverified(token)
    assert looked_at.claims == {"exp": 1, "iss": "somebody"}
    assert looked_at.header == {"alg": "HS256", "typ": "JWT"}


# -- signing ---------------------------------------------------------------------------


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


def test_any_payload_can_be_signed() -> None:
    """`sign_bytes` and `verify_signature` are for what is no set of claims."""
    for key in (KEY, jwt.PrivateKey.generate("EdDSA", kid="ed")):
        token = jwt.sign_bytes(b"\0\xff", key, headers={"typ": "note"})
        signed = jwt.verify_signature(token, [key])
        assert signed.payload == b"\0\xff"
        assert signed.header["typ"] == "note"
        with pytest.raises(TokenSignatureError):
            jwt.verify_signature(token, jwt.HmacKey(bytes(32)))


def test_signed_bytes_are_no_token() -> None:
    """Whatever the payload says, a verifier of claims refuses it by its `typ`."""
    payload = json.dumps({"exp": NOW + 60, "sub": "admin"})
    with pytest.raises(InvalidClaimError) as caught:
        verifier().verify(jwt.sign_bytes(payload, KEY))
    assert caught.value.claim == "typ"
    assert jwt.verify_signature(jwt.sign_bytes(b"", KEY), KEY).header["typ"] == "JOSE"
    # A token it is only where the caller wrote so.
    for typ in ("JWT", None):
        signed = jwt.sign_bytes(payload, KEY, headers={"typ": typ, "x": 1})
        assert verifier().claims(signed)["sub"] == "admin"
        header = jwt.verify_signature(signed, KEY).header
        assert header == {"alg": "HS256", "x": 1} | ({"typ": typ} if typ else {})


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


# -- keys ------------------------------------------------------------------------------


@pytest.mark.parametrize("alg", ASYMMETRIC)
def test_asymmetric_algorithms_agree_with_pyjwt(alg: str) -> None:
    """Each reads what the other signs, and the other half of the key too."""
    key = ASYMMETRIC[alg]
    private = jwt.PrivateKey.from_pem(private_pem(key), alg=alg, kid="k")
    public = jwt.PublicKey.from_pem(public_pem(key), alg=alg)
    claims = {"sub": "ada", "exp": int(time.time()) + 60}

    token = jwt.Signer(private, add_iat=False, add_jti=False).sign(claims)
    assert claims == pyjwt.decode(token, key.public_key(), [alg])
    theirs = pyjwt.encode(claims, key, alg, headers={"kid": "k"})
    for half in (public, private, private.public()):
        reader = jwt.Verifier(half, issuer=None, audience=None)
        assert claims == reader.claims(token)
        assert claims == reader.claims(theirs)
        with pytest.raises(InvalidTokenError):
            reader.claims(token[:-8] + "AAAAAAAA")


@pytest.mark.parametrize(
    "alg", ["ES256", "ES384", "ES512", "ES256K", "EdDSA", "Ed25519", "RS256", "PS512"]
)
def test_generated_keys_work(alg: str) -> None:
    """A new key signs and its public half verifies."""
    private = jwt.PrivateKey.generate(alg, kid="new")
    assert (alg, "new") == (private.alg, private.kid)
    assert (alg, "new") == (private.public().alg, private.public().kid)
    token = signer(private).sign(CLAIMS)
    assert alg == jwt.unverified(token).header["alg"]
    assert verifier(private.public()).claims(token) == CLAIMS
    with pytest.raises(TokenSignatureError):
        verifier(jwt.PrivateKey.generate("EdDSA").public()).claims(token)


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
def test_generated_secrets_work(alg: str) -> None:
    """A new secret signs, and no two are the same."""
    one, two = jwt.HmacKey.generate(alg), jwt.HmacKey.generate(alg, kid="two")
    assert verifier(one).claims(signer(one).sign(CLAIMS)) == CLAIMS
    with pytest.raises(TokenSignatureError):
        verifier(two).claims(signer(one).sign(CLAIMS))


def test_traditional_formats_are_read() -> None:
    """PKCS#1 for RSA and SEC 1 for curves, as OpenSSL wrote them for decades."""
    traditional = PrivateFormat.TraditionalOpenSSL
    for alg in ("RS256", "ES256", "ES384", "ES512"):
        pem = private_pem(ASYMMETRIC[alg], traditional)
        private = jwt.PrivateKey.from_pem(pem.decode(), alg=alg)
        assert verifier(private.public()).claims(signer(private).sign(CLAIMS)) == CLAIMS
    pem = public_pem(RSA_KEY, PublicFormat.PKCS1)
    assert jwt.PublicKey.from_pem(pem, alg="PS256").alg == "PS256"


@pytest.mark.parametrize("alg", ["RS256", "ES256", "EdDSA"])
def test_the_halves_are_not_mixed_up(alg: str) -> None:
    """A private key is no public one, and the other way round."""
    key = ASYMMETRIC[alg]
    with pytest.raises(InvalidKeyError, match="private key"):
        jwt.PublicKey.from_pem(private_pem(key), alg=alg)
    with pytest.raises(InvalidKeyError, match="public key"):
        jwt.PrivateKey.from_pem(public_pem(key), alg=alg)
    spki = key.public_key().public_bytes(
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    )
    pkcs8 = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(InvalidKeyError):
        jwt.PrivateKey.from_der(spki, alg=alg)
    with pytest.raises(InvalidKeyError):
        jwt.PublicKey.from_der(pkcs8, alg=alg)


def test_bad_pem_is_refused() -> None:
    """Cut short, doubled, encrypted or something else: a clear InvalidKeyError."""
    key = ASYMMETRIC["EdDSA"]
    pem = private_pem(key)
    encrypted = key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"password")
    )
    with pytest.raises(InvalidKeyError, match="encrypted"):
        jwt.PrivateKey.from_pem(encrypted, alg="EdDSA")
    for bad in (
        b"",
        b"key",
        pem[:-10],
        pem + pem,
        pem.replace(b"PRIVATE", b"SECRET"),
        pem[30:],
    ):
        with pytest.raises(InvalidKeyError):
            jwt.PrivateKey.from_pem(bad, alg="EdDSA")
    for alg in ("RS256", "ES256", "HS256", "none", ""):
        with pytest.raises(InvalidKeyError):
            jwt.PrivateKey.from_pem(pem, alg=alg)


def test_keys_have_no_other_constructors() -> None:
    """Each kind of key is made by what says where it comes from."""
    for kind in (jwt.PrivateKey, jwt.PublicKey):
        with pytest.raises(TypeError, match="from_pem"):
            kind()
    with pytest.raises(InvalidKeyError):
        jwt.PrivateKey.generate("HS256")
    with pytest.raises(InvalidKeyError):
        jwt.HmacKey.generate("EdDSA")
    with pytest.raises(InvalidKeyError):
        jwt.HmacKey(SECRET, alg="RS256")


@pytest.mark.parametrize("kid", ["", "k" * 257])
def test_kids_have_a_length(kid: str) -> None:
    """1 to 256 bytes."""
    with pytest.raises(InvalidKeyError):
        jwt.HmacKey(SECRET, kid=kid)


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
