"""Properties of what is done with HTML besides stripping it."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.property.test_html import attributes, markup, tags, values

from hauberk import html
from hauberk.html import Element, Link, Policy, Sanitizer

if TYPE_CHECKING:
    from hauberk.html.modes import OnDisallowed

modes: st.SearchStrategy[OnDisallowed] = st.sampled_from(["strip", "escape", "drop"])
profiles = st.sampled_from(["COMMENT", "ARTICLE", "NH3", "BLEACH"])
hosts = {"x.example", "example.org"}


def profile_of(name: str) -> Policy:
    """Return a profile by its name, which is shorter than its settings."""
    policy: Policy = getattr(Policy, name)
    return policy


def stripped(clean: str, policy: Policy) -> bool:
    """Tell whether the strip-mode sanitizer of the policy leaves it as it is."""
    strip = policy.replace(on_disallowed="strip", attribute_filter=None, transform=None)
    return clean == html.sanitize(clean, strip)


@settings(max_examples=500, deadline=None)
@given(untrusted=markup, profile=profiles, mode=st.sampled_from(["escape", "drop"]))
def test_the_sanitizer_has_the_last_word(
    untrusted: str, profile: str, mode: OnDisallowed
) -> None:
    """In every mode stripping the output changes nothing."""
    policy = profile_of(profile).replace(on_disallowed=mode)

    assert stripped(html.sanitize(untrusted, policy), policy)


@settings(max_examples=300, deadline=None)
@given(
    untrusted=markup,
    profile=profiles,
    mode=modes,
    tag=tags,
    name=attributes,
    value=values,
    skipped=st.integers(0, 3),
)
def test_callbacks_narrow(
    untrusted: str,
    profile: str,
    mode: OnDisallowed,
    tag: str,
    name: str,
    value: str,
    skipped: int,
) -> None:
    """Whatever callbacks return, the policy without them lets it through."""
    count = iter(range(1_000_000))

    def transform(element: Element) -> Element | None:
        number = next(count)
        if number % 4 == skipped:
            return None
        return Element(tag if number % 2 else element.tag, {name: value})

    def attribute_filter(_tag: str, _name: str, old: str) -> str | None:
        return value if next(count) % 2 else old

    policy = profile_of(profile).replace(
        on_disallowed=mode,
        transform=transform,
        attribute_filter=attribute_filter,
        url_hosts=hosts,
    )

    assert stripped(html.sanitize(untrusted, policy), policy)


texts = st.lists(
    markup
    | st.sampled_from(
        ["https://x.example/?a=1&b=2 ", "(www.x.example) ", "x.com, ", "a@x.example "]
    ),
    max_size=6,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(untrusted=texts, profile=profiles, email=st.booleans(), value=values)
def test_links_are_the_policys(
    untrusted: str, profile: str, email: Any, value: str
) -> None:
    """Whatever linkify finds and callbacks return, the policy lets it through."""

    def change(link: Link) -> Link:
        return Link(value, {"href": value, "onclick": value, "title": link.text})

    policy = profile_of(profile)
    assert stripped(html.linkify(untrusted, policy=policy, email=email), policy)
    linked = html.linkify(untrusted, policy=policy, callbacks=[change])
    assert stripped(linked, policy)


cells = st.lists(
    st.sampled_from(
        ["<a href=/1>", "<a href=/2>", "</a>", "<table><td>", "</table>", "x.com "]
    ),
    max_size=12,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(untrusted=cells | texts)
def test_callbacks_are_asked_about_every_link(untrusted: str) -> None:
    """No link of the markup is left unasked, and no link is made in one."""
    asked: list[Link] = []

    def drop(link: Link) -> None:
        asked.append(link)

    links = html.sanitize(untrusted, Policy.ARTICLE).count("<a ")
    assert "<a " not in html.linkify(untrusted, callbacks=[drop])
    assert links == sum(not link.is_new for link in asked)


@settings(max_examples=300, deadline=None)
@given(untrusted=markup, profile=profiles, length=st.integers(0, 60))
def test_beginnings_are_the_policys(untrusted: str, profile: str, length: int) -> None:
    """A beginning is well-formed, allowed and short enough."""
    policy = profile_of(profile)
    short = html.truncate(untrusted, length, policy=policy)

    assert stripped(short, policy)


@settings(max_examples=300, deadline=None)
@given(untrusted=markup, profile=profiles, mode=modes)
def test_reports_tell_what_sanitize_does(
    untrusted: str, profile: str, mode: OnDisallowed
) -> None:
    """A report has sanitize's result, and positions in order within the input."""
    policy = profile_of(profile).replace(on_disallowed=mode)
    report = Sanitizer(policy).report(untrusted)
    positions = [it.position for it in report.removed]

    assert report.html == html.sanitize(untrusted, policy)
    assert positions == sorted(positions)
    assert all(untrusted[it] == "<" for it in positions)


@given(text=st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\0")))
def test_escaped_text_is_its_text(text: str) -> None:
    """The text of escaped text is the text, with its white space joined."""
    assert html.text(html.escape(text)).split() == unescape(html.escape(text)).split()
