"""Input that several domains share."""

from __future__ import annotations

from typing import Any

#: The claims of an ordinary access token, 314 bytes as compact JSON.
CLAIMS: dict[str, Any] = {
    "iss": "https://id.shop.example",
    "sub": "3b0c8f0e-9f5b-4f6e-8d0a-1c2b3a4d5e6f",
    "aud": "https://api.shop.example",
    "iat": 1_790_000_000,
    "nbf": 1_790_000_000,
    "exp": 4_000_000_000,
    "jti": "7f9c24e8-3b12-4fef-91c0-6a5d4e3f2b1a",
    "scope": ["orders:read", "orders:write", "me"],
    "ctx": {"tenant": 4711, "admin": False, "plan": "pro", "region": "eu"},
}

#: What an application puts into a link for resetting a password.
SMALL_DICT: dict[str, Any] = {
    "user": 4711,
    "action": "reset",
    "email": "a@shop.example",
}

SECRET = "a secret of more than thirty-two bytes, as frameworks make them"
SALT = "benches.peers"
