"""What the compiled half offers. Private: use the modules of the package."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from datetime import timedelta
from typing import Any, Self, TypeAlias, final

from typing_extensions import Buffer

__all__ = [
    "Hasher",
    "Sanitizer",
    "Serializer",
    "Signer",
    "TimestampSigner",
    "compare_digest",
    "escape_html",
    "hash_parameters",
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
    "verify_password",
]

# -- constant_time --------------------------------------------------------------------

def compare_digest(a: str | Buffer, b: str | Buffer, /) -> bool: ...

# -- html -----------------------------------------------------------------------------

@final
class Sanitizer:
    def __new__(
        cls,
        *,
        tags: AbstractSet[str],
        attributes: dict[str, frozenset[str]],
        url_schemes: AbstractSet[str],
        url_relative: str,
        link_rel: str | None,
        drop_content: AbstractSet[str],
        comments: bool,
        max_input: int,
        max_depth: int,
    ) -> Self: ...
    def sanitize(self, html: str, /) -> str: ...

def escape_html(text: str, /) -> str: ...

# -- json --------------------------------------------------------------------------------

def json_dumps(object: object, /) -> bytes: ...  # noqa: A002
def json_loads(text: str | Buffer, /) -> Any: ...

# -- passwords ----------------------------------------------------------------------

# Type, version, salt and hash length, time and memory cost, parallelism.
_Numbers: TypeAlias = tuple[int, int, int, int, int, int, int]

@final
class Hasher:
    def __new__(cls, numbers: _Numbers, max_password_bytes: int, /) -> Self: ...
    def hash(self, password: str | Buffer, salt: Buffer | None, /) -> str: ...
    def needs_rehash(self, encoded: str | Buffer, /) -> bool: ...

def hash_parameters(encoded: str | Buffer, /) -> _Numbers: ...
def verify_password(encoded: str | Buffer, password: str | Buffer, /) -> None: ...

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
