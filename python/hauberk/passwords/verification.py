"""Verifying a password against whatever is stored, waiting or awaiting its turns."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from hauberk import _rust
from hauberk.exceptions import VerifyMismatchError
from hauberk.passwords.legacy import OldHash, Scheme
from hauberk.passwords.normalization import is_encodable, spellings
from hauberk.passwords.pending import in_turn
from hauberk.passwords.stored import Argon2Hash, WrappedHash, read_for

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from hauberk.passwords.normalization import Form

__all__ = ["averify", "verify"]


def verify(
    hasher: _rust.Hasher,
    hash: str | Buffer,
    password: str | Buffer,
    form: Form | None,
) -> bool:
    """Succeed if the password is what the hash was made from.

    Returns:
        Whether it matched as new passwords are spelt, and not only as it was typed.

    Raises:
        VerifyMismatchError: It is another; and the others of `PasswordHasher.verify`.
    """
    spelt, typed = spellings(password, form)
    try:
        _verify(hasher, hash, spelt)
    except VerifyMismatchError:
        if typed is None:
            raise
    else:
        return True
    _verify(hasher, hash, typed)
    return False


async def averify(
    hasher: _rust.Hasher,
    hash: str | Buffer,
    password: str | Buffer,
    form: Form | None,
) -> bool:
    """Do as `verify`, off the event loop."""
    spelt, typed = spellings(password, form)
    try:
        await _averify(hasher, hash, spelt)
    except VerifyMismatchError:
        if typed is None:
            raise
    else:
        return True
    await _averify(hasher, hash, typed)
    return False


def _verify(hasher: _rust.Hasher, hash: str | Buffer, password: str | Buffer) -> None:
    stored = read_for(hash, password)
    _refuse_what_no_hash_has(password)
    match stored:
        case Argon2Hash():
            hasher.verify(stored.encoded, password)
        case WrappedHash():
            # An unknown pepper shows before anything is computed.
            hasher.needs_rehash(stored.encoded)
            hasher.verify_wrapped(stored.encoded, _digest(stored.scheme, password))
        case OldHash():
            _compare(_digest(stored.scheme, password), stored)


async def _averify(
    hasher: _rust.Hasher, hash: str | Buffer, password: str | Buffer
) -> None:
    stored = read_for(hash, password)
    _refuse_what_no_hash_has(password)
    match stored:
        case Argon2Hash():
            enter = partial(_rust.PendingVerification, hasher, stored.encoded, password)
            await in_turn(enter, password)
        case WrappedHash():
            hasher.needs_rehash(stored.encoded)
            inner = await _adigest(stored.scheme, password)
            enter = partial(_rust.PendingVerification.wrapped, hasher, stored.encoded)
            await in_turn(enter, inner)
        case OldHash():
            _compare(await _adigest(stored.scheme, password), stored)


def _digest(scheme: Scheme, password: str | Buffer) -> bytes:
    """Return the digest of an older scheme, computed in its turn.

    Raises:
        VerifyMismatchError: The password is longer than 4 MiB.
    """
    work = partial(scheme.digest, _octets(password))
    return _rust.work_in_turn(scheme.memory, work)


async def _adigest(scheme: Scheme, password: str | Buffer) -> bytes:
    work = partial(scheme.digest, _octets(password))
    return await in_turn(partial(_rust.PendingWork, scheme.memory), work)


def _compare(computed: bytes, stored: OldHash) -> None:
    if not _rust.compare_digest(computed, stored.expected):
        raise VerifyMismatchError(_MISMATCH)


def _octets(password: str | Buffer) -> bytes:
    if isinstance(password, str):
        password = password.encode()
    # Not `bytes`, for which a number is a length.
    octets = memoryview(password).tobytes()
    if len(octets) > _LONGEST:
        raise VerifyMismatchError(_MISMATCH)
    return octets


def _refuse_what_no_hash_has(password: str | Buffer) -> None:
    """Succeed if there can be a hash of the password.

    There is none of a lone surrogate. That is no error of its own: who has an account
    shall get the same answer, as fast, as who has none (`PasswordHasher.dummy_verify`).

    Raises:
        VerifyMismatchError: There can be none.
    """
    if not is_encodable(password):
        raise VerifyMismatchError(_MISMATCH)


_MISMATCH: Final = "The password does not match the hash."
# As for argon2.
_LONGEST: Final = 4 << 20
