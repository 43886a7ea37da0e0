"""What is left of html5lib's interface: streams of tokens, and filters over them.

A token is a dictionary with the keys of html5lib's tree walkers: `type` is
`"StartTag"`, `"EndTag"`, `"EmptyTag"`, `"Characters"`, `"Entity"` or `"Comment"`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from hauberk import _rust

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["HTML_TAGS", "Filter", "Token", "parse", "references", "serialize"]

Token: TypeAlias = dict[str, Any]

_HTML = """
    a abbr address area article aside audio b base bdi bdo blockquote body br button
    canvas caption cite code col colgroup data datalist dd del details dfn dialog div dl
    dt em embed fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header
    hgroup hr html i iframe img input ins kbd keygen label legend li link map mark menu
    meta meter nav noscript object ol optgroup option output p param picture pre
    progress q rp rt ruby s samp script section select slot small source span strong
    style sub summary sup table tbody td template textarea tfoot th thead time title tr
    track u ul var video wbr
"""
_PROTOCOLS = """
    afs aim callto data ed2k feed ftp gopher http https irc mailto news nntp rsync rtsp
    sftp ssh tag telnet urn webcal xmpp
"""
_URLS = """
    action background cite datasrc dynsrc formaction href longdesc lowsrc ping poster
    src
"""
_REFERENCES = """
    clip-path color-profile cursor fill filter marker marker-end marker-mid marker-start
    mask stroke
"""
_LOCAL = """
    altGlyph animate animateColor animateMotion animateTransform cursor feImage filter
    linearGradient pattern radialGradient set textpath tref use
"""

#: The tags of HTML.
HTML_TAGS = frozenset(_HTML.split())

#: Protocols that links are made of.
allowed_protocols = frozenset(_PROTOCOLS.split())

namespaces = {
    "html": "http://www.w3.org/1999/xhtml",
    "mathml": "http://www.w3.org/1998/Math/MathML",
    "svg": "http://www.w3.org/2000/svg",
    "xlink": "http://www.w3.org/1999/xlink",
    "xml": "http://www.w3.org/XML/1998/namespace",
    "xmlns": "http://www.w3.org/2000/xmlns/",
}

#: Attributes whose value is a URL, with their namespace.
attr_val_is_uri = frozenset(
    {
        *((None, name) for name in _URLS.split()),
        (namespaces["xlink"], "href"),
        (namespaces["xml"], "base"),
    }
)

#: Attributes of SVG that may hold `url(…)`.
svg_attr_val_allows_ref = frozenset((None, name) for name in _REFERENCES.split())

#: Elements of SVG whose references stay within the document.
svg_allow_local_href = frozenset((None, name) for name in _LOCAL.split())


class Filter:
    """A stream of tokens made of another one."""

    def __init__(self, source: Iterable[Token]) -> None:
        self.source = source

    def __iter__(self) -> Iterator[Token]:
        return iter(self.source)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.source, name)


def parse(html: str, tags: Iterable[str], *, strip: bool) -> Iterator[Token]:
    """Return a fragment as tokens. What is not among the tags is text, or nothing."""
    names = frozenset(tag.lower() for tag in tags)
    for kind, name, namespace, attributes in _rust.literal_html(html, names, strip):
        if kind in ("Characters", "Comment"):
            yield {"type": kind, "data": name}
            continue
        token: Token = {"type": kind, "name": name, "namespace": namespace}
        if kind != "EndTag":
            token["data"] = {(space, key): value for space, key, value in attributes}
        yield token


def references(text: str) -> Iterator[Token]:
    """Cut text into tokens: each reference but `&amp;` is one, and `&amp;` is text.

    So a URL with `&amp;` is one text, and other references end it.
    """
    characters = ""
    end = 0
    for found in _REFERENCE.finditer(text):
        if _rust.resolve_references(found[0]) == found[0]:
            continue
        characters += text[end : found.start()]
        end = found.end()
        if found[0] == "&amp;":
            characters += "&"
            continue
        if characters:
            yield {"type": "Characters", "data": characters}
        characters = ""
        yield {"type": "Entity", "name": found[0][1:-1]}
    characters += text[end:]
    if characters:
        yield {"type": "Characters", "data": characters}


_REFERENCE = re.compile(r"&[#\w]{1,63};")


def serialize(tokens: Iterable[Token]) -> str:
    """Write tokens as HTML. Whatever they hold, it stays within its place."""
    return "".join(_written(token) for token in tokens)


def _written(token: Token) -> str:
    kind = token["type"]
    html = ""
    if kind in ("Characters", "SpaceCharacters"):
        html = _escaped(token["data"])
    elif kind == "Entity":
        html = _rust.escape_but_references(f"&{token['name']};", None)
    elif kind == "Comment":
        # The sanitizer escaped it; a filter may have made one of its own.
        html = f"<!--{token['data'].replace('>', '&gt;')}-->"
    elif _NAME.fullmatch(token.get("name", "")):
        html = f"</{token['name']}>" if kind == "EndTag" else _start(token)
    return html


def _start(token: Token) -> str:
    tag = token["name"]
    attributes = [
        _attribute(tag, name, value)
        for (_, name), value in (token.get("data") or {}).items()
        if _ATTRIBUTE_NAME.fullmatch(name)
    ]
    return f"<{tag}{''.join(attributes)}>"


_NAME = re.compile(r"[A-Za-z][^\s\0<>/\"'=&]*")
_ATTRIBUTE_NAME = re.compile(r"[^\s\0<>/\"'=&`]+")


def _escaped(text: str) -> str:
    # An `&` in text is one that nothing took for a reference.
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _attribute(tag: str, name: str, value: str) -> str:
    if name in _BOOLEAN.get(tag, ()) or name in _BOOLEAN[""]:
        return f" {name}"
    if '"' in value and "'" not in value:
        # bleach looks for references between double quotes only.
        return f" {name}='{_escaped(value)}'"
    return f' {name}="{_rust.escape_but_references(value, chr(34))}"'


#: Attributes that are written without a value, by tag.
_BOOLEAN = {
    "": {"irrelevant", "itemscope"},
    "audio": {"autoplay", "controls"},
    "button": {"autofocus", "disabled"},
    "command": {"checked", "default", "disabled", "hidden"},
    "datagrid": {"disabled", "multiple"},
    "details": {"open"},
    "fieldset": {"disabled", "readonly"},
    "hr": {"noshade"},
    "iframe": {"seamless"},
    "img": {"ismap"},
    "input": {"autofocus", "checked", "disabled", "ismap", "readonly", "required"},
    "menu": {"autosubmit"},
    "optgroup": {"disabled", "readonly"},
    "option": {"disabled", "readonly", "selected"},
    "output": {"disabled", "readonly"},
    "script": {"async", "defer"},
    "select": {"autofocus", "disabled", "multiple", "readonly"},
    "style": {"scoped"},
    "video": {"autoplay", "controls"},
}
