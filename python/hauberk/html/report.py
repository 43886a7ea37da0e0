"""What a policy did not let through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["Kind", "Removal", "Report"]

Kind: TypeAlias = Literal[
    "attribute", "class", "comment", "declaration", "document", "element", "tag"
]


@dataclass(frozen=True, slots=True)
class Removal:
    """Something that a policy did not let through.

    Args:
        kind: `"tag"` (its content stayed), `"element"` (with its content),
            `"attribute"` and `"class"` (of a tag that stayed), `"comment"`,
            `"declaration"` (a document type), or `"document"` (all markup of one that
            is over a limit, under `on_limit="text"`).
        name: Of the tag, attribute or class, as the parser reads it; empty for
            others and for a tag that the input does not finish.
        position: The index in the input at which the tag, the attribute's tag, or the
            comment begins.
    """

    kind: Kind
    name: str
    position: int


@dataclass(frozen=True)
class Report:
    """Sanitized HTML and what is not in it.

    Args:
        html: What `sanitize` returns.
        removed: What the policy did not let through, in the order of the input. Under
            `on_disallowed="escape"` tags and comments among it became text. Not listed
            are end tags, attributes of what went itself, tags that HTML's parser
            ignores where they stand (a `<td>` outside of a table), CSS declarations
            that went out of a `style` that stayed, and what a `transform` or an
            `attribute_filter` took out.
    """

    html: str
    removed: tuple[Removal, ...]
