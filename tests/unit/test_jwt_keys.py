"""JWT keys: what may be one, whom it works for, and what nobody gets to see of it.

The names of the tests are those of the rules: of RFC 8725 and the published
vulnerabilities behind it, and of the cases on which JWT libraries differ.
"""

from __future__ import annotations

import copy
import pickle
import time
from typing import TYPE_CHECKING, Any

import jwt as pyjwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from tests.unit.jwt_tokens import (
    ASYMMETRIC,
    CLAIMS,
    KEY,
    RSA_KEY,
    SECRET,
    forge,
    private_pem,
    public_pem,
    signer,
    verifier,
)

from hauberk import jwt
from hauberk.exceptions import (
    ExpiredTokenError,
    InvalidKeyError,
    InvalidTokenError,
    TokenSignatureError,
)

if TYPE_CHECKING:
    from collections.abc import Callable


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


@pytest.mark.parametrize("kid", ["", "k" * 257])
def test_kids_have_a_length(kid: str) -> None:
    """1 to 256 bytes."""
    with pytest.raises(InvalidKeyError):
        jwt.HmacKey(SECRET, kid=kid)


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


@pytest.mark.parametrize("secret", ["not-to-be-shown" * 3, b"not-to-be-shown" * 3])
@pytest.mark.parametrize(
    "use",
    [
        jwt.Signer,
        lambda secret: jwt.Verifier(secret, issuer=None, audience=None),
        lambda secret: jwt.Verifier([secret], issuer=None, audience=None),
        lambda secret: jwt.KeySet([secret]),
        lambda secret: jwt.sign_bytes(b"", secret),
        lambda secret: jwt.verify_signature("a.b.c", secret),
    ],
)
def test_a_bare_secret_is_no_key_and_told_how_to_become_one(
    use: Callable[[Any], Any], secret: str | bytes
) -> None:
    """What others take for a key is a TypeError that names ours and not the secret."""
    with pytest.raises(TypeError, match=r"HmacKey\(secret\)") as caught:
        use(secret)
    assert "shown" not in str(caught.value)
