"""Readers for tokens that itsdangerous and Django's own signing have already given out.

A reader verifies and never signs, and it has an end: choose a day by which the old
tokens have expired, and after it the reader refuses, so that no forgotten line keeps
SHA-1 or an old key alive. A reader is asked by name where old tokens still arrive;
nothing falls back to it by itself.

What is read is stricter than what the originals read: one spelling of a signature,
decompression bounded to 1 MiB and only after the signature, and tokens dated more than
60 seconds ahead count as expired.

>>> from datetime import UTC, datetime, timedelta
>>> reader = DjangoTimedReader(
...     "k" * 50,
...     salt="django.core.signing",
...     until=datetime.now(UTC) + timedelta(days=90),
... )
>>> reader.loads("eyJmb3JnZWQiOnRydWV9:1abcde:signature", max_age=3600)
Traceback (most recent call last):
...
hauberk.exceptions.BadSignatureError: The signature does not match.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from hauberk.signing._formats import (
    Digest,
    End,
    Format,
    KeyDerivation,
    Keys,
    decode,
    django_time,
    itsdangerous_time,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, timedelta

__all__ = [
    "DjangoReader",
    "DjangoTimedReader",
    "ItsdangerousReader",
    "ItsdangerousTimedReader",
]


class ItsdangerousReader:
    """Reads what itsdangerous' `Signer` and `URLSafeSerializer` signed.

    itsdangerous lists its keys from the oldest to the newest, hauberk puts the newest
    first. A reader only verifies, so either order may be passed.

    Args:
        keys: One key or a sequence of keys, as they were given to itsdangerous.
        until: The last moment at which anything is read: an aware `datetime`, or a
            `date`, whose whole day in UTC is meant.
        salt: As it was given to itsdangerous. Its default is `b"itsdangerous"` for
            serializers, and `b"itsdangerous.Signer"` for signers.
        digest: The name of the digest, SHA-1 by default as in itsdangerous.
        key_derivation: As in itsdangerous.
        decoder: What makes an object of JSON text.
        clock: What to call for the time, in seconds since 1970; for tests.

    Raises:
        InvalidInputError: There is no key or an empty one, or `until` is naive.
    """

    def __init__(
        self,
        keys: Keys,
        *,
        until: date,
        salt: str | bytes = b"itsdangerous",
        digest: Digest = "sha1",
        key_derivation: KeyDerivation = "django-concat",
        decoder: Callable[[str], Any] = json.loads,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._format = Format(keys, salt, digest, key_derivation, separator=".")
        self._end = End("itsdangerous", until, clock)
        self._decoder = decoder

    def unsign(self, token: str, /) -> str:
        """Return the value of a token of `Signer`.

        Raises:
            BadSignatureError: None of the keys signed this.
            SigningError: The reader's end has passed.
        """
        self._end.check()
        return self._format.verify(token)

    def loads(self, token: str, /) -> Any:
        """Return the object of a token of `URLSafeSerializer`.

        Raises:
            BadSignatureError: None of the keys signed this.
            SigningError: The reader's end has passed.
        """
        return decode(self.unsign(token), self._decoder)


class ItsdangerousTimedReader:
    """Reads what itsdangerous' `TimestampSigner` and `URLSafeTimedSerializer` signed.

    Tokens of itsdangerous 1.1 and later, which count their seconds from 1970.

    itsdangerous lists its keys from the oldest to the newest, hauberk puts the newest
    first. A reader only verifies, so either order may be passed.

    Args:
        keys: One key or a sequence of keys, as they were given to itsdangerous.
        until: The last moment at which anything is read: an aware `datetime`, or a
            `date`, whose whole day in UTC is meant.
        salt: As it was given to itsdangerous. Its default is `b"itsdangerous"` for
            serializers, and `b"itsdangerous.Signer"` for signers.
        digest: The name of the digest, SHA-1 by default as in itsdangerous.
        key_derivation: As in itsdangerous.
        decoder: What makes an object of JSON text.
        clock: What to call for the time, in seconds since 1970; for tests.

    Raises:
        InvalidInputError: There is no key or an empty one, or `until` is naive.
    """

    def __init__(
        self,
        keys: Keys,
        *,
        until: date,
        salt: str | bytes = b"itsdangerous",
        digest: Digest = "sha1",
        key_derivation: KeyDerivation = "django-concat",
        decoder: Callable[[str], Any] = json.loads,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._format = Format(keys, salt, digest, key_derivation, separator=".")
        self._end = End("itsdangerous", until, clock)
        self._decoder = decoder

    def unsign(self, token: str, /, *, max_age: float | timedelta | None) -> str:
        """Return the value of a token of `TimestampSigner` that is not too old.

        Args:
            token: What itsdangerous signed.
            max_age: How old the token may be, in seconds or as a `timedelta`; `None`,
                which must be written, accepts any age.

        Raises:
            BadSignatureError: None of the keys signed this.
            SignatureExpiredError: The signature is right, and its time is not.
            SigningError: The reader's end has passed.
        """
        self._end.check()
        value, seconds = self._format.verify_timed(token, itsdangerous_time)
        self._end.check_age(seconds, max_age)
        return value

    def loads(self, token: str, /, *, max_age: float | timedelta | None) -> Any:
        """Return the object of a `URLSafeTimedSerializer`'s token, not too old.

        Args:
            token: What itsdangerous signed.
            max_age: As in `unsign`.

        Raises:
            BadSignatureError: None of the keys signed this.
            SignatureExpiredError: The signature is right, and its time is not.
            SigningError: The reader's end has passed.
        """
        return decode(self.unsign(token, max_age=max_age), self._decoder)


class DjangoReader:
    """Reads what `django.core.signing.Signer` signed, values and objects.

    Args:
        keys: One key or a sequence of keys: `SECRET_KEY` and its fallbacks. For signed
            cookies Django puts `b"django.http.cookies"` before each key.
        until: The last moment at which anything is read: an aware `datetime`, or a
            `date`, whose whole day in UTC is meant.
        salt: As it was given to Django.
        separator: As it was given to Django.
        digest: The name of the digest; Django before 3.1 signed with SHA-1.
        decoder: What makes an object of JSON text.
        clock: What to call for the time, in seconds since 1970; for tests.

    Raises:
        InvalidInputError: There is no key or an empty one, or `until` is naive.
    """

    def __init__(
        self,
        keys: Keys,
        *,
        until: date,
        salt: str | bytes = "django.core.signing.Signer",
        separator: str = ":",
        digest: Digest = "sha256",
        decoder: Callable[[str], Any] = json.loads,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._format = Format(keys, salt, digest, "django-concat", separator)
        self._end = End("django.core.signing", until, clock)
        self._decoder = decoder

    def unsign(self, token: str, /) -> str:
        """Return the value of a token of `Signer.sign()`.

        Raises:
            BadSignatureError: None of the keys signed this.
            SigningError: The reader's end has passed.
        """
        self._end.check()
        return self._format.verify(token)

    def loads(self, token: str, /) -> Any:
        """Return the object of a token of `Signer.sign_object()`.

        Raises:
            BadSignatureError: None of the keys signed this.
            SigningError: The reader's end has passed.
        """
        return decode(self.unsign(token), self._decoder)


class DjangoTimedReader:
    """Reads what `django.core.signing.dumps()` and `TimestampSigner` signed.

    Args:
        keys: One key or a sequence of keys: `SECRET_KEY` and its fallbacks. For signed
            cookies Django puts `b"django.http.cookies"` before each key.
        until: The last moment at which anything is read: an aware `datetime`, or a
            `date`, whose whole day in UTC is meant.
        salt: As it was given to Django; by default that of `dumps()`.
        separator: As it was given to Django.
        digest: The name of the digest; Django before 3.1 signed with SHA-1.
        decoder: What makes an object of JSON text.
        clock: What to call for the time, in seconds since 1970; for tests.

    Raises:
        InvalidInputError: There is no key or an empty one, or `until` is naive.
    """

    def __init__(
        self,
        keys: Keys,
        *,
        until: date,
        salt: str | bytes = "django.core.signing",
        separator: str = ":",
        digest: Digest = "sha256",
        decoder: Callable[[str], Any] = json.loads,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._format = Format(keys, salt, digest, "django-concat", separator)
        self._end = End("django.core.signing", until, clock)
        self._decoder = decoder

    def unsign(self, token: str, /, *, max_age: float | timedelta | None) -> str:
        """Return the value of a token of `TimestampSigner.sign()`, not too old.

        Args:
            token: What Django signed.
            max_age: How old the token may be, in seconds or as a `timedelta`; `None`,
                which must be written, accepts any age.

        Raises:
            BadSignatureError: None of the keys signed this.
            SignatureExpiredError: The signature is right, and its time is not.
            SigningError: The reader's end has passed.
        """
        self._end.check()
        value, seconds = self._format.verify_timed(token, django_time)
        self._end.check_age(seconds, max_age)
        return value

    def loads(self, token: str, /, *, max_age: float | timedelta | None) -> Any:
        """Return the object of a token of `dumps()`, not too old.

        Args:
            token: What Django signed.
            max_age: As in `unsign`.

        Raises:
            BadSignatureError: None of the keys signed this.
            SignatureExpiredError: The signature is right, and its time is not.
            SigningError: The reader's end has passed.
        """
        return decode(self.unsign(token, max_age=max_age), self._decoder)
