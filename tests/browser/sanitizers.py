"""Everything that makes untrusted HTML safe, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hauberk.compat import bleach, nh3
from hauberk.exceptions import HtmlError
from hauberk.html import Policy, Sanitizer, escape

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["NAMED", "SANITIZERS"]

#: The profiles as templates name them.
NAMED = {
    "article": Policy.ARTICLE,
    "bleach": Policy.BLEACH,
    "comment": Policy.COMMENT,
    "nh3": Policy.NH3,
    "text_only": Policy.TEXT_ONLY,
}


def _or_escaped(clean: Callable[[str], str]) -> Callable[[str], str]:
    def clean_or_escape(html: str) -> str:
        try:
            return clean(html)
        except HtmlError:
            return escape(html)

    return clean_or_escape


#: The profiles, and the drop-ins for other packages as they are without arguments.
SANITIZERS: dict[str, Callable[[str], str]] = {
    **{name: _or_escaped(Sanitizer(policy).sanitize) for name, policy in NAMED.items()},
    "compat.bleach.clean": _or_escaped(bleach.clean),
    "compat.nh3.clean": _or_escaped(nh3.clean),
}
