"""Sets of parameters for `PasswordHasher.from_parameters`."""

from dataclasses import astuple

from hauberk import passwords
from hauberk.compat.argon2._utils import Parameters
from hauberk.compat.argon2.low_level import Type

__all__ = [
    "CHEAPEST",
    "PRE_21_2",
    "RFC_9106_HIGH_MEMORY",
    "RFC_9106_LOW_MEMORY",
    "get_default_parameters",
]

#: RFC 9106, section 4, first recommended option. Each hash takes 2 GiB, which wants
#: `hauberk.passwords.set_limits(max_memory=...)` first.
RFC_9106_HIGH_MEMORY = Parameters(*astuple(passwords.RFC_9106_HIGH_MEMORY))

#: RFC 9106, section 4, second recommended option: 64 MiB. The default.
RFC_9106_LOW_MEMORY = Parameters(*astuple(passwords.RFC_9106_LOW_MEMORY))

#: What argon2-cffi 18.2 to 21.1 took by default.
PRE_21_2 = Parameters(
    type=Type.ID,
    version=19,
    salt_len=16,
    hash_len=16,
    time_cost=2,
    memory_cost=102_400,  # 100 MiB
    parallelism=8,
)

#: Only for testing: as cheap as argon2 gets, and no protection.
CHEAPEST = Parameters(*astuple(passwords.CHEAPEST))


def get_default_parameters() -> Parameters:
    """Return what `PasswordHasher` takes by default, the same on every platform."""
    return RFC_9106_LOW_MEMORY
