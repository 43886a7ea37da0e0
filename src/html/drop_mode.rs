//! Elements that a policy does not allow, gone with all they contain.

use super::escape_mode::Kept;
use super::fragment::{Data, Visit};
use super::markup::{is_name, is_void, write_end, write_start, write_text};
use super::parse::{self, Everything, Options};
use crate::Result;

/// `html` without the elements that are not kept, parsed as a browser does. The sanitizer has to
/// have the last word.
pub(super) fn drop_disallowed(html: &str, kept: Kept<'_>, options: Options) -> Result<String> {
    let (tree, Everything) = parse::parse(html, Everything, options)?;
    let mut written = String::with_capacity(html.len());
    tree.walk(|visit| write(&mut written, visit, kept));
    Ok(written)
}

/// Writes what is kept; the answer is whether to write what is in it.
fn write(html: &mut String, visit: Visit<'_>, kept: Kept<'_>) -> bool {
    let node = match visit {
        Visit::Enter(node) => node,
        Visit::Leave(node) => {
            write_end(html, &node.name().local);
            return false;
        }
    };
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
                return false;
            }
            let attributes: Vec<_> = attributes
                .borrow()
                .iter()
                // Others are in no policy.
                .filter(|it| is_name(&it.name.local))
                .map(|it| (it.name.local.to_string(), it.value.to_string()))
                .collect();
            write_start(html, name, &attributes);
            return !is_void(name);
        }
        Data::Text(text) => write_text(html, &text.borrow()),
    }
    false
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const OPTIONS: Options = Options { attributes: 256, depth: 512, scripting: false };

    #[test]
    fn a_small_stack_is_enough() {
        let html = ["<div>".repeat(700), "<template><div>".repeat(50)].concat();
        let run = move || {
            let tags = ["div".to_owned(), "template".to_owned()].into();
            let drop_content = BTreeSet::new();
            let kept = Kept { tags: &tags, drop_content: &drop_content, comments: false };
            drop_disallowed(&html, kept, Options { depth: 1 << 20, ..OPTIONS })
                .map(|written| written.len())
        };
        let thread = std::thread::Builder::new().stack_size(128 << 10).spawn(run).unwrap();
        assert!(thread.join().unwrap().is_ok_and(|written| written > 8000));
    }

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
            assert_eq!(Ok(expected.to_owned()), drop_disallowed(html, kept, OPTIONS), "{html}");
        }
    }
}
