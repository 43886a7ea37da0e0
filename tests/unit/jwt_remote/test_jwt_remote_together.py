"""Threads, tasks and processes that ask for keys at the same time."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.jwt_issuer import (
    FIRST,
    SECOND,
    Clock,
    Held,
    Issuer,
    body,
    failing,
    kids,
    remote,
    slowly,
)

from hauberk.exceptions import KeySetFetchError

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler

    from hauberk.jwt import KeySet, RemoteKeySet


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
