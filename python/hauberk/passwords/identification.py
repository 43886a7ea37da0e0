"""What a stored hash is, without its salt and its digest."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from hauberk import _rust
from hauberk.passwords.parameters import Parameters, Type, extract_parameters
from hauberk.passwords.stored import Argon2Hash, WrappedHash, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Buffer

__all__ = ["HashInfo", "identify"]


@dataclass(frozen=True, slots=True)
class HashInfo:
    """What can be said of a hash, and may be shown and logged.

    Attributes:
        scheme: `argon2id`, `argon2i`, `argon2d`, `pbkdf2_sha256` (or another hash
            function), `scrypt`, `bcrypt` or `bcrypt_sha256`.
        costs: What the scheme was asked to spend: `memory_cost`, `time_cost` and
            `parallelism`; `iterations`; `n`, `r` and `p`; or `cost`.
        parameters: Argon2's, of the hash itself or of what wraps it; None for an older
            scheme that is not wrapped.
        pepper: The id of the pepper.
        wrapped: Whether argon2 has been put over a hash of the scheme.
    """

    scheme: str
    costs: Mapping[str, int]
    parameters: Parameters | None = None
    pepper: str | None = None
    wrapped: bool = False

    @property
    def legacy(self) -> bool:
        """Whether the scheme is another than argon2, wrapped or not."""
        return not self.scheme.startswith("argon2")


def identify(hash: str | Buffer) -> HashInfo:
    """Return what a hash was made with.

    Raises:
        InvalidHashError: The hash is malformed or of an unknown scheme.
        HashParametersError: The hash asks for more than the bounds allow.

    >>> identify("pbkdf2:sha256:1000$salt$" + 64 * "0").scheme
    'pbkdf2_sha256'
    """
    stored = read(hash)
    if isinstance(stored, Argon2Hash):
        found = extract_parameters(stored.encoded)
        costs = {
            "memory_cost": found.memory_cost,
            "time_cost": found.time_cost,
            "parallelism": found.parallelism,
        }
        return HashInfo(
            scheme=f"argon2{found.type.name.lower()}",
            costs=MappingProxyType(costs),
            parameters=found,
            pepper=_rust.hash_pepper(stored.encoded),
        )
    scheme = stored.scheme
    inner = MappingProxyType(dict(scheme.costs))
    if isinstance(stored, WrappedHash):
        kind, *numbers = stored.numbers
        outer = Parameters(Type(kind), *numbers)
        return HashInfo(scheme.name, inner, outer, stored.pepper, wrapped=True)
    return HashInfo(scheme.name, inner)
