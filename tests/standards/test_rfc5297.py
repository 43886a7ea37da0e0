"""RFC 5297 (AES-SIV): the vectors of its appendix A.

Both have keys of 256 bits, that is of AES-128, and the second has three strings of
associated data. Deterministic columns have keys of 512 bits and one string, so that
neither can be put through them: the vectors check the implementation in `independent`,
which takes any key and any number of strings, and that one checks ours. The crate under
ours is checked with the same vectors in `src/encryption/siv.rs`.
"""

from __future__ import annotations

import base64
from typing import NamedTuple

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from hypothesis import given
from hypothesis import strategies as st
from tests.standards import independent

from hauberk.encryption import Keyring


class Vector(NamedTuple):
    """One section of the appendix."""

    key: str
    strings: tuple[str, ...]
    plaintext: str
    output: str


VECTORS = {
    "A.1": Vector(
        "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
        ("101112131415161718191a1b1c1d1e1f2021222324252627",),
        "112233445566778899aabbccddee",
        "85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c",
    ),
    "A.2": Vector(
        "7f7e7d7c7b7a79787776757473727170404142434445464748494a4b4c4d4e4f",
        (
            (
                "00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa9988"
                "7766554433221100"
            ),
            "102030405060708090a0",
            "09f911029d74e35bd84156c5635688c0",
        ),
        "7468697320697320736f6d6520706c61696e7465787420746f20656e63727970"
        "74207573696e67205349562d414553",
        "7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17"
        "dba77ceb094fa663b7a3f748ba8af829ea64ad544a272e9c485b62a3fd5c0d",
    ),
}


@pytest.mark.parametrize("section", VECTORS)
def test_vectors(section: str) -> None:
    """The independent implementation gives the appendix's outputs."""
    vector = VECTORS[section]
    key, plaintext = bytes.fromhex(vector.key), bytes.fromhex(vector.plaintext)
    strings = [bytes.fromhex(one) for one in vector.strings]
    output = bytes.fromhex(vector.output)
    assert independent.siv(key, plaintext, *strings) == output
    assert AESSIV(key).encrypt(plaintext, strings) == output


KEY, KEY_ID = bytes(range(32)), "00000001"
CIPHER = Keyring.from_dict(
    {
        "version": 1,
        "keys": [
            {
                "id": KEY_ID,
                "state": "PRIMARY",
                "created": "2026-11-23T22:43:07Z",
                "key": base64.urlsafe_b64encode(KEY).rstrip(b"=").decode(),
                "index_state": "PRIMARY",
            }
        ],
    }
).deterministic("shop.User.tax_id")


@given(st.binary(max_size=80), st.binary(max_size=40))
def test_with_keys_of_512_bits_and_one_string(
    plaintext: bytes, associated_data: bytes
) -> None:
    """Deterministic ciphertexts are what that implementation gives, header aside."""
    key = independent.sub_key(KEY, "shop.User.tax_id", b"siv", length=64)
    sealed = CIPHER.encrypt(plaintext, associated_data)
    assert sealed[:5] == b"\x01" + bytes.fromhex(KEY_ID)
    assert sealed[5:] == independent.siv(key, plaintext, associated_data)
    assert CIPHER.decrypt(sealed, associated_data) == plaintext


@pytest.mark.parametrize("length", [0, 1, 15, 16, 17, 31, 32, 33])
def test_around_a_block(length: int) -> None:
    """S2V pads what is shorter than a block, and ends with the last block otherwise."""
    key = independent.sub_key(KEY, "shop.User.tax_id", b"siv", length=64)
    plaintext = bytes(range(length))
    assert CIPHER.encrypt(plaintext)[5:] == independent.siv(key, plaintext, b"")
