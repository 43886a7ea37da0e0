"""Tokens with claims (RFC 7519)."""

from __future__ import annotations

import json
from calendar import timegm
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from hauberk import _rust
from hauberk.compat.jwt import _warn, api_jws
from hauberk.compat.jwt._claims import validate, validate_issuer
from hauberk.compat.jwt.api_jws import UNSET, PyJWS
from hauberk.compat.jwt.exceptions import DecodeError
from hauberk.exceptions import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from hauberk.compat.jwt.types import FullOptions, Options

__all__ = ["PyJWT", "decode", "decode_complete", "encode"]


class PyJWT:
    """Signs claims and verifies tokens.

    Args:
        options: Defaults for the options of `decode`.
    """

    def __init__(self, options: Options | None = None) -> None:
        self.options: FullOptions = _merged(_OPTIONS, options)
        self._jws: PyJWS = PyJWS(
            options={
                "verify_signature": self.options["verify_signature"],
                "enforce_minimum_key_length": self.options[
                    "enforce_minimum_key_length"
                ],
            }
        )

    def encode(
        self,
        payload: dict[str, Any],
        key: Any,
        algorithm: str | None = UNSET,
        headers: dict[str, Any] | None = None,
        json_encoder: type[json.JSONEncoder] | None = None,
        sort_headers: bool = True,
    ) -> str:
        """Return claims as a signed token.

        Args:
            payload: The claims. `exp`, `iat` and `nbf` may be datetimes.
            key: A secret, a private key, or a `PyJWK`.
            algorithm: By default the key's, or HS256; `alg` in `headers` goes before.
            headers: Further header parameters.
            json_encoder: Writes claims and header.
            sort_headers: Sort the header's parameters by name.

        Raises:
            InvalidKeyError: The key is not for the algorithm.
            TypeError: The claims are no dictionary, or one cannot be written.
        """
        if not isinstance(payload, dict):
            raise TypeError(
                "Expecting a dict object, as JWT only supports JSON objects as "
                "payloads."
            )
        claims = payload.copy()
        for name in ("exp", "iat", "nbf"):
            if isinstance(claims.get(name), datetime):
                claims[name] = timegm(claims[name].utctimetuple())
        if not isinstance(claims.get("iss", ""), str):
            raise TypeError("Issuer (iss) must be a string.")
        text = self._encode_payload(claims, headers=headers, json_encoder=json_encoder)
        return self._jws.encode(
            text, key, algorithm, headers, json_encoder, sort_headers=sort_headers
        )

    def _encode_payload(
        self,
        payload: dict[str, Any],
        headers: dict[str, Any] | None = None,
        json_encoder: type[json.JSONEncoder] | None = None,
    ) -> bytes:
        """Return the bytes that are signed; subclasses may compress them."""
        del headers
        text = json.dumps(
            payload, separators=(",", ":"), cls=json_encoder, allow_nan=False
        )
        return text.encode()

    def decode_complete(
        self,
        jwt: str | bytes,
        key: Any = "",
        algorithms: Sequence[str] | None = None,
        options: Options | None = None,
        verify: bool | None = None,
        detached_payload: bytes | None = None,
        audience: str | Iterable[str] | None = None,
        issuer: str | Container[str] | None = None,
        subject: str | None = None,
        leeway: float | timedelta = 0,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Do as `decode`, and return `header`, `payload` and `signature`."""
        _warn.of_arguments("decode_complete", kwargs)
        verified = (options or {}).get("verify_signature", True)
        if verify is not None and verify != verified:
            _warn.of_verify()
        merged = _merged(self.options, options)
        decoded = self._jws.decode_complete(
            jwt,
            key=key,
            algorithms=algorithms,
            options={
                "verify_signature": verified,
                "enforce_minimum_key_length": merged["enforce_minimum_key_length"],
            },
            detached_payload=detached_payload,
        )
        payload = self._decode_payload(decoded)
        validate(payload, merged, audience, issuer, subject, leeway)
        decoded["payload"] = payload
        return decoded

    def _decode_payload(self, decoded: dict[str, Any]) -> dict[str, Any]:
        """Return the claims in the bytes that were signed."""
        try:
            payload = _rust.json_loads(decoded["payload"])
        except InvalidInputError as error:
            raise DecodeError(f"Invalid payload string: {error}") from None
        if not isinstance(payload, dict):
            raise DecodeError("Invalid payload string: must be a json object")
        return payload

    def decode(
        self,
        jwt: str | bytes,
        key: Any = "",
        algorithms: Sequence[str] | None = None,
        options: Options | None = None,
        verify: bool | None = None,
        detached_payload: bytes | None = None,
        audience: str | Iterable[str] | None = None,
        subject: str | None = None,
        issuer: str | Container[str] | None = None,
        leeway: float | timedelta = 0,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Return the claims of a token that verifies.

        Args:
            jwt: The token.
            key: A secret, a public key, or a `PyJWK`.
            algorithms: Those that are allowed; of a `PyJWK`, its own.
            options: What to leave out or to require: see `types.Options`.
            verify: Does nothing.
            detached_payload: What was signed, if the token leaves it out.
            audience: For whom the token may be.
            subject: About whom it must be.
            issuer: Who may have issued it.
            leeway: By how many seconds, or what timedelta, clocks may differ.
            **kwargs: Unknown arguments are a warning.

        Raises:
            InvalidTokenError: The token must not be trusted; the class says why.
            InvalidKeyError: The key is not for the algorithm.

        >>> token = encode({"sub": "ada"}, "k" * 32)
        >>> decode(token, "k" * 32, algorithms=["HS256"])
        {'sub': 'ada'}
        """
        _warn.of_arguments("decode", kwargs)
        decoded = self.decode_complete(
            jwt,
            key,
            algorithms,
            options,
            verify=verify,
            detached_payload=detached_payload,
            audience=audience,
            subject=subject,
            issuer=issuer,
            leeway=leeway,
        )
        claims: dict[str, Any] = decoded["payload"]
        return claims

    def _validate_iss(
        self, payload: dict[str, Any], issuer: Container[str] | str | None = None
    ) -> None:
        validate_issuer(payload, issuer)


def _merged(defaults: Any, options: Any) -> Any:
    """Return the options with what was left out; without a signature all are off."""
    given = dict(options or {})
    if not given.get("verify_signature", True):
        for name in _OPTIONS:
            if name.startswith("verify_"):
                given.setdefault(name, False)
    return {**defaults, **given}


_OPTIONS: Final = {
    "verify_signature": True,
    "verify_exp": True,
    "verify_nbf": True,
    "verify_iat": True,
    "verify_aud": True,
    "verify_iss": True,
    "verify_sub": True,
    "verify_jti": True,
    "require": [],
    "strict_aud": False,
    "enforce_minimum_key_length": False,
}

_global = PyJWT()
# Algorithms that an application registers are known to both.
_global._jws = api_jws._global  # noqa: SLF001 - the same package
encode = _global.encode
decode_complete = _global.decode_complete
decode = _global.decode
