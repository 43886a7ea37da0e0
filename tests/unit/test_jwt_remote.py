"""Remote key sets: what is fetched, when, and what is refused, from real servers."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import logging
import os
import socket
import ssl
import threading
import time
from contextlib import closing
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

from hauberk.exceptions import InvalidInputError, KeySetFetchError
from hauberk.jwt import HmacKey, KeySet, PrivateKey, RemoteKeySet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
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


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    """A running issuer."""
    with Issuer() as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
def keys(issuer: Issuer, clock: Clock) -> RemoteKeySet:
    """The issuer's keys with the default times."""
    return remote(issuer, clock=clock)


def remote(issuer: Issuer, **options: Any) -> RemoteKeySet:
    """Make a remote key set of an issuer."""
    return RemoteKeySet(issuer.url, algs=["ES256"], allow_http=True, **options)


def kids(keys: KeySet) -> list[str | None]:
    """Return the names of keys."""
    return [key.kid for key in keys]


class TestWhen:
    """When a request is made, and when not."""

    def test_kept_for_their_time(
        self, keys: RemoteKeySet, issuer: Issuer, clock: Clock
    ) -> None:
        """Keys are fetched once in `ttl`."""
        assert issuer.requests == 0
        assert kids(keys.get()) == kids(keys.get("first")) == ["first"]
        clock.now += 300
        keys.get()
        assert issuer.requests == 1

        issuer.answer = issuer.publishes(SECOND)
        clock.now += 1
        assert kids(keys.get()) == ["second"]
        assert issuer.requests == 2

    def test_an_unknown_kid_is_looked_for_once(
        self, keys: RemoteKeySet, issuer: Issuer, clock: Clock
    ) -> None:
        """A new key is found at once, and nobody can make us ask more often."""
        keys.get()
        clock.now += 30
        issuer.answer = issuer.publishes(FIRST, SECOND)
        assert kids(keys.get("second")) == ["first", "second"]
        assert issuer.requests == 2

        for kid in map(str, range(100)):
            assert kids(keys.get(kid)) == ["first", "second"]
        assert issuer.requests == 2
        clock.now += 30
        keys.get("other")
        assert issuer.requests == 3

    def test_stale_keys_serve_for_a_while(
        self,
        keys: RemoteKeySet,
        issuer: Issuer,
        clock: Clock,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        """An issuer that is down is a warning for `max_stale`, and then an error."""
        keys.get()
        issuer.answer = body(b"down", 503)
        clock.now += 300 + 3600
        with caplog.at_level(logging.WARNING, "hauberk.jwt"):
            assert kids(keys.get()) == ["first"]
        assert "answered 503" in caplog.text
        requests = issuer.requests
        keys.get()
        assert issuer.requests == requests

        clock.now += 1
        with pytest.raises(KeySetFetchError, match="answered 503"):
            keys.get()
        clock.now += 30
        issuer.answer = issuer.publishes(SECOND)
        assert kids(keys.get()) == ["second"]

    def test_a_failure_is_not_repeated_at_once(
        self, keys: RemoteKeySet, issuer: Issuer, clock: Clock
    ) -> None:
        """Without any keys, too, there is one request in `cooldown`."""
        issuer.answer = body(b"down", 500)
        for _ in range(3):
            with pytest.raises(KeySetFetchError, match="answered 500"):
                keys.get()
        assert issuer.requests == 1
        clock.now += 30
        issuer.answer = issuer.publishes(FIRST)
        assert kids(keys.get()) == ["first"]


class TestWhat:
    """Which answers are keys."""

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", "refused"),
            (b"[]", "refused"),
            (b'{"keys": []}', "refused"),
            (b'{"keys": 5}', "refused"),
            (b'{"keys": [], "keys": []}', "refused"),
            (b"\xff\xfe", "refused"),
            (b"<html>", "refused"),
            (b"[" * 100_000, "refused"),
            (json.dumps({"keys": [FIRST.to_jwk(private=True)]}).encode(), "refused"),
            (b'{"keys": [{"kty": "oct", "k": "' + b"A" * 43 + b'"}]}', "refused"),
            (
                json.dumps(
                    KeySet([PrivateKey.generate("EdDSA", kid="1")]).to_jwks()
                ).encode(),
                "refused",
            ),
            (
                json.dumps(
                    {"keys": [FIRST.to_jwk() | {"kid": str(i)} for i in range(101)]}
                ).encode(),
                "refused",
            ),
            (b" " * ((512 << 10) + 1), "more than 524288 bytes"),
        ],
        ids=range(13),
    )
    def test_what_is_no_key_set(
        self, keys: RemoteKeySet, issuer: Issuer, content: bytes, message: str
    ) -> None:
        """Secrets, private keys, other algorithms and nonsense are refused."""
        issuer.answer = body(content)
        with pytest.raises(KeySetFetchError, match=message) as caught:
            keys.get()
        assert "AAAA" not in str(caught.value)

    @pytest.mark.parametrize("status", [201, 204, 301, 302, 307, 308, 401, 404, 500])
    def test_other_answers(
        self, keys: RemoteKeySet, issuer: Issuer, status: int
    ) -> None:
        """A redirect is not followed, and no other status is keys."""
        elsewhere = f"{issuer.url}?elsewhere"
        issuer.answer = body(b"", status, Location=elsewhere)
        with pytest.raises(KeySetFetchError, match=f"answered {status}"):
            keys.get()
        assert issuer.requests == 1

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

    def test_nobody_there(self) -> None:
        """A server that cannot be reached is an error that names it."""
        with Issuer() as gone:
            keys = remote(gone)
        with pytest.raises(KeySetFetchError, match=r"127\.0\.0\.1"):
            keys.get()

    def test_broken_answers(self, keys: RemoteKeySet, issuer: Issuer) -> None:
        """What is no HTTP is the same error."""
        issuer.answer = lambda handler: void(handler.wfile.write(b"\0" * 100))
        with pytest.raises(KeySetFetchError):
            keys.get()


