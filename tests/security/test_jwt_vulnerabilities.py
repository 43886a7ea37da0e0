"""Vulnerabilities that JWT libraries have had, each tried on ours.

A test is named after the advisory, or after the library where there is none.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sys
import tracemalloc
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any, Self

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hauberk import jwt
from hauberk.compat import jwt as compat
from hauberk.exceptions import (
    ExpiredTokenError,
    InvalidClaimError,
    InvalidInputError,
    InvalidKeyError,
    InvalidTokenError,
    KeySetFetchError,
    MalformedTokenError,
    TokenSignatureError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = 1_800_000_000
SECRET = bytes(range(32))
CLAIMS = {"sub": "ada", "exp": NOW + 60}
RSA_KEY = rsa.generate_private_key(65_537, 2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def encode(data: bytes | dict[str, Any] | list[Any] | str) -> str:
    """Write bytes or JSON as base64url without padding."""
    if not isinstance(data, bytes):
        data = json.dumps(data).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def forge(
    claims: Any = CLAIMS, header: dict[str, Any] | None = None, secret: bytes = SECRET
) -> str:
    """Sign with HMAC and any header, as an attacker or a careless issuer does."""
    message = f"{encode(header or {'alg': 'HS256'})}.{encode(claims)}"
    mac = hmac.new(secret, message.encode(), hashlib.sha256).digest()
    return f"{message}.{encode(mac)}"


def verifier(keys: Any, **options: Any) -> jwt.Verifier:
    """Return a verifier at a fixed time."""
    defaults = {"issuer": None, "audience": None, "clock": lambda: NOW}
    options = defaults | options
    return jwt.Verifier(keys, **options)


def public_forms(key: Any) -> list[bytes]:
    """Write a public key in each form that might be taken for a secret."""
    public = key.public_key()
    info = PublicFormat.SubjectPublicKeyInfo
    alg = "RS256" if key is RSA_KEY else "ES256"
    pem = public.public_bytes(Encoding.PEM, info)
    jwk = jwt.PublicKey.from_pem(pem, alg=alg).to_jwk()
    return [
        pem,
        pem.rstrip(),
        b" \n" + pem,
        b"\xef\xbb\xbf" + pem,
        pem.replace(b"\n", b"\r\n"),
        b"".join(pem.splitlines()[1:-1]),
        public.public_bytes(Encoding.DER, info),
        public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH),
        json.dumps(jwk).encode(),
        json.dumps({"keys": [jwk]}).encode(),
    ]


@pytest.mark.parametrize("key", [RSA_KEY, EC_KEY], ids=["RSA", "EC"])
@pytest.mark.parametrize("form", range(10))
def test_cve_2022_29217_public_keys_as_secrets(key: Any, form: int) -> None:
    """No form of a public key signs: neither against its verifier nor as a secret.

    CVE-2017-11424, CVE-2024-33663 and CVE-2026-48526 are the same with other forms.
    """
    material = public_forms(key)[form]
    pem = public_forms(key)[0]
    alg = "RS256" if key is RSA_KEY else "ES256"
    ours = verifier(jwt.PublicKey.from_pem(pem, alg=alg))

    for header in ({"alg": "HS256"}, {"alg": alg}):
        with pytest.raises(TokenSignatureError):
            ours.claims(forge(header=header, secret=material))
    with pytest.raises(InvalidKeyError):
        jwt.HmacKey(material)
    with pytest.raises(InvalidKeyError):
        jwt.HmacKey(material, allow_weak=True)


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", ""])
def test_cve_2015_2951_none(alg: str) -> None:
    """A token without a signature is none, however `none` is spelt."""
    for signature in ("", encode(b"x")):
        token = f"{encode({'alg': alg})}.{encode(CLAIMS)}.{signature}"
        with pytest.raises(InvalidTokenError):
            verifier(jwt.HmacKey(SECRET)).claims(token)


def test_cve_2015_9235_the_header_chooses_the_algorithm() -> None:
    """A token under another algorithm than the key's is refused, key by key."""
    public = jwt.PrivateKey.generate("RS256", kid="k").public()
    for alg in ("HS256", "HS384", "PS256", "RS384", "ES256", "EdDSA"):
        with pytest.raises(TokenSignatureError):
            verifier(public).claims(forge(header={"alg": alg, "kid": "k"}))


