"""What the compiled half offers. Private: use the modules of the package."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Self, final

from typing_extensions import Buffer, disjoint_base

__all__ = [
    "JwtKey",
    "JwtSigner",
    "JwtVerifier",
    "Serializer",
    "SignedBytes",
    "Signer",
    "TimestampSigner",
    "Token",
    "UnverifiedToken",
    "compare_digest",
    "json_dumps",
    "json_loads",
    "jwt_generate",
    "jwt_hmac_key",
    "jwt_private_key",
    "jwt_public_key",
    "jwt_sign_bytes",
    "jwt_unverified",
    "jwt_verify_signature",
    "nonce",
    "nonce_source",
    "random_string",
    "session_serializer",
    "set_nonce_source",
    "token_bytes",
    "token_hex",
    "token_urlsafe",
]

# -- constant_time --------------------------------------------------------------------

def compare_digest(a: str | Buffer, b: str | Buffer, /) -> bool: ...

# -- json --------------------------------------------------------------------------------

def json_dumps(object: object, /) -> bytes: ...  # noqa: A002
def json_loads(text: str | Buffer, /) -> Any: ...

# -- jwt ------------------------------------------------------------------------------

@disjoint_base
class JwtKey:
    def __new__(cls, key: JwtKey, /) -> Self: ...
    @property
    def alg(self) -> str: ...
    @property
    def kid(self) -> str | None: ...
    def jwt_public(self) -> JwtKey: ...

@disjoint_base
class JwtSigner:
    def __new__(
        cls,
        key: JwtKey,
        issuer: str | None,
        audience: list[str] | None,
        lifetime: float | None,
        typ: str,
        headers: Mapping[str, Any] | None,
        add_jti: bool,
        add_iat: bool,
        clock: Callable[[], float] | None,
        /,
    ) -> Self: ...
    def sign(
        self,
        claims: Mapping[str, Any],
        /,
        *,
        expires_in: float | timedelta | None = ...,
        headers: Mapping[str, Any] | None = None,
    ) -> str: ...

@disjoint_base
class JwtVerifier:
    def __new__(
        cls,
        keys: Sequence[JwtKey],
        issuer: list[str] | None,
        audience: list[str] | None,
        typ: str,
        require: list[str],
        leeway: float,
        max_age: float | None,
        subject: str | None,
        max_length: int,
        clock: Callable[[], float] | None,
        /,
    ) -> Self: ...
    def claims(self, token: str | bytes, /) -> dict[str, Any]: ...
    def verify(self, token: str | bytes, /) -> Token: ...

@final
class SignedBytes:
    @property
    def header(self) -> dict[str, Any]: ...
    @property
    def payload(self) -> bytes: ...

@final
class Token:
    @property
    def claims(self) -> dict[str, Any]: ...
    @property
    def header(self) -> dict[str, Any]: ...

@final
class UnverifiedToken:
    @property
    def claims(self) -> dict[str, Any]: ...
    @property
    def header(self) -> dict[str, Any]: ...

def jwt_generate(algorithm: str, kid: str | None, /) -> JwtKey: ...
def jwt_hmac_key(
    secret: str | Buffer, algorithm: str, kid: str | None, allow_weak: bool, /
) -> JwtKey: ...
def jwt_private_key(
    data: str | Buffer, algorithm: str, kid: str | None, /, *, is_pem: bool
) -> JwtKey: ...
def jwt_public_key(
    data: str | Buffer, algorithm: str, kid: str | None, /, *, is_pem: bool
) -> JwtKey: ...
def jwt_sign_bytes(
    payload: str | Buffer, key: JwtKey, headers: Mapping[str, Any] | None, /
) -> str: ...
def jwt_unverified(token: str | bytes, /) -> UnverifiedToken: ...
def jwt_verify_signature(
    token: str | bytes, keys: Sequence[JwtKey], /
) -> SignedBytes: ...

# -- random ---------------------------------------------------------------------------

def nonce() -> bytes: ...
def nonce_source() -> str: ...
def random_string(length: int, alphabet: str, /) -> str: ...
def set_nonce_source(source: str, /) -> None: ...
def token_bytes(length: int, /) -> bytes: ...
def token_hex(length: int, /) -> str: ...
def token_urlsafe(length: int, /) -> str: ...

# -- signing -----------------------------------------------------------------------------

@final
class Signer:
    def __new__(
        cls, keys: str | bytes | Sequence[str | bytes], *, salt: str | bytes
    ) -> Signer: ...
    def sign(self, value: str, /) -> str: ...
    def unsign(self, token: str, /) -> str: ...

@final
class TimestampSigner:
    def __new__(
        cls,
        keys: str | bytes | Sequence[str | bytes],
        *,
        salt: str | bytes,
        clock: Callable[[], float] | None = None,
    ) -> TimestampSigner: ...
    def sign(self, value: str, /) -> str: ...
    def unsign(self, token: str, /, *, max_age: float | timedelta | None) -> str: ...

@final
class Serializer:
    def __new__(
        cls,
        keys: str | bytes | Sequence[str | bytes],
        *,
        salt: str | bytes,
        clock: Callable[[], float] | None = None,
    ) -> Serializer: ...
    def dumps(self, obj: Any, /) -> str: ...
    def loads(self, token: str, /, *, max_age: float | timedelta | None) -> Any: ...

def session_serializer(
    keys: str | bytes | Sequence[str | bytes],
    *,
    salt: str | bytes,
    clock: Callable[[], float] | None = None,
) -> Serializer: ...
