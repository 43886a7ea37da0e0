"""https://github.com/fernet/spec, with the vectors of `cryptography_vectors`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from hauberk.encryption.readers import FernetReader
from hauberk.exceptions import DecryptionError

cryptography_vectors = pytest.importorskip("cryptography_vectors")


def cases(name: str) -> list[Any]:
    """Return the cases of one of the specification's files."""
    path = Path(cryptography_vectors.__file__).parent / "fernet" / name
    return [
        pytest.param(case, id=case.get("desc", name))
        for case in json.loads(path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("case", cases("verify.json") + cases("generate.json"))
def test_valid(case: dict[str, str]) -> None:
    """A valid token gives its text."""
    reader = FernetReader(case["secret"])
    assert reader.is_encrypted(case["token"])
    assert reader.decrypt(case["token"]) == case["src"].encode()
    assert reader.decrypt_text(case["token"].encode()) == case["src"]


@pytest.mark.parametrize("case", cases("invalid.json"))
def test_invalid(case: dict[str, str]) -> None:
    """An invalid token does not open, unless it is invalid by its time alone."""
    reader = FernetReader(case["secret"])
    if "TTL" in case["desc"] or "skew" in case["desc"]:
        # What is stored does not expire.
        expected = Fernet(case["secret"]).decrypt(case["token"])
        assert reader.decrypt(case["token"]) == expected
    else:
        with pytest.raises(DecryptionError, match="could not be decrypted"):
            reader.decrypt(case["token"])
