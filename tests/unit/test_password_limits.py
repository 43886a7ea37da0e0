"""How much hashing happens at once."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from hauberk import _rust, passwords
from hauberk.exceptions import (
    HashingBusyError,
    HashParametersError,
    InvalidInputError,
    VerifyMismatchError,
)
from hauberk.passwords import PasswordHasher
from hauberk.passwords.parameters import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

CHEAP = PasswordHasher.from_parameters(passwords.CHEAPEST)


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    before = passwords.limits()
    yield
    passwords.set_limits(
        max_concurrency=before.max_concurrency,
        max_memory=before.max_memory,
        max_queue=before.max_queue,
        queue_timeout=before.queue_timeout,
        retained_memory=before.retained_memory,
    )


@contextlib.contextmanager
def running() -> Iterator[None]:
    """Hold the turn of a hash that does not run, for as long as the block lasts."""
    hasher = _rust.Hasher(numbers(passwords.CHEAPEST), 4096)
    place = _rust.PendingHash(hasher, "password", None, lambda: None)
    assert place.ready()
    yield
    place.leave()


def test_no_more_at_once_than_allowed() -> None:
    """64 threads hash, never more than two at a time, and all succeed."""
    passwords.set_limits(max_concurrency=2)
    hasher = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
    most = 0
    with ThreadPoolExecutor(max_workers=64) as pool:
        futures = [pool.submit(hasher.hash, f"password {i}") for i in range(64)]
        while not all(future.done() for future in futures):
            most = max(most, passwords.stats().running)
        hashes = [future.result() for future in futures]
    assert most <= 2
    assert all(hasher.verify(h, f"password {i}") for i, h in enumerate(hashes))
    assert passwords.stats().running == passwords.stats().waiting == 0


def test_what_no_hash_can_be_made_of_does_not_wait() -> None:
    """Too long a password and a salt out of bounds are refused before the queue is."""
    passwords.set_limits(max_concurrency=1, max_queue=0)
    with running():
        for call in (CHEAP.hash, lambda *a, **k: asyncio.run(CHEAP.ahash(*a, **k))):
            with pytest.raises(InvalidInputError):
                call("x" * 4097)
            with pytest.raises(HashParametersError):
                call("password", salt=b"short")
        raw = _rust.Hasher(numbers(passwords.CHEAPEST), 4096).raw
        with pytest.raises(InvalidInputError):
            raw(b"x" * 4097, b"0123456789")
        with pytest.raises(HashParametersError):
            raw(b"password", b"short")


def test_a_full_queue_is_busy() -> None:
    """Whoever finds the queue full is told when to come again."""
    passwords.set_limits(max_concurrency=1, max_queue=0)
    refused = passwords.stats().refused
    with running(), pytest.raises(HashingBusyError, match="Too many") as caught:
        CHEAP.hash("password")
    assert caught.value.retry_after >= 1
    assert passwords.stats().refused == refused + 1


def test_waiting_too_long_is_busy() -> None:
    """Whoever waits longer than the limit is told so."""
    passwords.set_limits(max_concurrency=1, queue_timeout=0.05)
    with running(), pytest.raises(HashingBusyError):
        CHEAP.hash("password")


def test_more_memory_than_allowed_is_refused() -> None:
    """A hash above `max_memory` is refused before memory is taken."""
    passwords.set_limits(max_memory=1 << 20)
    with pytest.raises(HashParametersError, match="max_memory"):
        PasswordHasher().hash("password")
    assert not passwords.verify_password(
        "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$AAAAAAAA", "password"
    )


def test_a_rehash_above_max_memory_is_left_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Who has the right password logs in, and the log says what stands in the way."""
    stored = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("password")
    passwords.set_limits(max_memory=1 << 20)
    hasher = PasswordHasher()

    assert hasher.verify_and_update(stored, "password") is None
    assert asyncio.run(hasher.averify_and_update(stored, "password")) is None
    assert caplog.text.count("passwords.hash_out_of_bounds") == 2
    with pytest.raises(VerifyMismatchError):
        hasher.verify_and_update(stored, "Password")


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_concurrency": 0},
        {"max_concurrency": 1 << 64},
        {"max_memory": -1},
        {"max_memory": 0},
        {"max_memory": 8191},
        {"max_queue": -1},
        {"queue_timeout": -1.0},
        {"queue_timeout": 1e300},
        {"retained_memory": -1},
    ],
)
def test_limits_with_which_nothing_runs(wrong: dict[str, float]) -> None:
    """Such limits are refused and change nothing."""
    before = passwords.limits()
    with pytest.raises(InvalidInputError):
        passwords.set_limits(**wrong)  # type: ignore[arg-type]
    assert before == passwords.limits()


