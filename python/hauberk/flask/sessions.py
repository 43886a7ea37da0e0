"""Sessions kept in cookies, signed or sealed by hauberk.

    app.session_interface = SessionInterface()

Everything that Flask documents of its sessions holds: `SECRET_KEY` signs and
`SECRET_KEY_FALLBACKS` verify, `PERMANENT_SESSION_LIFETIME` bounds the age, the
`SESSION_COOKIE_*` settings shape the cookie, and the types of Flask's tagged JSON come
back as they went in.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from hauberk._rust import SessionSigner
from hauberk.exceptions import SigningError
from hauberk.signing.readers import ItsdangerousTimedReader

if TYPE_CHECKING:
    from datetime import date, timedelta

    from flask import Flask, Request
    from flask.json.tag import TaggedJSONSerializer

__all__ = ["SessionInterface"]


class SessionInterface(SecureCookieSessionInterface):
    """Flask's cookie sessions on HMAC-SHA256, in the place of Flask's own on SHA-1.

    A session guarantees that the application wrote it and when. It does not hide what
    is in it from the browser, and an old cookie can be sent again until it expires.

    Args:
        read_flask_until: Until when cookies are read that Flask's own interface wrote:
            an aware `datetime`, or a `date`, whose whole day in UTC is meant. Such a
            session is written back in the new form at once. Without this argument,
            and afterwards, they count as no session.

    Raises:
        InvalidInputError: `read_flask_until` is a naive `datetime`. At the first
            request: a key is shorter than 16 bytes.

    >>> from flask import Flask
    >>> app = Flask("shop")
    >>> app.secret_key = "k" * 32
    >>> app.session_interface = SessionInterface()
    """

    def __init__(self, *, read_flask_until: date | None = None) -> None:
        self._read_flask_until = read_flask_until
        if read_flask_until is not None:
            # What is wrong with the date shows here and not at the first old cookie.
            ItsdangerousTimedReader("unused", until=read_flask_until)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session of a request's cookie, empty if there is no valid one."""
        codec = self.get_signing_serializer(app)
        if codec is None:
            return None
        cookie = request.cookies.get(self.get_cookie_name(app))
        if not cookie:
            return self.session_class()
        max_age = app.permanent_session_lifetime
        try:
            return self.session_class(codec.loads(cookie, max_age=max_age))
        except SigningError:
            return self._open_flask_session(app, cookie)

    def get_signing_serializer(self, app: Flask) -> _Codec | None:  # type: ignore[override]
        """Return what makes a cookie's value of a session's data and takes it back.

        It has the `dumps(data)` and `loads(value, max_age=...)` of the serializer that
        Flask's own interface returns.
        """
        if not app.secret_key:
            return None
        return _Codec(_signer(_keys(app), self.salt), self.serializer)

    def _open_flask_session(self, app: Flask, cookie: str) -> SecureCookieSession:
        if self._read_flask_until is None:
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


class _Codec:
    """Flask's tagged JSON, signed."""

    def __init__(self, signer: SessionSigner, serializer: TaggedJSONSerializer) -> None:
        self._signer = signer
        self._serializer = serializer

    def dumps(self, data: dict[str, Any]) -> str:
        return self._signer.sign(self._serializer.dumps(data))

    def loads(self, value: str, *, max_age: float | timedelta | None) -> Any:
        return self._serializer.loads(self._signer.unsign(value, max_age=max_age))


# Flask asks at each request; the keys are derived once. The cache holds references to
# the strings that the configuration holds as well.
@lru_cache(maxsize=64)
def _signer(keys: tuple[str | bytes, ...], salt: str) -> SessionSigner:
    return SessionSigner(keys, salt=salt)


def _keys(app: Flask) -> tuple[str | bytes, ...]:
    return (app.secret_key or "", *(app.config["SECRET_KEY_FALLBACKS"] or ()))
