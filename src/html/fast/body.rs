//! The insertion mode "in body" (section 13.2.6.4.7).

use memchr::memmem;

use super::element::Kind;
use super::stack::{Mode, Open, Start, Tree};
use super::tables::Entry;
use super::{Result, Unusual, attributes, reference, scan, text};

impl<'a> Tree<'a> {
    pub(super) fn start_in_body(&mut self, start: Start<'a>) -> Result<()> {
        match start.entry.kind {
            Kind::Anchor => {
                self.close_anchor(start.entry)?;
                self.reconstruct()?;
                self.format(start)
            }
            Kind::Block | Kind::Paragraph | Kind::Rule => {
                self.close_paragraph_in_scope();
                self.insert(start)
            }
            Kind::Break | Kind::Ordinary => {
                self.reconstruct()?;
                self.insert(start)
            }
            Kind::Button => {
                if self.is_in_scope(start.entry, start.name) {
                    self.close_implied(|_| false);
                    self.close_until(|it| it.entry.kind == Kind::Button);
                }
                self.reconstruct()?;
                self.insert(start)
            }
            Kind::Caption
            | Kind::Cell
            | Kind::Column
            | Kind::ColumnGroup
            | Kind::Ignored
            | Kind::Row
            | Kind::TableSection => self.ignore(start),
            Kind::Definition | Kind::Item => self.item(start),
            Kind::Form => self.form(start),
            Kind::Formatting => {
                self.reconstruct()?;
                self.format(start)
            }
            Kind::Heading => {
                self.close_paragraph_in_scope();
                if self.current().is_some_and(is_heading) {
                    self.pop();
                }
                self.insert(start)
            }
            Kind::Marked => {
                self.reconstruct()?;
                self.insert(start)?;
                self.mark()
            }
            Kind::Metadata => {
                self.insert(start)?;
                self.refuse_mark()
            }
            Kind::Preformatted => {
                self.close_paragraph_in_scope();
                self.insert(start)?;
                self.skip_newline()
            }
            Kind::RawText | Kind::ReferenceText => self.raw_text(start),
            Kind::RubyBase => {
                if self.ruby_in_scope() {
                    self.close_implied(|_| false);
                }
                self.insert(start)
            }
            Kind::RubyText => {
                if self.ruby_in_scope() {
                    self.close_implied(|it| it.entry.name == "rtc");
                }
                self.insert(start)
            }
            Kind::Table => {
                self.close_paragraph_in_scope();
                let before = self.output.len();
                self.insert(start)?;
                self.begin_table(before);
                self.mode = Mode::Table;
                Ok(())
            }
            Kind::Foreign => self.foreign(start),
            Kind::Unusual => Err(Unusual),
        }
    }

    pub(super) fn end_in_body(&mut self, entry: &'a Entry, name: &'a [u8]) -> Result<()> {
        match entry.kind {
            Kind::Anchor | Kind::Formatting => self.end_formatting(entry),
            Kind::Block | Kind::Button | Kind::Preformatted => {
                if self.is_in_scope(entry, name) {
                    self.close_implied(|_| false);
                    self.close_until(|it| it.is(entry, name));
                }
                Ok(())
            }
            Kind::Break if entry.name == "br" => Err(Unusual),
            Kind::Definition => {
                if self.is_in_scope(entry, name) {
                    self.close_item(entry, name);
                }
                Ok(())
            }
            Kind::Item => {
                if self.in_scope(|it| it.is(entry, name), |it| it.traits.list_scope()) {
                    self.close_item(entry, name);
                }
                Ok(())
            }
            Kind::Form => self.end_form(),
            Kind::Heading => {
                if self.in_scope(is_heading, |it| it.traits.scope()) {
                    self.close_implied(|_| false);
                    self.close_until(is_heading);
                }
                Ok(())
            }
            Kind::Marked => {
                if self.is_in_scope(entry, name) {
                    self.close_implied(|_| false);
                    self.close_until(|it| it.is(entry, name));
                    self.clear_to_marker();
                }
                Ok(())
            }
            Kind::Paragraph => {
                if !self.paragraph_in_scope() {
                    self.insert(Start { entry, name, attributes: None })?;
                }
                self.close_paragraph();
                Ok(())
            }
            Kind::Unusual => Err(Unusual),
            Kind::Ignored if matches!(entry.name, "body" | "html") => Ok(()),
            Kind::Break
            | Kind::Caption
            | Kind::Cell
            | Kind::Column
            | Kind::ColumnGroup
            | Kind::Foreign
            | Kind::Ignored
            | Kind::Metadata
            | Kind::Ordinary
            | Kind::RawText
            | Kind::ReferenceText
            | Kind::Row
            | Kind::RubyBase
            | Kind::RubyText
            | Kind::Rule
            | Kind::Table
            | Kind::TableSection => {
                self.end_ordinary(entry, name);
                Ok(())
            }
        }
    }

