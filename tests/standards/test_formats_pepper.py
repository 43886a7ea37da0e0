"""The peppered form of a password hash, against an independent computation."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from hauberk.passwords import Parameters, PasswordHasher, Type, pepper_id

VECTORS = Path(__file__).parents[1] / "vectors" / "pepper.json"
CASES: list[dict[str, Any]] = json.loads(VECTORS.read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_golden(case: dict[str, Any]) -> None:
    """A hash that is stored somewhere verifies, and would be made the same today."""
    hasher = hasher_of(case)
    salt = bytes.fromhex(case["salt"])

    assert case["hash"] == hasher.hash(case["password"], salt=salt)
    assert hasher.verify(case["hash"], case["password"])
    assert not hasher.check_needs_rehash(case["hash"])
    assert case["id"] == pepper_id(case["hash"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_computed_again(case: dict[str, Any]) -> None:
    """OpenSSL's argon2, given the pepper as secret, has the same tag."""
    assert case["hash"] == computed(case)


def hasher_of(case: dict[str, Any]) -> PasswordHasher:
    """Return the hasher that a case is about."""
    parameters = Parameters(
        type=Type.ID,
        version=19,
        salt_len=len(case["salt"]) // 2,
        hash_len=case["hash_len"],
        time_cost=case["time_cost"],
        memory_cost=case["memory_cost"],
        parallelism=case["parallelism"],
    )
    peppers = {case["id"]: bytes.fromhex(case["pepper"])}
    return PasswordHasher.from_parameters(parameters, peppers=peppers)


def computed(case: dict[str, Any]) -> str:
    """Return the hash as pyca/cryptography and a line of text make it."""
    salt = bytes.fromhex(case["salt"])
    tag = Argon2id(
        salt=salt,
        length=case["hash_len"],
        iterations=case["time_cost"],
        lanes=case["parallelism"],
        memory_cost=case["memory_cost"],
        secret=bytes.fromhex(case["pepper"]),
    ).derive(case["password"].encode())
    costs = f"m={case['memory_cost']},t={case['time_cost']},p={case['parallelism']}"
    keyid = text(case["id"].encode())
    return f"$argon2id$v=19${costs},keyid={keyid}${text(salt)}${text(tag)}"


def text(data: bytes) -> str:
    """Return base64 without padding."""
    return b64encode(data).decode().rstrip("=")
