"""`hauberk.conf`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hauberk import conf
from hauberk.conf import KNOWN, RESERVED, Settings
from hauberk.encryption import Keyring
from hauberk.exceptions import ConfigurationError, KeyringError

IN_FORCE = [name for name in KNOWN if name not in RESERVED]


class TestNames:
    """Every name is known."""

    @pytest.mark.parametrize(
        ("wrong", "right"),
        [
            ("KEYRING", "KEYRINGS"),
            ("keyrings", "KEYRINGS"),
            ("PASSWORD", "PASSWORDS"),
            ("HTML_POLICY", "HTML_POLICIES"),
        ],
    )
    def test_a_misspelt_name_is_told(self, wrong: str, right: str) -> None:
        """The error says which name is meant."""
        with pytest.raises(ConfigurationError, match=f"is it '{right}'"):
            Settings({wrong: {}})

    def test_a_strange_name_gets_the_list(self) -> None:
        """Where nothing is near, the error lists what there is."""
        with pytest.raises(ConfigurationError, match=r"it has .*KEYRINGS, PASSWORDS"):
            Settings({"XYZZY": 1})

    def test_known_names(self) -> None:
        """All known names are accepted, and what is not set is None."""
        settings = Settings(dict.fromkeys(IN_FORCE, 1))
        assert [settings[name] for name in IN_FORCE] == [1] * len(IN_FORCE)
        assert Settings({})["PASSWORDS"] is None

    @pytest.mark.parametrize("name", RESERVED)
    def test_nothing_is_accepted_that_has_no_effect(self, name: str) -> None:
        """A policy that nobody enforces is an error, in both frameworks' forms."""
        with pytest.raises(ConfigurationError, match=f"'{name}'.* no effect"):
            Settings({name: {}})
        with pytest.raises(ConfigurationError, match=f"'{name}'.* no effect"):
            Settings.from_flask({f"HAUBERK_{name}": {}})

    def test_every_known_name_is_read(self) -> None:
        """A name in the list without a reader would be a setting without effect."""
        source = Path(conf.__file__).read_text()
        for name in IN_FORCE:
            assert f'self["{name}"]' in source


class TestFlask:
    """Flask's two forms."""

    def test_both_forms(self) -> None:
        """A dictionary and single entries may be mixed; other entries are Flask's."""
        config = {
            "HAUBERK": {"KEYRINGS": 1},
            "HAUBERK_PASSWORDS": 2,
            "SECRET_KEY": "x",
        }
        settings = Settings.from_flask(config)
        assert (settings["KEYRINGS"], settings["PASSWORDS"]) == (1, 2)

    def test_errors(self) -> None:
        """A name that is not known, or is there twice, is an error."""
        with pytest.raises(ConfigurationError, match="'KEYRINGS'"):
            Settings.from_flask({"HAUBERK_KEYRING": {}})
        with pytest.raises(ConfigurationError, match="keep one"):
            Settings.from_flask({"HAUBERK": {"KEYRINGS": 1}, "HAUBERK_KEYRINGS": 1})


class TestKeyrings:
    """The setting `KEYRINGS`."""

    def test_sources(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A path, `env:NAME`, an object and a function, each loaded once."""
        ring = Keyring.generate()
        path = tmp_path / "keys.json"
        ring.save(path)
        monkeypatch.setenv("SHOP_KEYS", path.read_text())
        sources: dict[str, Any] = {
            "path": path,
            "str": str(path),
            "env": "env:SHOP_KEYS",
            "object": ring,
            "function": lambda: Keyring.from_file(path),
        }
        settings = Settings({"KEYRINGS": sources})
        assert settings.keyring_names == tuple(sources)
        for name in sources:
            assert settings.keyring(name).primary_id == ring.primary_id
            assert settings.keyring(name) is settings.keyring(name)

    def test_errors(self, tmp_path: Path) -> None:
        """What is missing, of the wrong type or unreadable is told by name."""
        settings = Settings(
            {"KEYRINGS": {"number": 7, "none": lambda: None, "gone": tmp_path / "x"}}
        )
        with pytest.raises(ConfigurationError, match="'numbers'; is it 'number'"):
            settings.keyring("numbers")
        for name in ("number", "none"):
            with pytest.raises(ConfigurationError, match=f"'{name}'"):
                settings.keyring(name)
        with pytest.raises(KeyringError):
            settings.keyring("gone")
        with pytest.raises(ConfigurationError, match="it has nothing"):
            Settings({}).keyring()
        with pytest.raises(ConfigurationError, match="dictionary"):
            Settings({"KEYRINGS": [1]}).keyring()
