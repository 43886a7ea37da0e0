"""Remote key sets: what is fetched, when, and what is refused, from real servers."""

from __future__ import annotations

import json
import logging
import ssl
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.jwt_issuer import (
    FIRST,
    SECOND,
    Clock,
    Issuer,
    body,
    certificate,
    kids,
    remote,
)

from hauberk.exceptions import InvalidInputError, KeySetFetchError
from hauberk.jwt import HmacKey, KeySet, PrivateKey, RemoteKeySet

if TYPE_CHECKING:
    from pathlib import Path


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
        with pytest.raises(InvalidInputError, match="https") as caught:
            RemoteKeySet(url, algs=["ES256"])
        assert is_ours is ("allow_http=True" in str(caught.value))

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


def test_secrets_are_no_remote_keys(keys: RemoteKeySet) -> None:
    """A remote key set is not pickled, shows its host alone, and holds no secret."""
    assert repr(keys) == "<RemoteKeySet of 127.0.0.1>"
    with pytest.raises(TypeError):
        keys.__reduce__()
    assert not any(isinstance(key, HmacKey) for key in keys.get())


def void(_: object) -> None:
    """Return None whatever is given."""
