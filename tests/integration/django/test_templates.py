"""The template filters."""

from __future__ import annotations

import logging

import pytest
from django.template import Context, Template
from django.test import override_settings
from django.utils.functional import lazystr
from django.utils.safestring import SafeString

from hauberk.django.templatetags.hauberk import linkify, sanitize
from hauberk.exceptions import ConfigurationError


def render(source: str, **values: object) -> str:
    """Render a template that loads the library."""
    return Template("{% load hauberk %}" + source).render(Context(values))


def test_untrusted_html_is_shown_sanitized() -> None:
    """What the policy allows is HTML on the page; the rest is not there."""
    html = '<p onclick="x()">Fine <b>shop</b><script>alert(1)</script></p>'

    assert render("{{ review|sanitize }}", review=html) == "<p>Fine <b>shop</b></p>"


def test_policies_have_names() -> None:
    """The argument chooses the policy."""
    html = "<h1>Title</h1><p>5 < 6"

    assert (
        render('{{ x|sanitize:"article" }}', x=html) == "<h1>Title</h1><p>5 &lt; 6</p>"
    )
    assert render('{{ x|sanitize:"comment" }}', x=html) == "Title<p>5 &lt; 6</p>"
    assert render('{{ x|sanitize:"text_only" }}', x=html) == "Title5 &lt; 6"
    with pytest.raises(ConfigurationError, match="is it 'article'"):
        render('{{ x|sanitize:"artcle" }}', x=html)


def test_what_is_marked_safe_is_sanitized_too() -> None:
    """That a value is a SafeString says nothing about who wrote it."""
    assert sanitize(SafeString("<script>x</script>y")) == "y"
    assert isinstance(sanitize("x"), SafeString)


@pytest.mark.parametrize(
    ("value", "shown"), [(None, ""), (5, "5"), ("a\ud800b", "a?b"), ("", "")]
)
def test_other_values(value: object, shown: str) -> None:
    """Whatever is in the context is shown as text would be."""
    assert render("{{ x|sanitize }}", x=value) == shown


def test_what_is_over_a_limit_is_shown_as_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One hostile document does not take the page down."""
    with caplog.at_level(logging.WARNING, "hauberk.html"):
        shown = render("{{ x|sanitize }}", x="<i>" * 10_000 + "5 &lt; 6")

    assert shown == "5 &lt; 6"
    assert "max_depth" in caplog.text


@override_settings(
    HAUBERK={"HTML_POLICIES": {"short": {"tags": ["b"], "on_limit": "text"}}}
)
def test_what_a_policy_shows_as_text_is_logged_too(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """That there was too much is worth knowing, whoever decides what is shown then."""
    with caplog.at_level(logging.WARNING, "hauberk.html"):
        shown = render('{{ x|sanitize:"short" }}', x="<b>" * 10_000 + "y")

    assert shown == "y"
    assert "max_depth" in caplog.text


LINK = '<a href="https://a.example.org" rel="noopener noreferrer">a.example.org</a>'


def test_urls_in_text_become_links() -> None:
    """A str is text: its markup is shown, not acted on, and escaped but once."""
    text = "<script>x()</script> & a.example.org"

    shown = render("{{ x|linkify }}", x=text)
    assert shown == f"&lt;script&gt;x()&lt;/script&gt; &amp; {LINK}"
    assert render("{{ x|linkify }}", x=lazystr(text)) == shown
    assert isinstance(linkify(text), SafeString)


def test_urls_in_html_become_links() -> None:
    """What is marked safe is HTML, and so is all where the template does not escape."""
    html = "<p onclick=x()>a.example.org</p><h1>&lt;b&gt;</h1><script>x()</script>"
    linked = f"<p>{LINK}</p><h1>&lt;b&gt;</h1>"

    assert render("{{ x|linkify }}", x=SafeString(html)) == linked
    assert render("{{ x|linkify }}", x=lazystr(SafeString(html))) == linked
    assert render("{% autoescape off %}{{ x|linkify }}{% endautoescape %}", x=html) == (
        linked
    )
    assert render('{{ x|sanitize:"article"|linkify }}', x=html) == linked


def test_links_are_as_the_policy_says() -> None:
    """The argument chooses the policy; one without links gives none."""
    text = "<b> http://example.org"

    assert "<a href" in render('{{ x|linkify:"comment" }}', x=text)
    assert render('{{ x|linkify:"text_only" }}', x=text) == (
        "&lt;b&gt; http://example.org"
    )
    with pytest.raises(ConfigurationError, match="is it 'article'"):
        render('{{ x|linkify:"artcle" }}', x=text)


@pytest.mark.parametrize(
    ("value", "shown"), [(None, ""), (5, "5"), ("a\ud800b", "a?b"), ("", "")]
)
def test_other_values_without_links(value: object, shown: str) -> None:
    """Whatever is in the context is shown as text would be."""
    assert render("{{ x|linkify }}", x=value) == shown


def test_text_over_a_limit_is_escaped_once(caplog: pytest.LogCaptureFixture) -> None:
    """Too much is shown without links, and as what it is."""
    with caplog.at_level(logging.WARNING, "hauberk.html"):
        assert linkify("<" * 400_000) == "&lt;" * 400_000
        assert linkify(SafeString("<i>" * 10_000 + "x")) == "x"
    assert "max_input" in caplog.text
    assert "max_depth" in caplog.text
