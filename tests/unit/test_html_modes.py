"""Policies that escape, drop, filter and transform, and reports."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING, Any

import pytest

from hauberk import html
from hauberk.exceptions import (
    HtmlError,
    InputTooLargeError,
    InvalidInputError,
    PolicyError,
)
from hauberk.html import Element, Policy, Removal, Sanitizer

if TYPE_CHECKING:
    from hauberk.html.modes import OnDisallowed

ESCAPE = Policy.COMMENT.replace(on_disallowed="escape", link_rel=None)
DROP = Policy.COMMENT.replace(on_disallowed="drop", link_rel=None)


@pytest.mark.parametrize(
    ("untrusted", "clean"),
    [
        ("", ""),
        ("a <b>b</b> &amp; c", "a <b>b</b> &amp; c"),
        ("<u>x</u> <x-y z>w</x-y>", "<u>x</u> &lt;x-y z&gt;w&lt;/x-y&gt;"),
        ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
        ("<!-- x --><!doctype html>", "&lt;!-- x --&gt;&lt;!doctype html&gt;"),
        ("<b onclick=x()>y", "<b>y</b>"),
        ("<h1 title='&amp;'>x", "&lt;h1 title='&amp;amp;'&gt;x"),
        ("x <h1", "x &lt;h1"),
        ("<script>'<b>'</script>x", "x"),
    ],
)
def test_escape(untrusted: str, clean: str) -> None:
    """A tag or comment that is not allowed is shown as it was written."""
    assert clean == html.sanitize(untrusted, ESCAPE)
    assert clean == html.sanitize(clean, ESCAPE.replace(on_disallowed="strip"))


def test_escape_shows_scripts_unless_they_are_dropped() -> None:
    """What `drop_content` names goes in every mode; bleach's policy names nothing."""
    policy = Policy.BLEACH.replace(on_disallowed="escape")
    clean = html.sanitize("<script>1 < 2 && '<b>'</script>", policy)

    assert clean == "&lt;script&gt;1 &lt; 2 &amp;&amp; '<b>'&lt;/script&gt;</b>"


@pytest.mark.parametrize(
    ("untrusted", "clean"),
    [
        ("", ""),
        ("<p>a <b>b</b></p>", "<p>a <b>b</b></p>"),
        ("a<h1>b<b>c</b></h1>d<img>e", "ade"),
        ("a<svg><desc><b>b</b></desc></svg>c", "ac"),
        ("<p>a<div>b</div>c", "<p>a</p>c"),
        ("<!-- x --><form>y", ""),
        ("<b onclick=x()>y", "<b>y</b>"),
    ],
)
def test_drop(untrusted: str, clean: str) -> None:
    """An element that is not allowed goes with all it contains."""
    assert clean == html.sanitize(untrusted, DROP)


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("policy", [ESCAPE, DROP])
def test_many_documents_in_every_mode(policy: Policy, threads: int) -> None:
    """Each comes out as it would alone, an error in its place."""
    documents = [f"<b>{number}</b><h1>x" for number in range(100)]
    documents[50] = "\ud800"
    documents[60] = "<p>" + "<b>" * 5000
    for it in (policy, policy.replace(transform=lambda element: element)):
        sanitizer = Sanitizer(it)
        results = sanitizer.sanitize_many(documents, threads=threads, on_error="return")
        for number, result in enumerate(results):
            if number in (50, 60):
                assert isinstance(result, (HtmlError, InvalidInputError))
            else:
                assert sanitizer.sanitize(documents[number]) == result
        with pytest.raises(InvalidInputError):
            sanitizer.sanitize_many(documents, threads=threads)


@pytest.mark.parametrize("policy", [ESCAPE, DROP])
def test_what_does_not_change_is_the_same_object(policy: Policy) -> None:
    """Where there is nothing to escape or to drop, nothing is parsed."""
    markup = "".join(["<p>a <b>b</b></p>"] * 2)

    assert html.sanitize(markup, policy) is markup


def test_no_other_mode() -> None:
    """A mode is one of three."""
    mode: Any = "remove"
    with pytest.raises(PolicyError, match="on_disallowed"):
        Policy(tags={"b"}, on_disallowed=mode)


@pytest.mark.parametrize("policy", [ESCAPE, DROP])
def test_limits_hold_in_every_mode(policy: Policy) -> None:
    """Input, depth and attributes are bounded before anything is read."""
    small = policy.replace(max_input=100)
    with pytest.raises(InputTooLargeError):
        html.sanitize("x" * 101, small)
    with pytest.raises(InputTooLargeError):
        html.sanitize(f"<x {' '.join(f'a{n}' for n in range(300))}>", policy)


