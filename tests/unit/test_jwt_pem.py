"""Keys in PEM and DER beyond the plain ones: encrypted, and inside certificates."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from hauberk import jwt
from hauberk.exceptions import InvalidKeyError

PASSWORD = b"correct horse"
KEYS: dict[str, Any] = {
    "RS256": rsa.generate_private_key(65_537, 2048),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "ES512": ec.generate_private_key(ec.SECP521R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
}


def private(
    alg: str, encoding: Encoding = Encoding.PEM, password: bytes | None = PASSWORD
) -> bytes:
    """Write a private key as PKCS#8, encrypted if there is a password."""
    protection = BestAvailableEncryption(password) if password else NoEncryption()
    data: bytes = KEYS[alg].private_bytes(encoding, PrivateFormat.PKCS8, protection)
    return data


def certificate(alg: str) -> bytes:
    """Write a certificate of a key that signs itself, and expired long ago."""
    key = KEYS[alg]
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "issuer.example")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2021, 1, 1, tzinfo=UTC))
    )
    hash_algorithm = None if alg == "EdDSA" else hashes.SHA256()
    return builder.sign(key, hash_algorithm).public_bytes(Encoding.PEM)


@pytest.mark.parametrize("alg", KEYS)
def test_encrypted_keys_are_read_with_their_password(alg: str) -> None:
    """PEM and DER give the same key, with text or bytes for a password."""
    plain = jwt.PrivateKey.from_pem(private(alg, password=None), alg=alg)

    for password in (PASSWORD, PASSWORD.decode()):
        pem = jwt.PrivateKey.from_pem(private(alg), alg=alg, password=password)
        der = jwt.PrivateKey.from_der(
            private(alg, Encoding.DER), alg=alg, password=password, kid="k"
        )
        assert pem.thumbprint() == der.thumbprint() == plain.thumbprint()
        assert der.kid == "k"
        signed = jwt.sign_bytes(b"message", pem)
        assert jwt.verify_signature(signed, plain.public()).payload == b"message"


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_the_password_is_needed_right_and_not_one_too_many(encoding: Encoding) -> None:
    """A wrong, missing or needless password is an error that shows none of it."""
    read: Any = (
        jwt.PrivateKey.from_pem if encoding is Encoding.PEM else jwt.PrivateKey.from_der
    )
    encrypted = private("ES256", encoding)
    plain = private("ES256", encoding, password=None)

    for data, password, reason in [
        (encrypted, b"wrong", "could not be decrypted"),
        (encrypted, b"", "could not be decrypted"),
        (encrypted, None, "give its password"),
        (plain, PASSWORD, "not encrypted"),
    ]:
        with pytest.raises(InvalidKeyError, match=reason) as caught:
            read(data, alg="ES256", password=password)
        assert "wrong" not in str(caught.value)


def test_an_encrypted_key_is_for_its_algorithm() -> None:
    """The identifiers inside are checked as those of a plain key are."""
    for alg in ("ES384", "RS256", "EdDSA"):
        with pytest.raises(InvalidKeyError):
            jwt.PrivateKey.from_pem(private("ES256"), alg=alg, password=PASSWORD)


def test_a_changed_ciphertext_is_no_key() -> None:
    """A byte that changes in the public half, or in the padding, is seen."""
    data = bytearray(private("ES256", Encoding.DER))
    for index in range(len(data) - 40, len(data)):
        data[index] ^= 1
        with pytest.raises(InvalidKeyError):
            jwt.PrivateKey.from_der(bytes(data), alg="ES256", password=PASSWORD)
        data[index] ^= 1


@pytest.mark.parametrize("alg", KEYS)
def test_certificates_give_their_key(alg: str) -> None:
    """Whoever gives a certificate trusts its key, whenever it was valid."""
    key = jwt.PublicKey.from_pem(certificate(alg), alg=alg, kid="k")

    expected = KEYS[alg].public_key()
    pem = expected.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert key.thumbprint() == jwt.PublicKey.from_pem(pem, alg=alg).thumbprint()
    assert key.kid == "k"


def test_certificates_are_for_their_algorithm() -> None:
    """A certificate is no key of another kind, no private key and no secret."""
    pem = certificate("ES256")
    for alg in ("ES384", "ES256K", "RS256", "EdDSA", "HS256"):
        with pytest.raises(InvalidKeyError):
            jwt.PublicKey.from_pem(pem, alg=alg)
    with pytest.raises(InvalidKeyError, match="public key"):
        jwt.PrivateKey.from_pem(pem, alg="ES256")
    with pytest.raises(InvalidKeyError):
        jwt.HmacKey(pem)


def test_a_chain_is_not_one_key() -> None:
    """Several blocks are refused rather than the first be taken."""
    with pytest.raises(InvalidKeyError):
        jwt.PublicKey.from_pem(certificate("ES256") * 2, alg="ES256")
