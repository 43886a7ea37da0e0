"""Filters for Jinja templates: `{{ review.html|sanitize("article") }}`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from hauberk.html.output import for_output

if TYPE_CHECKING:
    from flask import Flask

    from hauberk.conf import Settings

__all__ = ["register_filters"]


def register_filters(app: Flask, settings: Settings) -> None:
    """Add the filter `sanitize` to an application's templates.

    `value|sanitize` and `value|sanitize("article")` are HTML that one of the policies
    of `HAUBERK_HTML_POLICIES` or of hauberk's own profiles allows. What is over a limit
    is shown as text and logged: one document does not turn a page into an error.

    >>> from flask import Flask, render_template_string
    >>> from hauberk.conf import Settings
    >>> app = Flask("shop")
    >>> register_filters(app, Settings({}))
    >>> with app.app_context():
    ...     render_template_string("{{ '<b onclick=x()>fine</b>'|sanitize }}")
    '<b>fine</b>'
    """

    def sanitize(value: Any, policy: str = "comment") -> Markup:
        return Markup(for_output(value, settings.html_policy(policy)))  # noqa: S704 - its purpose

    app.add_template_filter(sanitize)
