"""A verifier of a remote key set follows the issuer's keys."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from hauberk.exceptions import (
    InvalidInputError,
    InvalidTokenError,
    KeySetFetchError,
    MalformedTokenError,
    TokenSignatureError,
)
from hauberk.jwt import KeySet, PrivateKey, RemoteKeySet, Signer, Token, Verifier

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST, SECOND, FOREIGN = (
    PrivateKey.generate("ES256", kid=kid) for kid in ("first", "second", "second")
)


class Published(RemoteKeySet):
    """A remote key set whose issuer is a variable, and who counts the requests."""

    def __init__(self, *keys: PrivateKey, cooldown: float = 0) -> None:
        super().__init__("https://id.example", algs=["ES256"], cooldown=cooldown)
        self.keys: tuple[PrivateKey, ...] = keys
        self.requests = 0
        self.delay = 0.0
        self._fetch: Callable[[], bytes] = self.answer

    def answer(self) -> bytes:
        """Answer as the issuer does."""
        self.requests += 1
        time.sleep(self.delay)
        if not self.keys:
            raise KeySetFetchError("The issuer is away.")
        return json.dumps(KeySet(self.keys).to_jwks()).encode()


def verifier(keys: RemoteKeySet, **options: Any) -> Verifier:
    """Return a verifier that expects little."""
    return Verifier(keys, issuer=None, audience=None, **options)


def sign(key: PrivateKey, **claims: Any) -> str:
    """Sign claims for a minute."""
    return Signer(key, lifetime=60).sign(claims)


def ways(remote: Verifier) -> list[Callable[[str], Any]]:
    """Return each way to verify one token."""
    return [
        lambda token: remote.claims(token)["sub"],
        lambda token: remote.verify(token).claims["sub"],
        lambda token: remote.verify_many([token])[0].claims["sub"],
        lambda token: asyncio.run(remote.averify(token)).claims["sub"],
    ]


@pytest.mark.parametrize("way", range(4))
def test_keys_are_fetched_once_and_once_more_for_a_new_kid(way: int) -> None:
    """A rotation is followed at the first token of the new key."""
    issuer = Published(FIRST)
    verify = ways(verifier(issuer))[way]

    assert issuer.requests == 0
    for _ in range(3):
        assert verify(sign(FIRST, sub="ada")) == "ada"
    assert issuer.requests == 1
    issuer.keys = (FIRST, SECOND)
    for _ in range(3):
        assert verify(sign(SECOND, sub="eve")) == "eve"
        assert verify(sign(FIRST, sub="ada")) == "ada"
    assert issuer.requests == 2


@pytest.mark.parametrize("way", range(4))
def test_another_key_of_a_known_name_signs_nothing(way: int) -> None:
    """Who knows a `kid` but not the key is refused, without another request."""
    issuer = Published(FIRST, SECOND)
    verify = ways(verifier(issuer))[way]

    for _ in range(2):
        with pytest.raises(TokenSignatureError):
            verify(sign(FOREIGN, sub="mallory"))
        with pytest.raises(MalformedTokenError):
            verify("no token")
    assert issuer.requests == 1


def test_unknown_names_cost_one_request_in_a_cooldown() -> None:
    """Tokens of strangers do not become requests."""
    issuer = Published(FIRST, cooldown=60)
    remote = verifier(issuer)
    remote.claims(sign(FIRST))

    for n in range(20):
        with pytest.raises(TokenSignatureError):
            remote.claims(sign(PrivateKey.generate("ES256", kid=str(n))))
    assert issuer.requests == 1


def test_a_key_that_is_withdrawn_signs_nothing_any_more() -> None:
    """What was remembered under the old keys is forgotten with them."""
    issuer = Published(FIRST)
    remote = verifier(issuer, cache_size=100)
    token = sign(FIRST)
    for _ in range(2):
        remote.claims(token)

    issuer.keys = (SECOND,)
    remote.claims(sign(SECOND))

    with pytest.raises(TokenSignatureError):
        remote.claims(token)


def test_an_issuer_that_is_away_is_an_error_of_its_own() -> None:
    """Without keys no token is refused for what it is, nor accepted."""
    remote = verifier(Published())
    with pytest.raises(KeySetFetchError):
        remote.claims(sign(FIRST))
    assert not issubclass(KeySetFetchError, InvalidTokenError)


def test_batches_and_access_tokens() -> None:
    """A batch looks for what it lacks, and so does the profile of RFC 9068."""
    issuer = Published(FIRST)
    remote = verifier(issuer)
    remote.claims(sign(FIRST))
    issuer.keys = (FIRST, SECOND)
    tokens = [sign(FIRST), "no token", sign(SECOND), sign(FOREIGN)]

    results = remote.verify_many(tokens, threads=2, on_error="return")

    kinds = [Token, MalformedTokenError, Token, TokenSignatureError]
    assert [type(result) for result in results] == kinds
    access = Verifier.access_token(issuer, issuer="id", audience="api")
    signer = Signer(FIRST, issuer="id", audience="api", lifetime=60, typ="at+jwt")
    claims = access.claims(signer.sign({"sub": "ada", "client_id": "shop"}))
    assert claims["sub"] == "ada"


def test_options_are_checked_before_the_first_token() -> None:
    """A mistake shows when the verifier is made, without a request."""
    issuer = Published(FIRST)
    with pytest.raises(InvalidInputError):
        verifier(issuer, leeway=-1)
    assert issuer.requests == 0


@pytest.mark.parametrize("way", range(4))
def test_a_token_that_is_no_text_is_malformed(way: int) -> None:
    """Bytes in no encoding are refused like any other nonsense, and not repeated."""
    remote = verifier(Published(FIRST))
    header = sign(FOREIGN).partition(".")[0].encode()
    for token in (header + b".\xff.AAAA", b"\xff.e30.AAAA", header + b".e30.\xff"):
        with pytest.raises(InvalidTokenError) as caught:
            ways(remote)[way](token)  # type: ignore[arg-type]
        assert "object" not in vars(caught.value)

    results = remote.verify_many([token, sign(FIRST)], on_error="return")
    assert [type(result) for result in results] == [MalformedTokenError, Token]


def test_everybody_with_a_new_key_waits_for_it() -> None:
    """While one thread fetches after a rotation, none refuses the new key's tokens."""
    issuer = Published(FIRST)
    remote = verifier(issuer)
    remote.claims(sign(FIRST))
    issuer.keys = (FIRST, SECOND)
    issuer.delay = 0.2
    token = sign(SECOND, sub="eve")
    subjects: list[str] = []
    threads = [
        threading.Thread(target=lambda: subjects.append(remote.claims(token)["sub"]))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert subjects == ["eve"] * 8
    assert issuer.requests == 2