def test_cve_2018_0114_keys_in_the_header() -> None:
    """An attacker's own key in the header verifies nothing."""
    evil = jwt.PrivateKey.generate("ES256")
    victim = jwt.PrivateKey.generate("ES256")
    header = {
        "alg": "ES256",
        "jwk": evil.to_jwk(),
        "jku": "https://evil.example/jwks.json",
        "x5u": "https://evil.example/cert.pem",
        "x5c": ["MIIB"],
    }
    message = f"{encode(header)}.{encode(CLAIMS)}"
    signed = jwt.sign_bytes(b"", evil).rpartition(".")[2]
    for signature in (signed, encode(bytes(64))):
        with pytest.raises(TokenSignatureError):
            verifier(victim).claims(f"{message}.{signature}")


@pytest.mark.parametrize("alg", ["ES256", "ES384", "ES512", "ES256K"])
def test_cve_2022_21449_psychic_signatures(alg: str) -> None:
    """Zeros for both numbers, and other numbers out of range, sign nothing."""
    key = jwt.PrivateKey.generate(alg)
    length = {"ES384": 96, "ES512": 132}.get(alg, 64)
    message = f"{encode({'alg': alg})}.{encode(CLAIMS)}"
    for signature in (
        bytes(length),
        b"\xff" * length,
        bytes(length - 1) + b"\1",
        b"\1" + bytes(length - 1),
        bytes(length - 1),
        bytes(length + 1),
        b"0\x06\x02\x01\0\x02\x01\0",
        b"",
    ):
        with pytest.raises(TokenSignatureError):
            verifier(key).claims(f"{message}.{encode(signature)}")


def test_cve_2024_53861_issuer_as_a_substring() -> None:
    """Part of an issuer's name, or a list that has it, is not the issuer."""
    ours = verifier(jwt.HmacKey(SECRET), issuer="https://issuer.example")
    for issuer in ("https://issuer", "", "acb", ["https://issuer.example"], None):
        with pytest.raises(InvalidClaimError):
            ours.claims(forge(CLAIMS | {"iss": issuer}))


def test_cve_2025_45768_weak_secrets() -> None:
    """A short secret is an error and not a warning."""
    for secret in (b"", b"a", b"secret", bytes(31)):
        with pytest.raises(InvalidKeyError):
            jwt.HmacKey(secret)
    with pytest.raises(InvalidKeyError):
        jwt.HmacKey(b"", allow_weak=True)


def test_ghsa_752w_critical_headers_ignored() -> None:
    """`crit` is refused, also when it is empty or names what we know."""
    for crit in (["exp"], ["b64"], [], ["alg"], "exp", None):
        with pytest.raises(MalformedTokenError):
            verifier(jwt.HmacKey(SECRET)).claims(
                forge(header={"alg": "HS256", "crit": crit})
            )


def test_cve_2026_48525_detached_payloads() -> None:
    """`b64` is refused before any work, with `crit` and without."""
    for b64 in (False, True):
        for more in ({}, {"crit": ["b64"]}):
            with pytest.raises(MalformedTokenError):
                verifier(jwt.HmacKey(SECRET)).claims(
                    forge(header={"alg": "HS256", "b64": b64} | more)
                )


