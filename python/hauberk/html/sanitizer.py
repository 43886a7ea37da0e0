"""Sanitizing under a policy."""

from __future__ import annotations

from hauberk.html.profiles import Policy


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
    return policy._engine.sanitize(html)  # noqa: SLF001 - of this package
