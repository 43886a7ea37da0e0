"""What an application's functions are asked, and what becomes of their answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hauberk import _rust
from hauberk.exceptions import PolicyError

if TYPE_CHECKING:
    from collections.abc import Callable


def url_relative(
    setting: Any,
) -> tuple[dict[str, Any], Callable[[str], str | None] | None]:
    """Return what the engine does with relative URLs, and what is done by function."""
    match setting:
        case None | "pass_through":
            return {"url_relative": "pass", "url_base": None}, None
        case "deny":
            return {"url_relative": "deny", "url_base": None}, None
        case ("rewrite_with_base", str() as base):
            return {"url_relative": "base", "url_base": base}, None
        case ("rewrite_with_root", str() as root, str() as path):
            _rust.join_url(root, "")
            return {"url_relative": "pass", "url_base": None}, _below(root, path)
        case str() | tuple():
            raise PolicyError(f"There is no url_relative {setting!r}.")
        case _ if callable(setting):
            return {"url_relative": "pass", "url_base": None}, setting
    raise TypeError("url_relative must be a string, a tuple, or a callable")


def _below(root: str, path: str) -> Callable[[str], str | None]:
    def rewrite(url: str) -> str | None:
        try:
            if url.startswith("//"):
                return _rust.join_url(root, url)
            if url.startswith("/"):
                return _rust.join_url(root, url[1:] or ".")
            return _rust.join_url(_rust.join_url(root, path), url)
        except ValueError:
            return None

    return rewrite


def changes(
    attribute_filter: Callable[[str, str, str], str | None] | None,
    rewrite: Callable[[str], str | None] | None,
) -> Any:
    """Return what is done with each element, for `_rust.rewrite_html`."""

    def change(tag: str, attributes: list[tuple[str, str]]) -> Any:
        kept = []
        for name, given in attributes:
            value: str | None = given
            if attribute_filter is not None:
                it = (tag, name, given)
                value = _asked("attribute_filter", attribute_filter, it, it)
            if (
                rewrite is not None
                and value is not None
                and _rust.is_url_attribute(tag, name)
                and _is_relative(value)
            ):
                value = _asked("url_relative callback", rewrite, (value,), None)
            if value is not None:
                kept.append((name, value))
        return tag, kept

    return change


def _asked(
    name: str, callback: Callable[..., Any], arguments: tuple[str, ...], place: Any
) -> str | None:
    """Return a callback's answer; None if it has none, which is reported."""
    try:
        answer = callback(*arguments)
    except Exception as error:  # noqa: BLE001 - as nh3 does
        _rust.report_unraisable(error, place)
        return None
    if answer is None or isinstance(answer, str):
        return answer
    wrong = TypeError(f"expected {name} to return str or None")
    _rust.report_unraisable(wrong, place)
    return None


def _is_relative(url: str) -> bool:
    # As browsers read URLs: without surrounding white space, tabs and line breaks.
    return not _SCHEME.match(_IGNORED.sub("", url))


_IGNORED = re.compile(r"\A[\0-\x20]+|[\t\n\r]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