class TestArguments:
    """What is refused before any request."""

    @pytest.mark.parametrize(
        "url",
        [
            "http://example.org/jwks",
            "ftp://example.org/jwks",
            "file:///etc/passwd",
            "https:///jwks",
            "https://user:secret@example.org/jwks",
            "jwks.json",
            "",
            "https://example.org:99999/",
            "https://example.org:0/",
            "https://example.org:secret/",
            "https://[::1",
            "https://[secret]/",
        ],
    )
    def test_urls(self, url: str) -> None:
        """Only https:// is fetched, and nothing of the URL is in the error."""
        with pytest.raises(InvalidInputError) as caught:
            RemoteKeySet(url, algs=["ES256"])
        assert "secret" not in str(caught.value)

    @pytest.mark.parametrize(
        ("host", "is_ours"),
        [
            ("localhost", True),
            ("127.0.0.1", True),
            ("127.9.9.9", True),
            ("[::1]", True),
            ("10.0.0.1", False),
            ("0.0.0.0", False),
            ("169.254.169.254", False),
            ("example.org", False),
            ("localhost.example.org", False),
        ],
    )
    def test_without_tls_on_this_machine_alone(
        self, host: str, *, is_ours: bool
    ) -> None:
        """`allow_http` is for loopback: elsewhere anybody could change the keys."""
        url = f"http://{host}:8000/jwks"
        if is_ours:
            RemoteKeySet(url, algs=["ES256"], allow_http=True)
        else:
            with pytest.raises(InvalidInputError, match="loopback"):
                RemoteKeySet(url, algs=["ES256"], allow_http=True)
        with pytest.raises(InvalidInputError, match="https"):
            RemoteKeySet(url, algs=["ES256"])

    @pytest.mark.parametrize(
        "algs",
        [
            [],
            ["HS256"],
            ["ES256", "HS512"],
            ["none"],
            ["ES256", "RS265"],
            ["es256"],
            [""],
        ],
    )
    def test_algorithms(self, algs: list[str]) -> None:
        """A published secret would be none, and a misspelt name would fit no key."""
        with pytest.raises(InvalidInputError, match="alg"):
            RemoteKeySet("https://example.org/", algs=algs)

    @pytest.mark.parametrize(
        "algs", ["ES256", {"ES256", "ES384"}, frozenset(("RS256",))]
    )
    def test_algorithms_have_an_order(self, algs: Any) -> None:
        """A JWK without `alg` gets the first that fits, the same in every process."""
        with pytest.raises(TypeError, match="list or tuple"):
            RemoteKeySet("https://example.org/", algs=algs)
        with pytest.raises(TypeError, match="list or tuple"):
            KeySet.from_jwks({"keys": []}, algs=algs)

    @pytest.mark.parametrize(
        "options",
        [
            {"ttl": -1},
            {"cooldown": float("nan")},
            {"timeout": 0},
            {"max_stale": float("inf")},
            {"max_bytes": 0},
            {"max_bytes": 1 << 30},
        ],
    )
    def test_numbers(self, options: dict[str, Any]) -> None:
        """What is out of range is refused."""
        with pytest.raises(InvalidInputError):
            RemoteKeySet("https://example.org/", algs=["ES256"], **options)


