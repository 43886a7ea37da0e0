"""One bounded request."""

from __future__ import annotations

import time
from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from hauberk.exceptions import KeySetFetchError
from hauberk.jwt._deadline import HttpHandler, HttpsHandler

if TYPE_CHECKING:
    import ssl

_HEADERS: Final = {
    "Accept": "application/jwk-set+json, application/json",
    "Accept-Encoding": "identity",
    "User-Agent": "hauberk",
}
_PIECE: Final = 64 << 10


def fetch(
    url: str, timeout: float, max_bytes: int, context: ssl.SSLContext | None
) -> bytes:
    """Return the body of an answer with status 200.

    Args:
        url: What to get; without TLS, past any proxy of the environment.
        timeout: For all of it but the look-up of the host's addresses, which the
            system bounds, in seconds.
        max_bytes: How long the body may be.
        context: What verifies the server.

    Raises:
        KeySetFetchError: There was none in time, or it was another or longer.
    """
    parts = urlsplit(url)
    host = parts.hostname
    end = time.monotonic() + timeout
    handlers = [_NoRedirect(), HttpHandler(end), HttpsHandler(end, context)]
    if parts.scheme == "http":
        # Without TLS keys come from this machine alone, and a proxy is another.
        handlers.append(ProxyHandler({}))
    opener = build_opener(*handlers)
    try:
        # The scheme was looked at when the key set was made.
        with opener.open(Request(url, headers=_HEADERS), timeout=timeout) as answer:  # noqa: S310
            if answer.status != HTTPStatus.OK:
                raise KeySetFetchError(f"{host} answered {answer.status}.")
            return _body(answer, max_bytes)
    except HTTPError as error:
        error.close()
        raise KeySetFetchError(f"{host} answered {error.code}.") from None
    except TimeoutError:
        raise KeySetFetchError(f"{host} did not answer in time.") from None
    except _TooLong:
        message = f"{host} sent more than {max_bytes} bytes."
        raise KeySetFetchError(message) from None
    except URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise KeySetFetchError(f"{host} did not answer in time.") from None
        kind = type(error.reason).__name__
        raise KeySetFetchError(f"{host} could not be reached ({kind}).") from None
    except (HTTPException, OSError, ValueError) as error:
        kind = type(error).__name__
        raise KeySetFetchError(f"{host} could not be read ({kind}).") from None


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Follow none: the answer's status becomes the error."""


class _TooLong(Exception):  # noqa: N818 - of this module
    pass


def _body(answer: Any, max_bytes: int) -> bytes:
    """Read an answer piece by piece, and no more of it than is allowed."""
    body = bytearray()
    while piece := answer.read1(min(_PIECE, max_bytes + 1 - len(body))):
        body += piece
        if len(body) > max_bytes:
            raise _TooLong
    return bytes(body)
