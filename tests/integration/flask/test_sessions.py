"""Flask's sessions on hauberk, through real applications."""

from __future__ import annotations

import base64
import time
import uuid
import zlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from unittest import mock

import itsdangerous
import pytest
from flask import Flask, request, session
from flask.json.tag import JSONTag, TaggedJSONSerializer
from flask.sessions import SecureCookieSessionInterface
from markupsafe import Markup
from werkzeug.datastructures import ImmutableMultiDict

from hauberk import _rust
from hauberk.encryption import Keyring
from hauberk.exceptions import (
    ConfigurationError,
    InvalidInputError,
    SignatureExpiredError,
)
from hauberk.flask.sessions import SessionInterface

if TYPE_CHECKING:
    from flask.testing import FlaskClient

KEY = "k" * 32
UNTIL = date(2100, 1, 1)
KEYRING = Keyring.generate()

VALUES: list[Any] = [
    7,
    "größe.with.dots",
    (1, (2, [3])),
    b"\0\xff",
    Markup("<b>"),
    uuid.UUID(int=7),
    datetime(2026, 1, 1, tzinfo=UTC),
    {"nested": {" t": "no tag"}},
    None,
]


def shop(interface: SessionInterface | None = None, **config: Any) -> Flask:
    """An application that keeps values in its session."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY=KEY, TESTING=True, **config)
    if interface is not None:
        app.session_interface = interface

    @app.get("/")
    def show() -> dict[str, Any]:
        return {"value": repr(session.get("value", "none"))}

    @app.get("/clear")
    def clear() -> str:
        session.clear()
        return ""

    return app


def keep(client: FlaskClient, value: Any) -> None:
    """Put a value into the session."""
    with client.session_transaction() as stored:
        stored["value"] = value


def cookie(client: FlaskClient) -> str:
    """The session's cookie."""
    found = client.get_cookie("session")
    assert found is not None
    return found.value


def shown(client: FlaskClient) -> str:
    """What the application finds in its session."""
    answer = client.get("/").get_json()["value"]
    assert isinstance(answer, str)
    return answer


NOTHING = repr("none")


@pytest.fixture(params=["signed", "sealed"])
def interface(request: pytest.FixtureRequest) -> SessionInterface:
    """Both kinds of sessions."""
    if request.param == "signed":
        return SessionInterface()
    return SessionInterface(encrypt=True, keyring=KEYRING)


