"""Everything that makes untrusted HTML safe, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


def _under(policy: Policy) -> Callable[[str], str]:
    sanitize = Sanitizer(policy).sanitize

    def clean(html: str) -> str:
        try:
            return sanitize(html)
        except HtmlError:
            return escape(html)

    return clean


SANITIZERS: dict[str, Callable[[str], str]] = {
    name: _under(policy) for name, policy in NAMED.items()
}
