"""The extension and its template filters in a Flask application."""

from __future__ import annotations

import logging

import pytest
from flask import Flask, render_template_string
from markupsafe import Markup

from hauberk.exceptions import ConfigurationError, HashingBusyError
from hauberk.flask import Hauberk
from hauberk.html import Policy

HTML = '<h1 onclick="x()">Title</h1><script>steal()</script> & <b>more'


def application(**config: object) -> Flask:
    """Make an application with the extension and one page."""
    app = Flask(__name__)
    app.config.update(config)
    Hauberk().init_app(app)

    @app.get("/<policy>")
    def page(policy: str) -> str:
        source = "<main>{{ html|sanitize(policy) }}</main>"
        return render_template_string(source, html=HTML, policy=policy)

    return app


def test_untrusted_html_is_shown_sanitized() -> None:
    """What the policy allows is HTML on the page; the rest is not there."""
    client = application().test_client()

    expected = "<main><h1>Title</h1> &amp; <b>more</b></main>"
    assert client.get("/article").text == expected
    assert client.get("/comment").text == "<main>Title &amp; <b>more</b></main>"
    assert client.get("/text_only").text == "<main>Title &amp; more</main>"


def test_policies_of_the_settings() -> None:
    """An application's own policies have names, and a misspelt one is an error."""
    app = application(HAUBERK_HTML_POLICIES={"title": Policy(tags={"h1"})})
    assert (
        app.test_client().get("/title").text == "<main><h1>Title</h1> &amp; more</main>"
    )

    app.testing = True
    with pytest.raises(ConfigurationError, match="is it 'title'"):
        app.test_client().get("/titel")


def test_wrong_settings_show_at_start_up() -> None:
    """A setting that is not known is an error before the first request."""
    with pytest.raises(ConfigurationError, match="HTML_POLICIES"):
        application(HAUBERK_HTML_POLICY={})


def test_other_values(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is shown as nothing, and what is over a limit as text."""
    app = application()
    with app.app_context(), caplog.at_level(logging.WARNING, "hauberk.html"):
        shown = app.jinja_env.filters["sanitize"]
        assert shown(None) == shown("") == ""
        assert shown(5) == "5"
        assert isinstance(shown("x"), Markup)
        assert shown(Markup("<script>x</script>y")) == "y"
        assert "<" not in shown("<i>" * 10_000)
    assert "max_depth" in caplog.text


LINK = '<a href="https://a.example.org" rel="noopener noreferrer">a.example.org</a>'


def test_urls_become_links() -> None:
    """A str is text, which is escaped once; Markup is HTML, which is sanitized."""
    text = "<script>x()</script> & a.example.org"
    shown = f"&lt;script&gt;x()&lt;/script&gt; &amp; {LINK}"
    html = "<p onclick=x()>a.example.org</p><h1>&lt;b&gt;</h1><script>x()</script>"
    linked = f"<p>{LINK}</p><h1>&lt;b&gt;</h1>"

    def render(source: str, value: object) -> str:
        return render_template_string(source, x=value)

    with application().app_context():
        assert render("{{ x|linkify }}", text) == shown
        source = "{% autoescape false %}{{ x|linkify }}{% endautoescape %}"
        assert render(source, text) == shown
        assert render("{{ x|linkify }}", Markup(html)) == linked
        assert render("{{ x|sanitize('article')|linkify }}", html) == linked
        assert render("{{ x|linkify('text_only') }}", "a.org") == "a.org"
        assert render("{{ x|linkify(email=true, rel='me') }}", "a.org a@b.org") == (
            '<a href="https://a.org" rel="me">a.org</a> '
            '<a href="mailto:a@b.org" rel="me">a@b.org</a>'
        )


def test_other_values_without_links(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is shown as nothing, and what is over a limit as it is, without links."""
    app = application()
    with app.app_context(), caplog.at_level(logging.WARNING, "hauberk.html"):
        shown = app.jinja_env.filters["linkify"]
        assert shown(None) == shown("") == ""
        assert shown(5) == "5"
        assert isinstance(shown("x"), Markup)
        assert shown("<" * 400_000) == "&lt;" * 400_000
        assert shown(Markup("<i>" * 10_000 + "x")) == "x"
    assert "max_input" in caplog.text
    assert "max_depth" in caplog.text


def test_too_many_logins_are_answered() -> None:
    """While hashing is busy the visitor is told to come back."""
    app = application()

    @app.post("/login")
    def login() -> str:
        raise HashingBusyError("busy", retry_after=2.5)

    answer = app.test_client().post("/login")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3")
