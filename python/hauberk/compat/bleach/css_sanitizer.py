"""CSS of `style` attributes, property by property."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

__all__ = ["ALLOWED_CSS_PROPERTIES", "ALLOWED_SVG_PROPERTIES", "CSSSanitizer"]

_CSS = """
    azimuth background-color border-bottom-color border-collapse border-color
    border-left-color border-right-color border-top-color clear color cursor direction
    display elevation float font font-family font-size font-style font-variant
    font-weight height letter-spacing line-height overflow pause pause-after
    pause-before pitch pitch-range richness speak speak-header speak-numeral
    speak-punctuation speech-rate stress text-align text-decoration text-indent
    unicode-bidi vertical-align voice-family volume white-space width
"""
_SVG = """
    fill fill-opacity fill-rule stroke stroke-linecap stroke-linejoin stroke-opacity
    stroke-width
"""

#: The properties that are allowed by default.
ALLOWED_CSS_PROPERTIES = frozenset(_CSS.split())

#: Those of SVG.
ALLOWED_SVG_PROPERTIES = frozenset(_SVG.split())


class CSSSanitizer:
    """Keep the declarations of allowed properties.

    Values are kept as they are, URLs in them too, as bleach does; allow properties that
    load nothing. Declarations that are no CSS go, as do those that ran code in old
    browsers.

    Args:
        allowed_css_properties: The properties to keep.
        allowed_svg_properties: More of them.

    >>> CSSSanitizer(["color"]).sanitize_css("color: red; position: fixed")
    'color: red;'
    """

    def __init__(
        self,
        allowed_css_properties: Collection[str] = ALLOWED_CSS_PROPERTIES,
        allowed_svg_properties: Collection[str] = ALLOWED_SVG_PROPERTIES,
    ) -> None:
        self.allowed_css_properties = allowed_css_properties
        self.allowed_svg_properties = allowed_svg_properties

    def sanitize_css(self, style: str) -> str:
        """Return what is allowed of the declarations of a `style` attribute."""
        kept = ""
        gap = ""
        for space, name, value in _declarations(style):
            gap = gap or space
            lower = name.lower()
            if (
                lower in self.allowed_css_properties
                or lower in self.allowed_svg_properties
            ):
                kept += f"{gap if kept else ''}{name}:{value};"
                gap = ""
        return kept


_TOKEN = re.compile(
    r"""
      (?P<comment> /\*.*?\*/ )
    | (?P<string> "(?:[^"\\\n\r\f]|\\[^\n\r\f])*" | '(?:[^'\\\n\r\f]|\\[^\n\r\f])*' )
    | (?P<escape> \\[^\n\r\f] )
    | (?P<open> [(\[{] )
    | (?P<close> [)\]}] )
    | (?P<end> ; )
    | (?P<bad> ["'\\] | /\* )
    | (?P<plain> [^"'\\()\[\]{};/]+ | / )
    """,
    re.VERBOSE | re.DOTALL,
)
_NAME = re.compile(r"(\s*)(-?-?[a-zA-Z_\u0080-\U0010ffff][\w\u0080-\U0010ffff-]*)\s*:")
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_RUNS_CODE = re.compile(
    r"expression\s*\(|javascript:|-moz-binding|behavior", re.IGNORECASE
)


def _declarations(style: str) -> Iterator[tuple[str, str, str]]:
    """Cut declarations at semicolons outside of strings and brackets."""
    parts: list[str] = []
    expected: list[str] = []
    sound = True
    for token in _TOKEN.finditer(style):
        text = token[0]
        kind = token.lastgroup
        if kind == "end" and not expected:
            yield from _declaration("".join(parts), sound)
            parts, sound = [], True
            continue
        if kind == "open":
            expected.append(_PAIRS[text])
            sound = sound and text != "{"
        elif kind == "close":
            sound = sound and expected[-1:] == [text]
            expected = expected[:-1]
        elif kind == "bad":
            sound = False
        elif kind == "comment":
            continue
        parts.append(_double_quoted(text) if kind == "string" else text)
    yield from _declaration("".join(parts), sound and not expected)


def _declaration(text: str, sound: bool) -> Iterator[tuple[str, str, str]]:
    named = _NAME.match(text)
    if named and sound and not _RUNS_CODE.search(text):
        yield named[1], named[2], text[named.end() :]


def _double_quoted(string: str) -> str:
    if string.startswith('"'):
        return string
    return '"' + string[1:-1].replace('"', '\\"') + '"'
