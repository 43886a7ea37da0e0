//! The insertion modes of tables (sections 13.2.6.4.9 and on).

use super::element::Kind;
use super::foster::is_fostered;
use super::stack::{Mode, Open, Start, Tree};
use super::tables::Entry;
use super::{Result, Unusual};

impl<'a> Tree<'a> {
    /// A start tag, wherever it stands.
    pub(super) fn start(&mut self, start: Start<'a>) -> Result<()> {
        let kind = start.entry.kind;
        // Each turn leaves a mode for one that is further out.
        loop {
            let part = matches!(
                kind,
                Kind::Caption
                    | Kind::Cell
                    | Kind::Column
                    | Kind::ColumnGroup
                    | Kind::Row
                    | Kind::TableSection
            );
            match self.mode {
                Mode::Caption if part => {
                    if !self.close_caption() {
                        return self.ignore(start);
                    }
                }
                Mode::Cell if part => {
                    if !self.in_scope(is_cell, |it| it.traits.table_scope()) {
                        return self.ignore(start);
                    }
                    self.close_cell();
                }
                Mode::Body | Mode::Caption | Mode::Cell => return self.start_in_body(start),
                Mode::ColumnGroup => match kind {
                    Kind::Column => return self.insert(start),
                    Kind::Ignored => return Err(Unusual),
                    _ => self.leave(Kind::ColumnGroup, Mode::Table)?,
                },
                Mode::Row => match kind {
                    Kind::Cell => {
                        self.expect(Kind::Row)?;
                        self.insert(start)?;
                        self.mode = Mode::Cell;
                        return self.mark();
                    }
                    _ if part => self.leave(Kind::Row, Mode::TableBody)?,
                    _ => return self.start_in_table(start),
                },
                Mode::TableBody => match kind {
                    Kind::Row => {
                        self.expect(Kind::TableSection)?;
                        self.insert(start)?;
                        self.mode = Mode::Row;
                        return Ok(());
                    }
                    Kind::Cell => {
                        self.expect(Kind::TableSection)?;
                        self.imply(b"tr", Mode::Row)?;
                    }
                    _ if part => self.leave(Kind::TableSection, Mode::Table)?,
                    _ => return self.start_in_table(start),
                },
                Mode::Table if self.fostered.is_some() && !part => {
                    return self.start_in_table(start);
                }
                Mode::Table => {
                    self.expect(Kind::Table)?;
                    match kind {
                        Kind::Caption => {
                            self.mark()?;
                            self.insert(start)?;
                            self.mode = Mode::Caption;
                            return Ok(());
                        }
                        Kind::Column => self.imply(b"colgroup", Mode::ColumnGroup)?,
                        Kind::ColumnGroup => {
                            self.insert(start)?;
                            self.mode = Mode::ColumnGroup;
                            return Ok(());
                        }
                        Kind::TableSection => {
                            self.insert(start)?;
                            self.mode = Mode::TableBody;
                            return Ok(());
                        }
                        Kind::Cell | Kind::Row => self.imply(b"tbody", Mode::TableBody)?,
                        _ => return self.start_in_table(start),
                    }
                }
            }
        }
    }

    /// An end tag, wherever it stands.
    pub(super) fn end(&mut self, entry: &'a Entry, name: &'a [u8]) -> Result<()> {
        let kind = entry.kind;
        loop {
            match self.mode {
                Mode::Body => return self.end_in_body(entry, name),
                Mode::Caption => match kind {
                    Kind::Caption => {
                        self.close_caption();
                        return Ok(());
                    }
                    Kind::Table => {
                        if !self.close_caption() {
                            return Ok(());
                        }
                    }
                    Kind::Cell | Kind::Row | Kind::TableSection => return Ok(()),
                    _ if is_ignored(entry) => return Ok(()),
                    _ => return self.end_in_body(entry, name),
                },
                Mode::Cell => match kind {
                    Kind::Cell => {
                        if self.in_table_scope(entry) {
                            self.close_implied(|_| false);
                            self.close_until(|it| it.is(entry, name));
                            self.clear_to_marker();
                            self.mode = Mode::Row;
                        }
                        return Ok(());
                    }
                    Kind::Row | Kind::Table | Kind::TableSection => {
                        if !self.in_table_scope(entry) {
                            return Ok(());
                        }
                        self.close_cell();
                    }
                    Kind::Caption => return Ok(()),
                    _ if is_ignored(entry) => return Ok(()),
                    _ => return self.end_in_body(entry, name),
                },
                Mode::ColumnGroup => match kind {
                    Kind::Column => return Ok(()),
                    Kind::ColumnGroup => return self.leave(kind, Mode::Table),
                    _ => self.leave(Kind::ColumnGroup, Mode::Table)?,
                },
                Mode::Row => match kind {
                    Kind::Row => return self.leave(kind, Mode::TableBody),
                    Kind::Table => self.leave(Kind::Row, Mode::TableBody)?,
                    Kind::TableSection => {
                        if !self.in_table_scope(entry) {
                            return Ok(());
                        }
                        self.leave(Kind::Row, Mode::TableBody)?;
                    }
                    Kind::Caption | Kind::Cell => return Ok(()),
                    _ if is_ignored(entry) => return Ok(()),
                    _ => return self.end_in_table(entry, name),
                },
                Mode::TableBody => match kind {
                    Kind::TableSection => {
                        if self.in_table_scope(entry) {
                            self.leave(kind, Mode::Table)?;
                        }
                        return Ok(());
                    }
                    Kind::Table => self.leave(Kind::TableSection, Mode::Table)?,
                    Kind::Caption | Kind::Cell | Kind::Row => return Ok(()),
                    _ if is_ignored(entry) => return Ok(()),
                    _ => return self.end_in_table(entry, name),
                },
                Mode::Table => match kind {
                    Kind::Table => {
                        self.leave(kind, Mode::Body)?;
                        self.mode = self.mode_around();
                        return Ok(());
                    }
                    Kind::Caption | Kind::Cell | Kind::Row | Kind::TableSection => return Ok(()),
                    _ if is_ignored(entry) => return Ok(()),
                    _ => return self.end_in_table(entry, name),
                },
            }
        }
    }

