"""HTML where it is shown: in templates and in the attributes of objects."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from hauberk.exceptions import HtmlError
from hauberk.html.escaping import escape
from hauberk.html.sanitizer import Sanitizer

if TYPE_CHECKING:
    from hauberk.html.policy import Policy

__all__ = ["for_output"]

_logger = logging.getLogger("hauberk.html")


def for_output(value: Any, policy: Policy) -> str:
    """Return what a policy allows of a value, whatever the value is.

    One stored document must not turn a page into an error: what is over a limit is
    shown as text, which is logged.

    Args:
        value: Untrusted HTML, or anything whose `str()` is; None is empty.
        policy: What to let through.

    >>> from hauberk.html import Policy
    >>> for_output("<b onclick=x()>bold</b>", Policy.COMMENT)
    '<b>bold</b>'
    >>> for_output(None, Policy.COMMENT)
    ''
    """
    if value is None:
        return ""
    # A lone surrogate could not be encoded for the response either.
    html = str(value).encode("utf-8", "replace").decode()
    try:
        return Sanitizer(policy).sanitize(html)
    except HtmlError as error:
        _logger.warning("HTML is shown as text: %s", error)
        return escape(html)
