"""What the compiled half offers. Private: use the modules of the package."""

from typing import Self, TypeAlias, final

from typing_extensions import Buffer

__all__ = [
    "Hasher",
    "compare_digest",
    "hash_parameters",
    "nonce",
    "nonce_source",
    "random_string",
    "set_nonce_source",
    "token_bytes",
    "token_hex",
    "token_urlsafe",
    "verify_password",
]

# -- constant_time -----------------------------------------------------------------------

def compare_digest(a: str | Buffer, b: str | Buffer, /) -> bool: ...

# -- passwords ---------------------------------------------------------------------------

# Type, version, salt and hash length, time and memory cost, parallelism.
_Numbers: TypeAlias = tuple[int, int, int, int, int, int, int]

@final
class Hasher:
    def __new__(cls, numbers: _Numbers, max_password_bytes: int, /) -> Self: ...
    def hash(self, password: str | Buffer, salt: Buffer | None, /) -> str: ...
    def needs_rehash(self, encoded: str | Buffer, /) -> bool: ...

def hash_parameters(encoded: str | Buffer, /) -> _Numbers: ...
def verify_password(encoded: str | Buffer, password: str | Buffer, /) -> None: ...

# -- random ------------------------------------------------------------------------------

def nonce() -> bytes: ...
def nonce_source() -> str: ...
def random_string(length: int, alphabet: str, /) -> str: ...
def set_nonce_source(source: str, /) -> None: ...
def token_bytes(length: int, /) -> bytes: ...
def token_hex(length: int, /) -> str: ...
def token_urlsafe(length: int, /) -> str: ...
