"""PyJWT's interface: the same tokens both ways, and what is stricter."""

from __future__ import annotations

import datetime as dt
import json
import time
import warnings
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import jwt as pyjwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from hauberk import exceptions
from hauberk import jwt as ours
from hauberk.compat import jwt
from hauberk.compat.jwt.utils import base64url_encode
from hauberk.compat.jwt.warnings import UnverifiedTokenWarning

if TYPE_CHECKING:
    from collections.abc import Callable

SECRET = "k" * 64
CLAIMS = {"sub": "größe", "iss": "shop", "n": [1, 2.5, None, True, {"x": ""}]}

RSA_KEY = rsa.generate_private_key(65_537, 2048)
KEYS: dict[str, Any] = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), RSA_KEY),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "ES384": ec.generate_private_key(ec.SECP384R1()),
    "ES512": ec.generate_private_key(ec.SECP521R1()),
    "ES256K": ec.generate_private_key(ec.SECP256K1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
}


def pem(key: Any) -> tuple[bytes, bytes]:
    """Return both halves of a key in PEM."""
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )
    return private, public


class TestBothWays:
    """What one of the two writes, the other reads."""

    @pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
    def test_secrets(self, algorithm: str) -> None:
        """Tokens under a secret are the same to the letter."""
        theirs = pyjwt.encode(CLAIMS, SECRET, algorithm=algorithm)

        assert jwt.encode(CLAIMS, SECRET, algorithm=algorithm) == theirs
        assert jwt.decode(theirs, SECRET, algorithms=[algorithm]) == CLAIMS

    @pytest.mark.parametrize("algorithm", KEYS)
    def test_key_pairs(self, algorithm: str) -> None:
        """Keys may be cryptography's objects, PEM, or hauberk's own."""
        key = KEYS[algorithm]
        private, public = pem(key)
        for signer, verifier in (
            (key, key.public_key()),
            (private, public),
            (private.decode(), public.decode()),
            (
                ours.PrivateKey.from_pem(private, alg=algorithm),
                ours.PublicKey.from_pem(public, alg=algorithm),
            ),
            (key, key),
        ):
            token = jwt.encode(CLAIMS, signer, algorithm=algorithm)
            assert pyjwt.decode(token, key.public_key(), [algorithm]) == CLAIMS
            theirs = pyjwt.encode(CLAIMS, key, algorithm=algorithm)
            assert jwt.decode(theirs, verifier, algorithms=[algorithm]) == CLAIMS

    @pytest.mark.parametrize("algorithm", KEYS)
    def test_jwks(self, algorithm: str) -> None:
        """A JWK of PyJWT is one of ours, and the other way round."""
        theirs = pyjwt.get_algorithm_by_name(algorithm)
        here = jwt.get_algorithm_by_name(algorithm)
        public = KEYS[algorithm].public_key()
        jwk = here.to_jwk(public, as_dict=True)

        assert (
            theirs.from_jwk(jwk).public_numbers() == public.public_numbers()
            if (hasattr(public, "public_numbers"))
            else True
        )
        key = jwt.PyJWK(theirs.to_jwk(public, as_dict=True), algorithm)
        token = pyjwt.encode(CLAIMS, KEYS[algorithm], algorithm=algorithm)
        assert jwt.decode(token, key) == CLAIMS

    def test_times(self) -> None:
        """Datetimes become seconds, as in PyJWT."""
        now = dt.datetime.now(dt.UTC)
        claims = {"iat": now, "exp": now + dt.timedelta(minutes=1)}
        token = jwt.encode(claims, SECRET)

        assert token == pyjwt.encode(claims, SECRET)
        assert jwt.decode(token, SECRET, ["HS256"])["iat"] == int(now.timestamp())

    def test_detached(self) -> None:
        """A detached payload (RFC 7797) verifies with the other."""
        token = jwt.PyJWS().encode(b"text", SECRET, is_payload_detached=True)

        found = pyjwt.PyJWS().decode(token, SECRET, ["HS256"], detached_payload=b"text")
        assert found == b"text"


