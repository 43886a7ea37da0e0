"""`hauberk.conf`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hauberk.conf import KNOWN, Settings
from hauberk.encryption import Keyring
from hauberk.exceptions import ConfigurationError, KeyringError

if TYPE_CHECKING:
    from pathlib import Path


class TestNames:
    """Every name is known."""

    @pytest.mark.parametrize(
        ("wrong", "right"),
        [
            ("KEYRING", "KEYRINGS"),
            ("keyrings", "KEYRINGS"),
            ("CSFR", "CSRF"),
            ("RATE_LIMIT", "RATELIMIT"),
            ("TRUSTED_PROXY", "TRUSTED_PROXIES"),
        ],
    )
    def test_a_misspelt_name_is_told(self, wrong: str, right: str) -> None:
        """The error says which name is meant."""
        with pytest.raises(ConfigurationError, match=f"is it '{right}'"):
            Settings({wrong: {}})

    def test_a_strange_name_gets_the_list(self) -> None:
        """Where nothing is near, the error lists what there is."""
        with pytest.raises(ConfigurationError, match="it has CSP, CSRF"):
            Settings({"XYZZY": 1})

    def test_known_names(self) -> None:
        """All known names are accepted, and what is not set is None."""
        settings = Settings(dict.fromkeys(KNOWN, 1))
        assert [settings[name] for name in KNOWN] == [1] * len(KNOWN)
        assert Settings({})["CSP"] is None


class TestFlask:
    """Flask's two forms."""

    def test_both_forms(self) -> None:
        """A dictionary and single entries may be mixed; other entries are Flask's."""
        config = {"HAUBERK": {"CSP": 1}, "HAUBERK_CSRF": 2, "SECRET_KEY": "x"}
        settings = Settings.from_flask(config)
        assert (settings["CSP"], settings["CSRF"]) == (1, 2)

    def test_errors(self) -> None:
        """A name that is not known, or is there twice, is an error."""
        with pytest.raises(ConfigurationError, match="'KEYRINGS'"):
            Settings.from_flask({"HAUBERK_KEYRING": {}})
        with pytest.raises(ConfigurationError, match="keep one"):
            Settings.from_flask({"HAUBERK": {"CSP": 1}, "HAUBERK_CSP": 1})


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
