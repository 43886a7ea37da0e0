"""Template filters: `{% load hauberk %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe

from hauberk.django.conf import settings
from hauberk.html.output import for_output, linkified_for_output

__all__ = ["linkify", "register", "sanitize"]

register = template.Library()


@register.filter
def sanitize(value: Any, policy: str = "comment") -> SafeString:
    """Sanitize HTML where it is shown: `{{ review.text|sanitize:"article" }}`.

    One stored document must not turn a page into an error: HTML that is over a limit is
    shown as text, which is logged.

    Args:
        value: Untrusted HTML; None is empty, as is what is not there.
        policy: A name in the setting `HAUBERK["HTML_POLICIES"]`, or one of hauberk's
            own: `"text_only"`, `"comment"`, `"article"`, `"nh3"`, `"bleach"`.

    Raises:
        ConfigurationError: There is no policy of this name.
    """
    return mark_safe(for_output(value, settings().html_policy(policy)))  # noqa: S308 - its purpose


@register.filter(needs_autoescape=True)
def linkify(
    value: Any,
    policy: str = "article",
    autoescape: bool | None = True,  # noqa: FBT001, FBT002 - Django passes it by name
) -> SafeString:
    """Make links of the URLs in text or HTML: `{{ review.text|linkify }}`.

    A `str` is text, which is escaped first, as templates do; where they do not
    (`{% autoescape off %}`), it is HTML. What is marked safe is HTML as well, such as
    what `{{ review.html|sanitize|linkify }}` gets. Both are sanitized under the policy.

    What is over a limit is shown as text, which is logged.

    Args:
        value: Untrusted text or HTML; None is empty.
        policy: A name, as of `sanitize`. Its `link_rel` and `link_target` are what the
            links get.
        autoescape: Whether the template escapes; Django says so.

    Raises:
        ConfigurationError: There is no policy of this name.
    """
    if isinstance(value, Promise):
        value = str(value)
    html = linkified_for_output(
        value.__html__() if hasattr(value, "__html__") else value,
        settings().html_policy(policy),
        is_html=hasattr(value, "__html__") or not autoescape,
    )
    return mark_safe(html)  # noqa: S308 - its purpose
