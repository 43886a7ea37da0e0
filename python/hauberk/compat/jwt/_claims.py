"""What claims must be, by the options of PyJWT."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hauberk.compat.jwt.exceptions import (
    DecodeError,
    ExpiredSignatureError,
    ImmatureSignatureError,
    InvalidAudienceError,
    InvalidIssuedAtError,
    InvalidIssuerError,
    InvalidJTIError,
    InvalidSubjectError,
    InvalidTokenError,
    MissingRequiredClaimError,
)

if TYPE_CHECKING:
    from collections.abc import Container

    from hauberk.compat.jwt.types import FullOptions

__all__ = ["validate", "validate_issuer"]


def validate(
    claims: dict[str, Any],
    options: FullOptions,
    audience: str | Iterable[str] | None,
    issuer: str | Container[str] | None,
    subject: str | None,
    leeway: float | timedelta,
) -> None:
    """Raise an `InvalidTokenError` for the first claim that is not as it must be."""
    if isinstance(leeway, timedelta):
        leeway = leeway.total_seconds()
    if audience is not None and not isinstance(audience, (str, Iterable)):
        raise TypeError("audience must be a string, iterable or None")
    for name in options["require"]:
        if claims.get(name) is None:
            raise MissingRequiredClaimError(name)
    _validate_times(claims, options, leeway)
    if options["verify_iss"]:
        validate_issuer(claims, issuer)
    if options["verify_aud"]:
        _validate_audience(claims, audience, strict=options["strict_aud"])
    if options["verify_sub"] and "sub" in claims:
        _validate_subject(claims["sub"], subject)
    if options["verify_jti"] and not isinstance(claims.get("jti", ""), str):
        raise InvalidJTIError("JWT ID must be a string")


def _validate_subject(found: Any, subject: str | None) -> None:
    if not isinstance(found, str):
        raise InvalidSubjectError("Subject must be a string")
    if subject is not None and found != subject:
        raise InvalidSubjectError("Invalid subject")


def _validate_times(
    claims: dict[str, Any], options: FullOptions, leeway: float
) -> None:
    now = time.time()
    if "iat" in claims and options["verify_iat"]:
        message = "Issued At claim (iat) must be an integer."
        if _time(claims["iat"], InvalidIssuedAtError(message)) > now + leeway:
            raise ImmatureSignatureError("The token is not yet valid (iat)")
    if "nbf" in claims and options["verify_nbf"]:
        message = "Not Before claim (nbf) must be an integer."
        if _time(claims["nbf"], DecodeError(message)) > now + leeway:
            raise ImmatureSignatureError("The token is not yet valid (nbf)")
    if "exp" in claims and options["verify_exp"]:
        message = "Expiration Time claim (exp) must be an integer."
        if _time(claims["exp"], DecodeError(message)) <= now - leeway:
            raise ExpiredSignatureError("Signature has expired")


def _time(value: Any, error: InvalidTokenError) -> int:
    # PyJWT takes text of a number too; a boolean is none.
    if isinstance(value, bool):
        raise error
    try:
        return int(value)
    except (OverflowError, TypeError, ValueError):
        raise error from None


def validate_issuer(
    claims: dict[str, Any], issuer: str | Container[str] | None
) -> None:
    """Raise unless the issuer is the expected one, or one of them."""
    if issuer is None:
        return
    if "iss" not in claims:
        raise MissingRequiredClaimError("iss")
    found = claims["iss"]
    if not isinstance(found, str):
        raise InvalidIssuerError("Payload Issuer (iss) must be a string")
    if isinstance(issuer, str):
        if found != issuer:
            raise InvalidIssuerError("Invalid issuer")
        return
    try:
        known = found in issuer
    except TypeError:
        raise InvalidIssuerError(
            'Issuer param must be "str" or "Container[str]"'
        ) from None
    if not known:
        raise InvalidIssuerError("Invalid issuer")


def _validate_audience(
    claims: dict[str, Any], audience: str | Iterable[str] | None, *, strict: bool
) -> None:
    found = claims.get("aud")
    if audience is None:
        if found:
            raise InvalidAudienceError("Invalid audience")
        return
    if not found:
        raise MissingRequiredClaimError("aud")
    if strict:
        if not isinstance(audience, str):
            raise InvalidAudienceError("Invalid audience (strict)")
        if not isinstance(found, str):
            raise InvalidAudienceError("Invalid claim format in token (strict)")
        if audience != found:
            raise InvalidAudienceError("Audience doesn't match (strict)")
        return
    listed = [found] if isinstance(found, str) else found
    if not isinstance(listed, list) or not all(isinstance(it, str) for it in listed):
        raise InvalidAudienceError("Invalid claim format in token")
    wanted = [audience] if isinstance(audience, str) else audience
    if not any(it in listed for it in wanted):
        raise InvalidAudienceError("Audience doesn't match")
