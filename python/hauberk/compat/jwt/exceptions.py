"""The exceptions by PyJWT's names and ancestry, each one of hauberk's as well."""

from __future__ import annotations

from typing import Self

from hauberk import exceptions as ours

__all__ = [
    "DecodeError",
    "ExpiredSignatureError",
    "ImmatureSignatureError",
    "InvalidAlgorithmError",
    "InvalidAudienceError",
    "InvalidIssuedAtError",
    "InvalidIssuerError",
    "InvalidJTIError",
    "InvalidKeyError",
    "InvalidSignatureError",
    "InvalidSubjectError",
    "InvalidTokenError",
    "MissingCryptographyError",
    "MissingRequiredClaimError",
    "PyJWKClientConnectionError",
    "PyJWKClientError",
    "PyJWKError",
    "PyJWKSetError",
    "PyJWTError",
]


class PyJWTError(ours.JwtError):
    """Something about tokens or keys."""


class InvalidTokenError(PyJWTError, ours.InvalidTokenError):
    """A token that must not be trusted."""


class DecodeError(InvalidTokenError):
    """A token that is malformed, or whose signature is wrong."""


class InvalidSignatureError(DecodeError, ours.TokenSignatureError):
    """The token was not signed with the key, or was altered afterwards."""


class ExpiredSignatureError(InvalidTokenError, ours.ExpiredTokenError):
    """The token's `exp` lies in the past."""


class InvalidAudienceError(InvalidTokenError):
    """The token is for another audience."""


class InvalidIssuerError(InvalidTokenError):
    """The token is from another issuer."""


class InvalidIssuedAtError(InvalidTokenError):
    """The token's `iat` is no time."""


class ImmatureSignatureError(InvalidTokenError, ours.NotYetValidError):
    """The token's `nbf` or `iat` lies in the future."""


class InvalidKeyError(PyJWTError, ours.InvalidKeyError):
    """Key material of the wrong kind, length or strength."""


class InvalidAlgorithmError(InvalidTokenError):
    """The token's `alg` is not among those allowed."""


class MissingRequiredClaimError(InvalidTokenError, ours.MissingClaimError):
    """A required claim is absent.

    Attributes:
        claim: The claim's name.
    """

    def __init__(self, claim: str) -> None:
        super().__init__(f'Token is missing the "{claim}" claim', claim)

    def __reduce__(self) -> tuple[type[Self], tuple[str]]:
        """Return what makes a copy: `args` is not what the constructor takes."""
        return type(self), (self.claim,)

    def __str__(self) -> str:
        return f'Token is missing the "{self.claim}" claim'


class InvalidSubjectError(InvalidTokenError):
    """The token is about another subject."""


class InvalidJTIError(InvalidTokenError):
    """The token's `jti` is no text."""


class PyJWKError(PyJWTError):
    """A JWK that cannot be used."""


class MissingCryptographyError(PyJWKError):
    """Reading a key of this form needs the package cryptography."""


class PyJWKSetError(PyJWTError):
    """A JWK set without a key that can be used."""


class PyJWKClientError(PyJWTError, ours.KeySetFetchError):
    """An issuer has no key as it was looked for."""


class PyJWKClientConnectionError(PyJWKClientError):
    """An issuer could not be reached."""
