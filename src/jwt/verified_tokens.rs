//! Tokens whose signature has been verified before.

use core::fmt;
use std::sync::{Mutex, MutexGuard};

use aws_lc_rs::digest::{SHA256, digest};

use crate::{Error, Result};

/// A bounded memory of good tokens, for verifiers that see the same ones again and again.
///
/// It remembers hashes and nothing that a token says: claims are read and times compared on each
/// hit, and only the arithmetic of an asymmetric signature is spared. It belongs to one verifier,
/// whose keys never change, so a hit means that one of just these keys made the signature.
///
/// The hashes stand in groups, in each of which the least recently used gives way. Nobody waits
/// for a group: where another thread has it, the token is verified as if it were new.
pub(super) struct VerifiedTokens(Box<[Mutex<Vec<Hash>>]>);

/// Of a whole token: another spelling of the same signature is another token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hash([u8; 32]);

impl Hash {
    pub(super) fn of(token: &[u8]) -> Self {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, token).as_ref());
        Self(hash)
    }
}

impl VerifiedTokens {
    /// A memory for about `size` tokens, of some 40 bytes each.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a size of 0 and above a million.
    pub(super) fn new(size: usize) -> Result<Self> {
        if !(1..=MAX_SIZE).contains(&size) {
            return Err(Error::InvalidInput("cache_size is 0 to 1 000 000 tokens"));
        }
        Ok(Self((0..size.div_ceil(GROUP)).map(|_| Mutex::default()).collect()))
    }

    /// Whether the token is known, which makes it the most recently used.
    pub(super) fn knows(&self, token: &Hash) -> bool {
        let Some(mut group) = self.group(token) else { return false };
        let Some(place) = group.iter().position(|known| known == token) else { return false };
        if let Some(used) = group.get_mut(..=place) {
            used.rotate_right(1);
        }
        true
    }

    /// Remembers a token whose signature is good.
    pub(super) fn remember(&self, token: Hash) {
        let Some(mut group) = self.group(&token) else { return };
        group.truncate(GROUP - 1);
        group.insert(0, token);
    }

    fn group(&self, Hash(hash): &Hash) -> Option<MutexGuard<'_, Vec<Hash>>> {
        let (number, _) = hash.split_first_chunk()?;
        // The number of groups fits in 17 bits, and the remainder is below it.
        let place = usize::try_from(u64::from_le_bytes(*number) % self.0.len() as u64).ok()?;
        self.0.get(place)?.try_lock().ok()
    }
}

impl fmt::Debug for VerifiedTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedTokens").finish_non_exhaustive()
    }
}

/// Tokens in a group. Finding one compares at most so many hashes.
const GROUP: usize = 8;
const MAX_SIZE: usize = 1_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(number: u32) -> Hash {
        Hash::of(&number.to_le_bytes())
    }

    #[test]
    fn what_was_remembered_is_known() {
        let tokens = VerifiedTokens::new(100).unwrap();
        assert!(!tokens.knows(&hash(0)));
        tokens.remember(hash(0));
        assert!(tokens.knows(&hash(0)));
        assert!(!tokens.knows(&hash(1)));
    }

    #[test]
    fn the_least_recently_used_gives_way() {
        let tokens = VerifiedTokens::new(1).unwrap();
        (0..8).for_each(|number| tokens.remember(hash(number)));
        assert!(tokens.knows(&hash(0)));
        tokens.remember(hash(8));
        assert!(tokens.knows(&hash(0)));
        assert!(!tokens.knows(&hash(1)));
        assert!((2..9).all(|number| tokens.knows(&hash(number))));
    }

    #[test]
    fn there_are_never_more_than_asked_for_and_a_group() {
        let tokens = VerifiedTokens::new(1000).unwrap();
        (0..20_000).for_each(|number| tokens.remember(hash(number)));
        let known = (0..20_000).filter(|number| tokens.knows(&hash(*number))).count();
        assert!((900..=1007).contains(&known), "{known}");
    }

    #[test]
    fn nobody_waits() {
        let tokens = VerifiedTokens::new(1).unwrap();
        tokens.remember(hash(0));
        let held = tokens.group(&hash(0)).unwrap();
        assert!(!tokens.knows(&hash(0)));
        tokens.remember(hash(1));
        drop(held);
        assert!(tokens.knows(&hash(0)));
        assert!(!tokens.knows(&hash(1)));
    }

    #[test]
    fn sizes_are_bounded() {
        assert!(VerifiedTokens::new(0).is_err());
        assert!(VerifiedTokens::new(1_000_001).is_err());
    }
}
