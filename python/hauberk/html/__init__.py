"""Untrusted HTML in, HTML that a policy allows out.

`sanitize` parses its input as a browser does, keeps the tags, attributes and URLs of a
`Policy` and writes the rest as text or not at all. What it returns is well-formed and
safe to put between tags; it is not safe inside attributes, scripts or style sheets.

Sanitize where HTML is shown rather than where it is stored, so that a better policy
also serves what was stored before. Sizes and nesting are bounded, and so is the time
that an input takes: HTML's own rules let 29 KB of it become 28 MB.
"""

from hauberk.html.escaping import escape as escape
from hauberk.html.excerpts import text as text
from hauberk.html.excerpts import truncate as truncate
from hauberk.html.linking import Link as Link
from hauberk.html.linking import linkify as linkify
from hauberk.html.modes import Element as Element
from hauberk.html.policy import Base as Base
from hauberk.html.profiles import Policy as Policy
from hauberk.html.report import Removal as Removal
from hauberk.html.report import Report as Report
from hauberk.html.sanitizer import Sanitizer as Sanitizer
from hauberk.html.sanitizer import sanitize as sanitize

__all__ = [
    "Base",
    "Element",
    "Link",
    "Policy",
    "Removal",
    "Report",
    "Sanitizer",
    "escape",
    "linkify",
    "sanitize",
    "text",
    "truncate",
]
