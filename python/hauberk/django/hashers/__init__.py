"""Password hashers for Django that are argon2, several times faster than Django's.

    PASSWORD_HASHERS = ["hauberk.django.hashers.Argon2PasswordHasher", ...]

It has Django's name (`argon2`), format and parameters, so every hash that Django's own
hasher stored verifies, none is made anew on the switch, and switching back works too.
argon2-cffi is not needed.

`PepperedArgon2PasswordHasher` (`argon2p`) also takes a secret that the database does
not hold, from `HAUBERK["PASSWORDS"]["PEPPERS"]`.

The others only verify, and never stand first: `WrappedPasswordHasher` (`argon2w`) what
`manage.py hauberk_wrap_passwords` made of old hashes, and five with Django's names the
hashes of Django's other hashers, within bounds, in their turn, and without the package
bcrypt.
"""

from hauberk.django.hashers.argon2 import Argon2PasswordHasher as Argon2PasswordHasher
from hauberk.django.hashers.argon2 import (
    PepperedArgon2PasswordHasher as PepperedArgon2PasswordHasher,
)
from hauberk.django.hashers.legacy import BCryptPasswordHasher as BCryptPasswordHasher
from hauberk.django.hashers.legacy import (
    BCryptSHA256PasswordHasher as BCryptSHA256PasswordHasher,
)
from hauberk.django.hashers.legacy import PBKDF2PasswordHasher as PBKDF2PasswordHasher
from hauberk.django.hashers.legacy import (
    PBKDF2SHA1PasswordHasher as PBKDF2SHA1PasswordHasher,
)
from hauberk.django.hashers.legacy import ScryptPasswordHasher as ScryptPasswordHasher
from hauberk.django.hashers.wrapped import (
    WrappedPasswordHasher as WrappedPasswordHasher,
)

__all__ = [
    "Argon2PasswordHasher",
    "BCryptPasswordHasher",
    "BCryptSHA256PasswordHasher",
    "PBKDF2PasswordHasher",
    "PBKDF2SHA1PasswordHasher",
    "PepperedArgon2PasswordHasher",
    "ScryptPasswordHasher",
    "WrappedPasswordHasher",
]
