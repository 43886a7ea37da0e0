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
use super::{Unusual, characters, scan, text};
use crate::html::cost::Budget;
use crate::html::limits::Limits;

/// Whether a document is surely within its limits.
pub(in crate::html) fn is_cheap(html: &str, limits: &Limits) -> bool {
    at_most(html, limits, Budget::new(html.len(), limits.depth)).is_some()
}

/// What a document costs at most, if that is within the budget.
pub(in crate::html) fn at_most(html: &str, limits: &Limits, budget: Budget) -> Option<Budget> {
    let mut bound = Bound {
        bytes: html.as_bytes(),
        at: 0,
        limits,
        budget,
        open: Vec::new(),
        formatting: 0,
        formatting_bytes: 0,
        tables: 0,
        foreign: 0,
        tabled: false,
        nodes: 0,
        length: 0,
        escapes: 0,
        misplaced: false,
        fosters: false,
        ignored: 0,
        // A document and what it stands in.
        cost: Budget { work: 64, bytes: 64, depth: 0 },
    };
    bound.read()?;
    Some(bound.cost)
}

struct Bound<'a> {
    bytes: &'a [u8],
    at: usize,
    limits: &'a Limits,
    budget: Budget,
    open: Vec<Open<'a>>,
    /// Of what is open: formatting elements, their tags' bytes, tables, and SVG or `MathML`.
    formatting: usize,
    formatting_bytes: usize,
    tables: usize,
    foreign: usize,
    /// Whether there was a table.
    tabled: bool,
    /// Elements and texts so far.
    nodes: usize,
    /// The length of the text that may be one, and what has to be escaped in it.
    length: usize,
    escapes: usize,
    /// Whether an end tag stood where nothing, or something else, was to be closed.
    misplaced: bool,
    /// Whether what comes may be put before a table, where its place is looked for among all nodes.
    fosters: bool,
    /// Attributes of tags that are joined to one that is there.
    ignored: usize,
    /// So far.
    cost: Budget,
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
                    if self.foreign > 0 && rest.starts_with(b"<![") {
                        return None;
                    }
                    let length = characters::comment_length(rest).unwrap_or(rest.len());
                    self.token(length);
                    self.at += length;
                }
                [b'<', next, ..] if next.is_ascii_alphabetic() => self.start()?,
                _ => {
                    let end = memchr(b'<', rest.get(1..)?).map_or(rest.len(), |found| found + 1);
                    self.text(rest.get(..end)?);
                    self.at += end;
                }
            }
            self.check()?;
        }
        self.count_text();
        self.check()
    }

    fn check(&mut self) -> Option<()> {
        // The document itself, and an element without content.
        let depth = self.open.len() + self.formatting + 3 * self.tables + 2;
        self.cost.depth = self.cost.depth.max(depth);
        let cheap = depth <= self.budget.depth
            && self.cost.work <= self.budget.work
            && self.cost.bytes <= self.budget.bytes;
        cheap.then_some(())
    }

    fn work(&mut self, steps: usize) {
        self.cost.work = self.cost.work.saturating_add(steps as u64);
    }

    fn written(&mut self, bytes: usize) {
        self.cost.bytes = self.cost.bytes.saturating_add(bytes as u64);
    }

    /// What every token costs: the walks, and the formatting that is opened again.
    fn token(&mut self, length: usize) {
        self.nodes += 1;
        self.work(20 + 6 * self.walks());
        self.written(2 * length + 8 + self.formatting_bytes);
        if self.fosters {
            self.work(self.nodes);
        }
    }

    /// Walking through all that is open, and looking there for all that is active.
    fn walks(&self) -> usize {
        self.open.len() + self.formatting + self.open.len() * self.formatting
    }

    /// From here on, tables may give away what is in them.
    fn foster(&mut self) {
        if !self.fosters {
            self.fosters = true;
            self.work(self.nodes);
        }
    }

    fn text(&mut self, text: &[u8]) {
        if self.in_table() && !text.iter().all(|byte| scan::is_space(*byte)) {
            self.foster();
        }
        self.token(text.len());
        self.run(text);
    }

    /// Text that may go on. html5ever hands it on in pieces, and opens formatting again for each.
    fn run(&mut self, text: &[u8]) {
        let pieces = 1 + 2 * cuts(text);
        self.work(pieces.saturating_mul(12 + 2 * self.walks()));
        if self.fosters {
            self.work(pieces.saturating_mul(self.nodes));
        }
        self.length += text.len();
        self.escapes += memchr2_iter(b'&', scan::NO_BREAK_SPACE, text).count();
    }

    /// The serializer looks for the end of a text from each character that it escapes.
    fn end_text(&mut self) {
        // What tables give away may become one text.
        if self.fosters {
            return;
        }
        self.count_text();
    }

    fn count_text(&mut self) {
        self.work(self.length.saturating_mul(self.escapes) / 256);
        self.length = 0;
        self.escapes = 0;
    }

    fn start(&mut self) -> Option<()> {
        let start = self.at;
        let (name, attributes) = self.tag(1)?;
        let (kind, traits) = element::of(name);
        let length = 2 * (self.at - start) + 5 * attributes + 8;
        self.end_text();
        self.work(attributes * attributes / 2);
        // These are parsed otherwise, and in SVG so is all that has text of its own.
        let text = matches!(kind, Kind::RawText | Kind::ReferenceText);
        if kind == Kind::Unusual && !is_image(name) || text && self.foreign > 0 {
            return None;
        }
        if self.in_table() && !is_in_tables(kind, name) {
            self.foster();
        }
        match kind {
            Kind::Anchor | Kind::Formatting => {
                self.work(self.formatting * (1 + 8 * attributes));
            }
            Kind::Ignored => {
                self.ignored += attributes;
                self.work(8 * self.ignored);
            }
            _ => {}
        }
        if kind == Kind::Anchor && self.open.iter().any(|it| it.kind == Kind::Anchor) {
            self.adopt();
        }
        if !traits.void() || self.foreign > 0 {
            self.push(Open { name, kind, length });
        }
        if text {
            let end = text::raw_text_end(self.bytes, self.at, name).unwrap_or(self.bytes.len());
            let content = self.bytes.get(self.at..end)?;
            if kind == Kind::RawText && memchr::memmem::find(content, b"<!--").is_some() {
                return None;
            }
            self.run(content);
            self.written(content.len());
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
        self.foreign += usize::from(is_foreign(open.kind));
        self.tabled |= open.kind == Kind::Table;
        if self.tabled && self.misplaced {
            self.foster();
        }
        self.open.push(open);
    }

    fn end(&mut self) -> Option<()> {
        let (name, attributes) = self.tag(2)?;
        self.work(attributes * attributes / 2);
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
                self.foreign -= usize::from(is_foreign(last.kind));
            }
            _ => {
                self.misplaced = true;
                if self.tabled {
                    self.foster();
                }
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
        self.work(8 * (3 * (self.open.len() + self.formatting) + 5 * self.nodes));
        self.written(8 * self.formatting_bytes);
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
            self.work(count + tag.len().saturating_mul(escapes) / 256);
            self.written(5 * count);
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

/// How many bytes there are at which the tokenizer may cut a text.
fn cuts(text: &[u8]) -> usize {
    let is_cut = |byte: u8| {
        let is = |other: u8| u8::from(byte == other);
        is(b'&') | is(b'<') | is(b'>') | is(b'\n') | is(b'\r') | is(0)
    };
    // Blocks are counted without a branch for each byte.
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    let in_block = |block: &[u8; BLOCK]| {
        usize::from(block.iter().fold(0_u8, |count, byte| count.wrapping_add(is_cut(*byte))))
    };
    blocks.iter().map(in_block).sum::<usize>()
        + rest.iter().filter(|byte| is_cut(**byte) != 0).count()
}

/// Whether SVG or `MathML` begins with an element, or may have it.
const fn is_foreign(kind: Kind) -> bool {
    matches!(kind, Kind::Foreign | Kind::Unusual)
}

/// Whether an element is `<img>` in HTML, and one of SVG there.
const fn is_image(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"image")
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

/// Fewer than a byte can count.
const BLOCK: usize = 32;