    fn start_in_table(&mut self, start: Start<'a>) -> Result<()> {
        if matches!(start.entry.name, "script" | "style") && self.fostered.is_none() {
            return self.raw_text(start);
        }
        if is_fostered(start.entry.kind, start.entry.name) {
            return self.foster(|it| it.start_in_body(start));
        }
        // Another table ends this one.
        Err(Unusual)
    }

    /// Misplaced end tags do nothing in most cases, and else what is done is done before the table.
    fn end_in_table(&mut self, entry: &'a Entry, name: &'a [u8]) -> Result<()> {
        if self.fostered.is_some() {
            return self.foster(|it| it.end_in_body(entry, name));
        }
        let open = self.open.len();
        self.fostering = true;
        self.end_in_body(entry, name)?;
        self.fostering = false;
        if self.open.len() == open { Ok(()) } else { Err(Unusual) }
    }

    fn imply(&mut self, name: &'static [u8], mode: Mode) -> Result<()> {
        let entry = self.tables.entry(name);
        self.insert(Start { entry, name, attributes: None })?;
        self.mode = mode;
        Ok(())
    }

    /// Closes the current element, which is of this kind.
    fn leave(&mut self, kind: Kind, mode: Mode) -> Result<()> {
        self.expect(kind)?;
        self.pop();
        self.mode = mode;
        Ok(())
    }

    fn expect(&self, kind: Kind) -> Result<()> {
        if self.current().is_some_and(|it| it.entry.kind == kind) { Ok(()) } else { Err(Unusual) }
    }

    fn close_caption(&mut self) -> bool {
        let caption = |it: &Open<'a>| it.entry.kind == Kind::Caption;
        if !self.in_scope(caption, |it| it.traits.table_scope()) {
            return false;
        }
        self.close_implied(|_| false);
        self.close_until(caption);
        self.clear_to_marker();
        self.mode = Mode::Table;
        true
    }

    fn close_cell(&mut self) {
        self.close_implied(|_| false);
        self.close_until(is_cell);
        self.clear_to_marker();
        self.mode = Mode::Row;
    }

    fn in_table_scope(&self, entry: &Entry) -> bool {
        self.in_scope(|it| it.is(entry, b""), |it| it.traits.table_scope())
    }

    /// The mode that the open elements call for.
    fn mode_around(&self) -> Mode {
        let mut open = self.open.iter().rev();
        let mode = open.find_map(|it| match it.entry.kind {
            Kind::Caption => Some(Mode::Caption),
            Kind::Cell => Some(Mode::Cell),
            Kind::ColumnGroup => Some(Mode::ColumnGroup),
            Kind::Row => Some(Mode::Row),
            Kind::Table => Some(Mode::Table),
            Kind::TableSection => Some(Mode::TableBody),
            _ => None,
        });
        mode.unwrap_or(Mode::Body)
    }
}

fn is_cell(open: &Open<'_>) -> bool {
    open.entry.kind == Kind::Cell
}

/// End tags that are ignored in all of a table.
fn is_ignored(entry: &Entry) -> bool {
    matches!(entry.kind, Kind::Column | Kind::ColumnGroup) || matches!(entry.name, "body" | "html")
}
