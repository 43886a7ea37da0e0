"""Alembic writes migrations of encrypted columns, and runs them, on each database."""

from __future__ import annotations

import io
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import (
    Column,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    inspect,
    select,
    text,
)

from hauberk.encryption import Keyring
from hauberk.sqlalchemy import encryption
from hauberk.sqlalchemy.encryption import (
    BlindIndexType,
    DeterministicType,
    EncryptedString,
    EncryptedType,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

command: Any = pytest.importorskip("alembic.command")
Config: Any = pytest.importorskip("alembic.config").Config

KEYRING = Keyring.generate()
NAME = f"hauberk_alembic_{uuid.uuid4().hex[:12]}"

ENV = """
from alembic import context
from hauberk.sqlalchemy.migrations import render_item

given = context.config.attributes
with given["engine"].connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=given["metadata"],
        include_name=lambda name, kind, _: kind != "table" or name == given["name"],
        version_table=given["name"] + "_version",
        render_item=render_item if given["renders"] else None,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
"""


def metadata(*more: Column[Any]) -> MetaData:
    """Return a table with a column of each of our types."""
    found = MetaData()
    plain = [
        name
        for name in encryption.__all__
        if name.startswith("Encrypted") and name != "EncryptedType"
    ]
    Table(
        NAME,
        found,
        Column("id", Integer, primary_key=True),
        *(
            Column(
                f"{name}_{storage}",
                getattr(encryption, name)(
                    context=f"a.{name}", keyring=KEYRING, storage=storage
                ),
            )
            for name in plain
            for storage in ("text", "binary")
        ),
        Column("email", EncryptedString(context="a.email", keyring=KEYRING)),
        Column("email_bidx", BlindIndexType("email", normalize="email"), unique=True),
        Column("price", EncryptedType(Numeric(9, 2), context="a.p", keyring=KEYRING)),
        Column(
            "tax_id",
            DeterministicType(String(20), context="a.tax", keyring=KEYRING),
            nullable=False,
        ),
        Column(
            "blob",
            DeterministicType(
                LargeBinary(9), context="a.blob", keyring=KEYRING, storage="binary"
            ),
        ),
        *more,
    )
    return found


@pytest.fixture
def engine(database: Engine) -> Iterator[Engine]:
    """Lend each database, and leave nothing in it."""
    yield database
    with database.begin() as connection:
        for table in (NAME, f"{NAME}_version"):
            connection.execute(text(f"DROP TABLE IF EXISTS {table}"))


@pytest.mark.parametrize("renders", [True, False])
def test_a_migration(engine: Engine, tmp_path: Path, renders: bool) -> None:  # noqa: FBT001
    """It is written, runs up and down, and a second one would be empty."""
    config = Config(str(tmp_path / "alembic.ini"), stdout=io.StringIO())
    command.init(config, str(tmp_path / "migrations"))
    config.set_main_option("script_location", str(tmp_path / "migrations"))
    (tmp_path / "migrations" / "env.py").write_text(ENV)
    mako = tmp_path / "migrations" / "script.py.mako"
    if not renders:
        # What Alembic recommends for types that are not its own.
        said = mako.read_text()
        mako.write_text(
            said.replace(
                "import sqlalchemy as sa",
                "import sqlalchemy as sa\nimport hauberk.sqlalchemy.encryption",
            )
        )
    tables = metadata()
    config.attributes.update(engine=engine, metadata=tables, name=NAME, renders=renders)
    revision = command.revision(config, "first", autogenerate=True)
    code = Path(revision.path).read_text()
    assert "EncryptedString(context='a.email')" in code
    assert "keyring" not in code
    assert "(sa.Numeric(precision=9, scale=2), context='a.p')" in code

    command.upgrade(config, "head")
    command.check(config)  # raises if there is something left to be migrated
    table = tables.tables[NAME]
    with engine.begin() as connection:
        connection.execute(table.insert().values(email="a@example.org", tax_id="7"))
        found = select(table.c.tax_id).where(table.c.email == "A@example.org")
        assert connection.scalar(found) == "7"

    added: Column[Any] = Column(
        "late", encryption.EncryptedJSON(context="a.l", keyring=KEYRING)
    )
    config.attributes["metadata"] = metadata(added)
    command.revision(config, "second", autogenerate=True)
    command.upgrade(config, "head")
    command.check(config)
    command.downgrade(config, "-1")
    assert "late" not in {one["name"] for one in inspect(engine).get_columns(NAME)}
    command.downgrade(config, "base")
    assert not inspect(engine).has_table(NAME)
