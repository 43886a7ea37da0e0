"""What `linkify` is made of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote

from hauberk.compat.bleach import callbacks as linkify_callbacks
from hauberk.compat.bleach import html5lib_shim
from hauberk.compat.bleach.html5lib_shim import Filter, Token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hauberk.compat.bleach.callbacks import Attrs

__all__ = [
    "DEFAULT_CALLBACKS",
    "EMAIL_RE",
    "TLDS",
    "URL_RE",
    "Linker",
    "LinkifyFilter",
    "build_email_re",
    "build_url_re",
]

#: Takes the attributes of a link and whether it is new; returns them, or None.
Callback: TypeAlias = "Callable[..., Attrs | None]"

DEFAULT_CALLBACKS: list[Callback] = [linkify_callbacks.nofollow]

_DOMAINS = """
    ac ad ae aero af ag ai al am an ao aq ar arpa as asia at au aw ax az ba bb bd be bf
    bg bh bi biz bj bm bn bo br bs bt bv bw by bz ca cat cc cd cf cg ch ci ck cl cm cn
    co com coop cr cu cv cx cy cz de dj dk dm do dz ec edu ee eg er es et eu fi fj fk fm
    fo fr ga gb gd ge gf gg gh gi gl gm gn gov gp gq gr gs gt gu gw gy hk hm hn hr ht hu
    id ie il im in info int io iq ir is it je jm jo jobs jp ke kg kh ki km kn kp kr kw
    ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mil mk ml mm mn mo mobi mp
    mq mr ms mt mu museum mv mw mx my mz na name nc ne net nf ng ni nl no np nr nu nz om
    org pa pe pf pg ph pk pl pm pn post pr pro ps pt pw py qa re ro rs ru rw sa sb sc sd
    se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tel tf tg th tj tk tl tm
    tn to tp tr travel tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws xn xxx
    ye yt yu za zm zw
