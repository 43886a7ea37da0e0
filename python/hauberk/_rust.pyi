"""What the compiled half offers. Private: use the modules of the package."""

from typing_extensions import Buffer

__all__ = [
    "compare_digest",
    "nonce",
    "nonce_source",
    "random_string",
    "set_nonce_source",
    "token_bytes",
    "token_hex",
    "token_urlsafe",
]

# -- constant_time --------------------------------------------------------------------

def compare_digest(a: str | Buffer, b: str | Buffer, /) -> bool: ...

# -- random ---------------------------------------------------------------------------

def nonce() -> bytes: ...
def nonce_source() -> str: ...
def random_string(length: int, alphabet: str, /) -> str: ...
def set_nonce_source(source: str, /) -> None: ...
def token_bytes(length: int, /) -> bytes: ...
def token_hex(length: int, /) -> str: ...
def token_urlsafe(length: int, /) -> str: ...
