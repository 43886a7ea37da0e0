"""A unique index gets another key, and stays unique at every step."""

from __future__ import annotations

import io
import threading
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connections, models
from django.test.utils import isolate_apps
from tests.integration.django.helpers import keyring, put
from tests.integration.django.reencrypting import run, table

from hauberk.django import fields
from hauberk.django.reencryption import Column, Options, reencrypt, verify
from hauberk.encryption import Key, Keyring

pytestmark = pytest.mark.django_db(databases=[*connections], transaction=True)


def member(next_key: str | None) -> Any:
    """Return the model as the code of one deployment has it."""
    with isolate_apps("tests.integration.django.records"):

        class Member(models.Model):  # noqa: DJ008
            email = fields.EncryptedEmailField(
                null=True,
                index=fields.BlindIndexSpec(
                    normalize="email", unique=True, next_key=next_key
                ),
            )

            class Meta:
                app_label = "records"
                db_table = "records_rotating_member"

    return Member


def insert_at_once(models_: list[Any], email: str, using: str) -> int:
    """Insert a value by two connections at once and return how many did."""
    barrier = threading.Barrier(2)
    won: list[int] = []

    def insert(model: Any) -> None:
        connection = connections[using]
        try:
            barrier.wait(10)
            model._default_manager.using(using).create(email=email)
            won.append(1)
        except IntegrityError:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=insert, args=[one]) for one in models_]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    return len(won)


def add_column(model: Any, using: str) -> None:
    """Do what the migration of `next_key` does."""
    with connections[using].schema_editor() as editor:
        editor.add_field(model, model._meta.get_field("email_bidx_next"))


@pytest.mark.parametrize("using", ["postgres", "mysql"])
def test_exactly_one_wins_at_every_step(using: str) -> None:
    """Of two connections that insert the same value during a rotation, one succeeds.

    Old code beside new code, before and after the index's key is another one.
    """
    if using not in connections:
        pytest.skip(f"no server answers for {using}")
    ring, key = Keyring.generate(), Key.generate()
    before, during = member(None), member(key.id)
    number = 0

    def exactly_one(*both: Any) -> None:
        nonlocal number
        for _ in range(5):
            number += 1
            email = f"{number}@example.org"
            assert insert_at_once(list(both), email, using) == 1
            for model in both:
                assert model._default_manager.using(using).get(email=email).pk
        # What was there before is not inserted again, whichever key it was under.
        assert insert_at_once(list(both), "1@example.org", using) == 0

    def work_through(model: Any) -> None:
        column = Column(model._meta.get_field("email"), connections[using])
        assert reencrypt(column, Options(batch=3), lambda _: None).complete
        finding = verify(column)
        assert (finding.unreadable, finding.misindexed) == ([], [])

    with keyring(ring), table(before, using):
        exactly_one(before, before)
        ring.add(key)
        exactly_one(before, before)
        add_column(during, using)
        exactly_one(before, during)
        exactly_one(during, during)
        work_through(during)
        exactly_one(during, during)
        ring.promote_index(key.id)
        exactly_one(during, during)
        work_through(during)
        # All of the first column is under the new key, and so is what is written.
        exactly_one(during, before)
        with connections[using].schema_editor() as editor:
            editor.remove_field(during, during._meta.get_field("email_bidx_next"))
        exactly_one(before, before)
        old = next(one.id for one in ring.keys if one.id != key.id)
        ring.disable_index(old)
        exactly_one(before, before)


def test_the_command_keeps_the_order(tmp_path: Any) -> None:
    """hauberk_keys refuses the new key before its column is there and full."""
    path = tmp_path / "keys.json"
    Keyring.generate().save(path)
    with keyring(str(path)):
        out = io.StringIO()
        call_command("hauberk_keys", "add", stdout=out)
        with pytest.raises(CommandError, match="is unique under the present key alone"):
            call_command("hauberk_keys", "promote-index", out.getvalue()[:8])


def test_the_runbook(
    using: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commands lead through a rotation, and refuse what would lose a row."""
    path = tmp_path / "keys.json"
    Keyring.generate().save(path)
    old = Keyring.from_file(path).primary_id

    def keys(*arguments: str) -> str:
        out = io.StringIO()
        call_command("hauberk_keys", "--database", using, *arguments, stdout=out)
        return out.getvalue()

    def deploy(model: Any) -> None:
        """Let the commands see the model of this deployment, and no other."""
        ours = [model._meta.get_field("email")]
        monkeypatch.setattr(
            "hauberk.django.reencryption.places.columns", lambda _=(): ours
        )

    before = member(None)
    with keyring(str(path)), table(before, using):
        rows = before._default_manager.using(using)
        people = [rows.create(email=f"{one}@example.org") for one in range(4)]
        new = keys("add")[:8]
        during = member(new)
        add_column(during, using)
        deploy(during)
        with pytest.raises(CommandError, match="4 rows without the next index"):
            keys("promote-index", new)
        run(database=using)
        # An index of some other key, as it is after next_key was another one.
        put(people[2], "email_bidx_next", "00" * 16, using)
        with pytest.raises(CommandError, match="1 rows without the next index"):
            keys("promote-index", new)
        run(database=using)
        assert "remove next_key" in keys("promote-index", new)
        with pytest.raises(CommandError, match="4 rows whose index"):
            keys("disable-index", old)
        run(database=using, verify=True)
        with connections[using].schema_editor() as editor:
            editor.remove_field(during, during._meta.get_field("email_bidx_next"))
        deploy(before)
        keys("disable-index", old)
        assert [rows.get(email=f"{one}@example.org") for one in range(4)] == people
        with pytest.raises(IntegrityError):
            rows.create(email="3@example.org")
