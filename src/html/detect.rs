//! Whether text is HTML.

use core::ops::Range;

use html5ever::tokenizer::{Token, TokenSinkResult};

use super::limits::Limits;
use super::tokens::{self, Reader};
use crate::platform::fork_gate;

/// Whether HTML would take anything in `text` for more than text: a tag, a comment, a NUL.
#[must_use]
pub fn is_html(text: &str) -> bool {
    // What has too many attributes has a tag.
    let attributes = Limits::default().attributes;
    let read = fork_gate::undisturbed(|| tokens::read(text, attributes, Found(false)));
    read.map_or(true, |Found(found)| found)
}

struct Found(bool);

impl Reader for Found {
    type Handle = ();

    fn characters(&mut self, token: Token, _literal: bool) {
        self.0 |= matches!(token, Token::NullCharacterToken);
    }

    fn construct(&mut self, _token: Token, _source: Range<usize>) -> TokenSinkResult<()> {
        self.0 = true;
        TokenSinkResult::Continue
    }

    fn end(&mut self, _unfinished: Option<Range<usize>>) {}
}

#[cfg(test)]
mod tests {
    use super::is_html;

    #[test]
    fn ammonia_agrees() {
        let many = format!("<b {}>", "x ".repeat(300));
        for text in [
            "",
            "a < b > c & d &amp;",
            "<b>",
            "</b>",
            "<!-- x",
            "<!x>",
            "<?x>",
            "<3",
            "a\0",
            "<b",
            &many,
        ] {
            assert_eq!(ammonia::is_html(text), is_html(text), "{text}");
        }
    }
}
