"""Sanitizing HTML."""

from __future__ import annotations

import copy
import html as stdlib_html
import json
import pickle
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nh3
import pytest

import hauberk
from hauberk import html
from hauberk.exceptions import (
    InputTooDeepError,
    InputTooLargeError,
    InvalidInputError,
    PolicyError,
)
from hauberk.html import Policy, Sanitizer

PROFILES = {
    "text_only": Policy.TEXT_ONLY,
    "comment": Policy.COMMENT,
    "article": Policy.ARTICLE,
    "nh3": Policy.NH3,
    "bleach": Policy.BLEACH,
}

#: One of each public class of attack; every profile must take the life out of them.
PAYLOADS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script/src=data:,alert(1)>",
    "<img src=x onerror=alert(1)>",
    "<img src=x:x onerror\n=\nalert(1)>",
    "<img/src='x'onerror='alert(1)'>",
    '<img """><script>alert(1)</script>">',
    "<body onload=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><a><animate attributeName=href values=javascript:alert(1) /></a>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<math><mtext><table><mglyph><style><!--</style><img id='--><img src onerror=x>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<math><annotation-xml encoding='text/html'><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea><p title='</textarea><img src=x onerror=alert(1)>'>",
    "<title><p title='</title><img src=x onerror=alert(1)>'>",
    "<template><img src=x onerror=alert(1)></template>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=data:text/html,<script>alert(1)</script>></object>",
    "<embed src=javascript:alert(1)>",
    "<base href=javascript:alert(1)//>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css';</style>",
    "<p style='background:url(javascript:alert(1))'>x",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href='&#106;avascript&colon;alert(1)'>x</a>",
    "<a href='&#x6A;avascript:alert(1)'>x</a>",
    "<a href='javascript&NewLine;:alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='feed:javascript:alert(1)'>x</a>",
    "<a href='view-source:javascript:alert(1)'>x</a>",
    "<a href='x' onmouseover='alert(1)'>x</a>",
    "<a href='x' ping='javascript:alert(1)'>x</a>",
    "<img src=javascript:alert(1)>",
    "<img srcset='javascript:alert(1) 1x'>",
    "<input autofocus onfocus=alert(1)>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<video><source onerror=alert(1)></video>",
    "<video poster=javascript:alert(1)>",
    "<details open ontoggle=alert(1)>x",
    "<marquee onstart=alert(1)>x</marquee>",
    "<table background=javascript:alert(1)>",
    "<a id=alert name=alert>x</a>",
    "<form id=test><input name=attributes></form>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--!><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml <img src=x onerror=alert(1)>?>",
    "<img src=`javascript:alert(1)`>",
    "<xss style=xss:expression(alert(1))>",
    "<a href=x\x00 onclick=alert(1)>x</a>",
    "<\x00script>alert(1)</script>",
    "<img src=x onerror=alert(1)",
    "<a title='<img src=x onerror=alert(1)>' href=x>x</a>",
    "<select><style></select><img src=x onerror=alert(1)></style></select>",
    "<p><svg><foreignObject><p><style><p title='</style><iframe onload=alert(1)>'>",
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert() )//%0D<svg/oNloAd=alert()>",
]


class Reader(HTMLParser):
    """Notes the tags and attributes of markup, and refuses what no profile has."""

    def __init__(self, policy: Policy) -> None:
        super().__init__()
        self.policy = policy

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Compare a start tag with the policy."""
        assert tag in self.policy.tags
        for name, value in attrs:
            allowed = self.policy.attributes
            named = {*allowed.get(tag, ()), *allowed.get("*", ())}
            assert name in named or (tag, name) == ("a", "rel")
            assert not name.startswith("on")
            if name in {"href", "src"}:
                scheme = re.match(
                    r"[\0-\x20]*([a-z][a-z0-9+.-]*):", (value or "").lower()
                )
                assert not scheme or scheme[1] in self.policy.url_schemes

    def handle_comment(self, data: str) -> None:
        """Refuse a comment."""
        pytest.fail(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        """Refuse a declaration."""
        pytest.fail(f"a declaration: {decl}")

    def handle_pi(self, data: str) -> None:
        """Refuse a processing instruction."""
        pytest.fail(f"a processing instruction: {data}")


def read(markup: str, policy: Policy) -> None:
    """Check that markup holds what the policy allows and nothing else."""
    reader = Reader(policy)
    reader.feed(markup)
    reader.close()


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("profile", PROFILES)
def test_payloads_are_taken_apart(profile: str, payload: str) -> None:
    """Nothing that could run is left, however it is spelled and wherever it stands."""
    policy = PROFILES[profile]
    for untrusted in (
        payload,
        f"<p>{payload}</p>",
        f"<table><tr>{payload}",
        payload * 2,
    ):
        clean = html.sanitize(untrusted, policy)

        read(clean, policy)
        assert clean == html.sanitize(clean, policy)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nh3_profile_equals_nh3(payload: str) -> None:
    """The profile NH3 gives what nh3 gives, byte for byte."""
    for untrusted in (payload, f"<p>{payload}</p>", f"<table><tr>{payload}"):
        assert nh3.clean(untrusted) == html.sanitize(untrusted, Policy.NH3)


def test_nh3_profile_has_nh3s_lists() -> None:
    """Tags, attributes, schemes and dropped content are nh3's."""
    assert Policy.NH3.tags == nh3.ALLOWED_TAGS
    assert Policy.NH3.url_schemes == nh3.ALLOWED_URL_SCHEMES
    assert Policy.NH3.drop_content == nh3.CLEAN_CONTENT_TAGS
    attributes = {tag: set(names) for tag, names in Policy.NH3.attributes.items()}
    generic = attributes.pop("*")
    assert generic == {"lang", "title"}
    theirs = {tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()}
    theirs.pop("*", None)
    assert theirs == attributes


