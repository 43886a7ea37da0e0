"""A login through the whole stack, with sessions where deployments keep them."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from tests import services


def visit(request: HttpRequest) -> HttpResponse:
    """Count the visits of a user in the session, and sign a cookie."""
    visits = request.session.get("visits", 0) + 1
    request.session["visits"] = visits
    known = request.get_signed_cookie("known", default="", max_age=60)
    response = HttpResponse(f"{request.user} {visits} {known}")
    response.set_signed_cookie("known", "yes, with ümlaut")
    return response


urlpatterns = [path("visit/", visit)]


@pytest.mark.django_db
@pytest.mark.skipif(
    not services.answers(services.REDIS),
    reason=f"no Redis answers at {services.REDIS}",
)
def test_sessions_in_redis() -> None:
    """Hasher, signed cookies and sessions in Redis work together."""
    with override_settings(
        ROOT_URLCONF=__name__,
        PASSWORD_HASHERS=["hauberk.django.hashers.Argon2PasswordHasher"],
        SIGNING_BACKEND="hauberk.django.signing.TimestampSigner",
        SESSION_ENGINE="django.contrib.sessions.backends.cache",
        CACHES={
            "default": {
                "BACKEND": "django.core.cache.backends.redis.RedisCache",
                "LOCATION": services.REDIS,
                "KEY_PREFIX": "hauberk-tests",
            }
        },
    ):
        get_user_model().objects.create_user("ada", password="correct horse")
        browser = Client()
        assert not browser.login(username="ada", password="wrong horse")
        assert browser.login(username="ada", password="correct horse")
        assert browser.get("/visit/").content.decode() == "ada 1 "
        assert browser.get("/visit/").content.decode() == "ada 2 yes, with ümlaut"
        cookie = browser.cookies["known"].value
        flipped = "B" if cookie[-5] == "A" else "A"
        browser.cookies["known"] = cookie[:-5] + flipped + cookie[-4:]
        assert browser.get("/visit/").content.decode() == "ada 3 "
        assert cache.get(f"django.contrib.sessions.cache{browser.session.session_key}")
        browser.session.flush()
        cache.close()
