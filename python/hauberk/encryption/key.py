"""One key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hauberk import _rust
from hauberk.encryption._loading import HoldsKeys, at_path, from_environment

if TYPE_CHECKING:
    import os
    from typing import Self

__all__ = ["Key"]


class Key(HoldsKeys):
    """One key: 32 random bytes that never become a Python object, and a random id.

    >>> from hauberk.encryption import Keyring
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
        return cls(at_path(path, _rust.KeyCore.from_file))

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
        value, path = from_environment(name)
        return cls.from_file(path) if path else cls(_rust.KeyCore.from_text(value))

    def save(self, path: str | os.PathLike[str], /) -> None:
        """Write the key to a new file that only its owner can read.

        Raises:
            KeyringError: The file exists or cannot be written.
        """
        at_path(path, self._core.save)

    @property
    def id(self) -> str:
        """The name that ciphertexts carry: eight lower-case hexadecimal digits."""
        return self._core.id()

    def __repr__(self) -> str:
        return f"<Key {self.id}>"