def test_tls(issuer: Issuer, tmp_path: Path) -> None:
    """A server is verified: one with an unknown certificate is not asked for keys."""
    authority = certificate(issuer, tmp_path)
    url = issuer.url.replace("http://127.0.0.1", "https://localhost")
    with pytest.raises(KeySetFetchError, match="localhost"):
        RemoteKeySet(url, algs=["ES256"]).get()
    assert issuer.requests == 0

    context = ssl.create_default_context(cafile=authority)
    assert kids(RemoteKeySet(url, algs=["ES256"], ssl_context=context).get())


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


class TestTogether:
    """Threads, tasks and processes that ask at the same time."""

    def test_threads_share_a_request(self, keys: RemoteKeySet, issuer: Issuer) -> None:
        """Twenty threads without keys wait for one request."""
        issuer.answer = slowly(issuer.answer, 0.2)
        found: list[KeySet] = []
        threads = [
            threading.Thread(target=lambda: found.append(keys.get())) for _ in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(found) == 20
        assert issuer.requests == 1

    def test_threads_with_keys_do_not_wait(
        self, keys: RemoteKeySet, issuer: Issuer, clock: Clock
    ) -> None:
        """While one thread fetches, others go on with the keys they have."""
        keys.get()
        clock.now += 301
        answering, release = threading.Event(), threading.Event()
        answer = issuer.publishes(SECOND)

        def held(handler: BaseHTTPRequestHandler) -> None:
            answering.set()
            release.wait(10)
            answer(handler)

        issuer.answer = held
        fetching = threading.Thread(target=keys.get)
        fetching.start()
        assert answering.wait(10)
        assert kids(keys.get()) == ["first"]
        release.set()
        fetching.join()
        assert kids(keys.get()) == ["second"]

    def test_tasks_share_a_request(self, keys: RemoteKeySet, issuer: Issuer) -> None:
        """Fifty tasks wait for one request, and the loop runs on."""
        issuer.answer = slowly(issuer.answer, 0.3)
        ticks = 0

        async def main() -> None:
            nonlocal ticks
            tasks = [asyncio.create_task(keys.aget("first")) for _ in range(50)]
            while not all(task.done() for task in tasks):
                await asyncio.sleep(0.01)
                ticks += 1
            assert [kids(task.result()) for task in tasks] == [["first"]] * 50

        asyncio.run(main())
        assert issuer.requests == 1
        assert ticks >= 5

    def test_cancelling_one_task_leaves_the_others(
        self, keys: RemoteKeySet, issuer: Issuer
    ) -> None:
        """Who gives up does not take the request from those who wait."""
        issuer.answer = slowly(issuer.answer, 0.2)

        async def main() -> KeySet:
            first = asyncio.create_task(keys.aget())
            second = asyncio.create_task(keys.aget())
            await asyncio.sleep(0.05)
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first
            return await second

        assert kids(asyncio.run(main())) == ["first"]
        assert issuer.requests == 1

    def test_tasks_see_the_error(self, keys: RemoteKeySet, issuer: Issuer) -> None:
        """A failure reaches everybody who waited."""
        issuer.answer = body(b"down", 500)

        async def main() -> list[KeySet | BaseException]:
            return await asyncio.gather(
                *(keys.aget() for _ in range(3)), return_exceptions=True
            )

        errors = asyncio.run(main())
        assert [type(error) for error in errors] == [KeySetFetchError] * 3

    def test_threads_wait_for_a_new_key(
        self, keys: RemoteKeySet, issuer: Issuer, clock: Clock
    ) -> None:
        """Whoever needs the key that is being fetched gets it, and not the old ones."""
        keys.get()
        clock.now += 30
        held = Held(issuer.publishes(FIRST, SECOND))
        issuer.answer = held
        found: list[KeySet] = []
        threads = [
            threading.Thread(target=lambda: found.append(keys.get("second")))
            for _ in range(8)
        ]
        threads[0].start()
        assert held.asked.wait(10)
        for thread in threads[1:]:
            thread.start()
        assert kids(keys.get("first")) == ["first"]
        held.release.set()
        for thread in threads:
            thread.join()

        assert [kids(each) for each in found] == [["first", "second"]] * 8
        assert issuer.requests == 2

    def test_tasks_wait_for_a_new_key(
        self, keys: RemoteKeySet, issuer: Issuer, clock: Clock
    ) -> None:
        """So do tasks, although a thread may have begun the request."""
        keys.get()
        clock.now += 30
        held = Held(issuer.publishes(FIRST, SECOND))
        issuer.answer = held

        async def main() -> list[KeySet]:
            tasks = [asyncio.create_task(keys.aget("second")) for _ in range(8)]
            await asyncio.sleep(0.05)
            assert not any(task.done() for task in tasks)
            assert kids(await keys.aget("first")) == ["first"]
            held.release.set()
            return await asyncio.gather(*tasks)

        fetching = threading.Thread(target=keys.get, args=("second",))
        fetching.start()
        assert held.asked.wait(10)
        found = asyncio.run(main())
        fetching.join()
        assert [kids(each) for each in found] == [["first", "second"]] * 8
        assert issuer.requests == 2

    def test_those_who_wait_share_a_failure(self, issuer: Issuer) -> None:
        """Without a cooldown, too, one that fails is not repeated for each of them."""
        held = Held(body(b"down", 500))
        issuer.answer = held
        keys = remote(issuer, cooldown=0)
        errors: list[str] = []

        def get() -> None:
            with pytest.raises(KeySetFetchError) as caught:
                keys.get()
            errors.append(str(caught.value))

        threads = [threading.Thread(target=get) for _ in range(5)]
        threads[0].start()
        assert held.asked.wait(10)
        for thread in threads[1:]:
            thread.start()
        time.sleep(0.1)
        held.release.set()
        for thread in threads:
            thread.join()

        assert errors == ["127.0.0.1 answered 500."] * 5
        assert issuer.requests == 1

    def test_those_who_wait_do_so_for_the_time_of_a_request(
        self, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A request that hangs in the look-up of a name holds nobody else."""
        looking, release = threading.Event(), threading.Event()

        def hang(*_: object, **__: object) -> Any:
            looking.set()
            release.wait(30)
            raise OSError

        monkeypatch.setattr(socket, "getaddrinfo", hang)
        keys = remote(issuer, timeout=0.2)
        hanging = threading.Thread(target=lambda: failing(keys.get))
        hanging.start()
        assert looking.wait(10)
        with pytest.raises(KeySetFetchError, match="in time"):
            keys.get()
        with pytest.raises(KeySetFetchError, match="in time"):
            asyncio.run(keys.aget())
        release.set()
        hanging.join()

    def test_the_pause_begins_when_a_request_ends(
        self, issuer: Issuer, clock: Clock
    ) -> None:
        """A request that took longer than `cooldown` is followed by a pause too."""
        keys = remote(issuer, clock=clock, cooldown=30)
        down = body(b"down", 500)

        def slow(handler: BaseHTTPRequestHandler) -> None:
            clock.now += 40
            down(handler)

        issuer.answer = slow
        for _ in range(3):
            failing(keys.get)
        assert issuer.requests == 1
        clock.now += 30
        failing(keys.get)
        assert issuer.requests == 2

    def test_an_interrupted_request_is_none(
        self, keys: RemoteKeySet, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """After Ctrl-C while keys were fetched, the next call fetches them."""
        fetch = keys._fetch

        def interrupted() -> bytes:
            raise KeyboardInterrupt

        monkeypatch.setattr(keys, "_fetch", interrupted)
        with pytest.raises(KeyboardInterrupt):
            keys.get()
        monkeypatch.setattr(keys, "_fetch", fetch)
        assert kids(keys.get()) == ["first"]

    @pytest.mark.fork
    @pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
    def test_a_child_does_not_inherit_a_request(
        self, keys: RemoteKeySet, issuer: Issuer
    ) -> None:
        """A fork while a thread fetches leaves the child able to fetch at once."""
        answer = issuer.answer
        held = Held(answer)
        issuer.answer = held
        fetching = threading.Thread(target=keys.get)
        fetching.start()
        assert held.asked.wait(10)
        issuer.answer = answer
        child = os.fork()
        if child == 0:
            try:
                os._exit(0 if kids(keys.get()) == ["first"] else 1)
            finally:
                os._exit(2)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        held.release.set()
        fetching.join()
        assert status == 0


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


def test_secrets_are_no_remote_keys(keys: RemoteKeySet) -> None:
    """A remote key set is not pickled, shows its host alone, and holds no secret."""
    assert repr(keys) == "<RemoteKeySet of 127.0.0.1>"
    with pytest.raises(TypeError):
        keys.__reduce__()
    assert not any(isinstance(key, HmacKey) for key in keys.get())


def void(_: object) -> None:
    """Return None whatever is given."""
