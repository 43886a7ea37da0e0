"""The form of wrapped password hashes, against an independent computation."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from hauberk.exceptions import InvalidHashError, VerifyMismatchError
from hauberk.passwords import PasswordHasher, verify_password

VECTORS = Path(__file__).parents[1] / "vectors" / "wrapped.json"
CASES: list[dict[str, Any]] = json.loads(VECTORS.read_text())

cases = pytest.mark.parametrize("case", CASES, ids=lambda case: case["header"])


@cases
def test_golden(case: dict[str, Any]) -> None:
    """A wrapped hash that is stored somewhere verifies, and the old one does."""
    hasher = hasher_of(case)

    for stored in (case["old"], case["wrapped"]):
        assert hasher.verify(stored, case["password"])
        assert hasher.check_needs_rehash(stored)
        with pytest.raises(VerifyMismatchError):
            hasher.verify(stored, case["password"] + "!")


@cases
def test_computed_again(case: dict[str, Any]) -> None:
    """OpenSSL's argon2 over the old digest has the same tag."""
    assert case["wrapped"] == computed(case, bytes.fromhex(case["salt"]))


@cases
def test_wrapping(case: dict[str, Any]) -> None:
    """What we wrap is what OpenSSL's argon2 makes of the digest under our salt."""
    hasher = hasher_of(case)
    wrapped = hasher.wrap(case["old"])

    assert hasher.verify(wrapped, case["password"])
    assert wrapped == computed(case, salt_of(wrapped))
    assert salt_of(wrapped) != salt_of(hasher.wrap(case["old"]))


@cases
def test_the_old_digest_is_no_password(case: dict[str, Any]) -> None:
    """Neither the wrapped hash nor a plain one made of it takes the old digest."""
    hasher = hasher_of(case)
    digest = bytes.fromhex(case["digest"])
    plain = case["wrapped"].removesuffix("$" + case["header"])
    plain = plain.replace("$argon2w$", "$argon2id$")

    for stored in (case["wrapped"], plain):
        for presented in (digest, digest.hex(), case["old"]):
            with pytest.raises(VerifyMismatchError):
                hasher.verify(stored, presented)
    assert not verify_password(plain, digest)


@cases
def test_the_header_is_bound(case: dict[str, Any]) -> None:
    """The costs and the salt of the old scheme cannot be exchanged."""
    changes = [
        ("1000$", "1001$"),
        ("16$", "32$"),
        ("16:", "32:"),
        ("$04$", "$05$"),
        ("mfVY", "mfVZ"),
        ("seasalt", "seasalu"),
        ("JbE8", "JbE9"),
        ("$AAEC", "$AAED"),
        ("$abc", "$abd"),
    ]
    for old, new in changes:
        header = case["header"].replace(old, new)
        changed = case["wrapped"].removesuffix(case["header"]) + header
        if header != case["header"]:
            with pytest.raises(VerifyMismatchError):
                hasher_of(case).verify(changed, case["password"])


def test_nothing_is_wrapped_twice() -> None:
    """Wrapped hashes and argon2's own are refused."""
    hasher = hasher_of(CASES[0])
    for stored in (CASES[0]["wrapped"], hasher.hash("password")):
        with pytest.raises(InvalidHashError, match="older schemes"):
            hasher.wrap(stored)


def hasher_of(case: dict[str, Any]) -> PasswordHasher:
    """Return the hasher that a case was wrapped with."""
    return PasswordHasher(
        time_cost=case["time_cost"],
        memory_cost=case["memory_cost"],
        parallelism=case["parallelism"],
        hash_len=case["hash_len"],
        salt_len=len(case["salt"]) // 2,
        peppers={name: bytes.fromhex(key) for name, key in case["pepper"].items()},
    )


def computed(case: dict[str, Any], salt: bytes) -> str:
    """Return the wrapped hash as pyca/cryptography and some lines of text make it."""
    header = case["header"].encode()
    bound = lp(b"hauberk/wrapped/v1") + lp(header)
    [(pepper_id, pepper)] = case["pepper"].items() or [(None, "")]
    tag = Argon2id(
        salt=salt,
        length=case["hash_len"],
        iterations=case["time_cost"],
        lanes=case["parallelism"],
        memory_cost=case["memory_cost"],
        ad=hashlib.sha256(bound).digest(),
        secret=bytes.fromhex(pepper) or None,
    ).derive(bytes.fromhex(case["digest"]))
    costs = f"m={case['memory_cost']},t={case['time_cost']},p={case['parallelism']}"
    keyid = f",keyid={text(pepper_id.encode())}" if pepper_id else ""
    tail = f"{text(salt)}${text(tag)}${case['header']}"
    return f"$argon2w$v=19${costs}{keyid}${tail}"


def salt_of(wrapped: str) -> bytes:
    """Return the salt of the outer hash."""
    salt = wrapped.split("$")[4]
    return b64decode(salt + "=" * (-len(salt) % 4))


def lp(data: bytes) -> bytes:
    """Return data behind its length in four bytes."""
    return len(data).to_bytes(4, "big") + data


def text(data: bytes) -> str:
    """Return base64 without padding."""
    return b64encode(data).decode().rstrip("=")