@pytest.mark.parametrize("policy", [ESCAPE, DROP])
def test_text_is_left_of_what_is_above_the_limits(policy: Policy) -> None:
    """Where a policy keeps the text above its limits, it does so in every mode."""
    text = policy.replace(on_limit="text", max_depth=10)

    assert html.sanitize("<div>" * 20 + "x &amp; y", text).endswith("x &amp; y")


def test_attribute_filter() -> None:
    """A filter sees each attribute that is kept, and changes or removes it."""
    seen = []

    def only_https(tag: str, name: str, value: str) -> str | None:
        seen.append((tag, name, value))
        if name == "href":
            return f"https://out.example/?to={value}"
        return None

    policy = Policy.COMMENT.replace(attribute_filter=only_https)
    clean = html.sanitize('<a href="/x" title="t" onclick="x()">y</a>', policy)

    assert clean == (
        '<a href="https://out.example/?to=/x" rel="noopener noreferrer">y</a>'
    )
    assert seen == [
        ("a", "href", "/x"),
        ("a", "title", "t"),
        ("a", "rel", "noopener noreferrer"),
    ]


@pytest.mark.parametrize(
    "value", ["javascript:alert(1)", "https://evil.example/", '"><script>alert(1)']
)
def test_a_filter_cannot_widen(value: str) -> None:
    """What a filter returns passes the policy again: scheme, host, escaping."""
    policy = Policy(
        tags={"a"},
        attributes={"a": {"href"}},
        url_hosts={"good.example"},
        url_relative="deny",
        link_rel=None,
        attribute_filter=lambda tag, name, _value: value,
    )

    assert html.sanitize('<a href="https://good.example/">x</a>', policy) == "<a>x</a>"


def test_transform() -> None:
    """A transform renames, changes and unwraps elements."""

    def proxied(element: Element) -> Element | None:
        if element.tag == "h1":
            return Element("h2", element.attributes)
        if element.tag == "img":
            source = "https://proxy.example/?" + element.attributes["src"]
            return Element("img", {**element.attributes, "src": source, "alt": ""})
        return None if element.tag == "b" else element

    policy = Policy.ARTICLE.replace(transform=proxied)
    clean = html.sanitize("<h1>a <b>b</b></h1><p><img src='https://x.org'>", policy)

    assert clean == (
        '<h2>a b</h2><p><img src="https://proxy.example/?https://x.org" alt=""></p>'
    )


@pytest.mark.parametrize(
    "element",
    [
        Element("script", {"src": "https://evil.example/"}),
        Element("p", {"onclick": "alert(1)"}),
        Element("a", {"href": "javascript:alert(1)"}),
        Element("iframe", {"srcdoc": "<script>alert(1)</script>"}),
    ],
)
def test_a_transform_cannot_widen(element: Element) -> None:
    """What a transform returns passes the policy again: tag, attribute, URL."""
    policy = Policy.COMMENT.replace(transform=lambda _: element, link_rel=None)
    clean = html.sanitize("<b>x</b>", policy)

    assert "alert" not in clean
    assert "evil" not in clean


@pytest.mark.parametrize("name", ["b><script>", "", "b onclick=x"])
def test_names_from_callbacks_are_names(name: str) -> None:
    """A callback's tag or attribute that cannot be one is an error."""
    for element in (Element(name, {}), Element("b", {name: "x"})):
        policy = Policy.COMMENT.replace(transform=lambda _, it=element: it)
        with pytest.raises(InvalidInputError):
            html.sanitize("<b>x</b>", policy)


def test_callbacks_errors_are_raised() -> None:
    """An exception in a callback reaches the caller as it is."""
    error = LookupError("no such host")

    def fail(*_: object) -> None:
        raise error

    for policy in (
        Policy.COMMENT.replace(attribute_filter=fail),
        Policy.COMMENT.replace(transform=fail),
    ):
        with pytest.raises(LookupError) as caught:
            html.sanitize("<b title=x>x</b><a title=y>", policy)
        assert caught.value is error
        # Nothing is left behind: the policy can be used again.
        assert html.sanitize("x", policy) == "x"