class TestBoth:
    """What holds for signed and for sealed sessions."""

    @pytest.mark.parametrize("value", VALUES)
    def test_values_come_back(self, interface: SessionInterface, value: Any) -> None:
        """Each type of Flask's tagged JSON comes back as it was."""
        client = shop(interface).test_client()
        keep(client, value)
        assert repr(value) == shown(client)

    def test_what_flask_turns_into_text(self, interface: SessionInterface) -> None:
        """Types that Flask's JSON knows and its tags do not become text, as there."""
        client = shop(interface).test_client()
        keep(client, {1: Decimal("1.50")})
        ours = shown(client)
        flask = shop().test_client()
        keep(flask, {1: Decimal("1.50")})
        assert shown(flask) == ours

    @pytest.mark.parametrize("value", ["", "x", "a.b.c", "\xe9", "." * 10, "hb1.x.y"])
    def test_forged_cookies(self, interface: SessionInterface, value: str) -> None:
        """Whatever else is in the cookie counts as no session."""
        client = shop(interface).test_client()
        client.set_cookie("session", value)
        assert shown(client) == NOTHING

    def test_altered_cookies(self, interface: SessionInterface) -> None:
        """A cookie with a character changed counts as no session."""
        client = shop(interface).test_client()
        keep(client, 7)
        value = cookie(client)
        for position in range(0, len(value), 7):
            other = "B" if value[position] == "A" else "A"
            client.set_cookie(
                "session", value[:position] + other + value[position + 1 :]
            )
            assert shown(client) == NOTHING

    def test_clearing_deletes_the_cookie(self, interface: SessionInterface) -> None:
        """An emptied session takes its cookie along."""
        client = shop(interface).test_client()
        keep(client, 7)
        client.get("/clear")
        assert client.get_cookie("session") is None

    def test_the_settings_of_the_cookie(self, interface: SessionInterface) -> None:
        """SESSION_COOKIE_* shape the cookie, as in Flask."""
        app = shop(
            interface,
            SESSION_COOKIE_NAME="basket",
            SESSION_COOKIE_SAMESITE="Strict",
            SESSION_COOKIE_PATH="/shop",
        )
        client = app.test_client()
        keep(client, 7)
        found = client.get_cookie("basket", path="/shop")
        assert found is not None
        assert found.same_site == "Strict"
        assert found.http_only

    def test_too_much_is_refused(self, interface: SessionInterface) -> None:
        """What no browser would keep is an error that says how much it is."""
        client = shop(interface).test_client()
        keep(client, "x" * 2900)
        assert len("session=" + cookie(client)) <= 4093
        with pytest.raises(InvalidInputError, match="of the 4093"):
            keep(client, "x" * 4100)

    @pytest.mark.parametrize("seconds", [3600, -1, -3600])
    def test_lifetimes(self, interface: SessionInterface, seconds: int) -> None:
        """A negative lifetime ends every session at once, as in Flask."""
        shows = []
        for one in (None, interface):
            client = shop(one, PERMANENT_SESSION_LIFETIME=seconds).test_client()
            keep(client, 7)
            shows.append(shown(client))
        assert shows == ["7" if seconds > 0 else NOTHING] * 2

    def test_a_negative_lifetime_ends_older_sessions(
        self, interface: SessionInterface
    ) -> None:
        """Also those that were kept while the lifetime was another."""
        client = shop(interface).test_client()
        keep(client, 7)
        ended = shop(interface, PERMANENT_SESSION_LIFETIME=-1).test_client()
        ended.set_cookie("session", cookie(client))
        assert shown(ended) == NOTHING

    def test_the_serializer(self, interface: SessionInterface) -> None:
        """As Flask's, it takes a max_age in seconds, or none."""
        codec = interface.get_signing_serializer(shop())
        assert codec is not None
        value = codec.dumps({"value": 7})
        ages: list[Any] = [10, 10.5, timedelta(seconds=10), None]
        for age in ages:
            assert codec.loads(value, max_age=age) == {"value": 7}
        assert codec.loads(value) == codec.loads(value, 10) == {"value": 7}
        with pytest.raises(InvalidInputError):
            codec.loads(value, max_age=-1)

    def test_init_app(self, interface: SessionInterface) -> None:
        """It puts the interface to use, unless a setting is not known."""
        app = shop()
        interface.init_app(app)
        assert app.session_interface is interface

        app = shop(HAUBERK_KEYRING={})
        with pytest.raises(ConfigurationError, match="is it 'KEYRINGS'"):
            interface.init_app(app)
        assert app.session_interface is not interface

    def test_custom_tags(self) -> None:
        """A serializer with tags of the application's own is used."""

        class Complex(JSONTag):
            key = " c"

            def check(self, value: Any) -> bool:
                return isinstance(value, complex)

            def to_json(self, value: Any) -> Any:
                return [value.real, value.imag]

            def to_python(self, value: Any) -> Any:
                return complex(*value)

        class Interface(SessionInterface):
            serializer = TaggedJSONSerializer()

        Interface.serializer.register(Complex)
        client = shop(Interface()).test_client()
        keep(client, 1 + 2j)
        assert shown(client) == "(1+2j)"


class TestSigned:
    """Sessions that can be read and not forged."""

    def test_the_cookie_is_one_of_kind_session(self) -> None:
        """The cookie is the format's, and no token of another kind."""
        client = shop(SessionInterface()).test_client()
        keep(client, 7)
        signer = _rust.SessionSigner(KEY, salt="cookie-session")
        assert signer.unsign(cookie(client), max_age=60) == '{"value":7}'

    def test_expired(self) -> None:
        """A session older than PERMANENT_SESSION_LIFETIME counts as none."""
        old = _rust.SessionSigner(KEY, salt="cookie-session", clock=lambda: 1000)
        client = shop(SessionInterface()).test_client()
        client.set_cookie("session", old.sign('{"value":7}'))
        assert shown(client) == NOTHING

    def test_fallback_keys(self) -> None:
        """A retired key verifies while it is among SECRET_KEY_FALLBACKS."""
        client = shop(SessionInterface(), SECRET_KEY_FALLBACKS=["f" * 32]).test_client()
        retired = _rust.SessionSigner("f" * 32, salt="cookie-session")
        client.set_cookie("session", retired.sign('{"value":7}'))
        assert shown(client) == "7"

        client = shop(SessionInterface()).test_client()
        client.set_cookie("session", retired.sign('{"value":7}'))
        assert shown(client) == NOTHING

    def test_without_a_key_there_is_no_session(self) -> None:
        """Without SECRET_KEY Flask says what is missing."""
        app = shop(SessionInterface())
        app.secret_key = None
        with (
            app.test_request_context(),
            pytest.raises(RuntimeError, match="secret key"),
        ):
            session["value"] = 7

    def test_a_weak_key_is_refused(self) -> None:
        """A SECRET_KEY below 16 bytes is an error at the first request."""
        app = shop(SessionInterface())
        app.secret_key = "dev"
        with pytest.raises(InvalidInputError, match="16 bytes"):
            app.test_client().get("/")
        with pytest.raises(InvalidInputError, match="16 bytes"):
            SessionInterface().init_app(app)


