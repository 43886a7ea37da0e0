"""Links for the addresses in text."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from hauberk import _rust
from hauberk.html.profiles import Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["Link", "LinkCallback", "linkify"]


@dataclass(frozen=True)
class Link:
    """A link that a callback is asked about, and what it returns.

    Args:
        text: Its text. Another text replaces all that the link contains.
        attributes: Its attributes by name, `href` among them.
        is_new: Whether it was found in the text, rather than written as a link.
    """

    text: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    is_new: bool = True

    @property
    def href(self) -> str:
        """Where it leads; empty if it does not."""
        return self.attributes.get("href", "")

    def replace(self, *, text: str | None = None, **attributes: str | None) -> Link:
        """Return the link with another text or other attributes; None removes one.

        >>> Link("x", {"href": "/x", "title": "X"}).replace(href="/y", title=None)
        Link(text='x', attributes={'href': '/y'}, is_new=True)
        """
        changed: dict[str, str | None] = {**self.attributes, **attributes}
        kept = {name: value for name, value in changed.items() if value is not None}
        text = self.text if text is None else text
        return replace(self, text=text, attributes=kept)


#: Takes a link; returns it, another, or None for no link.
LinkCallback: TypeAlias = "Callable[[Link], Link | None]"


def linkify(
    html: str,
    /,
    *,
    callbacks: Iterable[LinkCallback] = (),
    email: bool = False,
    skip: Iterable[str] = ("a", "pre", "code"),
    rel: str | None = None,
    target: str | None = None,
    policy: Policy = Policy.ARTICLE,
) -> str:
    """Return HTML in which URLs are links.

    The input is sanitized under the policy, and so is what comes of it: whatever a
    callback returns, a tag, attribute, scheme or host that the policy does not allow is
    not in the output. A policy without `<a>` gives no links.

    Links are made of `http`, `https` and `ftp` URLs, of what begins with `www.`, and of
    names that end like `example.org` (though not like a file: `setup.py`), these under
    `https` if the policy allows it. Punctuation around a URL stays outside.

    Args:
        html: Untrusted HTML, or text in which `<` and `&` are HTML's.
        callbacks: Each takes a `Link` and returns it, another one or None for no link.
            They are asked about links that are there, too. What one raises is raised.
        email: Whether mail addresses become links, if the policy has `mailto`.
        skip: Tags whose text is left alone. Links always are.
        rel: The `rel` of every link; None for the policy's.
        target: The `target` of every link; None for the policy's.
        policy: What to let through.

    Raises:
        InvalidInputError: A callback returned an attribute that has no possible name.
        PolicyError: The policy leaves `rel` or `target` to the author, and you set it.
        HtmlError: As `sanitize`.

    >>> linkify("(example.org, setup.py)", rel="nofollow")
    '(<a href="https://example.org" rel="nofollow">example.org</a>, setup.py)'
    >>> linkify("see evil.example", callbacks=[lambda link: None])
    'see evil.example'
    """
    if rel is not None or target is not None:
        policy = _with(policy, rel, target)
    clean = policy._engine.sanitize(html)  # noqa: SLF001 - of this package
    return _rust.linkify_html(
        policy._strip,  # noqa: SLF001
        clean,
        email,
        frozenset(skip),
        _joined(tuple(callbacks)),
    )


def _with(policy: Policy, rel: str | None, target: str | None) -> Policy:
    variants: dict[Any, Policy] = policy._variants  # noqa: SLF001
    variant = variants.get((rel, target))
    if variant is None:
        changes = {"link_rel": rel, "link_target": target}
        variant = policy.replace(
            **{name: value for name, value in changes.items() if value is not None}
        )
        # Written by the application, so there are few; if there are many, none is kept.
        if len(variants) < _MAX_VARIANTS:
            variants[rel, target] = variant
    return variant


_MAX_VARIANTS = 16


def _joined(
    callbacks: tuple[LinkCallback, ...],
) -> Callable[[str, list[tuple[str, str]], bool], Any] | None:
    if not callbacks:
        return None

    def on_link(text: str, attributes: list[tuple[str, str]], is_new: bool) -> Any:  # noqa: FBT001
        link: Link | None = Link(text, dict(attributes), is_new)
        for callback in callbacks:
            if link is None:
                return None
            link = callback(link)
        return link and (link.text, list(link.attributes.items()))

    return on_link
