"""Ciphertexts of the golden file open, and ours open elsewhere."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from tests.standards import independent

from hauberk import _rust
from hauberk.encryption import Cipher, Keyring
from hauberk.exceptions import DecryptionError

FORMATS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "formats.json").read_text(encoding="utf-8")
)
CIPHERTEXTS = [
    pytest.param(case, id=f"ciphertext-{number}")
    for number, case in enumerate(FORMATS["ciphertext"])
]


def cipher_of(case: dict[str, str]) -> Cipher:
    """Return the cipher of a case's key and context."""
    document = independent.keyring_document(bytes.fromhex(case["key"]), case["key_id"])
    return Keyring.from_dict(document).cipher(case["context"])


class TestGoldenCiphertexts:
    """The cases under `ciphertext` and `deterministic`."""

    @pytest.mark.parametrize("case", CIPHERTEXTS)
    def test_bytes_open(self, case: dict[str, str]) -> None:
        """A golden ciphertext in bytes gives its plaintext."""
        sealed = bytes.fromhex(case["sealed"])
        associated_data = bytes.fromhex(case["associated_data"])

        assert bytes.fromhex(case["plaintext"]) == cipher_of(case).decrypt(
            sealed, associated_data
        )
        assert case["key_id"] == Cipher.key_id(sealed)
        assert Cipher.is_encrypted(sealed)

    @pytest.mark.parametrize("case", CIPHERTEXTS)
    def test_text_is_the_same_ciphertext(self, case: dict[str, str]) -> None:
        """A golden ciphertext in text names its key; it opens unless it is no UTF-8."""
        associated_data = bytes.fromhex(case["associated_data"])
        plaintext = bytes.fromhex(case["plaintext"])

        assert case["key_id"] == Cipher.key_id(case["text"])
        assert Cipher.is_encrypted(case["text"])
        assert case["sealed"] == independent.text_to_bytes(case["text"]).hex()
        try:
            expected = plaintext.decode()
        except UnicodeDecodeError:
            with pytest.raises(ValueError, match="not UTF-8"):
                cipher_of(case).decrypt_text(case["text"], associated_data)
        else:
            assert expected == cipher_of(case).decrypt_text(
                case["text"], associated_data
            )

    @pytest.mark.parametrize("case", CIPHERTEXTS)
    def test_the_independent_implementation_agrees(self, case: dict[str, str]) -> None:
        """The oracle of these tests opens the golden ciphertexts too."""
        assert bytes.fromhex(case["plaintext"]) == independent.open_bytes(
            bytes.fromhex(case["key"]),
            case["key_id"],
            case["context"],
            bytes.fromhex(case["sealed"]),
            bytes.fromhex(case["associated_data"]),
        )

    @pytest.mark.parametrize("case", CIPHERTEXTS)
    def test_ours_open_elsewhere(self, case: dict[str, str]) -> None:
        """What is sealed here opens in the independent implementation."""
        cipher = cipher_of(case)
        key, key_id, context = (
            bytes.fromhex(case["key"]),
            case["key_id"],
            case["context"],
        )
        plaintext = bytes.fromhex(case["plaintext"])
        associated_data = bytes.fromhex(case["associated_data"])

        sealed = cipher.encrypt(plaintext, associated_data)
        assert plaintext == independent.open_bytes(
            key, key_id, context, sealed, associated_data
        )

        text = independent.text_to_bytes(
            cipher.encrypt_text("größe €", associated_data)
        )
        assert "größe €".encode() == independent.open_bytes(
            key, key_id, context, text, associated_data
        )

    @pytest.mark.parametrize("case", CIPHERTEXTS)
    def test_lengths(self, case: dict[str, str]) -> None:
        """The predicted lengths are those of the golden file."""
        length = len(case["plaintext"]) // 2
        assert len(case["text"]) == Cipher.ciphertext_length(length)
        assert len(case["sealed"]) // 2 == Cipher.ciphertext_length(length, text=False)

    @pytest.mark.parametrize("case", FORMATS["deterministic"])
    def test_deterministic_ciphertexts_are_another_format(
        self, case: dict[str, str]
    ) -> None:
        """A deterministic ciphertext is refused, and never taken for a plaintext."""
        cipher = cipher_of(case)
        assert Cipher.is_encrypted(case["text"])
        with pytest.raises(DecryptionError, match="deterministic"):
            cipher.decrypt_text(case["text"])
        with pytest.raises(DecryptionError):
            cipher.decrypt(bytes.fromhex(case["sealed"]))


class TestXaes:
    """https://c2sp.org/XAES-256-GCM, "Accumulated randomized tests"."""

    def test_ten_thousand_random_cases(self) -> None:
        """The hash over 10 000 ciphertexts is the standard's."""
        stream = hashlib.shake_128(b"").digest(4_000_000)
        position = 0

        def take(length: int) -> bytes:
            nonlocal position
            position += length
            assert position <= len(stream)
            return stream[position - length : position]

        accumulated = hashlib.shake_128()
        for _ in range(10_000):
            key, nonce = take(32), take(24)
            plaintext = take(take(1)[0])
            associated_data = take(take(1)[0])
            sealed = _rust.xaes_seal_for_test(  # type: ignore[attr-defined]
                key, nonce, plaintext, associated_data
            )
            accumulated.update(sealed)

        expected = "e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939"
        assert expected == accumulated.hexdigest(32)
