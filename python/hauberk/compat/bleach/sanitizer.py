"""What `clean` is made of."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlsplit

from hauberk import _rust
from hauberk.compat.bleach import html5lib_shim
from hauberk.compat.bleach.html5lib_shim import Filter, Token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from hauberk.compat.bleach.css_sanitizer import CSSSanitizer

__all__ = [
    "ALLOWED_ATTRIBUTES",
    "ALLOWED_PROTOCOLS",
    "ALLOWED_TAGS",
    "BleachSanitizerFilter",
    "Cleaner",
    "NoCssSanitizerWarning",
    "attribute_filter_factory",
]

_TAGS = "a abbr acronym b blockquote code em i li ol strong ul"

#: The tags that are allowed by default.
ALLOWED_TAGS = frozenset(_TAGS.split())

#: The attributes that are allowed by default, by tag.
ALLOWED_ATTRIBUTES = {
    "a": ["href", "title"],
    "abbr": ["title"],
    "acronym": ["title"],
}

#: The schemes that are allowed by default.
ALLOWED_PROTOCOLS = frozenset({"http", "https", "mailto"})

#: Control characters other than tab, line feed and carriage return.
INVISIBLE_CHARACTERS = "".join(
    chr(code) for code in range(0x20) if chr(code) not in "\t\n\r"
)
INVISIBLE_CHARACTERS_RE = re.compile(f"[{re.escape(INVISIBLE_CHARACTERS)}]")

#: What takes their place.
INVISIBLE_REPLACEMENT_CHAR = "?"

AttributeFilter: TypeAlias = "Callable[[str, str, str], bool]"
#: The attributes to keep: one list, a function, or either by tag.
Attributes: TypeAlias = (
    "list[str] | AttributeFilter | Mapping[str, Iterable[str] | AttributeFilter]"
)


class NoCssSanitizerWarning(UserWarning):
    """`style` is allowed, and nothing looks at its CSS."""


class Cleaner:
    """Clean any number of texts, from any thread.

    Args:
        tags: The tags to keep.
        attributes: The attributes to keep: by tag, as one list, or a function.
        protocols: The schemes that URLs may have.
        strip: Whether other tags go; otherwise they become text.
        strip_comments: Whether comments go.
        filters: Classes whose instances change the stream of tokens, as `LinkifyFilter`
            does. What they make is not sanitized again.
        css_sanitizer: What `style` attributes pass; without, they are emptied.

    >>> Cleaner(tags={"b"}, strip=True).clean("<b>bold</b> <i>italic</i>")
    '<b>bold</b> italic'
    """

    def __init__(
        self,
        tags: Iterable[str] = ALLOWED_TAGS,
        attributes: Attributes = ALLOWED_ATTRIBUTES,
        protocols: Iterable[str] = ALLOWED_PROTOCOLS,
        strip: bool = False,
        strip_comments: bool = True,
        filters: Iterable[Callable[..., Iterable[Token]]] | None = None,
        css_sanitizer: CSSSanitizer | None = None,
    ) -> None:
        self.tags = tags
        self.attributes = attributes
        self.protocols = protocols
        self.strip = strip
        self.strip_comments = strip_comments
        self.filters = filters or []
        self.css_sanitizer = css_sanitizer
        if css_sanitizer is None and "style" in _named(attributes):
            warnings.warn(
                "'style' attribute specified, but css_sanitizer not set.",
                category=NoCssSanitizerWarning,
                stacklevel=2,
            )

    def clean(self, text: str) -> str:
        """Return what is allowed of a text.

        Raises:
            InputTooLargeError: It is longer than 4 MiB, has more than 16 384 tags and
                references and one in 32 bytes, or would take disproportionately long.
            InputTooDeepError: Elements are nested more than 1024 deep.
            TypeError: It is no text.
        """
        given: Any = text
        if not isinstance(given, str):
            kind = type(given).__name__
            raise TypeError(
                f"argument cannot be of {kind!r} type, must be of text type"
            )
        tokens: Iterable[Token] = BleachSanitizerFilter(
            source=html5lib_shim.parse(text, self.tags, strip=self.strip),
            allowed_tags=self.tags,
            attributes=self.attributes,
            allowed_protocols=self.protocols,
            strip_disallowed_tags=self.strip,
            strip_html_comments=self.strip_comments,
            css_sanitizer=self.css_sanitizer,
        )
        for filter_class in self.filters:
            tokens = filter_class(source=tokens)
        return html5lib_shim.serialize(tokens)


def attribute_filter_factory(attributes: Attributes) -> AttributeFilter:
    """Return the function that decides about an attribute.

    Raises:
        ValueError: It is neither a function, nor a list, nor a dictionary.
    """
    if callable(attributes):
        return attributes
    if isinstance(attributes, dict):

        def by_tag(tag: str, name: str, value: str) -> bool:
            for key in (tag, "*"):
                allowed = attributes.get(key)
                if callable(allowed):
                    return bool(allowed(tag, name, value))
                if allowed is not None and name in allowed:
                    return True
            return False

        return by_tag
    if isinstance(attributes, list):
        return lambda _tag, name, _value: name in attributes
    raise ValueError("attributes needs to be a callable, a list or a dict")


class BleachSanitizerFilter(Filter):
    """A stream of tokens with what is allowed of another one.

    Args:
        source: The other stream.
        allowed_tags: The tags to keep.
        attributes: The attributes to keep: by tag, as one list, or a function.
        allowed_protocols: The schemes that URLs may have.
        strip_disallowed_tags: Whether other tags go; otherwise they become text.
        strip_html_comments: Whether comments go.
        css_sanitizer: What `style` attributes pass; without, they are emptied.
    """

    def __init__(
        self,
        source: Iterable[Token],
        allowed_tags: Iterable[str] = ALLOWED_TAGS,
        attributes: Attributes = ALLOWED_ATTRIBUTES,
        allowed_protocols: Iterable[str] = ALLOWED_PROTOCOLS,
        strip_disallowed_tags: bool = False,
        strip_html_comments: bool = True,
        css_sanitizer: CSSSanitizer | None = None,
    ) -> None:
        super().__init__(source)
        self.allowed_tags = frozenset(allowed_tags)
        self.allowed_protocols = frozenset(allowed_protocols)
        self.attr_filter = attribute_filter_factory(attributes)
        self.strip_disallowed_tags = strip_disallowed_tags
        self.strip_html_comments = strip_html_comments
        self.css_sanitizer = css_sanitizer

    def __iter__(self) -> Iterator[Token]:
        # Neighbouring texts are one, so that filters find what is in both.
        characters = ""
        for token in super().__iter__():
            for clean in self.sanitize_token(token):
                if clean["type"] == "Characters":
                    characters += clean["data"]
                    continue
                if characters:
                    yield {"type": "Characters", "data": characters}
                    characters = ""
                yield clean
        if characters:
            yield {"type": "Characters", "data": characters}

    def sanitize_token(self, token: Token) -> Iterable[Token]:
        """Return what becomes of a token."""
        kind = token["type"]
        if kind in ("StartTag", "EndTag", "EmptyTag"):
            if token["name"] in self.allowed_tags:
                return [self._allowed(token)]
            return [] if self.strip_disallowed_tags else [_as_text(token)]
        if kind == "Comment":
            if self.strip_html_comments:
                return []
            return [{**token, "data": _escaped_comment(token["data"])}]
        if kind == "Characters":
            text = INVISIBLE_CHARACTERS_RE.sub(
                INVISIBLE_REPLACEMENT_CHAR, token["data"]
            )
            return html5lib_shim.references(text)
        return [token]

    def _allowed(self, token: Token) -> Token:
        if not token.get("data"):
            return token
        kept: dict[Any, str] = {}
        for key, value in token["data"].items():
            if self.attr_filter(token["name"], key[1], value):
                clean = self._value(token["name"], key, value)
                if clean is not None:
                    kept[key] = clean
        return {**token, "data": kept}

    def _value(self, tag: str, key: Any, value: str) -> str | None:
        """Return what is kept of the value of an allowed attribute, if anything is."""
        if key in html5lib_shim.attr_val_is_uri and not self._is_allowed_url(value):
            return None
        if key in html5lib_shim.svg_attr_val_allows_ref:
            value = _rust.resolve_references(value)
            value = _ELSEWHERE.sub(" ", value).strip()
            if not value:
                return None
            value = value.replace("&", "&amp;")
        if (
            (None, tag) in html5lib_shim.svg_allow_local_href
            and key[1] == "href"
            and not _rust.resolve_references(value).lstrip().startswith("#")
        ):
            return None
        if key == (None, "style"):
            return self.css_sanitizer.sanitize_css(value) if self.css_sanitizer else ""
        return value

    def _is_allowed_url(self, value: str) -> bool:
        # References, white space and characters that nobody sees hide no scheme.
        url = _UNSEEN.sub("", _rust.resolve_references(value)).lower()
        try:
            urlsplit(url)
        except ValueError:
            return False
        scheme = _SCHEME.match(url)
        if scheme and (scheme[1] in _NEVER_A_HOST or not _PORT.match(scheme[2])):
            return scheme[1] in self.allowed_protocols
        if url.startswith("#"):
            return True
        before = url.partition(":")
        if before[1] and before[0] in self.allowed_protocols:
            return True
        return not self.allowed_protocols.isdisjoint({"http", "https"})


_ELSEWHERE = re.compile(r"url\s*\(\s*[^#\s][^)]*\)", re.IGNORECASE)
_UNSEEN = re.compile(r"[^\x21-\x5f\x61-\x7e]+")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(.*)", re.DOTALL)
_PORT = re.compile(r"\d*\Z")
#: `localhost:8000` is a host and a port; these are schemes whatever follows.
_NEVER_A_HOST = {"blob", "data", "filesystem", "javascript", "vbscript"}


def _as_text(token: Token) -> Token:
    """Write a tag as text that the tree builder put where nobody wrote it."""
    name = token["name"]
    if token["type"] == "EndTag":
        return {"type": "Characters", "data": f"</{name}>"}
    written = "".join(
        f' {key[1]}="{value}"' for key, value in (token.get("data") or {}).items()
    )
    return {"type": "Characters", "data": f"<{name}{written}>"}


def _escaped_comment(text: str) -> str:
    for character, reference in (
        ("&", "&amp;"),
        ("<", "&lt;"),
        (">", "&gt;"),
        ('"', "&quot;"),
        ("'", "&#x27;"),
    ):
        text = text.replace(character, reference)
    return text


def _named(attributes: Attributes) -> set[str]:
    if isinstance(attributes, list):
        return set(attributes)
    if not isinstance(attributes, dict):
        return set()
    return {
        name
        for names in attributes.values()
        if isinstance(names, (list, tuple))
        for name in names
    }
