"""What HTML may hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias, TypeVar

from hauberk import _rust
from hauberk.exceptions import PolicyError
from hauberk.html.modes import (
    AttributeFilter,
    ModeEngine,
    OnDisallowed,
    Transform,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_Given = TypeVar("_Given")
_Frozen = TypeVar("_Frozen")

#: Names by the tag they belong to; those under `"*"` belong to every tag.
NamesByTag: TypeAlias = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Base:
    """Resolve relative URLs against this one: `Policy(url_relative=Base(url), …)`.

    Args:
        url: An absolute URL, of a scheme that the policy allows.
    """

    url: str


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What HTML may hold. Immutable, and checked and compiled when it is made.

    Script, style sheets, SVG and MathML are never allowed, nor are event handlers,
    `javascript:` and attributes whose content nobody checks (`srcset`, `ping` and
    others): a policy that names one is refused. `<iframe>` needs hosts of its own,
    `style` attributes need `styles`.

    Args:
        tags: The tags to keep, in lower case. Of other tags the content is kept.
        attributes: The attributes to keep, by tag; those under `"*"` on every tag.
            There, `"data-*"` stands for all that begin so.
        url_schemes: The schemes that URLs in `href`, `src`, `cite` and the like may
            have.
        url_hosts: The hosts that URLs may name, by tag, or as one collection for every
            tag: `{"iframe": {"video.example.org", "*.example.net"}}`. They are compared
            as browsers read them. URLs without a host stay if they are relative, or on
            links (`mailto:`). Tags without an entry may name any host.
        url_relative: `"pass"` keeps URLs without a scheme, `"deny"` drops them,
            `Base(url)` makes them absolute.
        on_disallowed: What becomes of tags that are not named: `"strip"` keeps their
            content, `"drop"` takes it with them, `"escape"` shows them, and comments,
            as text. The latter two build a tree, which takes ten times as long: they
            refuse more than 65 536 tags and references and one in 32 bytes.
        classes: The classes to keep, by tag. Do not name `class` in `attributes` too.
        styles: The CSS properties to keep in `style` attributes, on the tags whose
            `attributes` name `style`, or on all if none does. Values that could load
            what no other option judges go: `image-set()`, escapes, at-rules, `url()`
            or a string inside another function. URLs in `url()` need an allowed scheme,
            and go where `url_hosts` limits the tag.
        attribute_values: Attributes to keep if they have one of these values, in
            whatever case: `{"input": {"type": {"checkbox"}}}`.
        set_attributes: Attributes that every tag of a name gets, whatever its author
            wrote: `{"img": {"loading": "lazy"}}`. At most six for one tag.
        attribute_filter: Called with tag, attribute and value of each attribute that is
            kept; returns the value to keep, or None for no attribute.
        transform: Called with each `Element` that is kept; returns it, another, or None
            to keep only its content. Called after `attribute_filter`. What either
            returns passes the policy again, so it can narrow the policy and never widen
            it; what it raises is raised.
        link_rel: The `rel` of every link, or None to leave it to `attributes`.
        link_target: The `target` of every link, or None to leave it to `attributes`.
        id_prefix: What every `id` begins with afterwards, so that none takes the place
            of the page's own: an `id` becomes a property of the document. So does a
            `name`, which stays as it is.
        drop_content: Tags that go with all they contain.
        comments: Whether to keep comments.
        max_input: The longest input, in bytes as UTF-8, 1 to 67 108 864 (64 MiB).
        max_depth: How deep elements may be nested, 1 to 4096. Browsers end at 512,
            and what word processors paste is deep: do not set it low.
        max_attributes: How many attributes a tag may have, 1 to 1024.
        max_output: The longest output, in bytes as UTF-8, 1 to 67 108 864 (64 MiB).
        on_limit: What becomes of input above these: `"raise"` is an error, `"text"`
            keeps its text (of `max_output` at most) without any markup.

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
    #: The tags, attributes and schemes that bleach allows by default.
    BLEACH: ClassVar[Policy]

    tags: frozenset[str]
    attributes: NamesByTag = field(default_factory=dict)
    url_schemes: frozenset[str] = frozenset({"http", "https", "mailto"})
    url_hosts: NamesByTag | None = None
    url_relative: Literal["pass", "deny"] | Base = "pass"
    on_disallowed: OnDisallowed = "strip"
    classes: NamesByTag | None = None
    styles: frozenset[str] | None = None
    attribute_values: Mapping[str, NamesByTag] | None = None
    set_attributes: Mapping[str, Mapping[str, str]] | None = None
    attribute_filter: AttributeFilter | None = None
    transform: Transform | None = None
    link_rel: str | None = "noopener noreferrer"
    link_target: str | None = None
    id_prefix: str | None = None
    drop_content: frozenset[str] = frozenset({"script", "style"})
    comments: bool = False
    max_input: int = 1 << 20
    max_depth: int = 512
    max_attributes: int = 256
    max_output: int = 8 << 20
    on_limit: Literal["raise", "text"] = "raise"
    _engine: _rust.Sanitizer | ModeEngine = field(init=False, repr=False, compare=False)
    #: The same policy without modes and callbacks, which always has the last word.
    _strip: _rust.Sanitizer = field(init=False, repr=False, compare=False)
    _variants: dict[Any, Policy] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    if TYPE_CHECKING:

        def __init__(  # noqa: PLR0913 - by keyword
            self,
            *,
            tags: Iterable[str],
            attributes: Mapping[str, Iterable[str]] = ...,
            url_schemes: Iterable[str] = ...,
            url_hosts: Iterable[str] | Mapping[str, Iterable[str]] | None = ...,
            url_relative: Literal["pass", "deny"] | Base = ...,
            on_disallowed: OnDisallowed = ...,
            classes: Mapping[str, Iterable[str]] | None = ...,
            styles: Iterable[str] | None = ...,
            attribute_values: Mapping[str, Mapping[str, Iterable[str]]] | None = ...,
            set_attributes: Mapping[str, Mapping[str, str]] | None = ...,
            attribute_filter: AttributeFilter | None = ...,
            transform: Transform | None = ...,
            link_rel: str | None = ...,
            link_target: str | None = ...,
            id_prefix: str | None = ...,
            drop_content: Iterable[str] = ...,
            comments: bool = ...,
            max_input: int = ...,
            max_depth: int = ...,
            max_attributes: int = ...,
            max_output: int = ...,
            on_limit: Literal["raise", "text"] = ...,
        ) -> None: ...

    def __post_init__(self) -> None:
        for name, freeze in _FREEZE.items():
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, freeze(value))
        strip = _rust.Sanitizer(self._compilable())
        object.__setattr__(self, "_strip", strip)
        object.__setattr__(self, "_engine", self._with_modes(strip))

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

    def to_dict(self) -> dict[str, Any]:
        """Return what differs from the defaults, as JSON and TOML can hold it.

        Raises:
            PolicyError: The policy has a callback, which no file can hold.

        >>> Policy(tags={"b", "a"}, attributes={"a": {"href"}}).to_dict()
        {'tags': ['a', 'b'], 'attributes': {'a': ['href']}}
        """
        if self._callbacks() != _NO_CALLBACKS:
            raise PolicyError("A policy with callbacks cannot be written down.")
        return self._written()

    def _written(self) -> dict[str, Any]:
        defaults = Policy(tags=())
        return {
            name: _plain(value)
            for name, value in self._settings().items()
            if name not in _NO_CALLBACKS
            and (name == "tags" or value != getattr(defaults, name))
        }

    @classmethod
    def from_dict(cls, settings: Mapping[str, Any]) -> Policy:
        """Return the policy that `to_dict` wrote, or a settings file holds.

        Raises:
            PolicyError: It contradicts itself.
            TypeError: It has an unknown setting, or one of the wrong type.

        >>> Policy.from_dict({"tags": ["b"], "url_relative": {"base": "https://x.org"}})
        ... # doctest: +ELLIPSIS
        Policy(tags=frozenset({'b'}), ...url_relative=Base(url='https://x.org'), ...)
        """
        settings = dict(settings)
        relative = settings.get("url_relative")
        if isinstance(relative, Mapping):
            if set(relative) != {"base"}:
                message = "The url_relative is 'pass', 'deny' or {'base': <URL>}."
                raise PolicyError(message)
            settings["url_relative"] = Base(relative["base"])
        return cls(**settings)

    def __hash__(self) -> int:
        return hash(json.dumps(self._written(), sort_keys=True))

    def __reduce__(self) -> tuple[Any, ...]:
        # Copies and pickles are compiled anew.
        return Policy.from_dict, ({**self._written(), **self._callbacks()},)

    def _callbacks(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _NO_CALLBACKS}

    def _with_modes(self, strip: _rust.Sanitizer) -> _rust.Sanitizer | ModeEngine:
        if self.on_disallowed not in _MODES:
            raise PolicyError('The on_disallowed is "strip", "escape" or "drop".')
        for name, callback in self._callbacks().items():
            if callback is not None and not callable(callback):
                raise TypeError(f"The {name} is no function.")
        if self.on_disallowed == "strip" and self._callbacks() == _NO_CALLBACKS:
            return strip
        return ModeEngine(
            strip, self.on_disallowed, self.attribute_filter, self.transform
        )

    def _settings(self) -> dict[str, Any]:
        return {it.name: getattr(self, it.name) for it in fields(self) if it.init}

    def _compilable(self) -> Any:
        settings = {
            name: _thawed(value)
            for name, value in self._settings().items()
            if name not in _NO_CALLBACKS and name != "on_disallowed"
        }
        for name in _LIMITS:
            # What no machine counts to is out of range like any other.
            if isinstance(settings[name], int):
                settings[name] = max(min(settings[name], _COUNTABLE), -1)
        settings |= {"url_base": None, "lenient": False}
        if isinstance(self.url_relative, Base):
            settings |= {"url_relative": "base", "url_base": self.url_relative.url}
        for name in ("url_hosts", "classes", "attribute_values", "set_attributes"):
            settings[name] = settings[name] or {}
        return settings


def _names(names: Iterable[str]) -> frozenset[str]:
    if isinstance(names, str):
        message = (
            "Expected a collection of names, not a str, whose items are characters."
        )
        raise TypeError(message)
    return frozenset(names)


def _by_tag(names: Mapping[str, Iterable[str]]) -> NamesByTag:
    return _each(names, _names)


def _hosts(hosts: Iterable[str] | Mapping[str, Iterable[str]]) -> NamesByTag:
    return _by_tag(hosts if isinstance(hosts, Mapping) else {"*": hosts})


def _values(
    values: Mapping[str, Mapping[str, Iterable[str]]],
) -> Mapping[str, NamesByTag]:
    return _each(values, _by_tag)


def _texts(
    texts: Mapping[str, Mapping[str, str]],
) -> Mapping[str, Mapping[str, str]]:
    return _each(texts, lambda text: _each(text, lambda value: value))


def _each(
    values: Mapping[str, _Given] | Iterable[object], freeze: Callable[[_Given], _Frozen]
) -> Mapping[str, _Frozen]:
    if not isinstance(values, Mapping):
        message = f"Expected a dictionary by tag, not {type(values).__name__}."
        raise TypeError(message)
    return MappingProxyType({name: freeze(value) for name, value in values.items()})


def _thawed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _thawed(item) for key, item in value.items()}
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Base):
        return {"base": value.url}
    if isinstance(value, Mapping):
        return {key: _plain(value[key]) for key in sorted(value)}
    if isinstance(value, frozenset):
        return sorted(value)
    return value


_FREEZE = {
    "tags": _names,
    "attributes": _by_tag,
    "url_schemes": _names,
    "url_hosts": _hosts,
    "classes": _by_tag,
    "styles": _names,
    "attribute_values": _values,
    "set_attributes": _texts,
    "drop_content": _names,
}
_LIMITS = ("max_input", "max_depth", "max_attributes", "max_output")
_COUNTABLE = (1 << 63) - 1
_NO_CALLBACKS = {"attribute_filter": None, "transform": None}
_MODES = ("strip", "escape", "drop")