def test_cve_2026_25537_claims_of_another_type() -> None:
    """A claim of the wrong type is refused and not taken for an absent one."""
    expected = {"audience": "A", "issuer": "I", "subject": "S"}
    ours = verifier(jwt.HmacKey(SECRET), **expected)
    good = {"aud": "A", "iss": "I", "sub": "S", "exp": NOW + 60}
    assert ours.claims(forge(good)) == good
    bad: dict[str, list[Any]] = {
        "exp": ["1", None, True, {}, [NOW + 60], str(NOW + 60), -1, 1e300],
        "nbf": ["1", None, False, {}, [], 1e300],
        "iat": ["1", None, False, {}, []],
        "aud": [5, {"A": 1}, ["A", 5], None, True, [["A"]], []],
        "iss": [5, ["I"], ["I", "evil"], None, {}],
        "sub": [5, ["S"], None, {}],
        "jti": [5, [], None, {}],
    }
    for claim, values in bad.items():
        for value in values:
            with pytest.raises(InvalidClaimError) as caught:
                ours.claims(forge(good | {claim: value}))
            assert caught.value.claim == claim


def test_jsonwebtoken_takes_an_array_for_claims() -> None:
    """A payload that is an array is no set of claims."""
    with pytest.raises(MalformedTokenError):
        verifier(jwt.HmacKey(SECRET)).claims(forge([NOW + 60, 0, "ada", "i", "a"]))


def test_jsonwebtoken_wraps_around_on_leeway() -> None:
    """A leeway longer than the time since 1970 only makes more tokens valid."""
    generous = verifier(jwt.HmacKey(SECRET), leeway=2e11, clock=lambda: 100.0)
    assert generous.claims(forge({"exp": 1})) == {"exp": 1}
    for leeway in (-1, float("nan"), float("inf")):
        with pytest.raises(InvalidInputError):
            verifier(jwt.HmacKey(SECRET), leeway=leeway)


def test_jsonwebtoken_accepts_the_second_of_expiry() -> None:
    """On `exp` a token has expired (RFC 7519, section 4.1.4)."""
    with pytest.raises(ExpiredTokenError):
        verifier(jwt.HmacKey(SECRET)).claims(forge({"exp": NOW}))


def test_libjwt_283_expiry_beyond_all_numbers() -> None:
    """An `exp` that JSON readers saturate or wrap is out of range."""
    ours = verifier(jwt.HmacKey(SECRET))
    for exp in ("1e400", "1e19", str(2**63), str(2**64 + 1), "9" * 400, "-1"):
        claims = '{"exp":' + exp + "}"
        message = f"{encode({'alg': 'HS256'})}.{encode(claims.encode())}"
        mac = hmac.new(SECRET, message.encode(), hashlib.sha256).digest()
        with pytest.raises(InvalidTokenError):
            ours.claims(f"{message}.{encode(mac)}")


def test_jose_jwt_237_encrypted_tokens() -> None:
    """What has the five parts of a JWE, or a header of one, is no token here."""
    ours = verifier(jwt.HmacKey(SECRET))
    header = {"alg": "dir", "enc": "A128GCM"}
    for token in (
        f"{encode(header)}..{encode(b'iv')}.{encode(b'text')}.{encode(b'tag')}",
        forge(header={"alg": "HS256", "enc": "A128GCM"}),
        forge(header={"alg": "HS256", "zip": "DEF"}),
    ):
        with pytest.raises(MalformedTokenError):
            ours.claims(token)


def test_ghsa_8wjv_bombs_are_refused_unread() -> None:
    """A token of 10 MB, nested claims and a nested header are refused at once.

    GHSA-8wjv-2p76-3863: Python's own error about recursion came out.
    """
    ours = verifier(jwt.HmacKey(SECRET))
    huge = "a" * 10_000_000
    # Whoever looked inside would leave UTF-8 in the object.
    foreign = "é" * 10_000_000
    size = sys.getsizeof(foreign)
    for long in (
        huge,
        huge.encode(),
        f"{huge[:5_000_000]}.{huge[:5_000_000]}.a",
        "." * 10_000_000,
        foreign,
    ):
        with pytest.raises(MalformedTokenError, match="longer than allowed"):
            ours.claims(long)
        with pytest.raises(MalformedTokenError, match="longer than allowed"):
            jwt.unverified(long)
        with pytest.raises(compat.DecodeError, match="at most"):
            compat.decode(long, SECRET, algorithms=["HS256"])
    assert sys.getsizeof(foreign) == size

    deep = b'{"a":' * 2000 + b"1" + b"}" * 2000
    signed_deep = jwt.sign_bytes(deep, jwt.HmacKey(SECRET), headers={"typ": "JWT"})
    for nested, reason in (
        (signed_deep, "nested"),
        (f"{encode(deep[:3000])}.e30.e30", "nested"),
        (f"{encode(deep)}.e30.e30", "header is longer"),
    ):
        with pytest.raises(MalformedTokenError, match=reason):
            ours.claims(nested)
        with pytest.raises(compat.DecodeError):
            compat.decode(nested, SECRET, algorithms=["HS256"])


