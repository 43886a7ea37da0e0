//! Markup as the sanitizer writes it, read and written: every tag closed, every value in double
//! quotes, nothing else with a `<`.
//!
//! Whoever changes markup by this lets the sanitizer have the last word.

use std::borrow::Cow;

/// A part of sanitized markup.
#[derive(Debug, PartialEq)]
pub(super) enum Piece<'a> {
    Comment(&'a str),
    End(&'a str),
    Start(Start<'a>),
    /// Text with its references.
    Text(&'a str),
}

/// A start tag.
#[derive(Debug, PartialEq)]
pub(super) struct Start<'a> {
    pub(super) name: &'a str,
    /// From behind the name to the `>`.
    attributes: &'a str,
    pub(super) source: &'a str,
}

/// The parts of `html`, which make it up.
pub(super) fn pieces(html: &str) -> Pieces<'_> {
    Pieces(html)
}

/// An iterator over parts.
#[derive(Debug)]
pub(super) struct Pieces<'a>(&'a str);

impl<'a> Pieces<'a> {
    fn tag(&self) -> Option<(Piece<'a>, usize)> {
        let html = self.0;
        if let Some(rest) = html.strip_prefix("<!--") {
            let end = rest.find("-->")?;
            let comment = rest.get(..end)?;
            return Some((Piece::Comment(comment), "<!---->".len() + end));
        }
        let name_start = if html.starts_with("</") { 2 } else { 1 };
        let rest = html.get(name_start..)?;
        if !rest.starts_with(|first: char| first.is_ascii_alphabetic()) {
            return None;
        }
        let name = rest.get(..rest.find([' ', '>'])?)?;
        let behind = rest.get(name.len()..)?;
        if name_start == 2 {
            behind.strip_prefix('>')?;
            return Some((Piece::End(name), 2 + name.len() + 1));
        }
        let length = attributes_length(behind)?;
        let attributes = behind.get(..length)?;
        behind.get(length..)?.strip_prefix('>')?;
        let end = 1 + name.len() + length + 1;
        Some((Piece::Start(Start { name, attributes, source: html.get(..end)? }), end))
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let html = self.0;
        if html.is_empty() {
            return None;
        }
        let tag = if html.starts_with('<') { self.tag() } else { None };
        let (piece, end) = tag.unwrap_or_else(|| {
            let from = usize::from(html.starts_with('<'));
            let end = memchr::memchr(b'<', html.as_bytes().get(from..).unwrap_or_default())
                .map_or(html.len(), |found| from + found);
            (Piece::Text(html.get(..end).unwrap_or(html)), end)
        });
        self.0 = html.get(end..).unwrap_or_default();
        Some(piece)
    }
}

/// Where the `>` stands behind ` name="value" name="value"`.
fn attributes_length(text: &str) -> Option<usize> {
    let mut end = 0;
    loop {
        let rest = text.get(end..)?;
        if rest.starts_with('>') {
            return Some(end);
        }
        let (_, _, length) = attribute(rest)?;
        end += length;
    }
}

fn attribute(text: &str) -> Option<(&str, &str, usize)> {
    let rest = text.strip_prefix(' ')?;
    let name = rest.get(..rest.find(['=', ' ', '>', '"', '<'])?)?;
    let value = rest.get(name.len()..)?.strip_prefix("=\"")?;
    let value = value.get(..value.find('"')?)?;
    Some((name, value, 1 + name.len() + 2 + value.len() + 1))
}

impl Start<'_> {
    /// The attributes in their order, their values without references.
    pub(super) fn attributes(&self) -> Vec<(String, String)> {
        let mut attributes = Vec::new();
        let mut rest = self.attributes;
        while let Some((name, value, length)) = attribute(rest) {
            attributes.push((name.to_owned(), unescape(value).into_owned()));
            rest = rest.get(length..).unwrap_or_default();
        }
        attributes
    }
}

/// Whether an element has neither content nor end tag.
pub(super) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "basefont"
            | "bgsound"
            | "br"
            | "col"
            | "embed"
            | "frame"
            | "hr"
            | "img"
            | "input"
            | "keygen"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Whether something can be the name of a tag or an attribute.
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':'))
}

/// Appends a start tag, its values with the references they need.
pub(super) fn write_start(html: &mut String, name: &str, attributes: &[(String, String)]) {
    html.push('<');
    html.push_str(name);
    write_attributes(html, attributes);
    html.push('>');
}

pub(super) fn write_attributes(html: &mut String, attributes: &[(String, String)]) {
    for (name, value) in attributes {
        html.push(' ');
        html.push_str(name);
        html.push_str("=\"");
        write_value(html, value);
        html.push('"');
    }
}

