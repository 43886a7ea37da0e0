"""The settings of both frameworks, parsed once.

Django has one dictionary, `HAUBERK`. Flask has the same one in `app.config`, or one
entry `HAUBERK_<KEY>` for each of its keys. A key that is not known is an error at
start-up: a misspelt security setting must not be silently without effect.
"""

from __future__ import annotations

import difflib
import os
from threading import Lock
from types import NoneType
from typing import TYPE_CHECKING, Any, Final

from hauberk import passwords
from hauberk.encryption import Keyring
from hauberk.exceptions import ConfigurationError, InvalidInputError
from hauberk.html.named import named_policies

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hauberk.html import Policy

__all__ = ["KNOWN", "RESERVED", "Settings"]

#: Every setting there is.
KNOWN: Final = (
    "CSP",
    "CSRF",
    "ENCRYPTION",
    "HEADERS",
    "HTML_POLICIES",
    "JWT",
    "KEYRINGS",
    "LOCKOUT",
    "PASSWORDS",
    "RATELIMIT",
    "SIGNING",
    "TRUSTED_PROXIES",
)
#: Those of them that nothing reads yet. A name leaves this list with its first reader.
RESERVED: Final = (
    "CSP",
    "CSRF",
    "HEADERS",
    "JWT",
    "LOCKOUT",
    "RATELIMIT",
    "SIGNING",
    "TRUSTED_PROXIES",
)


class Settings:
    """Settings whose keys are all known.

    Args:
        values: The settings by their names in `KNOWN`.

    Raises:
        ConfigurationError: A name is not known, and the error says which it resembles;
            or it is in `RESERVED`, so that nobody believes it to be in force.

    >>> Settings({"KEYRING": {}})
    Traceback (most recent call last):
        ...
    hauberk.exceptions.ConfigurationError: HAUBERK has no 'KEYRING'; is it 'KEYRINGS'?
    """

    def __init__(self, values: Mapping[str, Any], /) -> None:
        for name in values:
            if name in RESERVED:
                raise ConfigurationError(
                    f"HAUBERK[{name!r}] has no effect in this version: take it out."
                )
            if name not in KNOWN:
                in_force = [name for name in KNOWN if name not in RESERVED]
                raise ConfigurationError(_unknown("HAUBERK", name, in_force))
        self._values = dict(values)
        self._keyrings: dict[str, Keyring] = {}
        self._policies: dict[str, Policy] | None = None
        self._lock = Lock()

    @classmethod
    def from_flask(cls, config: Mapping[str, Any], /) -> Settings:
        """Return the settings in a Flask application's configuration.

        Raises:
            ConfigurationError: A name is not known, or is there in both forms.

        >>> Settings.from_flask({"HAUBERK_PASSWORDS": {"MAX_QUEUE": 9}})["PASSWORDS"]
        {'MAX_QUEUE': 9}
        """
        values = dict(config.get("HAUBERK") or {})
        for entry, value in config.items():
            if entry.startswith(_PREFIX):
                name = entry.removeprefix(_PREFIX)
                if name in values:
                    message = f"{name} stands in HAUBERK and as {entry}; keep one."
                    raise ConfigurationError(message)
                values[name] = value
        return cls(values)

    def __getitem__(self, name: str) -> Any:
        """Return a setting, or None if it is not set."""
        return self._values.get(name)

    @property
    def keyring_names(self) -> tuple[str, ...]:
        """The names under `KEYRINGS`."""
        return tuple(self._keyring_sources())

    def keyring(self, name: str = "default", /) -> Keyring:
        """Return a keyring, loading it when it is asked for first.

        Args:
            name: A key of the setting `KEYRINGS`. What stands under it is the path of a
                keyring file, `"env:NAME"` for an environment variable, a `Keyring`, or
                a function that returns one.

        Raises:
            ConfigurationError: There is no such keyring, or what stands there is none.
            KeyringError: The keyring cannot be read.
        """
        keyring = self._keyrings.get(name)
        if keyring is None:
            with self._lock:
                keyring = self._keyrings.get(name)
                if keyring is None:
                    keyring = self._keyrings[name] = self._load(name)
        return keyring

    @property
    def dump_plaintext(self) -> bool:
        """Whether `dumpdata` writes plaintext: `ENCRYPTION["DUMP_PLAINTEXT"]`.

        Raises:
            ConfigurationError: Another name stands in `ENCRYPTION`.
        """
        values = self["ENCRYPTION"]
        if values is None:
            return False
        if not isinstance(values, dict):
            raise ConfigurationError(f"{_ENCRYPTION} is a dictionary.")
        for name in values:
            if name not in _ENCRYPTION_SETTINGS:
                raise ConfigurationError(
                    _unknown(_ENCRYPTION, name, _ENCRYPTION_SETTINGS)
                )
        return values.get("DUMP_PLAINTEXT") is True

    def peppers(self) -> dict[str, str | bytes]:
        """Return the peppers of passwords by their ids, the current one first.

        What stands under an id in `PASSWORDS["PEPPERS"]` is the secret, `"env:NAME"`
        for an environment variable that holds it, or a function that returns it.

        Raises:
            ConfigurationError: A secret is none or too short, an id is too long, or the
                variable is not set.
        """
        sources = self._passwords().get("PEPPERS") or {}
        if not isinstance(sources, dict):
            message = f"{_PASSWORDS}['PEPPERS'] is a dictionary: an id for each pepper."
            raise ConfigurationError(message)
        peppers = {name: _pepper(name, source) for name, source in sources.items()}
        try:
            passwords.PasswordHasher(peppers=peppers)
        except (InvalidInputError, TypeError) as error:
            message = f"{_PASSWORDS}['PEPPERS'] has a wrong entry: {error}"
            raise ConfigurationError(message) from None
        return peppers

    def pepper_new_hashes(self) -> bool:
        """Return whether new hashes get the current pepper.

        `PASSWORDS["PEPPER_NEW_HASHES"]` is False while a pepper is carried to every
        server, or given up: hashes that have one verify, and new ones have none. It is
        read by Flask alone; in Django the first of `PASSWORD_HASHERS` decides.

        Raises:
            ConfigurationError: It is neither True nor False.

        >>> Settings({"PASSWORDS": {"PEPPER_NEW_HASHES": False}}).pepper_new_hashes()
        False
        """
        value = self._passwords().get("PEPPER_NEW_HASHES", True)
        if not isinstance(value, bool):
            message = f"{_PASSWORDS}['PEPPER_NEW_HASHES'] is True or False."
            raise ConfigurationError(message)
        return value

    @property
    def html_policies(self) -> dict[str, Policy]:
        """Hauberk's profiles and the policies under `HTML_POLICIES`, by name.

        Raises:
            ConfigurationError: What stands under a name is no policy, or is refused.
        """
        if self._policies is None:
            custom = self["HTML_POLICIES"]
            if not isinstance(custom, (dict, NoneType)):
                message = f"{_POLICIES} is a dictionary: a name for each policy."
                raise ConfigurationError(message)
            self._policies = named_policies(custom, _POLICIES)
        return self._policies

    def html_policy(self, name: str, /) -> Policy:
        """Return a policy for HTML.

        Raises:
            ConfigurationError: There is none of that name.

        >>> sorted(Settings({}).html_policy("comment").url_schemes)
        ['http', 'https', 'mailto']
        """
        try:
            return self.html_policies[name]
        except KeyError:
            message = _unknown(_POLICIES, name, self.html_policies)
            raise ConfigurationError(message) from None

    def limit_hashing(self) -> None:
        """Pass the limits among `PASSWORDS` to `passwords.set_limits`.

        Raises:
            ConfigurationError: A name is not known, or a limit is impossible.
        """
        limits = {
            name.lower(): value
            for name, value in self._passwords().items()
            if name not in _PEPPER_SETTINGS
        }
        try:
            passwords.set_limits(**limits)
        except (InvalidInputError, OverflowError, TypeError) as error:
            raise ConfigurationError(
                f"{_PASSWORDS} has a wrong limit: {error}"
            ) from None

    def _passwords(self) -> dict[str, Any]:
        values = self["PASSWORDS"]
        if values is None:
            return {}
        if not isinstance(values, dict):
            raise ConfigurationError(f"{_PASSWORDS} is a dictionary.")
        for name in values:
            if name not in _PASSWORD_SETTINGS:
                raise ConfigurationError(_unknown(_PASSWORDS, name, _PASSWORD_SETTINGS))
        return values

    def _load(self, name: str) -> Keyring:
        sources = self._keyring_sources()
        if name not in sources:
            raise ConfigurationError(_unknown("HAUBERK['KEYRINGS']", name, sources))
        source = sources[name]
        if callable(source):
            source = source()
        match source:
            case Keyring():
                return source
            case str() if source.startswith(_ENVIRONMENT):
                return Keyring.from_env(source.removeprefix(_ENVIRONMENT))
            case str() | os.PathLike():
                return Keyring.from_file(source)
        message = (
            f"HAUBERK['KEYRINGS'][{name!r}] is a path, 'env:NAME', a Keyring or a "
            f"function that returns one, not {type(source).__name__}."
        )
        raise ConfigurationError(message)

    def _keyring_sources(self) -> dict[str, Any]:
        sources = self["KEYRINGS"]
        if sources is None:
            return {}
        if not isinstance(sources, dict):
            message = "HAUBERK['KEYRINGS'] is a dictionary: a name for each keyring."
            raise ConfigurationError(message)
        return sources