def test_an_unknown_kid_is_not_tried() -> None:
    """A `kid` that no key has costs no signature, and opens no file."""
    keys = [jwt.PrivateKey.generate("EdDSA", kid=str(n)) for n in range(3)]
    ours = verifier(keys)
    token = jwt.Signer(keys[0], lifetime=60, clock=lambda: NOW).sign({})
    for kid in ("3", "../../../../dev/null", "0' OR '1'='1", "0\0", "", "00"):
        header = {"alg": "EdDSA", "typ": "JWT", "kid": kid}
        _, payload, signature = token.split(".")
        with pytest.raises(InvalidTokenError):
            ours.claims(f"{encode(header)}.{payload}.{signature}")


def test_tokens_have_one_spelling() -> None:
    """No other text has the same signature: padding, alphabet and spare bits count."""
    token = forge()
    header, payload, signature = token.split(".")
    last = "AEIMQUYcgkosw048"
    spare = signature[:-1] + last[(last.index(signature[-1]) + 1) % 16]
    flipped = signature[:-1] + chr(ord(signature[-1]) + 1)
    for other in (
        token + "=",
        f"{header}=.{payload}.{signature}",
        token + "\n",
        " " + token,
        token.replace(".", "..", 1),
        token + ".",
        f"{header}.{payload}.{spare}",
        f"{header}.{payload}.{flipped}",
    ):
        with pytest.raises(InvalidTokenError):
            verifier(jwt.HmacKey(SECRET)).claims(other)


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    """A server whose answers are variables."""
    with Issuer() as running:
        yield running


class Issuer:
    """Answers `/jwks` as told and `/evil` with other keys, and counts."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.status = 200
        self.key = jwt.PrivateKey.generate("ES256", kid="good")
        self.evil = jwt.PrivateKey.generate("ES256", kid="good")
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.asked.append(self.path)
                self.send_response(issuer.status if self.path == "/jwks" else 200)
                self.send_header("Location", "/evil")
                self.end_headers()
                key = issuer.key if self.path == "/jwks" else issuer.evil
                jwks = jwt.KeySet([key]).to_jwks()
                self.wfile.write(json.dumps(jwks).encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/jwks"
        self.thread = Thread(target=self.server.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def keys(self, **options: Any) -> jwt.RemoteKeySet:
        """Return what fetches the issuer's keys."""
        return jwt.RemoteKeySet(self.url, algs=["ES256"], allow_http=True, **options)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "ftp://example.org/jwks",
        "data:application/json,{}",
        "jar:https://example.org/x!/jwks",
        "//example.org/jwks",
        "/etc/passwd",
    ],
)
def test_cve_2026_48522_keys_from_files(url: str) -> None:
    """Keys come from the web alone (GHSA-993g-76c3-p5m4)."""
    for allowed in (False, True):
        with pytest.raises(InvalidInputError):
            jwt.RemoteKeySet(url, algs=["ES256"], allow_http=allowed)
    with pytest.raises(compat.PyJWKClientError):
        compat.PyJWKClient(url)