class TestFlasksOwn:
    """Cookies that Flask's own interface wrote."""

    @pytest.mark.parametrize("value", [*VALUES, ["long"] * 100])
    def test_they_are_read_until_the_end(self, value: Any) -> None:
        """A session goes on across the change, and is written anew at once."""
        old = shop().test_client()
        keep(old, value)

        client = shop(SessionInterface(read_flask_until=UNTIL)).test_client()
        client.set_cookie("session", cookie(old))
        assert repr(value) == shown(client)
        assert cookie(client) != cookie(old)
        assert repr(value) == shown(client)

    def test_with_fallback_keys(self) -> None:
        """A cookie of a retired key is read too."""
        old = shop()
        old.secret_key = "f" * 32
        old_client = old.test_client()
        keep(old_client, 7)
        interface = SessionInterface(read_flask_until=UNTIL)
        client = shop(interface, SECRET_KEY_FALLBACKS=["f" * 32]).test_client()
        client.set_cookie("session", cookie(old_client))
        assert shown(client) == "7"

    def test_not_without_an_end_nor_after_it(self) -> None:
        """Without the argument, and after the day, there is no session."""
        old = shop().test_client()
        keep(old, 7)
        for interface in (
            SessionInterface(),
            SessionInterface(read_flask_until=date(2026, 1, 1)),
        ):
            client = shop(interface).test_client()
            client.set_cookie("session", cookie(old))
            assert shown(client) == NOTHING

    def test_a_naive_end_is_refused_at_once(self) -> None:
        """A mistake in the date shows when the application starts."""
        with pytest.raises(InvalidInputError):
            SessionInterface(read_flask_until=datetime(2026, 1, 1))  # noqa: DTZ001

    def test_bombs(self) -> None:
        """A cookie that inflates above 1 MiB is refused, however it was signed."""
        app = shop(SessionInterface(read_flask_until=UNTIL))
        serializer = SecureCookieSessionInterface().get_signing_serializer(app)
        assert isinstance(serializer, itsdangerous.URLSafeTimedSerializer)
        inflating = zlib.compress(b'{"value":' + b" " * (2 << 20) + b"7}", 9)
        payload = b"." + base64.urlsafe_b64encode(inflating).rstrip(b"=")
        signer = serializer.make_signer("cookie-session")
        client = app.test_client()
        client.set_cookie("session", signer.sign(payload).decode())
        assert shown(client) == NOTHING

    def test_they_are_read_into_sealed_sessions(self) -> None:
        """The change may go to sealed sessions in one step."""
        old = shop().test_client()
        keep(old, 7)
        interface = SessionInterface(
            encrypt=True, keyring=KEYRING, read_flask_until=UNTIL
        )
        client = shop(interface).test_client()
        client.set_cookie("session", cookie(old))
        assert shown(client) == "7"
        assert cookie(client).startswith("hb1.")


