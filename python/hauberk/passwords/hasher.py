"""The class that hashes and verifies passwords."""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING, Literal, Self

from hauberk import _rust
from hauberk.exceptions import (
    HashParametersError,
    InvalidHashError,
    InvalidInputError,
    VerifyMismatchError,
)
from hauberk.passwords import normalization, verification
from hauberk.passwords.legacy import OldHash
from hauberk.passwords.parameters import (
    RFC_9106_LOW_MEMORY,
    Parameters,
    Type,
    numbers,
)
from hauberk.passwords.pending import in_turn
from hauberk.passwords.refusals import report
from hauberk.passwords.stored import Argon2Hash, WrappedHash, read

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from hauberk.passwords.normalization import Form
    from hauberk.passwords.peppers import Peppers

__all__ = ["PasswordHasher"]


class PasswordHasher:
    """Hash and verify passwords with argon2.

    The defaults are RFC 9106's second recommended option, as in argon2-cffi, whose
    class of this name it replaces. One instance serves a whole application, in any
    number of threads.

    Args:
        time_cost: Passes over the memory, 1 to 64.
        memory_cost: In kibibytes, at least 8 times `parallelism`, and at most 8 388 608
            when multiplied by `time_cost`. What all hashes may take together is bounded
            by `set_limits`.
        parallelism: Lanes, 1 to 64.
        hash_len: Length of the tag in bytes, 4 to 256.
        salt_len: Length of fresh salts in bytes, 8 to 64.
        type: Which of the three functions; leave it at `Type.ID`.
        peppers: Secrets that go into the hashes, by their ids, the current one first
            (see `Peppers`). Hashes without a pepper or with an older one verify and
            ask for a rehash.
        pepper_new_hashes: False where peppers are being given up: they verify, and new
            hashes have none.
        normalize: `"NFKC"` if text that looks the same shall be the same password,
            however a keyboard composes it. A hash of the password as it was typed
            still verifies, and is made anew by `verify_and_update`. Bytes, and texts of
            more than 4096 characters, are never normalized.
        max_password_bytes: The longest password that is hashed anew, in bytes.
            Verifying does not refuse longer ones, which other software may have
            accepted (above 4 MiB they do not match).

    Raises:
        HashParametersError: A parameter is out of bounds; the message names it.
        InvalidInputError: `max_password_bytes` is not 1 to 4 194 304; an id or secret
            among the `peppers` is too short or too long; `normalize` is unknown.

    >>> from hauberk.passwords import CHEAPEST
    >>> hasher = PasswordHasher.from_parameters(CHEAPEST)  # only for testing
    >>> stored = hasher.hash("correct horse battery staple")
    >>> hasher.verify(stored, "correct horse battery staple")
    True
    >>> hasher.verify(stored, "Tr0ub4dor&3")
    Traceback (most recent call last):
    hauberk.exceptions.VerifyMismatchError: The password does not match the hash.
    """

    __slots__ = (
        "_hasher",
        "max_password_bytes",
        "normalize",
        "parameters",
    )

    #: What new hashes are made with.
    parameters: Parameters

    def __init__(  # noqa: PLR0913 - keywords, most of them argon2-cffi's
        self,
        *,
        time_cost: int = RFC_9106_LOW_MEMORY.time_cost,
        memory_cost: int = RFC_9106_LOW_MEMORY.memory_cost,
        parallelism: int = RFC_9106_LOW_MEMORY.parallelism,
        hash_len: int = RFC_9106_LOW_MEMORY.hash_len,
        salt_len: int = RFC_9106_LOW_MEMORY.salt_len,
        type: Type = Type.ID,
        peppers: Peppers | None = None,
        pepper_new_hashes: bool = True,
        normalize: Form | None = None,
        max_password_bytes: int = 4096,
    ) -> None:
        self.normalize = normalization.checked(normalize)
        self._set_up(
            Parameters(
                type=type,
                version=19,
                salt_len=salt_len,
                hash_len=hash_len,
                time_cost=time_cost,
                memory_cost=memory_cost,
                parallelism=parallelism,
            ),
            max_password_bytes,
            peppers,
            pepper_new_hashes=pepper_new_hashes,
        )

    @classmethod
    def from_parameters(
        cls,
        parameters: Parameters,
        *,
        peppers: Peppers | None = None,
        pepper_new_hashes: bool = True,
        normalize: Form | None = None,
        max_password_bytes: int = 4096,
    ) -> Self:
        """Return a hasher with the parameters of a profile.

        Raises:
            HashParametersError: A parameter is out of bounds; the message names it.
            InvalidInputError: As of the class.
        """
        hasher = cls(normalize=normalize)
        hasher._set_up(
            parameters,
            max_password_bytes,
            peppers,
            pepper_new_hashes=pepper_new_hashes,
        )
        return hasher

    def _set_up(
        self,
        parameters: Parameters,
        max_password_bytes: int,
        peppers: Peppers | None,
        *,
        pepper_new_hashes: bool,
    ) -> None:
        self.parameters = parameters
        self.max_password_bytes = max_password_bytes
        self._hasher = _rust.Hasher(
            numbers(parameters),
            max_password_bytes,
            list((peppers or {}).items()),
            pepper_new_hashes,
        )

    def hash(self, password: str | Buffer, *, salt: Buffer | None = None) -> str:
        """Return the hash of a password, to be stored.

        Args:
            password: Text or bytes, at most `max_password_bytes` long.
            salt: Leave it out, and the operating system gives a fresh one. A salt that
                is used twice lets an attacker try both hashes at once.

        Raises:
            InvalidInputError: The password is too long, or has a lone surrogate.
            HashParametersError: The salt is not 8 to 64 bytes long.
            HashMemoryError: The memory could not be allocated.
            HashingBusyError: Too many hashes wait, or this one has for too long.

        >>> PasswordHasher().hash("correct horse battery staple")  # doctest: +ELLIPSIS
        '$argon2id$v=19$m=65536,t=3,p=4$...'
        """
        password, _ = normalization.spellings(password, self.normalize)
        return self._hasher.hash(password, salt)

    def verify(self, hash: str | Buffer, password: str | Buffer) -> Literal[True]:
        """Return True if the password is the one that the hash was made from.

        The parameters are the hash's own, within the bounds of the class.

        Args:
            hash: What `hash` or `wrap` returned, another library's argon2 hash, or one
                of an older scheme (see `hauberk.passwords.legacy`).
            password: What was typed.

        Returns:
            Always True: every other outcome is an exception, which cannot be ignored.

        Raises:
            VerifyMismatchError: The password is another, or text with a lone surrogate,
                of which there can be no hash.
            InvalidHashError: The hash is malformed or of an unknown scheme.
            HashParametersError: The hash asks for more than the bounds allow.
            UnknownPepperError: The hash names a pepper that is not among `peppers`.
            HashMemoryError: The memory could not be allocated.
            HashingBusyError: Too many hashes wait, or this one has for too long.
            TypeError: The arguments are swapped.
        """
        verification.verify(self._hasher, hash, password, self.normalize)
        return True

    def check_needs_rehash(self, hash: str | Buffer) -> bool:
        """Return whether a hash is to be made anew when its user logs in.

        It is if it was made with other parameters than this hasher's, with another
        pepper than the current one or with none, or by an older scheme, wrapped or not.
        That it is one of a password before `normalize` shows only when it is verified:
        `verify_and_update` knows.

        Raises:
            InvalidHashError: The hash is malformed or of an unknown scheme.
            HashParametersError: The hash asks for more than the bounds allow.
            UnknownPepperError: The hash names a pepper that is not among `peppers`.

        >>> from hauberk.passwords import CHEAPEST
        >>> hasher = PasswordHasher.from_parameters(CHEAPEST)
        >>> PasswordHasher().check_needs_rehash(hasher.hash("secret"))
        True
        """
        match stored := read(hash):
            case Argon2Hash():
                return self._hasher.needs_rehash(stored.encoded) or stored.dressed
            case WrappedHash():
                return self._hasher.needs_rehash(stored.encoded)
            case OldHash():
                return True

    def verify_and_update(
        self,
        hash: str | Buffer,
        password: str | Buffer,
    ) -> str | None:
        """Verify a password, and hash it anew where `check_needs_rehash` says so.

        Returns:
            The hash to store instead, or None if the stored one is up to date, or if
            none can be made: the password is longer than new ones may be, or
            `set_limits` has no room for this hasher's hashes (which is logged).

        Raises:
            VerifyMismatchError: The password is another; and the others of `verify`.

        >>> from hauberk.passwords import CHEAPEST
        >>> hasher = PasswordHasher.from_parameters(CHEAPEST)
        >>> hasher.verify_and_update(hasher.hash("secret"), "secret") is None
        True
        """
        core, form = self._hasher, self.normalize
        current = verification.verify(core, hash, password, form)
        if current and not self.check_needs_rehash(hash):
            return None
        try:
            return self.hash(password)
        except InvalidInputError:
            # Right, and longer than new ones may be: the owner still logs in.
            return None
        except HashParametersError as error:
            # So too where the limits have no room for this hasher's own hashes.
            report(error)
            return None

    def wrap(self, hash: str | Buffer) -> str:
        """Put argon2 over a hash of an older scheme, without its password.

        A table is as hard to guess from as this hasher's hashes are, before anybody has
        logged in. What is returned verifies for the same password, for whoever knows
        the pepper if there is one, and asks for a rehash. The old digest stands no
        longer in it, and is no password for it: keep no copy of the old hashes.

        Args:
            hash: A hash that `hauberk.passwords.legacy` reads.

        Raises:
            InvalidHashError: The hash is malformed, or argon2's already.
            HashParametersError: The hash asks for more than the bounds allow.
            HashMemoryError: The memory could not be allocated.
            HashingBusyError: Too many hashes wait, or this one has for too long.

        >>> from hauberk.passwords import CHEAPEST
        >>> hasher = PasswordHasher.from_parameters(CHEAPEST)
        >>> wrapped = hasher.wrap("pbkdf2:sha256:1000$salt$" + 64 * "0")
        >>> wrapped  # doctest: +ELLIPSIS
        '$argon2w$v=19$m=8,t=1,p=1$...$...$pbkdf2:sha256:1000$salt'
        >>> hasher.check_needs_rehash(wrapped)
        True
        """
        stored = read(hash)
        if not isinstance(stored, OldHash):
            raise InvalidHashError("Only hashes of older schemes can be wrapped.")
        return self._hasher.wrap(stored.expected, stored.header)

    def dummy_hash(self) -> str:
        """Return a hash that no password has and that costs what this hasher's cost.

        Salt and tag are random. It may stand for a user who does not exist.

        Raises:
            RandomnessUnavailableError: The operating system gave no randomness.
        """
        return self._hasher.dummy()

    def dummy_verify(
        self, password: str | Buffer, *, cost_like: str | None = None
    ) -> Literal[False]:
        """Spend what verifying takes, for a user who does not exist, and return False.

        So a login takes as long whether or not there is an account. Accounts whose
        hashes cost something else, because they were made with other parameters or by
        an older scheme, still stand out until they are rehashed or wrapped.

        Args:
            password: What was typed.
            cost_like: A hash whose costs to take instead of this hasher's, such as one
                of an account on the scheme that most accounts have.

        Raises:
            HashingBusyError: As `verify`; and its others but `VerifyMismatchError`.

        >>> from hauberk.passwords import CHEAPEST
        >>> PasswordHasher.from_parameters(CHEAPEST).dummy_verify("secret")
        False
        """
        with contextlib.suppress(VerifyMismatchError):
            self.verify(cost_like or self.dummy_hash(), password)
        return False

    async def ahash(self, password: str | Buffer, *, salt: Buffer | None = None) -> str:
        """Do as `hash`, off the event loop.

        The turn of the hash is awaited before a thread is taken, so that a flood of
        logins does not fill the executor. Cancelling gives the place in the queue up.
        """
        password, _ = normalization.spellings(password, self.normalize)
        enter = partial(_rust.PendingHash, self._hasher, password, salt)
        return await in_turn(enter, password, salt)

    async def averify(
        self, hash: str | Buffer, password: str | Buffer
    ) -> Literal[True]:
        """Do as `verify`, off the event loop: see `ahash`."""
        await verification.averify(self._hasher, hash, password, self.normalize)
        return True

    async def averify_and_update(
        self, hash: str | Buffer, password: str | Buffer
    ) -> str | None:
        """Do as `verify_and_update`, off the event loop: see `ahash`."""
        core, form = self._hasher, self.normalize
        current = await verification.averify(core, hash, password, form)
        if current and not self.check_needs_rehash(hash):
            return None
        try:
            return await self.ahash(password)
        except InvalidInputError:
            return None
        except HashParametersError as error:
            report(error)
            return None

    async def adummy_verify(
        self, password: str | Buffer, *, cost_like: str | None = None
    ) -> Literal[False]:
        """Do as `dummy_verify`, off the event loop: see `ahash`."""
        with contextlib.suppress(VerifyMismatchError):
            await self.averify(cost_like or self.dummy_hash(), password)
        return False

    def __repr__(self) -> str:
        return f"<PasswordHasher {self.parameters}>"
