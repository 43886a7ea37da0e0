"""Password hashing with the signatures of `werkzeug.security`.

Change the import, and nothing else: new hashes are argon2id's, and those that Werkzeug
made (`scrypt:`, `pbkdf2:`) still verify, as do all of `hauberk.passwords.legacy`.

In an application with `hauberk.flask.Hauberk`, new hashes have its current pepper
(`HAUBERK_PASSWORDS = {"PEPPERS": …}`), and those with an older one or none are made
anew by `check_and_update`. With `"PEPPER_NEW_HASHES": False` beside them they verify,
and new hashes have none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, has_app_context

from hauberk import passwords
from hauberk.exceptions import InvalidInputError, VerifyMismatchError
from hauberk.passwords.refusals import REFUSED, report

if TYPE_CHECKING:
    from hauberk.conf import Settings

__all__ = ["check_and_update", "check_password_hash", "generate_password_hash"]


def generate_password_hash(
    password: str, method: str = "argon2id", salt_length: int = 16
) -> str:
    """Return the hash of a password, to be stored.

    Args:
        password: The password, at most 4096 bytes as UTF-8.
        method: `"argon2id"`, with the parameters of `passwords.RFC_9106_LOW_MEMORY`.
            Werkzeug's methods are read and not written.
        salt_length: Length of the salt in bytes, 8 to 64.

    Raises:
        InvalidInputError: The password is too long, or the method is another.
        HashParametersError: The salt's length is out of bounds.

    >>> stored = generate_password_hash("correct horse battery staple")
    >>> check_password_hash(stored, "correct horse battery staple")
    True
    """
    if method != "argon2id":
        raise InvalidInputError("The only method of new hashes is 'argon2id'.")
    return application_hasher(salt_len=salt_length).hash(password)


def check_password_hash(pwhash: str, password: str) -> bool:
    """Return whether a password is the one that a hash was made from.

    Args:
        pwhash: What `generate_password_hash` returned, Werkzeug's `scrypt:` or
            `pbkdf2:`, or any other hash that `hauberk.passwords` verifies.
        password: What was typed.

    Returns:
        False also for a hash that cannot be read or asks for too much, which is logged.

    Raises:
        HashingBusyError: Too many hashes wait, or this one has for too long.
        HashMemoryError: The memory could not be allocated.
        TypeError: The arguments are swapped.

    >>> stored = "pbkdf2:sha256:1$c2FsdA$" + 64 * "0"
    >>> check_password_hash(stored, "correct horse battery staple")
    False
    """
    # Not below: settings that are wrong are no wrong password.
    hasher = application_hasher()
    try:
        return hasher.verify(pwhash, password)
    except VerifyMismatchError:
        return False
    except REFUSED as error:
        report(error)
        return False


def check_and_update(pwhash: str, password: str) -> tuple[bool, str | None]:
    """Check a password, and hash it anew where `generate_password_hash` would differ.

    Args:
        pwhash: As of `check_password_hash`.
        password: What was typed.

    Returns:
        Whether the password is right, and the hash to store instead, or None if the
        stored one is up to date (or the password is wrong).

    Raises:
        HashingBusyError: Too many hashes wait, or this one has for too long.
        HashMemoryError: The memory could not be allocated.
        TypeError: The arguments are swapped.

    >>> import werkzeug.security
    >>> old = werkzeug.security.generate_password_hash("secret", "pbkdf2:sha256:1000")
    >>> right, new = check_and_update(old, "secret")
    >>> right, new.startswith("$argon2id$")
    (True, True)
    >>> check_and_update(new, "secret"), check_and_update(new, "another")
    ((True, None), (False, None))
    """
    hasher = application_hasher()
    try:
        return True, hasher.verify_and_update(pwhash, password)
    except VerifyMismatchError:
        return False, None
    except REFUSED as error:
        report(error)
        return False, None


def application_hasher(
    *, salt_len: int = passwords.RFC_9106_LOW_MEMORY.salt_len
) -> passwords.PasswordHasher:
    """Return a hasher with the peppers of the current application.

    Raises:
        ConfigurationError: A setting of the peppers is wrong.
        HashParametersError: The salt's length is out of bounds.
    """
    if not has_app_context() or "hauberk" not in current_app.extensions:
        return passwords.PasswordHasher(salt_len=salt_len)
    settings: Settings = current_app.extensions["hauberk"]
    return passwords.PasswordHasher(
        salt_len=salt_len,
        peppers=settings.peppers(),
        pepper_new_hashes=settings.pepper_new_hashes(),
    )
