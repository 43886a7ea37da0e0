"""`hauberk keys`."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING

import pytest

from hauberk.cli import main
from hauberk.encryption import Keyring, KeyState

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the keyring is, as the environment says."""
    path = tmp_path / "keys.json"
    monkeypatch.setenv("HAUBERK_KEYS_FILE", str(path))
    return path


def run(*arguments: str) -> None:
    """Run a command that works."""
    assert main(["keys", *arguments]) == 0


def test_a_life(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A keyring is made, and a key led from its beginning to its end."""
    run("generate")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    old = Keyring.from_file(path).primary_id
    sealed = Keyring.from_file(path).cipher("c").encrypt(b"x")
    assert old in capsys.readouterr().out

    run("add")
    new = Keyring.from_file(path).keys[1].id
    assert new in capsys.readouterr().out
    run("promote", new)
    assert Keyring.from_file(path).primary_id == new
    run("disable", old)
    run("enable", old)
    run("promote", new, "--index")
    run("disable", old, "--index")
    run("enable", old, "--index")
    assert Keyring.from_file(path).cipher("c").decrypt(sealed) == b"x"
    run("disable", old)
    run("destroy", old, "--yes")
    assert [key.state for key in Keyring.from_file(path).keys] == [
        KeyState.DESTROYED,
        KeyState.PRIMARY,
    ]

    capsys.readouterr()
    run("list")
    header, *rows = capsys.readouterr().out.splitlines()
    assert header.split() == ["id", "state", "for", "indexes", "created"]
    assert [row.split()[:3] for row in rows] == [
        [old, "DESTROYED", "DESTROYED"],
        [new, "PRIMARY", "PRIMARY"],
    ]


def test_export(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The keyset of a context is printed, with a warning apart from it."""
    run("generate")
    ring = Keyring.from_file(path)
    capsys.readouterr()
    run("export-tink-cleartext", "shop.Order.address")
    output = capsys.readouterr()
    assert "not encrypted" in output.err
    cipher = Keyring.import_tink(output.out.strip())
    sealed = ring.cipher("shop.Order.address").encrypt(b"x")
    assert cipher.decrypt(sealed) == b"x"
    run("export-tink-cleartext", "c", "--deterministic")
    keyset = json.loads(capsys.readouterr().out)
    assert keyset["key"][0]["keyData"]["typeUrl"].endswith("AesSivKey")


@pytest.mark.parametrize(
    "arguments",
    [
        ["generate"],
        ["promote", "00000001"],
        ["promote", "not an id"],
        ["destroy", "00000001"],
        ["destroy", "00000001", "--yes"],
        ["list", "--file", "nowhere"],
    ],
)
def test_errors(
    path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    """What cannot be done is said in a line, and leaves the file as it was."""
    run("generate")
    before = path.read_bytes()
    assert main(["keys", *arguments]) == 1
    error = capsys.readouterr().err
    assert error.startswith("hauberk: ")
    assert error.count("\n") == 1
    assert path.read_bytes() == before


def test_the_primary_key_stays(path: Path) -> None:
    """The key that encrypts is neither disabled nor destroyed."""
    run("generate")
    primary = Keyring.from_file(path).primary_id
    assert main(["keys", "disable", primary]) == 1
    assert main(["keys", "destroy", primary, "--yes"]) == 1


def test_no_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a file or a variable the command says which to give."""
    monkeypatch.delenv("HAUBERK_KEYS_FILE", raising=False)
    assert main(["keys", "list"]) == 1
    assert "HAUBERK_KEYS_FILE" in capsys.readouterr().err


def test_no_key_is_shown(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No command but the export prints key material."""
    run("generate")
    run("add")
    run("list")
    output = capsys.readouterr()
    for key in json.loads(path.read_bytes())["keys"]:
        assert key["key"] not in output.out + output.err
