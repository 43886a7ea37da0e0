"""The policies that are shipped: loading this module hangs them on `Policy`."""

from hauberk.html.policy import Policy

__all__ = ["Policy"]

_COMMENT_TAGS = """
    a abbr b blockquote br cite code del em i ins kbd li mark ol p pre q s samp small
    strong sub sup u ul var
"""

_ARTICLE_TAGS = """
    article aside bdi bdo caption center col colgroup data dd details dfn div dl dt
    figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr img nav rp rt ruby
    section span strike summary table tbody td tfoot th thead time tr tt wbr
"""

_NH3_TAGS = """
    a abbr acronym area article aside b bdi bdo blockquote br caption center cite
    code col colgroup data dd del details dfn div dl dt em figcaption figure footer
    h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li map mark nav ol p pre q rp
    rt rtc ruby s samp small span strike strong sub summary sup table tbody td th
    thead time tr tt u ul var wbr
"""

_BLEACH_TAGS = """
    a abbr acronym b blockquote code em i li ol strong ul
"""

_NH3_SCHEMES = """
    bitcoin ftp ftps geo http https im irc ircs magnet mailto mms mx news nntp
    openpgp4fpr sip sms smsto ssh tel url webcal wtai xmpp
"""

_ALIGNED = {"align", "char", "charoff"}
_CELL = {*_ALIGNED, "colspan", "headers", "rowspan"}
_EDIT = {"cite", "datetime"}

Policy.TEXT_ONLY = Policy(tags=())
Policy.COMMENT = Policy(
    tags=_COMMENT_TAGS.split(),
    attributes={"a": {"href", "title"}, "abbr": {"title"}, "*": {"dir", "lang"}},
)
Policy.ARTICLE = Policy.COMMENT.replace(
    tags=(_COMMENT_TAGS + _ARTICLE_TAGS).split(),
    attributes={
        "*": {"dir", "lang", "title"},
        "a": {"href", "hreflang"},
        "blockquote": {"cite"},
        "col": {"span"},
        "colgroup": {"span"},
        "data": {"value"},
        "del": _EDIT,
        "details": {"open"},
        "img": {"alt", "height", "loading", "src", "width"},
        "ins": _EDIT,
        "li": {"value"},
        "ol": {"reversed", "start", "type"},
        "q": {"cite"},
        "td": {"align", "colspan", "headers", "rowspan"},
        "th": {"abbr", "align", "colspan", "headers", "rowspan", "scope"},
        "time": {"datetime"},
    },
)
Policy.NH3 = Policy(
    tags=_NH3_TAGS.split(),
    attributes={
        "*": {"lang", "title"},
        "a": {"href", "hreflang"},
        "bdo": {"dir"},
        "blockquote": {"cite"},
        "col": {*_ALIGNED, "span"},
        "colgroup": {*_ALIGNED, "span"},
        "del": _EDIT,
        "hr": {"align", "size", "width"},
        "img": {"align", "alt", "height", "src", "width"},
        "ins": _EDIT,
        "ol": {"start"},
        "q": {"cite"},
        "table": {*_ALIGNED, "summary"},
        "tbody": _ALIGNED,
        "td": _CELL,
        "tfoot": _ALIGNED,
        "th": {*_CELL, "scope"},
        "thead": _ALIGNED,
        "tr": _ALIGNED,
    },
    url_schemes=_NH3_SCHEMES.split(),
)
Policy.BLEACH = Policy(
    tags=_BLEACH_TAGS.split(),
    attributes={"a": {"href", "title"}, "abbr": {"title"}, "acronym": {"title"}},
    link_rel=None,
    drop_content=(),
)
