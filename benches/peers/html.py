"""Sanitizing HTML under nh3's default policy, and its peers under equal allow lists."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from statistics import median_low
from typing import Any

import bleach
import nh3

from benches.peers.corpus import Sample, samples
from benches.peers.harness import Clock, Contest, Domain, Setup, Work
from hauberk import html as hauberk_html
from hauberk.html import Policy, Sanitizer

SENTENCE = "The quick brown fox jumps over the lazy dog, and nobody minds at all. "
COMMENT = (
    "<p>I <em>really</em> like this one, see "
    '<a href="https://example.com/review?id=7">my review</a>.<br>Thanks &amp; bye!</p>'
)
#: What the standard moves about or reads otherwise, and last what needs a tree.
UNUSUAL = {
    "unusual: foreign content": (
        "<p onclick=steal()>Nice<img src=x onerror=alert(1)>"
        "<svg/onload=x><b>y</b></svg>"
    ),
    "unusual: formatting across blocks": (
        "<p>A paragraph of some length, as many are, and more.</p>" * 40
        + "<b>bold<p>across</b>and on</p>"
    ),
    "unusual: misplaced in a table": (
        "<table><b>misplaced</b>"
        + "<tr><td>cell</td><td>cell</td></tr>" * 40
        + "</table>"
    ),
    "falls back: a control of a form": (
        "<div><p onclick=steal()>Nice <b>one</b> <select><option>x</select> and "
        "<a href=/y>another</a></p></div>"
    ),
}
WYSIWYG = {"Quill", "TipTap and ProseMirror", "CKEditor", "TinyMCE"}
PASTE = {"Word", "Google Docs", "LibreOffice"}

OURS = Sanitizer(Policy.NH3)
NH3 = nh3.Cleaner()


def contests() -> Iterator[Contest]:
    """Yield the rows, after printing what share of the corpus needs no tree."""
    corpus = list(samples())
    print(hit_rates(corpus), file=sys.stderr)
    yield _sanitize("100 characters of text", (SENTENCE * 2)[:100], 10, headline=True)
    yield _sanitize("10 KB of text", (SENTENCE * 150)[:10_000], 6)
    yield _sanitize(
        f"a comment of {len(COMMENT)} characters", COMMENT, 8, headline=True
    )
    for kind, least, most, goal in (
        ("python-markdown", 9_000, 14_000, 8),
        ("markdown-it-py", 9_000, 14_000, 8),
        ("article", 25_000, 40_000, 8),
    ):
        for sample in corpus:
            if sample.kind == kind and least <= len(sample.html) <= most:
                title = f"{kind}, {len(sample.html) / 1000:.0f} KB"
                yield _sanitize(title, sample.html, goal)
    for title, kinds in (("editors", WYSIWYG), ("paste from Word and others", PASTE)):
        yield _sanitize_each(
            f"{title}: the sample of the median ratio",
            [sample.html for sample in corpus if sample.kind in kinds],
            4,
        )
    for title, document in UNUSUAL.items():
        yield _sanitize(title, document, 0.95)
    yield _linkify()
    yield _many()


def hit_rates(corpus: list[Sample]) -> str:
    """Say, for each kind, how many documents are sanitized without a tree."""
    engine = Policy.NH3._strip  # noqa: SLF001 - which way is taken is nobody's business
    all_, usual = Counter[str](), Counter[str]()
    for sample in corpus:
        for kind in (sample.kind, "all"):
            all_[kind] += 1
            usual[kind] += engine.is_usual(sample.html)
    return "\n".join(
        f"{kind:24} {usual[kind]:3} of {count:3} without a tree"
        for kind, count in all_.items()
    )


def _sanitize(title: str, html: str, goal: float, *, headline: bool = False) -> Contest:
    contestants: dict[str, Work | Setup] = {
        "hauberk": lambda: OURS.sanitize(html),
        "nh3.Cleaner": lambda: NH3.clean(html),
        "nh3.clean": lambda: nh3.clean(html),
    }
    contestants |= {
        name: Setup(lambda make=make: _bound(make(), html))  # type: ignore[misc]
        for name, make in PEERS.items()
    }
    return Contest(
        work=title,
        contestants=contestants,
        baseline="nh3.Cleaner",
        goal=goal,
        check=_same_as_nh3,
        headline=headline,
    )


def _sanitize_each(title: str, documents: list[str], goal: float) -> Contest:
    """Compare on the document that stands in the middle, by a first short look."""
    for document in documents:
        _same_as_nh3(
            {"hauberk": OURS.sanitize(document), "nh3.Cleaner": NH3.clean(document)}
        )
    chosen = median_low([(_ratio(document), document) for document in documents])[1]
    return _sanitize(title, chosen, goal)


def _ratio(document: str) -> float:
    from time import thread_time_ns

    def least(work: Callable[[], object]) -> int:
        times = []
        for _ in range(200):
            start = thread_time_ns()
            work()
            times.append(thread_time_ns() - start)
        return min(times)

    return least(lambda: NH3.clean(document)) / least(lambda: OURS.sanitize(document))


def _linkify() -> Contest:
    text = (
        "Some words, then https://example.org/a?b=c and example.com, and so on. " * 141
    )
    return Contest(
        work="linkify 10 KB of text",
        contestants={
            "hauberk": lambda: hauberk_html.linkify(text),
            "bleach.linkify": lambda: bleach.linkify(text),
        },
        baseline="bleach.linkify",
        goal=50,
    )


def _many() -> Contest:
    documents = [sample.html for sample in samples()] * 20
    return Contest(
        work=f"{len(documents)} documents on two threads",
        contestants={
            "hauberk": lambda: OURS.sanitize_many(documents, threads=2),
            "one thread": lambda: OURS.sanitize_many(documents),
        },
        baseline="one thread",
        goal=1.7,
        clock=Clock.WALL,
    )


def _bound(clean: Callable[[str], object], html: str) -> Work:
    return lambda: clean(html)


def _bleach() -> Any:
    return bleach.Cleaner(
        tags=Policy.NH3.tags,
        attributes={tag: sorted(names) for tag, names in Policy.NH3.attributes.items()},
        protocols=Policy.NH3.url_schemes,
        strip=True,
    ).clean


def _lxml() -> Any:
    attributes = frozenset().union(*Policy.NH3.attributes.values())
    return (
        import_module("lxml_html_clean")
        .Cleaner(
            allow_tags=Policy.NH3.tags | {"div"},
            remove_unknown_tags=False,
            safe_attrs=attributes,
            add_nofollow=False,
        )
        .clean_html
    )


def _html_sanitizer() -> Any:
    attributes = {
        tag: tuple(names | Policy.NH3.attributes["*"])
        for tag, names in Policy.NH3.attributes.items()
        if tag in Policy.NH3.tags
    }
    void = {"br", "hr", "img", "col", "wbr", "area"}
    sanitizer = import_module("html_sanitizer").Sanitizer(
        {
            "tags": set(Policy.NH3.tags),
            "attributes": attributes,
            "empty": void,
            "separate": {"p", "li", "td", "th", "div"},
            "whitespace": set(),
            "keep_typographic_whitespace": True,
            "element_preprocessors": [],
            "element_postprocessors": [],
        }
    )
    return sanitizer.sanitize


def _turbohtml() -> Any:
    clean = import_module("turbohtml.clean")
    policy = clean.Policy(
        tags=frozenset(Policy.NH3.tags),
        attributes={
            tag: frozenset(names) for tag, names in Policy.NH3.attributes.items()
        },
        url_schemes=frozenset(Policy.NH3.url_schemes),
        allow_fragment_urls=True,
        on_disallowed_tag=clean.OnDisallowed.STRIP,
        add_link_rel=frozenset({"noopener", "noreferrer"}),
        remove_with_content=frozenset(Policy.NH3.drop_content),
        css_properties=frozenset(),
    )
    return clean.Sanitizer(policy).sanitize


PEERS = {
    "bleach.Cleaner": _bleach,
    "lxml_html_clean": _lxml,
    "html-sanitizer": _html_sanitizer,
    "turbohtml": _turbohtml,
}


def _same_as_nh3(outputs: Mapping[str, object]) -> None:
    if outputs["hauberk"] != outputs["nh3.Cleaner"]:
        raise AssertionError(f"Not the same work: {outputs}")


DOMAIN = Domain(
    "Sanitizing HTML",
    contests,
    peers=("nh3", "bleach", "lxml-html-clean", "html-sanitizer", "turbohtml"),
)