@pytest.mark.parametrize(
    ("untrusted", "clean"),
    [
        ("", ""),
        ("plain text", "plain text"),
        ("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2"),
        ("<b>b<i>bi</b>i", "<b>b<i>bi</i></b><i>i</i>"),
        ("<p>one<p>two", "<p>one</p><p>two</p>"),
        ("<u>&eacute;&nbsp;</u>", "<u>é&nbsp;</u>"),
        ("<h1>x</h1>", "x"),
        ('<a href="/x">y</a>', '<a href="/x" rel="noopener noreferrer">y</a>'),
        ("<img src=x>", ""),
        ("<style>p{}</style>x", "x"),
        ("<title>x</title>", "x"),
        ("<!-- x -->y", "y"),
        ("👩🏽‍🚀 <b>ä</b>", "👩🏽‍🚀 <b>ä</b>"),
    ],
)
def test_comments(untrusted: str, clean: str) -> None:
    """The default policy keeps what a comment needs."""
    assert clean == html.sanitize(untrusted)
    assert clean == Sanitizer(Policy.COMMENT).sanitize(untrusted)


def test_articles() -> None:
    """Headings, tables and images are an article's."""
    article = (
        '<h2 dir="ltr">T</h2>'
        '<table><tbody><tr><td colspan="2">x</td></tr></tbody></table>'
        '<figure><img src="https://x.example/i.png" alt="i"><figcaption>i</figcaption>'
        '</figure><details open=""><summary>s</summary></details>'
    )

    assert article == html.sanitize(article, policy=Policy.ARTICLE)


def test_every_setting_counts() -> None:
    """Each argument of a policy does what it says."""
    base = Policy(tags=["a", "b"], attributes={"a": ["href"]})
    link = '<a href="ftp://x.example/">x</a><a href="/y">y</a><!--c--><b>b</b>'

    def clean(**changes: Any) -> str:
        return html.sanitize(link, base.replace(link_rel=None, **changes))

    assert clean() == '<a>x</a><a href="/y">y</a><b>b</b>'
    assert clean(tags=["b"], attributes={}) == "xy<b>b</b>"
    assert clean(attributes={}) == "<a>x</a><a>y</a><b>b</b>"
    assert '<a href="ftp://x.example/">' in clean(url_schemes={"ftp"})
    assert clean(url_relative="deny") == "<a>x</a><a>y</a><b>b</b>"
    assert clean(comments=True) == '<a>x</a><a href="/y">y</a><!--c--><b>b</b>'
    assert clean(tags=["a"], drop_content={"b"}) == '<a>x</a><a href="/y">y</a>'
    assert 'rel="nofollow"' in html.sanitize(link, base.replace(link_rel="nofollow"))
    with pytest.raises(InputTooLargeError):
        clean(max_input=10)
    with pytest.raises(InputTooDeepError):
        html.sanitize("<b><i><b><i><b>x" + " " * 5000, base.replace(max_depth=3))


