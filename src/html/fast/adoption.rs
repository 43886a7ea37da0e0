//! Formatting that ends within a block that it began before: the adoption agency algorithm.

use super::stack::{Open, Tree};
use super::{Result, Unusual};

impl<'a> Tree<'a> {
    /// Ends formatting at `place` of the stack and `listed` in the list of what is active: of
    /// `<b>x<p>y</b>z</p>` becomes `<b>x</b><p><b>y</b>z</p>`.
    ///
    /// The block stands right within the formatting, and no other block in it is open. Then the
    /// algorithm's first turn puts the block behind the formatting, with a copy of that around all
    /// that is in the block, and its second turn closes this copy.
    pub(super) fn adopt(&mut self, place: usize, listed: usize) -> Result<()> {
        let Some(&[formatting, mut block, ref within @ ..]) = self.open.get(place..) else {
            return Err(Unusual);
        };
        let is_block = |it: &Open<'a>| it.entry.traits.special();
        let elsewhere = self.fostered.is_some() || self.fostering || self.output.muted;
        if elsewhere || !is_block(&block) || within.iter().any(is_block) {
            return Err(Unusual);
        }
        self.close_to(place + 2);
        let end = formatting.entry.tags.as_ref().map_or("", |(_, end)| end);
        self.output.push(end);
        let start = self.output.part(formatting.start, formatting.content);
        self.reopened(start.len())?;
        self.output.insert(block.content, &start);
        self.output.insert(block.start, end);
        // Next to each other, they may be read otherwise.
        self.settling.is_doubtful = true;
        (block.start, block.content) = (block.start + end.len(), block.content + end.len());
        self.open.truncate(place);
        self.open.push(block);
        self.deactivate(listed);
        Ok(())
    }
}
