"""Passwords, hashed with argon2 (RFC 9106).

Hashes that other packages made with older schemes verify and are made anew when their
users log in, or wrapped before: see `hauberk.passwords.legacy`.

Everything here takes `(hash, password)`, in this order. A hash is text in the form that
every argon2 library reads, `$argon2id$v=19$m=65536,t=3,p=4$<salt>$<tag>`; a password is
text (hashed as UTF-8) or bytes.

The global interpreter lock is released while a hash is computed, and the memory it was
computed in is wiped. How many are computed at once, and how much memory they take
together, is bounded: see `set_limits`.
"""

from hauberk.passwords.calibration import calibrate as calibrate
from hauberk.passwords.functions import hash_password as hash_password
from hauberk.passwords.functions import needs_rehash as needs_rehash
from hauberk.passwords.functions import verify_password as verify_password
from hauberk.passwords.hasher import PasswordHasher as PasswordHasher
from hauberk.passwords.identification import HashInfo as HashInfo
from hauberk.passwords.identification import identify as identify
from hauberk.passwords.limits import Limits as Limits
from hauberk.passwords.limits import Stats as Stats
from hauberk.passwords.limits import limits as limits
from hauberk.passwords.limits import set_limits as set_limits
from hauberk.passwords.limits import stats as stats
from hauberk.passwords.parameters import CHEAPEST as CHEAPEST
from hauberk.passwords.parameters import DJANGO as DJANGO
from hauberk.passwords.parameters import OWASP_19_MIB as OWASP_19_MIB
from hauberk.passwords.parameters import RFC_9106_HIGH_MEMORY as RFC_9106_HIGH_MEMORY
from hauberk.passwords.parameters import RFC_9106_LOW_MEMORY as RFC_9106_LOW_MEMORY
from hauberk.passwords.parameters import Parameters as Parameters
from hauberk.passwords.parameters import Type as Type
from hauberk.passwords.parameters import extract_parameters as extract_parameters
from hauberk.passwords.peppers import Peppers as Peppers
from hauberk.passwords.peppers import pepper_id as pepper_id

__all__ = [
    "CHEAPEST",
    "DJANGO",
    "OWASP_19_MIB",
    "RFC_9106_HIGH_MEMORY",
    "RFC_9106_LOW_MEMORY",
    "HashInfo",
    "Limits",
    "Parameters",
    "PasswordHasher",
    "Peppers",
    "Stats",
    "Type",
    "calibrate",
    "extract_parameters",
    "hash_password",
    "identify",
    "limits",
    "needs_rehash",
    "pepper_id",
    "set_limits",
    "stats",
    "verify_password",
]
