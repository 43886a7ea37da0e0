"""Sessions kept in cookies, signed or sealed by hauberk.

    SessionInterface().init_app(app)
    SessionInterface(encrypt=True).init_app(app)

`init_app()` checks the settings while the application starts. Sessions work as well if
the interface is only assigned to `app.session_interface`; what is wrong then shows at
the first request, and an unknown setting may not show at all.

Everything that Flask documents of its sessions holds: `SECRET_KEY` signs and
`SECRET_KEY_FALLBACKS` verify, `PERMANENT_SESSION_LIFETIME` bounds the age, the
`SESSION_COOKIE_*` settings shape the cookie, and the types of Flask's tagged JSON come
back as they went in.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from hauberk._rust import SessionSigner
from hauberk.conf import Settings
from hauberk.exceptions import (
    ConfigurationError,
    DecryptionError,
    InvalidInputError,
    SignatureExpiredError,
    SigningError,
)
from hauberk.signing._formats import age_bound
from hauberk.signing.readers import ItsdangerousTimedReader

if TYPE_CHECKING:
    from datetime import date

    from flask import Flask, Request
    from flask.json.tag import TaggedJSONSerializer

    from hauberk.encryption import Cipher, Keyring

__all__ = ["SessionInterface"]


class SessionInterface(SecureCookieSessionInterface):
    """Flask's cookie sessions on HMAC-SHA256, in the place of Flask's own on SHA-1.

    A session guarantees that the application wrote it and when. A signed one does not
    hide what is in it; a sealed one does, but for its length, which is why it is never
    compressed. Either way an old cookie can be sent again until it expires.

    Args:
        encrypt: Whether sessions are sealed. `SECRET_KEY` is then not used for them.
        keyring: Where `encrypt` is true, the keys that seal: a `Keyring`, or the name
            of one in the application's setting `HAUBERK_KEYRINGS`.
        read_flask_until: Until when cookies are read that Flask's own interface wrote:
            an aware `datetime`, or a `date`, whose whole day in UTC is meant. Such a
            session is written back in the new form at once. Without this argument,
            and afterwards, they count as no session.

    Raises:
        ConfigurationError: A `keyring` is given and `encrypt` is not. In `init_app`, or
            at the first request: there is no keyring of that name.
        InvalidInputError: `read_flask_until` is a naive `datetime`. In `init_app`, or
            at the first request: a key is shorter than 16 bytes. When a session is
            kept: its cookie would take more than the 4093 bytes that browsers keep.
            Flask's own compresses what is long; this one does not.

    >>> from flask import Flask
    >>> app = Flask("shop")
    >>> app.secret_key = "k" * 32
    >>> SessionInterface().init_app(app)
    """

    def __init__(
        self,
        *,
        encrypt: bool = False,
        keyring: Keyring | str | None = None,
        read_flask_until: date | None = None,
    ) -> None:
        if keyring is not None and not encrypt:
            raise ConfigurationError(
                "Only SessionInterface(encrypt=True) has a keyring."
            )
        self._keyring = (keyring or "default") if encrypt else None
        self._read_flask_until = read_flask_until
        if read_flask_until is not None:
            # What is wrong with the date shows here and not at the first old cookie.
            ItsdangerousTimedReader("unused", until=read_flask_until)

    def init_app(self, app: Flask) -> None:
        """Make this the application's interface, once its settings are right.

        Call it when `app.config` is complete. A `SECRET_KEY` may still be missing.

        Raises:
            ConfigurationError: A setting `HAUBERK_...` is not known, or there is no
                keyring of the name that was given.
            KeyringError: The keyring cannot be read.
            InvalidInputError: `SECRET_KEY` or a fallback is shorter than 16 bytes.
        """
        Settings.from_flask(app.config)
        self.get_signing_serializer(app)
        app.session_interface = self

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session of a request's cookie, empty if there is no valid one."""
        codec = self.get_signing_serializer(app)
        if codec is None:
            return None
        cookie = request.cookies.get(self.get_cookie_name(app))
        if not cookie:
            return self.session_class()
        if app.permanent_session_lifetime < timedelta(0):
            # It ends every session, also one of this very second, as in Flask.
            return self.session_class()
        try:
            data = codec.loads(cookie, max_age=app.permanent_session_lifetime)
            return self.session_class(data)
        except (DecryptionError, SigningError):
            return self._open_flask_session(app, cookie)

    def get_signing_serializer(  # type: ignore[override]
        self, app: Flask
    ) -> _SealedCodec | _SignedCodec | None:
        """Return what makes a cookie's value of a session's data and takes it back.

        It has the `dumps(data)` and `loads(value, max_age=None)` of the serializer that
        Flask's own interface returns. The `max_age` is seconds or a `timedelta`, and
        None bounds no age, but for the end that a sealed session has inside.
        """
        if self._keyring is not None:
            cipher = self._cipher(app, self._keyring)
            name = self.get_cookie_name(app)
            lifetime = app.permanent_session_lifetime
            return _SealedCodec(cipher, self.serializer, name, lifetime)
        if not app.secret_key:
            return None
        name = self.get_cookie_name(app)
        return _SignedCodec(_signer(_keys(app), self.salt), self.serializer, name)

    def _cipher(self, app: Flask, keyring: Keyring | str) -> Cipher:
        # Kept with the application, as Flask wants it of extensions: an interface may
        # serve several, and deriving keys costs more than sealing a session.
        ciphers: dict[tuple[Keyring | str, str], Cipher]
        ciphers = app.extensions.setdefault(_EXTENSION, {})
        cipher = ciphers.get((keyring, self.salt))
        if cipher is None:
            if isinstance(keyring, str):
                keys = Settings.from_flask(app.config).keyring(keyring)
            else:
                keys = keyring
            # Another salt is another purpose, for sealed sessions as for signed ones.
            cipher = keys.cipher(f"hauberk.flask.session/{self.salt}")
            ciphers[keyring, self.salt] = cipher
        return cipher

    def _open_flask_session(self, app: Flask, cookie: str) -> SecureCookieSession:
        if self._read_flask_until is None or not app.secret_key:
            return self.session_class()
        reader = ItsdangerousTimedReader(
            _keys(app),
            until=self._read_flask_until,
            salt=self.salt,
            digest=self.digest_method().name,
            key_derivation=self.key_derivation,  # type: ignore[arg-type]
            decoder=self.serializer.loads,
        )
        try:
            data = reader.loads(cookie, max_age=app.permanent_session_lifetime)
        except SigningError:
            return self.session_class()
        session = self.session_class(data)
        # So that the answer carries it in the new form.
        session.modified = True
        return session


