"""A verifier's ways to verify: many at once, again from memory, and access tokens."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from hauberk import jwt
from hauberk.exceptions import (
    ExpiredTokenError,
    InvalidClaimError,
    InvalidInputError,
    InvalidTokenError,
    MalformedTokenError,
    TokenSignatureError,
)

NOW = 1_800_000_000
RSA = jwt.PrivateKey.generate("RS256")
ED = jwt.PrivateKey.generate("EdDSA")
SECRET = jwt.HmacKey.generate()


class Clock:
    """A time that a test sets."""

    def __init__(self) -> None:
        self.now = float(NOW)

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def sign(key: Any = ED, **claims: Any) -> str:
    """Sign claims with a lifetime of a minute."""
    return jwt.Signer(key, lifetime=60, clock=lambda: NOW).sign(claims)


def verifier(keys: Any = ED, **options: Any) -> jwt.Verifier:
    """Return a verifier that expects little, at a fixed time."""
    defaults = {"issuer": None, "audience": None, "clock": lambda: NOW}
    options = defaults | options
    return jwt.Verifier(keys, **options)


# -- many ------------------------------------------------------------------------------


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, 16, 17, 100])
@pytest.mark.parametrize("key", [ED, SECRET], ids=["EdDSA", "HS256"])
def test_many_are_verified_in_their_order(threads: int, count: int, key: Any) -> None:
    """Each place holds the token that `verify()` would return, whatever the threads."""
    tokens = [sign(key, n=n) for n in range(count)]

    verified = verifier(key).verify_many(iter(tokens), threads=threads)

    assert [token.claims["n"] for token in verified] == list(range(count))
    assert all(token.header["alg"] == key.alg for token in verified)


@pytest.mark.parametrize("threads", [1, 3])
def test_many_with_errors_in_their_places(threads: int) -> None:
    """`on_error="return"` gives the exception that `verify()` would raise."""
    good = sign(n=1)
    bad: list[tuple[str | bytes, type[InvalidTokenError]]] = [
        ("no token", MalformedTokenError),
        (b"", MalformedTokenError),
        ("a" * 16_385, MalformedTokenError),
        ("\ud800", MalformedTokenError),
        (sign(jwt.PrivateKey.generate("EdDSA")), TokenSignatureError),
        (sign(aud="x"), InvalidClaimError),
        (good[:-1], MalformedTokenError),
    ]
    tokens = [token for pair in bad for token in (good, pair[0])] * 20

    results = verifier().verify_many(tokens, threads=threads, on_error="return")

    for index, result in enumerate(results):
        if index % 2:
            expected = bad[index // 2 % len(bad)][1]
            assert type(result) is expected
        else:
            assert isinstance(result, jwt.Token)


@pytest.mark.parametrize("threads", [1, 4])
def test_the_first_error_is_raised(threads: int) -> None:
    """With `on_error="raise"` the first token that is refused decides."""
    tokens = [sign()] * 100
    tokens[40] = "a.b"
    tokens[41] = sign(jwt.PrivateKey.generate("EdDSA"))
    tokens[99] = sign(aud="x")

    for _ in range(20):
        with pytest.raises(MalformedTokenError):
            verifier().verify_many(tokens, threads=threads)


def test_arguments_for_many_are_checked() -> None:
    """A wrong argument is an error, whatever `on_error` says."""
    many: Any = verifier().verify_many
    for threads in (0, 65):
        with pytest.raises(InvalidInputError):
            many([sign()], threads=threads)
    with pytest.raises(ValueError, match="on_error"):
        many([sign()], on_error="ignore")
    with pytest.raises(TypeError):
        many([sign(), None], on_error="return")
    with pytest.raises(TypeError):
        many(None)


def test_threads_end_with_the_call() -> None:
    """No thread is left behind, after an error neither."""
    before = threading.active_count(), native_threads()
    tokens = [sign()] * 200
    verifier().verify_many(tokens, threads=8)
    with pytest.raises(InvalidTokenError):
        verifier().verify_many(["a", *tokens], threads=8)
    assert (threading.active_count(), native_threads()) == before


def native_threads() -> int:
    """Count the threads of the process, Python's or not."""
    with open("/proc/self/status") as status:  # noqa: PTH123 - no file on disk
        return next(int(line.split()[1]) for line in status if "Threads:" in line)


