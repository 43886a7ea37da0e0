"""The options of a policy."""

from __future__ import annotations

import json
import pickle
import re
from typing import Any

import pytest

from hauberk.exceptions import (
    InputTooDeepError,
    InputTooLargeError,
    InvalidInputError,
    PolicyError,
)
from hauberk.html import Base, Policy, Sanitizer, sanitize

PLAIN = Policy(
    tags={"a", "b", "p", "img", "input"},
    attributes={"a": {"href"}, "img": {"src"}},
    link_rel=None,
)

HOSTED = (
    '<img src="https://i.example/"><img src="//a.cdn.example"><img src="/x">'
    '<a href="https://x.example">x</a>'
)
UNHOSTED = (
    '<img src="https://x.example@evil.example"><a href="https:\\\\x.example">x</a>'
    '<a href="mailto:a@evil.example">y</a><img src="\\\\evil.example/x">'
)
VIDEOS = (
    '<iframe src="https://video.example/1"></iframe>'
    '<iframe src="https://evil.example/1"></iframe>'
)

#: Options, markup, and what is left of it.
OPTIONS: list[tuple[dict[str, Any], str, str]] = [
    ({"link_target": "_blank"}, "<a>x</a>", '<a target="_blank">x</a>'),
    (
        {"link_target": "_blank", "link_rel": "noopener"},
        '<a href="x">x</a>',
        '<a href="x" target="_blank" rel="noopener">x</a>',
    ),
    (
        {"url_relative": Base("https://x.example/a/")},
        '<a href="b?c">x</a>',
        '<a href="https://x.example/a/b?c">x</a>',
    ),
    ({"url_relative": "deny"}, '<a href="//x.example/">x</a>', "<a>x</a>"),
    (
        {"url_hosts": {"img": {"i.example", "*.cdn.example"}}},
        HOSTED,
        HOSTED,
    ),
    (
        {"url_hosts": {"x.example"}},
        UNHOSTED,
        re.sub(' src="[^"]*"', "", UNHOSTED),
    ),
    (
        {"classes": {"p": {"note", "big"}}},
        '<p class="big  huge\tnote">x</p><b class="big">y</b>',
        '<p class="big note">x</p><b>y</b>',
    ),
    (
        {"classes": {"*": {"note"}}},
        '<p class="note">x<b class="x note">y</b></p>',
        '<p class="note">x<b class="note">y</b></p>',
    ),
    (
        {"styles": {"color", "background"}},
        '<p style="color:red;position:fixed;background:url(javascript:x)">x</p>',
        '<p style="color:red">x</p>',
    ),
    (
        {"styles": {"background"}},
        "<p style=\"background:image-set('//evil.example/x' 1x)\">x</p>",
        '<p style="">x</p>',
    ),
    (
        {"styles": {"background"}},
        '<p style="background:\\75rl(//evil.example/x)">x</p>',
        '<p style="">x</p>',
    ),
    (
        {"styles": {"background"}, "url_hosts": {"x.example"}},
        '<p style="background:url(https://evil.example/x)">x</p>',
        '<p style="">x</p>',
    ),
    (
        {"styles": {"background"}, "url_schemes": {"https"}, "url_relative": "deny"},
        '<p style="background:var(--u,url(ftp://evil.example/x))">x</p>',
        '<p style="">x</p>',
    ),
    (
        {"styles": {"background", "color"}},
        '<p style="background:linear-gradient(rgb(0,0,0,.5), red);color:red">x</p>',
        '<p style="background:linear-gradient(rgb(0, 0, 0, 0.5), red);color:red">x</p>',
    ),
    (
        {"tags": {"q"}, "attributes": {"q": {"cite"}}, "url_hosts": {"x.example"}},
        '<q cite="https://x.example/">a</q><q cite="//evil.example/">b</q>',
        '<q cite="https://x.example/">a</q><q>b</q>',
    ),
    (
        {"attributes": {"img": {"src"}}, "url_hosts": {"img": {"x.example"}}}
        | {"url_relative": Base("https://cdn.example/")},
        '<img src="/x.png"><img src="https://x.example/">',
        '<img><img src="https://x.example/">',
    ),
    (
        {"styles": {"color"}, "attributes": {"b": {"style"}}},
        '<p style="color:red"><b style="color:red">x</b></p>',
        '<p><b style="color:red">x</b></p>',
    ),
    (
        {"attribute_values": {"input": {"type": {"checkbox"}}}},
        '<input type="CheckBox"><input type="submit">',
        '<input type="CheckBox"><input>',
    ),
    (
        {"set_attributes": {"img": {"loading": "lazy", "decoding": "async"}}},
        '<img loading="eager" src="x">',
        '<img src="x" decoding="async" loading="lazy">',
    ),
    (
        {"id_prefix": "user-", "attributes": {"*": {"id"}}},
        '<p id="x">x</p><p id="user-y">y</p>',
        '<p id="user-x">x</p><p id="user-y">y</p>',
    ),
    (
        {"attributes": {"*": {"data-*"}}},
        '<p data-x="1" data="2">x</p>',
        '<p data-x="1">x</p>',
    ),
    ({"comments": True}, "<!-- x -->y", "<!-- x -->y"),
    ({"drop_content": {"script", "u"}}, "<u>x</u>y", "y"),
    (
        {"tags": {"iframe"}, "attributes": {"iframe": {"src"}}}
        | {"url_hosts": {"iframe": {"video.example"}}},
        VIDEOS,
        VIDEOS.replace(' src="https://evil.example/1"', ""),
    ),
]


