//! A bound on what a document costs ammonia, from one look at it.
//!
//! The meter is exact and takes a good part of the time that sanitizing takes. Most documents are
//! far from any limit, which can be seen without a tree. What is open for the tree builder is also
//! open for someone who closes an element only when its own end tag comes while it is the last one
//! opened: the tree builder closes it as well, and others sooner. The same is true of the active
//! formatting elements, which it opens again. For a tag it does no more than to walk through both a
//! few times, and to write what is active. What depends on more, the siblings of a node that is
//! moved, happens with misplaced tags only.

use memchr::{memchr, memchr2_iter};

use super::element::{self, Kind};
use super::tag::{Attributes, name_end};
use super::{Unusual, scan, stack, text};
use crate::html::cost::Budget;
use crate::html::limits::Limits;

/// Whether a document is surely within its limits.
pub(in crate::html) fn is_cheap(html: &str, limits: &Limits) -> bool {
    let mut bound = Bound {
        bytes: html.as_bytes(),
        at: 0,
        limits,
        budget: Budget::new(html.len(), limits.depth),
        open: Vec::new(),
        formatting: 0,
        formatting_bytes: 0,
        tables: 0,
        tabled: false,
        nodes: 0,
        run: 0,
        escapes: 0,
        misplaced: false,
        ignored: 0,
        work: 0,
        written: 0,
    };
    bound.read().is_some()
}

struct Bound<'a> {
    bytes: &'a [u8],
    at: usize,
    limits: &'a Limits,
    budget: Budget,
    open: Vec<Open<'a>>,
    /// Of what is open: formatting elements, their tags' bytes, and tables.
    formatting: usize,
    formatting_bytes: usize,
    tables: usize,
    /// Whether there was a table.
    tabled: bool,
    /// Elements and texts so far.
    nodes: usize,
    /// The length of the text that may be one, and what has to be escaped in it.
    run: usize,
    escapes: usize,
    /// Whether an end tag stood where nothing, or something else, was to be closed.
    misplaced: bool,
    /// Attributes of tags that are joined to one that is there.
    ignored: usize,
    work: usize,
    written: usize,
}

#[derive(Clone, Copy)]
struct Open<'a> {
    name: &'a [u8],
    kind: Kind,
    /// What both its tags take.
    length: usize,
}

impl<'a> Bound<'a> {
    /// None as soon as it is not sure.
    fn read(&mut self) -> Option<()> {
        while self.at < self.bytes.len() {
            let rest = self.bytes.get(self.at..)?;
            match rest {
                [b'<', b'/', next, ..] if next.is_ascii_alphabetic() => self.end()?,
                [b'<', b'/', _, ..] | [b'<', b'!' | b'?', ..] => {
                    let length = stack::comment_length(rest).unwrap_or(rest.len());
                    self.written += length;
                    self.at += length;
                }
                [b'<', next, ..] if next.is_ascii_alphabetic() => self.start()?,
                _ => {
                    let end = memchr(b'<', rest.get(1..)?).map_or(rest.len(), |found| found + 1);
                    self.text(rest.get(..end)?)?;
                    self.at += end;
                }
            }
            self.check()?;
        }
        self.end_text();
        self.check()
    }

    fn check(&self) -> Option<()> {
        let depth = self.open.len() + self.formatting + 3 * self.tables + 1;
        let cheap = depth <= self.budget.depth
            && self.work as u64 <= self.budget.work
            && self.written as u64 <= self.budget.bytes
            && !(self.misplaced && self.tabled);
        cheap.then_some(())
    }

    /// What every token costs: the walks, and the formatting that is opened again.
    fn token(&mut self, length: usize) {
        self.nodes += 1;
        self.work += 4 + 3 * (self.open.len() + self.formatting);
        self.written += 2 * length + self.formatting_bytes;
    }

    fn text(&mut self, text: &[u8]) -> Option<()> {
        if self.in_table() && !text.iter().all(|byte| scan::is_space(*byte)) {
            return None;
        }
        self.run += text.len();
        self.escapes += memchr2_iter(b'&', scan::NO_BREAK_SPACE, text).count();
        self.token(text.len());
        Some(())
    }

    /// The serializer looks for the end of a text from each character that it escapes.
    fn end_text(&mut self) {
        self.work += self.run.saturating_mul(self.escapes) / 256;
        self.run = 0;
        self.escapes = 0;
    }

