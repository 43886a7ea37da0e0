"""A request for keys ends in time, whichever part of it is slow."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from contextlib import closing, suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from tests.unit.jwt_issuer import SECOND, Issuer, body, certificate, kids, remote

from hauberk.exceptions import KeySetFetchError
from hauberk.jwt import KeySet, RemoteKeySet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class TestSlow:
    """Servers that answer now and then."""

    def test_slow_answers(self, issuer: Issuer) -> None:
        """One byte at a time, each in time, does not hold us for longer than told."""

        def drip(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.end_headers()
            for _ in range(100):
                try:
                    handler.wfile.write(b" ")
                except OSError:
                    return
                time.sleep(0.1)

        issuer.answer = drip
        start = time.monotonic()
        with pytest.raises(KeySetFetchError, match="in time"):
            remote(issuer, timeout=0.5).get()
        assert time.monotonic() - start < 5

    @pytest.mark.parametrize("with_tls", [False, True], ids=["http", "https"])
    @pytest.mark.parametrize("part", ["status", "header", "chunk"])
    def test_slow_parts_of_an_answer(
        self, issuer: Issuer, tmp_path: Path, part: str, *, with_tls: bool
    ) -> None:
        """No part of an answer, one byte at a time, holds us for longer than told."""
        before = {
            "status": b"",
            "header": b"HTTP/1.1 200 OK\r\nX: ",
            "chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        }[part]

        def drip(handler: BaseHTTPRequestHandler) -> None:
            try:
                handler.wfile.write(before)
                for _ in range(100):
                    handler.wfile.write(b"0")
                    time.sleep(0.1)
            except OSError:
                return

        url, context = issuer.url, None
        if with_tls:
            authority = certificate(issuer, tmp_path)
            url = url.replace("http://127.0.0.1", "https://localhost")
            context = ssl.create_default_context(cafile=authority)
        issuer.answer = drip
        keys = RemoteKeySet(
            url, algs=["ES256"], allow_http=True, timeout=0.5, ssl_context=context
        )
        start = time.monotonic()
        with pytest.raises(KeySetFetchError, match="in time"):
            keys.get()
        assert time.monotonic() - start < 5

    def test_addresses_share_the_time(
        self, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """One address that never answers leaves time for the next."""
        with closing(socket.socket()) as full:
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            queued = [socket.socket() for _ in range(3)]
            for waiting in queued:
                waiting.setblocking(False)  # noqa: FBT003 - positional only
                waiting.connect_ex(full.getsockname())
            deaf = (socket.AF_INET, socket.SOCK_STREAM, 0, "", full.getsockname())
            there = (*deaf[:4], issuer.server.server_address)

            monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [deaf, there])
            assert kids(remote(issuer, timeout=1).get()) == ["first"]
            monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [deaf] * 20)
            start = time.monotonic()
            with pytest.raises(KeySetFetchError, match="in time"):
                remote(issuer, timeout=0.5).get()
            assert time.monotonic() - start < 5
            for waiting in queued:
                waiting.close()


class Proxy(BaseHTTPRequestHandler):
    """Connects whom it is asked to, as a company's proxy does."""

    drips = False

    def do_CONNECT(self) -> None:
        """Be a pipe to the server, or say so for ever."""
        if self.drips:
            try:
                self.wfile.write(b"HTTP/1.1 200 ")
                for _ in range(100):
                    self.wfile.write(b"O")
                    time.sleep(0.1)
            except OSError:
                pass
            return
        host, _, port = self.path.partition(":")
        with socket.create_connection((host, int(port)), timeout=10) as server:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=self.copy, args=(server, self.connection))
            back.start()
            self.copy(self.connection, server)
            back.join()

    @staticmethod
    def copy(source: socket.socket, target: socket.socket) -> None:
        """Hand on what comes until nothing does."""
        while data := source.recv(1 << 16):
            target.sendall(data)
        with suppress(OSError):  # it may have gone first
            target.shutdown(socket.SHUT_WR)

    def do_GET(self) -> None:
        """Answer in somebody else's name."""
        body(json.dumps(KeySet([SECOND]).to_jwks()).encode())(self)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class TestProxies:
    """Servers that are reached through another."""

    @pytest.fixture
    def proxy(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Proxy]]:
        """A proxy that the environment names."""

        class Own(Proxy):
            pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Own)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        url = f"http://127.0.0.1:{server.server_port}"
        for name in ("https_proxy", "http_proxy"):
            monkeypatch.setenv(name, url)
        yield Own
        server.shutdown()
        thread.join()
        server.server_close()

    def keys(self, issuer: Issuer, tmp_path: Path, timeout: float) -> RemoteKeySet:
        """Return an issuer's keys over TLS."""
        context = ssl.create_default_context(cafile=certificate(issuer, tmp_path))
        url = issuer.url.replace("http://127.0.0.1", "https://localhost")
        return RemoteKeySet(url, algs=["ES256"], timeout=timeout, ssl_context=context)

    def test_a_proxy_is_gone_through(
        self, issuer: Issuer, tmp_path: Path, proxy: type[Proxy]
    ) -> None:
        """The environment's proxy only carries what TLS protects."""
        assert not proxy.drips
        assert kids(self.keys(issuer, tmp_path, 10).get()) == ["first"]

    @pytest.mark.usefixtures("proxy")
    def test_what_has_no_tls_goes_through_no_proxy(self, issuer: Issuer) -> None:
        """A proxy could put its own keys in the place of those on this machine."""
        assert kids(remote(issuer).get()) == ["first"]

    def test_a_slow_proxy_is_left(
        self, issuer: Issuer, tmp_path: Path, proxy: type[Proxy]
    ) -> None:
        """Its answer to CONNECT counts like the server's own."""
        proxy.drips = True
        start = time.monotonic()
        with pytest.raises(KeySetFetchError, match="in time"):
            self.keys(issuer, tmp_path, 0.5).get()
        assert time.monotonic() - start < 5
        assert issuer.requests == 0


@pytest.mark.parametrize("with_tls", [False, True], ids=["http", "https"])
def test_debugging_http(
    issuer: Issuer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    with_tls: bool,
) -> None:
    """The switch of the standard library that shows requests breaks none."""
    monkeypatch.setattr(HTTPConnection, "debuglevel", 1)
    over_tls = TestProxies().keys(issuer, tmp_path, 10) if with_tls else None
    keys = over_tls or remote(issuer)
    assert kids(keys.get()) == ["first"]
