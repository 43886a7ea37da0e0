"""argon2-cffi's exceptions, as branches of hauberk's own tree.

`HashMemoryError`, `HashingBusyError` and `UnknownPepperError` stay outside: code
written for argon2-cffi answers "wrong password" to a `VerificationError`, and these say
nothing about the password.
"""

from hauberk import exceptions
from hauberk.exceptions import InvalidHashError

__all__ = [
    "Argon2Error",
    "HashingError",
    "InvalidHash",
    "InvalidHashError",
    "UnsupportedParametersError",
    "VerificationError",
    "VerifyMismatchError",
]


class Argon2Error(exceptions.PasswordError):
    """Hashing or verifying was refused or failed."""


class VerificationError(Argon2Error):
    """The password does not match, or the hash is malformed or asks for too much."""


class VerifyMismatchError(VerificationError, exceptions.VerifyMismatchError):
    """The password does not match the hash."""


class HashingError(Argon2Error):
    """A parameter is out of bounds or the password is too long; the message says it."""


class UnsupportedParametersError(exceptions.HashParametersError):
    """Never raised: no number of lanes depends on the platform. Here to be caught."""


#: The name from before argon2-cffi 23.1.
InvalidHash = InvalidHashError
