//! The list of active formatting elements (section 13.2.4.3).

use super::stack::{Open, Start, Tree};
use super::tables::Entry;
use super::{Result, Unusual};

/// Formatting that is open, or will be opened again because something around it was closed first.
#[derive(Debug, Default)]
pub(super) struct Formatting<'a> {
    list: Vec<Active<'a>>,
    /// How much was written for elements that were opened again.
    reopened: usize,
}

impl Formatting<'_> {
    pub(super) const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// An entry of the list; without a start tag, a marker.
#[derive(Clone, Copy, Debug)]
struct Active<'a> {
    start: Option<Start<'a>>,
    id: u32,
}

impl<'a> Tree<'a> {
    /// Opens what was closed too early.
    pub(super) fn reconstruct(&mut self) -> Result<()> {
        let Some(last) = self.formatting.list.last() else { return Ok(()) };
        if self.is_marker_or_open(last) {
            return Ok(());
        }
        if self.fostering {
            return Err(Unusual);
        }
        let open = self.formatting.list.iter().rposition(|it| self.is_marker_or_open(it));
        let before = self.output.len();
        for place in open.map_or(0, |open| open + 1)..self.formatting.list.len() {
            let start = self.formatting.list.get(place).and_then(|it| it.start).ok_or(Unusual)?;
            self.write_start(start)?;
            let id = self.current().map(|it| it.id).ok_or(Unusual)?;
            if let Some(active) = self.formatting.list.get_mut(place) {
                active.id = id;
            }
        }
        self.reopened(self.output.len() - before)
    }

    /// Counts what was written for elements that were opened again.
    pub(super) fn reopened(&mut self, bytes: usize) -> Result<()> {
        self.formatting.reopened += bytes;
        if self.formatting.reopened > self.source.len() + REOPENED {
            return Err(Unusual);
        }
        Ok(())
    }

    /// Takes an entry from the list.
    pub(super) fn deactivate(&mut self, listed: usize) {
        self.formatting.list.remove(listed);
    }

    fn is_marker_or_open(&self, active: &Active<'a>) -> bool {
        active.start.is_none() || self.open.iter().rev().any(|it| it.id == active.id)
    }

    /// Opens a formatting element.
    pub(super) fn format(&mut self, start: Start<'a>) -> Result<()> {
        // The fourth of the same would displace the first.
        let same = self.since_marker().filter(|it| is_named(it, start.entry)).count();
        if same >= 3 || self.formatting.list.len() >= MOST_ACTIVE {
            return Err(Unusual);
        }
        self.insert(start)?;
        let id = self.current().map(|it| it.id).ok_or(Unusual)?;
        self.formatting.list.push(Active { start: Some(start), id });
        Ok(())
    }

    pub(super) fn mark(&mut self) -> Result<()> {
        if self.formatting.list.len() >= MOST_ACTIVE {
            return Err(Unusual);
        }
        self.formatting.list.push(Active { start: None, id: 0 });
        Ok(())
    }

    pub(super) fn clear_to_marker(&mut self) {
        while self.formatting.list.pop().is_some_and(|it| it.start.is_some()) {}
    }

    /// Closes an `<a>` before another.
    pub(super) fn close_anchor(&mut self, entry: &'a Entry) -> Result<()> {
        let anchor = self.since_marker().find(|it| is_named(it, entry)).map(|it| it.id);
        let Some(id) = anchor else { return Ok(()) };
        self.end_formatting(entry)?;
        self.formatting.list.retain(|it| it.start.is_none() || it.id != id);
        // Where it is still open, others would have to be taken out from below it.
        if self.open.iter().any(|it| it.id == id) { Err(Unusual) } else { Ok(()) }
    }

    /// The adoption agency algorithm.
    pub(super) fn end_formatting(&mut self, entry: &'a Entry) -> Result<()> {
        let named = |open: &Open<'a>| open.is(entry, b"");
        let listed =
            |id: u32| self.formatting.list.iter().any(|it| it.start.is_some() && it.id == id);
        if self.current().is_some_and(|it| named(it) && !listed(it.id)) {
            self.pop();
            return Ok(());
        }
        let first = self.formatting.list.iter().rposition(|it| it.start.is_none());
        let since = first.map_or(0, |marker| marker + 1);
        let active = self.formatting.list.get(since..).unwrap_or_default();
        let Some(found) = active.iter().rposition(|it| is_named(it, entry)) else {
            self.end_ordinary(entry, b"");
            return Ok(());
        };
        let id = active.get(found).map(|it| it.id).ok_or(Unusual)?;
        let Some(place) = self.open.iter().rposition(|it| it.id == id) else {
            self.formatting.list.remove(since + found);
            return Ok(());
        };
        if !self.in_scope(|it| it.id == id, |it| it.traits.scope()) {
            return Ok(());
        }
        let within = self.open.get(place..).unwrap_or_default();
        if within.iter().any(|it| it.entry.traits.special()) {
            return self.adopt(place, since + found);
        }
        self.close_to(place);
        self.formatting.list.remove(since + found);
        Ok(())
    }

    fn since_marker(&self) -> impl Iterator<Item = &Active<'a>> {
        self.formatting.list.iter().rev().take_while(|it| it.start.is_some())
    }
}

fn is_named(active: &Active<'_>, entry: &Entry) -> bool {
    active.start.is_some_and(|start| core::ptr::eq(start.entry, entry))
}

/// What is opened again may be as much as the document and this.
const REOPENED: usize = 4096;
const MOST_ACTIVE: usize = 32;
