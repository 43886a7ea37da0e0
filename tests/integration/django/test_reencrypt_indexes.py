"""hauberk_reencrypt renews indexes, which do not show the key that they are under."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections
from tests.integration.django.helpers import on_disk, put
from tests.integration.django.records.models import Person
from tests.integration.django.reencrypting import (
    column,
    locked,
    rotate_index,
    run,
    run_in_vain,
)

from hauberk.django.fields import BlindIndexSpec
from hauberk.django.reencryption import Column, Options, Tally, reencrypt, verify
from hauberk.django.reencryption.batch import as_it_should_be

if TYPE_CHECKING:
    from pathlib import Path

    from hauberk.encryption import Keyring

#: What computes a batch, where it is called.
COMPUTE = "hauberk.django.reencryption.walk.as_it_should_be"

pytestmark = pytest.mark.django_db(databases=[*connections])

#: What mypy's plugin would try to understand.
PEOPLE: Any = Person.objects


def people(using: str, count: int = 10) -> list[Any]:
    """Make some and return them in the order of their keys."""
    PEOPLE.using(using).bulk_create(
        [Person(email=f"{one}@example.org", phone=str(one)) for one in range(count)]
    )
    return list(PEOPLE.using(using).order_by("pk"))


def misindexed(using: str, name: str = "email") -> list[Any]:
    """Return the rows whose index is not that of their value."""
    return verify(column(Person, name, using)).misindexed


class TestRenewing:
    """A run is complete when every row has the index that it should have."""

    def test_the_old_key_is_disabled_first(self, using: str, ring: Keyring) -> None:
        """Indexes under a key that is no longer live are renewed all the same."""
        (person,) = people(using, 1)
        old, _ = rotate_index(ring)
        ring.disable_index(old)
        assert not PEOPLE.using(using).filter(email="0@example.org").exists()
        run("records.Person.email", database=using)
        assert PEOPLE.using(using).get(email="0@example.org") == person

    @pytest.mark.parametrize(
        "spec", [BlindIndexSpec(bits=64, normalize="digits"), BlindIndexSpec()]
    )
    def test_other_options(
        self,
        using: str,
        ring: Keyring,
        spec: BlindIndexSpec,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """So are those that another normaliser or another length made, by one key."""
        assert len(ring.keys) == 1
        person = PEOPLE.using(using).create(phone="1-2")
        field = Person._meta.get_field("phone")
        monkeypatch.setattr(field, "index", spec)
        field.__dict__.pop("_blind_index", None)
        try:
            assert misindexed(using, "phone") == [person.pk]
            run("records.Person.phone", database=using)
            assert misindexed(using, "phone") == []
            assert PEOPLE.using(using).get(phone="1-2") == person
        finally:
            field.__dict__.pop("_blind_index", None)

    def test_nothing_to_be_renewed(self, using: str, ring: Keyring) -> None:
        """A table that is as it should be is read once, and not written."""
        people(using)
        said = run("records.Person.email", database=using)
        assert "10 rows read, 0 encrypted" in said

    def test_a_writer_in_between(
        self, using: str, ring: Keyring, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A row that a process with the old keys changed meanwhile is renewed too."""
        person = people(using)[3]
        stale = on_disk(people(using, 0)[4], "email_bidx", using)
        put(people(using, 0)[4], "email_bidx", None, using)
        rotate_index(ring)
        field: Any = Person._meta.get_field("email")
        compute = as_it_should_be

        def interrupted(*arguments: Any) -> Any:
            changes = compute(*arguments)
            monkeypatch.setattr(COMPUTE, compute)
            put(person, "email", field.wire.seal("4@example.org"), using)
            put(person, "email_bidx", stale, using)
            return changes

        people(using, 0)[4].delete(using=using)
        monkeypatch.setattr(COMPUTE, interrupted)
        tally = reencrypt(column(Person, "email", using), Options(), lambda _: None)
        assert (tally.outcome.missed, tally.left, tally.complete) == (1, 0, True)
        assert misindexed(using) == []
        assert PEOPLE.using(using).get(email="4@example.org") == person

    def test_resumed_under_other_keys(
        self, using: str, ring: Keyring, tmp_path: Path
    ) -> None:
        """The position of a run under other keys counts for nothing."""
        people(using)
        emails, file = column(Person, "email", using), tmp_path / "position.json"

        def stop(tally: Tally) -> None:
            if tally.outcome.seen >= 6:
                raise KeyboardInterrupt

        rotate_index(ring)
        with pytest.raises(KeyboardInterrupt):
            reencrypt(emails, Options(batch=2, resume=file), stop)
        rotate_index(ring)
        tally = reencrypt(emails, Options(batch=2, resume=file), lambda _: None)
        assert (tally.passes, tally.outcome.written) == (2, 10)
        assert misindexed(using) == []

    def test_resumed_under_the_same_keys(
        self, using: str, ring: Keyring, tmp_path: Path
    ) -> None:
        """What was passed over before the interruption is found by the last pass."""
        first = people(using)[0]
        stale = on_disk(first, "email_bidx", using)
        emails, file = column(Person, "email", using), tmp_path / "position.json"

        def stop(tally: Tally) -> None:
            if tally.outcome.seen >= 6:
                raise KeyboardInterrupt

        rotate_index(ring)
        with pytest.raises(KeyboardInterrupt):
            reencrypt(emails, Options(batch=2, resume=file), stop)
        put(first, "email_bidx", stale, using)
        seen: list[int] = []
        tally = reencrypt(
            emails,
            Options(batch=2, resume=file),
            lambda tally: seen.append(tally.outcome.seen),
        )
        assert seen[:2] == [2, 4]
        assert (tally.passes, tally.complete) == (3, True)
        assert misindexed(using) == []


