"""RFC 7518, JSON Web Algorithms: sections 3 and 6, and the keys of appendix C."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from hauberk import jwt
from hauberk.exceptions import InvalidKeyError, TokenSignatureError

#: Alice's and Bob's.
APPENDIX_C = [
    {
        "kty": "EC",
        "crv": "P-256",
        "x": "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0",
        "y": "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps",
        "d": "0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo",
    },
    {
        "kty": "EC",
        "crv": "P-256",
        "x": "weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ",
        "y": "e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck",
        "d": "VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw",
    },
]
ECDSA: dict[str, tuple[ec.EllipticCurve, Any, int]] = {
    "ES256": (ec.SECP256R1(), SHA256(), 64),
    "ES384": (ec.SECP384R1(), SHA384(), 96),
    "ES512": (ec.SECP521R1(), SHA512(), 132),
}
RSA_KEY = rsa.generate_private_key(65_537, 2048)
CRT = ["p", "q", "dp", "dq", "qi"]


def encode(data: bytes) -> str:
    """Write bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Read base64url without padding."""
    return base64.urlsafe_b64decode(text + "==")


def private(key: Any, alg: str) -> jwt.PrivateKey:
    """Take over a key of the other library."""
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return jwt.PrivateKey.from_pem(pem, alg=alg)


def unsigned(alg: str) -> str:
    """Write what is signed of a JWS with an empty payload."""
    return encode(f'{{"alg":"{alg}"}}'.encode()) + "."


# -- section 3.1 -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "alg",
    [
        *("HS256", "HS384", "HS512", "RS256", "RS384", "RS512"),
        *("ES256", "ES384", "ES512", "PS256", "PS384", "PS512"),
    ],
)
def test_every_algorithm_of_the_table_signs(alg: str) -> None:
    """All but `none`, under the names of the table and no others."""
    kind: Any = jwt.HmacKey if alg.startswith("HS") else jwt.PrivateKey
    key = kind.generate(alg)
    token = jwt.sign_bytes(b"message", key)
    assert jwt.unverified(jwt.Signer(key).sign({}, expires_in=1)).header["alg"] == alg
    assert jwt.verify_signature(token, key).payload == b"message"
    with pytest.raises(InvalidKeyError):
        kind.generate(alg.lower())


def test_none_is_left_out() -> None:
    """The twelfth implementation requirement, `none`, is optional."""
    for kind in (jwt.HmacKey, jwt.PrivateKey):
        with pytest.raises(InvalidKeyError):
            kind.generate("none")


# -- section 3.4 -----------------------------------------------------------------------


@pytest.mark.parametrize("alg", ECDSA)
def test_an_ecdsa_signature_is_two_numbers_of_full_length(alg: str) -> None:
    """R and S, as the other library reads them; the DER that it writes is refused."""
    curve, digest, length = ECDSA[alg]
    key = ec.generate_private_key(curve)
    ours = private(key, alg)
    half = length // 2

    message, _, text = jwt.sign_bytes(b"", ours).rpartition(".")
    signature = decode(text)
    assert len(signature) == length
    r, s = (int.from_bytes(part) for part in (signature[:half], signature[half:]))
    der = encode_dss_signature(r, s)
    key.public_key().verify(der, message.encode(), ec.ECDSA(digest))

    message = unsigned(alg)
    der = key.sign(message.encode(), ec.ECDSA(digest))
    r, s = decode_dss_signature(der)
    raw = r.to_bytes(half) + s.to_bytes(half)
    assert jwt.verify_signature(f"{message}.{encode(raw)}", ours).payload == b""
    for other in (der, raw + b"\0", b"\0" + raw, raw[:-1]):
        with pytest.raises(TokenSignatureError):
            jwt.verify_signature(f"{message}.{encode(other)}", ours)


# -- section 3.5 -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("alg", "digest"), [("PS256", SHA256()), ("PS384", SHA384()), ("PS512", SHA512())]
)
def test_the_salt_of_pss_is_as_long_as_the_hash(alg: str, digest: Any) -> None:
    """It is so in what is signed, and another length is refused."""
    key = private(RSA_KEY, alg)

    def pss(salt: int) -> padding.PSS:
        return padding.PSS(padding.MGF1(digest), salt)

    message, _, text = jwt.sign_bytes(b"", key).rpartition(".")
    public = RSA_KEY.public_key()
    public.verify(decode(text), message.encode(), pss(digest.digest_size), digest)
    with pytest.raises(InvalidSignature):
        public.verify(decode(text), message.encode(), pss(20), digest)

    message = unsigned(alg)
    for salt in (0, 20, digest.digest_size, digest.digest_size + 1):
        signature = RSA_KEY.sign(message.encode(), pss(salt), digest)
        token = f"{message}.{encode(signature)}"
        if salt == digest.digest_size:
            assert jwt.verify_signature(token, key).payload == b""
        else:
            with pytest.raises(TokenSignatureError):
                jwt.verify_signature(token, key)


# -- section 6.2 and appendix C --------------------------------------------------------


@pytest.mark.parametrize("jwk", APPENDIX_C, ids=["Alice", "Bob"])
def test_the_keys_of_appendix_c(jwk: dict[str, str]) -> None:
    """They are read, agree with themselves, and are written as they were."""
    key = jwt.PrivateKey.from_jwk(jwk, alg="ES256")
    public = {name: value for name, value in jwk.items() if name != "d"}

    assert key.to_jwk(private=True) == jwk | {"alg": "ES256", "use": "sig"}
    token = jwt.sign_bytes(b"message", key)
    verifying = jwt.PublicKey.from_jwk(public, alg="ES256")
    assert jwt.verify_signature(token, verifying).payload == b"message"


def test_private_and_public_part_are_of_one_key() -> None:
    """Alice's point does not go with Bob's number."""
    alice, bob = APPENDIX_C
    with pytest.raises(InvalidKeyError):
        jwt.PrivateKey.from_jwk(alice | {"d": bob["d"]}, alg="ES256")


@pytest.mark.parametrize("name", ["x", "y", "d"])
def test_coordinates_have_their_full_length(name: str) -> None:
    """Sections 6.2.1.2, 6.2.1.3 and 6.2.2.1: 32 octets for P-256, whatever they are."""
    jwk = APPENDIX_C[0]
    octets = decode(jwk[name])
    for other in (b"\0" + octets, octets[1:], b""):
        with pytest.raises(InvalidKeyError):
            jwt.PrivateKey.from_jwk(jwk | {name: encode(other)}, alg="ES256")


# -- section 6.3 -----------------------------------------------------------------------


@pytest.mark.parametrize("missing", [CRT, ["p", "q"], ["dp"], ["dq"], ["qi"]])
def test_an_rsa_key_without_its_primes_says_what_it_lacks(missing: list[str]) -> None:
    """Section 6.3.2 allows `d` alone, which is not read, and forbids less than all."""
    jwk = private(RSA_KEY, "RS256").to_jwk(private=True)
    some = {name: value for name, value in jwk.items() if name not in missing}

    with pytest.raises(InvalidKeyError, match="has p, q, dp, dq and qi beside d"):
        jwt.PrivateKey.from_jwk(some)


@pytest.mark.parametrize("name", ["n", "e", "d", *CRT])
def test_integers_have_no_leading_zeros(name: str) -> None:
    """Section 2, `Base64urlUInt`: as few octets as possible."""
    jwk = private(RSA_KEY, "RS256").to_jwk(private=True)
    padded = encode(b"\0" + decode(jwk[name]))

    assert jwt.PrivateKey.from_jwk(jwk).to_jwk(private=True) == jwk
    with pytest.raises(InvalidKeyError, match="begins with zero"):
        jwt.PrivateKey.from_jwk(jwk | {name: padded})
