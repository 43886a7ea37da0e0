"""What is a key and what is none: strength, form, points and look-alikes."""

from __future__ import annotations

import base64
import json
import textwrap
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from hauberk.exceptions import InvalidKeyError
from hauberk.jwt import HmacKey, KeySet, PrivateKey, PublicKey

if TYPE_CHECKING:
    from collections.abc import Callable

RSA_KEY = rsa.generate_private_key(65537, 2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
ED_KEY = ed25519.Ed25519PrivateKey.generate()


def base64url(data: bytes) -> str:
    """Return bytes as a JWK has them."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def pem(label: str, der: bytes) -> str:
    """Return DER as PEM."""
    lines = "\n".join(textwrap.wrap(base64.b64encode(der).decode(), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n"


def private_der(key: Any, form: PrivateFormat) -> bytes:
    """Return a private key as cryptography writes it."""
    der: bytes = key.private_bytes(Encoding.DER, form, NoEncryption())
    return der


def public_der(key: Any) -> bytes:
    """Return the public half as SubjectPublicKeyInfo."""
    der: bytes = key.public_key().public_bytes(
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    )
    return der


PKCS8 = PrivateFormat.PKCS8
TRADITIONAL = PrivateFormat.TraditionalOpenSSL


class TestRsa:
    """RSA keys have 2048 to 8192 bits, counted as bits."""

    @pytest.mark.parametrize("bits", [2040, 2041, 2047])
    def test_a_bit_less_is_too_short(self, bits: int) -> None:
        """A modulus that begins with zero bits is as short as it is."""
        key = rsa.generate_private_key(65537, bits)
        readers: list[Callable[[], Any]] = [
            lambda: PublicKey.from_der(public_der(key), alg="RS256"),
            lambda: PublicKey.from_pem(pem("PUBLIC KEY", public_der(key)), alg="PS256"),
            lambda: PrivateKey.from_der(private_der(key, PKCS8), alg="RS256"),
            lambda: PublicKey.from_jwk(
                {
                    "kty": "RSA",
                    "alg": "RS256",
                    "n": base64url(
                        key.public_key().public_numbers().n.to_bytes((bits + 7) // 8)
                    ),
                    "e": "AQAB",
                }
            ),
        ]
        for read in readers:
            with pytest.raises(InvalidKeyError):
                read()

    def test_both_ends_are_long_enough(self) -> None:
        """2048 and 8192 bits are accepted, 8193 are not."""
        for bits, is_right in ((2048, True), (8192, True), (8193, False)):
            modulus = (1 << (bits - 1)) | (1 << 9) | 1
            jwk = {
                "kty": "RSA",
                "alg": "RS256",
                "n": base64url(modulus.to_bytes((bits + 7) // 8)),
                "e": "AQAB",
            }
            if is_right:
                PublicKey.from_jwk(jwk)
            else:
                with pytest.raises(InvalidKeyError, match="2048 to 8192"):
                    PublicKey.from_jwk(jwk)


class TestPrivateForms:
    """A private key is what its label says, to the last byte."""

    @pytest.mark.parametrize(
        ("label", "key", "form", "alg"),
        [
            ("RSA PRIVATE KEY", RSA_KEY, TRADITIONAL, "RS256"),
            ("EC PRIVATE KEY", EC_KEY, TRADITIONAL, "ES256"),
            ("PRIVATE KEY", RSA_KEY, PKCS8, "RS256"),
            ("PRIVATE KEY", EC_KEY, PKCS8, "ES256"),
            ("PRIVATE KEY", ED_KEY, PKCS8, "EdDSA"),
        ],
    )
    def test_nothing_comes_after_it(
        self, label: str, key: Any, form: PrivateFormat, alg: str
    ) -> None:
        """One structure, and not a byte more or less."""
        der = private_der(key, form)
        PrivateKey.from_pem(pem(label, der), alg=alg)
        for other in (der + b"\0\0", der + b"\0", der[:-1], der[1:], der + der, b""):
            with pytest.raises(InvalidKeyError):
                PrivateKey.from_pem(pem(label, other), alg=alg)

    @pytest.mark.parametrize(
        ("label", "key", "form", "alg"),
        [
            ("EC PRIVATE KEY", EC_KEY, PKCS8, "ES256"),
            ("RSA PRIVATE KEY", RSA_KEY, PKCS8, "RS256"),
            ("PRIVATE KEY", EC_KEY, TRADITIONAL, "ES256"),
            ("PRIVATE KEY", RSA_KEY, TRADITIONAL, "RS256"),
        ],
    )
    def test_the_label_names_the_structure(
        self, label: str, key: Any, form: PrivateFormat, alg: str
    ) -> None:
        """PKCS#8 under the label of another structure is refused, and the reverse."""
        with pytest.raises(InvalidKeyError, match="malformed"):
            PrivateKey.from_pem(pem(label, private_der(key, form)), alg=alg)

    @pytest.mark.parametrize(
        ("curve", "alg"),
        [
            (ec.SECP256R1(), "ES256"),
            (ec.SECP384R1(), "ES384"),
            (ec.SECP521R1(), "ES512"),
            (ec.SECP256K1(), "ES256K"),
        ],
    )
    def test_sec1_names_its_curve(self, curve: Any, alg: str) -> None:
        """A key is for the algorithm of its curve alone."""
        der = private_der(ec.generate_private_key(curve), TRADITIONAL)
        for other in ("ES256", "ES384", "ES512", "ES256K"):
            if other == alg:
                PrivateKey.from_pem(pem("EC PRIVATE KEY", der), alg=other)
            else:
                with pytest.raises(InvalidKeyError, match="not a key for"):
                    PrivateKey.from_pem(pem("EC PRIVATE KEY", der), alg=other)

    def test_what_pkcs8_holds_is_read_as_well(self) -> None:
        """A byte too many inside a well-formed PKCS#8 is refused."""
        for key, alg in ((EC_KEY, "ES256"), (RSA_KEY, "RS256")):
            before, inner = _opened(private_der(key, PKCS8))
            PrivateKey.from_der(_closed(before, inner), alg=alg)
            for other in (inner + b"\0\0", inner[:-1], b""):
                with pytest.raises(InvalidKeyError, match="malformed"):
                    PrivateKey.from_der(_closed(before, other), alg=alg)


def _opened(der: bytes) -> tuple[bytes, bytes]:
    """Return version and algorithm of a PKCS#8, and what its octet string holds."""
    version = der.index(b"\x02\x01\x00")
    end = version + 3 + 2 + der[version + 4]
    assert der[end] == 0x04
    size = der[end + 1]
    start = end + 2 + (size - 0x80 if size > 0x80 else 0)
    return der[version:end], der[start:]


def _closed(before: bytes, inner: bytes) -> bytes:
    """Return a PKCS#8 with lengths that fit."""

    def tagged(tag: int, content: bytes) -> bytes:
        length = len(content)
        if length < 0x80:
            return bytes([tag, length]) + content
        if length < 0x100:
            return bytes([tag, 0x81, length]) + content
        return bytes([tag, 0x82]) + length.to_bytes(2) + content

    return tagged(0x30, before + tagged(0x04, inner))


# Ed25519 (RFC 8032, section 5.1), in numbers.
P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P
L = 2**252 + 27742317777372353535851937790883648493


def _add(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    (x1, y1), (x2, y2) = one, other
    k = D * x1 * x2 * y1 * y2 % P
    return (
        (x1 * y2 + x2 * y1) * pow(1 + k, -1, P) % P,
        (y1 * y2 + x1 * x2) * pow(1 - k, -1, P) % P,
    )


def _times(factor: int, point: tuple[int, int]) -> tuple[int, int]:
    product = (0, 1)
    while factor:
        if factor & 1:
            product = _add(product, point)
        point = _add(point, point)
        factor >>= 1
    return product


def _point_at(y: int) -> tuple[int, int] | None:
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    return None if (x * x - square) % P else (x, y)


def small_order() -> set[tuple[int, int]]:
    """Return the eight points that multiplying by eight makes nothing of."""
    found: set[tuple[int, int]] = set()
    y = 2
    while len(found) < 8:
        point = _point_at(y)
        if point is not None:
            torsion = _times(L, point)
            found |= {_times(n, torsion) for n in range(8)}
        y += 1
    return found


class TestEd25519:
    """Points that are nobody's public key."""

    def readers(self, point: bytes) -> list[Callable[[], PublicKey]]:
        """Return the ways to hand a point in."""
        spki = bytes.fromhex("302a300506032b6570032100") + point
        jwk = {"kty": "OKP", "crv": "Ed25519", "x": base64url(point)}
        return [
            lambda: PublicKey.from_der(spki, alg="EdDSA"),
            lambda: PublicKey.from_pem(pem("PUBLIC KEY", spki), alg="Ed25519"),
            lambda: PublicKey.from_jwk(jwk, alg="EdDSA"),
        ]

    def test_points_of_small_order(self) -> None:
        """Under one of them, somebody without a key signs every message."""
        points = small_order()
        assert all(_times(8, point) == (0, 1) for point in points)
        encodings = {
            (y + sign * 2**255).to_bytes(32, "little")
            for _, y in points
            for sign in (0, 1)
        }
        assert len(encodings) == 10
        for encoding in encodings:
            for read in self.readers(encoding):
                with pytest.raises(InvalidKeyError, match="nobody's"):
                    read()

    def test_numbers_beyond_the_field(self) -> None:
        """A key has one spelling: y stands below p."""
        for y in range(P, 2**255):
            for sign in (0, 2**255):
                for read in self.readers((y + sign).to_bytes(32, "little")):
                    with pytest.raises(InvalidKeyError, match="nobody's"):
                        read()

    def test_everybody_elses(self) -> None:
        """A key that somebody made is accepted in each form."""
        for _ in range(50):
            key = ed25519.Ed25519PrivateKey.generate().public_key()
            for read in self.readers(key.public_bytes_raw()):
                read()

    @pytest.mark.parametrize("length", [0, 31, 33])
    def test_other_lengths(self, length: int) -> None:
        """A point has 32 bytes."""
        for read in self.readers(bytes([7] * length)):
            with pytest.raises(InvalidKeyError):
                read()


class TestSets:
    """A key that is not for us does not spoil a set that has one that is."""

    GOOD = PrivateKey.generate("ES256", kid="good").public().to_jwk()

    @pytest.mark.parametrize(
        "odd",
        [
            {"kty": "FOO", "x": "!!"},
            {"kty": "FOO", "kid": 5},
            {"kty": "FOO", "alg": ["x"], "key_ops": "verify", "use": None},
            {"kty": "AKP", "alg": "ML-DSA-44", "pub": "AA", "x": {"y": [1]}},
            {"kty": 5},
            {"kty": ["EC"], "crv": "P-256"},
            {},
            {"kty": "OKP", "crv": "X25519", "alg": "ECDH-ES", "x": "%"},
        ],
    )
    def test_odd_keys_are_left_out(self, odd: dict[str, Any]) -> None:
        """RFC 7517, section 5: what is not understood is ignored."""
        for keys in ([self.GOOD, odd], [odd, self.GOOD]):
            for jwks in ({"keys": keys}, json.dumps({"keys": keys})):
                found = KeySet.from_jwks(jwks, algs=["ES256"])
                assert [key.kid for key in found] == ["good"]

    @pytest.mark.parametrize(
        "odd",
        [
            GOOD | {"kid": 5},
            GOOD | {"x": "!!"},
            GOOD | {"x": "AA"},
            GOOD | {"alg": 5},
            {"kty": "FOO", "d": "!!"},
            {"kty": "FOO", "d": 5},
            {"kty": "FOO", "oth": []},
            {"kty": "oct", "k": "!!"},
        ],
    )
    def test_odd_keys_that_are_meant_or_private(self, odd: dict[str, Any]) -> None:
        """A key for us that is malformed is an error, and so is anything private."""
        for keys in ([self.GOOD, odd], [odd, self.GOOD]):
            with pytest.raises(InvalidKeyError):
                KeySet.from_jwks({"keys": keys}, algs=["ES256"])

    def test_the_order_of_algs_decides(self) -> None:
        """A JWK without `alg` gets the first that is for its type."""
        jwk = PrivateKey.generate("RS256", kid="1").public().to_jwk()
        del jwk["alg"]
        for algs in (["RS256", "PS256"], ["PS256", "RS256"], ("ES256", "PS384")):
            fits = next(alg for alg in algs if alg != "ES256")
            (key,) = KeySet.from_jwks({"keys": [jwk]}, algs=algs)
            assert key.alg == fits


SPKI = public_der(EC_KEY)
TEXT = pem("PUBLIC KEY", SPKI)
SSH = "AAAAC3NzaC1lZDI1NTE5AAAAIHFqfVw2cTlKJxdCL1rZ"


@pytest.mark.parametrize(
    "secret",
    [
        TEXT,
        TEXT.replace("-----", "----"),
        TEXT.replace("-----BEGIN", "---- BEGIN").replace("KEY-----", "KEY ----"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        TEXT.replace("\n", "\\n"),
        SPKI,
        SPKI + b"\n",
        b"\r\n" + SPKI + b" \n",
        base64.b64encode(SPKI),
        base64.b64encode(SPKI).rstrip(b"="),
        base64.urlsafe_b64encode(SPKI),
        base64.urlsafe_b64encode(SPKI).rstrip(b"=") + b"\n",
        "".join(TEXT.splitlines()[1:-1]).encode("utf-16"),
        private_der(EC_KEY, TRADITIONAL),
        private_der(RSA_KEY, PKCS8),
        f"ssh-ed25519 {SSH}",
        f"ssh-ed25519 {SSH} ada@shop",
        f'from="10.0.0.1",command="echo ssh" ssh-ed25519 {SSH}',
        f"no-pty\tssh-ed25519\t{SSH}",
        f"shop.example,10.0.0.1 ssh-ed25519 {SSH}",
        f"sk-ssh-ed25519@openssh.com {SSH}",
        json.dumps(PrivateKey.generate("ES256").public().to_jwk()),
    ],
    ids=range(24),
)
def test_other_keys_are_no_secrets(secret: str | bytes) -> None:
    """What may be public, in whatever spelling, does not become an HMAC secret."""
    for weak in (False, True):
        with pytest.raises(InvalidKeyError, match="another kind"):
            HmacKey(secret, allow_weak=weak)


@pytest.mark.parametrize(
    "secret",
    [
        "correct horse battery staple, and 32 bytes",
        "BEGIN the day with a secret of 32 bytes ----",
        "I have ssh- and AAAA in it, which is no key",
        "{this is} no JSON [but has the brackets]",
        "MIIB" * 12,
        "----------------------------------------",
        base64.b64encode(bytes(range(48))),
        bytes(range(0x30, 0x70)),
    ],
)
def test_what_looks_a_little_like_a_key_is_a_secret(secret: str | bytes) -> None:
    """Only what could be read as a key is refused."""
    HmacKey(secret)
