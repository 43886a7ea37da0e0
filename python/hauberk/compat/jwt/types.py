"""Types of arguments."""

from collections.abc import Callable
from typing import Any, TypedDict

__all__ = ["FullOptions", "HashlibHash", "JWKDict", "Options", "SigOptions"]

JWKDict = dict[str, Any]
HashlibHash = Callable[..., Any]


class SigOptions(TypedDict, total=False):
    """The options that `PyJWS` knows."""

    verify_signature: bool
    enforce_minimum_key_length: bool


class Options(SigOptions, total=False):
    """The options that `decode` knows; without a signature all are off."""

    require: list[str]
    strict_aud: bool
    verify_aud: bool
    verify_exp: bool
    verify_iat: bool
    verify_iss: bool
    verify_jti: bool
    verify_nbf: bool
    verify_sub: bool


class FullOptions(TypedDict):
    """All of the options."""

    verify_signature: bool
    enforce_minimum_key_length: bool
    require: list[str]
    strict_aud: bool
    verify_aud: bool
    verify_exp: bool
    verify_iat: bool
    verify_iss: bool
    verify_jti: bool
    verify_nbf: bool
    verify_sub: bool
