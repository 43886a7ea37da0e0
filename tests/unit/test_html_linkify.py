"""Links, text and beginnings of HTML."""

from __future__ import annotations

import pytest

from hauberk import html
from hauberk.exceptions import InvalidInputError
from hauberk.html import Link, Policy

PLAIN = Policy.ARTICLE.replace(link_rel=None)


def linkify(text: str, **options: object) -> str:
    """Linkify under a policy without `rel`."""
    return html.linkify(text, policy=PLAIN, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("", ""),
        ("nothing here.", "nothing here."),
        (
            "See https://example.org/a_(b)?c=d&e=f.",
            (
                'See <a href="https://example.org/a_(b)?c=d&amp;e=f">'
                "https://example.org/a_(b)?c=d&amp;e=f</a>."
            ),
        ),
        ("(example.org/x)", '(<a href="https://example.org/x">example.org/x</a>)'),
        ("www.x.example!", '<a href="https://www.x.example">www.x.example</a>!'),
        ("edit setup.py, then run.sh", "edit setup.py, then run.sh"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("a@example.org", "a@example.org"),
        ("<b>x.com</b>", '<b><a href="https://x.com">x.com</a></b>'),
        ("&lt;x.com&gt;", '&lt;<a href="https://x.com">x.com</a>&gt;'),
        ('<a href="/">x.com</a>', '<a href="/">x.com</a>'),
        ("<pre>x.com</pre><code>y.com</code>", "<pre>x.com</pre><code>y.com</code>"),
        (
            "https://bücher.example/ä",
            '<a href="https://bücher.example/ä">https://bücher.example/ä</a>',
        ),
    ],
)
def test_addresses_become_links(text: str, linked: str) -> None:
    """URLs in text become links, and nothing else does."""
    assert linked == linkify(text)
    assert linked == linkify(linked)


def test_names_of_many_parts_take_no_time() -> None:
    """Text in which each part could begin a name is read once, not once for each."""
    for part in ("a.a_", "a.a:", "ä.ä~", "a@a.a_"):
        text = part * (500_000 // len(part))
        assert text == html.linkify(text, email=True)


def test_email() -> None:
    """Mail addresses become links on demand, their special characters encoded."""
    assert linkify("a@x.org", email=True) == '<a href="mailto:a@x.org">a@x.org</a>'
    assert 'href="mailto:a%25b@x.org"' in linkify("a%b@x.org", email=True)


def test_options() -> None:
    """Tags to skip, `rel` and `target` are the caller's."""
    assert "<pre><a " in linkify("<pre>x.com</pre>", skip=())
    assert linkify("<p>x.com</p>", skip=("p",)) == "<p>x.com</p>"
    linked = html.linkify("x.com", rel="nofollow", target="_blank")
    assert linked == '<a href="https://x.com" target="_blank" rel="nofollow">x.com</a>'
    assert linked == html.linkify("x.com", rel="nofollow", target="_blank")


def test_the_policy_decides() -> None:
    """Schemes, hosts and `<a>` itself are the policy's; the input is sanitized."""
    https = PLAIN.replace(url_schemes={"https"})
    assert html.linkify("http://x.com", policy=https) == "http://x.com"
    http = PLAIN.replace(url_schemes={"http"})
    assert '"http://x.com"' in html.linkify("x.com", policy=http)
    hosts = PLAIN.replace(url_hosts={"good.example"})
    linked = html.linkify("https://good.example https://x.com", policy=hosts)
    assert linked.count("<a ") == 1
    assert html.linkify("x.com", policy=Policy.TEXT_ONLY) == "x.com"
    assert html.linkify("<script>x.com</script>x") == "x"


def test_callbacks() -> None:
    """Callbacks change and prevent links, those that are there among them."""

    def outgoing(link: Link) -> Link | None:
        if link.href.endswith("evil.com"):
            return None
        return link.replace(href=f"https://out.org/?{link.href}", title=None)

    def short(link: Link) -> Link:
        return link.replace(text=link.text[:3]) if link.is_new else link

    linked = linkify(
        'x.com evil.com <a href="/y" title="t">wh<b>at</b></a> '
        '<a href="https://evil.com">e<i>vil</i></a>',
        callbacks=[outgoing, short],
    )

    assert linked == (
        '<a href="https://out.org/?https://x.com">x.c</a> evil.com '
        '<a href="https://out.org/?/y">wh<b>at</b></a> e<i>vil</i>'
    )


@pytest.mark.parametrize(
    "attributes",
    [
        {"href": "javascript:alert(1)"},
        {"href": "x", "onclick": "alert(1)"},
        {"href": 'x" onclick="alert(1)'},
    ],
)
def test_callbacks_cannot_widen(attributes: dict[str, str]) -> None:
    """What a callback returns passes the policy again."""
    linked = linkify(
        "x.com", callbacks=[lambda _: Link("<script>alert(1)</script>", attributes)]
    )

    assert "<script" not in linked
    assert "javascript:" not in linked
    assert ' onclick="' not in linked


def test_callbacks_errors_are_raised() -> None:
    """An exception in a callback reaches the caller; impossible names are errors."""

    def fail(link: Link) -> Link:
        raise LookupError(link.text)

    with pytest.raises(LookupError, match=r"x\.com"):
        linkify("x.com", callbacks=[fail])
    with pytest.raises(InvalidInputError):
        linkify("x.com", callbacks=[lambda _: Link("x", {"a b": "c"})])


def test_text() -> None:
    """Text has lines for blocks, and no markup; it is not escaped."""
    assert html.text("<p>a &lt;b&gt;<p>c<br>d") == "a <b>\nc\nd"
    assert html.text("<script>x</script>&amp;") == "&"
    assert html.text("one two three", max_length=8) == "one two…"
    assert not hasattr(html.text("x"), "__html__")
    assert (html.text.__doc__ or "").startswith("Escape what this returns")
    assert html.text("<div>" * 50_000 + "x") == "x"


def test_truncate() -> None:
    """The beginning is well-formed, sanitized and as long as it may be."""
    article = "<h1>Title</h1><p>One <b>bold</b> &amp; long<img src=x onerror=y></p>"

    assert html.truncate(article, 100) == (
        '<h1>Title</h1><p>One <b>bold</b> &amp; long<img src="x"></p>'
    )
    assert html.truncate(article, 12) == "<h1>Title</h1><p>One <b>bo…</b></p>"
    assert html.truncate(article, 10, ellipsis=" <more>") == (
        "<h1>Tit &lt;more&gt;</h1>"
    )
    for length in range(30):
        short = html.truncate(article, length)
        assert len(html.text(short).replace("\n", "")) <= length
        assert short == html.sanitize(short, Policy.ARTICLE)


def test_truncate_is_bounded_by_its_policy() -> None:
    """The policy decides what is in the beginning, too."""
    assert html.truncate("<h1>x</h1><b>y</b>", 9, policy=Policy.COMMENT) == "x<b>y</b>"
