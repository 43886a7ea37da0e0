"""Untrusted HTML in, HTML that a policy allows out.

`sanitize` parses its input as a browser does, keeps the tags, attributes and URLs of a
`Policy` and writes the rest as text or not at all. What it returns is well-formed and
safe to put between tags; it is not safe inside attributes, scripts or style sheets.

Sanitize where HTML is shown rather than where it is stored, so that a better policy
also serves what was stored before. Sizes and nesting are bounded, and so is the time
that an input takes: HTML's own rules let 29 KB of it become 28 MB.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from hauberk import _rust

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Policy", "Sanitizer", "escape", "sanitize"]


def _names(names: Iterable[str]) -> frozenset[str]:
    if isinstance(names, str):
        message = (
            "Expected a collection of names, not a str, whose items are characters."
        )
        raise TypeError(message)
    return frozenset(names)


def _policy(settings: dict[str, Any]) -> Policy:
    return Policy(**settings)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What HTML may hold. Immutable, and checked and compiled when it is made.

    Script, style sheets, embedded documents, SVG and MathML are never allowed, nor are
    event handlers, `javascript:` and attributes whose content nobody checks (`style`,
    `srcset` and others): a policy that names one is refused.

    Args:
        tags: The tags to keep, in lower case. Of other tags the content is kept.
        attributes: The attributes to keep, by tag; those under `"*"` on every tag.
        url_schemes: The schemes that URLs in `href`, `src` and the like may have.
        url_relative: `"pass"` keeps URLs without a scheme, `"deny"` drops them.
        link_rel: The `rel` of every link, or None to leave it to `attributes`.
        drop_content: Tags that go with all they contain.
        comments: Whether to keep comments.
        max_input: The longest input, in bytes as UTF-8, 1 to 67 108 864 (64 MiB).
        max_depth: How deep elements may be nested, 1 to 4096. Browsers end at 512,
            and what word processors paste is deep: do not set it low.

    Raises:
        PolicyError: A name cannot occur or must not be allowed, a limit is out of
            range, or one setting contradicts another; the message says which.

    >>> policy = Policy(tags={"b", "i"})
    >>> Sanitizer(policy).sanitize("<b onclick=x()>bold</b> <u>plain</u>")
    '<b>bold</b> plain'
    """

    #: Everything but text goes. The result is HTML: show it as such, or it has `&amp;`.
    TEXT_ONLY: ClassVar[Policy]
    #: What people write under an article: emphasis, links, lists, quotations, code.
    COMMENT: ClassVar[Policy]
    #: What authors write: headings, tables, images, and all of `COMMENT`.
    ARTICLE: ClassVar[Policy]
    #: What nh3 and ammonia allow by default.
    NH3: ClassVar[Policy]

    tags: frozenset[str]
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    url_schemes: frozenset[str] = frozenset({"http", "https", "mailto"})
    url_relative: Literal["pass", "deny"] = "pass"
    link_rel: str | None = "noopener noreferrer"
    drop_content: frozenset[str] = frozenset({"script", "style"})
    comments: bool = False
    max_input: int = 1 << 20
    max_depth: int = 512
    _engine: _rust.Sanitizer = field(init=False, repr=False, compare=False)

    if TYPE_CHECKING:

        def __init__(  # noqa: PLR0913 - by keyword
            self,
            *,
            tags: Iterable[str],
            attributes: Mapping[str, Iterable[str]] = ...,
            url_schemes: Iterable[str] = ...,
            url_relative: Literal["pass", "deny"] = ...,
            link_rel: str | None = ...,
            drop_content: Iterable[str] = ...,
            comments: bool = ...,
            max_input: int = ...,
            max_depth: int = ...,
        ) -> None: ...

    def __post_init__(self) -> None:
        attributes = {tag: _names(names) for tag, names in self.attributes.items()}
        put = object.__setattr__
        for name in ("tags", "url_schemes", "drop_content"):
            put(self, name, _names(getattr(self, name)))
        put(self, "attributes", MappingProxyType(attributes))
        settings = {**self._settings(), "attributes": attributes}
        put(self, "_engine", _rust.Sanitizer(**settings))

    def replace(self, **changes: Any) -> Policy:
        """Return a policy that differs in the arguments given.

        Raises:
            PolicyError: The new policy contradicts itself.
            TypeError: There is no such argument.

        >>> policy = Policy.COMMENT.replace(url_schemes={"https"})
        >>> Sanitizer(policy).sanitize('<a href="http://example.org/">insecure</a>')
        '<a rel="noopener noreferrer">insecure</a>'
        """
        return Policy(**{**self._settings(), **changes})

    def __hash__(self) -> int:
        settings = self._settings()
        settings["attributes"] = frozenset(self.attributes.items())
        return hash(tuple(settings.values()))

    def __reduce__(self) -> tuple[Any, ...]:
        # Copies and pickles are compiled anew.
        settings = self._settings()
        settings["attributes"] = dict(self.attributes)
        return _policy, (settings,)

    def _settings(self) -> dict[str, Any]:
        return {it.name: getattr(self, it.name) for it in fields(self) if it.init}


_COMMENT_TAGS = """
    a abbr b blockquote br cite code del em i ins kbd li mark ol p pre q s samp small
    strong sub sup u ul var
"""

