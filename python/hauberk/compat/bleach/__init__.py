"""A drop-in for bleach: `from hauberk.compat import bleach` for `import bleach`.

`clean`, `linkify` and the classes behind them take what bleach 6.4 takes and give what
it gives, on another parser: html5ever for html5lib, which builds the trees of today's
browsers. URLs whose scheme a browser would see and bleach would not are refused, and an
input that would take disproportionately long is an `HtmlError`. bleach's own tests run
against this package.

New code is better served by `hauberk.html`, whose policies cannot allow scripts, and
which is an order of magnitude faster.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hauberk.compat.bleach.linkifier import DEFAULT_CALLBACKS as DEFAULT_CALLBACKS
from hauberk.compat.bleach.linkifier import Linker as Linker
from hauberk.compat.bleach.sanitizer import ALLOWED_ATTRIBUTES as ALLOWED_ATTRIBUTES
from hauberk.compat.bleach.sanitizer import ALLOWED_PROTOCOLS as ALLOWED_PROTOCOLS
from hauberk.compat.bleach.sanitizer import ALLOWED_TAGS as ALLOWED_TAGS
from hauberk.compat.bleach.sanitizer import Cleaner as Cleaner

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hauberk.compat.bleach.css_sanitizer import CSSSanitizer
    from hauberk.compat.bleach.linkifier import Callback
    from hauberk.compat.bleach.sanitizer import Attributes

__all__ = ["clean", "linkify"]

#: The version of bleach whose interface this is.
__version__ = "6.4.0"


def clean(
    text: str,
    tags: Iterable[str] = ALLOWED_TAGS,
    attributes: Attributes = ALLOWED_ATTRIBUTES,
    protocols: Iterable[str] = ALLOWED_PROTOCOLS,
    strip: bool = False,
    strip_comments: bool = True,
    css_sanitizer: CSSSanitizer | None = None,
) -> str:
    """Return HTML with only the tags, attributes and protocols that are allowed.

    Args:
        text: Untrusted HTML.
        tags: The tags to keep.
        attributes: The attributes to keep: by tag, as one list, or a function.
        protocols: The schemes that URLs may have.
        strip: Whether other tags go; otherwise they become text.
        strip_comments: Whether comments go.
        css_sanitizer: What `style` attributes pass; without, they are emptied.

    Raises:
        InputTooLargeError: It is longer than 4 MiB, has more than 16 384 tags and
            references and one in 32 bytes, or would take disproportionately long.
        InputTooDeepError: Elements are nested more than 1024 deep.
        TypeError: `text` is no text.

    >>> clean("an <script>evil()</script> <b onclick=x()>example</b>")
    'an &lt;script&gt;evil()&lt;/script&gt; <b>example</b>'
    """
    cleaner = Cleaner(
        tags, attributes, protocols, strip, strip_comments, None, css_sanitizer
    )
    return cleaner.clean(text)


def linkify(
    text: str,
    callbacks: Iterable[Callback] | None = DEFAULT_CALLBACKS,
    skip_tags: Iterable[str] | None = None,
    parse_email: bool = False,
) -> str:
    """Return HTML in which URLs are links; like bleach's, this does not sanitize.

    Args:
        text: Trusted HTML, or what `clean` returned.
        callbacks: What each link, old and new, passes.
        skip_tags: The tags whose text is left alone.
        parse_email: Whether mail addresses become links.

    Raises:
        InputTooLargeError: It would take disproportionately long.
        TypeError: `text` is no text.

    >>> linkify("see example.com")
    'see <a href="http://example.com" rel="nofollow">example.com</a>'
    """
    return Linker(callbacks, skip_tags, parse_email).linkify(text)
