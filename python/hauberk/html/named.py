"""Policies by name, for settings, templates and fields."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from hauberk.exceptions import ConfigurationError, PolicyError
from hauberk.html.profiles import Policy

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PROFILES", "named_policies"]

#: The profiles under the names that templates and settings call them by.
PROFILES: Final[Mapping[str, Policy]] = MappingProxyType(
    {
        "article": Policy.ARTICLE,
        "bleach": Policy.BLEACH,
        "comment": Policy.COMMENT,
        "nh3": Policy.NH3,
        "text_only": Policy.TEXT_ONLY,
    }
)


def named_policies(custom: Mapping[str, Any] | None, where: str) -> dict[str, Policy]:
    """Return the profiles and an application's own policies.

    Args:
        custom: By name, each a `Policy` or what `Policy.from_dict` takes. A name of a
            profile gives that name another meaning.
        where: The setting, for errors.

    Raises:
        ConfigurationError: Something else stands there, or a policy is refused.

    >>> from hauberk.html import Sanitizer
    >>> policies = named_policies({"bold": {"tags": ["b"]}}, "HTML_POLICIES")
    >>> Sanitizer(policies["bold"]).sanitize("<b>bold</b> <i>plain</i>")
    '<b>bold</b> plain'
    """
    policies = dict(PROFILES)
    for name, value in (custom or {}).items():
        try:
            policies[name] = (
                value if isinstance(value, Policy) else Policy.from_dict(value)
            )
        except (PolicyError, TypeError) as error:
            raise ConfigurationError(f"{where}[{name!r}]: {error}") from None
    return policies
