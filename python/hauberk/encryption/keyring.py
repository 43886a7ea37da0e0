"""The keys of an application."""

from __future__ import annotations

import json
import logging
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from hauberk import _rust
from hauberk.encryption._loading import HoldsKeys, at_path, from_environment
from hauberk.encryption._normalizers import options_of
from hauberk.encryption.states import KeyInfo, KeyState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from hauberk._rust import BlindIndex, Cipher, DeterministicCipher
    from hauberk.encryption._normalizers import Normalizer
    from hauberk.encryption.key import Key

__all__ = ["Keyring"]


class Keyring(HoldsKeys):
    """The keys of an application and what each may still be used for.

    Rotating never leaves a process unable to read: `add()` a key and deploy that
    everywhere, `promote()` it and deploy that, encrypt the old values anew, `disable()`
    the old key, and when nothing names it any more, `destroy()` it. Ciphers follow
    these changes.

    A keyring may be used by any number of threads.

    >>> from hauberk.encryption import Key
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
        """Return the keyring in a file, as `save()` writes it, and follow the file.

        What another process makes of the file (`hauberk keys promote`, say) is taken
        over when the keyring or a cipher of it is used a second later or more, whole
        and without a restart. A file that is broken or gone changes nothing; that is
        logged once, by `hauberk.encryption`. A keyring that was changed itself follows
        again once it is saved there.

        Args:
            path: A file that only its owner can read (mode 0600).

        Raises:
            KeyringError: The file cannot be read, others can read it as well, or it
                holds no keyring.
        """
        name = os.fspath(path)

        def report(error: Exception) -> None:
            _log.error("%s cannot be followed and is used as it was: %s", name, error)

        return cls(
            at_path(path, lambda path: _rust.KeyringCore.from_file(path, report))
        )

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
        value, path = from_environment(name)
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

        A file that is replaced keeps its owner, whoever saves; a symbolic link is
        followed.

        Raises:
            KeyringError: The file cannot be written. Or the one that is there is not
                what this keyring was last loaded from or saved as, because another
                process changed it: load it again and repeat what was changed.
        """
        at_path(path, self._core.save)

    def cipher(self, context: str, /) -> Cipher:
        """Return what encrypts and decrypts the values of one context.

        Keep it: deriving its keys costs more than encrypting a short value.

        Args:
            context: What the values are, `"shop.Order.address"` for instance. What is
                sealed in one context opens in no other, so never change it.
        """
        return self._core.cipher(context)

    def deterministic(self, context: str, /) -> DeterministicCipher:
        """Return what encrypts equal values of one context into equal ciphertexts.

        For columns that have to be compared and have no room for a blind index beside
        them. Keep it, as a cipher.

        Args:
            context: What the values are. What is sealed in one context opens in no
                other, nor by `cipher()` in the same, so never change it.
        """
        return self._core.deterministic(context)

    def blind_index(
        self,
        context: str,
        name: str = "default",
        /,
        *,
        bits: int = 128,
        normalize: Normalizer | None = None,
    ) -> BlindIndex:
        """Return what computes the values by which a column of ciphertexts is searched.

        Keep it, as a cipher. None of these arguments can be changed later without
        computing the index of every row anew.

        Args:
            context: The column whose values are indexed.
            name: The index's name among those of its context.
            bits: The length of an index, 1 to 256. From 128 on an index stands for one
                value; a shorter one hides more and finds other values' rows as well.
            normalize: What makes values alike: `"casefold"` (lower case, as Unicode has
                it, and NFC), `"email"` (that, without white space around it),
                `"digits"` (decimal digits alone, written in ASCII), or a function from
                text to text with an attribute `label`, a name with a version such as
                `"phone/1"`, which takes part in the key: give a changed function
                another.

        Raises:
            InvalidInputError: `bits` is out of range.
            ConfigurationError: `normalize` is none of these.

        >>> keyring = Keyring.generate()
        >>> index = keyring.blind_index("auth.User.email", normalize="email")
        >>> index.compute("Ann@Example.org") == index.compute("ann@example.org ")
        True
        """
        known, function, label = options_of(normalize)
        return self._core.blind_index(context, name, bits, known, function, label)

    def export_tink_cleartext(
        self, context: str, /, *, deterministic: bool = False
    ) -> str:
        """Return the keys of one context as a Tink keyset in JSON, not encrypted.

        With it Tink, in any language, reads what the context's cipher wrote as bytes,
        and writes what it reads. Whoever has the keyset can do both, in this context
        and no other. Disabled keys are not in it. Python cannot wipe the text.

        Args:
            context: The context of `cipher()`.
            deterministic: Whether to export the keys of `deterministic()` instead.
        """
        return self._core.export_tink(context, deterministic)

    @staticmethod
    def import_tink(keyset: str | bytes, /) -> Cipher:
        """Return a cipher for the ciphertexts of a Tink keyset.

        Its keys are used as they are, without a context: what Tink wrote is read, and
        the other way round. Text works as well, between ciphers that are made here.

        Args:
            keyset: JSON that is not encrypted, as `JsonKeysetWriter` and
                `cleartext_keyset_handle` write it, with keys of the template
                `XAES_256_GCM_192_BIT_NONCE`.

        Raises:
            KeyringError: It is no such keyset.

        >>> keyring = Keyring.generate()
        >>> sealed = keyring.cipher("shop.Order.address").encrypt(b"1 Main Street")
        >>> keyset = keyring.export_tink_cleartext("shop.Order.address")
        >>> Keyring.import_tink(keyset).decrypt(sealed)
        b'1 Main Street'
        """
        return _rust.KeyringCore.import_tink(keyset)

    def add(self, key: Key, /) -> None:
        """Add a key that decrypts and does not encrypt yet.

        Raises:
            KeyringError: The keyring has this key, or another of the same id.
        """
        self._core.add(key._core)  # noqa: SLF001 - the same package

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

    def disable_index(self, key_id: str, /) -> None:
        """Stop an active key from finding rows by its blind indexes.

        Raises:
            UnknownKeyError: The keyring has no such key.
            KeyringError: The key writes indexes, or is destroyed.
        """
        self._core.disable_index(key_id)

    def enable(self, key_id: str, /) -> None:
        """Let a disabled key decrypt again.

        Raises:
            UnknownKeyError: The keyring has no such key.
            KeyringError: The key is destroyed.
        """
        self._core.enable(key_id)

    def enable_index(self, key_id: str, /) -> None:
        """Let a disabled key find rows by its blind indexes again.

        Raises:
            UnknownKeyError: The keyring has no such key.
            KeyringError: The key is destroyed.
        """
        self._core.enable_index(key_id)

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


_log: Final = logging.getLogger("hauberk.encryption")
