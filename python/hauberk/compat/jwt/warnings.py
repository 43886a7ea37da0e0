"""Warnings, those of PyJWT and one of ours."""

__all__ = [
    "InsecureKeyLengthWarning",
    "RemovedInPyjwt3Warning",
    "UnverifiedTokenWarning",
]


class RemovedInPyjwt3Warning(DeprecationWarning):
    """The third version of PyJWT does not know this argument."""


class InsecureKeyLengthWarning(UserWarning):
    """A secret is shorter than the hash's output (RFC 7518, section 3.2)."""


class UnverifiedTokenWarning(UserWarning):
    """A token was read without its signature; nothing in it may be believed."""
