"""Properties of sanitized HTML."""

from __future__ import annotations

import html as stdlib_html
import re

import nh3
from hypothesis import given, settings
from hypothesis import strategies as st

from hauberk import html
from hauberk.exceptions import HtmlError
from hauberk.html import Policy

PROFILES = ["TEXT_ONLY", "COMMENT", "ARTICLE", "NH3", "BLEACH"]


def words(text: str) -> st.SearchStrategy[str]:
    """Draw one of the words of a text."""
    return st.sampled_from(text.split())


tags = words(
    """
    a b i u em font p div span ul ol li dl dd dt table tbody thead tr td th caption pre
    code h1 h2 br hr img select option button form input svg math style script title
    textarea template noscript iframe mtext mglyph annotation-xml foreignobject desc xyz
    """
)
attributes = words(
    """
    href src title id name class style onclick onerror srcdoc srcset lang dir rel
    colspan encoding xlink:href
    """
)
values = st.sampled_from(
    [
        "x",
        "https://x.example/?a=1&b=2",
        "javascript:alert(1)",
        "JAVA\tSCRIPT:alert(1)",
        "data:text/html,<script>",
        "</style><img src=x onerror=alert(1)>",
        "-->",
        "\"'`><",
        "text/html",
    ]
)
settings_of_attributes = st.tuples(attributes, values, st.sampled_from(["", '"', "'"]))
start_tags = st.builds(
    lambda tag, settings, end: (
        f"<{tag}"
        + "".join(f" {name}={quote}{value}{quote}" for name, value, quote in settings)
        + end
    ),
    tags,
    st.lists(settings_of_attributes, max_size=3),
    st.sampled_from([">", ">", ">", "/>", ""]),
)
odds = words("<!-- --> --!> <! <? ]]> <![CDATA[ &lt; &amp;lt; & x ä") | st.sampled_from(
    "\0\r\n "
)
pieces = start_tags | start_tags | tags.map("</{}>".format) | odds
markup = st.lists(pieces, max_size=25).map("".join)
documents = st.recursive(
    words("x &amp; ä <br> <img> <!--c--> <script>x</script>") | st.just(" "),
    lambda inner: st.builds(
        "<{0}>{1}</{0}>".format,
        words("b i em code span u blockquote xyz"),
        st.lists(inner, max_size=5).map("".join),
    ),
    max_leaves=30,
)
policies = st.sampled_from(PROFILES)

START_TAG = re.compile(r"<([a-z][^\s>/]*)((?:\s[^\s=>]+=\"[^\"]*\")*)>")
END_TAG = re.compile(r"</([a-z0-9]+)>")


@settings(max_examples=1000, deadline=None)
@given(untrusted=markup | documents, profile=policies)
def test_sanitized_twice_is_sanitized_once(untrusted: str, profile: str) -> None:
    """Sanitizing what was sanitized changes nothing, whatever the markup."""
    policy: Policy = getattr(Policy, profile)
    clean = html.sanitize(untrusted, policy)

    assert clean == html.sanitize(clean, policy)


@settings(max_examples=500, deadline=None)
@given(untrusted=markup, profile=policies)
def test_only_what_is_allowed_is_left(untrusted: str, profile: str) -> None:
    """Tags and attributes are the policy's, URLs have its schemes, all is quoted."""
    policy: Policy = getattr(Policy, profile)
    clean = html.sanitize(untrusted, policy)
    rest = START_TAG.sub("", clean)

    assert "<script" not in clean.lower()
    assert set(END_TAG.findall(rest)) <= policy.tags
    assert "<" not in END_TAG.sub("", rest)
    for tag, written in START_TAG.findall(clean):
        assert tag in policy.tags
        named = {*policy.attributes.get(tag, ()), *policy.attributes.get("*", ())}
        for name, value in re.findall(r"\s([^\s=]+)=\"([^\"]*)\"", written):
            assert not name.startswith("on")
            assert name in named or name == "rel"
            if name in {"href", "src"}:
                url = re.sub(r"[\0-\x20]", "", stdlib_html.unescape(value)).lower()
                assert not url.startswith(("javascript:", "data:", "vbscript:"))


@settings(max_examples=500, deadline=None)
@given(untrusted=markup)
def test_the_profile_nh3_equals_nh3(untrusted: str) -> None:
    """On any markup the profile gives what nh3 gives when that changes no more."""
    expected = nh3.clean(untrusted)
    for _ in range(8):
        expected = nh3.clean(expected)

    assert expected == html.sanitize(untrusted, Policy.NH3)


@settings(max_examples=200, deadline=None)
@given(untrusted=markup, times=st.integers(1, 400))
def test_repeated_markup_is_bounded(untrusted: str, times: int) -> None:
    """Whatever is repeated is refused or grows in proportion."""
    repeated = untrusted * times
    try:
        clean = html.sanitize(repeated, Policy.ARTICLE)
    except HtmlError:
        return
    assert len(clean) <= 16 * len(repeated) + (1 << 19)


@given(text=st.text())
def test_escaped_text_reads_as_the_text(text: str) -> None:
    """HTML shows escaped text as it is, and sanitizing it makes no markup of it."""
    escaped = html.escape(text)

    assert stdlib_html.escape(text) == escaped
    assert "<" not in html.sanitize(escaped, Policy.TEXT_ONLY)
