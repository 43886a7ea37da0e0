"""The results that the reference implementation of argon2 publishes."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from hauberk.exceptions import VerifyMismatchError
from hauberk.passwords import Parameters, PasswordHasher, Type

VECTORS = Path(__file__).parents[1] / "vectors" / "argon2_reference.json"
RESULTS: list[dict[str, Any]] = json.loads(VECTORS.read_text())["results"]


def name(result: dict[str, Any]) -> str:
    """Name a case after what it varies."""
    costs = "m={memory_cost},t={time_cost},p={parallelism}".format_map(result)
    text = "{password},{salt}".format_map(result)
    return f"argon2{result['type']},v={result['version']},{costs},{text}"


@pytest.mark.parametrize("result", RESULTS, ids=name)
def test_results_of_the_reference_implementation(result: dict[str, Any]) -> None:
    """Each published result is what we compute, and verifies."""
    hasher = PasswordHasher.from_parameters(
        Parameters(
            type=Type[result["type"].upper()],
            version=result["version"],
            salt_len=8,
            hash_len=32,
            time_cost=result["time_cost"],
            memory_cost=result["memory_cost"],
            parallelism=result["parallelism"],
        )
    )

    stored = hasher.hash(result["password"], salt=result["salt"].encode())
    *_, tag = stored.split("$")

    assert bytes.fromhex(result["tag"]) == unpadded(tag)
    if result["memory_cost"] <= 1 << 16:
        assert hasher.verify(stored, result["password"])
        with pytest.raises(VerifyMismatchError):
            hasher.verify(stored, result["password"] + "x")


def test_every_type_and_version_is_there() -> None:
    """The file holds what the reference implementation tests: no argon2d, no old id."""
    kinds = {(result["type"], result["version"]) for result in RESULTS}

    assert kinds == {("i", 16), ("i", 19), ("id", 19)}
    assert len(RESULTS) == 26


def unpadded(text: str) -> bytes:
    """Decode base64 without padding."""
    return b64decode(text + "=" * (-len(text) % 4))