class _SignedCodec:
    """Flask's tagged JSON, signed."""

    def __init__(
        self, signer: SessionSigner, serializer: TaggedJSONSerializer, name: str
    ) -> None:
        self._signer = signer
        self._serializer = serializer
        self._name = name

    def dumps(self, data: dict[str, Any]) -> str:
        return _bounded(self._name, self._signer.sign(self._serializer.dumps(data)))

    def loads(self, value: str, max_age: float | timedelta | None = None) -> Any:
        return self._serializer.loads(self._signer.unsign(value, max_age=max_age))


class _SealedCodec:
    """Flask's tagged JSON behind the times of its issue and its end, sealed."""

    def __init__(
        self,
        cipher: Cipher,
        serializer: TaggedJSONSerializer,
        name: str,
        lifetime: timedelta,
    ) -> None:
        self._cipher = cipher
        self._serializer = serializer
        self._name = name
        self._lifetime = lifetime

    def dumps(self, data: dict[str, Any]) -> str:
        issued = int(time.time())
        expires = issued + int(self._lifetime.total_seconds())
        text = f"{issued}.{expires}.{self._serializer.dumps(data)}"
        return _bounded(
            self._name, self._cipher.encrypt_text(text, self._name.encode())
        )

    def loads(self, value: str, max_age: float | timedelta | None = None) -> Any:
        bound = age_bound(max_age)
        text = self._cipher.decrypt_text(value, self._name.encode())
        issued, expires, payload = text.split(".", 2)
        age = int(time.time()) - int(issued)
        lifetime: float = int(expires) - int(issued)
        if bound is not None:
            lifetime = min(lifetime, bound)
        if lifetime < 0 or not -_LEEWAY <= age <= lifetime:
            date_signed = datetime.fromtimestamp(int(issued), UTC)
            raise SignatureExpiredError("The session has expired.", date_signed)
        return self._serializer.loads(payload)


_EXTENSION = "hauberk.flask.sessions"
_MAX_COOKIE = 4093
_LEEWAY = 60  # seconds that the clocks of two machines may differ by


# Flask asks at each request; the keys are derived once. The cache holds references to
# the strings that the configuration holds as well.
@lru_cache(maxsize=64)
def _signer(keys: tuple[str | bytes, ...], salt: str) -> SessionSigner:
    return SessionSigner(keys, salt=salt)


def _bounded(name: str, value: str) -> str:
    # Browsers drop a longer cookie without a word, and the session with it.
    length = len(name) + len("=") + len(value)
    if length > _MAX_COOKIE:
        raise InvalidInputError(
            f"The session's cookie takes {length} bytes of the {_MAX_COOKIE} that a "
            "browser keeps: put less into it, or keep sessions on the server."
        )
    return value


def _keys(app: Flask) -> tuple[str | bytes, ...]:
    return (app.secret_key or "", *(app.config["SECRET_KEY_FALLBACKS"] or ()))
