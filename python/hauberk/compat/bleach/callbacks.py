"""What links can pass in `linkify`."""

from __future__ import annotations

from typing import Any, TypeAlias

__all__ = ["nofollow", "target_blank"]

#: A link's attributes under `(namespace, name)`, and its text under `"_text"`.
Attrs: TypeAlias = dict[Any, str]

_HREF = (None, "href")
_REL = (None, "rel")
_TARGET = (None, "target")


def nofollow(attrs: Attrs, new: bool = False) -> Attrs:  # noqa: ARG001
    """Add `nofollow` to the `rel` of a link, unless it is to a mailbox.

    >>> nofollow({(None, "href"): "/x"})
    {(None, 'href'): '/x', (None, 'rel'): 'nofollow'}
    """
    if _leads_to_a_page(attrs):
        relations = attrs.get(_REL, "").split()
        if "nofollow" not in (relation.lower() for relation in relations):
            relations.append("nofollow")
        attrs[_REL] = " ".join(relations)
    return attrs


def target_blank(attrs: Attrs, new: bool = False) -> Attrs:  # noqa: ARG001
    """Let a link open a new window, unless it is to a mailbox.

    >>> target_blank({(None, "href"): "/x"})
    {(None, 'href'): '/x', (None, 'target'): '_blank'}
    """
    if _leads_to_a_page(attrs):
        attrs[_TARGET] = "_blank"
    return attrs


def _leads_to_a_page(attrs: Attrs) -> bool:
    return _HREF in attrs and not attrs[_HREF].startswith("mailto:")
