"""Django's signing, on hauberk: the `SIGNING_BACKEND` of signed cookies and messages.

    SIGNING_BACKEND = "hauberk.django.signing.TimestampSigner"

Django takes its backend for `set_signed_cookie()`, `get_signed_cookie()` and messages
kept in cookies. Cookies signed before the change no longer verify;
`hauberk.signing.readers` reads them where that matters.
"""

from __future__ import annotations

import time
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.core import signing as django_signing

from hauberk import signing
from hauberk.exceptions import (
    BadSignatureError,
    ConfigurationError,
    SignatureExpiredError,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta

__all__ = ["BadSignature", "SignatureExpired", "TimestampSigner"]

_MAX_PAYLOAD = 1 << 20  # 1 MiB


class BadSignature(BadSignatureError, django_signing.BadSignature):  # noqa: N818
    """Both Django's and hauberk's exception for a signature that does not match."""


class SignatureExpired(  # noqa: N818 - Django's names
    SignatureExpiredError, django_signing.SignatureExpired
):
    """Both Django's and hauberk's exception for a signature that is too old."""


class TimestampSigner(django_signing.TimestampSigner):
    """Signs with a time, in the place of `django.core.signing.TimestampSigner`.

    The tokens are those of `hauberk.signing.TimestampSigner` under the same key and
    salt. Unlike Django's, a token dated more than 60 seconds ahead counts as expired
    where a `max_age` is given, and decompression is bounded to 1 MiB.

    Args:
        key: At least 16 bytes; `SECRET_KEY` by default.
        sep: Between the parts of a token. It is part of the format: `"."`.
        salt: What the signature is for; the name of the class by default.
        algorithm: Part of the format: `"sha256"`.
        fallback_keys: Keys that verify and do not sign; `SECRET_KEY_FALLBACKS` by
            default.

    Raises:
        InvalidInputError: A key is shorter than 16 bytes.
        ConfigurationError: `sep` or `algorithm` is another than the format's.
    """

    def __init__(
        self,
        *,
        key: str | bytes | None = None,
        sep: str = ".",
        salt: str | None = None,
        algorithm: str | None = None,
        fallback_keys: Iterable[str | bytes] | None = None,
    ) -> None:
        if sep != ".":
            raise ConfigurationError("The separator of hauberk's signatures is a dot.")
        if algorithm not in {None, "sha256"}:
            raise ConfigurationError("The algorithm of hauberk's signatures is sha256.")
        super().__init__(
            key=key,
            sep=sep,
            salt=salt,
            # Django passes an iterator that can be walked once.
            fallback_keys=None if fallback_keys is None else list(fallback_keys),
        )
        self._signer = _signer((self.key, *self.fallback_keys), self.salt)

    def signature(self, value: str | bytes, key: str | bytes | None = None) -> str:
        """Return the signature alone of what stands before it in a token.

        Raises:
            NotImplementedError: Always. hauberk signs and verifies whole tokens.
        """
        raise NotImplementedError("hauberk signs whole tokens: call sign().")

    def timestamp(self) -> str:
        """Return the present time as it stands in a token."""
        return str(int(time.time()))

    def sign(self, value: str) -> str:
        """Return the token of a value, with the present time.

        Raises:
            InvalidInputError: The value is longer than 1 MiB.
        """
        return self._signer.sign(value if type(value) is str else str(value))

    def unsign(self, value: str, max_age: float | timedelta | None = None) -> str:
        """Return the value of a token.

        Args:
            value: What `sign` returned once.
            max_age: How old the token may be: seconds from 0 up, or a `timedelta`.

        Raises:
            BadSignature: None of the keys signed this, for this salt.
            SignatureExpired: The signature is right, and its time is not.
            InvalidInputError: `max_age` is negative or not finite.
        """
        try:
            return self._signer.unsign(value, max_age=max_age)
        except SignatureExpiredError as error:
            raise SignatureExpired(str(error), error.date_signed) from None
        except BadSignatureError as error:
            raise BadSignature(str(error)) from None

    def unsign_object(
        self,
        signed_obj: str,
        serializer: Any = django_signing.JSONSerializer,
        **kwargs: Any,
    ) -> Any:
        """Return the object of a token of `sign_object`.

        Raises:
            BadSignature: None of the keys signed this, or it holds no object.
            SignatureExpired: The signature is right, and its time is not.
        """
        payload = self.unsign(signed_obj, **kwargs)
        compressed = payload.startswith(".")
        try:
            data = django_signing.b64_decode(payload.removeprefix(".").encode("ascii"))
            if compressed:
                data = _decompress(data)
            return serializer().loads(data)
        except (RecursionError, ValueError, zlib.error):
            # Signed by sign() under the same salt, so no token of sign_object().
            raise BadSignature("The signature does not match.") from None


# Django builds a signer for each cookie that it reads or writes; without the cache each
# of them would derive its keys again. It holds the keys that the settings hold as well.
@lru_cache(maxsize=64)
def _signer(keys: tuple[str | bytes, ...], salt: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(keys, salt=salt)


def _decompress(data: bytes) -> bytes:
    inflater = zlib.decompressobj()
    # One byte more than allowed shows that there was more.
    inflated = inflater.decompress(data, _MAX_PAYLOAD + 1)
    if len(inflated) > _MAX_PAYLOAD or not inflater.eof:
        raise zlib.error
    return inflated