class TestErrors:
    """The exceptions of PyJWT, which are hauberk's as well."""

    @pytest.mark.parametrize(
        ("claims", "options", "error", "base"),
        [
            ({"exp": 1}, {}, jwt.ExpiredSignatureError, exceptions.ExpiredTokenError),
            (
                {"nbf": 1e10},
                {},
                jwt.ImmatureSignatureError,
                exceptions.NotYetValidError,
            ),
            (
                {},
                {"issuer": "x"},
                jwt.MissingRequiredClaimError,
                exceptions.MissingClaimError,
            ),
            ({"iss": "y"}, {"issuer": "x"}, jwt.InvalidIssuerError, jwt.PyJWTError),
            ({"aud": "y"}, {}, jwt.InvalidAudienceError, exceptions.InvalidTokenError),
            ({"exp": True}, {}, jwt.DecodeError, exceptions.HauberkError),
        ],
    )
    def test_claims(
        self,
        claims: dict[str, Any],
        options: dict[str, Any],
        error: type[Exception],
        base: type[Exception],
    ) -> None:
        """A token that must not be trusted says why in its class."""
        token = jwt.encode(claims, SECRET)
        with pytest.raises(error) as caught:
            jwt.decode(token, SECRET, ["HS256"], **options)
        assert isinstance(caught.value, base)
        # Also for those who catch by the real package's ancestry.
        names = {kind.__name__ for kind in type(caught.value).__mro__}
        real = getattr(pyjwt, error.__name__)
        assert {kind.__name__ for kind in real.__mro__} <= names

    def test_missing_claims_are_named(self) -> None:
        """The claim is an attribute and stands in the message."""
        with pytest.raises(jwt.MissingRequiredClaimError, match="exp") as caught:
            jwt.decode(jwt.encode({}, SECRET), SECRET, ["HS256"], {"require": ["exp"]})
        assert caught.value.claim == "exp"

    def test_signatures(self) -> None:
        """Another secret, algorithm or text is the same failure for every reader."""
        token = jwt.encode({}, SECRET)
        with pytest.raises(jwt.InvalidSignatureError):
            jwt.decode(token, "x" * 64, ["HS256"])
        with pytest.raises(jwt.InvalidSignatureError):
            jwt.decode(token[:-4] + "AAAA", SECRET, ["HS256"])
        with pytest.raises(jwt.InvalidAlgorithmError):
            jwt.decode(token, SECRET, ["HS384"])
        with pytest.raises(jwt.DecodeError):
            jwt.decode(f"{token}.x", SECRET, ["HS256"])
        with pytest.raises(jwt.DecodeError, match="algorithms"):
            jwt.decode(token, SECRET)


class TestStricter:
    """What PyJWT lets pass and this does not."""

    def test_two_members_of_one_name(self) -> None:
        """Claims that two readers understand differently are refused."""
        text = b'{"sub": "ada", "sub": "eve"}'
        token = pyjwt.PyJWS().encode(text, SECRET)

        assert pyjwt.decode(token, SECRET, ["HS256"]) == {"sub": "eve"}
        with pytest.raises(jwt.DecodeError, match="Invalid payload"):
            jwt.decode(token, SECRET, ["HS256"])

    def test_none(self) -> None:
        """Without a signature nothing verifies, whatever is allowed."""
        token = jwt.encode({}, None, algorithm="none")
        for key in ("", None, SECRET):
            with pytest.raises((jwt.InvalidTokenError, jwt.InvalidKeyError)):
                jwt.decode(token, key, ["none", "HS256"])

    def test_one_name_of_an_algorithm_is_that_one(self) -> None:
        """`algorithms` as text allows no algorithm whose name is part of it."""
        allowed: Any = "HS256"
        token = jwt.encode({"sub": "ada"}, SECRET)
        assert jwt.decode(token, SECRET, allowed) == {"sub": "ada"}
        private = KEYS["ES256"]
        token = jwt.encode({}, private, algorithm="ES256")
        allowed = "ES256K"
        with pytest.raises(jwt.InvalidAlgorithmError):
            jwt.decode(token, private.public_key(), allowed)

    def test_small_rsa_keys(self) -> None:
        """An RSA key of 1024 bits is refused, where PyJWT warns."""
        weak = rsa.generate_private_key(65_537, 1024)
        with pytest.raises(jwt.InvalidKeyError):
            jwt.encode({}, weak, algorithm="RS256")

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32-be"])
    def test_keys_that_are_no_secrets(self, encoding: str) -> None:
        """A public key in whatever form is no HMAC secret (CVE-2022-29217)."""
        public = KEYS["RS256"].public_key()
        jwk = json.dumps(
            jwt.get_algorithm_by_name("RS256").to_jwk(public, as_dict=True)
        )
        for secret in (
            pem(KEYS["RS256"])[1],
            public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
            public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH),
            jwk.encode(encoding),
            json.dumps({"keys": [json.loads(jwk)]}).encode(encoding),
            f"[[[{jwk}]]]".encode(encoding),
            jwk.replace("kty", "\\u006bty").encode(encoding),
            b"",
        ):
            with pytest.raises(jwt.InvalidKeyError):
                jwt.encode({}, secret, algorithm="HS256")


