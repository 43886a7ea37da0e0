"""A drop-in for nh3: `from hauberk.compat import nh3` for `import nh3`.

Everything of nh3 0.3, with its keywords, on the same ammonia: what it returns is what
nh3 returns. The usual document does not need ammonia and comes out several times
sooner, and one that would take disproportionately long is an `HtmlError`.

What a callback returns passes the allow lists once more, so that it cannot put in what
they keep out; nh3 writes it as it is. Of CSS, values that could load what nobody looks
at go (`image-set()`, escapes).

New code is better served by `hauberk.html`, whose policies cannot allow scripts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from hauberk import _rust
from hauberk.compat.nh3 import _callbacks
from hauberk.exceptions import PolicyError
from hauberk.html import Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet

__all__ = [
    "ALLOWED_ATTRIBUTES",
    "ALLOWED_TAGS",
    "ALLOWED_URL_SCHEMES",
    "CLEAN_CONTENT_TAGS",
    "Cleaner",
    "clean",
    "clean_text",
    "escape",
    "is_html",
]

#: The version of nh3 whose interface this is.
__version__ = "0.3.8"

# The defaults. As in nh3, who changes the public sets changes nothing else.
_TAGS = Policy.NH3.tags
_ATTRIBUTES = {tag: names for tag, names in Policy.NH3.attributes.items() if tag != "*"}
_URL_SCHEMES = set(Policy.NH3.url_schemes)
_CLEAN_CONTENT_TAGS = Policy.NH3.drop_content

#: The tags that are allowed by default.
ALLOWED_TAGS = set(_TAGS)
#: The attributes that are allowed by default, by tag. `lang` and `title` are on all.
ALLOWED_ATTRIBUTES = {tag: set(names) for tag, names in _ATTRIBUTES.items()}
#: The schemes that URLs may have by default.
ALLOWED_URL_SCHEMES = set(_URL_SCHEMES)
#: The tags that go with their content by default.
CLEAN_CONTENT_TAGS = set(_CLEAN_CONTENT_TAGS)

AttributeFilter: TypeAlias = "Callable[[str, str, str], str | None]"
UrlRelative: TypeAlias = (
    'Literal["pass_through", "deny"]'
    ' | tuple[Literal["rewrite_with_base"], str]'
    ' | tuple[Literal["rewrite_with_root"], str, str]'
    " | Callable[[str], str | None]"
)

_REL = "noopener noreferrer"


class Cleaner:
    """Clean any number of texts, from any thread.

    Args:
        tags: The tags to keep.
        clean_content_tags: Tags that go with their content.
        attributes: The attributes to keep, by tag; those under `"*"` on every tag.
        attribute_filter: Takes tag, attribute and value; returns the value or None. An
            attribute for which it raises goes, and the error to `sys.unraisablehook`.
        strip_comments: Whether comments go.
        link_rel: The `rel` of every link, or None to leave it to `attributes`.
        generic_attribute_prefixes: Beginnings of attributes to keep on every tag.
        tag_attribute_values: Attributes to keep if they have one of these values.
        set_tag_attribute_values: Attributes that every tag of a name gets, at most six.
        url_schemes: The schemes that URLs may have.
        allowed_classes: The classes to keep, by tag.
        filter_style_properties: The CSS properties to keep in `style`.
        url_relative: What becomes of URLs without a scheme.
        id_prefix: What every `id` begins with afterwards.

    Raises:
        PolicyError: One setting contradicts another. It is a ValueError.
        TypeError: A callback is no function.

    >>> Cleaner(tags={"b"}).clean("<b>bold</b> <i>italic</i>")
    '<b>bold</b> italic'
    """

    def __init__(
        self,
        tags: AbstractSet[str] | None = None,
        clean_content_tags: AbstractSet[str] | None = None,
        attributes: Mapping[str, AbstractSet[str]] | None = None,
        attribute_filter: AttributeFilter | None = None,
        strip_comments: bool = True,
        link_rel: str | None = _REL,
        generic_attribute_prefixes: AbstractSet[str] | None = None,
        tag_attribute_values: Mapping[str, Mapping[str, AbstractSet[str]]]
        | None = None,
        set_tag_attribute_values: Mapping[str, Mapping[str, str]] | None = None,
        url_schemes: AbstractSet[str] | None = None,
        allowed_classes: Mapping[str, AbstractSet[str]] | None = None,
        filter_style_properties: AbstractSet[str] | None = None,
        url_relative: UrlRelative | None = None,
        id_prefix: str | None = None,
    ) -> None:
        if attribute_filter is not None and not callable(attribute_filter):
            raise TypeError("attribute_filter must be callable")
        tags = _TAGS if tags is None else tags
        # ammonia's defaults do not stand against the caller's tags.
        dropped = (
            _CLEAN_CONTENT_TAGS.difference(tags)
            if clean_content_tags is None
            else set(clean_content_tags)
        )
        names = _attributes(attributes, generic_attribute_prefixes)
        _check(tags, dropped, names, link_rel, tag_attribute_values)
        for tag in dropped:
            names.pop(tag, None)
        styled = any("style" in allowed for allowed in names.values())
        settings = {
            **Policy(tags=())._compilable(),  # noqa: SLF001 - for settings to come
            "lenient": True,
            "tags": set(tags),
            "drop_content": set(dropped),
            "attributes": names,
            "attribute_values": tag_attribute_values or {},
            "set_attributes": set_tag_attribute_values or {},
            "classes": allowed_classes or {},
            "styles": filter_style_properties if styled else None,
            "url_schemes": (_URL_SCHEMES if url_schemes is None else set(url_schemes)),
            "link_rel": link_rel,
            "id_prefix": id_prefix,
            "comments": not strip_comments,
        }
        relative, rewrite = _callbacks.url_relative(url_relative)
        self._last = _rust.Sanitizer({**settings, **relative})  # type: ignore[typeddict-item]
        self._first = self._last
        self._change = None
        if attribute_filter is not None or rewrite is not None:
            self._change = _callbacks.changes(attribute_filter, rewrite)
            if relative["url_relative"] == "base":
                # The filter sees URLs as they were written.
                self._first = _rust.Sanitizer(settings)  # type: ignore[arg-type]

    def clean(self, html: str) -> str:
        """Return what is allowed of an HTML fragment.

        Raises:
            InputTooLargeError: It is longer than 1 MiB, or would become many times
                larger or take disproportionately long.
            InputTooDeepError: Its elements are nested deeper than 512.
        """
        clean = self._first.sanitize(html)
        if self._change is None:
            return clean
        return _rust.rewrite_html(self._last, clean, self._change)


def clean(
    html: str,
    tags: AbstractSet[str] | None = None,
    clean_content_tags: AbstractSet[str] | None = None,
    attributes: Mapping[str, AbstractSet[str]] | None = None,
    attribute_filter: AttributeFilter | None = None,
    strip_comments: bool = True,
    link_rel: str | None = _REL,
    generic_attribute_prefixes: AbstractSet[str] | None = None,
    tag_attribute_values: Mapping[str, Mapping[str, AbstractSet[str]]] | None = None,
    set_tag_attribute_values: Mapping[str, Mapping[str, str]] | None = None,
    url_schemes: AbstractSet[str] | None = None,
    allowed_classes: Mapping[str, AbstractSet[str]] | None = None,
    filter_style_properties: AbstractSet[str] | None = None,
    url_relative: UrlRelative | None = None,
    id_prefix: str | None = None,
) -> str:
    """Return what is allowed of an HTML fragment. The arguments are those of `Cleaner`.

    With arguments it pays to make a `Cleaner` once. Names, prefixes and values are kept
    for the life of the process, up to 1 MiB of them; with others it takes longer.

    >>> clean("<b onclick=x()>bold</b> <script>alert(1)</script>")
    '<b>bold</b> '
    >>> clean('<a href="/x">y</a>', url_relative="deny", link_rel=None)
    '<a>y</a>'
    """
    options = (
        tags,
        clean_content_tags,
        attributes,
        attribute_filter,
        strip_comments,
        link_rel,
        generic_attribute_prefixes,
        tag_attribute_values,
        set_tag_attribute_values,
        url_schemes,
        allowed_classes,
        filter_style_properties,
        url_relative,
        id_prefix,
    )
    if options == _DEFAULTS:
        return _DEFAULT.clean(html)
    return Cleaner(*options).clean(html)


def clean_text(html: str, tags: AbstractSet[str] | None = None) -> str:
    """Return text as HTML, with every character escaped that means anything to HTML.

    Args:
        html: Text.
        tags: With these, the text is HTML of which they are kept, without attributes.

    >>> clean_text("a <b>")
    'a&#32;&lt;b&gt;'
    >>> clean_text("<i>a</i> <b>b</b>", tags={"b"})
    'a <b>b</b>'
    """
    if tags is None:
        return _rust.strictly_escape_html(html)
    return Cleaner(tags, attributes={}, link_rel=None).clean(html)


def escape(html: str, tags: AbstractSet[str] | None = None) -> str:
    """Return what `clean_text` returns.

    >>> escape("<b>")
    '&lt;b&gt;'
    """
    return clean_text(html, tags)


def is_html(html: str) -> bool:
    """Tell whether there is anything in a text that HTML takes for more than text.

    >>> is_html("1 < 2"), is_html("<b>"), is_html("Vec::<u8>::new()")
    (False, True, True)
    """
    return _rust.is_html(html)


def _attributes(
    attributes: Mapping[str, AbstractSet[str]] | None,
    prefixes: AbstractSet[str] | None,
) -> dict[str, set[str]]:
    given = _ATTRIBUTES if attributes is None else attributes
    names = {tag: set(allowed) for tag, allowed in given.items()}
    generic = names.setdefault("*", {"lang", "title"})
    generic.update(f"{prefix}*" for prefix in prefixes or ())
    return names


def _check(
    tags: AbstractSet[str],
    dropped: AbstractSet[str],
    attributes: dict[str, set[str]],
    link_rel: str | None,
    values: Mapping[str, Mapping[str, AbstractSet[str]]] | None,
) -> None:
    for tag in set(tags) & set(dropped):
        raise PolicyError(f"The tag {tag!r} is both in tags and in clean_content_tags.")
    for tag, names in attributes.items():
        if link_rel is not None and "rel" in names:
            raise PolicyError(
                f'"rel" is among the attributes of {tag!r}, and link_rel is set:'
                " pass link_rel=None to leave it to the author."
            )
    for tag, named in (values or {}).items():
        allowed = attributes.get(tag, set()) | attributes["*"]
        for name in allowed.intersection(named):
            raise PolicyError(
                f"{name!r} of {tag!r} is in attributes, which keep every value, and in"
                " tag_attribute_values, which would do nothing."
            )


_DEFAULTS = (None, None, None, None, True, _REL, *(None,) * 8)
_DEFAULT = Cleaner()
