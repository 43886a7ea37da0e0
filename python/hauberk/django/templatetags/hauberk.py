"""Template filters: `{% load hauberk %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from hauberk.django.conf import settings
from hauberk.html.output import for_output

__all__ = ["register", "sanitize"]

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
