//! Tags and comments that a policy does not allow, as text.

use core::ops::Range;
use std::collections::BTreeSet;

use html5ever::tokenizer::{Tag, Token};

use super::escape::escape;
use super::parse::{self, Judge, Options, Verdict};
use crate::Result;

/// What is let through as it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kept<'a> {
    pub(super) tags: &'a BTreeSet<String>,
    /// Tags that go with their content: they do not become text.
    pub(super) drop_content: &'a BTreeSet<String>,
    pub(super) comments: bool,
}

impl Kept<'_> {
    pub(super) fn allow(&self, tag: &Tag) -> bool {
        self.tags.contains(&*tag.name)
    }

    pub(super) fn drop(&self, tag: &Tag) -> bool {
        self.drop_content.contains(&*tag.name)
    }

    /// Whether a construct becomes text under [`super::OnDisallowed::Escape`].
    pub(super) fn escape(&self, token: &Token) -> bool {
        match token {
            Token::TagToken(tag) => !self.allow(tag) && !self.drop(tag),
            Token::CommentToken(_) => !self.comments,
            _ => true,
        }
    }
}

/// `html`, in which each tag, comment and declaration that is not kept is the text that it is
/// written as. The sanitizer has to have the last word.
pub(super) fn escape_disallowed(html: &str, kept: Kept<'_>, options: Options) -> Result<String> {
    let judge = parse::judge(html, Escape { html, kept, spans: Vec::new() }, options)?;
    let mut escaped = String::with_capacity(html.len() + 16 * judge.spans.len());
    let mut end = 0;
    for span in judge.spans {
        escaped.push_str(html.get(end..span.start).unwrap_or_default());
        escaped.push_str(&escape(html.get(span.clone()).unwrap_or_default()));
        end = span.end;
    }
    escaped.push_str(html.get(end..).unwrap_or_default());
    Ok(escaped)
}

struct Escape<'a> {
    html: &'a str,
    kept: Kept<'a>,
    spans: Vec<Range<usize>>,
}

impl Judge for Escape<'_> {
    fn construct(&mut self, token: &Token, source: Range<usize>, _is_foreign: bool) -> Verdict {
        if !self.kept.escape(token) {
            return Verdict::Keep;
        }
        self.spans.push(source.clone());
        Verdict::Text(self.html.get(source).unwrap_or_default().to_owned())
    }

    fn unfinished(&mut self, source: Range<usize>) -> Option<String> {
        let text = self.html.get(source.clone()).unwrap_or_default().to_owned();
        self.spans.push(source);
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_kept_is_text() {
        let names = |names: &str| names.split(' ').map(str::to_owned).collect();
        let (tags, drop_content) = (names("b i"), names("script"));
        let kept = Kept { tags: &tags, drop_content: &drop_content, comments: false };
        let options = Options { attributes: 256, depth: 512, scripting: false };
        for (html, expected) in [
            ("", ""),
            ("<b>x</b> &amp; <i>y", "<b>x</b> &amp; <i>y"),
            ("<u title=\"&amp;\">x</u>", "&lt;u title=&quot;&amp;amp;&quot;&gt;x&lt;/u&gt;"),
            ("<!-- <b> -->x", "&lt;!-- &lt;b&gt; --&gt;x"),
            ("<!doctype html>", "&lt;!doctype html&gt;"),
            ("<style><b>x</b></style>", "&lt;style&gt;<b>x</b>&lt;/style&gt;"),
            ("<script>'<u>'</script>x", "<script>'<u>'</script>x"),
            ("<svg><b>x</svg>", "&lt;svg&gt;<b>x&lt;/svg&gt;"),
            ("a <u b='", "a &lt;u b=&#x27;"),
            ("a <b c='", "a &lt;b c=&#x27;"),
            ("</3 <3", "&lt;/3 &lt;3"),
            ("<plaintext><b>", "&lt;plaintext&gt;<b>"),
        ] {
            assert_eq!(Ok(expected.to_owned()), escape_disallowed(html, kept, options), "{html}");
        }
    }
}
