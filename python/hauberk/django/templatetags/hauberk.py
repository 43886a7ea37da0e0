"""Template filters: `{% load hauberk %}`."""

from __future__ import annotations

import logging
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from hauberk.exceptions import ConfigurationError, HtmlError
from hauberk.html import Policy
from hauberk.html import escape as escape_html
from hauberk.html import sanitize as sanitize_html

__all__ = ["register", "sanitize"]

register = template.Library()

_logger = logging.getLogger("hauberk.html")

_POLICIES = {
    "article": Policy.ARTICLE,
    "comment": Policy.COMMENT,
    "nh3": Policy.NH3,
    "text_only": Policy.TEXT_ONLY,
}


@register.filter
def sanitize(value: Any, policy: str = "comment") -> SafeString:
    """Sanitize HTML where it is shown: `{{ review.text|sanitize:"article" }}`.

    One stored document must not turn a page into an error: HTML that is over a limit is
    shown as text, which is logged.

    Args:
        value: Untrusted HTML; None is empty, as is what is not there.
        policy: `"text_only"`, `"comment"`, `"article"` or `"nh3"`.

    Raises:
        ConfigurationError: There is no policy of this name.
    """
    try:
        chosen = _POLICIES[policy]
    except KeyError:
        known = ", ".join(sorted(_POLICIES))
        raise ConfigurationError(
            f"There is no HTML policy {policy!r}; there are {known}."
        ) from None
    if value is None:
        return SafeString()
    # A lone surrogate could not be encoded for the response either.
    html = str(value).encode("utf-8", "replace").decode()
    try:
        return mark_safe(sanitize_html(html, chosen))  # noqa: S308 - its purpose
    except HtmlError as error:
        _logger.warning("HTML is shown as text: %s", error)
        return mark_safe(escape_html(html))  # noqa: S308 - escaped
