//! What is derived from the keys of a keyring, and derived again when the keyring changes.

use core::fmt::Debug;
use std::sync::{Arc, PoisonError, RwLock};

use super::entry::{Entry, KeyInfo, KeyState};
use super::key::{Key, KeyId};
use super::shared::Shared;
use crate::secret::wipe_stack;
use crate::{Error, Result};

/// What is kept of each key that may be used.
pub(super) trait PerKey: Debug + Sized {
    /// What it is derived for: a context, or an index of one.
    type Scope: Debug;

    /// Which of a key's states counts.
    fn state(key: &KeyInfo) -> KeyState;

    /// Derives it.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if the scope cannot be written down.
    fn derive(key: &Key, scope: &Self::Scope) -> Result<Self>;
}

/// Follows the changes of a keyring.
#[derive(Debug)]
pub(super) struct Follower<K: PerKey> {
    keyring: Arc<Shared>,
    scope: K::Scope,
    derived: RwLock<Arc<Derived<K>>>,
}

impl<K: PerKey> Follower<K> {
    pub(super) fn new(keyring: Arc<Shared>, scope: K::Scope) -> Result<Self> {
        let derived = RwLock::new(Arc::new(Derived::new(&keyring, &scope)?));
        Ok(Self { keyring, scope, derived })
    }

    pub(super) fn scope(&self) -> &K::Scope {
        &self.scope
    }

    /// What belongs to the keys as they are now.
    pub(super) fn now(&self) -> Result<Arc<Derived<K>>> {
        self.keyring.follow();
        // The lock is held for the time it takes to count a reference up, so that neither a long
        // encryption nor a fork in another thread finds it taken.
        let derived = Arc::clone(&self.derived.read().unwrap_or_else(PoisonError::into_inner));
        if derived.version == self.keyring.version() {
            return Ok(derived);
        }
        let derived = Arc::new(Derived::new(&self.keyring, &self.scope)?);
        *self.derived.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&derived);
        Ok(derived)
    }
}

/// What is derived from a keyring as it was at one moment; the primary key's comes first.
#[derive(Debug)]
pub(super) struct Derived<K> {
    version: u64,
    primary: Option<KeyId>,
    slots: Vec<(KeyId, Slot<K>)>,
}

#[derive(Debug)]
enum Slot<K> {
    Destroyed,
    Disabled,
    /// Boxed: it is wiped where it lies, not where it was moved from.
    Live(Box<K>),
}

impl<K: PerKey> Derived<K> {
    /// Derives everything, and leaves no copy of it on the stack: what is moved to where it stays
    /// was somewhere before.
    fn new(keyring: &Shared, scope: &K::Scope) -> Result<Self> {
        let derived = Self::derive(keyring, scope);
        wipe_stack();
        derived
    }

    // In a frame of its own, which `wipe_stack` then writes over.
    #[inline(never)]
    fn derive(keyring: &Shared, scope: &K::Scope) -> Result<Self> {
        let entries = keyring.entries();
        let mut slots = entries
            .iter()
            .map(|entry| Ok((entry.id, Slot::new(entry, scope)?)))
            .collect::<Result<Vec<_>>>()?;
        let primary = entries.iter().position(|entry| K::state(&entry.info()) == KeyState::Primary);
        if let Some(first_to_primary) = primary.and_then(|primary| slots.get_mut(..=primary)) {
            first_to_primary.rotate_right(1);
        }
        let primary = primary.and_then(|_| slots.first()).map(|(id, _)| *id);
        // Under the lock, and so of these very entries.
        Ok(Self { version: keyring.version(), primary, slots })
    }

    /// The one that writes.
    pub(super) fn primary(&self) -> Result<&K> {
        match self.slots.first() {
            Some((id, Slot::Live(key))) if self.primary == Some(*id) => Ok(key),
            _ => Err(Error::Keyring("the keyring has no primary key for this")),
        }
    }

    pub(super) fn primary_id(&self) -> Option<KeyId> {
        self.primary
    }

    /// The one of this id. Any other is not even tried.
    pub(super) fn find(&self, number: u32) -> Result<&K> {
        match self.slots.iter().find(|(id, _)| id.number() == number) {
            Some((_, Slot::Live(key))) => Ok(key),
            Some((_, Slot::Disabled)) => Err(Error::DisabledKey(number)),
            Some((_, Slot::Destroyed)) => Err(Error::DestroyedKey(number)),
            None => Err(Error::UnknownKey(number)),
        }
    }

    /// All that may be used, the primary one first.
    pub(super) fn live(&self) -> impl Iterator<Item = &K> {
        self.slots.iter().filter_map(|(_, slot)| match slot {
            Slot::Live(key) => Some(&**key),
            Slot::Destroyed | Slot::Disabled => None,
        })
    }
}

/// The block cipher keeps round keys on the stack of whoever calls it; with the last of its users
/// gone, that is written over too, on the thread that drops them.
impl<K> Drop for Derived<K> {
    fn drop(&mut self) {
        wipe_stack();
    }
}

impl<K: PerKey> Slot<K> {
    fn new(entry: &Entry, scope: &K::Scope) -> Result<Self> {
        match (K::state(&entry.info()), &entry.key) {
            (KeyState::Active | KeyState::Primary, Some(key)) => {
                Ok(Self::Live(Box::new(K::derive(key, scope)?)))
            }
            (KeyState::Disabled, _) => Ok(Self::Disabled),
            (KeyState::Destroyed, _) | (_, None) => Ok(Self::Destroyed),
        }
    }
}
