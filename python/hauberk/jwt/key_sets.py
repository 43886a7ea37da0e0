"""Keys among which a header's `kid` and `alg` choose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any, Self

from hauberk import _rust
from hauberk.exceptions import InvalidKeyError
from hauberk.jwt._sealed import HoldsKeys
from hauberk.jwt.keys import HmacKey, PrivateKey, PublicKey, check_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MAX_KEYS = 100  # as in src/jwt/, which is not asked to read what is far longer


class KeySet(HoldsKeys, _rust.JwtKeySet):
    """Up to 100 keys that verify; of a private key, its public half.

    A token's `kid` and `alg` only choose among them, and each key verifies with its own
    algorithm alone. A token without `kid` fits the only key of its algorithm; keys
    without a `kid`, of which there are at most 8 for an algorithm, are tried in their
    order.

    Args:
        keys: The keys.

    Raises:
        InvalidKeyError: There is no key or too many, or one `kid` stands for two.

    >>> KeySet([PrivateKey.generate("EdDSA", kid="2026"), HmacKey.generate()])
    <KeySet of 2 keys>
    """

    __slots__ = ()

    def __new__(cls, keys: Iterable[HmacKey | PrivateKey | PublicKey]) -> Self:  # noqa: D102
        return super().__new__(cls, _core(keys))

    @classmethod
    def from_jwks(
        cls, jwks: Mapping[str, Any] | str | bytes, *, algs: Sequence[str]
    ) -> Self:
        """Read a JWK set (RFC 7517, section 5).

        Keys for other algorithms, of unknown types and for another use are left out. A
        JWK without `alg` gets the first of `algs` that is for its type and curve.

        Args:
            jwks: A mapping with `keys`, or its JSON text of at most 512 KiB.
            algs: The algorithms that keys may be for, in the order in which a JWK
                without `alg` tries them. Whoever writes the set does not choose beyond
                them.

        Raises:
            InvalidKeyError: This is no JWK set; or no key is left, or there are more
                than 100; or a key is malformed, weak or private, or a secret although
                `algs` names no HMAC algorithm; or one `kid` stands for two; or `algs`
                is empty or names what is no algorithm.
            TypeError: `algs` is one str, or a set, which has no order.

        >>> jwks = KeySet([PrivateKey.generate("ES256", kid="1")]).to_jwks()
        >>> KeySet.from_jwks(jwks, algs=["ES256"])
        <KeySet of 1 keys>
        """
        algs = algorithms(algs)
        if isinstance(jwks, Mapping):
            keys = jwks.get("keys")
            if isinstance(keys, list | tuple) and len(keys) > _MAX_KEYS:
                raise InvalidKeyError("A JWK set has at most 100 keys.")
        return super().__new__(cls, _rust.jwt_key_set_from_jwks(jwks, algs))

    def to_jwks(self) -> dict[str, Any]:
        """Return the public keys as a JWK set, to be published.

        Raises:
            InvalidKeyError: One of the keys is a shared secret.
        """
        return self.jwt_jwks()

    def __iter__(self) -> Iterator[HmacKey | PublicKey]:
        """Yield the keys that verify, in their order."""
        for key in self.jwt_keys():
            kind = HmacKey if key.alg.startswith("HS") else PublicKey
            yield kind._wrap(key)  # noqa: SLF001 - a private constructor of ours

    def __repr__(self) -> str:
        return f"<KeySet of {len(self)} keys>"


def algorithms(algs: Sequence[str]) -> list[str]:
    """Return the names of algorithms that keys may be for, in their order.

    Raises:
        InvalidKeyError: There is none, or one is unknown.
        TypeError: This is one str, or a set.
    """
    if isinstance(algs, str | AbstractSet):
        # Which algorithm a key gets must not depend on how strings are hashed today.
        raise TypeError("algs is a list or tuple of names, not one str or a set.")
    return _rust.jwt_algorithms(list(algs))


def key_set(
    keys: HmacKey | PrivateKey | PublicKey | KeySet | Iterable[Any],
) -> _rust.JwtKeySet:
    """Return a set of one key or several, or the set that it is already."""
    if isinstance(keys, _rust.JwtKeySet):
        return keys
    if not isinstance(keys, _rust.JwtKey | Iterable):
        kind = type(keys).__name__
        raise TypeError(f"Keys are expected, not {kind}; of a RemoteKeySet, its get().")
    if isinstance(keys, _rust.JwtKey | str | bytes | bytearray):
        return _core([keys])
    return _core(keys)


def _core(keys: Iterable[Any]) -> _rust.JwtKeySet:
    some = []
    for key in keys:
        check_key(key)
        some.append(key)
        if len(some) > _MAX_KEYS:
            break  # Rust says that this is too many
    return _rust.jwt_key_set(some)