/// Appends what stands between the quotes of an attribute.
pub(super) fn write_value(html: &mut String, value: &str) {
    write_escaped(html, value, &['&', '<', '>', '"', '\u{A0}']);
}

pub(super) fn write_end(html: &mut String, name: &str) {
    html.push_str("</");
    html.push_str(name);
    html.push('>');
}

/// Appends text, with the references it needs, as html5ever writes it.
pub(super) fn write_text(html: &mut String, text: &str) {
    write_escaped(html, text, &['&', '<', '>', '\u{A0}']);
}

fn write_escaped(html: &mut String, text: &str, special: &[char]) {
    let bytes = text.as_bytes();
    if memchr::memchr3(b'&', b'<', b'>', bytes).or(memchr::memchr2(b'"', 0xC2, bytes)).is_none() {
        html.push_str(text);
        return;
    }
    for piece in text.split_inclusive(special) {
        let mut characters = piece.chars();
        let reference = match characters.next_back() {
            Some('&') => "&amp;",
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            Some('"') if special.contains(&'"') => "&quot;",
            Some('\u{A0}') => "&nbsp;",
            _ => {
                html.push_str(piece);
                continue;
            }
        };
        html.push_str(characters.as_str());
        html.push_str(reference);
    }
}

/// Text without the references that html5ever writes; others stay as they are.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for part in Units(text) {
        plain.push_str(part.plain());
    }
    Cow::Owned(plain)
}

/// Text cut into references and what is between them.
pub(super) struct Units<'a>(pub(super) &'a str);

/// A reference or plain text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit<'a> {
    pub(super) source: &'a str,
    reference: Option<&'static str>,
}

impl<'a> Unit<'a> {
    pub(super) fn plain(&self) -> &'a str {
        self.reference.unwrap_or(self.source)
    }
}

impl<'a> Iterator for Units<'a> {
    type Item = Unit<'a>;

    fn next(&mut self) -> Option<Unit<'a>> {
        let text = self.0;
        if text.is_empty() {
            return None;
        }
        let reference =
            REFERENCES.iter().find(|(reference, _)| text.starts_with(reference)).copied();
        let end = if let Some((reference, _)) = reference {
            reference.len()
        } else {
            let from = usize::from(text.starts_with('&'));
            memchr::memchr(b'&', text.as_bytes().get(from..).unwrap_or_default())
                .map_or(text.len(), |found| from + found)
        };
        let (source, rest) = text.split_at_checked(end)?;
        self.0 = rest;
        Some(Unit { source, reference: reference.map(|(_, plain)| plain) })
    }
}

const REFERENCES: [(&str, &str); 5] =
    [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&nbsp;", "\u{A0}")];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn markup_is_read() {
        let html = "a &amp; <b title=\"x &gt; &quot;\" lang=\"\">c</b><br><!-- d -->";
        let read: Vec<_> = pieces(html).collect();
        let Piece::Start(start) = &read[1] else { panic!("{read:?}") };

        assert_eq!(Piece::Text("a &amp; "), read[0]);
        assert_eq!("b", start.name);
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(vec![pair("title", "x > \""), pair("lang", "")], start.attributes());
        assert_eq!(Piece::Text("c"), read[2]);
        assert_eq!(Piece::End("b"), read[3]);
        assert!(matches!(read[4], Piece::Start(Start { name: "br", .. })));
        assert_eq!(Piece::Comment(" d "), read[5]);
    }

    #[test]
    fn what_no_sanitizer_writes_is_text() {
        for html in ["<", "<b", "<b x>", "<b x=y>", "<b x=\"y>", "</b x>", "<!-- x", "<3", "<!x>"] {
            assert!(pieces(html).all(|piece| matches!(piece, Piece::Text(_))), "{html}");
        }
    }

    proptest! {
        #[test]
        fn pieces_make_up_the_markup(html in "[<>/!a -=\"&;äp]{0,40}") {
            let mut whole = String::new();
            for piece in pieces(&html) {
                match piece {
                    Piece::Comment(text) => whole.extend(["<!--", text, "-->"]),
                    Piece::End(name) => write_end(&mut whole, name),
                    Piece::Start(start) => whole.push_str(start.source),
                    Piece::Text(text) => whole.push_str(text),
                }
            }
            prop_assert_eq!(html, whole);
        }

        #[test]
        fn text_is_written_and_read(text in "[<>&;\"'\u{A0}a-zä]{0,40}") {
            let mut html = String::new();
            write_text(&mut html, &text);
            prop_assert_eq!(&text, &unescape(&html));
        }
    }
}