    /// "Any other end tag".
    pub(super) fn end_ordinary(&mut self, entry: &Entry, name: &[u8]) {
        let named = |it: &Open<'a>| it.is(entry, name);
        let found = self.open.iter().rposition(|it| named(it) || it.entry.traits.special());
        let Some(place) = found else { return };
        if self.open.get(place).is_some_and(named) {
            self.close_implied(named);
            self.close_to(place);
        }
    }

    pub(super) fn ignore(&mut self, start: Start<'a>) -> Result<()> {
        if let Some(at) = start.attributes {
            self.at = attributes::skip(self.attributes(at))?;
        }
        Ok(())
    }

    pub(super) fn is_in_scope(&self, entry: &Entry, name: &[u8]) -> bool {
        self.in_scope(|it| it.is(entry, name), |it| it.traits.scope())
    }

    fn ruby_in_scope(&self) -> bool {
        self.in_scope(|it| it.entry.name == "ruby", |it| it.traits.scope())
    }

    /// A list item ends the one before it.
    fn item(&mut self, start: Start<'a>) -> Result<()> {
        let kind = start.entry.kind;
        let mut open = self.open.iter().rev();
        let before = open.find_map(|it| {
            if it.entry.kind == kind {
                Some(Some(*it))
            } else if it.entry.traits.special() && !matches!(it.entry.name, "address" | "div" | "p")
            {
                Some(None)
            } else {
                None
            }
        });
        if let Some(Some(before)) = before {
            self.close_item(before.entry, b"");
        }
        self.close_paragraph_in_scope();
        self.insert(start)
    }

    fn close_item(&mut self, entry: &Entry, name: &[u8]) {
        self.close_implied(|it| it.is(entry, name));
        self.close_until(|it| it.is(entry, name));
    }

    fn form(&mut self, start: Start<'a>) -> Result<()> {
        if self.form.is_some() {
            return self.ignore(start);
        }
        self.close_paragraph_in_scope();
        self.insert(start)?;
        self.form = self.current().map(|it| it.id);
        Ok(())
    }

    fn end_form(&mut self) -> Result<()> {
        let Some(form) = self.form.take() else { return Ok(()) };
        if !self.in_scope(|it| it.id == form, |it| it.traits.scope()) {
            return Ok(());
        }
        self.close_implied(|_| false);
        if self.current().is_none_or(|it| it.id != form) {
            return Err(Unusual);
        }
        self.pop();
        Ok(())
    }

    /// A newline right after `<pre>` is not part of it.
    fn skip_newline(&mut self) -> Result<()> {
        match self.byte(self.at) {
            Some(b'\n') => self.at += 1,
            // One that is written as a reference counts, if it is written without a mistake.
            Some(b'&') => {
                let read = reference::read(self.source, self.at + 1, false);
                if read.is_some_and(|((character, _), _)| character == '\n') {
                    return Err(Unusual);
                }
            }
            Some(b'\r') => {
                self.at += 1;
                self.at += usize::from(self.byte(self.at) == Some(b'\n'));
            }
            _ => {}
        }
        Ok(())
    }

    /// Reads an element whose content is no markup, with its end tag. Without one, all is content.
    pub(super) fn raw_text(&mut self, start: Start<'a>) -> Result<()> {
        self.insert(start)?;
        let bytes = self.source.as_bytes();
        let name = start.entry.name;
        let end_tag = text::raw_text_end(bytes, self.at, name.as_bytes());
        let end = end_tag.unwrap_or(bytes.len());
        let content = bytes.get(self.at..end).ok_or(Unusual)?;
        if name == "script" && memmem::find(content, b"<!--").is_some() {
            return Err(Unusual);
        }
        self.write_raw(end, start.entry.kind == Kind::ReferenceText)?;
        if end_tag.is_none() {
            self.at = end;
            return Ok(());
        }
        self.at = attributes::skip(self.attributes(end + 2 + name.len()))?;
        self.pop();
        self.refuse_mark()
    }

    fn write_raw(&mut self, end: usize, references: bool) -> Result<()> {
        if self.output.muted {
            return Ok(());
        }
        let bytes = self.source.as_bytes().get(..end).ok_or(Unusual)?;
        while self.at < end {
            let special = scan::text(bytes, self.at);
            self.output.keep(self.at, special);
            self.at = match bytes.get(special) {
                None => end,
                Some(b'&') if !references => {
                    self.output.push("&amp;");
                    special + 1
                }
                Some(byte) => {
                    attributes::write_special(&mut self.output, self.source, special, *byte, false)?
                }
            };
        }
        Ok(())
    }
}

fn is_heading(open: &Open<'_>) -> bool {
    open.entry.kind == Kind::Heading
}