def test_ghsa_fhv5_a_failed_request_forgets_the_keys(issuer: Issuer) -> None:
    """An issuer that fails once leaves us the keys that we have."""
    keys = issuer.keys(ttl=0, cooldown=0)
    client = compat.PyJWKClient(issuer.url)
    assert len(keys.get()) == len(client.get_signing_keys()) == 1
    issuer.status = 500

    ours = verifier(keys)
    token = jwt.Signer(issuer.key, lifetime=60, clock=lambda: NOW).sign({})
    assert ours.claims(token)
    with pytest.raises(compat.PyJWKClientConnectionError):
        client.get_jwk_set(refresh=True)
    assert client.get_signing_key("good").key_id == "good"
    assert "/evil" not in issuer.asked


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_ghsa_9v7f_redirects_to_other_keys(issuer: Issuer, status: int) -> None:
    """Where an answer points to is no source of keys."""
    issuer.status = status
    with pytest.raises(KeySetFetchError):
        issuer.keys().get()
    with pytest.raises(compat.PyJWKClientError):
        compat.PyJWKClient(issuer.url).get_signing_key("good")
    assert issuer.asked == ["/jwks"] * 2


def test_ghsa_2gx3_unknown_kids_make_requests(issuer: Issuer) -> None:
    """However many names strangers think of, there is one request in a cooldown."""
    ours = verifier(issuer.keys())
    client = compat.PyJWKClient(issuer.url)
    for n in range(20):
        stranger = jwt.PrivateKey.generate("ES256", kid=str(n))
        token = jwt.Signer(stranger, lifetime=60, clock=lambda: NOW).sign({})
        with pytest.raises(TokenSignatureError):
            ours.claims(token)
        with pytest.raises(compat.PyJWKClientError):
            client.get_signing_key_from_jwt(token)
    assert len(issuer.asked) == 2


def test_cve_2026_48523_a_key_beside_the_list_of_algorithms() -> None:
    """A JWK's algorithm and the list must both allow the header's.

    GHSA-jq35-7prp-9v3f.
    """
    jwk = {"kty": "oct", "k": encode(bytes(range(64))), "alg": "HS256"}
    key = compat.PyJWK(jwk)
    signed = {
        alg: compat.encode({}, bytes(range(64)), algorithm=alg)
        for alg in ("HS256", "HS384", "HS512")
    }
    assert compat.decode(signed["HS256"], key) == {}
    assert compat.decode(signed["HS256"], key, algorithms=["HS256", "HS512"]) == {}
    for alg, algorithms in (
        ("HS512", ["HS512"]),
        ("HS512", ["HS256", "HS512"]),
        ("HS256", ["HS512"]),
        ("HS384", None),
        ("HS384", []),
    ):
        with pytest.raises(compat.InvalidAlgorithmError):
            compat.decode(signed[alg], key, algorithms=algorithms)

    public = jwt.PrivateKey.generate("RS256", kid="1").public().to_jwk()
    with pytest.raises(InvalidKeyError):
        jwt.PublicKey.from_jwk(public, alg="PS256")
    with pytest.raises(InvalidKeyError):
        jwt.KeySet.from_jwks({"keys": [public]}, algs=["PS256", "RS512"])


def disguises(key: Any) -> list[bytes]:
    """Write a public key as somebody would who wants it taken for a secret."""
    pem, *_, jwk, jwks = public_forms(key)
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    bom = b"\xef\xbb\xbf"
    return [
        # Armour, white space and ends of lines.
        pem.replace(b"-----BEGIN PUBLIC KEY-----", b"-----BEGIN  PUBLIC KEY-----"),
        pem.replace(b"-----\n", b"----- \t\n"),
        pem.replace(b"\n", b"\r"),
        pem.replace(b"\n", b" "),
        pem.replace(b"\n", b"\n\n"),
        pem.replace(b"-----BEGIN", b"---- BEGIN"),
        pem.replace(b"-----", b"------"),
        b"\x0b\x0c" + pem,
        b"# a comment\n" + pem,
        pem + b"\0",
        # Marks and other encodings.
        bom + jwk,
        bom + jwks,
        bom + bom + pem,
        pem.decode().encode("utf-16"),
        jwk.decode().encode("utf-16-le"),
        jwk.decode().encode("utf-32"),
        # DER, and DER as text.
        der,
        der + b"\n",
        b" " + der,
        base64.b64encode(der),
        base64.b64encode(der).rstrip(b"="),
        base64.urlsafe_b64encode(der),
        base64.encodebytes(der),
        # JSON around it.
        b"[" + jwk + b"]",
        b"[[" + jwk + b"]]",
        b'{"jwk":' + jwk + b"}",
        b'{"a":' + jwks + b"}",
        jwk.replace(b'"kty"', b'"\\u006bty"'),
        b" \n" + jwk + b"\n ",
    ]


