//! What is misplaced in a table stands before it (section 13.2.6.1, "foster parenting").
//!
//! It is written where everything is, taken out again once it is closed, and put before the table
//! once that is closed. As long as it is open, nothing of the table may come.

use core::cmp::Ordering;

use super::element::Kind;
use super::stack::Tree;
use super::{Result, Unusual};

/// A table that is open.
#[derive(Debug)]
pub(super) struct Table {
    /// How much was written before it.
    start: usize,
    /// What else is to stand before it.
    fostered: String,
}

/// Something misplaced that is being written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fostered {
    /// How many elements are open around it.
    around: usize,
    /// How much was written before it.
    start: usize,
}

impl Tree<'_> {
    /// Remembers where a table begins.
    pub(super) fn begin_table(&mut self, start: usize) {
        self.begun.push(Table { start, fostered: String::new() });
    }

    /// Puts before a table, whose end was written, what was misplaced in it.
    pub(super) fn end_table(&mut self) {
        let Some(Table { start, fostered }) = self.begun.pop() else { return };
        if !fostered.is_empty() {
            self.output.insert(start, &fostered);
        }
    }

    /// Does what is done in a body with something that may be misplaced.
    pub(super) fn foster(&mut self, step: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let fostered = match self.fostered {
            Some(fostered) => fostered,
            // What a table goes with does not hold what stands before it.
            None if self.output.muted => return Err(Unusual),
            None => Fostered { around: self.open.len(), start: self.output.write() },
        };
        self.fostered = Some(fostered);
        // Next to other elements, it may close what it did not close here.
        self.settling.is_doubtful = true;
        step(self)?;
        match self.open.len().cmp(&fostered.around) {
            Ordering::Less => return Err(Unusual),
            Ordering::Equal => self.close_fostered(),
            Ordering::Greater => {}
        }
        Ok(())
    }

    /// Closes what is misplaced, and takes it out.
    pub(super) fn close_fostered(&mut self) {
        let Some(Fostered { around, start }) = self.fostered.take() else { return };
        self.close_to(around);
        let text = self.output.take(start);
        if let Some(table) = self.begun.last_mut() {
            table.fostered.push_str(&text);
        }
    }
}

/// Whether an element that is misplaced in a table has no rule of its own there.
pub(super) const fn is_fostered(kind: Kind, name: &str) -> bool {
    matches!(
        kind,
        Kind::Anchor
            | Kind::Block
            | Kind::Button
            | Kind::Definition
            | Kind::Formatting
            | Kind::Heading
            | Kind::Item
            | Kind::Ordinary
            | Kind::Paragraph
            | Kind::Preformatted
            | Kind::Rule
            | Kind::RubyBase
            | Kind::RubyText
    ) || matches!(kind, Kind::Break) && !matches!(name.as_bytes(), b"input")
}