def test_memory_is_kept_and_given_back() -> None:
    """Wiped memory stays for the next hash, as far as it may."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1)
    passwords.set_limits(retained_memory=64 << 20)
    hasher.hash("password")
    assert passwords.stats().retained_memory >= 8 << 20
    passwords.set_limits(retained_memory=0)
    assert passwords.stats().retained_memory == 0


def test_dummy_verify() -> None:
    """It is False for everything and counts as a hash."""
    admitted = passwords.stats().admitted
    assert CHEAP.dummy_verify("password") is False
    assert CHEAP.dummy_verify("password", cost_like=CHEAP.hash("x")) is False
    assert passwords.stats().admitted == admitted + 3


class TestAsync:
    """The twins for event loops."""

    def test_round_trip(self) -> None:
        """They do as their synchronous counterparts."""

        async def run() -> None:
            stored = await CHEAP.ahash("password")
            assert await CHEAP.averify(stored, "password") is True
            assert await CHEAP.averify_and_update(stored, "password") is None
            assert await PasswordHasher().averify_and_update(stored, "password")
            with pytest.raises(VerifyMismatchError):
                await CHEAP.averify(stored, "Password")

        asyncio.run(run())

    def test_the_loop_goes_on(self) -> None:
        """While 20 logins run, the loop is never held up for a fifth of a second."""
        hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        stored = hasher.hash("password")

        async def run() -> float:
            longest = 0.0
            logins = [
                asyncio.ensure_future(hasher.averify(stored, "password"))
                for _ in range(20)
            ]
            while not all(login.done() for login in logins):
                start = time.perf_counter()
                await asyncio.sleep(0)
                longest = max(longest, time.perf_counter() - start)
                await asyncio.sleep(0.001)
            await asyncio.gather(*logins)
            return longest

        assert asyncio.run(run()) < 0.2

    def test_a_turn_is_awaited_without_a_thread(self) -> None:
        """Waiting takes no thread of the executor, and cancelling leaves the queue."""
        passwords.set_limits(max_concurrency=1)

        async def run() -> None:
            waiting = [asyncio.ensure_future(CHEAP.ahash("x")) for _ in range(50)]
            await asyncio.sleep(0.01)
            assert passwords.stats().waiting == 50
            threads = threading.active_count()
            for task in waiting[:25]:
                task.cancel()
            await asyncio.sleep(0.01)
            assert passwords.stats().waiting == 25
            assert threading.active_count() == threads
            holder.close()
            done = await asyncio.gather(*waiting, return_exceptions=True)
            assert sum(isinstance(hash_, str) for hash_ in done) == 25

        with contextlib.ExitStack() as holder:
            holder.enter_context(running())
            asyncio.run(run())
        assert passwords.stats().waiting == passwords.stats().running == 0

    def test_a_kept_exception_keeps_no_turn(self) -> None:
        """A turn that came to a cancelled task goes to the next one at once."""
        passwords.set_limits(max_concurrency=1)

        async def run() -> None:
            cancelled = asyncio.ensure_future(CHEAP.ahash("x"))
            await asyncio.sleep(0.01)
            cancelled.cancel()
            # Its turn comes before it learns that it was cancelled.
            holder.close()
            with pytest.raises(asyncio.CancelledError) as kept:
                await cancelled
            assert passwords.stats().running == 0
            assert await CHEAP.ahash("y")
            del kept

        with contextlib.ExitStack() as holder:
            holder.enter_context(running())
            asyncio.run(run())

    def test_waiting_too_long_is_busy(self) -> None:
        """The limit on waiting holds here as well."""
        passwords.set_limits(max_concurrency=1, queue_timeout=0.05)
        with running(), pytest.raises(HashingBusyError):
            asyncio.run(CHEAP.ahash("password"))
