"""Keys are counted in all databases, and not every database has every table."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import override_settings
from tests.integration.django.helpers import ALIASES, keyring
from tests.integration.django.records.models import Octets, Person, Record
from tests.integration.django.reencrypting import run, run_in_vain

from hauberk.django.reencryption import columns_in, fields_missing_in, places
from hauberk.encryption import Keyring
from hauberk.exceptions import InvalidInputError, StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RECORDS: Any = Record.objects
PEOPLE: Any = Person.objects


class Hiding:
    """A router that says that Octets belong into no database."""

    def allow_migrate(self, _: str, app_label: str, **hints: Any) -> bool | None:
        """Say so."""
        return False if hints.get("model_name") == "octets" else None


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """A keyring in a file."""
    path = tmp_path / "keys.json"
    Keyring.generate().save(path)
    with keyring(str(path)):
        yield path


def keys(*arguments: str) -> str:
    """Run hauberk_keys and return what it says."""
    out = io.StringIO()
    call_command("hauberk_keys", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db(databases=[*connections])
class TestKeysOfAllDatabases:
    """A key that rows of any database need is not given up."""

    def test_destroy(self, using: str, path: Path) -> None:
        """A row in whichever database keeps its key."""
        RECORDS.using(using).create(label="a", note="x")
        old = Keyring.from_file(path).primary_id
        new = keys("add")[:8]
        keys("promote", new)
        keys("promote-index", new, "--although-in-use")
        for alias in connections:
            if alias != using:
                run(database=alias)
        refused = rf"records.Record.note \({using}\) has 1 rows under {old}"
        with pytest.raises(CommandError, match=refused):
            keys("destroy", old)
        assert f"{old}  ACTIVE     index ACTIVE " in keys("list")
        assert "  2 rows" in keys("list")
        assert RECORDS.using(using).get().note == "x"
        run(database=using)
        keys("destroy", old)
        assert RECORDS.using(using).get().note == "x"

    def test_destroy_where_an_index_is_old(self, using: str, path: Path) -> None:
        """So does an index."""
        PEOPLE.using(using).create(phone="1")
        old = Keyring.from_file(path).primary_id
        new = keys("add")[:8]
        keys("promote", new)
        for alias in connections:
            run(database=alias)
        keys("promote-index", new, "--although-in-use")
        refused = rf"records.Person.phone \({using}\) has 1 rows whose index"
        with pytest.raises(CommandError, match=refused):
            keys("destroy", old)
        with pytest.raises(CommandError, match=refused):
            keys("disable-index", old)
        keys("disable-index", old, "--although-in-use")
        # A key by which nothing is found any more may still be what rows are under.
        with pytest.raises(CommandError, match=refused):
            keys("destroy", old)
        run(database=using)
        keys("destroy", old)
        assert PEOPLE.using(using).get(phone="1").pk

    def test_chosen_databases(self, using: str, path: Path) -> None:
        """Databases that are named are the ones that count."""
        RECORDS.using(using).create(label="a", note="x")
        old = Keyring.from_file(path).primary_id
        new = keys("add")[:8]
        keys("promote", new)
        keys("promote-index", new, "--although-in-use")
        with pytest.raises(CommandError, match="has 1 rows under"):
            keys("--database", using, "destroy", old)
        others = [alias for alias in connections if alias != using]
        if others:
            keys(*(f"--database={alias}" for alias in others), "destroy", old)
            assert f"{old}  DESTROYED" in keys("list")

    def test_a_database_that_does_not_answer(
        self, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A database that cannot be asked may have rows: nothing is destroyed."""
        old = Keyring.from_file(path).primary_id
        keys("promote", keys("add")[:8])
        broken = connections.create_connection("default")
        broken.settings_dict = {
            **broken.settings_dict,
            "NAME": str(tmp_path / "nowhere" / "db.sqlite3"),
        }
        before = {alias: connections[alias] for alias in connections}
        monkeypatch.setattr(places, "connections", {**before, "default": broken})
        with pytest.raises(StoreUnavailableError, match="'default' does not answer"):
            columns_in("default")
        with pytest.raises(CommandError, match="does not answer"):
            keys("destroy", old)


@pytest.mark.django_db(databases=[*connections], transaction=True)
class TestPartialDatabases:
    """Where a table is not, nothing is to be done, which is said."""

    @pytest.fixture(autouse=True)
    def without_octets(self, using: str) -> Iterator[None]:
        """Take one table away for a while."""
        with connections[using].schema_editor() as editor:
            editor.delete_model(Octets)
        try:
            yield
        finally:
            with connections[using].cursor() as cursor:
                cursor.execute("DROP TABLE IF EXISTS records_octets")
            with connections[using].schema_editor() as editor:
                editor.create_model(Octets)

    def test_everything_else_is_done(self, using: str, path: Path) -> None:
        """All columns that are there are worked on, and the others named."""
        RECORDS.using(using).create(label="a", note="x")
        absent = {str(field) for field in fields_missing_in(using)}
        assert {f"records.Octets.{one}" for one in ("text", "data", "email")} <= absent
        assert all(one.startswith("records.Octets.") for one in absent)
        missing = f"records.Octets.text: no table in the database {using!r}."
        said = run(database=using)
        assert missing in said
        assert "records.Record.note: 0 rows read" in said
        out = io.StringIO()
        call_command("hauberk_check_ciphertexts", database=using, stdout=out)
        assert missing in out.getvalue()
        assert "records.Record.note: 1 values read, 0 wrong." in out.getvalue()
        assert "  2 rows" in keys("--database", using, "list")
        assert "rows" in keys("list")

    @pytest.mark.parametrize(
        "label", ["records.Octets", "records.Octets.text", "records.Octets.email"]
    )
    def test_what_is_named_has_to_be_there(
        self, using: str, label: str, path: Path
    ) -> None:
        """A table that is asked for and is not there is an error."""
        said = run_in_vain(label, "records.Record", database=using)
        assert f"{label} is not in the database {using!r}." in said
        with pytest.raises(CommandError, match="is not in the database"):
            call_command("hauberk_check_ciphertexts", label, database=using)
        assert "records.Record.note" in run("records", database=using)

    def test_a_table_of_somebody_else(self, using: str, path: Path) -> None:
        """A table without the column is an error, unless routers say it is not ours."""
        with connections[using].cursor() as cursor:
            cursor.execute("CREATE TABLE records_octets (id integer PRIMARY KEY)")
        with pytest.raises(InvalidInputError, match="migrate it first"):
            columns_in(using)
        assert "migrate it first" in run_in_vain(database=using)
        with pytest.raises(CommandError, match="migrate it first"):
            keys("list")
        with override_settings(DATABASE_ROUTERS=[f"{__name__}.Hiding"]):
            assert "no table in the database" in run(database=using)


@pytest.mark.django_db(databases=[*connections])
def test_rows_that_a_router_hides(using: str) -> None:
    """A table that is there counts, even if migrations do not touch it."""
    with override_settings(DATABASE_ROUTERS=[f"{__name__}.Hiding"]):
        names = {str(one) for one in columns_in(using)}
    assert "records.Octets.email" in names
    assert set(ALIASES) >= {one.connection.alias for one in columns_in(using)}
