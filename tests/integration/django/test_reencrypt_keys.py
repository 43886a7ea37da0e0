"""hauberk_keys changes a keyring in a file, and refuses what would lose rows."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import override_settings
from tests.integration.django.helpers import keyring, on_disk, put
from tests.integration.django.records.models import Person, Record
from tests.integration.django.reencrypting import run

from hauberk.encryption import Keyring

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.django_db(databases=[*connections])

RECORDS: Any = Record.objects
PEOPLE: Any = Person.objects


class TestKeys:
    """hauberk_keys changes a keyring that is a file."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Iterator[Path]:
        """A keyring in a file."""
        path = tmp_path / "keys.json"
        Keyring.generate().save(path)
        with keyring(str(path)):
            yield path

    def keys(self, *arguments: str) -> str:
        """Run the command and return what it says."""
        out = io.StringIO()
        call_command("hauberk_keys", *arguments, stdout=out)
        return out.getvalue()

    def test_a_rotation(self, path: Path) -> None:
        """Add, promote, encrypt anew, disable, destroy: each step says the next one."""
        RECORDS.create(label="a", note="x")
        old = Keyring.from_file(path).primary_id
        said = self.keys("add")
        new = said[:8]
        assert "deploy this keyring everywhere" in said
        assert Keyring.from_file(path).primary_id == old
        assert "hauberk_reencrypt" in self.keys("promote", new)
        assert Keyring.from_file(path).primary_id == new
        assert f"{old}  ACTIVE" in self.keys("list")
        with pytest.raises(CommandError, match="has 1 rows under"):
            self.keys("destroy", old)
        run("records.Record")
        with pytest.raises(CommandError, match="primary"):
            self.keys("destroy", old)
        self.keys("promote-index", new, "--although-in-use")
        self.keys("disable", old)
        self.keys("enable", old)
        self.keys("destroy", old)
        assert f"{old}  DESTROYED" in self.keys("list")
        assert RECORDS.get().note == "x"

    def test_an_index_needs_its_key(self, path: Path) -> None:
        """A key that wrote an index is not destroyed before the index is renewed."""
        old = Keyring.from_file(path).primary_id
        PEOPLE.create(phone="123")
        new = self.keys("add")[:8]
        self.keys("promote", new)
        with pytest.raises(CommandError, match="next_key"):
            self.keys("promote-index", new)
        self.keys("promote-index", new, "--although-in-use")
        fields = ["records.Person.phone"]
        stale = on_disk(PEOPLE.get(), "phone_bidx", "default")
        run(*fields)
        put(PEOPLE.get(), "phone_bidx", stale, "default")
        with pytest.raises(CommandError, match="1 rows whose index"):
            self.keys("destroy", old)
        run(*fields)
        self.keys("destroy", old)
        assert PEOPLE.get(phone="1-2-3").pk

    def test_not_a_file(self) -> None:
        """A keyring that is no file is changed elsewhere."""
        with (
            keyring(Keyring.generate()),
            pytest.raises(CommandError, match="not a file"),
        ):
            self.keys("add")
        with override_settings(HAUBERK={"KEYRINGS": {}}), pytest.raises(CommandError):
            self.keys("list")

    def test_the_key_of_indexes(self, path: Path) -> None:
        """An index's key is given up when no row is found by it, and taken back."""
        old = Keyring.from_file(path).primary_id
        person = PEOPLE.create(email="a@example.org", phone="1")
        new = self.keys("add")[:8]
        with pytest.raises(CommandError, match="is primary"):
            self.keys("disable-index", old)
        self.keys("promote-index", new, "--although-in-use")
        with pytest.raises(CommandError, match="whose index is not under the key"):
            self.keys("disable-index", old)
        assert f"{old}  PRIMARY    index ACTIVE" in self.keys("list")
        run("records.Person")
        assert "enable-index" in self.keys("disable-index", old)
        assert f"{old}  PRIMARY    index DISABLED" in self.keys("list")
        assert PEOPLE.get(email="a@example.org") == person
        assert PEOPLE.get(phone="1") == person
        self.keys("enable-index", old)
        assert f"{old}  PRIMARY    index ACTIVE" in self.keys("list")
