"""What HTML may hold."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from hauberk import _rust

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


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

    >>> from hauberk.html import Sanitizer
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

        >>> from hauberk.html import Sanitizer
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


def _names(names: Iterable[str]) -> frozenset[str]:
    if isinstance(names, str):
        message = (
            "Expected a collection of names, not a str, whose items are characters."
        )
        raise TypeError(message)
    return frozenset(names)


def _policy(settings: dict[str, Any]) -> Policy:
    return Policy(**settings)
