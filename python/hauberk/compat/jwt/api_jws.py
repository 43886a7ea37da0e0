"""Signatures over any payload (RFC 7515), also detached (RFC 7797)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from hauberk.compat.jwt import _headers, _warn
from hauberk.compat.jwt.algorithms import (
    Algorithm,
    get_default_algorithms,
)
from hauberk.compat.jwt.api_jwk import PyJWK
from hauberk.compat.jwt.exceptions import (
    DecodeError,
    InvalidAlgorithmError,
    InvalidSignatureError,
)
from hauberk.compat.jwt.utils import base64url_encode, strict_base64url_decode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hauberk.compat.jwt.types import SigOptions

__all__ = [
    "PyJWS",
    "decode",
    "decode_complete",
    "encode",
    "get_algorithm_by_name",
    "get_unverified_header",
    "register_algorithm",
    "unregister_algorithm",
]

#: No algorithm was given: that of the key, or HS256.
UNSET: Final[Any] = object()

_MAX_LENGTH: Final = 1 << 20  # bytes
_SEGMENTS: Final = 3  # header, payload and signature


class PyJWS:
    """Signs and verifies.

    Args:
        algorithms: The names of those that it knows, by default all.
        options: Defaults for the options of `decode`.
    """

    header_typ = "JWT"

    def __init__(
        self,
        algorithms: Sequence[str] | None = None,
        options: SigOptions | None = None,
    ) -> None:
        known = get_default_algorithms()
        names = known.keys() if algorithms is None else set(algorithms)
        self._algorithms = {name: it for name, it in known.items() if name in names}
        self.options: dict[str, Any] = {**_OPTIONS, **_mapping(options)}

    def register_algorithm(self, alg_id: str, alg_obj: Algorithm) -> None:
        """Add an algorithm.

        Raises:
            ValueError: The name is taken.
            TypeError: This is no algorithm.
        """
        if alg_id in self._algorithms:
            raise ValueError("Algorithm already has a handler.")
        if not isinstance(alg_obj, Algorithm):
            raise TypeError("Object is not of type `Algorithm`")
        self._algorithms[alg_id] = alg_obj

    def unregister_algorithm(self, alg_id: str) -> None:
        """Remove an algorithm.

        Raises:
            KeyError: There is none of that name.
        """
        if alg_id not in self._algorithms:
            raise KeyError(
                "The specified algorithm could not be removed because it is not "
                "registered."
            )
        del self._algorithms[alg_id]

    def get_algorithms(self) -> list[str]:
        """Return the names of the algorithms."""
        return list(self._algorithms)

    def get_algorithm_by_name(self, alg_name: str) -> Algorithm:
        """Return an algorithm.

        Raises:
            NotImplementedError: There is none of that name.
        """
        try:
            return self._algorithms[alg_name]
        except (KeyError, TypeError):
            raise NotImplementedError("Algorithm not supported") from None

    def encode(
        self,
        payload: bytes,
        key: Any,
        algorithm: str | None = UNSET,
        headers: dict[str, Any] | None = None,
        json_encoder: type[json.JSONEncoder] | None = None,
        is_payload_detached: bool = False,
        sort_headers: bool = True,
    ) -> str:
        """Return a payload with header and signature.

        Args:
            payload: What is signed.
            key: A secret, a private key, or a `PyJWK`.
            algorithm: By default that of a `PyJWK`, or HS256; `alg` in `headers` goes
                before. The key is prepared for it, of a `PyJWK` too.
            headers: Further header parameters.
            json_encoder: Writes the header.
            is_payload_detached: Leave the payload out of the token.
            sort_headers: Sort the header's parameters by name.

        Raises:
            InvalidKeyError: The key is not for the algorithm.
            InvalidTokenError: `kid` is no text, or `crit` of a detached payload no
                list.
            NotImplementedError: The algorithm is not known.
            TypeError: The key is something else.
        """
        headers = dict(headers or {})
        name = headers.get("alg") or _algorithm_name(algorithm, key)
        detached = is_payload_detached or headers.get("b64") is False
        header = {"typ": self.header_typ, "alg": name, **headers}
        if not header["typ"]:
            del header["typ"]
        _headers.check_kid(header)
        _headers.set_detached(header, detached=detached)
        text = json.dumps(
            header,
            separators=(",", ":"),
            cls=json_encoder,
            sort_keys=sort_headers,
            allow_nan=False,
        )
        first = base64url_encode(text.encode())
        second = payload if detached else base64url_encode(payload)
        signing_input = first + b"." + second
        chosen, prepared = self._signing(name, key)
        _warn.of_length(chosen.check_key_length(prepared), self.options)
        signature = base64url_encode(chosen.sign(signing_input, prepared))
        shown = first + b"." if detached else signing_input
        return b".".join([shown, signature]).decode()

    def decode_complete(
        self,
        jwt: str | bytes,
        key: Any = "",
        algorithms: Sequence[str] | None = None,
        options: SigOptions | None = None,
        detached_payload: bytes | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Return `payload`, `header` and `signature` of a token that verifies.

        Raises:
            InvalidTokenError: It does not; the class says more.
            InvalidKeyError: The key is not for the algorithm.
        """
        _warn.of_arguments("decode_complete", kwargs)
        merged = {**self.options, **_mapping(options)}
        verify = merged["verify_signature"]
        if verify and not algorithms and not isinstance(key, PyJWK):
            raise DecodeError(
                "It is required that you pass in a value for the "
                '"algorithms" argument when calling decode().'
            )
        payload, signing_input, header, signature = self._load(jwt)
        _headers.check(header)
        if header.get("b64", True) is False:
            payload = _headers.detached(header, detached_payload)
            signing_input = signing_input.rpartition(b".")[0] + b"." + payload
        elif detached_payload is not None:
            raise DecodeError(
                'It is only valid to pass "detached_payload" when the protected header '
                'has "b64" set to false.'
            )
        if verify:
            self._verify(signing_input, header, signature, key, algorithms, merged)
        else:
            _warn.of_no_verification()
        return {"payload": payload, "header": header, "signature": signature}

    def decode(
        self,
        jwt: str | bytes,
        key: Any = "",
        algorithms: Sequence[str] | None = None,
        options: SigOptions | None = None,
        detached_payload: bytes | None = None,
        **kwargs: Any,
    ) -> Any:
        """Return the payload of a token that verifies.

        Raises:
            InvalidTokenError: It does not; the class says more.
            InvalidKeyError: The key is not for the algorithm.
        """
        _warn.of_arguments("decode", kwargs)
        decoded = self.decode_complete(
            jwt, key, algorithms, options, detached_payload=detached_payload
        )
        return decoded["payload"]

    def get_unverified_header(self, jwt: str | bytes) -> dict[str, Any]:
        """Return a token's header, which anybody may have written.

        Raises:
            InvalidTokenError: The token or its header is malformed.
        """
        header = self._load(jwt)[2]
        _headers.check(header)
        return header

    def _load(self, jwt: str | bytes) -> tuple[bytes, bytes, dict[str, Any], bytes]:
        """Return payload, what is signed, header and signature."""
        if not isinstance(jwt, str | bytes):
            raise DecodeError(f"Invalid token type. Token must be a {bytes}")
        # Before anything looks at what may be megabytes.
        if len(jwt) > _MAX_LENGTH:
            raise DecodeError(f"A token has at most {_MAX_LENGTH} bytes")
        try:
            token = jwt.encode() if isinstance(jwt, str) else jwt
        except UnicodeEncodeError:
            # It carries the whole token.
            raise DecodeError("A token has no lone surrogates") from None
        parts = token.split(b".", _SEGMENTS)
        if len(parts) < _SEGMENTS:
            raise DecodeError("Not enough segments")
        if len(parts) > _SEGMENTS:
            raise DecodeError("Invalid payload padding")
        header = _headers.read(_segment(parts[0], "header"))
        if header.get("b64", True) is False:
            if parts[1]:
                raise DecodeError("Payload segment must be empty when 'b64' is false.")
            payload = b""
        else:
            payload = _segment(parts[1], "payload")
        signature = _segment(parts[2], "crypto")
        return payload, b".".join(parts[:2]), header, signature

    def _verify(
        self,
        signing_input: bytes,
        header: dict[str, Any],
        signature: bytes,
        key: Any,
        algorithms: Sequence[str] | None,
        options: dict[str, Any],
    ) -> None:
        if algorithms is None and isinstance(key, PyJWK):
            algorithms = [key.algorithm_name]
        elif isinstance(algorithms, str):
            # One name: parts of it are other algorithms, as ES256 is of ES256K.
            algorithms = [algorithms]
        name = header.get("alg")
        if not name:
            raise InvalidAlgorithmError("Algorithm not specified")
        if not isinstance(name, str) or name not in (algorithms or ()):
            raise InvalidAlgorithmError("The specified alg value is not allowed")
        if isinstance(key, PyJWK) and name != key.algorithm_name:
            raise InvalidAlgorithmError(
                f"Token algorithm {name!r} does not match the key's algorithm "
                f"{key.algorithm_name!r}"
            )
        try:
            chosen, prepared = self._chosen(name, key)
        except NotImplementedError:
            raise InvalidAlgorithmError("Algorithm not supported") from None
        _warn.of_length(chosen.check_key_length(prepared), options)
        if not chosen.verify(signing_input, prepared, signature):
            raise InvalidSignatureError("Signature verification failed")

    def _chosen(self, name: str, key: Any) -> tuple[Algorithm, Any]:
        """Return an algorithm and a key that verifies; a `PyJWK` has its own."""
        if isinstance(key, PyJWK):
            return key.Algorithm, key.prepared
        chosen = self.get_algorithm_by_name(name)
        return chosen, chosen.prepare_key(key)

    def _signing(self, name: str, key: Any) -> tuple[Algorithm, Any]:
        """Return the algorithm that the header names, and the key prepared for it."""
        chosen = self.get_algorithm_by_name(name)
        if not isinstance(key, PyJWK):
            return chosen, chosen.prepare_key(key)
        if name == key.algorithm_name and type(chosen) is type(key.Algorithm):
            return chosen, key.prepared
        return chosen, chosen.prepare_key(key.key)


def _algorithm_name(algorithm: str | None, key: Any) -> str:
    if algorithm is not UNSET and algorithm is not None:
        return algorithm
    if isinstance(key, PyJWK):
        return key.algorithm_name
    return "HS256" if algorithm is UNSET else "none"


def _mapping(options: Any) -> dict[str, Any]:
    if options is None:
        return {}
    try:
        return dict(options)
    except (TypeError, ValueError):
        raise TypeError("options is a dictionary") from None


def _segment(segment: bytes, name: str) -> bytes:
    try:
        return strict_base64url_decode(segment)
    except ValueError:
        raise DecodeError(f"Invalid {name} padding") from None


_OPTIONS: Final = {"verify_signature": True, "enforce_minimum_key_length": False}

_global = PyJWS()
encode = _global.encode
decode_complete = _global.decode_complete
decode = _global.decode
register_algorithm = _global.register_algorithm
unregister_algorithm = _global.unregister_algorithm
get_algorithm_by_name = _global.get_algorithm_by_name
get_unverified_header = _global.get_unverified_header
