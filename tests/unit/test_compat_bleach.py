"""The drop-in for bleach, where bleach's own tests say nothing."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import bleach as peer
import pytest
from tests.unit.test_html import PAYLOADS

from hauberk.compat import bleach
from hauberk.compat.bleach import callbacks, html5lib_shim, linkifier, sanitizer
from hauberk.compat.bleach.css_sanitizer import CSSSanitizer
from hauberk.exceptions import HtmlError


def test_constants_are_bleachs() -> None:
    """Allow lists and domains are bleach's."""
    assert bleach.ALLOWED_TAGS == peer.ALLOWED_TAGS
    assert bleach.ALLOWED_ATTRIBUTES == peer.ALLOWED_ATTRIBUTES
    assert bleach.ALLOWED_PROTOCOLS == peer.ALLOWED_PROTOCOLS
    assert bleach.__version__ == peer.__version__
    assert set(linkifier.TLDS) == set(peer.linkifier.TLDS)
    for name in (
        "HTML_TAGS",
        "allowed_protocols",
        "attr_val_is_uri",
        "svg_attr_val_allows_ref",
        "svg_allow_local_href",
    ):
        assert getattr(html5lib_shim, name) == getattr(peer.html5lib_shim, name)
    assert peer.sanitizer.INVISIBLE_CHARACTERS == sanitizer.INVISIBLE_CHARACTERS


@pytest.mark.parametrize(
    "text",
    [
        "<p>one <b title=x>two</b> <i>three",
        "<ul><li>a<li>b</ul> &copy; &amp;copy; &#x2014; &bogus; &",
        "<b><i>x</b>y</i><a href=/x?a=b&c=d title='\"'>z</a>",
        "<a href='jav&#x61;script:x'>x</a> <a href='HTTPS://x.org'>y</a>",
        "<table><tr><td>x</table><!-- y --><script>1 < 2</script>",
        "1 < 2 > 3 </4 <!doctype html> <br/> <br> </br>",
        "see https://x.org/?a=1&b=2, (x.com) and a@x.org; not setup.foo",
    ],
)
@pytest.mark.parametrize("strip", [True, False])
def test_everyday_html_gives_what_bleach_gives(text: str, *, strip: bool) -> None:
    """On ordinary input the output is bleach's, byte for byte."""
    for tags in (bleach.ALLOWED_TAGS, {"p", "b", "br", "table", "tr", "td"}):
        options: dict[str, Any] = {"tags": tags, "strip": strip}
        assert bleach.clean(text, **options) == peer.clean(text, **options)
    assert bleach.linkify(text, parse_email=True) == peer.linkify(
        text, parse_email=True
    )


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("strip", [True, False])
def test_payloads_leave_no_tag(payload: str, *, strip: bool) -> None:
    """Of an attack there are left allowed tags with checked attributes, and text."""
    clean = bleach.clean(payload, strip=strip)
    tags = {part.split(">")[0].split(" ")[0].lstrip("/") for part in clean.split("<")}

    assert tags - {clean.split("<")[0].split(">")[0].split(" ")[0].lstrip("/")} <= (
        bleach.ALLOWED_TAGS
    )
    assert 'href="javascript' not in clean.lower()


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "javascript:1",
        "JAVASCRIPT&colon;alert(1)",
        "java&Tab;script:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "blob:https://x.org/1",
        "http://[x",
    ],
)
def test_urls_that_browsers_run_go(url: str) -> None:
    """However a scheme is spelled, it is the one a browser would see."""
    assert bleach.clean(f'<a href="{url}">x</a>') == "<a>x</a>"


def test_callables_of_all_kinds() -> None:
    """Attributes may be decided by functions; what they raise is raised."""

    def fail(_tag: str, _name: str, _value: str) -> bool:
        raise LookupError

    by_tag: Any = {"a": lambda _tag, name, value: name == "href" and "ok" in value}
    assert bleach.clean("<a href=/ok title=x>y</a>", attributes=by_tag) == (
        '<a href="/ok">y</a>'
    )
    with pytest.raises(LookupError):
        bleach.clean("<a title=x>y</a>", attributes=fail)
    wrong: Any = 1
    with pytest.raises(ValueError, match="attributes"):
        bleach.clean("x", attributes=wrong)


@pytest.mark.parametrize(
    ("style", "clean"),
    [
        ("color: red", "color: red;"),
        ("COLOR:RED;;top:0", "COLOR:RED;"),
        ("color: red /* ; */ ; width: 1px", "color: red  ; width: 1px;"),
        ("width: calc(1px + (2px)); color: a]b", "width: calc(1px + (2px));"),
        ("color: 'a;b\\'c'", 'color: "a;b\\\'c";'),
        ("color: 'open; width: 1px", "width: 1px;"),
        ("@import 'x'; width: 1px", "width: 1px;"),
        ("width: expression(alert(1))", ""),
        ("{color: red}", ""),
        ("", ""),
    ],
)
def test_css(style: str, clean: str) -> None:
    """Declarations are cut where CSS cuts them, and what is no CSS goes."""
    assert CSSSanitizer().sanitize_css(style) == clean


def test_filters_cannot_leave_their_place() -> None:
    """Whatever names and values a filter makes, they stay names and values."""

    class Widening(html5lib_shim.Filter):
        def __iter__(self) -> Any:
            yield {"type": "StartTag", "name": "b><script>", "data": {}}
            yield {"type": "StartTag", "name": "b", "data": {(None, "a>b"): "x"}}
            yield {"type": "EmptyTag", "name": "br", "data": {(None, "x"): '"><i>'}}
            yield {"type": "Comment", "data": "--><script>"}
            yield {"type": "Entity", "name": "lt;<script>"}

    clean = bleach.Cleaner(filters=[Widening]).clean("x")

    assert clean == (
        "<b><br x='\"&gt;&lt;i&gt;'><!----&gt;<script&gt;-->&lt;&lt;script&gt;;"
    )


def test_old_links_pass_the_callbacks() -> None:
    """Links that are there are asked about, and lose their tag on None."""
    text = '<a href="/x">a <b>b</b></a> x.com'
    blank = [callbacks.target_blank]

    assert bleach.linkify(text, callbacks=blank) == peer.linkify(text, callbacks=blank)
    assert bleach.linkify(text, callbacks=[lambda *_: None]) == "a b x.com"


@pytest.mark.parametrize(
    "piece",
    [
        "<a ",
        "<x <b>",
        "a-a.",
        "a.a@",
        "aaaa",
        "&",
        "&#",
        "<div>",
        "(x.com",
        "<!--",
        "1:",
    ],
)
def test_much_of_anything_ends(piece: str) -> None:
    """No text takes long, however often it is repeated; bleach takes minutes."""
    text = piece * (100_000 // len(piece))
    start = time.process_time()
    for work in (bleach.clean, lambda it: bleach.linkify(it, parse_email=True)):
        try:
            work(text)
        except HtmlError:
            continue

    assert time.process_time() - start < 20


def test_one_cleaner_serves_all_threads() -> None:
    """A Cleaner and a Linker keep nothing between texts."""
    cleaner, linker = bleach.Cleaner(), bleach.Linker()
    with ThreadPoolExecutor(4) as pool:
        for number, text in enumerate(pool.map(cleaner.clean, ["<b>x", "<u>"] * 50)):
            assert text == ("&lt;u&gt;" if number % 2 else "<b>x</b>")
        assert len(set(pool.map(linker.linkify, ["x.com"] * 100))) == 1
