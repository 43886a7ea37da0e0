"""Parameters, and reading them from a hash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hauberk import passwords
from hauberk.compat.argon2.exceptions import InvalidHashError
from hauberk.exceptions import HashParametersError
from hauberk.passwords import Type  # noqa: TC001 - a dataclass's fields are resolved

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["Parameters", "extract_parameters"]


@dataclass(slots=True)
class Parameters:
    """What an argon2 hash costs and how long it is.

    Unlike `hauberk.passwords.Parameters`, these can be changed: Django does.

    Attributes:
        type: Which of the three functions.
        version: 19; 18 stands for hashes that name no version.
        salt_len: Length of the salt in bytes.
        hash_len: Length of the tag in bytes.
        time_cost: Passes over the memory.
        memory_cost: Memory in kibibytes.
        parallelism: Lanes.
    """

    type: Type
    version: int
    salt_len: int
    hash_len: int
    time_cost: int
    memory_cost: int
    parallelism: int


def extract_parameters(hash: str | Buffer) -> Parameters:
    """Return the parameters that a hash was made with.

    Raises:
        InvalidHashError: The hash is malformed, or could not be verified because it
            asks for more than the bounds allow.

    >>> stored = "$argon2id$v=19$m=8,t=1,p=1$MTIzNDU2Nzg5MDEyMzQ1Ng$maTa5w"
    >>> extract_parameters(stored).memory_cost
    8
    """
    try:
        found = passwords.extract_parameters(hash)
    except HashParametersError as error:
        raise InvalidHashError(str(error)) from None
    text = hash if isinstance(hash, str) else bytes(hash).decode("ascii")
    return Parameters(
        type=found.type,
        # argon2-cffi numbers the hashes without a version after argon2 1.2.
        version=found.version if "$v=" in text else 18,
        salt_len=found.salt_len,
        hash_len=found.hash_len,
        time_cost=found.time_cost,
        memory_cost=found.memory_cost,
        parallelism=found.parallelism,
    )


def _check_types(**arguments: tuple[object, Any]) -> str | None:
    """Return what is wrong with the types of `name=(value, type or types)`."""
    wrong = []
    for name, (value, expected) in arguments.items():
        if not isinstance(value, expected):
            kinds = expected if isinstance(expected, tuple) else (expected,)
            names = ", or ".join(kind.__name__ for kind in kinds)
            wrong.append(f"'{name}' must be a {names} (got {type(value).__name__})")
    return f"{', '.join(wrong)}." if wrong else None
