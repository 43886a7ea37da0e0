"""HTTP that ends at a point in time, however slowly the other side goes on.

The timeout of a socket is for each piece that comes. A server that sends a byte now and
then never lets it pass, so here each wait is for what is left of the whole.
"""

from __future__ import annotations

import io
import socket
import time
from functools import partial
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from typing import TYPE_CHECKING, Any
from urllib.request import HTTPHandler, HTTPSHandler

if TYPE_CHECKING:
    import ssl
    from urllib.request import Request

    from _typeshed import WriteableBuffer


class HttpHandler(HTTPHandler):
    """Opens `http://` until `end` of the monotonic clock."""

    def __init__(self, end: float) -> None:
        super().__init__()
        self._end = end

    def http_open(self, request: Request) -> HTTPResponse:
        """Send a request and read the head of the answer."""
        return self.do_open(partial(_Http, self._end), request)


class HttpsHandler(HTTPSHandler):
    """Opens `https://` until `end` of the monotonic clock."""

    def __init__(self, end: float, context: ssl.SSLContext | None) -> None:
        super().__init__(context=context)
        self._end = end
        self._given = context

    def https_open(self, request: Request) -> HTTPResponse:
        """Send a request and read the head of the answer."""
        return self.do_open(partial(_Https, self._end), request, context=self._given)


class _Until:
    """Makes a connection of `http.client` end in time: its set-up and its answers."""

    def __init__(self, end: float, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._create_connection = partial(_connect, end)
        # A proxy's answer to CONNECT is read by the same class.
        self.response_class: Any = partial(_Response, end)


class _Http(_Until, HTTPConnection):
    response_class: Any


class _Https(_Until, HTTPSConnection):
    response_class: Any


class _Response(HTTPResponse):
    def __init__(
        self, end: float, sock: socket.socket, *arguments: Any, **options: Any
    ) -> None:
        super().__init__(sock, *arguments, **options)
        buffered: Any = self.fp
        self.fp = io.BufferedReader(_Reader(end, sock, buffered.detach()))


class _Reader(io.RawIOBase):
    """Reads from a socket, each time for as long as is left."""

    def __init__(self, end: float, sock: socket.socket, raw: io.RawIOBase) -> None:
        self._end = end
        self._sock = sock
        self._raw = raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        self._sock.settimeout(_left(self._end))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


def _connect(end: float, address: tuple[str, int], *_: Any) -> socket.socket:
    """Connect to the first address of a host that answers within its share of time."""
    failure = OSError("The host has no address.")
    found = socket.getaddrinfo(*address, type=socket.SOCK_STREAM)
    for tried, (family, kind, protocol, _name, where) in enumerate(found):
        sock = socket.socket(family, kind, protocol)
        try:
            # One that never answers leaves time for the next.
            sock.settimeout(_left(end) / (len(found) - tried))
            sock.connect(where)
            # For the TLS handshake and for sending, which are one wait each.
            sock.settimeout(_left(end))
        except OSError as error:
            sock.close()
            failure = error
        else:
            return sock
    raise failure


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
