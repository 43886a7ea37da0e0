"""HTML where it is shown: in templates and in the attributes of objects."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hauberk.exceptions import InputTooDeepError, InputTooLargeError
from hauberk.html.escaping import escape
from hauberk.html.linking import linkify
from hauberk.html.sanitizer import Sanitizer

if TYPE_CHECKING:
    from hauberk.exceptions import HtmlError
    from hauberk.html.policy import Policy

__all__ = ["for_output", "linkified_for_output"]

_logger = logging.getLogger("hauberk.html")


def for_output(value: Any, policy: Policy) -> str:
    """Return what a policy allows of a value, whatever the value is.

    One stored document must not turn a page into an error: what is over a limit is
    shown as its text alone, which is logged.

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
    html = _encodable(value)
    strict, as_text = _variants(policy)
    try:
        return strict.sanitize(html)
    except (InputTooDeepError, InputTooLargeError) as error:
        return _logged(as_text.sanitize(html), error)


def linkified_for_output(
    value: Any, policy: Policy, *, is_html: bool, **options: Any
) -> str:
    """Return a value with links for its URLs, as far as a policy allows them.

    What is over a limit is shown as its text alone, which is logged.

    Args:
        value: Untrusted text or HTML, or anything whose `str()` is; None is empty.
        policy: What to let through.
        is_html: Whether the value is HTML. If not, it is text, which is escaped first.
        options: Further arguments of `linkify`.

    Raises:
        PolicyError: As `linkify`.

    >>> from hauberk.html import Policy
    >>> policy = Policy.ARTICLE.replace(link_rel="me")
    >>> linkified_for_output("<b> a.org", policy, is_html=False)
    '&lt;b&gt; <a href="https://a.org" rel="me">a.org</a>'
    """
    if value is None:
        return ""
    html = _encodable(value)
    if not is_html:
        html = escape(html)
    strict, as_text = _variants(policy)
    try:
        return linkify(html, policy=strict.policy, **options)
    except (InputTooDeepError, InputTooLargeError) as error:
        # Text was escaped above.
        return _logged(as_text.sanitize(html) if is_html else html, error)


def _encodable(value: Any) -> str:
    # A lone surrogate could not be encoded for the response either.
    return str(value).encode("utf-8", "replace").decode()


@lru_cache(maxsize=64)
def _variants(policy: Policy) -> tuple[Sanitizer, Sanitizer]:
    """Return what says that a limit is passed, and what answers with text then."""
    return (
        Sanitizer(policy.replace(on_limit="raise")),
        Sanitizer(policy.replace(on_limit="text")),
    )


def _logged(shown: str, error: HtmlError) -> str:
    _logger.warning("HTML is shown as text: %s", error)
    return shown
