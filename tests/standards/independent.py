"""The encryption formats once more, in Python over pyca/cryptography.

Nothing here comes from hauberk: what both agree on is the format, and nobody's mistake.
"""

from __future__ import annotations

import base64
import hmac
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.cmac import CMAC
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

if TYPE_CHECKING:
    from typing import Any


def lp(part: bytes) -> bytes:
    """Return bytes behind their length."""
    return len(part).to_bytes(4, "big") + part


def sub_key(
    key: bytes,
    context: str,
    purpose: bytes = b"aead",
    name: str = "",
    label: str = "",
    length: int = 32,
) -> bytes:
    """Return the key for a purpose in a context."""
    parts = (purpose, context.encode(), name.encode(), label.encode())
    info = b"hauberk/v1" + b"".join(map(lp, parts))
    return HKDF(SHA256(), length, None, info).derive(key)


def xaes_key(key: bytes, nonce: bytes) -> bytes:
    """Return the key of AES-256-GCM that XAES-256-GCM derives for a message."""
    derived = b""
    for counter in (1, 2):
        cmac = CMAC(algorithms.AES256(key))
        cmac.update(counter.to_bytes(2, "big") + b"X\0" + nonce[:12])
        derived += cmac.finalize()
    return derived


def xaes(key: bytes, nonce: bytes) -> tuple[AESGCM, bytes]:
    """Return the AES-256-GCM cipher and nonce that XAES-256-GCM uses for a message."""
    return AESGCM(xaes_key(key, nonce)), nonce[12:]


def open_bytes(
    key: bytes, key_id: str, context: str, sealed: bytes, associated_data: bytes = b""
) -> bytes:
    """Return the plaintext of a ciphertext in bytes."""
    assert sealed[:5] == b"\x01" + bytes.fromhex(key_id)
    aead, nonce = xaes(sub_key(key, context), sealed[5:29])
    return aead.decrypt(nonce, sealed[29:], associated_data)


def seal_deterministic(
    key: bytes, key_id: str, context: str, plaintext: bytes, associated_data: bytes
) -> bytes:
    """Return the deterministic ciphertext in bytes."""
    keys = sub_key(key, context, b"siv", length=64)
    return b"\x01" + bytes.fromhex(key_id) + siv(keys, plaintext, associated_data)


def siv(key: bytes, plaintext: bytes, *strings: bytes) -> bytes:
    """Return AES-SIV's IV and ciphertext (RFC 5297), under a key of 32 or 64 bytes.

    Written out, because AESSIV of this library refuses empty plaintexts.
    """
    half = len(key) // 2

    def cmac(data: bytes) -> bytes:
        mac = CMAC(algorithms.AES(key[:half]))
        mac.update(data)
        return mac.finalize()

    def double(block: bytes) -> bytes:
        number = int.from_bytes(block) << 1
        if number >> 128:
            number = number & (1 << 128) - 1 ^ 0x87
        return number.to_bytes(16)

    def xor(one: bytes, two: bytes) -> bytes:
        return bytes(a ^ b for a, b in zip(one, two, strict=True))

    state = cmac(bytes(16))
    for string in strings:
        state = xor(double(state), cmac(string))
    if len(plaintext) >= 16:
        last = plaintext[:-16] + xor(plaintext[-16:], state)
    else:
        last = xor(double(state), (plaintext + b"\x80").ljust(16, b"\0"))
    iv = cmac(last)
    counter = int.from_bytes(iv) & ~(1 << 63 | 1 << 31)
    encryptor = Cipher(
        algorithms.AES(key[half:]), modes.CTR(counter.to_bytes(16))
    ).encryptor()
    return iv + encryptor.update(plaintext)


def blind_index(
    key: bytes, context: str, name: str, label: str, value: bytes, bits: int
) -> str:
    """Return an index in hexadecimal digits."""
    index_key = sub_key(key, context, b"index", name, label)
    mac = int.from_bytes(hmac.digest(index_key, value, "sha256"))
    length = (bits + 7) // 8
    return ((mac >> 256 - bits) << 8 * length - bits).to_bytes(length).hex()


def text_to_bytes(text: str, prefix: str = "hb1") -> bytes:
    """Return the bytes form of a ciphertext in text."""
    its_prefix, key_id, body = text.split(".")
    assert its_prefix == prefix
    padded = body + "=" * (-len(body) % 4)
    return b"\x01" + bytes.fromhex(key_id) + base64.urlsafe_b64decode(padded)


def keyring_document(key: bytes, key_id: str) -> dict[str, Any]:
    """Return the document of a keyring with one key."""
    return {
        "version": 1,
        "keys": [
            {
                "id": key_id,
                "state": "PRIMARY",
                "created": "2026-11-23T22:43:07Z",
                "key": base64.urlsafe_b64encode(key).decode().rstrip("="),
                "index_state": "PRIMARY",
            }
        ],
    }
