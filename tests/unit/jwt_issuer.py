"""An issuer of keys on this machine, for the tests of remote key sets."""

from __future__ import annotations

import datetime as dt
import json
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from hauberk.exceptions import KeySetFetchError
from hauberk.jwt import KeySet, PrivateKey, RemoteKeySet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FIRST, SECOND = (PrivateKey.generate("ES256", kid=kid) for kid in ("first", "second"))


class Issuer:
    """A server on 127.0.0.1 that publishes what it is told."""

    def __init__(self) -> None:
        self.requests = 0
        self.answer: Callable[[BaseHTTPRequestHandler], None] = self.publishes(FIRST)
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.requests += 1
                issuer.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        """Where the key set is."""
        return f"http://127.0.0.1:{self.server.server_port}/jwks.json"

    def publishes(self, *keys: PrivateKey) -> Callable[[BaseHTTPRequestHandler], None]:
        """Return the answer of an issuer that has these keys."""
        return body(json.dumps(KeySet(keys).to_jwks()).encode())

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def body(
    content: bytes, status: int = 200, **headers: str
) -> Callable[[BaseHTTPRequestHandler], None]:
    """Return the answer that consists of these bytes."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def slowly(
    answer: Callable[[BaseHTTPRequestHandler], None], seconds: float
) -> Callable[[BaseHTTPRequestHandler], None]:
    """Return the same answer, after a while."""

    def wait(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)
        answer(handler)

    return wait


class Clock:
    """A clock that only moves when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def remote(issuer: Issuer, **options: Any) -> RemoteKeySet:
    """Make a remote key set of an issuer."""
    return RemoteKeySet(issuer.url, algs=["ES256"], allow_http=True, **options)


def kids(keys: KeySet) -> list[str | None]:
    """Return the names of keys."""
    return [key.kid for key in keys]


def certificate(issuer: Issuer, folder: Path) -> Path:
    """Give an issuer a certificate for localhost, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False
        )
        .sign(key, SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(made.public_bytes(Encoding.PEM))
    private = folder / "key.pem"
    private.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, private)
    issuer.server.socket = context.wrap_socket(issuer.server.socket, server_side=True)
    return path


class Held:
    """An answer that is kept back until it is released."""

    def __init__(self, answer: Callable[[BaseHTTPRequestHandler], None]) -> None:
        self.asked, self.release = threading.Event(), threading.Event()
        self.answer = answer

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer a request when it is time."""
        self.asked.set()
        self.release.wait(10)
        self.answer(handler)


def failing(get: Callable[[], KeySet]) -> None:
    """Ask for keys that there are none of."""
    with pytest.raises(KeySetFetchError):
        get()