@pytest.mark.django_db(databases=[*connections], transaction=True)
@pytest.mark.parametrize("using", ["postgres", "mysql"])
class TestSharing:
    """Rows that others have locked are neither waited for nor forgotten."""

    @pytest.fixture(autouse=True)
    def answers(self, using: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """Skip what no server answers for, and be quick to try again."""
        if using not in connections:
            pytest.skip(f"no server answers for {using}")
        monkeypatch.setattr("hauberk.django.reencryption.run._PAUSE", 0.01)

    def test_a_row_that_stays_locked(self, using: str, ring: Keyring) -> None:
        """It is counted as left, and the command fails, until it can be renewed."""
        person = people(using)[3]
        old, _ = rotate_index(ring)
        with locked(Person, person.pk, using):
            said = run_in_vain("records.Person.email", database=using)
            assert "1 left" in said
            assert "not as they should be" in said
        assert misindexed(using) == [person.pk]
        said = run("records.Person.email", database=using, verify=True)
        assert "1 encrypted" in said
        assert "0 left" in said
        ring.disable_index(old)
        for number in range(10):
            assert PEOPLE.using(using).get(email=f"{number}@example.org")

    def test_a_row_that_is_locked_for_a_while(self, using: str, ring: Keyring) -> None:
        """It is renewed by the same run."""
        person = people(using)[3]
        rotate_index(ring)
        with locked(Person, person.pk, using) as release:

            def note(tally: Tally) -> None:
                if tally.passes == 1:
                    release.set()

            emails = column(Person, "email", using)
            tally = reencrypt(emails, Options(batch=4), note)
        assert (tally.outcome.written, tally.complete) == (10, True)
        assert tally.outcome.held >= 1
        assert misindexed(using) == []

    def test_several_machines(self, using: str, ring: Keyring) -> None:
        """Runs at the same time say that they are complete only when all is done."""
        people(using, 200)
        rotate_index(ring)
        alone = Column(Person._meta.get_field("email"), connections[using])

        def machine(_: int) -> tuple[Tally, list[Any]]:
            emails = Column(alone.field, connections[using])
            try:
                tally = reencrypt(emails, Options(batch=7), lambda _: None)
                return tally, verify(emails).misindexed
            finally:
                emails.connection.close()

        with ThreadPoolExecutor(3) as pool:
            done = list(pool.map(machine, range(3)))
        assert all(tally.complete and wrong == [] for tally, wrong in done)
        assert sum(tally.outcome.written for tally, _ in done) >= 200

    def test_workers(self, using: str, ring: Keyring) -> None:
        """Workers of one run renew each row once."""
        people(using, 100)
        rotate_index(ring)
        emails = column(Person, "email", using)
        tally = reencrypt(emails, Options(batch=7, workers=3), lambda _: None)
        assert (tally.outcome.written, tally.outcome.held) == (100, 0)
        assert (tally.passes, tally.outcome.seen, tally.complete) == (2, 200, True)
        assert misindexed(using) == []
