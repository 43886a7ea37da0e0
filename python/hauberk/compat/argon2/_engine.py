"""From this interface's arguments to the engine, and from its errors to these."""

from __future__ import annotations

import contextlib
from dataclasses import astuple, replace
from typing import TYPE_CHECKING

from hauberk import _rust, exceptions, passwords
from hauberk.compat.argon2.exceptions import (
    HashingError,
    VerificationError,
    VerifyMismatchError,
)
from hauberk.passwords.parameters import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Buffer

    from hauberk.compat.argon2._utils import Parameters
    from hauberk.passwords import Type

#: The engine's own bound: argon2-cffi has none that a form could reach.
_MAX_PASSWORD_BYTES = 4_194_304


def encoded(secret: Buffer, salt: Buffer | None, parameters: Parameters) -> str:
    """Return the encoded hash, under a fresh salt unless one is given."""
    _refuse_text(secret, salt)
    with _hashing():
        return _hasher(salt, parameters).hash(secret, salt)


def raw(secret: Buffer, salt: Buffer, parameters: Parameters) -> bytes:
    """Return the tag alone."""
    _refuse_text(secret, salt)
    with _hashing():
        return _hasher(salt, parameters).raw(secret, salt)


def verify(hash: Buffer, secret: Buffer, type: Type) -> None:
    """Succeed if the secret is what the hash, of this type, was made from."""
    _refuse_text(hash, secret)
    try:
        found, *_ = _rust.hash_parameters(hash)
        if found != type.value:
            raise VerificationError("The hash is of another type than the given one.")
        _rust.verify_password(hash, secret)
    except exceptions.VerifyMismatchError as error:
        raise VerifyMismatchError(str(error)) from None
    except (exceptions.HashParametersError, exceptions.InvalidHashError) as error:
        raise VerificationError(str(error)) from None


def _hasher(salt: Buffer | None, parameters: Parameters) -> _rust.Hasher:
    if salt is not None:
        parameters = replace(parameters, salt_len=memoryview(salt).nbytes)
    wanted = passwords.Parameters(*astuple(parameters))
    return _rust.Hasher(numbers(wanted), _MAX_PASSWORD_BYTES)


def _refuse_text(*arguments: object) -> None:
    # The engine would take text as UTF-8; here only `PasswordHasher` has an encoding.
    if any(isinstance(argument, str) for argument in arguments):
        raise TypeError("Expected bytes, bytearray or memoryview, not str.")


@contextlib.contextmanager
def _hashing() -> Iterator[None]:
    try:
        yield
    except (exceptions.HashParametersError, exceptions.InvalidInputError) as error:
        raise HashingError(str(error)) from None
