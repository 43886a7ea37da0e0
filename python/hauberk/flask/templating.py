"""Filters for Jinja templates: `{{ review.html|sanitize }}` and `|linkify`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from hauberk.html.output import for_output, linkified_for_output

if TYPE_CHECKING:
    from flask import Flask

    from hauberk.conf import Settings

__all__ = ["register_filters"]


def register_filters(app: Flask, settings: Settings) -> None:
    """Add the filters `sanitize` and `linkify` to an application's templates.

    `value|sanitize` and `value|sanitize("article")` are HTML that one of the policies
    of `HAUBERK_HTML_POLICIES` or of hauberk's own profiles allows. What is over a limit
    is shown as text and logged: one document does not turn a page into an error.

    `value|linkify` has links for the URLs in it. A `str` is text, which is escaped
    first, whether or not the template escapes; what is `Markup` is HTML, such as what
    `value|sanitize|linkify` gets. `value|linkify("comment", email=True, rel="nofollow",
    target="_blank")` names another policy than `"article"`, and what `html.linkify`
    takes.

    >>> from flask import Flask, render_template_string
    >>> from hauberk.conf import Settings
    >>> app = Flask("shop")
    >>> register_filters(app, Settings({}))
    >>> with app.app_context():
    ...     render_template_string("{{ '<b onclick=x()>fine</b>'|sanitize }}")
    '<b>fine</b>'
    >>> with app.app_context():
    ...     render_template_string("{{ '<b>'|linkify }}{{ '<b>'|sanitize|linkify }}")
    '&lt;b&gt;<b></b>'
    """

    def sanitize(value: Any, policy: str = "comment") -> Markup:
        return Markup(for_output(value, settings.html_policy(policy)))  # noqa: S704 - its purpose

    def linkify(
        value: Any,
        policy: str = "article",
        *,
        email: bool = False,
        rel: str | None = None,
        target: str | None = None,
    ) -> Markup:
        is_html = hasattr(value, "__html__")
        html = linkified_for_output(
            value.__html__() if is_html else value,
            settings.html_policy(policy),
            is_html=is_html,
            email=email,
            rel=rel,
            target=target,
        )
        return Markup(html)  # noqa: S704 - its purpose

    app.add_template_filter(sanitize)
    app.add_template_filter(linkify)