@pytest.mark.parametrize(
    "contradiction",
    [
        {"tags": {"script"}},
        {"tags": {"style"}},
        {"tags": {"svg"}},
        {"tags": {"math"}},
        {"tags": {"iframe"}},
        {"tags": {"textarea"}},
        {"tags": {"B"}},
        {"tags": {"<b>"}},
        {"tags": {""}},
        {"tags": {"b"}, "drop_content": {"b"}},
        {"tags": {"a"}, "attributes": {"p": {"dir"}}, "drop_content": {"p"}},
        {"tags": {"a"}, "attributes": {"a": {"rel"}}},
        {"tags": {"a"}, "attributes": {"*": {"rel"}}},
        {"tags": {"a"}, "attributes": {"a": {"onclick"}}},
        {"tags": {"a"}, "attributes": {"*": {"style"}}},
        {"tags": {"img"}, "attributes": {"img": {"srcset"}}},
        {"tags": {"a"}, "attributes": {"a": {"HREF"}}},
        {"tags": {"a"}, "attributes": {"A": {"href"}}},
        {"tags": {"a"}, "url_schemes": {"javascript"}},
        {"tags": {"a"}, "url_schemes": {"https:"}},
        {"tags": {"a"}, "url_relative": "allow"},
        {"tags": {"a"}, "link_rel": '"onclick'},
        {"tags": {"a"}, "max_input": 0},
        {"tags": {"a"}, "max_input": -1},
        {"tags": {"a"}, "max_depth": 5000},
    ],
)
def test_contradictions_are_refused(contradiction: dict[str, Any]) -> None:
    """A policy that cannot be meant fails when it is made, not when it is used."""
    with pytest.raises(PolicyError):
        Policy(**contradiction)
    with pytest.raises(ValueError, match=r"\.$"):
        Policy.TEXT_ONLY.replace(**contradiction)


@pytest.mark.parametrize(
    "mistake",
    [{"tags": "b"}, {"tags": {1}}, {"tags": {"a"}, "attributes": {"a": "href"}}, {}],
)
def test_mistaken_types(mistake: dict[str, Any]) -> None:
    """A string is no collection of names."""
    with pytest.raises(TypeError):
        Policy(**mistake)


def test_policies_are_values() -> None:
    """A policy is frozen, comparable, hashable, copied and pickled."""
    policy = Policy(tags=["b", "a"], attributes={"a": ["href"]})

    assert Policy(tags=("a", "b"), attributes={"a": {"href"}}) == policy
    assert hash(Policy(tags=("a", "b"), attributes={"a": {"href"}})) == hash(policy)
    assert policy != policy.replace(comments=True)
    for twin in (copy.deepcopy(policy), pickle.loads(pickle.dumps(policy))):
        assert policy == twin
        assert html.sanitize("<b>x<u>y", twin) == "<b>xy</b>"
    with pytest.raises(FrozenInstanceError):
        policy.tags = frozenset()  # type: ignore[misc]
    with pytest.raises(TypeError):
        policy.attributes["b"] = frozenset()  # type: ignore[index]
    with pytest.raises(TypeError):
        policy.replace(tag=["b"])


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_profiles_hold_nothing_dangerous(profile: Policy) -> None:
    """No profile has foreign, raw-text or script content, styles, ids or names."""
    foreign = {
        "svg",
        "math",
        "style",
        "script",
        "iframe",
        "noscript",
        "template",
        "form",
    }
    attributes = set().union(*profile.attributes.values())

    assert not profile.tags & foreign
    assert not attributes & {"style", "id", "name", "class", "srcset", "target"}
    # bleach keeps the text of scripts, as text.
    assert profile is Policy.BLEACH or {"script", "style"} == profile.drop_content
    assert not profile.url_schemes & {"javascript", "data", "vbscript", "blob", "file"}


def numbered(text: str, count: int) -> str:
    """Repeat text, each time with another number."""
    return "".join(text.replace("#", str(number)) for number in range(count))


