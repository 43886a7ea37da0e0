"""JWKs and JWK sets."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from hauberk import _rust
from hauberk.compat.jwt.algorithms import get_default_algorithms
from hauberk.compat.jwt.exceptions import (
    InvalidKeyError,
    PyJWKError,
    PyJWKSetError,
    PyJWTError,
)
from hauberk.exceptions import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hauberk.compat.jwt.types import JWKDict

__all__ = ["PyJWK", "PyJWKSet", "PyJWTSetWithTimestamp"]

_MAX_KEYS = 100


class PyJWK:
    """A JWK and the one algorithm that its key is for.

    Args:
        jwk_data: The JWK.
        algorithm: The algorithm, by default the JWK's `alg`, or the one that is usual
            for its type and curve.

    Raises:
        InvalidKeyError: The JWK is malformed, or of an unknown type or curve.
        PyJWKError: The algorithm is not known.
    """

    def __init__(self, jwk_data: JWKDict, algorithm: str | None = None) -> None:
        self._jwk_data = jwk_data
        algorithm = algorithm or jwk_data.get("alg") or _usual(jwk_data)
        algorithms = get_default_algorithms()
        if not isinstance(algorithm, str) or algorithm not in algorithms:
            raise PyJWKError(f"Unable to find an algorithm for key: {algorithm}")
        self.algorithm_name: str = algorithm
        self.Algorithm = algorithms[algorithm]
        self.key: Any = self.Algorithm.from_jwk(jwk_data)
        #: The same key, ready to be used.
        self.prepared: Any = self.Algorithm.prepare_key(self.key)

    @staticmethod
    def from_dict(obj: JWKDict, algorithm: str | None = None) -> PyJWK:
        """Return the key in a JWK."""
        return PyJWK(obj, algorithm)

    @staticmethod
    def from_json(data: str, algorithm: str | None = None) -> PyJWK:
        """Return the key in the JSON text of a JWK."""
        return PyJWK(_read(data, InvalidKeyError), algorithm)

    @property
    def key_type(self) -> str | None:
        """The `kty`."""
        return self._jwk_data.get("kty")

    @property
    def key_id(self) -> str | None:
        """The `kid`."""
        return self._jwk_data.get("kid")

    @property
    def public_key_use(self) -> str | None:
        """The `use`."""
        return self._jwk_data.get("use")

    def __repr__(self) -> str:
        return f"<PyJWK alg={self.algorithm_name!r} kid={self.key_id!r}>"


class PyJWKSet:
    """The keys of a JWK set that can be used, at most 100.

    Args:
        keys: JWKs. Those that cannot be used are left out.

    Raises:
        PyJWKSetError: There is none that can be used.
    """

    def __init__(self, keys: list[JWKDict]) -> None:
        if not isinstance(keys, list):
            raise PyJWKSetError("Invalid JWK Set value")
        if not keys:
            raise PyJWKSetError("The JWK Set did not contain any keys")
        if len(keys) > _MAX_KEYS:
            raise PyJWKSetError("The JWK Set has more than 100 keys")
        self.keys: list[PyJWK] = []
        for key in keys:
            try:
                if isinstance(key, dict):
                    self.keys.append(PyJWK(key))
            except PyJWTError:
                # Of a type or for a use that this program does not know.
                continue
        if not self.keys:
            raise PyJWKSetError(
                "The JWK Set did not contain any usable keys. Perhaps 'cryptography' "
                "is not installed?"
            )

    @staticmethod
    def from_dict(obj: dict[str, Any]) -> PyJWKSet:
        """Return the keys of a JWK set."""
        return PyJWKSet(obj.get("keys", []))

    @staticmethod
    def from_json(data: str) -> PyJWKSet:
        """Return the keys of a JWK set in JSON text."""
        return PyJWKSet.from_dict(_read(data, PyJWKSetError))

    def __getitem__(self, kid: str) -> PyJWK:
        """Return the key of that name.

        Raises:
            KeyError: There is none.
        """
        for key in self.keys:
            if key.key_id == kid:
                return key
        raise KeyError(f"keyset has no key for kid: {kid}")

    def __iter__(self) -> Iterator[PyJWK]:
        """Yield the keys."""
        return iter(self.keys)


class PyJWTSetWithTimestamp:
    """A set and when it was made."""

    def __init__(self, jwk_set: PyJWKSet) -> None:
        self.jwk_set = jwk_set
        self.timestamp = time.monotonic()

    def get_jwk_set(self) -> PyJWKSet:
        """Return the set."""
        return self.jwk_set

    def get_timestamp(self) -> float:
        """Return when it was made, in seconds of a clock that never goes back."""
        return self.timestamp


def _usual(jwk: JWKDict) -> str:
    kty, curve = jwk.get("kty"), jwk.get("crv")
    if not kty:
        raise InvalidKeyError("kty is not found")
    if not isinstance(kty, str):
        raise InvalidKeyError("kty is no text")
    if kty in _BY_CURVE:
        if not isinstance(curve, str) or curve not in _BY_CURVE[kty]:
            raise InvalidKeyError(f"Unsupported crv: {curve}")
        return _BY_CURVE[kty][curve]
    if kty not in _BY_TYPE:
        raise InvalidKeyError(f"Unsupported kty: {kty}")
    return _BY_TYPE[kty]


def _read(data: str, error: type[PyJWTError]) -> dict[str, Any]:
    try:
        found = _rust.json_loads(data)
    except (InvalidInputError, TypeError):
        raise error("Not valid JSON") from None
    if not isinstance(found, dict):
        raise error("Not a JSON object")
    return found


_BY_CURVE: dict[str, dict[Any, str]] = {
    "EC": {
        "P-256": "ES256",
        "P-384": "ES384",
        "P-521": "ES512",
        "secp256k1": "ES256K",
    },
    "OKP": {"Ed25519": "EdDSA"},
}
_BY_TYPE = {"RSA": "RS256", "oct": "HS256"}