# -- from memory -----------------------------------------------------------------------


def test_times_are_compared_on_each_hit() -> None:
    """A token that is remembered still expires."""
    clock = Clock()
    remembering = verifier(clock=clock, cache_size=10)
    token = sign(sub="ada")

    for _ in range(3):
        assert remembering.claims(token)["sub"] == "ada"
    clock.now = NOW + 60
    with pytest.raises(ExpiredTokenError):
        remembering.claims(token)
    clock.now = NOW
    assert remembering.verify(token).claims["sub"] == "ada"


def test_claims_are_built_anew_on_each_hit() -> None:
    """What a caller does to claims nobody else sees."""
    remembering = verifier(cache_size=10)
    token = sign(roles=["user"])

    remembering.claims(token)["roles"].append("admin")

    assert remembering.claims(token)["roles"] == ["user"]


@pytest.mark.parametrize("key", [RSA, ED, SECRET], ids=["RS256", "EdDSA", "HS256"])
def test_what_is_remembered_opens_no_other_token(key: Any) -> None:
    """After a hit, an altered token is refused as before."""
    remembering = verifier(key, cache_size=10)
    token = sign(key)
    for _ in range(2):
        remembering.claims(token)
    header, payload, signature = token.split(".")
    flipped = ("B" if signature[0] == "A" else "A") + signature[1:]
    other = sign(key, sub="eve").split(".")[1]

    for bad in (
        f"{header}.{payload}.{flipped}",
        f"{header}.{other}.{signature}",
        f"{header}.{payload}.",
    ):
        for _ in range(2):
            with pytest.raises(TokenSignatureError):
                remembering.claims(bad)


def test_what_fails_is_not_remembered() -> None:
    """Neither a bad signature nor bad claims get better by coming again."""
    remembering = verifier(cache_size=10)
    other = sign(jwt.PrivateKey.generate("EdDSA"))
    for _ in range(3):
        with pytest.raises(TokenSignatureError):
            remembering.claims(other)
        with pytest.raises(InvalidClaimError):
            remembering.claims(sign(aud="x"))


def test_verifiers_remember_apart() -> None:
    """A token of one verifier's keys is nothing to a verifier with others."""
    token = sign(ED)
    mine = verifier(ED, cache_size=10)
    mine.claims(token)

    other = verifier(jwt.PrivateKey.generate("EdDSA"), cache_size=10)

    with pytest.raises(TokenSignatureError):
        other.claims(token)


def test_the_kind_of_token_is_checked_on_each_hit() -> None:
    """A remembered token of another kind is still of another kind."""
    access = verifier(cache_size=10, typ="at+jwt")
    token = sign()
    for _ in range(2):
        with pytest.raises(InvalidClaimError, match="typ"):
            access.claims(token)


@pytest.mark.parametrize("size", [-1, 1_000_001, 2**64])
def test_the_memory_is_bounded(size: int) -> None:
    """A size out of range is an error."""
    with pytest.raises((InvalidInputError, OverflowError)):
        verifier(cache_size=size)


def test_many_come_from_memory_too() -> None:
    """A batch remembers, and one after it hits."""
    remembering = verifier(cache_size=1000)
    tokens = [sign(n=n) for n in range(100)]

    for _ in range(2):
        verified = remembering.verify_many(tokens, threads=2)
        assert [token.claims["n"] for token in verified] == list(range(100))


# -- asynchronously --------------------------------------------------------------------


def test_averify() -> None:
    """`averify()` is `verify()`, awaited."""
    token = asyncio.run(verifier().averify(sign(sub="ada")))

    assert token.claims["sub"] == "ada"
    with pytest.raises(MalformedTokenError):
        asyncio.run(verifier().averify("x"))
