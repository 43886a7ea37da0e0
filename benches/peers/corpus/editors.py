"""What editors in web pages write."""

from __future__ import annotations

QUILL = [
    "<p>Hello</p><p><br></p><p>See <strong>this</strong> and <em><u>that</u></em>.</p>",
    (
        '<h1>Plan</h1><ol><li data-list="bullet"><span class="ql-ui" contenteditable='
        '"false"></span>First</li><li data-list="bullet" class="ql-indent-1"><span '
        'class="ql-ui" contenteditable="false"></span>Second</li></ol><p class='
        '"ql-align-center"><span style="color: rgb(230, 0, 0);">red</span> <a href='
        '"https://example.org" rel="noopener noreferrer" target="_blank">link</a></p>'
        '<pre class="ql-syntax" spellcheck="false">let x = 1 &lt; 2;\n</pre>'
    )
    * 6,
    (
        '<blockquote>Quoted</blockquote><p><img src="https://example.org/a.png"></p><p>'
        '<span class="ql-font-serif ql-size-large">Large</span>&nbsp;text</p>'
        '<iframe class="ql-video" frameborder="0" allowfullscreen="true" '
        'src="https://video.example/embed/1"></iframe><p><br></p>'
    ),
]
PROSEMIRROR = [
    "<p>One paragraph with <strong>bold</strong>, <em>italic</em> &amp; "
    "<code>code</code>.</p>",
    (
        '<h2>Tasks</h2><ul data-type="taskList"><li data-checked="true" data-type='
        '"taskItem"><label><input type="checkbox" checked="checked"><span></span>'
        "</label><div><p>Write it</p></div></li></ul><ul><li><p>One</p></li><li><p>Two"
        "</p><ul><li><p>Nested</p></li></ul></li></ul><hr><pre><code "
        'class="language-js">const a = () =&gt; 1\nb()</code></pre>'
        '<p style="text-align: center"><mark>Marked</mark> H<sub>2</sub>O</p>'
    )
    * 5,
    (
        '<table style="min-width: 75px"><colgroup><col style="min-width: 25px"><col '
        'style="min-width: 25px"></colgroup><tbody><tr><th colspan="1" rowspan="1"><p>'
        'Name</p></th><th colspan="1" rowspan="1"><p>Size</p></th></tr><tr><td '
        'colspan="1" rowspan="1"><p>a</p></td><td colspan="1" rowspan="1"><p>1</p></td>'
        "</tr></tbody></table><p></p>"
    )
    * 4,
]
CKEDITOR = [
    "<p>A <strong>short</strong> note.</p>",
    (
        '<h2>Überschrift</h2><p>Text&nbsp;mit&nbsp;<a href="https://example.org/ä">'
        'Link</a>.</p><figure class="image image_resized" style="width:50%;"><img '
        'style="aspect-ratio:800/600;" src="/media/a.jpg" width="800" height="600">'
        "<figcaption>Ein Bild</figcaption></figure><figure class="
        '"table"><table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1'
        "</td><td>&nbsp;</td></tr></tbody></table></figure><ul><li>eins</li><li>zwei"
        '<ul><li>innen</li></ul></li></ul><p><span style="color:hsl(0,75%,60%);">rot'
        "</span></p>"
    )
    * 5,
    (
        '<p>&nbsp;</p>\n\n<p>Written in version 4:</p>\n\n<table border="1" cellpadding'
        '="1" cellspacing="1" style="width:500px">\n\t<tbody>\n\t\t<tr>\n\t\t\t<td>a'
        "</td>\n\t\t\t<td>b</td>\n\t\t</tr>\n\t</tbody>\n</table>\n\n<p>&ldquo;Quoted"
        "&rdquo; &ndash; done&hellip;</p>\n"
    )
    * 3,
]
TINYMCE = [
    "<p>Hi there,</p>\n<p>thanks &ndash; it works!&nbsp;</p>",
    (
        '<h3 style="text-align: center;">Title</h3>\n<p><span style="font-family: arial,'
        ' helvetica, sans-serif; font-size: 12pt;">Some <em>styled</em> text.</span></p>'
        '\n<ul style="list-style-type: square;">\n<li>a</li>\n<li>b</li>\n</ul>\n<table '
        'style="border-collapse: collapse; width: 100%;" border="1">\n<tbody>\n<tr>\n'
        '<td style="width: 50%;">1</td>\n<td style="width: 50%;">2</td>\n</tr>\n</tbody>'
        '\n</table>\n<p><img src="../uploads/x.png" alt="" width="300" height="200" />'
        "<br />caption</p>\n<p>&nbsp;</p>\n"
    )
    * 6,
    '<div class="mce-toc"><h2>Contents</h2><ul><li><a href="#mcetoc_1">One</a></li></ul>'
    '</div><h2 id="mcetoc_1">One</h2><p><a id="anchor"></a>Text</p>',
]

DOCUMENTS = {
    "Quill": QUILL,
    "TipTap and ProseMirror": PROSEMIRROR,
    "CKEditor": CKEDITOR,
    "TinyMCE": TINYMCE,
}
