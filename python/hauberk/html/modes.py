"""Policies that do more than strip: modes, and callbacks of the application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from hauberk import _rust
from hauberk.exceptions import HtmlError, InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["AttributeFilter", "Element", "OnDisallowed", "Transform"]

#: What becomes of tags and comments that a policy does not allow.
OnDisallowed: TypeAlias = Literal["strip", "escape", "drop"]


class Element(NamedTuple):
    """An element that a `transform` is asked about, and what it returns."""

    tag: str
    attributes: dict[str, str]


#: Takes a tag, an attribute and its value; returns the value to keep, or None.
AttributeFilter: TypeAlias = "Callable[[str, str, str], str | None]"
#: Takes an element; returns it, another, or None to keep only its content.
Transform: TypeAlias = "Callable[[Element], Element | None]"


class ModeEngine:
    """Does what `_rust.Sanitizer` does, and then what a policy says on top."""

    __slots__ = ("_change", "_mode", "strip")

    def __init__(
        self,
        strip: _rust.Sanitizer,
        mode: OnDisallowed,
        attribute_filter: AttributeFilter | None,
        transform: Transform | None,
    ) -> None:
        self.strip = strip
        self._mode = mode
        self._change = _changes(attribute_filter, transform)

    def sanitize(self, html: str, /) -> str:
        """Return the part of `html` that the policy allows."""
        clean = _rust.sanitize_html_as(self.strip, html, self._mode)
        if self._change is None:
            return clean
        return _rust.rewrite_html(self.strip, clean, self._change)

    def sanitize_many(
        self,
        documents: list[str],
        threads: int,
        return_errors: bool,  # noqa: FBT001 - as the other engine
        /,
    ) -> list[str | Exception]:
        """Do so for each of many documents; callbacks run on this thread."""
        change = self._change
        if change is None:
            return self.strip.sanitize_many(
                documents, threads, return_errors, self._mode
            )
        results = self.strip.sanitize_many(
            documents,
            threads,
            True,  # noqa: FBT003 - has no names
            self._mode,
        )
        for place, clean in enumerate(results):
            try:
                if isinstance(clean, Exception):
                    raise clean
                results[place] = _rust.rewrite_html(self.strip, clean, change)
            except (HtmlError, InvalidInputError) as error:
                if not return_errors:
                    raise
                results[place] = error
        return results


_Change: TypeAlias = (
    "Callable[[str, list[tuple[str, str]]], tuple[str, list[tuple[str, str]]] | None]"
)


def _changes(
    attribute_filter: AttributeFilter | None, transform: Transform | None
) -> _Change | None:
    if attribute_filter is None and transform is None:
        return None

    def change(
        tag: str, attributes: list[tuple[str, str]]
    ) -> tuple[str, list[tuple[str, str]]] | None:
        element: Element | None = Element(tag, dict(attributes))
        if attribute_filter is not None:
            kept = {}
            for name, value in attributes:
                answer = attribute_filter(tag, name, value)
                if answer is not None:
                    kept[name] = answer
            element = Element(tag, kept)
        if transform is not None and element is not None:
            element = transform(element)
        return element and (element[0], list(element[1].items()))

    return change