_ARTICLE_TAGS = """
    article aside bdi bdo caption center col colgroup data dd details dfn div dl dt
    figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr img nav rp rt ruby
    section span strike summary table tbody td tfoot th thead time tr tt wbr
"""

_NH3_TAGS = """
    a abbr acronym area article aside b bdi bdo blockquote br caption center cite
    code col colgroup data dd del details dfn div dl dt em figcaption figure footer
    h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li map mark nav ol p pre q rp
    rt rtc ruby s samp small span strike strong sub summary sup table tbody td th
    thead time tr tt u ul var wbr
"""

_NH3_SCHEMES = """
    bitcoin ftp ftps geo http https im irc ircs magnet mailto mms mx news nntp
    openpgp4fpr sip sms smsto ssh tel url webcal wtai xmpp
"""

_ALIGNED = {"align", "char", "charoff"}
_CELL = {*_ALIGNED, "colspan", "headers", "rowspan"}
_EDIT = {"cite", "datetime"}

Policy.TEXT_ONLY = Policy(tags=())
Policy.COMMENT = Policy(
    tags=_COMMENT_TAGS.split(),
    attributes={"a": {"href", "title"}, "abbr": {"title"}, "*": {"dir", "lang"}},
)
Policy.ARTICLE = Policy.COMMENT.replace(
    tags=(_COMMENT_TAGS + _ARTICLE_TAGS).split(),
    attributes={
        "*": {"dir", "lang", "title"},
        "a": {"href", "hreflang"},
        "blockquote": {"cite"},
        "col": {"span"},
        "colgroup": {"span"},
        "data": {"value"},
        "del": _EDIT,
        "details": {"open"},
        "img": {"alt", "height", "loading", "src", "width"},
        "ins": _EDIT,
        "li": {"value"},
        "ol": {"reversed", "start", "type"},
        "q": {"cite"},
        "td": {"align", "colspan", "headers", "rowspan"},
        "th": {"abbr", "align", "colspan", "headers", "rowspan", "scope"},
        "time": {"datetime"},
    },
)
Policy.NH3 = Policy(
    tags=_NH3_TAGS.split(),
    attributes={
        "*": {"lang", "title"},
        "a": {"href", "hreflang"},
        "bdo": {"dir"},
        "blockquote": {"cite"},
        "col": {*_ALIGNED, "span"},
        "colgroup": {*_ALIGNED, "span"},
        "del": _EDIT,
        "hr": {"align", "size", "width"},
        "img": {"align", "alt", "height", "src", "width"},
        "ins": _EDIT,
        "ol": {"start"},
        "q": {"cite"},
        "table": {*_ALIGNED, "summary"},
        "tbody": _ALIGNED,
        "td": _CELL,
        "tfoot": _ALIGNED,
        "th": {*_CELL, "scope"},
        "thead": _ALIGNED,
        "tr": _ALIGNED,
    },
    url_schemes=_NH3_SCHEMES.split(),
)


class Sanitizer:
    """Sanitize under one policy, any number of times and from any thread.

    Args:
        policy: What to let through.

    >>> Sanitizer(Policy.COMMENT).sanitize("<p>Hello <img src=x onerror=alert(1)>")
    '<p>Hello </p>'
    """

    __slots__ = ("_engine", "policy")

    #: What is let through.
    policy: Policy

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._engine = policy._engine  # noqa: SLF001 - of this module

    def sanitize(self, html: str, /) -> str:
        """Return the part of `html` that the policy allows.

        Raises:
            InputTooLargeError: The input is longer than `max_input`, or would become
                many times larger or take disproportionately long.
            InputTooDeepError: Its elements are nested deeper than `max_depth`.
            InvalidInputError: It has a lone surrogate.
        """
        return self._engine.sanitize(html)

    def __repr__(self) -> str:
        return f"Sanitizer({self.policy!r})"


def sanitize(html: str, /, policy: Policy = Policy.COMMENT) -> str:
    """Return the part of `html` that a policy allows.

    Args:
        html: Untrusted HTML, or plain text.
        policy: What to let through.

    Raises:
        InputTooLargeError: The input is longer than the policy's `max_input`, or would
            become many times larger or take disproportionately long.
        InputTooDeepError: Its elements are nested deeper than the policy's `max_depth`.
        InvalidInputError: It has a lone surrogate.

    >>> sanitize('<a href="javascript:alert(1)">click</a> <script>alert(2)</script>')
    '<a rel="noopener noreferrer">click</a> '
    >>> sanitize("<h1>Title</h1>", policy=Policy.ARTICLE)
    '<h1>Title</h1>'
    """
    return policy._engine.sanitize(html)  # noqa: SLF001 - of this module


def escape(text: str, /) -> str:
    r"""Return text such that HTML shows it as it is, like `html.escape`.

    For text between tags and in quoted attributes; not for URLs, scripts, style sheets
    and attributes without quotes.

    Raises:
        InvalidInputError: The text has a lone surrogate.

    >>> escape("1 < 2 & \"3\"")
    '1 &lt; 2 &amp; &quot;3&quot;'
    """
    return _rust.escape_html(text)
