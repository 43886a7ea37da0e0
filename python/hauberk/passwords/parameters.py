"""What an argon2 hash costs, and the sets of parameters that have names."""

from __future__ import annotations

import enum
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from hauberk import _rust

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = [
    "CHEAPEST",
    "DJANGO",
    "OWASP_19_MIB",
    "RFC_9106_HIGH_MEMORY",
    "RFC_9106_LOW_MEMORY",
    "Parameters",
    "Type",
    "extract_parameters",
]

_LARGEST = (1 << 32) - 1


class Type(enum.Enum):
    """The three functions of RFC 9106; `ID` is the one it recommends."""

    D = 0
    I = 1  # noqa: E741 - RFC 9106 calls it so
    ID = 2


@dataclass(frozen=True, slots=True)
class Parameters:
    """What an argon2 hash costs and how long it is.

    A plain record: what is out of bounds is refused where it is used.

    Attributes:
        type: Which of the three functions.
        version: 19 (RFC 9106), or 16 for hashes from before 2016.
        salt_len: Length of the salt in bytes.
        hash_len: Length of the tag in bytes.
        time_cost: Passes over the memory.
        memory_cost: Memory in kibibytes.
        parallelism: Lanes. They say nothing about the number of threads.
    """

    type: Type
    version: int
    salt_len: int
    hash_len: int
    time_cost: int
    memory_cost: int
    parallelism: int


#: RFC 9106, section 4, second recommended option: 64 MiB. The default.
RFC_9106_LOW_MEMORY = Parameters(
    type=Type.ID,
    version=19,
    salt_len=16,
    hash_len=32,
    time_cost=3,
    memory_cost=65_536,  # 64 MiB
    parallelism=4,
)

#: RFC 9106, section 4, first recommended option. Each hash takes 2 GiB, which wants
#: `set_limits(max_memory=...)`: the default allows 1 GiB for all of them together.
RFC_9106_HIGH_MEMORY = Parameters(
    type=Type.ID,
    version=19,
    salt_len=16,
    hash_len=32,
    time_cost=1,
    memory_cost=2_097_152,  # 2 GiB
    parallelism=4,
)

#: OWASP Password Storage Cheat Sheet, its second equivalent choice: 19 MiB.
OWASP_19_MIB = Parameters(
    type=Type.ID,
    version=19,
    salt_len=16,
    hash_len=32,
    time_cost=2,
    memory_cost=19_456,  # 19 MiB
    parallelism=1,
)

#: What Django's `Argon2PasswordHasher` uses (its salts are 22 characters).
DJANGO = Parameters(
    type=Type.ID,
    version=19,
    salt_len=22,
    hash_len=32,
    time_cost=2,
    memory_cost=102_400,  # 100 MiB
    parallelism=8,
)

#: Only for testing: as cheap as argon2 gets, and no protection.
CHEAPEST = Parameters(
    type=Type.ID,
    version=19,
    salt_len=8,
    hash_len=4,
    time_cost=1,
    memory_cost=8,
    parallelism=1,
)


def extract_parameters(hash: str | Buffer) -> Parameters:
    """Return the parameters that a hash was made with.

    Raises:
        InvalidHashError: The hash is malformed or not argon2's.
        HashParametersError: The hash asks for more than the bounds allow.

    >>> from hauberk.passwords import hash_password
    >>> extract_parameters(hash_password("secret")) == RFC_9106_LOW_MEMORY
    True
    """
    kind, *numbers = _rust.hash_parameters(hash)
    return Parameters(Type(kind), *numbers)


def numbers(parameters: Parameters) -> tuple[int, int, int, int, int, int, int]:
    """Return the parameters in the order and within the range of the extension."""
    kind, *rest = astuple(parameters)
    # What does not fit 32 bits is out of every bound and refused as such.
    fitting = (number if 0 <= number <= _LARGEST else _LARGEST for number in rest)
    version, salt_len, hash_len, time_cost, memory_cost, parallelism = fitting
    return (
        Type(kind).value,
        version,
        salt_len,
        hash_len,
        time_cost,
        memory_cost,
        parallelism,
    )