@pytest.mark.parametrize("key", [RSA_KEY, EC_KEY], ids=["RSA", "EC"])
@pytest.mark.parametrize("form", range(29))
def test_ghsa_ffc3_r6x4_p4g4_w2cx_public_keys_in_disguise(key: Any, form: int) -> None:
    """A public key is no secret however it is written.

    GHSA-ffc3-869f-jxw9, GHSA-r6x4-923q-g947, GHSA-p4g4-x82p-q773 and
    GHSA-w2cx-738m-mc7w.
    """
    material = disguises(key)[form]
    for weak in (False, True):
        with pytest.raises(InvalidKeyError):
            jwt.HmacKey(material, allow_weak=weak)
    with pytest.raises(compat.InvalidKeyError):
        compat.encode({}, material, algorithm="HS256")
    token = forge(CLAIMS | {"exp": 9_999_999_999}, secret=material)
    with pytest.raises(compat.InvalidKeyError):
        compat.decode(token, material, algorithms=["HS256", "RS256", "ES256"])
    jwk = {"kty": "oct", "k": encode(material), "alg": "HS256"}
    with pytest.raises(compat.InvalidKeyError):
        compat.decode(token, compat.PyJWK(jwk))


def test_ghsa_w6j9_one_bad_key_spoils_a_set() -> None:
    """A key that is not for us is left out, one that is fails alone and cleanly."""
    good = jwt.PrivateKey.generate("ES256", kid="good").public().to_jwk()
    for bad in (
        {"kty": "RSA", "kid": "bad", "n": "AQAB", "e": "AQAB"},
        {"kty": "RSA", "kid": "bad", "n": "!!", "e": "AQAB"},
        {"kty": "RSA", "kid": "bad", "n": 5, "e": None},
        {"kty": "RSA", "kid": "bad"},
        {"kty": "EC", "crv": "P-384", "x": "AA", "y": "AA"},
        {"kty": ["RSA"]},
        {},
    ):
        jwks = {"keys": [bad, good]}
        assert [key.kid for key in jwt.KeySet.from_jwks(jwks, algs=["ES256"])] == [
            "good"
        ]
        assert [key.key_id for key in compat.PyJWKSet.from_dict(jwks)] == ["good"]
    nested = '{"keys":[' + '{"a":' * 50_000 + "1" + "}" * 50_000 + "]}"
    with pytest.raises(InvalidKeyError):
        jwt.KeySet.from_jwks(nested, algs=["ES256"])
    with pytest.raises(compat.PyJWKSetError):
        compat.PyJWKSet.from_json(nested)


@pytest.mark.parametrize("part", range(3))
@pytest.mark.parametrize(
    "junk", ["!!!!", "!", "\n", "====", " ", "\0", "%41", "++++", "////", "é"]
)
def test_ghsa_hxm8_characters_that_are_passed_over(part: int, junk: str) -> None:
    """What is no base64url is refused, and not read as if it were not there."""
    parts = forge(CLAIMS | {"exp": 9_999_999_999}).split(".")
    for place in (0, 4, len(parts[part])):
        spoilt = [*parts]
        spoilt[part] = parts[part][:place] + junk + parts[part][place:]
        with pytest.raises(InvalidTokenError):
            verifier(jwt.HmacKey(SECRET)).claims(".".join(spoilt))
        with pytest.raises(compat.DecodeError):
            compat.decode(".".join(spoilt), SECRET, algorithms=["HS256"])


