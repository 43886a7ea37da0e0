"""What is pasted from word processors."""

from __future__ import annotations

_HEAD = """<html xmlns:v="urn:schemas-microsoft-com:vml"
xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word"
xmlns="http://www.w3.org/TR/REC-html40">

<head>
<meta http-equiv=Content-Type content="text/html; charset=utf-8">
<meta name=ProgId content=Word.Document>
<link rel=File-List href="file:///C:/Temp/clip_filelist.xml">
<!--[if gte mso 9]><xml>
 <o:OfficeDocumentSettings>
  <o:AllowPNG/>
 </o:OfficeDocumentSettings>
</xml><![endif]--><!--[if gte mso 9]><xml>
 <w:WordDocument>
  <w:View>Normal</w:View>
  <w:Zoom>0</w:Zoom>
 </w:WordDocument>
</xml><![endif]-->
<style>
<!--
 /* Style Definitions */
 p.MsoNormal, li.MsoNormal, div.MsoNormal
\t{mso-style-unhide:no;
\tmargin:0cm;
\tfont-family:"Calibri",sans-serif;}
@page WordSection1
\t{size:595.3pt 841.9pt;}
-->
</style>
<!--[if gte mso 10]>
<style>
 table.MsoNormalTable
\t{mso-style-name:"Normale Tabelle";}
</style>
<![endif]-->
</head>

<body lang=DE style='tab-interval:35.4pt'>
<!--StartFragment-->

"""
_TAIL = """

<!--EndFragment-->
</body>

</html>
"""
_PARAGRAPH = """<p class=MsoNormal style='margin-bottom:8.0pt;line-height:107%'><b><span
lang=EN-GB style='font-size:14.0pt;mso-ansi-language:EN-GB'>Heading {0}</span></b><span
lang=EN-GB style='mso-ansi-language:EN-GB'><o:p></o:p></span></p>

<p class=MsoNormal><span style='mso-fareast-language:DE'>Some text, with a <a
href="https://example.org/{0}">link</a>, <i>italics</i> and a non-breaking&nbsp;space.<span
style='mso-spacerun:yes'>  </span><o:p></o:p></span></p>

<p class=MsoNormal><o:p>&nbsp;</o:p></p>

"""
_LIST = """<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if
!supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>Item
{0}<o:p></o:p></p>

"""
_TABLE = """<table class=MsoTableGrid border=1 cellspacing=0 cellpadding=0
 style='border-collapse:collapse;border:none;mso-yfti-tbllook:1184'>
 <tr style='mso-yfti-irow:0;mso-yfti-firstrow:yes'>
  <td width=302 valign=top style='width:226.55pt;border:solid windowtext 1.0pt'>
  <p class=MsoNormal>Left<o:p></o:p></p>
  </td>
  <td width=302 valign=top style='width:226.55pt;border:solid windowtext 1.0pt'>
  <p class=MsoNormal>Right<o:p></o:p></p>
  </td>
 </tr>
</table>

"""


def _times(text: str, count: int) -> str:
    return "".join(text.replace("{0}", str(number)) for number in range(count))


_DOCS = (
    '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><p '
    'dir="ltr" style="line-height:1.38;margin-top:0pt;"><span style="font-size:11pt;'
    'font-family:Arial,sans-serif;color:#000000;white-space:pre-wrap;">{0}</span></p>'
    "</b>"
)
_SPAN = '<span style="font-size:11pt;color:#000;">{0}</span>'

WORD = [
    _HEAD + _times(_PARAGRAPH, 3) + _TAIL,
    _HEAD + _times(_PARAGRAPH, 20) + _times(_LIST, 8) + _TABLE * 2 + _TAIL,
    _times(_PARAGRAPH, 6) + _times(_LIST, 3),
    _TABLE * 5,
    "<p class=MsoNormal>Only a line<o:p></o:p></p>",
]
GOOGLE_DOCS = [
    '<meta charset="utf-8"><p dir="ltr" style="line-height:1.38;">'
    + _SPAN.replace("{0}", "One line")
    + "</p>",
    '<meta charset="utf-8"><h1 dir="ltr">'
    + _SPAN
    + '</h1><ul style="margin-top:0;"><li dir="ltr" style="list-style-type:disc;" '
    'aria-level="1"><p dir="ltr" role="presentation">'
    * 1
    + _SPAN
    + "</p></li></ul><br><p>"
    + _SPAN * 20
    + "</p>",
    _DOCS.replace("{0}", "Wrapped in one b"),
    '<div dir="ltr" style="margin-left:0pt;" align="left"><table style="border:none;">'
    '<colgroup><col width="301"><col width="301"></colgroup><tbody>'
    + (
        '<tr style="height:0pt"><td style="padding:5pt;"><p dir="ltr">'
        + _SPAN
        + "</p></td>"
    )
    * 2
    + "</tr></tbody></table></div>",
]
LIBRE_OFFICE = [
    '<!DOCTYPE html>\n<html>\n<head>\n\t<meta http-equiv="content-type" content="text/'
    'html; charset=utf-8"/>\n\t<title></title>\n\t<meta name="generator" content="LO"/>'
    '\n\t<style type="text/css">\n\t\t@page { size: 21cm 29.7cm }\n\t\tp { margin: 0 }\n'
    '\t</style>\n</head>\n<body lang="de-DE" dir="ltr">'
    + '<p style="line-height: 100%"><font face="Arial"><b>Fett</b> und '
    "<i>kursiv</i></font></p>\n" * 12 + "</body>\n</html>",
]

DOCUMENTS = {"Word": WORD, "Google Docs": GOOGLE_DOCS, "LibreOffice": LIBRE_OFFICE}