def test_callbacks_return_the_right_type() -> None:
    """Anything but text or an element is a TypeError."""
    wrong: Any = lambda *_: 1  # noqa: E731
    with pytest.raises(TypeError):
        html.sanitize("<a title=x>", Policy.COMMENT.replace(attribute_filter=wrong))
    with pytest.raises(TypeError):
        html.sanitize("<a title=x>", Policy.COMMENT.replace(transform=wrong))
    not_callable: Any = "x"
    with pytest.raises(TypeError, match="transform"):
        Policy(tags={"b"}, transform=not_callable)


def shout(tag: str, name: str, value: str) -> str:
    """Stand for a filter that can be pickled."""
    return value.upper()


def test_policies_with_callbacks_are_values() -> None:
    """They are equal, hashed, copied and pickled with their callbacks, not written."""
    policy = Policy.COMMENT.replace(attribute_filter=shout, on_disallowed="escape")

    assert policy == Policy.COMMENT.replace(
        attribute_filter=shout, on_disallowed="escape"
    )
    assert policy != Policy.COMMENT.replace(on_disallowed="escape")
    for same in (copy.deepcopy(policy), pickle.loads(pickle.dumps(policy))):
        assert same == policy
        assert hash(same) == hash(policy)
        assert html.sanitize("<abbr title=x>", same).startswith('<abbr title="X">')
    with pytest.raises(PolicyError, match="callbacks"):
        policy.to_dict()
    written = Policy.COMMENT.replace(on_disallowed="escape").to_dict()
    assert Policy.from_dict(written).on_disallowed == "escape"


def removed(untrusted: str, policy: Policy) -> list[tuple[str, str, int]]:
    """Return a report's removals as tuples, and check its HTML."""
    report = Sanitizer(policy).report(untrusted)
    assert report.html == html.sanitize(untrusted, policy)
    return [(it.kind, it.name, it.position) for it in report.removed]


def test_report() -> None:
    """Tags, elements, attributes and comments are listed where they stand."""
    untrusted = (
        "ä<h1 id=x>b</h1><p onclick='x()' lang=en>c<!-- d --><script>'<i>'</script>"
        "<a href='javascript:x' title=t>e</a><!doctype html><b"
    )

    assert removed(untrusted, Policy.COMMENT) == [
        ("tag", "h1", untrusted.index("<h1")),
        ("attribute", "onclick", untrusted.index("<p")),
        ("comment", "", untrusted.index("<!--")),
        ("element", "script", untrusted.index("<script")),
        ("attribute", "href", untrusted.index("<a")),
        ("declaration", "", untrusted.index("<!d")),
        ("tag", "", untrusted.rindex("<b")),
    ]
    assert removed("<p>a <b>b</b></p>", Policy.COMMENT) == []


def test_report_in_other_modes() -> None:
    """Escaping lists what became text; dropping lists whole elements."""
    assert removed("<h1>x</h1>", ESCAPE) == [("tag", "h1", 0)]
    assert removed("<h1>x</h1>", DROP) == [("element", "h1", 0)]
    # What became text is not deep.
    assert len(removed("<div>" * 600, ESCAPE)) == 600


def test_report_of_tables_and_classes() -> None:
    """Cells are judged in their table, classes one by one."""
    policy = Policy.ARTICLE.replace(classes={"td": {"x"}})
    cell = "<table><tr><td class='x y z' onclick=x bgcolor=red>a</table>"

    assert removed(cell, policy) == [
        ("class", "y", 11),
        ("class", "z", 11),
        ("attribute", "onclick", 11),
        ("attribute", "bgcolor", 11),
    ]


@pytest.mark.parametrize("mode", ["strip", "escape", "drop"])
@pytest.mark.parametrize(
    "untrusted",
    [
        "<b>" + "x" * 5000,
        "<ul><li>" * 600 + "x",
        "<b " + " ".join(f"a{number}" for number in range(40)) + ">x",
    ],
)
def test_report_of_a_document_over_a_limit(mode: OnDisallowed, untrusted: str) -> None:
    """Where such documents become text, that is what the report says."""
    policy = Policy.COMMENT.replace(
        on_disallowed=mode, on_limit="text", max_input=5000, max_attributes=32
    )

    assert removed(untrusted, policy) == [("document", "", 0)]
    assert removed("<h1>x</h1>", policy) != [("document", "", 0)]
    with pytest.raises(HtmlError):
        Sanitizer(policy.replace(on_limit="raise")).report(untrusted)


def test_removals_are_values() -> None:
    """They can be compared, and show what they are."""
    removal = Removal("tag", "h1", 0)

    assert removal == Removal(kind="tag", name="h1", position=0)
    assert "h1" in repr(removal)