def _pepper(name: str, source: Any) -> str | bytes:
    where = f"{_PASSWORDS}['PEPPERS'][{name!r}]"
    if callable(source):
        source = source()
    match source:
        case str() if source.startswith(_ENVIRONMENT):
            variable = source.removeprefix(_ENVIRONMENT)
            if variable not in os.environ:
                raise ConfigurationError(f"{where}: {variable} is not set.")
            return os.environ[variable]
        case str() | bytes():
            return source
    message = (
        f"{where} is str, bytes, 'env:NAME' or a function that returns one, not "
        f"{type(source).__name__}."
    )
    raise ConfigurationError(message)


def _unknown(where: str, name: str, known: Any) -> str:
    nearest = difflib.get_close_matches(
        name.upper(), [str(one).upper() for one in known], 1
    )
    by_upper = {str(one).upper(): one for one in known}
    if nearest:
        return f"{where} has no {name!r}; is it {by_upper[nearest[0]]!r}?"
    known = ", ".join(sorted(map(str, known))) or "nothing"
    return f"{where} has no {name!r}; it has {known}."


_POLICIES: Final = "HAUBERK['HTML_POLICIES']"
_ENCRYPTION: Final = "HAUBERK['ENCRYPTION']"
_ENCRYPTION_SETTINGS: Final = ("DUMP_PLAINTEXT",)
_PASSWORDS: Final = "HAUBERK['PASSWORDS']"
_PEPPER_SETTINGS: Final = ("PEPPERS", "PEPPER_NEW_HASHES")
_PASSWORD_SETTINGS: Final = (
    *_PEPPER_SETTINGS,
    "MAX_CONCURRENCY",
    "MAX_MEMORY",
    "MAX_QUEUE",
    "QUEUE_TIMEOUT",
    "RETAINED_MEMORY",
)
_PREFIX: Final = "HAUBERK_"
_ENVIRONMENT: Final = "env:"
