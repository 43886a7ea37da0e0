"""What the compiled half offers. Private: use the modules of the package."""

from typing import Any

from typing_extensions import Buffer

__all__ = [
    "compare_digest",
    "json_dumps",
    "json_loads",
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

# -- json --------------------------------------------------------------------------------

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
