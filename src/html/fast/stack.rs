//! The stack of open elements, and the loop that reads tokens.

use super::element::Kind;
use super::formatting::Formatting;
use super::foster::{Fostered, Table};
use super::output::Output;
use super::output::Written;
use super::settling::Settling;
use super::tables::{Entry, Tables};
use super::tag::Attributes;
use super::{Rest, Result, Unusual, attributes, tag};
use crate::html::limits::Limits;

/// What the tree builder remembers of the tree.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    pub(super) source: &'a str,
    pub(super) tables: &'a Tables,
    pub(super) limits: &'a Limits,
    pub(super) output: Output<'a>,
    pub(super) at: usize,
    pub(super) mode: Mode,
    pub(super) open: Vec<Open<'a>>,
    pub(super) formatting: Formatting<'a>,
    /// How many paragraphs are open, which spares looking for one.
    pub(super) paragraphs: usize,
    pub(super) settling: Settling,
    /// The length of the stack at which writing begins again.
    muted_at: Option<usize>,
    pub(super) form: Option<u32>,
    pub(super) fostering: bool,
    pub(super) fostered: Option<Fostered>,
    /// Open tables.
    pub(super) begun: Vec<Table>,
    /// The last place where nothing was open.
    restart: Restart,
    ids: u32,
}

/// An open element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open<'a> {
    pub(super) entry: &'a Entry,
    name: &'a [u8],
    pub(super) id: u32,
    /// How much was written before its start tag, and before its content.
    pub(super) start: usize,
    pub(super) content: usize,
}

/// The insertion modes that occur.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Body,
    Caption,
    Cell,
    ColumnGroup,
    Row,
    Table,
    TableBody,
}

/// A place in the source, and what was written up to there.
#[derive(Clone, Copy, Debug, Default)]
struct Restart {
    at: usize,
    written: Written,
}

/// A start tag whose name was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start<'a> {
    pub(super) entry: &'a Entry,
    pub(super) name: &'a [u8],
    /// Where its attributes begin; None for a tag that nobody wrote.
    pub(super) attributes: Option<usize>,
}

impl Open<'_> {
    /// Whether this is an element of a name.
    pub(super) fn is(&self, entry: &Entry, name: &[u8]) -> bool {
        core::ptr::eq(self.entry, entry)
            && (!entry.name.is_empty() || self.name.eq_ignore_ascii_case(name))
    }
}

impl<'a> Tree<'a> {
    pub(super) fn new(source: &'a str, tables: &'a Tables, limits: &'a Limits) -> Self {
        Self {
            source,
            tables,
            limits,
            output: Output::new(source),
            at: 0,
            mode: Mode::Body,
            open: Vec::new(),
            formatting: Formatting::default(),
            paragraphs: 0,
            settling: Settling::default(),
            muted_at: None,
            form: None,
            fostering: false,
            fostered: None,
            begun: Vec::new(),
            restart: Restart::default(),
            ids: 0,
        }
    }

