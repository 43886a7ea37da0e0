//! Elements that a policy does not allow, gone with all they contain.

use core::ops::Range;

use html5ever::tokenizer::Token;

use super::escape_mode::Kept;
use super::fragment::{Data, Fragment, Node};
use super::markup::{is_name, is_void, write_end, write_start, write_text};
use super::parse::{self, Judge, Options, Verdict};
use crate::Result;

/// `html` without the elements that are not kept, parsed as a browser does. The sanitizer has to
/// have the last word.
pub(super) fn drop_disallowed(
    html: &str,
    kept: Kept<'_>,
    depth: usize,
    attributes: usize,
) -> Result<String> {
    let options = Options { attributes, scripting: false };
    parse::judge(html, Everything, depth, options)?;
    let (tree, Everything) = parse::parse(html, Fragment::new(), Everything, options)?;
    let mut written = String::with_capacity(html.len());
    for node in tree.top() {
        write(&mut written, &node, kept);
    }
    Ok(written)
}

struct Everything;

impl Judge for Everything {
    fn construct(&mut self, _token: &Token, _source: Range<usize>, _is_foreign: bool) -> Verdict {
        Verdict::Keep
    }
}

/// As deep as the limits on depth allow.
fn write(html: &mut String, node: &Node, kept: Kept<'_>) {
    match node.data() {
        Data::Comment(text) if kept.comments => {
            html.push_str("<!--");
            // No comment holds this; if one did, it would end there.
            html.push_str(&text.replace("-->", ""));
            html.push_str("-->");
        }
        Data::Comment(_) | Data::Document => {}
        Data::Element { attributes, .. } => {
            let name = &node.name().local;
            if !kept.tags.contains(&**name) {
                return;
            }
            let attributes: Vec<_> = attributes
                .borrow()
                .iter()
                // Others are in no policy.
                .filter(|it| is_name(&it.name.local))
                .map(|it| (it.name.local.to_string(), it.value.to_string()))
                .collect();
            write_start(html, name, &attributes);
            if !is_void(name) {
                for child in node.children() {
                    write(html, &child, kept);
                }
                write_end(html, name);
            }
        }
        Data::Text(text) => write_text(html, &text.borrow()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_go_with_their_content() {
        let names = |names: &str| names.split(' ').map(str::to_owned).collect();
        let (tags, drop_content) = (names("b p br table tbody tr td"), names("script"));
        let kept = Kept { tags: &tags, drop_content: &drop_content, comments: false };
        for (html, expected) in [
            ("", ""),
            ("<b title=\"x\">x &amp; y</b><br>", "<b title=\"x\">x &amp; y</b><br>"),
            ("a<u>b<b>c</b></u>d", "ad"),
            ("a<img src=x>d<svg><b>x</svg>", "ad<b>x</b>"),
            ("<p>one<p>two<u>three", "<p>one</p><p>two</p>"),
            ("<!-- x -->y<script><b></script>", "y"),
            ("<table><tr><td>x", "<table><tbody><tr><td>x</td></tr></tbody></table>"),
            ("<b>x<p>y</b>z", "<b>x</b><p><b>y</b>z</p>"),
        ] {
            assert_eq!(Ok(expected.to_owned()), drop_disallowed(html, kept, 512, 256), "{html}");
        }
    }
}
