//! Remembering the keys of the objects that are being read, to find duplicates.

use std::borrow::Cow;

/// The keys of all objects that have begun and not ended, innermost last.
#[derive(Debug, Default)]
pub(super) struct Keys<'a>(Vec<Cow<'a, str>>);

impl<'a> Keys<'a> {
    pub(super) fn push(&mut self, key: Cow<'a, str>) {
        self.0.push(key);
    }

    /// Forgets the last `members` keys and returns whether they were all different.
    ///
    /// Sorting, because it has no bad case: comparing each with each would take an attacker's
    /// thousands of keys squared, and a hash table would need a secret.
    pub(super) fn pop_distinct(&mut self, members: usize) -> bool {
        let first = self.0.len().saturating_sub(members);
        let distinct = self.0.get_mut(first..).is_none_or(|keys| {
            keys.sort_unstable();
            keys.is_sorted_by(|one, next| one < next)
        });
        self.0.truncate(first);
        distinct
    }
}