class TestWarnings:
    """What is allowed for the sake of what exists, and said aloud."""

    def test_short_secrets(self) -> None:
        """They are a warning, or an error if asked for; in hauberk.jwt an error."""
        with pytest.warns(jwt.InsecureKeyLengthWarning, match="32 bytes"):
            token = jwt.encode({}, "short")
        with pytest.warns(jwt.InsecureKeyLengthWarning):
            jwt.decode(token, "short", ["HS256"])
        with pytest.raises(jwt.InvalidKeyError, match="32 bytes"):
            jwt.decode(token, "short", ["HS256"], {"enforce_minimum_key_length": True})
        with pytest.raises(exceptions.InvalidKeyError):
            ours.HmacKey("short")

    def test_reading_without_a_signature(self) -> None:
        """It works, and says what it is."""
        token = jwt.encode({"sub": "ada", "exp": 1}, SECRET)
        with pytest.warns(UnverifiedTokenWarning):
            claims = jwt.decode(token, options={"verify_signature": False})
        assert claims["sub"] == "ada"

    @pytest.mark.parametrize(
        "call",
        [
            lambda token: jwt.encode({}, "short"),
            lambda token: jwt.decode(token, "short", ["HS256"]),
            lambda token: jwt.decode_complete(token, "short", ["HS256"]),
            lambda token: jwt.PyJWS().encode(b"text", "short"),
            lambda token: jwt.PyJWS().decode(token, "short", ["HS256"]),
            lambda token: jwt.decode(token, options={"verify_signature": False}),
            lambda token: jwt.PyJWS().decode(
                token, options={"verify_signature": False}
            ),
            lambda token: jwt.decode(token, SECRET, ["HS256"], verify=False),
            lambda token: jwt.decode(token, SECRET, ["HS256"], whatever=1),
            lambda token: jwt.PyJWS().decode(token, SECRET, ["HS256"], whatever=1),
        ],
    )
    def test_they_point_at_the_caller(self, call: Callable[[str], object]) -> None:
        """Whoever calls is named: Python shows a warning once for each place."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            token = jwt.encode({}, "short")
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            with suppress(jwt.InvalidSignatureError):
                call(token)
        assert {warning.filename for warning in caught} == {__file__}

    def test_verifying_is_silent(self) -> None:
        """What is as it should be warns of nothing."""
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            token = jwt.encode({"exp": time.time() + 60}, SECRET)
            jwt.decode(token, SECRET, ["HS256"])


def test_own_algorithms() -> None:
    """An application's own algorithm signs and verifies."""

    class Reversed(jwt.algorithms.HMACAlgorithm):
        def sign(self, msg: bytes, key: bytes) -> bytes:
            return bytes(super().sign(msg, key)[::-1])

        def verify(self, msg: bytes, key: bytes, sig: bytes) -> bool:
            return bool(super().verify(msg, key, sig[::-1]))

    jwt.register_algorithm("REV", Reversed(Reversed.SHA256))
    try:
        token = jwt.encode(CLAIMS, SECRET, algorithm="REV")
        assert jwt.decode(token, SECRET, ["REV"]) == CLAIMS
        with pytest.raises(ValueError, match="already"):
            jwt.register_algorithm("REV", Reversed(Reversed.SHA256))
    finally:
        jwt.unregister_algorithm("REV")
    with pytest.raises(jwt.InvalidAlgorithmError):
        jwt.decode(token, SECRET, ["REV"])


def test_long_tokens_are_refused_at_once() -> None:
    """Ten megabytes are an error before anything is decoded."""
    with pytest.raises(jwt.DecodeError, match="at most"):
        jwt.decode(b"." * 10_000_000, SECRET, ["HS256"])


def test_keys_do_not_show() -> None:
    """Neither a JWK's representation nor an error holds a key."""
    jwk = {"kty": "oct", "k": base64url_encode(SECRET.encode()).decode(), "kid": "1"}
    assert repr(jwt.PyJWK(jwk)) == "<PyJWK alg='HS256' kid='1'>"
    with pytest.raises(jwt.InvalidKeyError) as caught:
        jwt.encode({}, pem(KEYS["ES256"])[0], algorithm="RS256")
    assert "MIG" not in str(caught.value)
