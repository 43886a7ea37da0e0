"""Password hashing with the signatures of `werkzeug.security`.

Change the import, and nothing else: new hashes are argon2id's, and those that Werkzeug
made (`scrypt:`, `pbkdf2:`) still verify.
"""

from __future__ import annotations

import contextlib
import hashlib
import re

from hauberk import _rust, passwords
from hauberk.exceptions import InvalidHashError, InvalidInputError

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
    return passwords.PasswordHasher(salt_len=salt_length).hash(password)


def check_password_hash(pwhash: str, password: str) -> bool:
    """Return whether a password is the one that a hash was made from.

    Args:
        pwhash: What `generate_password_hash` returned, or another library's argon2
            hash, or Werkzeug's `scrypt:` or `pbkdf2:`.
        password: What was typed.

    Returns:
        False also for a hash that cannot be read or asks for too much.

    Raises:
        HashMemoryError: The memory could not be allocated.
        TypeError: The arguments are swapped.

    >>> stored = "pbkdf2:sha256:1$c2FsdA$" + 64 * "0"
    >>> check_password_hash(stored, "correct horse battery staple")
    False
    """
    if not pwhash.startswith(("scrypt:", "pbkdf2:")):
        return passwords.verify_password(pwhash, password)
    try:
        method, salt, expected = pwhash.split("$")
        computed = _werkzeug(method, salt.encode(), password.encode())
    except ValueError:
        # Malformed, or out of the bounds, or a password that is no Unicode text.
        return False
    return _rust.compare_digest(computed, expected)


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
    if not check_password_hash(pwhash, password):
        return False, None
    with contextlib.suppress(InvalidHashError):
        if not passwords.needs_rehash(pwhash):
            return True, None
    try:
        return True, generate_password_hash(password)
    except InvalidInputError:
        # Right, and longer than new ones may be: the owner still logs in.
        return True, None


def _werkzeug(method: str, salt: bytes, password: bytes) -> str:
    """Compute a hash in one of Werkzeug's methods, in hexadecimal digits."""
    if match := _SCRYPT.fullmatch(method):
        n, r, p = (int(number) for number in match.groups())
        memory = 128 * n * r
        if memory * p <= _MAX_SCRYPT_BYTES:
            # OpenSSL's own bound counts some working memory as well.
            maxmem = memory + 128 * r * (p + 2) + (1 << 20)
            return hashlib.scrypt(
                password, salt=salt, n=n, r=r, p=p, maxmem=maxmem
            ).hex()
    if match := _PBKDF2.fullmatch(method):
        name, iterations = match[1], int(match[2])
        if iterations <= _MAX_PBKDF2_ITERATIONS:
            return hashlib.pbkdf2_hmac(name, password, salt, iterations).hex()
    raise ValueError


# What a stored hash may ask for, as for argon2: a login costs at most seconds.
_MAX_SCRYPT_BYTES = 1 << 30
_MAX_PBKDF2_ITERATIONS = 10_000_000
_SCRYPT = re.compile(r"scrypt:([1-9]\d{0,9}):([1-9]\d{0,3}):([1-9]\d{0,3})", re.ASCII)
_PBKDF2 = re.compile(
    r"pbkdf2:(sha1|sha224|sha256|sha384|sha512):([1-9]\d{0,7})", re.ASCII
)
