"""Every exception that hauberk raises.

The tree is small and each class derives from the builtin that a caller would expect,
so `except ValueError` around bad input works as it does elsewhere. What anybody can
read in a value's public prefix, or learns only after a valid signature, may be told
apart; whatever a tag or a signature decides is one error with one message.

No exception carries a password, a hash, a key, a token or a plaintext.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - part of a public signature

__all__ = [
    "BadSignatureError",
    "ConfigurationError",
    "DecryptionError",
    "DestroyedKeyError",
    "DisabledKeyError",
    "EncryptionError",
    "ExpiredTokenError",
    "HashMemoryError",
    "HashParametersError",
    "HashingBusyError",
    "HauberkError",
    "HtmlError",
    "InputTooDeepError",
    "InputTooLargeError",
    "InternalError",
    "InvalidClaimError",
    "InvalidHashError",
    "InvalidInputError",
    "InvalidKeyError",
    "InvalidTokenError",
    "JwtError",
    "KeySetFetchError",
    "KeyringError",
    "MalformedTokenError",
    "MissingClaimError",
    "NotEncryptedError",
    "NotYetValidError",
    "PasswordError",
    "PolicyError",
    "RandomnessUnavailableError",
    "RateLimitedError",
    "ReusedTokenError",
    "RevokedTokenError",
    "SignatureExpiredError",
    "SigningError",
    "StoreUnavailableError",
    "TokenSignatureError",
    "UnknownKeyError",
    "UnknownPepperError",
    "VerifyMismatchError",
]


class HauberkError(Exception):
    """The root of every exception of this package."""

    def __str__(self) -> str:
        # The arguments after the message are attributes as well; keeping them in `args`
        # lets exceptions travel between processes.
        return str(self.args[0]) if self.args else ""


class InternalError(HauberkError):
    """A bug in hauberk. The message names a place in the source and no data."""


class ConfigurationError(HauberkError):
    """A setting that contradicts another or names something that does not exist."""


class RandomnessUnavailableError(HauberkError):
    """The operating system gave no randomness. There is no fall-back."""


class InvalidInputError(HauberkError, ValueError):
    """An argument outside what is accepted; the message says what is."""


class StoreUnavailableError(HauberkError):
    """A store (Redis, a database) did not answer."""


class RateLimitedError(HauberkError):
    """A limit was reached.

    Attributes:
        retry_after: Seconds after which another attempt may succeed.
    """

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message, retry_after)
        self.retry_after = retry_after


# -- passwords ------------------------------------------------------------------------


class PasswordError(HauberkError):
    """Something about hashing or verifying a password."""


class VerifyMismatchError(PasswordError):
    """The password does not match the hash."""


class InvalidHashError(PasswordError, ValueError):
    """An encoded hash that is malformed or of an unknown scheme."""


class HashParametersError(PasswordError, ValueError):
    """Parameters out of range, or an encoded hash that asks for more than allowed."""


class HashMemoryError(PasswordError, MemoryError):
    """The memory for a hash could not be allocated."""


class HashingBusyError(PasswordError):
    """Too many hashes are being computed already.

    Attributes:
        retry_after: Seconds after which another attempt may succeed.
    """

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message, retry_after)
        self.retry_after = retry_after


class UnknownPepperError(PasswordError):
    """A hash names a pepper that is not configured: the set-up is wrong."""


# -- HTML -----------------------------------------------------------------------------


class HtmlError(HauberkError):
    """Something about sanitizing HTML."""


class PolicyError(HtmlError, ValueError):
    """A policy that contradicts itself."""


class InputTooLargeError(HtmlError, ValueError):
    """HTML above a bound on its size or on the size of what it would become."""


class InputTooDeepError(HtmlError, ValueError):
    """HTML whose elements are nested above the bound."""


# -- signing --------------------------------------------------------------------------


class SigningError(HauberkError):
    """Something about signed values."""


class BadSignatureError(SigningError):
    """The value was not signed with any of the keys, or was altered afterwards."""


class SignatureExpiredError(SigningError):
    """The signature is right and older than allowed, or dated in the future.

    Attributes:
        date_signed: When the value was signed, in UTC.
    """

    def __init__(self, message: str, date_signed: datetime) -> None:
        super().__init__(message, date_signed)
        self.date_signed = date_signed


# -- JWT ------------------------------------------------------------------------------


class JwtError(HauberkError):
    """Something about JSON Web Tokens or their keys."""


class InvalidKeyError(JwtError, ValueError):
    """Key material of the wrong kind, length or strength."""


class KeySetFetchError(JwtError):
    """A remote key set could not be fetched."""


class InvalidTokenError(JwtError):
    """A token that must not be trusted. Tell the outside this much and no more."""


class MalformedTokenError(InvalidTokenError):
    """Not a well-formed token; nothing in it was looked at any further."""


class TokenSignatureError(InvalidTokenError):
    """The token was not signed with the key, or was altered afterwards."""


class ExpiredTokenError(InvalidTokenError):
    """The token's `exp` lies in the past."""


class NotYetValidError(InvalidTokenError):
    """The token's `nbf` or `iat` lies in the future."""


class InvalidClaimError(InvalidTokenError):
    """A claim of the wrong type or with an unacceptable value.

    Attributes:
        claim: The claim's name.
    """

    def __init__(self, message: str, claim: str) -> None:
        super().__init__(message, claim)
        self.claim = claim


class MissingClaimError(InvalidTokenError):
    """A required claim is absent.

    Attributes:
        claim: The claim's name.
    """

    def __init__(self, message: str, claim: str) -> None:
        super().__init__(message, claim)
        self.claim = claim


class RevokedTokenError(InvalidTokenError):
    """The token was valid once and has been revoked."""


class ReusedTokenError(InvalidTokenError):
    """A refresh token was presented a second time; its family is revoked."""


# -- encryption -----------------------------------------------------------------------


class EncryptionError(HauberkError):
    """Something about encrypted values or their keys."""


class KeyringError(EncryptionError):
    """A malformed keyring, or an operation it does not allow in its present state."""


class DecryptionError(EncryptionError):
    """The value could not be decrypted: another key or context, or altered bytes."""


class NotEncryptedError(DecryptionError):
    """The value does not look like a hauberk ciphertext."""


class _KeyStateError(DecryptionError):
    def __init__(self, message: str, key_id: str) -> None:
        super().__init__(message, key_id)
        self.key_id = key_id


class UnknownKeyError(_KeyStateError):
    """No key of the keyring has the id that the ciphertext names.

    Attributes:
        key_id: The id, eight lower-case hexadecimal digits.
    """


class DisabledKeyError(_KeyStateError):
    """The key that sealed the value is disabled.

    Attributes:
        key_id: The id, eight lower-case hexadecimal digits.
    """


class DestroyedKeyError(_KeyStateError):
    """The key that sealed the value has been destroyed.

    Attributes:
        key_id: The id, eight lower-case hexadecimal digits.
    """