    fn start(&mut self) -> Option<()> {
        let start = self.at;
        let (name, attributes) = self.tag(1)?;
        let (kind, traits) = element::of(name);
        let length = name.len() + 3 + self.at - start;
        self.end_text();
        self.work += attributes * attributes / 2;
        if kind == Kind::Unusual || self.in_table() && !is_in_tables(kind, name) {
            return None;
        }
        match kind {
            Kind::Anchor | Kind::Formatting => self.work += self.formatting * (1 + 8 * attributes),
            Kind::Ignored => {
                self.ignored += attributes;
                self.work += 8 * self.ignored;
            }
            _ => {}
        }
        if kind == Kind::Anchor && self.open.iter().any(|it| it.kind == Kind::Anchor) {
            self.adopt();
        }
        if !traits.void() {
            self.push(Open { name, kind, length });
        }
        if matches!(kind, Kind::RawText | Kind::ReferenceText) {
            let end = text::raw_text_end(self.bytes, self.at, name).unwrap_or(self.bytes.len());
            let content = self.bytes.get(self.at..end)?;
            if kind == Kind::RawText && memchr::memmem::find(content, b"<!--").is_some() {
                return None;
            }
            self.run += content.len();
            self.escapes += memchr2_iter(b'&', scan::NO_BREAK_SPACE, content).count();
            self.written += content.len();
            self.at = end;
        }
        Some(())
    }

    fn push(&mut self, open: Open<'a>) {
        if matches!(open.kind, Kind::Anchor | Kind::Formatting) {
            self.formatting += 1;
            self.formatting_bytes += open.length;
        }
        self.tables += usize::from(open.kind == Kind::Table);
        self.tabled |= open.kind == Kind::Table;
        self.open.push(open);
    }

    fn end(&mut self) -> Option<()> {
        let (name, attributes) = self.tag(2)?;
        self.work += attributes * attributes / 2;
        let last = self.open.last().copied();
        match last {
            Some(last) if last.name.eq_ignore_ascii_case(name) => {
                self.end_text();
                self.open.pop();
                if matches!(last.kind, Kind::Anchor | Kind::Formatting) {
                    self.formatting -= 1;
                    self.formatting_bytes -= last.length;
                }
                self.tables -= usize::from(last.kind == Kind::Table);
            }
            _ => {
                self.misplaced = true;
                if matches!(element::of(name).0, Kind::Anchor | Kind::Formatting) {
                    self.adopt();
                }
            }
        }
        Some(())
    }

    /// What the adoption agency costs: eight times, it walks through what is open and takes nodes
    /// from among their siblings.
    fn adopt(&mut self) {
        self.work += 8 * (3 * (self.open.len() + self.formatting) + 5 * self.nodes);
        self.written += 8 * self.formatting_bytes;
    }

    /// Reads a tag. The answer is its name and how many attributes it has.
    fn tag(&mut self, before: usize) -> Option<(&'a [u8], usize)> {
        let start = self.at;
        let end = name_end(self.bytes, start + before);
        let name = self.bytes.get(start + before..end)?;
        let mut attributes = Attributes::new(self.bytes, end, self.limits.attributes);
        let mut count = 0;
        loop {
            match attributes.next() {
                Ok(Some(_)) => count += 1,
                Ok(None) => break,
                Err(Unusual) if count == self.limits.attributes => return None,
                // A tag without an end, and nothing behind it.
                Err(Unusual) => {
                    self.at = self.bytes.len();
                    return Some((name, count));
                }
            }
        }
        self.at = attributes.end();
        let tag = self.bytes.get(start..self.at)?;
        if count > 0 {
            let escapes = memchr2_iter(b'&', scan::NO_BREAK_SPACE, tag).count();
            self.work += tag.len().saturating_mul(escapes) / 256;
        }
        self.token(tag.len());
        Some((name, count))
    }

    fn in_table(&self) -> bool {
        self.open.last().is_some_and(|it| {
            matches!(it.kind, Kind::ColumnGroup | Kind::Row | Kind::Table | Kind::TableSection)
        })
    }
}

/// Whether an element may stand between the parts of a table.
fn is_in_tables(kind: Kind, name: &[u8]) -> bool {
    matches!(
        kind,
        Kind::Caption
            | Kind::Cell
            | Kind::Column
            | Kind::ColumnGroup
            | Kind::Row
            | Kind::TableSection
    ) || name.eq_ignore_ascii_case(b"style")
        || name.eq_ignore_ascii_case(b"script")
}
