"""Less of it: plain text, and the beginning of HTML."""

from __future__ import annotations

from hauberk import _rust
from hauberk.html.profiles import Policy

__all__ = ["text", "truncate"]


def text(html: str, /, *, max_length: int | None = None) -> str:
    r"""Escape what this returns before it is shown: it is plain text, never safe HTML.

    For search indexes, mail, notifications and previews. Blocks and `<br>` become
    lines, table cells are parted by a tab, other white space is joined as in a browser.
    The content of scripts, style sheets, SVG and the like is not part of it.

    Args:
        html: Any HTML, of any depth.
        max_length: How many characters to return at most. What is cut off ends in "…",
            between two words where there is a space near.

    Raises:
        InputTooLargeError: A tag has more than 256 attributes, or there are more than
            65 536 tags and references and one in 16 bytes.
        InvalidInputError: It has a lone surrogate.
        OverflowError: `max_length` is negative.

    >>> text("<h1>Tea &amp; cake</h1><p>One <b>bold</b> word &lt;b&gt;")
    'Tea & cake\nOne bold word <b>'
    >>> text("<p>One bold word</p>", max_length=9)
    'One bold…'
    """
    return _rust.html_text(html, max_length)


def truncate(
    html: str, length: int, /, *, ellipsis: str = "…", policy: Policy = Policy.ARTICLE
) -> str:
    """Return the beginning of HTML, with all that is open closed.

    The input is sanitized under the policy, and so is what comes of it.

    Args:
        html: Untrusted HTML.
        length: How many characters of text to keep at most, the ellipsis among them if
            anything is cut off. A character reference is one.
        ellipsis: Text to end with.
        policy: What to let through.

    Raises:
        OverflowError: `length` is negative.
        HtmlError: As `sanitize`.

    >>> truncate("<p>One <b>bold word</b> and more</p>", 9)
    '<p>One <b>bold…</b></p>'
    """
    clean = policy._engine.sanitize(html)  # noqa: SLF001 - of this package
    return _rust.truncate_html(policy._strip, clean, length, ellipsis)  # noqa: SLF001
