"""Django's signed cookies, messages, sessions and password resets on hauberk."""

from __future__ import annotations

import re
import zlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core import checks, mail
from django.core import signing as django_signing
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from hauberk import signing
from hauberk.django.checks import check_signing
from hauberk.django.signing import BadSignature, SignatureExpired, TimestampSigner
from hauberk.exceptions import (
    BadSignatureError,
    ConfigurationError,
    InvalidInputError,
    SignatureExpiredError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "k" * 32
BACKEND = "hauberk.django.signing.TimestampSigner"


def set_cookie(request: HttpRequest) -> HttpResponse:
    """Sign a cookie."""
    response = HttpResponse()
    response.set_signed_cookie("basket", request.GET["value"], salt="shop")
    return response


def get_cookie(request: HttpRequest) -> HttpResponse:
    """Show a signed cookie."""
    max_age = float(request.GET["max_age"]) if "max_age" in request.GET else None
    value = request.get_signed_cookie(
        "basket",
        default="none",
        salt="shop",
        max_age=None if max_age is None else timedelta(seconds=max_age),
    )
    return HttpResponse(value)


def say(request: HttpRequest) -> HttpResponse:
    """Leave a message for the next page."""
    messages.success(request, request.GET["text"])
    return HttpResponse()


def hear(request: HttpRequest) -> HttpResponse:
    """Show the messages."""
    return HttpResponse("|".join(str(m) for m in messages.get_messages(request)))


def count(request: HttpRequest) -> HttpResponse:
    """Count in the session."""
    request.session["count"] = request.session.get("count", 0) + 1
    return HttpResponse(str(request.session["count"]))


urlpatterns = [
    path("set", set_cookie),
    path("get", get_cookie),
    path("say", say),
    path("hear", hear),
    path("count", count),
]


@pytest.fixture(autouse=True)
def backend() -> Iterator[None]:
    """Django signs with hauberk, at the addresses of this module."""
    with override_settings(SIGNING_BACKEND=BACKEND, ROOT_URLCONF=__name__):
        yield


class TestCookies:
    """Signed cookies through Django's own methods."""

    @pytest.mark.parametrize("value", ["7", "a.b:c", ""])
    def test_round_trip(self, client: Client, value: str) -> None:
        """A signed cookie comes back, and is one of hauberk's tokens."""
        client.get("/set", {"value": value})

        assert value == client.get("/get").content.decode()
        assert client.cookies["basket"].value.count(".") == value.count(".") + 2

    def test_altered(self, client: Client) -> None:
        """An altered cookie counts as none."""
        client.get("/set", {"value": "7"})
        client.cookies["basket"] = "8" + client.cookies["basket"].value[1:]

        assert client.get("/get").content == b"none"

    def test_expired(self, client: Client) -> None:
        """An old cookie counts as none."""
        signer = TimestampSigner(key=KEY, salt="s")
        with pytest.raises(django_signing.SignatureExpired):
            signer.unsign(signed_long_ago("v"), max_age=60)

        client.get("/set", {"value": "7"})
        assert client.get("/get", {"max_age": "60"}).content == b"7"

    def test_fallback_keys(self, client: Client) -> None:
        """Cookies of a retired SECRET_KEY are read while it is a fallback."""
        with override_settings(SECRET_KEY="the old key" * 4):
            client.get("/set", {"value": "7"})

        assert client.get("/get").content == b"none"
        with override_settings(SECRET_KEY_FALLBACKS=["the old key" * 4]):
            assert client.get("/get").content == b"7"

    def test_keys_are_derived_once(self, client: Client) -> None:
        """A signer for each cookie, as Django builds them, derives nothing again."""
        client.get("/set", {"value": "7"})
        with mock.patch("hauberk.signing.TimestampSigner", side_effect=AssertionError):
            client.get("/set", {"value": "8"})


class TestMessages:
    """Messages kept in a cookie."""

    @pytest.mark.parametrize("text", ["saved", "größe", "long " * 100])
    def test_round_trip(self, client: Client, text: str) -> None:
        """A message reaches the next page, compressed where that is shorter."""
        storage = "django.contrib.messages.storage.cookie.CookieStorage"
        with override_settings(MESSAGE_STORAGE=storage):
            client.get("/say", {"text": text})
            assert "messages" in client.cookies

            assert text == client.get("/hear").content.decode()
            assert client.get("/hear").content == b""

    def test_forged(self, client: Client) -> None:
        """A forged cookie brings no message."""
        storage = "django.contrib.messages.storage.cookie.CookieStorage"
        with override_settings(MESSAGE_STORAGE=storage):
            client.cookies["messages"] = "W10.1.signature"
            assert client.get("/hear").content == b""


def test_signed_cookie_sessions(client: Client) -> None:
    """Sessions in cookies, which Django signs by itself, go on working."""
    engine = "django.contrib.sessions.backends.signed_cookies"
    with override_settings(SESSION_ENGINE=engine):
        counts = [client.get("/count").content for _ in range(3)]
    assert counts == [b"1", b"2", b"3"]


@pytest.mark.django_db
@override_settings(ROOT_URLCONF="django.contrib.auth.urls")
def test_password_resets(client: Client) -> None:
    """A password is reset by the link of a mail."""
    user = get_user_model().objects.create_user("ada", "ada@example.org", "old")
    with override_settings(TEMPLATES=RESET_TEMPLATES):
        client.post("/password_reset/", {"email": "ada@example.org"})
        link = re.search(r"/reset/\S+", str(mail.outbox[0].body))
        assert link is not None
        form = client.get(link[0], follow=True)
        new = "a new pass phrase"
        data = {"new_password1": new, "new_password2": new}
        client.post(form.request["PATH_INFO"], data)

    user.refresh_from_db()
    assert user.check_password(new)


class TestContract:
    """What django.core.signing promises of a signer."""

    def test_tokens_are_those_of_the_core(self) -> None:
        """hauberk.signing reads what the backend signs under the same key and salt."""
        token = TimestampSigner(key=KEY, salt="s").sign("v")
        assert signing.TimestampSigner(KEY, salt="s").unsign(token, max_age=60) == "v"

    def test_it_is_djangos_class(self) -> None:
        """Code that asks for Django's class gets it."""
        assert issubclass(TimestampSigner, django_signing.TimestampSigner)

    def test_exceptions_are_both(self) -> None:
        """Handlers for Django's exceptions and for hauberk's both catch."""
        signer = TimestampSigner(key=KEY, salt="s")
        for kind in (BadSignature, BadSignatureError, django_signing.BadSignature):
            with pytest.raises(kind):
                signer.unsign("forged")
        for expired in (
            SignatureExpiredError,
            django_signing.SignatureExpired,
            django_signing.BadSignature,
        ):
            with pytest.raises(expired):
                signer.unsign(signed_long_ago("v"), max_age=60)
        with pytest.raises(SignatureExpired) as caught:
            signer.unsign(signed_long_ago("v"), max_age=60)
        assert caught.value.date_signed.timestamp() == 1000

    def test_keys_come_from_the_settings(self) -> None:
        """Without arguments the keys are SECRET_KEY and its fallbacks."""
        with override_settings(SECRET_KEY="the old key" * 4):
            token = TimestampSigner(salt="s").sign("v")
        with pytest.raises(BadSignature):
            TimestampSigner(salt="s").unsign(token)
        with override_settings(SECRET_KEY_FALLBACKS=["the old key" * 4]):
            assert TimestampSigner(salt="s").unsign(token) == "v"

    def test_the_salt_is_the_class_by_default(self) -> None:
        """A subclass without a salt has one of its own, as in Django."""

        class Other(TimestampSigner):
            pass

        with pytest.raises(BadSignature):
            Other(key=KEY).unsign(TimestampSigner(key=KEY).sign("v"))

    def test_values_become_text(self) -> None:
        """What is no text is signed as text, as in Django."""
        signer = TimestampSigner(key=KEY, salt="s")
        assert signer.unsign(signer.sign(7)) == "7"  # type: ignore[arg-type]

    @pytest.mark.parametrize("compress", [False, True])
    @pytest.mark.parametrize("obj", [{"a": 1}, ["long"] * 50, "größe", None])
    def test_objects(self, obj: Any, *, compress: bool) -> None:
        """sign_object() and unsign_object() are inverse to each other."""
        signer = TimestampSigner(key=KEY, salt="s")
        token = signer.sign_object(obj, compress=compress)
        assert obj == signer.unsign_object(token, max_age=60)

    def test_the_serializer_is_used(self) -> None:
        """Another serializer than JSON's may be given."""

        class Raw:
            def dumps(self, obj: bytes) -> bytes:
                return obj

            def loads(self, data: bytes) -> bytes:
                return data

        signer = TimestampSigner(key=KEY, salt="s")
        token = signer.sign_object(b"\0\xff", serializer=Raw)
        assert signer.unsign_object(token, serializer=Raw) == b"\0\xff"

    def test_bombs(self) -> None:
        """An object that inflates above 1 MiB is refused, however it was signed."""
        bomb = django_signing.b64_encode(zlib.compress(b" " * (4 << 20), 9)).decode()
        signer = TimestampSigner(key=KEY, salt="s")
        for payload in ("." + bomb, ".e30", ".", "%", "é", "A"):
            with pytest.raises(BadSignature):
                signer.unsign_object(signer.sign(payload))

    def test_values_that_are_no_objects(self) -> None:
        """A value that sign() signed under the same salt is no object, and no crash."""
        signer = TimestampSigner(key=KEY, salt="s")
        for value in ("", "user 7", "e30x", "bm90IGpzb24", "_w", "W1tb"):
            with pytest.raises(BadSignature, match="does not match"):
                signer.unsign_object(signer.sign(value))

    def test_the_timestamp(self) -> None:
        """timestamp() is what stands in a token."""
        signer = TimestampSigner(key=KEY, salt="s")
        stamp = int(signer.sign("v").split(".")[1])
        assert abs(int(signer.timestamp()) - stamp) <= 1

    def test_what_is_no_part_of_the_format(self) -> None:
        """Options that would change the format are refused when it is built."""
        with pytest.raises(ConfigurationError):
            TimestampSigner(key=KEY, sep=":")
        with pytest.raises(ConfigurationError):
            TimestampSigner(key=KEY, algorithm="sha1")
        with pytest.raises(InvalidInputError):
            TimestampSigner(key="short")
        with pytest.raises(NotImplementedError):
            TimestampSigner(key=KEY).signature("v")


class TestCheck:
    """Keys that are too short show when the project starts."""

    # Other checks ask the databases for their versions.
    @pytest.mark.django_db(databases=[*connections])
    def test_short_keys(self) -> None:
        """A cookie's signer would take them: Django puts a constant before each."""
        with override_settings(SECRET_KEY="k" * 15, SECRET_KEY_FALLBACKS=["x", KEY]):
            django_signing.get_cookie_signer(salt="shop").sign("v")
            found = check_signing()
            run = checks.run_checks()
            assert all(message in run for message in found)
        assert [message.id for message in found] == ["hauberk.E301"] * 2
        assert [message.msg.split()[0] for message in found] == [
            "SECRET_KEY",
            "SECRET_KEY_FALLBACKS[0]",
        ]

    def test_long_keys(self) -> None:
        """Keys of 16 bytes pass."""
        with override_settings(SECRET_KEY="k" * 16, SECRET_KEY_FALLBACKS=[KEY]):
            assert check_signing() == []

    def test_another_backend(self) -> None:
        """The keys of Django's own signer are Django's business."""
        with override_settings(
            SECRET_KEY="k", SIGNING_BACKEND="django.core.signing.TimestampSigner"
        ):
            assert check_signing() == []


def signed_long_ago(value: str) -> str:
    """A token of 1970."""
    return signing.TimestampSigner(KEY, salt="s", clock=lambda: 1000).sign(value)


RESET_TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.locmem.Loader",
                    {
                        "registration/password_reset_form.html": "",
                        "registration/password_reset_subject.txt": "Reset",
                        "registration/password_reset_email.html": (
                            "{% url 'password_reset_confirm' uid token %}"
                        ),
                        "registration/password_reset_confirm.html": "{{ form }}",
                    },
                )
            ],
        },
    },
]
