"""NIST's vectors for AES-256-GCM (CAVP, SP 800-38D), from `cryptography_vectors`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hauberk import _rust
from hauberk.exceptions import DecryptionError

if TYPE_CHECKING:
    from collections.abc import Iterator

cryptography_vectors = pytest.importorskip("cryptography_vectors")


def cases(name: str) -> Iterator[dict[str, str]]:
    """Yield the cases of a file with nonces of 96 bits and tags of 128."""
    folder = Path(cryptography_vectors.__file__).parent / "ciphers" / "AES" / "GCM"
    case: dict[str, str] = {}
    for line in [*(folder / name).read_text().splitlines(), "Count = end"]:
        if line.startswith("Count"):
            if len(case.get("IV", "")) == 24 and len(case.get("Tag", "")) == 32:
                yield case
            case = {}
        elif line == "FAIL":
            case["FAIL"] = ""
        elif " =" in line and not line.startswith("["):
            key, _, value = line.partition(" =")
            case[key] = value.strip()


def of(case: dict[str, str], *names: str) -> list[bytes]:
    """Return members of a case as bytes."""
    return [bytes.fromhex(case[name]) for name in names]


def test_encrypt() -> None:
    """Each plaintext gives its ciphertext and its tag."""
    count = 0
    for case in cases("gcmEncryptExtIV256.rsp"):
        key, nonce, data, associated_data = of(case, "Key", "IV", "PT", "AAD")
        sealed = _rust.gcm_seal_for_test(  # type: ignore[attr-defined]
            key, nonce, data, associated_data
        )
        assert sealed.hex() == case["CT"] + case["Tag"]
        count += 1
    assert count >= 300


def test_decrypt() -> None:
    """Each ciphertext gives its plaintext, or fails where it should."""
    opened = failed = 0
    for case in cases("gcmDecrypt256.rsp"):
        key, nonce, data, tag, associated_data = of(
            case, "Key", "IV", "CT", "Tag", "AAD"
        )
        arguments = (key, nonce, data + tag, associated_data)
        if "FAIL" in case:
            with pytest.raises(DecryptionError):
                _rust.gcm_open_for_test(*arguments)  # type: ignore[attr-defined]
            failed += 1
        else:
            plaintext = _rust.gcm_open_for_test(  # type: ignore[attr-defined]
                *arguments
            )
            assert plaintext.hex() == case["PT"]
            opened += 1
    assert opened >= 100
    assert failed >= 100
