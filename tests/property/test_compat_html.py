"""Properties of the drop-ins for bleach and nh3."""

from __future__ import annotations

import re
from typing import Any

import nh3 as peer
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.property.test_html import markup

from hauberk.compat import bleach, nh3
from hauberk.html import Policy, Sanitizer

#: What bleach allows by default, without the mode.
BLEACH = Sanitizer(Policy.BLEACH)
NAMES = "|".join(sorted(bleach.ALLOWED_TAGS))
TAG = re.compile(rf"""</?(?:{NAMES})(?:\ (?:href|title)=(?:"[^"<]*"|'[^'<]*'))*>""")


@settings(max_examples=500, deadline=None)
@given(untrusted=markup, strip=st.booleans())
def test_bleach_leaves_allowed_tags(untrusted: str, strip: Any) -> None:
    """Every `<` begins an allowed tag, whatever a browser makes of the rest."""
    clean = bleach.clean(untrusted, strip=strip)

    assert "<" not in TAG.sub("", clean)


@settings(max_examples=500, deadline=None)
@given(untrusted=markup, strip=st.booleans())
def test_bleach_is_never_looser(untrusted: str, strip: Any) -> None:
    """The sanitizer of the same allow lists finds nothing to remove."""
    clean = bleach.clean(untrusted, strip=strip)

    assert BLEACH.report(clean).removed == ()


@settings(max_examples=300, deadline=None)
@given(untrusted=markup)
def test_linkify_leaves_clean_text_clean(untrusted: str) -> None:
    """Linkifying what was cleaned adds links and their `rel`, and nothing else."""
    linked = bleach.linkify(bleach.clean(untrusted), parse_email=True)
    removed = BLEACH.report(linked).removed

    assert {(it.kind, it.name) for it in removed} <= {("attribute", "rel")}


@settings(max_examples=300, deadline=None)
@given(untrusted=markup, comments=st.booleans())
def test_nh3_is_nh3(untrusted: str, comments: Any) -> None:
    """With SVG, style sheets and comments allowed the output is nh3's, too."""
    options: dict[str, Any] = {
        "tags": nh3.ALLOWED_TAGS | {"svg", "math", "mtext", "style", "title", "iframe"},
        "clean_content_tags": {"script"},
        "strip_comments": not comments,
    }

    assert peer.clean(untrusted, **options) == nh3.clean(untrusted, **options)
