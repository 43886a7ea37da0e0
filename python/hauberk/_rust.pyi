"""What the compiled half offers. Private: use the modules of the package."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import timedelta
from typing import (
    Any,
    Literal,
    NoReturn,
    Self,
    TypeAlias,
    TypedDict,
    TypeVar,
    final,
    overload,
    type_check_only,
)

from typing_extensions import Buffer, disjoint_base

from hauberk.exceptions import InvalidTokenError

__all__ = [
    "BlindIndex",
    "Cipher",
    "DeterministicCipher",
    "ForeignReader",
    "Hasher",
    "JwtKey",
    "JwtKeySet",
    "JwtSigner",
    "JwtVerifier",
    "KeyCore",
    "KeyringCore",
    "PendingHash",
    "PendingVerification",
    "PendingWork",
    "Sanitizer",
    "Serializer",
    "SessionSigner",
    "SignedBytes",
    "Signer",
    "TimestampSigner",
    "Token",
    "UnverifiedToken",
    "bcrypt_digest",
    "compare_digest",
    "escape_but_references",
    "escape_html",
    "hash_limits",
    "hash_parameters",
    "hash_pepper",
    "hash_stats",
    "html_removals",
    "html_text",
    "is_html",
    "is_url_attribute",
    "join_url",
    "json_dumps",
    "json_loads",
    "jwt_algorithms",
    "jwt_generate",
    "jwt_hmac_key",
    "jwt_hmac_key_from_jwk",
    "jwt_key_set",
    "jwt_key_set_from_jwks",
    "jwt_private_key",
    "jwt_private_key_from_jwk",
    "jwt_public_key",
    "jwt_public_key_from_jwk",
    "jwt_sign_bytes",
    "jwt_unverified",
    "jwt_verify_signature",
    "linkify_html",
    "literal_html",
    "nonce",
    "nonce_source",
    "random_string",
    "report_unraisable",
    "resolve_references",
    "rewrite_html",
    "sanitize_html_as",
    "set_hash_limits",
    "set_nonce_source",
    "strictly_escape_html",
    "token_bytes",
    "token_hex",
    "token_urlsafe",
    "truncate_html",
    "verify_password",
    "work_in_turn",
    "wrapped_hash",
]

_T = TypeVar("_T")

# -- constant_time ------------------------------------------------------------------

def compare_digest(a: str | Buffer, b: str | Buffer, /) -> bool: ...

# -- encryption ---------------------------------------------------------------------

_Sealed = TypeVar("_Sealed", str, bytes)

@final
class KeyCore:
    @staticmethod
    def generate() -> KeyCore: ...
    @staticmethod
    def from_text(text: str, /) -> KeyCore: ...
    @staticmethod
    def from_file(path: str, /) -> KeyCore: ...
    def save(self, path: str, /) -> None: ...
    def id(self) -> str: ...

@final
class KeyringCore:
    @staticmethod
    def generate() -> KeyringCore: ...
    @staticmethod
    def from_json(text: str | Buffer, /) -> KeyringCore: ...
    @staticmethod
    def from_file(
        path: str, report: Callable[[Exception], object], /
    ) -> KeyringCore: ...
    def save(self, path: str, /) -> None: ...
    def add(self, key: KeyCore, /) -> None: ...
    def promote(self, key_id: str, /) -> None: ...
    def promote_index(self, key_id: str, /) -> None: ...
    def disable(self, key_id: str, /) -> None: ...
    def disable_index(self, key_id: str, /) -> None: ...
    def enable(self, key_id: str, /) -> None: ...
    def enable_index(self, key_id: str, /) -> None: ...
    def destroy(self, key_id: str, /) -> None: ...
    def primary_id(self) -> str: ...
    def entries(self) -> list[tuple[str, str, str, int]]: ...
    def cipher(self, context: str, /) -> Cipher: ...
    def deterministic(self, context: str, /) -> DeterministicCipher: ...
    def export_tink(self, context: str, deterministic: bool, /) -> str: ...
    @staticmethod
    def import_tink(text: str | Buffer, /) -> Cipher: ...
    def blind_index(
        self,
        context: str,
        name: str,
        /,
        bits: int,
        normalize: str | None,
        function: Callable[[str], str] | None,
        label: str | None,
    ) -> BlindIndex: ...

@final
class Cipher:
    @property
    def context(self) -> str: ...
    def encrypt(self, data: Buffer, /, associated_data: Buffer = ...) -> bytes: ...
    def decrypt(self, data: Buffer, /, associated_data: Buffer = ...) -> bytes: ...
    def encrypt_text(self, text: str, /, associated_data: Buffer = ...) -> str: ...
    def decrypt_text(self, text: str, /, associated_data: Buffer = ...) -> str: ...
    def encrypt_many(
        self,
        items: Iterable[str | Buffer],
        /,
        associated_data: Buffer | Iterable[Buffer] | None = None,
        *,
        threads: int = 1,
        on_error: Literal["raise", "return"] = "raise",
    ) -> list[Any]: ...
    def decrypt_many(
        self,
        items: Iterable[str | Buffer],
        /,
        associated_data: Buffer | Iterable[Buffer] | None = None,
        *,
        threads: int = 1,
        on_error: Literal["raise", "return"] = "raise",
    ) -> list[Any]: ...
    def rewrap_many(
        self,
        items: Iterable[str | Buffer],
        /,
        associated_data: Buffer | Iterable[Buffer] | None = None,
        *,
        threads: int = 1,
        on_error: Literal["raise", "return"] = "raise",
    ) -> tuple[list[Any], int]: ...
    def rewrap(self, value: _Sealed, /, associated_data: Buffer = ...) -> _Sealed: ...
    @staticmethod
    def key_id(value: str | Buffer, /) -> str: ...
    @staticmethod
    def is_encrypted(value: object, /) -> bool: ...
    @staticmethod
    def ciphertext_length(length: int, /, text: bool = True) -> int: ...
    def __reduce__(self) -> NoReturn: ...

@final
class DeterministicCipher:
    @property
    def context(self) -> str: ...
    def encrypt(self, data: Buffer, /, associated_data: Buffer = ...) -> bytes: ...
    def decrypt(self, data: Buffer, /, associated_data: Buffer = ...) -> bytes: ...
    def encrypt_text(self, text: str, /, associated_data: Buffer = ...) -> str: ...
    def decrypt_text(self, text: str, /, associated_data: Buffer = ...) -> str: ...
    def encrypt_many(
        self,
        items: Iterable[str | Buffer],
        /,
        associated_data: Buffer | Iterable[Buffer] | None = None,
        *,
        threads: int = 1,
        on_error: Literal["raise", "return"] = "raise",
    ) -> list[Any]: ...
    def decrypt_many(
        self,
        items: Iterable[str | Buffer],
        /,
        associated_data: Buffer | Iterable[Buffer] | None = None,
        *,
        threads: int = 1,
        on_error: Literal["raise", "return"] = "raise",
    ) -> list[Any]: ...
    def rewrap_many(
        self,
        items: Iterable[str | Buffer],
        /,
        associated_data: Buffer | Iterable[Buffer] | None = None,
        *,
        threads: int = 1,
        on_error: Literal["raise", "return"] = "raise",
    ) -> tuple[list[Any], int]: ...
    def rewrap(self, value: _Sealed, /, associated_data: Buffer = ...) -> _Sealed: ...
    @overload
    def variants(self, value: str, /, associated_data: Buffer = ...) -> list[str]: ...
    @overload
    def variants(
        self, value: Buffer, /, associated_data: Buffer = ...
    ) -> list[bytes]: ...
    @staticmethod
    def key_id(value: str | Buffer, /) -> str: ...
    @staticmethod
    def is_encrypted(value: object, /) -> bool: ...
    @staticmethod
    def ciphertext_length(length: int, /, text: bool = True) -> int: ...
    def __reduce__(self) -> NoReturn: ...

@final
class BlindIndex:
    @property
    def context(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def bits(self) -> int: ...
    @property
    def length(self) -> int: ...
    def compute(self, value: str | Buffer, /, *, key_id: str | None = None) -> str: ...
    def compute_many(
        self, values: Iterable[str | Buffer], /, *, key_id: str | None = None
    ) -> list[str]: ...
    def variants(self, value: str | Buffer, /) -> list[str]: ...
    def __reduce__(self) -> NoReturn: ...

@final
class ForeignReader:
    @staticmethod
    def fernet(keys: Sequence[bytes], /) -> ForeignReader: ...
    @staticmethod
    def raw_fernet(
        signing_key: str | Buffer, encryption_key: str | Buffer, /
    ) -> ForeignReader: ...
    @staticmethod
    def aes_gcm(key: bytes, /) -> ForeignReader: ...
    @staticmethod
    def aes_cbc(key: bytes, padding: str, /) -> ForeignReader: ...
    def open(self, value: str | Buffer, /) -> bytes: ...
    def is_encrypted(self, value: str | Buffer, /) -> bool: ...

# -- html ---------------------------------------------------------------------------

@type_check_only
class _PolicySettings(TypedDict):
    tags: AbstractSet[str]
    attributes: dict[str, AbstractSet[str]]
    attribute_values: dict[str, dict[str, AbstractSet[str]]]
    set_attributes: dict[str, dict[str, str]]
    classes: dict[str, AbstractSet[str]]
    styles: AbstractSet[str] | None
    url_schemes: AbstractSet[str]
    url_hosts: dict[str, AbstractSet[str]]
    url_relative: str
    url_base: str | None
    link_rel: str | None
    link_target: str | None
    id_prefix: str | None
    drop_content: AbstractSet[str]
    comments: bool
    max_input: int
    max_depth: int
    max_attributes: int
    max_output: int
    on_limit: str
    lenient: bool

@final
class Sanitizer:
    def __new__(cls, settings: _PolicySettings, /) -> Self: ...
    def sanitize(self, html: str, /) -> str: ...
    def is_usual(self, html: str, /) -> bool: ...
    def sanitize_many(
        self,
        documents: Sequence[str],
        threads: int,
        return_errors: bool,
        mode: str = "strip",
        /,
    ) -> list[Any]: ...

def escape_html(text: str, /) -> str: ...

_Attributes: TypeAlias = list[tuple[str, str]]

def escape_but_references(text: str, quote: str | None, /) -> str: ...
def is_html(text: str, /) -> bool: ...
def is_url_attribute(tag: str, attribute: str, /) -> bool: ...
def join_url(base: str, url: str, /) -> str: ...
def report_unraisable(error: BaseException, object: object, /) -> None: ...  # noqa: A002
def strictly_escape_html(text: str, /) -> str: ...
def literal_html(
    html: str, tags: AbstractSet[str], strip: bool, /
) -> list[
    tuple[
        Literal["Characters", "Comment", "EmptyTag", "EndTag", "StartTag"],
        str,
        str | None,
        list[tuple[str | None, str, str]],
    ]
]: ...
def resolve_references(text: str, /) -> str: ...
def html_removals(
    sanitizer: Sanitizer, html: str, mode: str, /
) -> list[tuple[str, str, int]]: ...
def html_text(html: str, max_length: int | None, /) -> str: ...
def linkify_html(
    sanitizer: Sanitizer,
    html: str,
    email: bool,
    skip: AbstractSet[str],
    callback: Callable[[str, _Attributes, bool], tuple[str, _Attributes] | None] | None,
    /,
) -> str: ...
def rewrite_html(
    sanitizer: Sanitizer,
    html: str,
    callback: Callable[[str, _Attributes], tuple[str, _Attributes] | None],
    /,
) -> str: ...
def sanitize_html_as(sanitizer: Sanitizer, html: str, mode: str, /) -> str: ...
def truncate_html(
    sanitizer: Sanitizer, html: str, length: int, ellipsis: str, /
) -> str: ...

# -- json ---------------------------------------------------------------------------

def json_dumps(object: object, /) -> bytes: ...  # noqa: A002
def json_loads(text: str | Buffer, /) -> Any: ...

# -- passwords ----------------------------------------------------------------------

# Type, version, salt and hash length, time and memory cost, parallelism.
_Numbers: TypeAlias = tuple[int, int, int, int, int, int, int]

@final
class Hasher:
    def __new__(
        cls,
        numbers: _Numbers,
        max_password_bytes: int,
        peppers: Sequence[tuple[str | Buffer, str | Buffer]] = ...,
        pepper_new_hashes: bool = True,
        /,
    ) -> Self: ...
    def hash(self, password: str | Buffer, salt: Buffer | None, /) -> str: ...
    def raw(self, password: Buffer, salt: Buffer, /) -> bytes: ...
    def verify(self, encoded: str | Buffer, password: str | Buffer, /) -> None: ...
    def dummy(self) -> str: ...
    def needs_rehash(self, encoded: str | Buffer, /) -> bool: ...
    def verify_wrapped(self, encoded: str | Buffer, digest: Buffer, /) -> None: ...
    def wrap(self, digest: Buffer, header: str, /) -> str: ...

@final
class PendingHash:
    def __new__(
        cls,
        hasher: Hasher,
        password: str | Buffer,
        salt: Buffer | None,
        wake: Callable[[], object],
        /,
    ) -> Self: ...
    def leave(self) -> None: ...
    def ready(self) -> bool: ...
    def remaining(self) -> float: ...
    def run(self, password: str | Buffer, salt: Buffer | None, /) -> str: ...

@final
class PendingVerification:
    def __new__(
        cls,
        hasher: Hasher,
        encoded: str | Buffer,
        password: str | Buffer,
        wake: Callable[[], object],
        /,
    ) -> Self: ...
    def leave(self) -> None: ...
    def ready(self) -> bool: ...
    def remaining(self) -> float: ...
    def run(self, password: str | Buffer, /) -> None: ...
    @staticmethod
    def wrapped(
        hasher: Hasher,
        encoded: str | Buffer,
        wake: Callable[[], object],
        /,
    ) -> PendingVerification: ...

@final
class PendingWork:
    def __new__(cls, memory: int, wake: Callable[[], object], /) -> Self: ...
    def leave(self) -> None: ...
    def ready(self) -> bool: ...
    def remaining(self) -> float: ...
    def run(self, work: Callable[[], _T], /) -> _T: ...

def bcrypt_digest(password: str | Buffer, cost: int, salt: Buffer, /) -> bytes: ...
def hash_limits() -> tuple[int, int, int, float, int]: ...
def hash_stats() -> tuple[int, int, int, int, int, int, int]: ...
def set_hash_limits(
    max_concurrency: int,
    max_memory: int,
    max_queue: int,
    queue_timeout: float,
    retained_memory: int,
    /,
) -> None: ...
def hash_parameters(encoded: str | Buffer, /) -> _Numbers: ...
def hash_pepper(encoded: str | Buffer, /) -> str | None: ...
def verify_password(encoded: str | Buffer, password: str | Buffer, /) -> None: ...
def work_in_turn(memory: int, work: Callable[[], _T], /) -> _T: ...
def wrapped_hash(encoded: str | Buffer, /) -> tuple[_Numbers, str | None, str]: ...

# -- jwt ----------------------------------------------------------------------------

@disjoint_base
class JwtKey:
    def __new__(cls, key: JwtKey, /) -> Self: ...
    @property
    def alg(self) -> str: ...
    @property
    def kid(self) -> str | None: ...
    def thumbprint(self) -> str: ...
    def jwt_sign(self, message: str | Buffer, /) -> str: ...
    def jwt_verify(self, message: str | Buffer, signature: str, /) -> None: ...
    def jwt_public(self) -> JwtKey: ...
    def jwt_jwk(self, is_private: bool, /) -> dict[str, Any]: ...

@disjoint_base
class JwtKeySet:
    def __new__(cls, keys: JwtKeySet, /) -> Self: ...
    def __len__(self) -> int: ...
    def jwt_keys(self) -> list[JwtKey]: ...
    def jwt_jwks(self) -> dict[str, Any]: ...

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
        keys: JwtKeySet,
        issuer: list[str] | None,
        audience: list[str] | None,
        typ: str | None,
        require: list[str],
        leeway: float,
        max_age: float | None,
        subject: str | None,
        max_length: int,
        cache_size: int,
        clock: Callable[[], float] | None,
        /,
    ) -> Self: ...
    def claims(self, token: str | bytes, /) -> dict[str, Any]: ...
    def verify(self, token: str | bytes, /) -> Token: ...
    @overload
    def verify_many(
        self,
        tokens: Iterable[str | bytes],
        /,
        *,
        threads: int = 1,
        on_error: Literal["raise"] = "raise",
    ) -> list[Token]: ...
    @overload
    def verify_many(
        self,
        tokens: Iterable[str | bytes],
        /,
        *,
        threads: int = 1,
        on_error: Literal["return"],
    ) -> list[Token | InvalidTokenError]: ...
    def jwt_unknown_kid(self, token: str | bytes, /) -> str | None: ...

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

def jwt_algorithms(names: Sequence[str], /) -> list[str]: ...
def jwt_generate(algorithm: str, kid: str | None, /) -> JwtKey: ...
def jwt_hmac_key(
    secret: str | Buffer, algorithm: str, kid: str | None, allow_weak: bool, /
) -> JwtKey: ...
def jwt_hmac_key_from_jwk(
    jwk: Mapping[str, Any] | str | bytes, algorithm: str | None, /
) -> JwtKey: ...
def jwt_key_set(keys: Sequence[JwtKey], /) -> JwtKeySet: ...
def jwt_key_set_from_jwks(
    jwks: Mapping[str, Any] | str | bytes, algorithms: Sequence[str], /
) -> JwtKeySet: ...
def jwt_private_key(
    data: str | Buffer,
    algorithm: str,
    kid: str | None,
    password: str | Buffer | None,
    /,
    *,
    is_pem: bool,
) -> JwtKey: ...
def jwt_private_key_from_jwk(
    jwk: Mapping[str, Any] | str | bytes, algorithm: str | None, /
) -> JwtKey: ...
def jwt_public_key(
    data: str | Buffer, algorithm: str, kid: str | None, /, *, is_pem: bool
) -> JwtKey: ...
def jwt_public_key_from_jwk(
    jwk: Mapping[str, Any] | str | bytes, algorithm: str | None, /
) -> JwtKey: ...
def jwt_sign_bytes(
    payload: str | Buffer, key: JwtKey, headers: Mapping[str, Any] | None, /
) -> str: ...
def jwt_unverified(token: str | bytes, /) -> UnverifiedToken: ...
def jwt_verify_signature(
    token: str | bytes, keys: JwtKeySet, max_length: int, /
) -> SignedBytes: ...

# -- random -------------------------------------------------------------------------

def nonce() -> bytes: ...
def nonce_source() -> str: ...
def random_string(length: int, alphabet: str, /) -> str: ...
def set_nonce_source(source: str, /) -> None: ...
def token_bytes(length: int, /) -> bytes: ...
def token_hex(length: int, /) -> str: ...
def token_urlsafe(length: int, /) -> str: ...

# -- signing ------------------------------------------------------------------------

@final
class Signer:
    def __new__(
        cls, keys: str | Buffer | Sequence[str | Buffer], *, salt: str | Buffer
    ) -> Signer: ...
    def sign(self, value: str, /) -> str: ...
    def unsign(self, token: str, /) -> str: ...

@final
class TimestampSigner:
    def __new__(
        cls,
        keys: str | Buffer | Sequence[str | Buffer],
        *,
        salt: str | Buffer,
        clock: Callable[[], float] | None = None,
    ) -> TimestampSigner: ...
    def sign(self, value: str, /) -> str: ...
    def unsign(self, token: str, /, *, max_age: float | timedelta | None) -> str: ...

@final
class Serializer:
    def __new__(
        cls,
        keys: str | Buffer | Sequence[str | Buffer],
        *,
        salt: str | Buffer,
        clock: Callable[[], float] | None = None,
    ) -> Serializer: ...
    def dumps(self, obj: Any, /) -> str: ...
    def loads(self, token: str, /, *, max_age: float | timedelta | None) -> Any: ...

@final
class SessionSigner:
    def __new__(
        cls,
        keys: str | bytes | Sequence[str | bytes],
        *,
        salt: str | bytes,
        clock: Callable[[], float] | None = None,
    ) -> SessionSigner: ...
    def sign(self, text: str, /) -> str: ...
    def unsign(self, token: str, /, *, max_age: float | timedelta | None) -> str: ...
