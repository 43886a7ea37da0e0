"""What is installed: one version, a light import, exceptions that travel."""

from __future__ import annotations

import inspect
import json
import pickle
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import hauberk
from hauberk import exceptions

ROOT = Path(__file__).parents[2]

#: What an application may not use, and so may not pay for.
OPTIONAL = ["cryptography", "django", "flask", "redis", "sqlalchemy", "werkzeug"]

EXCEPTIONS = [
    value
    for value in vars(exceptions).values()
    if inspect.isclass(value)
    and issubclass(value, BaseException)
    and value.__module__ == exceptions.__name__
]

#: A value for each parameter of an exception.
ARGUMENTS = {
    "claim": "aud",
    "date_signed": datetime(2026, 1, 2, tzinfo=UTC),
    "key_id": "7014e411",
    "message": "A message.",
    "retry_after": 1.5,
}


def test_one_version() -> None:
    """The package, pyproject.toml and Cargo.toml carry the same version."""
    python = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    rust = tomllib.loads((ROOT / "Cargo.toml").read_text())["package"]["version"]

    assert python == hauberk.__version__
    assert rust == hauberk.__version__


class TestImport:
    """`import hauberk` in an interpreter that has imported nothing else."""

    def test_no_framework(self) -> None:
        """No framework is loaded, although all are installed here."""
        modules = _modules_after("import hauberk")

        assert [name for name in OPTIONAL if find_spec(name) is None] == []
        assert [name for name in OPTIONAL if name in modules] == []

    def test_one_extension(self) -> None:
        """One extension of ours is loaded."""
        modules = _modules_after("import hauberk")
        extensions = [
            name
            for name, file in modules.items()
            if name.partition(".")[0] == "hauberk" and file and not file.endswith(".py")
        ]

        assert extensions == ["hauberk._rust"]

    def test_the_control_sees_a_framework(self) -> None:
        """An import of Django would have been seen."""
        assert "django" in _modules_after("import hauberk, django")


@pytest.mark.parametrize("name", hauberk.__all__)
def test_exported_names_exist(name: str) -> None:
    """Every name in `hauberk.__all__` can be had."""
    assert getattr(hauberk, name, None) is not None


class TestExceptions:
    """`hauberk.exceptions`."""

    def test_all_is_all(self) -> None:
        """`__all__` lists every public exception, and nothing else."""
        public = [
            cls.__name__ for cls in EXCEPTIONS if not cls.__name__.startswith("_")
        ]

        assert sorted(public) == sorted(exceptions.__all__)

    @pytest.mark.parametrize("cls", EXCEPTIONS)
    def test_one_root(self, cls: type[BaseException]) -> None:
        """`except HauberkError` catches every one, and `except Exception` as well."""
        assert issubclass(cls, exceptions.HauberkError)
        assert issubclass(cls, Exception)

    @pytest.mark.parametrize("cls", EXCEPTIONS)
    def test_pickling(self, cls: type[BaseException]) -> None:
        """An exception raised in one process arrives whole in another."""
        sent = cls(*_arguments(cls))
        received = pickle.loads(pickle.dumps(sent))

        assert type(received) is cls
        assert received.args == sent.args
        assert vars(received) == vars(sent)
        assert str(received) == "A message."

    @pytest.mark.parametrize("cls", EXCEPTIONS)
    def test_docstrings(self, cls: type[BaseException]) -> None:
        """Each says in a sentence when it is raised."""
        if not cls.__name__.startswith("_"):
            assert "." in (cls.__doc__ or "")


def test_wheels_have_no_test_hooks() -> None:
    """What exists to be tested or measured, such as hashing unwiped, is not shipped."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    cargo = tomllib.loads((ROOT / "Cargo.toml").read_text())

    assert "test-hooks" not in project["tool"]["maturin"]["features"]
    assert cargo["features"]["test-hooks"] == []
    assert not any("test-hooks" in cargo["features"][f] for f in ("default", "python"))


def _arguments(cls: type[BaseException]) -> list[Any]:
    if not inspect.isfunction(cls.__init__):
        return [ARGUMENTS["message"]]
    _, *names = inspect.signature(cls.__init__).parameters
    return [ARGUMENTS[name] for name in names]


def _modules_after(statement: str) -> dict[str, str | None]:
    """Return the modules a fresh interpreter has after a statement, and their files."""
    code = (
        f"{statement}\n"
        "import json, sys\n"
        "files = {n: getattr(m, '__file__', None) for n, m in sys.modules.items()}\n"
        "print(json.dumps(files))"
    )
    output = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout
    modules: dict[str, str | None] = json.loads(output)
    return modules
