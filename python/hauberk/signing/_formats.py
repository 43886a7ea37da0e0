"""What the readers know of the formats of itsdangerous and Django."""

from __future__ import annotations

import base64
import hashlib
import hmac
import sys
import zlib
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal, NoReturn, get_args

from hauberk._rust import compare_digest
from hauberk.exceptions import (
    BadSignatureError,
    InvalidInputError,
    SignatureExpiredError,
    SigningError,
)

Digest = Literal["sha1", "sha224", "sha256", "sha384", "sha512"]
KeyDerivation = Literal["concat", "django-concat", "hmac", "none"]
Keys = str | bytes | Sequence[str | bytes]

_MAX_TOKEN = 1 << 20  # 1 MiB
_MAX_PAYLOAD = 1 << 20  # 1 MiB
_LEEWAY = 60  # seconds that the clocks of two machines may differ by
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_END_OF_9999 = 253_402_300_799
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Format:
    """`value <separator> signature` under keys derived as in one of the originals."""

    def __init__(
        self,
        keys: Keys,
        salt: str | bytes,
        digest: Digest,
        key_derivation: KeyDerivation,
        separator: str,
    ) -> None:
        secrets = [keys] if isinstance(keys, (str, bytes)) else list(keys)
        if not secrets or not all(secrets):
            raise InvalidInputError(
                "A reader needs at least one key, and no empty one."
            )
        if digest not in get_args(Digest):
            known = ", ".join(get_args(Digest))
            raise InvalidInputError(f"A digest is one of {known}.")
        self._digest = digest
        self._separator = separator
        self._keys = [
            _derive(_octets(secret), _octets(salt), digest, key_derivation)
            for secret in secrets
        ]

    def verify(self, token: str) -> str:
        if not isinstance(token, str):
            raise TypeError(f"Expected str, not {type(token).__name__}.")
        if len(token) > _MAX_TOKEN:
            _refuse()
        value, separator, signature = token.rpartition(self._separator)
        try:
            signed = value.encode()
            given = signature.encode("ascii")
        except UnicodeEncodeError:
            _refuse()
        # Texts are compared, and a signature has one text.
        if not separator or not any(
            compare_digest(self._signature(key, signed), given) for key in self._keys
        ):
            _refuse()
        return value

    def verify_timed(
        self, token: str, decode_time: Callable[[str], int]
    ) -> tuple[str, int]:
        value, separator, text = self.verify(token).rpartition(self._separator)
        if not separator:
            _refuse()
        try:
            return value, decode_time(text)
        except ValueError:
            _refuse()

    def _signature(self, key: bytes, value: bytes) -> bytes:
        mac = hmac.digest(key, value, self._digest)
        return base64.urlsafe_b64encode(mac).rstrip(b"=")


class End:
    """The last moment of a reader, and the ages of what it reads."""

    def __init__(self, scheme: str, until: date, clock: Callable[[], float]) -> None:
        if not isinstance(until, date):
            raise TypeError(
                "Expected until as a date or an aware datetime, not "
                f"{type(until).__name__}."
            )
        if not isinstance(until, datetime):
            until = datetime.combine(until, time.max, UTC)
        if until.tzinfo is None:
            raise InvalidInputError(
                "The end of a reader is a date or an aware datetime."
            )
        self._scheme = scheme
        self._until = until
        self._clock = clock

    def check(self) -> None:
        # What is not before the end is after it, whatever the clock says.
        if not self._clock() <= self._until.timestamp():
            raise SigningError(
                f"Tokens of {self._scheme} are read until {self._until.isoformat()} "
                "only, which has passed: take this reader out."
            )

    def check_age(self, seconds: int, max_age: float | timedelta | None) -> None:
        bound = age_bound(max_age)
        if bound is None:
            return
        age = int(self._clock()) - seconds
        if -_LEEWAY <= age <= bound:
            return
        message = "older than allowed" if age > 0 else "dated in the future"
        date_signed = _EPOCH + timedelta(seconds=seconds)
        raise SignatureExpiredError(f"The signature is {message}.", date_signed)


def age_bound(max_age: float | timedelta | None) -> float | None:
    """Return a `max_age` in seconds, if there is one, as the signers understand it."""
    if max_age is None:
        return None
    if isinstance(max_age, timedelta):
        max_age = max_age.total_seconds()
    # A bool is an int to Python; as an age it is a mistake.
    if isinstance(max_age, bool) or not isinstance(max_age, (int, float)):
        raise TypeError(
            "Expected max_age as int, float, timedelta or None, not "
            f"{type(max_age).__name__}."
        )
    # An int that no float holds is as far out of range as infinity.
    if not 0 <= max_age <= sys.float_info.max:
        raise InvalidInputError(
            "A max_age is a finite number of seconds from 0 up, or None."
        )
    return max_age


def _derive(
    secret: bytes, salt: bytes, digest: Digest, key_derivation: KeyDerivation
) -> bytes:
    if key_derivation == "django-concat":
        return hashlib.new(digest, salt + b"signer" + secret).digest()
    if key_derivation == "concat":
        return hashlib.new(digest, salt + secret).digest()
    if key_derivation == "hmac":
        return hmac.digest(secret, salt, digest)
    if key_derivation == "none":
        return secret
    raise InvalidInputError("A key derivation is concat, django-concat, hmac or none.")


def _octets(text: str | bytes) -> bytes:
    if isinstance(text, bytes):
        return text
    if not isinstance(text, str):
        raise TypeError(f"Expected str or bytes, not {type(text).__name__}.")
    try:
        return text.encode()
    except UnicodeEncodeError:
        # Python's own error carries the whole text.
        raise InvalidInputError("The text has a lone surrogate.") from None


def itsdangerous_time(text: str) -> int:
    return _in_range(int.from_bytes(_base64(text), "big"))


def django_time(text: str) -> int:
    seconds = 0
    if not text or len(text) > 8:  # noqa: PLR2004 - 62 ** 8 seconds are 7 million years
        raise ValueError(text)
    for digit in text:
        seconds = seconds * 62 + _BASE62.index(digit)
    return _in_range(seconds)


def _in_range(seconds: int) -> int:
    if seconds > _END_OF_9999:
        raise ValueError(seconds)
    return seconds


def decode(value: str, decoder: Callable[[str], Any]) -> Any:
    """The object of a payload: base64url, after a dot also compressed, of JSON."""
    compressed = value.startswith(".")
    try:
        payload = _base64(value[1:] if compressed else value)
        if compressed:
            payload = _decompress(payload)
        return decoder(payload.decode())
    except (RecursionError, ValueError, zlib.error):
        _refuse()


def _decompress(payload: bytes) -> bytes:
    inflater = zlib.decompressobj()
    # One byte more than allowed shows that there was more.
    inflated = inflater.decompress(payload, _MAX_PAYLOAD + 1)
    if len(inflated) > _MAX_PAYLOAD or not inflater.eof:
        raise ValueError(len(inflated))
    return inflated


def _base64(text: str) -> bytes:
    padding = "=" * (-len(text) % 4)
    return base64.b64decode(text + padding, altchars=b"-_", validate=True)


def _refuse() -> NoReturn:
    raise BadSignatureError("The signature does not match.") from None
