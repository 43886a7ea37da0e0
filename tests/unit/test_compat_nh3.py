"""The drop-in for nh3, where nh3's own tests say nothing."""

from __future__ import annotations

import inspect
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import nh3 as peer
import pytest
from tests.unit.test_html import PAYLOADS

from hauberk.compat import nh3
from hauberk.exceptions import InputTooDeepError, PolicyError

SVG = {"svg", "path", "a", "style", "math"}


def test_constants_and_keywords_are_nh3s() -> None:
    """Allow lists, functions and keywords are nh3's, in its order."""
    assert peer.ALLOWED_TAGS == nh3.ALLOWED_TAGS
    assert peer.ALLOWED_ATTRIBUTES == nh3.ALLOWED_ATTRIBUTES
    assert peer.ALLOWED_URL_SCHEMES == nh3.ALLOWED_URL_SCHEMES
    assert peer.CLEAN_CONTENT_TAGS == nh3.CLEAN_CONTENT_TAGS
    for name in ("clean", "clean_text", "escape", "is_html", "Cleaner"):
        ours, theirs = getattr(nh3, name), getattr(peer, name)
        assert list(inspect.signature(theirs).parameters) == list(
            inspect.signature(ours).parameters
        )


OPTIONS: list[dict[str, Any]] = [
    {},
    {"tags": {"b", "a", "td"}, "attributes": {"a": {"href"}, "*": {"id"}}},
    {"attributes": {}, "link_rel": None, "strip_comments": False},
    {"clean_content_tags": {"svg", "math"}, "url_schemes": {"https"}},
    {"generic_attribute_prefixes": {"on", "data-"}, "id_prefix": "x-"},
    {"url_relative": "deny"},
    {"url_relative": ("rewrite_with_base", "https://x.example/a/b")},
    {"url_relative": ("rewrite_with_root", "https://x.example/a/", "b/c")},
    {"url_relative": lambda url: f"https://x.example/{len(url)}"},
    {
        "attribute_filter": lambda _tag, name, value: (
            None if name == "title" else value
        ),
        "link_rel": None,
    },
    {"set_tag_attribute_values": {"b": {"lang": "en"}, "a": {"id": "y"}}},
    {"allowed_classes": {"p": {"x"}}},
    {
        "tags": SVG,
        "attributes": {"a": {"href"}, "svg": {"onload"}},
        "link_rel": None,
        "clean_content_tags": {"script"},
    },
]


@pytest.mark.parametrize("options", OPTIONS)
def test_output_is_nh3s(options: dict[str, Any]) -> None:
    """With whatever options, attacks and relative URLs come out as nh3's."""
    ours, theirs = nh3.Cleaner(**options), peer.Cleaner(**options)
    for html in [
        *PAYLOADS,
        "<a href='/x/../y?z#a' title=t>x</a><img src=b.png><a href='//x.org'>",
        "<a href='/'>x</a><a href=''>y</a><a href='?z'>",
        "<p class='x y'>z<b id=i data-k=v>w</b><!-- c -->",
    ]:
        assert theirs.clean(html) == ours.clean(html)
        assert theirs.clean(html) == nh3.clean(html, **options)


@pytest.mark.parametrize("text", ["", "a b/c", "<b>&'\"`=", "\x00\t\n", "é "])
def test_text_is_nh3s(text: str) -> None:
    """Escaping and the question whether text is HTML are nh3's."""
    assert peer.clean_text(text) == nh3.clean_text(text)
    assert peer.escape(text, tags={"b"}) == nh3.escape(text, tags={"b"})
    assert peer.is_html(text) == nh3.is_html(text)


@pytest.mark.parametrize(
    "value", ["javascript:alert(1)", "JAVA\tSCRIPT:alert(1)", "data:text/html,x"]
)
def test_callbacks_cannot_widen(value: str) -> None:
    """What nh3 would write of a callback's URL goes, if its scheme is not allowed."""
    filtered: dict[str, Any] = {"attribute_filter": lambda *_: value}
    assert value in peer.clean('<a href="/">x</a>', link_rel=None, **filtered)
    assert nh3.clean('<a href="/">x</a>', link_rel=None, **filtered) == "<a>x</a>"
    rewritten: dict[str, Any] = {"url_relative": lambda _: value}
    assert nh3.clean('<a href="/">x</a>', link_rel=None, **rewritten) == "<a>x</a>"


def test_contradictions_are_errors_and_not_panics() -> None:
    """What makes ammonia panic is a ValueError here."""
    for options in [
        {"allowed_classes": {"p": {"x"}}, "attributes": {"p": {"class"}}},
        {
            "tags": {"style"},
            "clean_content_tags": set[str](),
            "filter_style_properties": {"color"},
            "attributes": {"p": {"style"}},
        },
        {"set_tag_attribute_values": {"a": {f"x{n}": "" for n in range(7)}}},
        {"url_relative": ("rewrite_with_root", "x", "y")},
    ]:
        any_options: Any = options
        with pytest.raises(PolicyError):
            nh3.Cleaner(**any_options)
    # nh3 panics: its default clean_content_tags hold what the caller allows.
    assert nh3.clean("<style>x</style>", tags={"style"}) == "<style>x</style>"


def test_hostile_input_is_an_error() -> None:
    """What takes nh3 minutes is refused."""
    with pytest.raises(InputTooDeepError):
        nh3.clean("<div>" * 10_000)


def test_one_cleaner_serves_all_threads() -> None:
    """A Cleaner keeps nothing between texts."""
    cleaner = nh3.Cleaner(attribute_filter=lambda _tag, _name, value: value.upper())
    with ThreadPoolExecutor(4) as pool:
        texts = pool.map(cleaner.clean, ["<i title=x>y"] * 100)
        assert set(texts) == {'<i title="X">y</i>'}


def test_the_public_sets_are_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who changes what nh3 exports as its defaults changes no default."""
    monkeypatch.setattr(nh3, "ALLOWED_TAGS", {*nh3.ALLOWED_TAGS, "form"})
    nh3.ALLOWED_ATTRIBUTES["a"].add("name")
    try:
        html = "<form><a name=x>y</a></form>"
        assert nh3.Cleaner(link_rel=None).clean(html) == "<a>y</a>"
        assert nh3.clean(html, link_rel=None) == "<a>y</a>"
    finally:
        nh3.ALLOWED_ATTRIBUTES["a"].discard("name")
