"""Ciphertexts of the golden file open, and ours open elsewhere."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from tests.standards import independent

from hauberk import _rust
from hauberk.encryption import Cipher, Keyring
from hauberk.exceptions import DecryptionError

FORMATS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "formats.json").read_text(encoding="utf-8")
)
DETERMINISTIC = [
    pytest.param(case, id=f"deterministic-{number}")
    for number, case in enumerate(FORMATS["deterministic"])
]
INDEXES = [
    pytest.param(case, id=f"blind-index-{number}")
    for number, case in enumerate(FORMATS["blind_index"])
]
CIPHERTEXTS = [
    pytest.param(case, id=f"ciphertext-{number}")
    for number, case in enumerate(FORMATS["ciphertext"])
]


def ring_of(case: dict[str, str]) -> Keyring:
    """Return the keyring of a case's key."""
    document = independent.keyring_document(bytes.fromhex(case["key"]), case["key_id"])
    return Keyring.from_dict(document)


def cipher_of(case: dict[str, str]) -> Cipher:
    """Return the cipher of a case's key and context."""
    return ring_of(case).cipher(case["context"])


class TestGoldenCiphertexts:
    """The cases under `ciphertext`."""

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


class Label:
    """A normaliser that changes nothing and has a case's label."""

    def __init__(self, label: str) -> None:
        self.label = label

    def __call__(self, text: str) -> str:
        """Return the text."""
        return text


class TestGoldenDeterministic:
    """The cases under `deterministic`."""

    @pytest.mark.parametrize("case", DETERMINISTIC)
    def test_both_forms_open_and_are_made(self, case: dict[str, str]) -> None:
        """A golden ciphertext gives its plaintext, and its plaintext gives it."""
        cipher = ring_of(case).deterministic(case["context"])
        sealed, plaintext, associated_data = (
            bytes.fromhex(case[name])
            for name in ("sealed", "plaintext", "associated_data")
        )

        assert plaintext == cipher.decrypt(sealed, associated_data)
        assert sealed == cipher.encrypt(plaintext, associated_data)
        assert [sealed] == cipher.variants(plaintext, associated_data)
        assert case["key_id"] == cipher.key_id(sealed) == cipher.key_id(case["text"])
        assert len(sealed) == cipher.ciphertext_length(len(plaintext), text=False)
        assert len(case["text"]) == cipher.ciphertext_length(len(plaintext))
        assert (
            case["sealed"]
            == independent.text_to_bytes(case["text"], prefix="hd1").hex()
        )
        try:
            text = plaintext.decode()
        except UnicodeDecodeError:
            with pytest.raises(ValueError, match="not UTF-8"):
                cipher.decrypt_text(case["text"], associated_data)
        else:
            assert text == cipher.decrypt_text(case["text"], associated_data)
            assert case["text"] == cipher.encrypt_text(text, associated_data)
            assert [case["text"]] == cipher.variants(text, associated_data)

    @pytest.mark.parametrize("case", DETERMINISTIC)
    def test_the_independent_implementation_agrees(self, case: dict[str, str]) -> None:
        """The oracle of these tests makes the golden ciphertexts too."""
        assert case["sealed"] == (
            independent.seal_deterministic(
                bytes.fromhex(case["key"]),
                case["key_id"],
                case["context"],
                bytes.fromhex(case["plaintext"]),
                bytes.fromhex(case["associated_data"]),
            ).hex()
        )

    @pytest.mark.parametrize("case", FORMATS["ciphertext"])
    def test_random_ciphertexts_are_another_format(self, case: dict[str, str]) -> None:
        """A ciphertext with a nonce is refused, and never taken for a plaintext."""
        cipher = ring_of(case).deterministic(case["context"])
        assert cipher.is_encrypted(case["text"])
        with pytest.raises(DecryptionError, match="not deterministic"):
            cipher.decrypt_text(case["text"])
        with pytest.raises(DecryptionError):
            cipher.decrypt(bytes.fromhex(case["sealed"]))


class TestGoldenIndexes:
    """The cases under `blind_index`."""

    @pytest.mark.parametrize("case", INDEXES)
    def test_index(self, case: dict[str, Any]) -> None:
        """A golden value has its golden index, alone, in a batch and as a variant."""
        value = bytes.fromhex(case["canonical_value_after_normaliser"]).decode()
        index = ring_of({**case, "key_id": "00000001"}).blind_index(
            case["context"],
            case["name"],
            bits=case["bits"],
            normalize=Label(case["label"]) if case["label"] else None,
        )

        assert case["index"] == index.compute(value)
        assert [case["index"]] * 2 == index.compute_many([value, value])
        assert [case["index"]] == index.variants(value)
        assert len(case["index"]) == index.length
        assert case["index"] == independent.blind_index(
            bytes.fromhex(case["key"]),
            case["context"],
            case["name"],
            case["label"],
            value.encode(),
            case["bits"],
        )

    @pytest.mark.parametrize(
        "case", [case for case in FORMATS["blind_index"] if case["label"]]
    )
    def test_our_normalisers_have_these_labels(self, case: dict[str, Any]) -> None:
        """A normaliser by name is the one that the golden file names."""
        name, _, version = case["label"].partition("/")
        assert version == "1"
        value = bytes.fromhex(case["canonical_value_after_normaliser"]).decode()
        index = ring_of({**case, "key_id": "00000001"}).blind_index(
            case["context"], case["name"], bits=case["bits"], normalize=name
        )
        assert case["label"] == index.label
        assert case["index"] == index.compute(value)


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