ATTACKS = {
    "bold left open": "<p>" + numbered("<b id=#>", 2000) + "<p>x" * 2000,
    "long link": "<p><a href=" + "A" * 10_000 + ">" + "<p>a" * 2500,
    "nested div": "<div>" * 40_000,
    "nested lists": "<ul><li>" * 4000,
    "div and span": "<div>" * 16_000 + "</span>" * 16_000,
    "foster parents": "<table>" + "<b>x</b>" * 32_000,
    "selectedcontent": "<div><selectedcontent>" * 4000,
    "attributes": "<p" + numbered(" a#", 16_000) + ">",
    "attributes behind a quote": "<p title='>'" + numbered(" a#", 16_000),
    "attributes in raw text": "<textarea><p title='</textarea><b"
    + numbered(" a#", 16_000),
    "fonts": numbered("<p><font size=#>x</p>", 4000),
    "ampersands": "<b>" + "&" * 200_000,
    "no-break spaces": "<b>" + "«»." * 100_000,
    "attributes of html": numbered("<html a#>", 50_000),
    "formatting attributes": numbered(
        "<b z=#" + "".join(f" a{number}" for number in range(200)) + ">", 500
    ),
    "a megabyte of div": "<div>" * 200_000,
    "too long": "x" * ((1 << 20) + 1),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_end_at_once(attack: str) -> None:
    """What would take the parser minutes or gigabytes is refused, or needs no tree."""
    try:
        answer = html.sanitize(ATTACKS[attack], Policy.NH3)
    except (InputTooLargeError, InputTooDeepError) as error:
        answer = str(error)

    assert len(answer) <= 6 * len(ATTACKS[attack])
    assert answer.endswith(".") <= (ATTACKS[attack][:20] not in answer)


DOCUMENTS = {
    "word": (
        "<!--[if gte mso 9]><xml> <w:WordDocument> <w:View>Normal</w:View> </xml>"
        "<![endif]--><p class=MsoNormal style='margin:0cm'><span lang=DE style='font-"
        "size:11.0pt'>Text<o:p></o:p></span></p>\n"
    )
    * 300,
    "google docs": "<b style='font-weight:normal' id=docs>"
    + "<p dir=ltr style='line-height:1.38'><span style='color:#000'>x</span></p><br>"
    * 500
    + "</b>",
    "deep": "<div>" * 400 + "x" + "</div>" * 400,
    "old": "<p><font face=Verdana size=2>text<br>" * 500,
    "list without ends": "<ul>" + "<li>x<b>y</b>" * 2000 + "</ul>",
    "tables": "<table><tr><td>a<td>b<tr><td>c</table>" * 500,
    "image": "<p><img src=data:image/png;base64," + "a/b+" * 100_000 + "></p>",
    "prose": 'It\'s "quoted" & <i>so</i> on, a/b. ' * 5000,
    "text": "Voilà\u00a0: «\u00a0texte\u00a0» & Söhne. " * 20_000,
    "nothing but ampersands": "&" * 50_000,
    "code": "<pre><code>if (a &lt; b &amp;&amp; c) { }</code></pre>" * 1000,
}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_documents_pass(document: str) -> None:
    """What editors and people write is within the limits and equals nh3's."""
    assert nh3.clean(DOCUMENTS[document]) == html.sanitize(
        DOCUMENTS[document], Policy.NH3
    )


@pytest.mark.parametrize(
    "markup",
    ["", "text", "ä\u2019 😀" * 9, "<p>x</p>", "<ul><li>x</li></ul>\n", "a &amp; b"],
)
def test_what_does_not_change_is_the_same_object(markup: str) -> None:
    """Nothing is copied where nothing is to be done."""
    markup = markup * 2

    assert html.sanitize(markup, Policy.ARTICLE) is markup


def test_the_profiles_of_the_rust_tests_are_these() -> None:
    """What the Rust tests compare ammonia under is what is shipped."""
    vectors = Path(__file__).parents[1] / "vectors" / "html_profiles.json"
    shipped = {name.upper(): policy.to_dict() for name, policy in PROFILES.items()}

    assert json.loads(vectors.read_text()) == shipped


def test_text_that_is_no_unicode() -> None:
    """A lone surrogate is a clear error that quotes nothing."""
    for call in (html.sanitize, html.escape):
        with pytest.raises(InvalidInputError, match="surrogate") as caught:
            call("secret\ud800")
        assert "secret" not in repr(caught.value)


@pytest.mark.parametrize("wrong", [None, 1, b"<b>", ["<b>"]])
def test_only_text_is_html(wrong: Any) -> None:
    """Bytes have no encoding here; whoever knows it decodes them."""
    with pytest.raises(TypeError):
        html.sanitize(wrong)
    with pytest.raises(TypeError):
        html.escape(wrong)


def test_escape_is_the_standard_librarys() -> None:
    """`escape` writes what `html.escape` writes."""
    text = "<a href='x'>\"1\" & 2</a> ä\0\n"

    assert stdlib_html.escape(text) == html.escape(text)


def test_threads_share_a_sanitizer() -> None:
    """One sanitizer serves many threads, also where the lock is released."""
    sanitizer = Sanitizer(Policy.COMMENT)
    documents = [f"<p>{number}<b>x</b></p>" * 500 for number in range(64)]

    with ThreadPoolExecutor(8) as pool:
        assert documents == list(pool.map(sanitizer.sanitize, documents))
    assert hauberk.sanitize("<b>x") == "<b>x</b>"
    assert "COMMENT" not in repr(sanitizer)
