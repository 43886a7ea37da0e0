"""Text as HTML."""

from hauberk import _rust


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
