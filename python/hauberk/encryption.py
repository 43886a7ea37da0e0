"""Encryption of values: columns, documents, cookies.

A `Keyring` holds the keys of an application. `keyring.cipher(context)` gives a `Cipher`
for one kind of value; a ciphertext opens only in the context that it was sealed in,
under the key whose id it carries. Keys come from the operating system's randomness and
stay in memory that Python does not see.

The threats answered are a stolen database without its keys, and ciphertexts that were
altered or moved. What shows: the length of a value, and which key sealed it.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

from hauberk import _rust
from hauberk._rust import Cipher
from hauberk.exceptions import ConfigurationError, KeyringError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Literal, Self

T = TypeVar("T")

__all__ = [
    "Cipher",
    "Key",
    "KeyInfo",
    "KeyState",
    "Keyring",
    "set_nonce_source",
]


class KeyState(StrEnum):
    """What a key may be used for.

    Attributes:
        PRIMARY: Encrypts and decrypts. Exactly one key of a keyring.
        ACTIVE: Decrypts.
        DISABLED: Does nothing until it is enabled.
        DESTROYED: Is gone; only its id is left, so that errors can name it.
    """

    PRIMARY = "PRIMARY"
    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"
    DESTROYED = "DESTROYED"


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """What may be known of a key.

    Attributes:
        id: The name that ciphertexts carry: eight lower-case hexadecimal digits.
        state: Its part in encryption.
        created: When it was first added to a keyring, in UTC.
        index_state: Its part in blind indexes, which rotate at a pace of their own.
    """

    id: str
    state: KeyState
    created: datetime
    index_state: KeyState


class _HoldsKeys:
    """Refuses to be pickled or copied: keys would leave the memory that is wiped."""

    __slots__ = ()

    def __reduce__(self) -> NoReturn:
        name = type(self).__name__
        message = (
            f"A {name} holds keys and cannot be pickled or copied; load it where it is "
            "needed."
        )
        raise TypeError(message)


class Key(_HoldsKeys):
    """One key: 32 random bytes that never become a Python object, and a random id.

    >>> key = Key.generate()
    >>> keyring = Keyring.generate()
    >>> keyring.add(key)
    >>> [info.state.value for info in keyring.keys]
    ['PRIMARY', 'ACTIVE']
    """

    __slots__ = ("_core",)

    def __init__(self, core: _rust.KeyCore, /) -> None:
        self._core = core

    @classmethod
    def generate(cls) -> Self:
        """Return a new key.

        Raises:
            RandomnessUnavailableError: The operating system gave no randomness.
        """
        return cls(_rust.KeyCore.generate())

    @classmethod
    def from_file(cls, path: str | os.PathLike[str], /) -> Self:
        """Return the key in a file, as `save()` writes it.

        Args:
            path: A file that only its owner can read (mode 0600).

        Raises:
            KeyringError: The file cannot be read, others can read it as well, or it
                holds no key.
        """
        return cls(_at(path, _rust.KeyCore.from_file))

    @classmethod
    def from_env(cls, name: str, /) -> Self:
        """Return the key in an environment variable.

        The interpreter keeps copies of its environment, and children inherit it. Better
        name a file in the variable `<name>_FILE`, which is looked at as well.

        Args:
            name: The variable. Its value, `hbk1.<id>.<key>.<checksum>`, is the content
                of a file of `save()`.

        Raises:
            ConfigurationError: Neither variable is set, or both are.
            KeyringError: The value is no key, or as for `from_file()`.
        """
        value, path = _environment(name)
        return cls.from_file(path) if path else cls(_rust.KeyCore.from_text(value))

    def save(self, path: str | os.PathLike[str], /) -> None:
        """Write the key to a new file that only its owner can read.

        Raises:
            KeyringError: The file exists or cannot be written.
        """
        _at(path, self._core.save)

    @property
    def id(self) -> str:
        """The name that ciphertexts carry: eight lower-case hexadecimal digits."""
        return self._core.id()

    def __repr__(self) -> str:
        return f"<Key {self.id}>"


class Keyring(_HoldsKeys):
    """The keys of an application and what each may still be used for.

    Rotating never leaves a process unable to read: `add()` a key and deploy that
    everywhere, `promote()` it and deploy that, encrypt the old values anew, `disable()`
    the old key, and when nothing names it any more, `destroy()` it. Ciphers follow
    these changes.

    A keyring may be used by any number of threads.

    >>> keyring = Keyring.generate()
    >>> cipher = keyring.cipher("shop.Order.address")
    >>> sealed = cipher.encrypt_text("1 Main Street")
    >>> key = Key.generate()
    >>> keyring.add(key)
    >>> keyring.promote(key.id)
    >>> cipher.key_id(cipher.encrypt_text("2 Main Street")) == key.id
    True
    >>> cipher.decrypt_text(sealed)
    '1 Main Street'
    """

    __slots__ = ("_core",)

    def __init__(self, core: _rust.KeyringCore, /) -> None:
        self._core = core

    @classmethod
    def generate(cls) -> Self:
        """Return a keyring with one new key, which is primary.

        Raises:
            RandomnessUnavailableError: The operating system gave no randomness.
        """
        return cls(_rust.KeyringCore.generate())

    @classmethod
    def from_file(cls, path: str | os.PathLike[str], /) -> Self:
        """Return the keyring in a file, as `save()` writes it.

        Args:
            path: A file that only its owner can read (mode 0600).

        Raises:
            KeyringError: The file cannot be read, others can read it as well, or it
                holds no keyring.
        """
        return cls(_at(path, _rust.KeyringCore.from_file))

    @classmethod
    def from_env(cls, name: str, /) -> Self:
        """Return the keyring in an environment variable.

        The interpreter keeps copies of its environment, and children inherit it. Better
        name a file in the variable `<name>_FILE`, which is looked at as well.

        Args:
            name: The variable, `"HAUBERK_KEYS"` for instance. Its value is the content
                of a file of `save()`.

        Raises:
            ConfigurationError: Neither variable is set, or both are.
            KeyringError: The value is no keyring, or as for `from_file()`.
        """
        value, path = _environment(name)
        if path:
            return cls.from_file(path)
        return cls(_rust.KeyringCore.from_json(value))

    @classmethod
    def from_dict(cls, document: Mapping[str, Any], /) -> Self:
        """Return the keyring that a file of `save()` holds, read as JSON.

        The keys in the mapping are Python objects that cannot be wiped: `from_file()`
        is better wherever there is a file.

        Raises:
            KeyringError: The mapping describes no keyring.
        """
        return cls(_rust.KeyringCore.from_json(json.dumps(document)))

    def save(self, path: str | os.PathLike[str], /) -> None:
        """Replace a file, or make it, in one step; only its owner can read it.

        Raises:
            KeyringError: The file cannot be written. Or the one that is there is not
                what this keyring was last loaded from or saved as, because another
                process changed it: load it again and repeat what was changed.
        """
        _at(path, self._core.save)

    def cipher(self, context: str, /) -> Cipher:
        """Return what encrypts and decrypts the values of one context.

        Keep it: deriving its keys costs more than encrypting a short value.

        Args:
            context: What the values are, `"shop.Order.address"` for instance. What is
                sealed in one context opens in no other, so never change it.
        """
        return self._core.cipher(context)

    def add(self, key: Key, /) -> None:
        """Add a key that decrypts and does not encrypt yet.

        Raises:
            KeyringError: The keyring has this key, or another of the same id.
        """
        self._core.add(key._core)  # noqa: SLF001 - the same module

    def promote(self, key_id: str, /) -> None:
        """Make an active key the primary one; the one before stays active.

        Raises:
            UnknownKeyError: The keyring has no such key.
            KeyringError: The key is disabled or destroyed.
        """
        self._core.promote(key_id)

    def promote_index(self, key_id: str, /) -> None:
        """Make an active key the one that writes blind indexes.

        Raises:
            UnknownKeyError: The keyring has no such key.
            KeyringError: The key is disabled or destroyed.
        """
        self._core.promote_index(key_id)

    def disable(self, key_id: str, /) -> None:
        """Stop an active key from decrypting, until it is enabled again.

        Raises:
            UnknownKeyError: The keyring has no such key.
            KeyringError: The key is primary or destroyed.
        """
        self._core.disable(key_id)

    def enable(self, key_id: str, /) -> None:
        """Let a disabled key decrypt again.

        Raises:
            UnknownKeyError: The keyring has no such key.
            KeyringError: The key is destroyed.
        """
        self._core.enable(key_id)

    def destroy(self, key_id: str, /) -> None:
        """Wipe a key for good. What it sealed is lost; its id stays on record.

        What ciphers derived from it is wiped when they are used next.

        Raises:
            UnknownKeyError: The keyring has no such key.
            KeyringError: The key is primary, for values or for blind indexes.
        """
        self._core.destroy(key_id)

    @property
    def primary_id(self) -> str:
        """The id of the key that encrypts."""
        return self._core.primary_id()

    @property
    def keys(self) -> tuple[KeyInfo, ...]:
        """What may be known of each key, in the order in which they were added."""
        return tuple(
            KeyInfo(
                id=key_id,
                state=KeyState(state),
                created=datetime.fromtimestamp(seconds, UTC),
                index_state=KeyState(index_state),
            )
            for key_id, state, index_state, seconds in self._core.entries()
        )

    def __repr__(self) -> str:
        keys = self._core.entries()
        plural = "" if len(keys) == 1 else "s"
        return f"<Keyring of {len(keys)} key{plural}, primary {self.primary_id}>"


def set_nonce_source(source: Literal["os", "generator"], /) -> None:
    """Choose where nonces come from, for the whole process.

    Args:
        source: `"generator"`, which is the default, survives `fork()` and takes about
            20 ns. `"os"` asks the operating system for each nonce, and is required
            where snapshots of a running machine are restored (Lambda SnapStart,
            Firecracker, CRIU), because these repeat the generator's state. The
            environment variable `HAUBERK_RNG` chooses at start-up.

    Raises:
        ConfigurationError: `source` is neither of the two.

    >>> set_nonce_source("os")
    >>> set_nonce_source("generator")
    """
    _rust.set_nonce_source(source)


def _environment(name: str) -> tuple[str, str | None]:
    """Return the value of `name`, or the path in `<name>_FILE`."""
    value, path = os.environ.get(name), os.environ.get(name + _FILE)
    if value is None and path is None:
        message = (
            f"Neither of the environment variables {name} and {name}{_FILE} is set."
        )
        raise ConfigurationError(message)
    if value is not None and path is not None:
        message = (
            f"Both environment variables {name} and {name}{_FILE} are set; unset one."
        )
        raise ConfigurationError(message)
    return value or "", path


def _at(path: str | os.PathLike[str], action: Callable[[str], T], /) -> T:
    """Run a file's action; the error says which file."""
    try:
        return action(os.fspath(path))
    except KeyringError as error:
        raise KeyringError(f"{os.fspath(path)}: {error}") from None


_FILE: Final = "_FILE"