def test_ghsa_pxh4_empty_secrets_in_a_jwk() -> None:
    """No secret is empty, in whatever a key is written."""
    for k in ("", "=", "==", None):
        jwk = {"kty": "oct", "alg": "HS256", "k": k}
        with pytest.raises(InvalidKeyError):
            jwt.HmacKey.from_jwk(jwk)
        with pytest.raises(InvalidKeyError):
            jwt.KeySet.from_jwks({"keys": [jwk]}, algs=["HS256"])
        with pytest.raises(compat.PyJWTError):
            compat.encode({}, compat.PyJWK(jwk))
    for empty in ("", b""):
        with pytest.raises(compat.InvalidKeyError):
            compat.encode({}, empty)
        with pytest.raises(compat.InvalidKeyError):
            compat.decode(forge(secret=b""), empty, algorithms=["HS256"])


@pytest.mark.parametrize("cve", ["CVE-2024-33664", "CVE-2024-28102"])
def test_cve_2024_33664_and_2024_28102_compressed_bombs(cve: str) -> None:
    """Nothing here inflates: a token of a few bytes stays one."""
    bomb = zlib.compress(b"0" * 10_000_000, 9)[2:-4]
    header = {"alg": "dir", "enc": "A128GCM", "zip": "DEF"}
    jwe = f"{encode(header)}..{encode(bytes(12))}.{encode(bomb)}.{encode(bytes(16))}"
    jws_header = {"alg": "HS256", "zip": "DEF"}
    message = f"{encode(jws_header)}.{encode(bomb)}"
    mac = hmac.new(SECRET, message.encode(), hashlib.sha256).digest()
    jws = f"{message}.{encode(mac)}"
    tracemalloc.start()
    try:
        for token in (jwe, jws):
            with pytest.raises(MalformedTokenError):
                verifier(jwt.HmacKey(SECRET)).claims(token)
            with pytest.raises(compat.DecodeError):
                compat.decode(token, SECRET, algorithms=["HS256", "dir"])
        assert tracemalloc.get_traced_memory()[1] < 1_000_000, cve
    finally:
        tracemalloc.stop()


def test_python_jose_419_no_algorithms_trusts_the_header() -> None:
    """Without a list of algorithms nothing is verified with what a header says."""
    token = forge(CLAIMS | {"exp": 9_999_999_999})
    nothing: list[Any] = [None, [], ()]
    for algorithms in nothing:
        with pytest.raises(compat.DecodeError):
            compat.decode(token, SECRET, algorithms=algorithms)
    with pytest.raises(TypeError):
        jwt.KeySet.from_jwks({"keys": []})  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        jwt.RemoteKeySet("https://id.example/")  # type: ignore[call-arg]
    public = jwt.PrivateKey.generate("ES256").public().to_jwk()
    del public["alg"]
    with pytest.raises(InvalidKeyError):
        jwt.PublicKey.from_jwk(public)


def test_advisory_database_7123_der_keys_as_secrets() -> None:
    """The fix of CVE-2024-33663 in python-jose looked at PEM and not at DER."""
    for key in (RSA_KEY, EC_KEY):
        public = key.public_key()
        for der in (
            public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
            *(
                [public.public_bytes(Encoding.DER, PublicFormat.PKCS1)]
                if key is RSA_KEY
                else []
            ),
        ):
            with pytest.raises(InvalidKeyError):
                jwt.HmacKey(der)
            with pytest.raises(compat.InvalidKeyError):
                compat.decode(forge(secret=der), der, algorithms=["HS256"])


@pytest.mark.parametrize("blank", [" ", "\n", "\t", "\r\n", "\v", "\f", " \n\t "])
def test_fast_jwt_589_blanks_before_a_key(blank: str) -> None:
    """A blank before a PEM does not make a secret of it."""
    pem = public_forms(RSA_KEY)[0].decode()
    pkcs1 = RSA_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode()
    for text in (blank + pem, blank + pkcs1):
        with pytest.raises(InvalidKeyError):
            jwt.HmacKey(text)
        with pytest.raises(compat.InvalidKeyError):
            compat.encode({}, text, algorithm="HS256")