@pytest.mark.parametrize(("options", "markup", "clean"), OPTIONS)
def test_options(options: dict[str, Any], markup: str, clean: str) -> None:
    """Each option does what it says, in a policy that was copied, too."""
    policy = PLAIN.replace(**options)

    assert clean == sanitize(markup, policy)
    for copy in (
        Policy.from_dict(json.loads(json.dumps(policy.to_dict()))),
        pickle.loads(pickle.dumps(policy)),
    ):
        assert policy == copy
        assert hash(policy) == hash(copy)
        assert clean == sanitize(markup, copy)


@pytest.mark.parametrize(
    "options",
    [
        {"tags": {"iframe"}},
        {"attributes": {"p": {"style"}}},
        {"attributes": {"a": {"ping"}}},
        {"attributes": {"*": {"attributionsrc"}}},
        {"attributes": {"img": {"longdesc"}}},
        {"attributes": {"*": {"*"}}},
        {"attributes": {"p": {"class"}}, "classes": {"*": {"x"}}},
        {"set_attributes": {"p": {"onclick": "x()"}}},
        {"set_attributes": {"p": dict.fromkeys("abcdefg", "x")}},
        {"attribute_values": {"p": {"srcdoc": {"x"}}}},
        {"link_target": "_blank", "set_attributes": {"a": {"target": "_top"}}},
        {"link_target": '"><script>'},
        {"id_prefix": "<"},
        {"url_hosts": {"https://x.example/"}},
        {"url_relative": "elsewhere"},
        {"url_relative": "base"},
        {"url_relative": Base("/relative")},
        {"url_relative": Base("gopher://x.example/")},
        {"max_attributes": 0},
        {"max_output": 1 << 30},
    ],
)
def test_unsound_options_are_refused(options: dict[str, Any]) -> None:
    """What contradicts itself or runs code is no policy."""
    with pytest.raises(PolicyError):
        PLAIN.replace(**options)


def test_unknown_options_are_refused() -> None:
    """A misspelled setting is an error."""
    with pytest.raises(TypeError, match="tag_names"):
        Policy.from_dict({"tag_names": ["b"]})


def test_bounds() -> None:
    """Attributes and output are bounded."""
    policy = PLAIN.replace(max_attributes=2, max_output=20, link_rel="noopener")

    assert sanitize("<p a b>x</p>", policy) == "<p>x</p>"
    for markup in ("<p a b c>" * 100, "<a>" * 3):
        with pytest.raises(InputTooLargeError):
            sanitize(markup, policy)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<div>" * 10_000 + "x &lt; <b>y</b>", "x &lt; y"),
        ("<p>x</p><script>alert(1)</script>" + "y" * (1 << 20), "x\n" + "y" * 98),
        (
            "<p title=" + "a" * 200 + ">x" * 9 + "<a " + "b=c d=e " * 200 + ">&lt;b>",
            None,
        ),
    ],
)
def test_above_the_limits_the_text_is_left(markup: str, text: str | None) -> None:
    """With `on_limit="text"` what is too much is shown without its markup."""
    policy = PLAIN.replace(on_limit="text", max_output=100)
    clean = sanitize(markup, policy)

    assert "<" not in clean
    assert len(clean) <= 100
    assert text is None or clean == text
    assert sanitize("<b>x</b>", policy) == "<b>x</b>"


def test_many() -> None:
    """Many documents give many results, in order, or the error of each."""
    sanitizer = Sanitizer(Policy.COMMENT)
    documents = [f"<b>{number}" for number in range(200)]
    clean = [f"<b>{number}</b>" for number in range(200)]

    for threads in (1, 3):
        assert sanitizer.sanitize_many(iter(documents), threads=threads) == clean
    documents[3] = "<div>" * 10_000
    documents[9] = "\ud800"
    results = sanitizer.sanitize_many(documents, threads=2, on_error="return")
    assert isinstance(results[3], InputTooDeepError)
    assert isinstance(results[9], InvalidInputError)
    assert results[4:9] + results[10:] == clean[4:9] + clean[10:]
    with pytest.raises(InputTooDeepError):
        sanitizer.sanitize_many(documents[:5])
    with pytest.raises(InvalidInputError):
        sanitizer.sanitize_many([], threads=0)
    with pytest.raises(ValueError, match="on_error"):
        sanitizer.sanitize_many([], on_error="ignore")  # type: ignore[call-overload]
    assert sanitizer.sanitize_many([]) == []


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"url_relative": {"bas": "https://a.example"}}, PolicyError),
        ({"url_relative": {}}, PolicyError),
        ({"attributes": ["href"]}, TypeError),
        ({"classes": "a"}, TypeError),
        ({"attribute_values": {"a": ["href"]}}, TypeError),
        ({"set_attributes": {"a": "rel"}}, TypeError),
        ({"set_attributes": {"a": {"rel": 5}}}, TypeError),
        ({"max_input": 1 << 70}, PolicyError),
        ({"max_depth": -(1 << 70)}, PolicyError),
    ],
)
def test_settings_of_a_file_that_are_wrong(
    settings: dict[str, Any], error: type[Exception]
) -> None:
    """Whatever a settings file holds is told by one of two errors."""
    with pytest.raises(error):
        Policy.from_dict({"tags": ["a"], **settings})


def test_a_subclass_of_str_does_not_come_back() -> None:
    """It might call itself safe, or carry what was kept out elsewhere."""

    class Marked(str):
        __slots__ = ()

    for policy in (Policy.COMMENT, Policy.COMMENT.replace(on_disallowed="drop")):
        for clean in (
            Sanitizer(policy).sanitize(Marked("<b>x</b>")),
            *Sanitizer(policy).sanitize_many([Marked("<b>x</b>")]),
        ):
            assert type(clean) is str
            assert clean == "<b>x</b>"