class TestSealed:
    """Sessions that cannot be read either."""

    CONTEXT = "hauberk.flask.session/cookie-session"

    def test_nothing_shows(self) -> None:
        """The cookie is a ciphertext, and two of the same session differ."""
        client = sealed().test_client()
        keep(client, "private")
        first = cookie(client)
        keep(client, "private")
        assert first != cookie(client)
        for part in first.split("."):
            padded = part + "=" * (-len(part) % 4)
            assert b"private" not in base64.urlsafe_b64decode(padded)

    def test_no_secret_key_is_needed(self) -> None:
        """The keyring is enough."""
        app = sealed()
        app.secret_key = None
        client = app.test_client()
        keep(client, 7)
        assert shown(client) == "7"

    def test_expired(self) -> None:
        """The times are inside, and each ends the session."""
        cipher = KEYRING.cipher(self.CONTEXT)
        now = int(datetime.now(UTC).timestamp())
        for issued, expires, expected in (
            (now, now + 60, "7"),
            (now - 60, now - 1, NOTHING),  # its own end
            (now - 40 * 86_400, now + 60, NOTHING),  # the application's
            (now + 600, now + 1200, NOTHING),  # of the future
        ):
            value = cipher.encrypt_text(f'{issued}.{expires}.{{"value":7}}', b"session")
            client = sealed().test_client()
            client.set_cookie("session", value)
            assert expected == shown(client)

    def test_the_serializer_bounds_the_age(self) -> None:
        """A session lives no longer than its own end and what is asked for."""
        codec = sealed().session_interface.get_signing_serializer(sealed())  # type: ignore[attr-defined]
        value = codec.dumps({"value": 7})
        now = time.time()
        for seconds, max_age in ((12, 10), (32 * 86_400, None)):
            with (
                mock.patch("time.time", return_value=now + seconds),
                pytest.raises(SignatureExpiredError),
            ):
                codec.loads(value, max_age=max_age)
        with mock.patch("time.time", return_value=now + 86_400):
            assert codec.loads(value) == {"value": 7}

    def test_surrogates(self) -> None:
        """Text that UTF-8 cannot hold is no session, like other rubbish."""
        app = sealed()
        with app.test_request_context():
            request.cookies = ImmutableMultiDict({"session": "hb1.\ud800"})
            opened = app.session_interface.open_session(app, request)
        assert opened is not None
        assert not opened

    def test_another_cookie_is_no_session(self) -> None:
        """What was sealed under another name or salt does not open."""
        client = sealed(SESSION_COOKIE_NAME="basket").test_client()
        keep(client, 7)
        found = client.get_cookie("basket")
        assert found is not None
        other = sealed().test_client()
        other.set_cookie("session", found.value)
        assert shown(other) == NOTHING

    def test_another_keyring_is_no_session(self) -> None:
        """A session of unknown keys counts as none."""
        client = sealed().test_client()
        keep(client, 7)
        interface = SessionInterface(encrypt=True, keyring=Keyring.generate())
        other = shop(interface).test_client()
        other.set_cookie("session", cookie(client))
        assert shown(other) == NOTHING

    def test_it_is_never_compressed(self) -> None:
        """The length tells of the length, and nothing of the content."""
        lengths = set()
        for letters in ("a" * 500, "".join(chr(33 + n % 90) for n in range(500))):
            text = letters.replace('"', "'").replace("\\", "/")
            client = sealed().test_client()
            keep(client, text)
            lengths.add(len(cookie(client)))
        assert len(lengths) == 1

    @pytest.mark.parametrize("name", ["default", "cookies"])
    def test_keyrings_of_the_settings(self, name: str) -> None:
        """A keyring can be named, and is "default" where it is not."""
        keyring = None if name == "default" else name
        interface = SessionInterface(encrypt=True, keyring=keyring)
        client = shop(interface, HAUBERK_KEYRINGS={name: KEYRING}).test_client()
        keep(client, 7)
        other = sealed().test_client()
        other.set_cookie("session", cookie(client))
        assert shown(other) == "7"

    def test_missing_keyrings(self) -> None:
        """Without its keyring an application serves no session."""
        client = shop(SessionInterface(encrypt=True)).test_client()
        with pytest.raises(ConfigurationError, match="default"):
            client.get("/")
        with pytest.raises(ConfigurationError, match="default"):
            SessionInterface(encrypt=True).init_app(shop())

    def test_a_keyring_that_would_not_be_used(self) -> None:
        """Who gives a keyring wants sealed sessions, and must say so."""
        with pytest.raises(ConfigurationError):
            SessionInterface(keyring=KEYRING)


def sealed(**config: Any) -> Flask:
    """An application with sealed sessions."""
    return shop(SessionInterface(encrypt=True, keyring=KEYRING), **config)
