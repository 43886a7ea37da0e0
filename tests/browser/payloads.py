r"""Attempts to run a script, to fetch something or to send the reader elsewhere.

One function yields one class of attack, written from how HTML, CSS and URLs are parsed.
A script of a payload calls `alert(…)`; what must not be fetched lies under `/attack/`;
an image that is meant to fail, so that `onerror` runs, under `/image/`.

Browsers of today ignore some payloads, which are kept because others did not:
`fires=False`. Some are harmless as they stand and dangerous once a careless filter has
removed a part: `control` is what it would leave.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["PAYLOADS", "Payload"]


@dataclass(frozen=True)
class Payload:
    """One attempt.

    Args:
        html: What a hostile user submits.
        fires: Whether a browser of today acts on it.
        control: What shows that it would be noticed, by default the payload itself.
        name: The class of attack and a number.
    """

    html: str
    fires: bool = True
    control: str | None = None
    name: str = ""

    @property
    def raw(self) -> str:
        """What the control run puts into the page."""
        return self.html if self.control is None else self.control


def event_handlers() -> Iterator[Payload]:
    """Yield attributes that hold a script."""
    for event in _EVENTS:
        fires = event not in _NO_ATTRIBUTE
        yield Payload(f"<b on{event}=alert(1)>x</b>", fires=fires)
    for tag in [
        "a",
        "abbr",
        "div",
        "details",
        "em",
        "li",
        "marquee",
        "p",
        "pre",
        "span",
        "table",
        "ul",
        "video",
        "x-y",
    ]:
        yield Payload(f"<{tag} onclick=alert(1)>x</{tag}>")
    yield Payload("<img src=/image/x onerror=alert(1)>")
    yield Payload("<img src=/image/x onerror=alert`1`>")
    yield Payload("<img src=\"/image/x\" onerror=\"window['al'+'ert'](1)\">")
    yield Payload("<image src=/image/x onerror=alert(1)>")
    yield Payload("<body onload=alert(1)>", control="<svg onload=alert(1)>")
    yield Payload("<input autofocus onfocus=alert(1)>")
    yield Payload("<a tabindex=1 id=f onfocus=alert(1) autofocus>x</a>")
    yield Payload("<details open ontoggle=alert(1)>x</details>")
    yield Payload("<video><source onerror=alert(1) src=/image/v></video>")
    yield Payload("<audio src=/image/a onerror=alert(1)></audio>")
    yield Payload(
        "<style>@keyframes k{}</style><b style='animation:k 1s' onanimationstart=alert(1)>x</b>"
    )
    yield Payload(
        "<dialog open onclose=alert(1)><form method=dialog><button>x</button></form></dialog>"
    )
    yield Payload(
        "<p popover id=p onbeforetoggle=alert(1)>x</p><button popovertarget=p>y</button>"
    )


def written_oddly() -> Iterator[Payload]:
    """Yield handlers behind every way to write a tag or an attribute."""
    handler = "onerror=alert(1)"
    for before in (
        "/",
        "//",
        "\t",
        "\n",
        "\r",
        "\f",
        "\r\n",
        " / ",
        "\n/\n",
        '""',
        "''",
        "x=y/",
        "x='>'",
        'x=">"',
    ):
        glue = "" if before[0] in "\t\n\r\f/ " else " "
        tail = "" if before[-1] in "\t\n\r\f/ " else " "
        yield Payload(f"<img{glue}{before}{tail}src=/image/x {handler}>")
    yield Payload("<IMG SRC=/image/x ONERROR=alert(1)>")
    yield Payload("<iMg sRc=/image/x oNeRrOr=alert(1)>")
    yield Payload("<img src=/image/x onerror = alert(1)>")
    yield Payload("<img src=/image/x onerror\n=\nalert(1)>")
    yield Payload("<img src=/image/x onerror='alert(1)'>")
    yield Payload('<img src=/image/x onerror="alert(1)"title=y>')
    yield Payload("<img src=/image/x onerror=&#97;lert(1)>")
    yield Payload("<img src=/image/x onerror=&#x61;&#x6c;&#x65;&#x72;&#x74;(1)>")
    yield Payload("<img src=/image/x onerror=alert&lpar;1&rpar;>")
    yield Payload("<img src=/image/x onerror=\\u0061lert(1)>")
    yield Payload("<img src=/image/x onerror=/**/alert/**/(/**/1/**/)>")
    yield Payload("<img src=/image/x onerror=alert(1) onerror=alert(2)>")
    yield Payload("<img src=/image/x title=`x` onerror=alert(1)`>")
    yield Payload("<img src=/image/x \x0bonerror=alert(1)>", fires=False)
    yield Payload("<img src=/image/x on\x00error=alert(1)>", fires=False)
    yield Payload("<\x00img src=/image/x onerror=alert(1)>", fires=False)
    yield Payload("<img\u00a0src=/image/x onerror=alert(1)>")
    yield Payload("<img\u2028src=/image/x onerror=alert(1)>")
    yield Payload("\uff1cimg src=/image/x onerror=alert(1)\uff1e", fires=False)
    yield Payload("&lt;img src=/image/x onerror=alert(1)&gt;", fires=False)
    yield Payload("%3Cimg src=/image/x onerror=alert(1)%3E", fires=False)
    yield Payload("+ADw-img src=/image/x onerror=alert(1)+AD4-", fires=False)
    yield Payload("\u00bcimg src=/image/x onerror=alert(1)\u00be", fires=False)
    yield Payload("<img src=/image/x onerror=alert(1)><img")
    yield Payload("<p title='<img src=/image/x onerror=alert(1)>'>x</p>", fires=False)


def scripts() -> Iterator[Payload]:
    """Yield elements that are scripts, or that a removal makes one."""
    script = "<script>alert(1)</script>"
    yield Payload(script)
    yield Payload("<SCRIPT>alert(1)</SCRIPT>")
    yield Payload("<script\n>alert(1)</script\t>")
    yield Payload("<script/x>alert(1)</script/x>")
    yield Payload("<script x='>'>alert(1)</script>")
    yield Payload("<script>alert(1)//", control="<script>alert(1)//</script>")
    yield Payload("<script>alert(1)</script ", control=script)
    yield Payload("<script><!--\nalert(1)\n--></script>")
    yield Payload("<script type=module>alert(1)</script>")
    yield Payload("<script type=text/plain>x</script><script>alert(1)</script>")
    yield Payload("<script src=/attack/x.js></script>")
    yield Payload("<script src=//127.0.0.1/attack/x.js></script>")
    yield Payload("<script src=data:text/javascript,alert(1)></script>")
    yield Payload(
        "<script async src='/attack/y.js'/>",
        control="<script async src=/attack/y.js></script>",
    )
    yield Payload("<svg><script>alert(1)</script></svg>")
    yield Payload("<svg><script>alert&#40;1)</script></svg>")
    yield Payload("<svg><script href=data:text/javascript,alert(1) /></svg>")
    yield Payload("<math><script>alert(1)</script></math>", fires=False)
    yield Payload("<scr<script>ipt>alert(1)</scr</script>ipt>", control=script)
    yield Payload("<scr<b>ipt>alert(1)</scr</b>ipt>", control=script)
    yield Payload("<<script>script>alert(1)<</script>/script>", control=script)
    yield Payload("<scri<!-- -->pt>alert(1)</scri<!-- -->pt>", control=script)
    yield Payload("<scri\x00pt>alert(1)</scri\x00pt>", control=script)
    yield Payload("<s\u0000cript>alert(1)</script>", control=script)
    yield Payload("<\u017fcript>alert(1)</\u017fcript>", control=script)
    yield Payload("<isindex><script>alert(1)</script>")
    yield Payload("<link rel=modulepreload href=/attack/m.js>")
    yield Payload("<link rel=preload as=script href=/attack/p.js>")
    yield Payload("<link rel=prefetch href=/attack/p>")
    yield Payload(
        '<script type=importmap>{"imports":{"x":"/attack/x.js"}}</script><script type=module>import "x"</script>'
    )


def schemes() -> Iterator[Payload]:
    """Yield URLs that are scripts, where URLs may stand and however they are written."""
    for url, fires in _SCRIPT_URLS:
        yield Payload(f'<a href="{url}">x</a>', fires=fires)
    for url in (
        "javascript:alert(1)",
        "&#106;avascript:alert(1)",
        "java\tscript:alert(1)",
        "JAVASCRIPT:alert(1)",
    ):
        yield Payload(f'<iframe src="{url}"></iframe>')
        yield Payload(f'<form action="{url}"><button>x</button></form>')
        yield Payload(f'<form><button formaction="{url}">x</button></form>')
        yield Payload(f'<form><input type=submit formaction="{url}"></form>')
        yield Payload(f'<svg><a href="{url}"><text y=20>x</text></a></svg>')
        yield Payload(f'<svg><a xlink:href="{url}"><text y=20>x</text></a></svg>')
        yield Payload(
            f'<img usemap=#m src=/image/x><map name=m><area shape=default href="{url}"></map>'
        )
    yield Payload("<a href=javascript:alert(1)>x</a>")
    yield Payload("<a href='javascript:alert(1)'>x</a>")
    yield Payload("<a href=jav&#x09;ascript:alert(1)>x</a>")
    yield Payload("<embed src=javascript:alert(1)>", fires=False)
    yield Payload("<object data=javascript:alert(1)></object>", fires=False)
    yield Payload("<img src=javascript:alert(1)>")
    yield Payload(
        "<img dynsrc=javascript:alert(1) lowsrc=javascript:alert(1)>", fires=False
    )
    yield Payload("<table background=javascript:alert(1)><tr><td>x</table>")
    yield Payload("<blockquote cite=javascript:alert(1)>x</blockquote>", fires=False)
    yield Payload("<q cite='javascript:alert(1)'>x</q>", fires=False)
    yield Payload("<del cite=javascript:alert(1)>x</del>", fires=False)
    yield Payload("<a ping=/attack/ping href=/image/x>x</a>", fires=False)
    yield Payload("<math href=javascript:alert(1)>x</math>", fires=False)
    yield Payload(
        "<math><maction actiontype=statusline xlink:href=javascript:alert(1)>x</maction></math>",
        fires=False,
    )
    yield Payload(
        "<svg><use href='data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg><script>alert(1)</script></svg>#x'/></svg>"
    )
    yield Payload(
        "<svg><a><animate attributeName=href values=javascript:alert(1) /><text y=20>x</text></a></svg>",
        fires=False,
    )
    yield Payload(
        "<svg><a><set attributeName=href to=javascript:alert(1) /><text y=20>x</text></a></svg>",
        fires=False,
    )
    yield Payload("<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>")
    yield Payload("<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>")
    yield Payload(
        "<iframe srcdoc='&lt;img src=/image/x onerror=parent.alert(1)&gt;'></iframe>"
    )
    yield Payload(
        "<iframe src='data:text/html,<script>parent.postMessage(1,`*`)</script>'></iframe>"
    )
    yield Payload("<iframe src=/attack/frame></iframe>")
    yield Payload(
        "<frameset><frame src=javascript:alert(1)></frameset>",
        control="<iframe src=javascript:alert(1)></iframe>",
    )
    yield Payload("<object data=/attack/object type=text/html></object>")
    yield Payload("<object data='data:text/html,<script>alert(1)</script>'></object>")
    yield Payload("<embed src=/attack/embed type=text/html>")
    yield Payload("<applet code=/attack/applet></applet>", fires=False)
    yield Payload("<portal src=/attack/portal></portal>", fires=False)
    yield Payload("<fencedframe></fencedframe><img src=/image/x onerror=alert(1)>")


def documents() -> Iterator[Payload]:
    """Yield what changes the document: where it goes, its base, its forms."""
    yield Payload("<meta http-equiv=refresh content='0;url=/attack/refresh'>")
    yield Payload("<META HTTP-EQUIV=Refresh CONTENT=\"0; URL='/attack/refresh'\">")
    yield Payload("<meta http-equiv='refresh' content='0,/attack/refresh'>")
    yield Payload(
        "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>", fires=False
    )
    yield Payload("<meta http-equiv=refresh content='0;url=data:text/html,x'>")
    yield Payload("<meta http-equiv=Set-Cookie content=x=y>", fires=False)
    yield Payload(
        "<meta charset=utf-7>+ADw-script+AD4-alert(1)+ADw-/script+AD4-", fires=False
    )
    yield Payload(
        "<meta http-equiv=Content-Security-Policy content=\"img-src 'none'\">",
        control="<base href=/attack/>",
    )
    yield Payload("<base href=/attack/>")
    yield Payload("<base href=//127.0.0.1/attack/><img src=x>")
    yield Payload(
        "<base href=javascript:/a/-alert(1)//><a href=x>y</a>",
        control="<base href=/attack/>",
    )
    yield Payload("<base target='x'><form action=/attack/><button>y</button></form>")
    for method in ("get", "post"):
        yield Payload(
            f"<form method={method} action=/attack/form><input name=x><button>y</button></form>"
        )
        yield Payload(
            f"<form id=f method={method} action=/attack/form></form><button form=f>y</button>"
        )
        yield Payload(
            f"<form method={method}><input type=image src=/image/x formaction=/attack/form></form>"
        )
        yield Payload(
            f"<form method={method}><button formaction=/attack/form>y</button></form>"
        )
    yield Payload("</form><form action=/attack/form><button>x</button>")
    yield Payload(
        "<form action=/attack/form><select name=x><option>y</select><input type=submit>"
    )
    yield Payload(
        "<isindex action=/attack/isindex prompt=x>",
        control="<form action=/attack/isindex><button>x</button></form>",
    )
    yield Payload(
        "<keygen name=x form=f><form id=f action=/attack/form><button>x</button></form>"
    )
    yield Payload("<link rel=stylesheet href=/attack/style.css>")
    yield Payload("<link rel=icon href=/attack/icon>", fires=False)
    yield Payload("<link rel='import' href=/attack/import>", fires=False)
    yield Payload("<link rel=preconnect href=//127.0.0.1:1/>", fires=False)
    yield Payload("<html manifest=/attack/manifest>", fires=False)


def images() -> Iterator[Payload]:
    """Yield requests from where images are not expected."""
    yield Payload("<img srcset='/attack/1x 1x, /attack/2x 2x'>")
    yield Payload("<img src=/image/x srcset=/attack/srcset>")
    yield Payload("<picture><source srcset=/attack/source><img src=/image/x></picture>")
    yield Payload("<video poster=/attack/poster></video>")
    yield Payload("<video src=/attack/video autoplay></video>")
    yield Payload("<audio src=/attack/audio autoplay></audio>")
    yield Payload(
        "<video><track default kind=captions src=/attack/track><source src=/image/v></video>"
    )
    yield Payload("<input type=image src=/attack/input>")
    yield Payload("<table background=/attack/table><tr><td>x</table>")
    yield Payload("<table><td background=/attack/cell>x</td></table>")
    yield Payload(
        "<body background=/attack/body>x", control="<table background=/attack/table>"
    )
    yield Payload("<svg><image href=/attack/svg /></svg>")
    yield Payload("<svg><image xlink:href=/attack/svg /></svg>")
    yield Payload(
        "<svg><filter id=f><feImage href=/attack/filter /></filter><rect filter=url(#f) width=9 height=9 /></svg>"
    )
    yield Payload("<svg><use href=/attack/use.svg#x /></svg>")
    yield Payload("<svg><style>@import url(/attack/svg.css);</style></svg>")
    yield Payload("<object data=/attack/image type=image/png></object>")
    yield Payload(
        "<img lowsrc=/attack/low dynsrc=/attack/dyn src=/image/x>", fires=False
    )
    yield Payload("<menuitem icon=/attack/icon>x</menuitem>", fires=False)


def styles() -> Iterator[Payload]:
    """Yield style sheets and declarations that fetch or run something."""
    for declaration in (
        "background:url(/attack/css)",
        "background-image:url('/attack/css')",
        'background:URL( "/attack/css" )',
        "background:\\75rl(/attack/css)",
        "background:u\\72l(/attack/css)",
        "background:/**/url(/attack/css)",
        "background-image:image-set('/attack/css' 1x)",
        "background-image:-webkit-image-set(url(/attack/css) 1x)",
        "list-style-image:url(/attack/css);display:list-item",
        "border:9px solid;border-image-source:url(/attack/css)",
        "cursor:url(/attack/css),auto",
        "content:url(/attack/css)",
        "mask-image:url(/attack/css)",
        "-webkit-mask-image:url(/attack/css)",
        "shape-outside:url(/attack/css);float:left",
        "--u:url(/attack/css);background:var(--u)",
        "color:red;;;background:url(/attack/css)",
        "}x{;background:url(/attack/css)",
        "background:red/*;*/;background:url(/attack/css)",
        "background:&#117;rl(/attack/css)",
    ):
        fires = not declaration.startswith("}")
        quote = '"' if "'" in declaration or "url(" not in declaration else "'"
        quote = "'" if '"' in declaration else quote
        yield Payload(f"<b style={quote}{declaration}{quote}>x</b>", fires=fires)
    for declaration in (
        "width:expression(alert(1))",
        "width:exp/**/ression(alert(1))",
        "xss:\\65xpression(alert(1))",
        "behavior:url(/attack/css)",
        "-moz-binding:url(/attack/css)",
        "-o-link:'javascript:alert(1)';-o-link-source:current",
        "background:url(javascript:alert(1))",
        "background:url('vbscript:alert(1)')",
    ):
        fires = "vbscript" in declaration
        yield Payload(f'<b style="{declaration}">x</b>', fires=fires)
    for sheet in (
        "@import '/attack/css';",
        "@import url(/attack/css);",
        "@\\69mport '/attack/css';",
        "@import/**/'/attack/css';",
        "@font-face{font-family:f;src:url(/attack/font)}b{font-family:f}",
        "b{background:url(/attack/css)}",
        "*{background:url(/attack/css)}",
        "b:first-child{background:url(/attack/css)}",
        "b[x^=s]{background:url(/attack/css)}",
        "@media all{b{background:url(/attack/css)}}",
        "@supports (color:red){b{background:url(/attack/css)}}",
    ):
        yield Payload(f"<style>{sheet}</style><b x=secret>y</b>")
    yield Payload("<style></style x><style>@import '/attack/css';</style>")
    yield Payload("<STYLE type=text/css>@import '/attack/css';</STYLE>")
    yield Payload("<style>b{}</style><svg><style>@import '/attack/css'</style></svg>")


def mutations() -> Iterator[Payload]:
    """Yield text that one parser takes for an attribute and the next one for a tag."""
    bad = "<img src=/image/x onerror=alert(1)>"
    quoted = "&lt;img src=/image/x onerror=alert(1)&gt;"
    raw_text = (
        "style title textarea xmp noscript noembed noframes iframe script template"
    )
    for tag in raw_text.split():
        control = f"<{tag}></{tag}>{bad}"
        yield Payload(f'<{tag}><p title="</{tag}>{bad}"></p></{tag}>', control=control)
        yield Payload(
            f"<svg><{tag}><!--</{tag}>{bad}--></{tag}></svg>", control=control
        )
        yield Payload(
            f"<math><{tag}><!--</{tag}>{bad}--></{tag}></math>", control=control
        )
        yield Payload(f"<{tag}>{quoted}</{tag}>", control=f"<b>{bad}</b>")
    for root in ("svg", "math"):
        yield Payload(f'<{root}></p><style><a id="</style>{bad}">', control=bad)
        yield Payload(
            f'<{root}><p><style><a title="</style>{bad}">x</a></style></p></{root}>',
            control=bad,
        )
        yield Payload(
            f'<{root}></br><style><b title="</style>{bad}"></b></style>', control=bad
        )
        yield Payload(f"<{root}><![CDATA[>{bad}]]></{root}>", control=bad)
    yield Payload(
        f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;{quoted}'>",
        control=bad,
    )
    yield Payload(
        f"<math><mtext><table><malignmark><style><!--</style><img title='--&gt;{quoted}'>",
        control=bad,
    )
    yield Payload(
        f"<form><math><mtext></form><form><mglyph><style></math>{bad}", control=bad
    )
    yield Payload(
        f"<math><annotation-xml encoding=text/html><style>{bad}</style></annotation-xml></math>",
        control=bad,
    )
    yield Payload(
        f"<math><annotation-xml encoding=application/xhtml+xml><p><style><!--</style>{bad}-->",
        control=bad,
    )
    yield Payload(
        f"<svg><foreignObject><p><style><!--</style>{bad}--></style></p></foreignObject></svg>",
        control=bad,
    )
    yield Payload(
        f"<svg><desc><noscript><b title='</noscript>{bad}'></noscript></desc></svg>",
        control=bad,
    )
    yield Payload(f"<svg><title><style>{bad}</style></title></svg>", control=bad)
    yield Payload(f"<math><mi><a title='</mi>{bad}'></a></mi></math>", control=bad)
    yield Payload(f"<select><style>{bad}</style></select>", control=bad)
    yield Payload(f"<select><svg><style><!--</style></select>{bad}-->", control=bad)
    yield Payload(
        f"<table><caption><svg><style><!--</style></caption>{bad}-->", control=bad
    )
    yield Payload(f"<p><svg><style></p>{bad}</style></svg>", control=bad)
    yield Payload(f"<a><svg><a><style><!--</style></a></svg></a>{bad}-->", control=bad)
    yield Payload(f"<template><template></template>{bad}</template>", control=bad)
    yield Payload(f"<template shadowrootmode=open>{bad}</template>", control=bad)
    yield Payload(
        f"<div><template shadowrootmode=open><style>@import '/attack/css'</style></template></div>{bad}"
    )
    yield Payload(f"<plaintext>{bad}", control=bad)
    yield Payload(f"<listing>{quoted}</listing>", fires=False)
    yield Payload(f"<b title='{quoted}'>x</b>", fires=False)
    yield Payload(f'<b title="`{bad}`">x</b>', fires=False)
    yield Payload(f"<!--><!--{bad}-->", control=bad)
    yield Payload("<a href='\"><img src=/image/x onerror=alert(1)>'>x</a>", fires=False)
    yield Payload('<a href="\'><img src=/image/x onerror=alert(1)>">x</a>', fires=False)
    yield Payload("<a title=``onmouseover=alert(1)>x</a>", fires=False)
    # Deep enough for a browser to give up on nesting.
    yield Payload("<i>" * 520 + f"<svg><style><!--</style>{bad}-->", control=bad)
    yield Payload(
        "<div>" * 510 + f"<table><svg><style><!--</style>{bad}-->", control=bad
    )


def clobbering() -> Iterator[Payload]:
    """Yield names that take the place of what scripts look up in the document."""
    for tag in ["a", "b", "div", "form", "img", "iframe", "embed", "object", "input"]:
        yield Payload(f"<{tag} id=victim>x</{tag}>")
    for tag in ["embed", "form", "iframe", "img", "object"]:
        yield Payload(f"<{tag} name=victim></{tag}>")
    for victim in (
        "getElementById",
        "cookie",
        "body",
        "forms",
        "createElement",
        "defaultView",
    ):
        yield Payload(f"<img name={victim}>")
        yield Payload(f"<form name={victim}><input></form>")
    yield Payload("<a id=victim><a id=victim name=url href=/attack/x>x</a>")
    yield Payload("<form id=victim><output name=url>x</output></form>")
    yield Payload(
        "<form id=victim><input name=attributes><input name=parentNode></form>"
    )
    yield Payload("<iframe name=victim srcdoc='<a id=url href=/attack/x>'></iframe>")
    yield Payload("<svg><a id=victim>x</a></svg>")
    yield Payload("<ID ID=victim>x</ID>")


def unclosed() -> Iterator[Payload]:
    """Yield constructs that end with the input, or in the wrong place."""
    bad = "<img src=/image/x onerror=alert(1)>"
    yield Payload("<img src=/image/x onerror=alert(1)//", control=bad)
    yield Payload("<img src=/image/x onerror=alert(1) x='", control=bad)
    yield Payload('<img src=/image/x onerror="alert(1)', control=bad)
    yield Payload("<svg onload=alert(1)//", control="<svg onload=alert(1)>")
    yield Payload(
        "<iframe src=javascript:alert(1) <", control="<iframe src=javascript:alert(1)>"
    )
    yield Payload(
        "<a href='javascript:alert(1)", control="<a href='javascript:alert(1)'>x</a>"
    )
    yield Payload("<b <script>alert(1)</script>", control="<script>alert(1)</script>")
    yield Payload(
        "<b x='<script>alert(1)</script>", control="<script>alert(1)</script>"
    )
    yield Payload(
        "<b><script>alert(1)<b></script>", control="<script>alert(1)</script>"
    )
    for opened in (
        "<!--", "<!-->", "<!--->", "<!---->", "<!--x--!>", "<!-", "<!", "<?", "<?xml version=1?>", "</", "</>", "</ x>", "<!DOCTYPE x [", "<![CDATA[", "<![if IE]>",
        "<!--[if gte IE 4]>", "<%", "<comment>", "<xml>", '">', "'>", "`>", "-->", "]]>", "?>", "%>", "*/", "</script>", "</style>", "</textarea>", "</title>", "</noscript>",
        "</iframe>", "</select>", "</template>", "</svg>", "</math>", "</body></html>", "</p>", "</br>", "<p/>", "<b", "<", "<3 ", "&lt", "&#", "&", "\x00", "\ufeff",
    ):  # fmt: skip
        yield Payload(opened + bad, control=bad)


def polyglots() -> Iterator[Payload]:
    """Yield what breaks out of several contexts at once."""
    yield Payload("'\"--></style></script></title></textarea><svg/onload=alert(1)>")
    yield Payload(
        "javascript:/*'/*\"/*--></title></style></noscript><img src=/image/x onerror=alert(1)>//*/"
    )
    yield Payload(
        "\"'`><!--<img --><img src=/image/x onerror=alert(1)>",
        control="<img src=/image/x onerror=alert(1)>",
    )
    yield Payload(
        "${alert(1)}{{constructor.constructor('alert(1)')()}}<%= alert(1) %><svg onload=alert(1)>"
    )
    yield Payload("{{ 7*7 }}{% debug %}<script>alert(1)</script>")
    yield Payload("</textarea></select></option><details open ontoggle=alert(1)>x")
    yield Payload(
        '<a href="data:text/html,<script>alert(1)</script>" onclick=alert(2)>x</a>'
    )
    yield Payload("<math><a xlink:href=javascript:alert(1)>x<svg onload=alert(2)>")
    yield Payload(
        "<a/href='j&#x61;vascript:alert(1)'/onfocus='alert(2)'autofocus>x</a>"
    )
    yield Payload("<x/onclick=alert(1)//<y/onclick=alert(2)//>x")
    yield Payload("\\x3csvg onload=alert(1)\\x3e<svg/onload=alert(1)//>")


_EVENTS = [
    "abort",
    "animationend",
    "animationiteration",
    "animationstart",
    "auxclick",
    "beforecopy",
    "beforecut",
    "beforeinput",
    "beforematch",
    "beforepaste",
    "beforetoggle",
    "blur",
    "cancel",
    "canplay",
    "change",
    "click",
    "close",
    "contextlost",
    "contextmenu",
    "copy",
    "cuechange",
    "cut",
    "dblclick",
    "drag",
    "dragend",
    "dragenter",
    "dragleave",
    "dragover",
    "dragstart",
    "drop",
    "durationchange",
    "emptied",
    "ended",
    "error",
    "focus",
    "formdata",
    "gotpointercapture",
    "input",
    "invalid",
    "keydown",
    "keypress",
    "keyup",
    "load",
    "loadeddata",
    "loadedmetadata",
    "loadstart",
    "lostpointercapture",
    "mousedown",
    "mouseenter",
    "mouseleave",
    "mousemove",
    "mouseout",
    "mouseover",
    "mouseup",
    "mousewheel",
    "paste",
    "pause",
    "play",
    "playing",
    "pointercancel",
    "pointerdown",
    "pointerenter",
    "pointerleave",
    "pointermove",
    "pointerout",
    "pointerover",
    "pointerrawupdate",
    "pointerup",
    "progress",
    "ratechange",
    "reset",
    "resize",
    "scroll",
    "scrollend",
    "search",
    "securitypolicyviolation",
    "seeked",
    "seeking",
    "select",
    "selectionchange",
    "selectstart",
    "slotchange",
    "stalled",
    "submit",
    "suspend",
    "timeupdate",
    "toggle",
    "transitioncancel",
    "transitionend",
    "transitionrun",
    "transitionstart",
    "volumechange",
    "waiting",
    "webkitanimationstart",
    "webkittransitionend",
    "wheel",
]

#: Events that have no attribute in Chromium.
_NO_ATTRIBUTE = {
    "beforematch",
    "search",
    "transitioncancel",
    "transitionrun",
    "transitionstart",
}

#: A URL as it stands between double quotes, and whether clicking it runs a script.
_SCRIPT_URLS = [
    ("javascript:alert(1)", True),
    ("JavaScript:alert(1)", True),
    (" javascript:alert(1)", True),
    ("\tjavascript:alert(1)", True),
    ("\n javascript:alert(1)", True),
    ("\x01javascript:alert(1)", True),
    ("\x0bjavascript:alert(1)", True),
    ("\x1f\x1ejavascript:alert(1)", True),
    ("&#1;javascript:alert(1)", True),
    ("&#14;  javascript:alert(1)", True),
    ("java\tscript:alert(1)", True),
    ("java\nscript:alert(1)", True),
    ("java\r\nscript:alert(1)", True),
    ("javascript\t:alert(1)", True),
    ("j\na\nv\na\ns\nc\nr\ni\np\nt\n:alert(1)", True),
    ("&#106;avascript:alert(1)", True),
    ("&#106avascript:alert(1)", True),
    ("&#0000106;avascript:alert(1)", True),
    ("&#x6A;avascript:alert(1)", True),
    ("&#X6a;&#x61;&#x76;ascript:alert(1)", True),
    ("javascript&colon;alert(1)", True),
    ("javascript&#58;alert(1)", True),
    ("javascript&#x3a;alert(1)", True),
    ("java&Tab;script:alert(1)", True),
    ("java&NewLine;script:alert(1)", True),
    ("java&#10;script:alert(1)", True),
    ("javascript:&#97;lert(1)", True),
    ("javascript:%61lert(1)", True),
    ("javascript://%0aalert(1)", True),
    ("javascript://example.org/?%0Aalert(1)", True),
    ("javascript://&#10;alert(1)", True),
    ("javascript:void(alert(1))", True),
    ("javascript:'<script>alert(1)</script>'", True),
    ("java\x00script:alert(1)", False),
    ("java&#0;script:alert(1)", False),
    ("java\u200bscript:alert(1)", False),
    ("\u00a0javascript:alert(1)", False),
    ("\u3000javascript:alert(1)", False),
    ("\uff4aavascript:alert(1)", False),
    ("java%0ascript:alert(1)", False),
    ("javascript%3Aalert(1)", False),
    ("javascript\uff1aalert(1)", False),
    ("&amp;#106;avascript:alert(1)", False),
    ("vbscript:alert(1)", False),
    ("VBScript:MsgBox(1)", False),
    ("livescript:alert(1)", False),
    ("mocha:alert(1)", False),
    ("feed:javascript:alert(1)", False),
    ("view-source:javascript:alert(1)", False),
    ("jar:javascript:alert(1)", False),
    ("data:text/html,<script>alert(1)</script>", True),
    ("data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==", True),
    ("DATA:text/html,x", True),
    ("data:image/svg+xml,<svg onload=alert(1)>", True),
    ("blob:null/x", False),
    ("filesystem:x", True),
    ("about:blank", True),
]


def _numbered(make: Callable[[], Iterator[Payload]]) -> list[Payload]:
    return [
        replace(payload, name=f"{make.__name__}-{number}")
        for number, payload in enumerate(make(), 1)
    ]


PAYLOADS = [
    payload
    for make in (
        event_handlers,
        written_oddly,
        scripts,
        schemes,
        documents,
        images,
        styles,
        mutations,
        clobbering,
        unclosed,
        polyglots,
    )
    for payload in _numbered(make)
]