    /// Reads the whole document.
    pub(super) fn run(&mut self) -> Result<()> {
        self.refuse_mark()?;
        while let Some(byte) = self.byte(self.at) {
            match (byte, self.byte(self.at + 1)) {
                (b'<', Some(b'/')) => self.end_tag_or_comment()?,
                (b'<', Some(b'!' | b'?')) => self.comment(),
                (b'<', Some(next)) if next.is_ascii_alphabetic() => self.start_tag()?,
                _ => self.text()?,
            }
        }
        self.close_fostered();
        self.close_to(0);
        Ok(())
    }

    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.source.as_bytes().get(at).copied()
    }

    /// A byte order mark is skipped at the beginning, and wherever html5ever begins anew.
    pub(super) fn refuse_mark(&self) -> Result<()> {
        let rest = self.source.as_bytes().get(self.at..).unwrap_or_default();
        if rest.starts_with("\u{FEFF}".as_bytes()) { Err(Unusual) } else { Ok(()) }
    }

    /// What is left from the last tag on before which nothing was open.
    pub(super) fn rest(self) -> Rest {
        let Restart { at, written } = self.restart;
        let before = self.output.restore(written);
        let is_settled = !self.settling.is_doubtful(&before);
        Rest { start: at, before, is_settled, read: self.at }
    }

    fn start_tag(&mut self) -> Result<()> {
        if self.open.is_empty() && self.formatting.is_empty() && self.form.is_none() {
            self.restart = Restart { at: self.at, written: self.output.written() };
        }
        let (entry, name, end) = self.name(self.at + 1);
        // ammonia drops elements of the names of SVG and `MathML`, of which only one has more than
        // letters, and has a hyphen.
        if entry.name.is_empty() {
            let other = |byte: &u8| !(byte.is_ascii_alphanumeric() || *byte == b'-');
            let hyphen = name.contains(&b'-') && !name.eq_ignore_ascii_case(b"annotation-xml");
            if !(hyphen || name.iter().any(other)) {
                return Err(Unusual);
            }
        }
        self.start(Start { entry, name, attributes: Some(end) })
    }

    fn end_tag_or_comment(&mut self) -> Result<()> {
        match self.byte(self.at + 2) {
            Some(byte) if byte.is_ascii_alphabetic() => {
                let (entry, name, end) = self.name(self.at + 2);
                let after = match self.byte(end) {
                    Some(b'>') => end + 1,
                    _ => attributes::skip(self.attributes(end))?,
                };
                self.end(entry, name)?;
                self.at = after;
            }
            Some(_) => self.comment(),
            // The last two bytes are text.
            None => self.text()?,
        }
        Ok(())
    }

    pub(super) fn name(&self, start: usize) -> (&'a Entry, &'a [u8], usize) {
        let bytes = self.source.as_bytes();
        let end = tag::name_end(bytes, start);
        let name = bytes.get(start..end).unwrap_or_default();
        (self.tables.entry(name), name, end)
    }

    pub(super) fn attributes(&self, at: usize) -> Attributes<'a> {
        Attributes::new(self.source.as_bytes(), at, self.limits.attributes)
    }

    /// Adds an element and leaves it open, unless it has no content.
    pub(super) fn insert(&mut self, start: Start<'a>) -> Result<()> {
        if self.fostering {
            return Err(Unusual);
        }
        let after = self.write_start(start)?;
        if let Some(after) = after {
            self.at = after;
        }
        Ok(())
    }

    /// Writes a start tag and opens its element. The answer is what follows it in the source.
    pub(super) fn write_start(&mut self, start: Start<'a>) -> Result<Option<usize>> {
        let Start { entry, name, attributes } = start;
        self.watch(start);
        let before = self.output.len();
        let dropped = entry.drop && self.muted_at.is_none();
        if dropped {
            self.muted_at = Some(self.open.len());
            self.output.muted = true;
        }
        let end = attributes.filter(|at| self.byte(*at) == Some(b'>'));
        let after = if let (Some(bare), Some(end)) = (&entry.bare, end) {
            self.output.push(bare);
            Some(end + 1)
        } else {
            self.write_attributes(entry, attributes)?
        };
        if entry.traits.void() {
            if dropped {
                self.muted_at = None;
                self.output.muted = false;
            }
            return Ok(after);
        }
        if self.open.len() + 1 >= self.most_open() {
            return Err(Unusual);
        }
        self.ids += 1;
        self.paragraphs += usize::from(entry.kind == Kind::Paragraph);
        self.settling.dropped += usize::from(entry.tags.is_none());
        let content = self.output.len();
        self.open.push(Open { entry, name, id: self.ids, start: before, content });
        Ok(after)
    }

    /// With the document, so many elements are within each other.
    pub(super) fn most_open(&self) -> usize {
        MOST_OPEN.min(self.limits.depth)
    }

    fn write_attributes(&mut self, entry: &Entry, at: Option<usize>) -> Result<Option<usize>> {
        if let Some((open, _)) = &entry.tags {
            self.output.push(open);
        }
        let read = at.map_or(Attributes::NONE, |at| self.attributes(at));
        let urls = &self.tables.urls;
        let after = attributes::write(&mut self.output, self.source, entry, urls, read)?;
        if entry.tags.is_some() {
            self.output.push(">");
        }
        Ok(at.map(|_| after))
    }

    pub(super) fn pop(&mut self) {
        let Some(closed) = self.open.pop() else { return };
        self.paragraphs -= usize::from(closed.entry.kind == Kind::Paragraph);
        self.settling.dropped -= usize::from(closed.entry.tags.is_none());
        if let Some((_, close)) = &closed.entry.tags {
            self.output.push(close);
        }
        if self.muted_at == Some(self.open.len()) {
            self.muted_at = None;
            self.output.muted = false;
        }
        if closed.entry.kind == Kind::Table {
            self.end_table();
        }
    }

    /// Closes elements until so many are open.
    pub(super) fn close_to(&mut self, length: usize) {
        while self.open.len() > length {
            self.pop();
        }
    }

    pub(super) fn current(&self) -> Option<&Open<'a>> {
        self.open.last()
    }

    /// Whether an element is in a scope, which ends with `barrier`.
    pub(super) fn in_scope(
        &self,
        wanted: impl Fn(&Open<'a>) -> bool,
        barrier: impl Fn(&Entry) -> bool,
    ) -> bool {
        let mut open = self.open.iter().rev();
        open.find(|it| wanted(it) || barrier(it.entry)).is_some_and(wanted)
    }

    /// Closes what the end of something around it closes.
    pub(super) fn close_implied(&mut self, except: impl Fn(&Open<'a>) -> bool) {
        while self.current().is_some_and(|it| it.entry.traits.implied() && !except(it)) {
            self.pop();
        }
    }

    /// Closes elements until one was closed that is wanted.
    pub(super) fn close_until(&mut self, wanted: impl Fn(&Open<'a>) -> bool) {
        while let Some(current) = self.current() {
            let found = wanted(current);
            self.pop();
            if found {
                break;
            }
        }
    }

    pub(super) fn close_paragraph_in_scope(&mut self) {
        if self.paragraph_in_scope() {
            self.close_paragraph();
        }
    }

    pub(super) fn paragraph_in_scope(&self) -> bool {
        self.paragraphs > 0 && self.in_scope(is_paragraph, |it| it.traits.button_scope())
    }

    pub(super) fn close_paragraph(&mut self) {
        self.close_implied(is_paragraph);
        self.close_until(is_paragraph);
    }
}

pub(super) fn is_paragraph(open: &Open<'_>) -> bool {
    open.entry.kind == Kind::Paragraph
}

/// Rules that look for an element walk through all that are open.
const MOST_OPEN: usize = 128;
