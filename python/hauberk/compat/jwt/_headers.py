"""Headers of what is signed (RFC 7515, section 4), also detached (RFC 7797)."""

from __future__ import annotations

from typing import Any

from hauberk import _rust
from hauberk.compat.jwt.exceptions import DecodeError, InvalidTokenError
from hauberk.exceptions import InvalidInputError

__all__ = ["check", "check_kid", "detached", "read", "set_detached"]


def read(data: bytes) -> dict[str, Any]:
    """Return the header in the bytes of a token's first part."""
    try:
        header = _rust.json_loads(data)
    except InvalidInputError as error:
        raise DecodeError(f"Invalid header string: {error}") from None
    if not isinstance(header, dict):
        raise DecodeError("Invalid header string: must be a json object")
    return header


def check(header: dict[str, Any]) -> None:
    """Refuse a header that is malformed, or must not be ignored (RFC 7515, 4.1.11)."""
    check_kid(header)
    if "crit" not in header:
        return
    crit = header["crit"]
    if not isinstance(crit, list) or not crit:
        raise InvalidTokenError("Invalid 'crit' header: must be a non-empty list")
    for extension in crit:
        if not isinstance(extension, str):
            raise InvalidTokenError("Invalid 'crit' header: values must be strings")
        if extension != "b64":
            raise InvalidTokenError(f"Unsupported critical extension: {extension}")
        if extension not in header:
            raise InvalidTokenError(
                f"Critical extension '{extension}' is missing from headers"
            )


def check_kid(header: dict[str, Any]) -> None:
    """Refuse a `kid` that is no text."""
    if not isinstance(header.get("kid", ""), str):
        raise InvalidTokenError("Key ID header parameter must be a string")


def set_detached(header: dict[str, Any], *, detached: bool) -> None:
    """Say in a header whether its payload goes another way (RFC 7797)."""
    if detached:
        header["b64"] = False
        # RFC 7797, section 6: who does not know b64 must refuse the token.
        crit = header.get("crit", [])
        if not isinstance(crit, list):
            raise InvalidTokenError("Invalid 'crit' header: must be a list")
        if "b64" not in crit:
            header["crit"] = [*crit, "b64"]
    else:
        header.pop("b64", None)


def detached(header: dict[str, Any], payload: bytes | None) -> bytes:
    """Return the payload that came another way, if the header allows for it."""
    if "b64" not in (header.get("crit") or ()):
        raise InvalidTokenError(
            "The 'b64' header parameter requires 'b64' to be listed in 'crit'."
        )
    if payload is None:
        raise DecodeError(
            'It is required that you pass in a value for the "detached_payload" '
            "argument to decode a message having the b64 header set to false."
        )
    return payload
