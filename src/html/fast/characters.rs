//! What stands between tags: text and comments.

use super::stack::{Mode, Tree};
use super::{Result, Unusual, attributes, scan};

impl Tree<'_> {
    /// Skips a comment, a declaration or a processing instruction.
    pub(super) fn comment(&mut self) {
        let rest = self.source.as_bytes().get(self.at..).unwrap_or_default();
        self.at += comment_length(rest).unwrap_or(rest.len());
    }

    /// Whether the next byte begins markup, a text's end.
    pub(super) fn is_markup(&self, at: usize) -> bool {
        match self.byte(at + 1) {
            Some(b'/') => self.byte(at + 2).is_some(),
            Some(next) => next.is_ascii_alphabetic() || matches!(next, b'!' | b'?'),
            None => false,
        }
    }

    pub(super) fn text(&mut self) -> Result<()> {
        match self.mode {
            Mode::Body | Mode::Caption | Mode::Cell => {
                self.reconstruct()?;
                self.write_text()
            }
            Mode::Row | Mode::Table | Mode::TableBody if self.is_misplaced() => self.foster(|it| {
                it.reconstruct()?;
                it.write_text()
            }),
            Mode::ColumnGroup | Mode::Row | Mode::Table | Mode::TableBody => self.space(),
        }
    }

    /// Whether the text between the parts of a table, up to the next markup, has more than spaces.
    fn is_misplaced(&self) -> bool {
        let rest = self.source.as_bytes().get(self.at..).unwrap_or_default();
        let Some(space) = rest.iter().position(|byte| !scan::is_space(*byte)) else {
            return self.fostered.is_some();
        };
        match rest.get(space) {
            Some(b'<') => self.fostered.is_some() || !self.is_markup(self.at + space),
            // It may be a space.
            Some(b'&') => self.fostered.is_some(),
            _ => true,
        }
    }

    /// Writes text up to the next markup.
    pub(super) fn write_text(&mut self) -> Result<()> {
        let bytes = self.source.as_bytes();
        if self.output.muted {
            self.at = loop {
                let rest = bytes.get(self.at..).unwrap_or_default();
                match memchr::memchr(b'<', rest) {
                    None => break bytes.len(),
                    Some(found) if self.is_markup(self.at + found) => break self.at + found,
                    Some(found) => self.at += found + 1,
                }
            };
            return Ok(());
        }
        loop {
            let special = scan::text(bytes, self.at);
            self.output.keep(self.at, special);
            self.at = special;
            match bytes.get(special) {
                None => return Ok(()),
                Some(b'<') if self.is_markup(special) => return Ok(()),
                Some(byte) => {
                    self.at = attributes::write_special(
                        &mut self.output,
                        self.source,
                        special,
                        *byte,
                        false,
                    )?;
                }
            }
        }
    }

    /// Writes spaces, which is all the text there may be between the parts of a table.
    fn space(&mut self) -> Result<()> {
        while let Some(byte) = self.byte(self.at) {
            match byte {
                b'\r' => {
                    self.at = attributes::write_special(
                        &mut self.output,
                        self.source,
                        self.at,
                        byte,
                        false,
                    )?;
                }
                byte if scan::is_space(byte) => {
                    self.output.keep(self.at, self.at + 1);
                    self.at += 1;
                }
                b'<' if self.is_markup(self.at) => return Ok(()),
                _ => return Err(Unusual),
            }
        }
        Ok(())
    }
}

/// How long the comment, declaration or processing instruction is with which this begins, if it
/// ends (sections 13.2.5.42 and on).
pub(super) fn comment_length(rest: &[u8]) -> Option<usize> {
    match rest.strip_prefix(b"<!--") {
        None => memchr::memchr(b'>', rest).map(|end| end + 1),
        Some([b'>', ..]) => Some(5),
        Some([b'-', b'>', ..]) => Some(6),
        Some(comment) => comment_end(comment).map(|end| 4 + end),
    }
}

/// What follows the end of a comment.
fn comment_end(comment: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'>', comment).find_map(|at| {
        let before = comment.get(..at)?;
        (before.ends_with(b"--") || before.ends_with(b"--!")).then_some(at + 1)
    })
}
