"""A server for the cases: each is a page that holds one piece of HTML."""

from __future__ import annotations

import json
import re
import threading
from collections import defaultdict
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

__all__ = ["Server", "by_inner_html", "by_write", "head", "tail"]

_HERE = Path(__file__).parent
_NONCE = "bm9uY2U"
# Reported and not enforced: a case runs as it would without, and tells of it.
_POLICY = (
    f"default-src 'none'; script-src 'nonce-{_NONCE}'; style-src-attr 'unsafe-inline'; "
    "img-src *; base-uri 'none'; form-action 'none'"
)


def head() -> str:
    """Return what stands before the target's content in every page."""
    return (
        "<!doctype html><meta charset=utf-8><title>Case</title>"
        f"<script nonce={_NONCE} src=/hooks.js></script>"
        "<body data-own><div id=target data-own>"
    )


def tail() -> str:
    """Return what stands behind the target's content."""
    return "</div><p id=after data-own>The page goes on.</p>"


def by_inner_html(html: str) -> str:
    """Return a page whose script puts HTML into an element."""
    return f"{head()}{tail()}{_script(f'target.innerHTML = {_literal(html)}')}"


def by_write(html: str) -> str:
    """Return a page whose script writes HTML into the document as it is parsed."""
    return f"{head()}{_script(f'document.write({_literal(html)})')}{tail()}"


def _script(code: str) -> str:
    return f"<script nonce={_NONCE} data-own>{code}</script>"


def _literal(text: str) -> str:
    return json.dumps(text).replace("<", "\\u003c")


class Server:
    """Serves pages on a free port of 127.0.0.1, and remembers what should not be asked.

    >>> with Server([by_write("<b>x</b>")]) as server:
    ...     server.url.startswith("http://127.0.0.1:")
    True
    """

    def __init__(self, pages: list[str]) -> None:
        self._pages = pages
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self))
        self._thread = threading.Thread(target=self._server.serve_forever)
        #: What was asked for under `/attack/`, by the number of the page.
        self.attacked: dict[int, set[str]] = defaultdict(set)

    def page(self, number: int) -> bytes:
        """Return a page as it is sent; a lone surrogate cannot be."""
        return self._pages[number].encode("utf-8", "replace")

    @property
    def url(self) -> str:
        """Where the page is that runs the cases."""
        return f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, owner: Server, *args: Any) -> None:
        self._owner = owner
        super().__init__(*args)

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/":
            self._answer(_file("runner.html"), "text/html")
        elif path == "/hooks.js":
            self._answer(_file("hooks.js"), "text/javascript")
        elif match := _CASE.fullmatch(path):
            self._answer(self._owner.page(int(match[1])), "text/html", policy=True)
        else:
            self._refuse(path)

    def do_POST(self) -> None:
        self._refuse(self.path)

    def _refuse(self, path: str) -> None:
        if path.startswith("/attack/"):
            origin = _CASE.search(self.headers["Referer"] or "")
            self._owner.attacked[int(origin[1]) if origin else -1].add(path)
        self.send_error(404)

    def _answer(self, body: bytes, kind: str, *, policy: bool = False) -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if policy:
            self.send_header("Content-Security-Policy-Report-Only", _POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def _file(name: str) -> bytes:
    return (_HERE / name).read_bytes()


_CASE = re.compile(r"/case/(\d+)")
