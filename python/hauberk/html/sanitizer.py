"""Sanitizing under a policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from hauberk import _rust
from hauberk.html.profiles import Policy
from hauberk.html.report import Removal, Report

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hauberk.exceptions import HtmlError, InvalidInputError


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
        self._engine = policy._engine  # noqa: SLF001 - of this package

    def sanitize(self, html: str, /) -> str:
        """Return the part of `html` that the policy allows.

        Raises:
            InputTooLargeError: The input is longer than `max_input`, or would become
                many times larger or take disproportionately long.
            InputTooDeepError: Its elements are nested deeper than `max_depth`.
            InvalidInputError: It has a lone surrogate.

        Where nothing is to be changed, the result is the very same object.
        """
        return self._engine.sanitize(html)

    def report(self, html: str, /) -> Report:
        """Return what `sanitize` returns, and what it did not let through.

        Slower than `sanitize`: for moderation, tests and finding the right policy.

        Raises:
            HtmlError: As `sanitize`; also if there are more than 65 536 removals, or
                more tags and references than that and one in 32 bytes.

        >>> report = Sanitizer(Policy.COMMENT).report("<p onclick=x()>Hi<!-- x -->")
        >>> report.html
        '<p>Hi</p>'
        >>> report.removed  # doctest: +NORMALIZE_WHITESPACE
        (Removal(kind='attribute', name='onclick', position=0),
         Removal(kind='comment', name='', position=17))
        """
        clean = self._engine.sanitize(html)
        removals = _rust.html_removals(
            self.policy._strip,  # noqa: SLF001 - of this package
            html,
            self.policy.on_disallowed,
        )
        return Report(clean, tuple(Removal(*removal) for removal in removals))  # type: ignore[arg-type]

    @overload
    def sanitize_many(
        self,
        documents: Iterable[str],
        /,
        *,
        threads: int = 1,
        on_error: Literal["raise"] = "raise",
    ) -> list[str]: ...
    @overload
    def sanitize_many(
        self,
        documents: Iterable[str],
        /,
        *,
        threads: int = 1,
        on_error: Literal["return"],
    ) -> list[str | HtmlError | InvalidInputError]: ...
    def sanitize_many(
        self,
        documents: Iterable[str],
        /,
        *,
        threads: int = 1,
        on_error: Literal["raise", "return"] = "raise",
    ) -> list[Any]:
        """Return the part of each document that the policy allows, in their order.

        Args:
            documents: Untrusted HTML, any number.
            threads: On how many threads, 1 to 64. They end with the call. Callbacks of
                the policy run on the calling thread.
            on_error: `"raise"` ends with the first error, `"return"` puts each in the
                place of its document's result.

        Raises:
            InputTooLargeError: As `sanitize`.
            InputTooDeepError: As `sanitize`.
            InvalidInputError: A document has a lone surrogate, or `threads` is out of
                range.
            ValueError: There is no such `on_error`.

        >>> Sanitizer(Policy.COMMENT).sanitize_many(["<b>x", "<script>y</script>z"])
        ['<b>x</b>', 'z']
        """
        if on_error not in {"raise", "return"}:
            message = 'Expected on_error to be "raise" or "return".'
            raise ValueError(message)
        return self._engine.sanitize_many(
            list(documents), threads, on_error == "return"
        )

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
    return policy._engine.sanitize(html)  # noqa: SLF001 - of this package
