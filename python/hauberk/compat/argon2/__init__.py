"""The interface of argon2-cffi 25.1, computed by hauberk.

Change `import argon2` to `from hauberk.compat import argon2` and nothing else. Hashes
are the same text in both directions, so the change can be taken back at any time.

What differs is in docs/migration/argon2-cffi.md; in short: parameters and lengths are
bounded, hashing waits its turn (`hauberk.passwords.set_limits`), and what says nothing
about a password or its hash (`HashMemoryError`, `HashingBusyError`) is no
`VerificationError`.

>>> from hauberk.compat import argon2
>>> hasher = argon2.PasswordHasher.from_parameters(argon2.profiles.CHEAPEST)
>>> hasher.verify(hasher.hash("correct horse"), "correct horse")
True
"""

from hauberk.compat.argon2 import exceptions as exceptions
from hauberk.compat.argon2 import low_level as low_level
from hauberk.compat.argon2 import profiles as profiles
from hauberk.compat.argon2._legacy import hash_password as hash_password
from hauberk.compat.argon2._legacy import hash_password_raw as hash_password_raw
from hauberk.compat.argon2._legacy import verify_password as verify_password
from hauberk.compat.argon2._password_hasher import (
    DEFAULT_HASH_LENGTH as DEFAULT_HASH_LENGTH,
)
from hauberk.compat.argon2._password_hasher import (
    DEFAULT_MEMORY_COST as DEFAULT_MEMORY_COST,
)
from hauberk.compat.argon2._password_hasher import (
    DEFAULT_PARALLELISM as DEFAULT_PARALLELISM,
)
from hauberk.compat.argon2._password_hasher import (
    DEFAULT_RANDOM_SALT_LENGTH as DEFAULT_RANDOM_SALT_LENGTH,
)
from hauberk.compat.argon2._password_hasher import (
    DEFAULT_TIME_COST as DEFAULT_TIME_COST,
)
from hauberk.compat.argon2._password_hasher import PasswordHasher as PasswordHasher
from hauberk.compat.argon2._utils import Parameters as Parameters
from hauberk.compat.argon2._utils import extract_parameters as extract_parameters
from hauberk.compat.argon2.low_level import Type as Type

__all__ = [
    "DEFAULT_HASH_LENGTH",
    "DEFAULT_MEMORY_COST",
    "DEFAULT_PARALLELISM",
    "DEFAULT_RANDOM_SALT_LENGTH",
    "DEFAULT_TIME_COST",
    "Parameters",
    "PasswordHasher",
    "Type",
    "exceptions",
    "extract_parameters",
    "hash_password",
    "hash_password_raw",
    "low_level",
    "profiles",
    "verify_password",
]
