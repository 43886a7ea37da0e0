"""Vulnerabilities that JWT libraries had fetching keys, each tried on ours.

A test is named after the advisory, or after the library where there is none.
"""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any, Self

import pytest
from tests.security.jwt_attacks import (
    NOW,
    verifier,
)

from hauberk import jwt
from hauberk.compat import jwt as compat
from hauberk.exceptions import (
    InvalidInputError,
    KeySetFetchError,
    TokenSignatureError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    """A server whose answers are variables."""
    with Issuer() as running:
        yield running


class Issuer:
    """Answers `/jwks` as told and `/evil` with other keys, and counts."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.status = 200
        self.key = jwt.PrivateKey.generate("ES256", kid="good")
        self.evil = jwt.PrivateKey.generate("ES256", kid="good")
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.asked.append(self.path)
                self.send_response(issuer.status if self.path == "/jwks" else 200)
                self.send_header("Location", "/evil")
                self.end_headers()
                key = issuer.key if self.path == "/jwks" else issuer.evil
                jwks = jwt.KeySet([key]).to_jwks()
                self.wfile.write(json.dumps(jwks).encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/jwks"
        self.thread = Thread(target=self.server.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def keys(self, **options: Any) -> jwt.RemoteKeySet:
        """Return what fetches the issuer's keys."""
        return jwt.RemoteKeySet(self.url, algs=["ES256"], allow_http=True, **options)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "ftp://example.org/jwks",
        "data:application/json,{}",
        "jar:https://example.org/x!/jwks",
        "//example.org/jwks",
        "/etc/passwd",
    ],
)
def test_cve_2026_48522_keys_from_files(url: str) -> None:
    """Keys come from the web alone (GHSA-993g-76c3-p5m4)."""
    for allowed in (False, True):
        with pytest.raises(InvalidInputError):
            jwt.RemoteKeySet(url, algs=["ES256"], allow_http=allowed)
    with pytest.raises(compat.PyJWKClientError):
        compat.PyJWKClient(url)


def test_ghsa_fhv5_a_failed_request_forgets_the_keys(issuer: Issuer) -> None:
    """An issuer that fails once leaves us the keys that we have."""
    keys = issuer.keys(ttl=0, cooldown=0)
    client = compat.PyJWKClient(issuer.url)
    assert len(keys.get()) == len(client.get_signing_keys()) == 1
    issuer.status = 500

    ours = verifier(keys)
    token = jwt.Signer(issuer.key, lifetime=60, clock=lambda: NOW).sign({})
    assert ours.claims(token)
    with pytest.raises(compat.PyJWKClientConnectionError):
        client.get_jwk_set(refresh=True)
    assert client.get_signing_key("good").key_id == "good"
    assert "/evil" not in issuer.asked


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_ghsa_9v7f_redirects_to_other_keys(issuer: Issuer, status: int) -> None:
    """Where an answer points to is no source of keys."""
    issuer.status = status
    with pytest.raises(KeySetFetchError):
        issuer.keys().get()
    with pytest.raises(compat.PyJWKClientError):
        compat.PyJWKClient(issuer.url).get_signing_key("good")
    assert issuer.asked == ["/jwks"] * 2


def test_ghsa_2gx3_unknown_kids_make_requests(issuer: Issuer) -> None:
    """However many names strangers think of, there is one request in a cooldown."""
    ours = verifier(issuer.keys())
    client = compat.PyJWKClient(issuer.url)
    for n in range(20):
        stranger = jwt.PrivateKey.generate("ES256", kid=str(n))
        token = jwt.Signer(stranger, lifetime=60, clock=lambda: NOW).sign({})
        with pytest.raises(TokenSignatureError):
            ours.claims(token)
        with pytest.raises(compat.PyJWKClientError):
            client.get_signing_key_from_jwt(token)
    assert len(issuer.asked) == 2
