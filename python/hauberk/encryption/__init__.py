"""Encryption of values: columns, documents, cookies.

A `Keyring` holds the keys of an application. `keyring.cipher(context)` gives a `Cipher`
for one kind of value; a ciphertext opens only in the context that it was sealed in,
under the key whose id it carries. Keys come from the operating system's randomness and
stay in memory that Python does not see.

Columns that are searched have a `keyring.blind_index(context)` beside them, or are
sealed by `keyring.deterministic(context)`; both show which values are equal.

The threats answered are a stolen database without its keys, and ciphertexts that were
altered or moved. What shows: the length of a value, and which key sealed it.
"""

from hauberk._rust import BlindIndex as BlindIndex
from hauberk._rust import Cipher as Cipher
from hauberk._rust import DeterministicCipher as DeterministicCipher
from hauberk.encryption.key import Key as Key
from hauberk.encryption.keyring import Keyring as Keyring
from hauberk.encryption.nonces import set_nonce_source as set_nonce_source
from hauberk.encryption.states import KeyInfo as KeyInfo
from hauberk.encryption.states import KeyState as KeyState

__all__ = [
    "BlindIndex",
    "Cipher",
    "DeterministicCipher",
    "Key",
    "KeyInfo",
    "KeyState",
    "Keyring",
    "set_nonce_source",
]
