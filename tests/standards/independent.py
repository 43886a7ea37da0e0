"""The encryption formats once more, in Python over pyca/cryptography.

Nothing here comes from hauberk: what both agree on is the format, and nobody's mistake.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.cmac import CMAC
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

if TYPE_CHECKING:
    from typing import Any


def lp(part: bytes) -> bytes:
    """Return bytes behind their length."""
    return len(part).to_bytes(4, "big") + part


def sub_key(key: bytes, context: str) -> bytes:
    """Return the key of a context's ciphertexts."""
    info = b"hauberk/v1" + lp(b"aead") + lp(context.encode()) + lp(b"") + lp(b"")
    return HKDF(SHA256(), 32, None, info).derive(key)


def xaes(key: bytes, nonce: bytes) -> tuple[AESGCM, bytes]:
    """Return the AES-256-GCM cipher and nonce that XAES-256-GCM uses for a message."""
    derived = b""
    for counter in (1, 2):
        cmac = CMAC(algorithms.AES256(key))
        cmac.update(counter.to_bytes(2, "big") + b"X\0" + nonce[:12])
        derived += cmac.finalize()
    return AESGCM(derived), nonce[12:]


def open_bytes(
    key: bytes, key_id: str, context: str, sealed: bytes, associated_data: bytes = b""
) -> bytes:
    """Return the plaintext of a ciphertext in bytes."""
    assert sealed[:5] == b"\x01" + bytes.fromhex(key_id)
    aead, nonce = xaes(sub_key(key, context), sealed[5:29])
    return aead.decrypt(nonce, sealed[29:], associated_data)


def text_to_bytes(text: str) -> bytes:
    """Return the bytes form of a ciphertext in text."""
    prefix, key_id, body = text.split(".")
    assert prefix == "hb1"
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