"""

#: Top-level domains, longer ones before those that they begin with.
TLDS = sorted(_DOMAINS.split(), reverse=True)


def build_url_re(
    tlds: Iterable[str] = TLDS,
    protocols: Iterable[str] = html5lib_shim.allowed_protocols,
) -> re.Pattern[str]:
    """Return the expression that finds URLs, for other domains and protocols.

    Names and their parts are bounded, so that no text takes quadratic time.
    """
    domains = "|".join(sorted(tlds, reverse=True))
    schemes = "|".join(sorted(protocols, reverse=True))
    user = r"(?:(?:\w{1,64}:)?\w{1,64}@)?"
    return re.compile(
        rf"""
        \(*
        \b (?<![@.])
        (?: (?:{schemes}) :/{{0,3}} {user} )?
        (?: [\w-]{{1,63}}+ \. (?=\w) ){{1,32}}+
        (?:{domains}) (?: :[0-9]+ )? (?!\.\w) \b
        (?: [/?] [^\s{{}}|\\^`<>"]* )?
        """,
        re.IGNORECASE | re.VERBOSE,
    )


URL_RE = build_url_re()

PROTO_RE = re.compile(r"^[\w-]+:/{0,3}", re.IGNORECASE)


def build_email_re(tlds: Iterable[str] = TLDS) -> re.Pattern[str]:
    """Return the expression that finds mail addresses, for other domains.

    The parts are as long as RFC 5321 lets them be: no text takes quadratic time.
    """
    domains = "|".join(sorted(tlds, reverse=True))
    atom = r"[-!\#$%&'*+/=?^_`{}|~0-9A-Z]{1,64}"
    return re.compile(
        rf"""
        (?<!//)
        (
            (
                {atom} (?: \. {atom} ){{0,16}}
              | ^ " (?: [\001-\010\013\014\016-\037!\#-\[\]-\177]
                  | \\ [\001-\011\013\014\016-\177] ){{0,64}} "
            )
            @ (?: [A-Z0-9] (?: [A-Z0-9-]{{0,61}} [A-Z0-9] )? \. ){{1,32}} (?:{domains})
        )
        """,
        re.IGNORECASE | re.MULTILINE | re.VERBOSE,
    )


EMAIL_RE = build_email_re()


class Linker:
    """Find the URLs in any number of texts. This does not sanitize.

    Args:
        callbacks: What each link, old and new, passes.
        skip_tags: The tags whose text is left alone.
        parse_email: Whether mail addresses become links.
        url_re: Finds URLs.
        email_re: Finds mail addresses.
        recognized_tags: The tags; what else looks like one becomes text.

    >>> Linker(callbacks=[]).linkify("<b>example.com</b>")
    '<b><a href="http://example.com">example.com</a></b>'
    """

    def __init__(
        self,
        callbacks: Iterable[Callback] | None = DEFAULT_CALLBACKS,
        skip_tags: Iterable[str] | None = None,
        parse_email: bool = False,
        url_re: re.Pattern[str] = URL_RE,
        email_re: re.Pattern[str] = EMAIL_RE,
        recognized_tags: Iterable[str] = html5lib_shim.HTML_TAGS,
    ) -> None:
        self.callbacks = callbacks
        self.skip_tags = skip_tags
        self.parse_email = parse_email
        self.url_re = url_re
        self.email_re = email_re
        self.recognized_tags = frozenset(recognized_tags)

    def linkify(self, text: str) -> str:
        """Return the text with links.

        Raises:
            InputTooLargeError: It would take disproportionately long.
            TypeError: It is no text.
        """
        if not isinstance(text, str):
            raise TypeError("argument must be of text type")
        tokens = LinkifyFilter(
            html5lib_shim.parse(text, self.recognized_tags, strip=False),
            self.callbacks,
            self.skip_tags,
            self.parse_email,
            self.url_re,
            self.email_re,
        )
        return html5lib_shim.serialize(tokens)


class LinkifyFilter(Filter):
    """A stream of tokens in which the URLs of another one are links.

    Args:
        source: The other stream.
        callbacks: What each link, old and new, passes.
        skip_tags: The tags whose text is left alone.
        parse_email: Whether mail addresses become links.
        url_re: Finds URLs.
        email_re: Finds mail addresses.
    """

    def __init__(
        self,
        source: Iterable[Token],
        callbacks: Iterable[Callback] | None = DEFAULT_CALLBACKS,
        skip_tags: Iterable[str] | None = None,
        parse_email: bool = False,
        url_re: re.Pattern[str] = URL_RE,
        email_re: re.Pattern[str] = EMAIL_RE,
    ) -> None:
        super().__init__(source)
        self.callbacks = list(callbacks or [])
        self.skip_tags = frozenset(skip_tags or ())
        self.parse_email = parse_email
        self.url_re = url_re
        self.email_re = email_re

    def __iter__(self) -> Iterator[Token]:
        skipping: str | None = None
        link: list[Token] = []
        for token in super().__iter__():
            kind, name = token["type"], token.get("name")
            if link:
                link.append(token)
                if kind == "EndTag" and name == "a":
                    yield from self._old_link(link)
                    link = []
                continue
            if kind == "StartTag" and name == "a":
                link = [token]
                continue
            if kind in ("StartTag", "EmptyTag") and name in self.skip_tags:
                skipping = name
            elif kind == "EndTag" and name == skipping:
                skipping = None
            yield from self._linked(token) if skipping is None else _parts(token)
        yield from link

    def _linked(self, token: Token) -> Iterable[Token]:
        return self._text(token["data"]) if token["type"] == "Characters" else [token]

    def apply_callbacks(self, attrs: Attrs, is_new: bool) -> Attrs | None:
        """Return what the callbacks make of a link, None for no link."""
        changed: Attrs | None = attrs
        for callback in self.callbacks:
            if changed is None:
                return None
            changed = callback(changed, is_new)
        return changed

    def _text(self, text: str) -> Iterator[Token]:
        end = 0
        if self.parse_email:
            for found in self.email_re.finditer(text):
                yield from self._urls(text[end : found.start()])
                local, _, domain = found[0].rpartition("@")
                # RFC 6068, section 2.
                yield from self._new_link(f"mailto:{quote(local)}@{domain}", found[0])
                end = found.end()
        yield from self._urls(text[end:])

    def _urls(self, text: str) -> Iterator[Token]:
        end = 0
        for found in self.url_re.finditer(text):
            before, url, behind = _without_punctuation(found[0])
            yield from html5lib_shim.references(text[end : found.start()] + before)
            href = url if PROTO_RE.match(url) else f"http://{url}"
            yield from self._new_link(href, url)
            yield from html5lib_shim.references(behind)
            end = found.end()
        yield from html5lib_shim.references(text[end:])

    def _new_link(self, href: str, text: str) -> Iterator[Token]:
        attrs = self.apply_callbacks({(None, "href"): href, "_text": text}, True)
        if attrs is None:
            yield from html5lib_shim.references(text)
            return
        text = str(attrs.pop("_text", ""))
        yield {"type": "StartTag", "name": "a", "namespace": None, "data": attrs}
        yield from html5lib_shim.references(text)
        yield {"type": "EndTag", "name": "a", "namespace": None}

    def _old_link(self, link: list[Token]) -> Iterator[Token]:
        start, *content, end = link
        content = [part for token in content for part in _parts(token)]
        text = "".join(
            token["data"] for token in content if token["type"] == "Characters"
        )
        attrs = self.apply_callbacks({**start["data"], "_text": text}, False)
        if attrs is None:
            yield {"type": "Characters", "data": text}
            return
        changed: Any = attrs.pop("_text", "")
        yield {**start, "data": attrs}
        if changed == text:
            yield from content
        else:
            yield {"type": "Characters", "data": str(changed)}
        yield end


def _parts(token: Token) -> Iterable[Token]:
    if token["type"] == "Characters":
        return html5lib_shim.references(token["data"])
    return [token]


def _without_punctuation(url: str) -> tuple[str, str, str]:
    """Cut off the parentheses around a URL and the punctuation behind it."""
    before = behind = ""
    while url:
        if url.startswith("("):
            before, url = before + "(", url[1:]
            if url.endswith(")"):
                behind, url = ")" + behind, url[:-1]
        elif url.endswith((",", ".")) or (url.endswith(")") and "(" not in url):
            behind, url = url[-1] + behind, url[:-1]
        else:
            break
    return before, url, behind
