"""What the compiled half offers. Private: use the modules of the package."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, final

from typing_extensions import Buffer

__all__ = [
    "Serializer",
    "Signer",
    "TimestampSigner",
    "compare_digest",
    "json_dumps",
    "json_loads",
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

# -- json -----------------------------------------------------------------------------

def json_dumps(object: object, /) -> bytes: ...  # noqa: A002
def json_loads(text: str | Buffer, /) -> Any: ...

# -- random ---------------------------------------------------------------------------

def nonce() -> bytes: ...
def nonce_source() -> str: ...
def random_string(length: int, alphabet: str, /) -> str: ...
def set_nonce_source(source: str, /) -> None: ...
def token_bytes(length: int, /) -> bytes: ...
def token_hex(length: int, /) -> str: ...
def token_urlsafe(length: int, /) -> str: ...

# -- signing --------------------------------------------------------------------------

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
