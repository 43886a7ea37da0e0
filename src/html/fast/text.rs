//! The text of a document, without a tree.

use super::element::Kind;
use super::tables::reference;
use super::tag::{Attributes, name_end};
use super::{element, reference as references, scan};

/// The text of `html`, as HTML and no longer than `most` bytes.
///
/// It takes time in proportion to its input, whatever that is, so it is for input on which nothing
/// else may be tried. Scripts and style sheets are no text. Where blocks begin and end there are
/// newlines.
pub(in crate::html) fn text_only(html: &str, most: usize) -> String {
    let mut reader = Reader { html, at: 0, text: String::new(), most };
    reader.read();
    reader.text
}

struct Reader<'a> {
    html: &'a str,
    at: usize,
    text: String,
    most: usize,
}

impl Reader<'_> {
    fn read(&mut self) {
        while let (Some(byte), true) = (self.byte(0), self.text.len() < self.most) {
            match (byte, self.byte(1)) {
                (b'<', Some(b'!' | b'?')) => self.comment(),
                (b'<', Some(b'/')) => match self.byte(2) {
                    Some(next) if next.is_ascii_alphabetic() => self.tag(2),
                    Some(_) => self.comment(),
                    None => self.characters(self.html.len()),
                },
                (b'<', Some(next)) if next.is_ascii_alphabetic() => self.tag(1),
                _ => {
                    let rest = self.html.as_bytes().get(self.at + 1..).unwrap_or_default();
                    let end = memchr::memchr(b'<', rest).map_or(rest.len(), |found| found);
                    self.characters(self.at + 1 + end);
                }
            }
        }
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.html.as_bytes().get(self.at + ahead).copied()
    }

    fn rest(&self) -> &[u8] {
        self.html.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn comment(&mut self) {
        let length = super::characters::comment_length(self.rest());
        self.at = length.map_or(self.html.len(), |length| self.at + length);
    }

    fn tag(&mut self, before: usize) {
        let bytes = self.html.as_bytes();
        let end = name_end(bytes, self.at + before);
        let name = bytes.get(self.at + before..end).unwrap_or_default();
        let mut attributes = Attributes::new(bytes, end, usize::MAX);
        let read = loop {
            match attributes.next() {
                Ok(Some(_)) => {}
                Ok(None) => break attributes.end(),
                // A tag without an end has nothing behind it.
                Err(super::Unusual) => break self.html.len(),
            }
        };
        self.at = read;
        let kind = element::of(name).0;
        if matches!(
            kind,
            Kind::Block
                | Kind::Break
                | Kind::Caption
                | Kind::Cell
                | Kind::Definition
                | Kind::Heading
                | Kind::Item
                | Kind::Paragraph
                | Kind::Preformatted
                | Kind::Row
                | Kind::Rule
                | Kind::Table
        ) && !name.eq_ignore_ascii_case(b"img")
        {
            self.newline();
        }
        if before == 1 && kind == Kind::RawText {
            let end = raw_text_end(self.html.as_bytes(), self.at, name);
            self.at = end.unwrap_or(self.html.len());
        }
    }

    fn newline(&mut self) {
        if self.text.ends_with(|last: char| !last.is_whitespace()) {
            self.text.push('\n');
        }
    }

    /// Adds text up to `end`, escaped.
    fn characters(&mut self, end: usize) {
        let bytes = self.html.as_bytes();
        while self.at < end && self.text.len() < self.most {
            let special = scan::text(bytes.get(..end).unwrap_or_default(), self.at);
            let room = self.most - self.text.len();
            let plain = self.html.get(self.at..special).unwrap_or_default();
            self.text.push_str(beginning(plain, room));
            self.at = special + 1;
            match bytes.get(special).filter(|_| special < end) {
                Some(b'&') => match references::read(self.html, special + 1, false) {
                    Some(((first, second), end)) => {
                        self.at = end;
                        self.character(first);
                        if let Some(second) = second {
                            self.character(second);
                        }
                    }
                    None => self.character('&'),
                },
                Some(&scan::NO_BREAK_SPACE) => {
                    let next = self.html.get(special..).and_then(|rest| rest.chars().next());
                    self.character(next.unwrap_or_default());
                    self.at = special + 2;
                }
                Some(b'<') => self.character('<'),
                Some(b'>') => self.character('>'),
                Some(b'\r') if self.byte(0) != Some(b'\n') => self.character('\n'),
                Some(_) => {}
                None => self.at = special,
            }
        }
    }

    fn character(&mut self, character: char) {
        let reference = reference(character, false);
        let length = reference.map_or(character.len_utf8(), str::len);
        if self.text.len() + length > self.most {
            // Nothing shorter that comes later may follow.
            self.most = self.text.len();
        } else if let Some(reference) = reference {
            self.text.push_str(reference);
        } else if character != '\0' {
            self.text.push(character);
        }
    }
}

/// As many characters as have room.
fn beginning(text: &str, room: usize) -> &str {
    let mut end = text.len().min(room);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// Where the end tag begins of an element whose content is no markup, if it has one.
pub(super) fn raw_text_end(bytes: &[u8], from: usize, name: &[u8]) -> Option<usize> {
    let content = bytes.get(from..)?;
    let end = memchr::memmem::find_iter(content, b"</").find(|end| {
        let after = content.get(end + 2..).unwrap_or_default();
        after.get(..name.len()).is_some_and(|it| it.eq_ignore_ascii_case(name))
            && after
                .get(name.len())
                .is_some_and(|it| scan::is_space(*it) || matches!(it, b'/' | b'>'))
    });
    end.map(|end| from + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_what_is_left() {
        for (html, text) in [
            ("", ""),
            ("x", "x"),
            ("<p>a &amp; b</p><p>c &lt; d", "a &amp; b\nc &lt; d"),
            ("<script>x</script>y<style>z", "y"),
            ("a<!-- b -->c<!-- d", "ac"),
            ("a < b <3 </", "a &lt; b &lt;3 &lt;/"),
            ("a<b title='>'>c</b>\u{A0}«»", "ac&nbsp;«»"),
            ("a<b title='", "a"),
            ("\"a\"\r\n\0b\r", "\"a\"\nb\n"),
            ("&quot;&#0;&nGt;&bogus;", "\"\u{FFFD}≫\u{20D2}&amp;bogus;"),
        ] {
            assert_eq!(text, text_only(html, 1000), "{html}");
        }
    }

    #[test]
    fn it_ends_between_characters() {
        for (most, text) in
            [(0, ""), (1, "a"), (2, "a"), (3, "aä"), (5, "aä"), (8, "aä&amp;"), (9, "aä&amp;b")]
        {
            assert_eq!(text, text_only("aä&amp;b", most));
        }
    }

    #[test]
    fn no_markup_is_left_of_any() {
        for html in
            ["<<b>script>", "<a<b>", "&lt;b&gt;", "<plaintext><b>", "<svg><b></svg>", "</b a='"]
        {
            let text = text_only(html, 1000);
            assert!(!text.contains('<') && !text.contains('>'), "{html}: {text}");
        }
    }
}
