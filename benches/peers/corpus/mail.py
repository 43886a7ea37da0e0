"""E-mail, as clients and newsletters write it."""

from __future__ import annotations

_ROW = """<tr>
<td align="center" valign="top" style="padding:0 20px;" bgcolor="#ffffff">
<table border="0" cellpadding="0" cellspacing="0" width="100%">
<tr>
<td style="font-family:Arial,sans-serif;font-size:16px;color:#333333">
<a href="https://news.example/click?id=17&amp;u=4711" target="_blank" style="color:#0a58ca"
><font color="#0a58ca">Read more</font></a> about it.<br>
<img src="https://news.example/pixel.gif" width="1" height="1" border="0" alt="">
</td>
</tr>
</table>
</td>
</tr>
"""

NEWSLETTER = [
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
    '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><meta http-equiv="Content-Type" '
    'content="text/html; charset=utf-8" /><title>News &amp; offers</title>\n'
    '<style type="text/css">body{margin:0} @media only screen{.w{width:100%!important}}'
    "</style></head>\n<body>\n"
    '<table border="0" cellpadding="0" cellspacing="0" width="600" align="center">\n'
    + _ROW * count
    + "</table>\n</body>\n</html>\n"
    for count in (1, 8)
]
OUTLOOK = [
    '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
    '<style type="text/css" style="display:none;"> P {margin-top:0;} </style></head>'
    '<body dir="ltr"><div style="font-family: Calibri; font-size: 12pt;">Hi,</div><div>'
    '<br></div><div>see below.</div><div id="appendonsend"></div><hr tabindex="-1" '
    'style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr"><font '
    'face="Calibri, sans-serif" color="#000000" style="font-size:11pt"><b>From:</b> A '
    "&lt;a@example.org&gt;<br><b>Subject:</b> Re: x</font><div>&nbsp;</div></div></body>"
    "</html>",
]
GMAIL = [
    '<div dir="ltr">Hello,<div><br></div><div>it is <b>done</b>.</div></div><br><div '
    'class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, A &lt;<a href="mailto:'
    'a@example.org">a@example.org</a>&gt; wrote:<br></div><blockquote class="gmail_quote"'
    ' style="margin:0 0 0 .8ex"><div dir="ltr">Are you there?</div></blockquote></div>',
    '<div dir="auto">Sent from a phone</div>\r\n',
]
APPLE = [
    '<html><head></head><body style="overflow-wrap: break-word;"><div dir="ltr"></div>'
    '<div dir="ltr">Sure!</div><div dir="ltr"><br><blockquote type="cite">On 1. May 2026,'
    ' somebody wrote:<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">'
    "<span>Tomorrow?</span><br></div></blockquote></body></html>",
]

DOCUMENTS = {
    "newsletter": NEWSLETTER,
    "Outlook mail": OUTLOOK,
    "Gmail": GMAIL,
    "Apple Mail": APPLE,
}
