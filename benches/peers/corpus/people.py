"""What people type by hand, into forums and articles."""

from __future__ import annotations

COMMENTS = [
    "Nice article, thanks!",
    "I disagree: 1 < 2 & 3 > 2, isn't it? <3",
    "First line\r\nsecond line\r\n\r\n-- \r\nme",
    "<b>bold</b> and <i>italic</i> and <a href=http://example.org>a link</a>",
    "<p>Unclosed paragraph<p>another one<br>with a break",
    "<B>LOUD</B> <FONT COLOR=red SIZE=+2>and red</FONT>",
    "<ul><li>one<li>two<li>three</ul>",
    "see <http://example.org/x?y=z> or mail <me@example.org>",
    "<blockquote>quoted text</blockquote>\n\nmy answer &mdash; caf&eacute;",
    "<strong><em>both</strong></em> in the wrong order",
    "<script>alert('xss')</script>hello",
    "<img src=x onerror=alert(1)> nice try",
    '<a href="javascript:alert(1)">click me</a>',
    "<code>a &lt; b</code> vs <code>a && b</code> &copy 2026",
    "<center><h1>WELCOME</h1><hr><marquee>to my page</marquee></center>",
    "text with emoji 😀 and “quotes” – naïve façade",
    "<u>under<b>both</u>bold</b>",
    "<div>a</div></div>b</p>",
    "line<br/>line<br />line<BR>",
    "<spoiler-text>Darth</spoiler-text> <!-- hidden -->",
]
_SECTION = (
    "<h2>Section {0}</h2>\n<p>Lorem ipsum is not what we write. This is a paragraph of an "
    'article with <a href="https://example.org/{0}" title="A title">a link</a>, '
    "<em>emphasis</em>, <strong>strength</strong> and <code>code()</code>. It goes on for "
    "a while, since articles have long paragraphs, and ends here.</p>\n<p>Another "
    "paragraph, shorter.</p>\n<ul>\n<li>first point</li>\n<li>second point, with <abbr "
    'title="for example">e.g.</abbr></li>\n</ul>\n<figure><img src="/img/{0}.jpg" alt="'
    'Picture {0}" width="640" height="480"><figcaption>Picture {0}</figcaption></figure>\n'
    "<pre><code>for (i = 0; i &lt; n; i++) {\n    work(i);\n}\n</code></pre>\n"
)
ARTICLES = [
    "<article>"
    + "".join(_SECTION.replace("{0}", str(number)) for number in range(count))
    + "</article>"
    for count in (4, 44, 52)
]

DOCUMENTS = {"comment": COMMENTS, "article": ARTICLES}
