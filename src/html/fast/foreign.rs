//! SVG and `MathML` in text, of which nothing stays but its text (section 13.2.6.5).

use super::stack::{Start, Tree};
use super::{Result, Unusual};

impl<'a> Tree<'a> {
    /// Reads an `<svg>` or `<math>` and what is in it, up to where HTML goes on.
    ///
    /// No policy with tables keeps these. ammonia takes away the element and others of its name
    /// right within it, and drops what else is in it but for its text. What HTML there may be in
    /// them, and end tags of what is around them, are left to ammonia.
    pub(super) fn foreign(&mut self, start: Start<'a>) -> Result<()> {
        self.reconstruct()?;
        let (Some(at), false) = (start.attributes, self.fostering) else { return Err(Unusual) };
        let muted = self.output.muted;
        let mut open = Foreign { root: start.name, names: Vec::new(), shown: 0 };
        self.open_foreign(start.name, at, &mut open)?;
        while let (false, Some(byte)) = (open.names.is_empty(), self.byte(self.at)) {
            self.output.muted = muted || start.entry.drop || open.shown < open.names.len();
            match (byte, self.byte(self.at + 1)) {
                (b'<', Some(b'/')) => match self.byte(self.at + 2) {
                    Some(next) if next.is_ascii_alphabetic() => self.close_foreign(&mut open)?,
                    Some(_) => self.comment(),
                    None => self.write_text()?,
                },
                (b'<', Some(b'!' | b'?')) => {
                    if self.byte(self.at + 2) == Some(b'[') {
                        return Err(Unusual);
                    }
                    self.comment();
                }
                (b'<', Some(next)) if next.is_ascii_alphabetic() => {
                    let (entry, name, end) = self.name(self.at + 1);
                    if open.names.last().is_some_and(|(_, is_html)| *is_html)
                        || matches!(entry.name, "font" | "script")
                    {
                        return Err(Unusual);
                    }
                    if breaks_out(entry.name) {
                        break;
                    }
                    self.open_foreign(name, end, &mut open)?;
                }
                _ => self.write_text()?,
            }
        }
        self.output.muted = muted;
        Ok(())
    }

    fn open_foreign(&mut self, name: &'a [u8], at: usize, open: &mut Foreign<'a>) -> Result<()> {
        let mut attributes = self.attributes(at);
        let mut last = at;
        while let Some(attribute) = attributes.next()? {
            last = attribute.after;
        }
        self.at = attributes.end();
        // The `/` may also be the end of a value.
        let closed = last + 2 <= self.at && self.byte(self.at - 2) == Some(b'/');
        if closed {
            return Ok(());
        }
        if self.open.len() + open.names.len() >= self.most_open() {
            return Err(Unusual);
        }
        let is_shown = name.eq_ignore_ascii_case(open.root);
        open.shown += usize::from(is_shown && open.shown == open.names.len());
        open.names.push((name, has_html(name)));
        Ok(())
    }

    fn close_foreign(&mut self, open: &mut Foreign<'a>) -> Result<()> {
        let (_, name, end) = self.name(self.at + 2);
        let named = open.names.iter().rposition(|(it, _)| it.eq_ignore_ascii_case(name));
        open.names.truncate(named.ok_or(Unusual)?);
        open.shown = open.shown.min(open.names.len());
        self.at = super::attributes::skip(self.attributes(end))?;
        Ok(())
    }
}

/// Open elements of SVG or `MathML`, and whether there is HTML in them.
struct Foreign<'a> {
    root: &'a [u8],
    names: Vec<(&'a [u8], bool)>,
    /// How many of them, from the first on, are of the name of the first.
    shown: usize,
}

/// Whether HTML's rules hold for what is in an element.
fn has_html(name: &[u8]) -> bool {
    ["annotation-xml", "desc", "foreignobject", "mi", "mn", "mo", "ms", "mtext", "title"]
        .iter()
        .any(|it| name.eq_ignore_ascii_case(it.as_bytes()))
}

/// Whether a start tag ends all of SVG and `MathML` around it.
fn breaks_out(name: &str) -> bool {
    matches!(
        name,
        "b" | "big"
            | "blockquote"
            | "body"
            | "br"
            | "center"
            | "code"
            | "dd"
            | "div"
            | "dl"
            | "dt"
            | "em"
            | "embed"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "head"
            | "hr"
            | "i"
            | "img"
            | "li"
            | "listing"
            | "menu"
            | "meta"
            | "nobr"
            | "ol"
            | "p"
            | "pre"
            | "ruby"
            | "s"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "table"
            | "tt"
            | "u"
            | "ul"
            | "var"
    )
}
