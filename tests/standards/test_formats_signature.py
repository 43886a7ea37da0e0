"""The signature format, against cases made by an independent implementation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hauberk import _rust
from hauberk.signing import Serializer, Signer, TimestampSigner

VECTORS = Path(__file__).parents[1] / "vectors" / "formats.json"
CASES: list[dict[str, Any]] = json.loads(VECTORS.read_text())["signature"]

# Of the first case's JSON, computed with pyca/cryptography on 2026-11-23.
SESSION_SIGNATURE = "-LTRlrh_y4HyThn0o8rU1Gk832NmTEHTE_VnLwZf3YA"


@pytest.mark.parametrize("case", CASES)
def test_signed(case: dict[str, Any]) -> None:
    """A value's token is that of the format, and read back."""
    signer = Signer(case["secret"], salt=case["salt"])

    assert case["signed"] == signer.sign(case["value"])
    assert case["value"] == signer.unsign(case["signed"])


@pytest.mark.parametrize("case", CASES)
def test_timed(case: dict[str, Any]) -> None:
    """A value's token with a time is that of the format, and read back."""
    signer = TimestampSigner(
        case["secret"], salt=case["salt"], clock=lambda: case["seconds"]
    )

    assert case["timed"] == signer.sign(case["value"])
    assert case["value"] == signer.unsign(case["timed"], max_age=0)


@pytest.mark.parametrize("case", CASES)
def test_dumped(case: dict[str, Any]) -> None:
    """An object's token is that of the format, and read back."""
    serializer = Serializer(
        case["secret"], salt=case["salt"], clock=lambda: case["seconds"]
    )

    assert case["dumped"] == serializer.dumps(case["dumped_object"])
    assert case["dumped_object"] == serializer.loads(case["dumped"], max_age=0)


def test_session() -> None:
    """A session's token is dumps()'s of the same JSON, under a key of its own."""
    case = CASES[0]
    text = json.dumps(case["dumped_object"], separators=(",", ":"))
    signer = _rust.SessionSigner(
        case["secret"], salt=case["salt"], clock=lambda: case["seconds"]
    )

    token = signer.sign(text)

    payload, seconds, _ = case["dumped"].split(".")
    assert f"{payload}.{seconds}.{SESSION_SIGNATURE}" == token
    assert text == signer.unsign(token, max_age=0)
