//! What a keyring and its ciphers have in common.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard};

use sha2::{Digest as _, Sha256};

use super::document;
use super::entry::Entry;
use super::source::Source;
use super::states;
use crate::Result;

/// The SHA-256 of a document.
pub(super) type Digest = [u8; 32];

/// The entries of a keyring, which change, and the file that they follow.
#[derive(Debug)]
pub(super) struct Shared {
    entries: RwLock<Vec<Entry>>,
    /// Grows with every change, while the lock is held.
    version: AtomicU64,
    /// Of the document that it was last read from or saved as. Locked to be copied, no longer.
    last: Mutex<Option<Digest>>,
    /// Whether it was changed since. Set while the lock is held.
    changed: AtomicBool,
    source: Option<Source>,
}

impl Shared {
    /// # Errors
    ///
    /// [`crate::Error::Keyring`] if the entries contradict each other.
    pub(super) fn new(entries: Vec<Entry>, source: Option<Source>) -> Result<Self> {
        states::check(&entries)?;
        Ok(Self {
            entries: RwLock::new(entries),
            version: AtomicU64::new(0),
            last: Mutex::new(None),
            changed: AtomicBool::new(false),
            source,
        })
    }

    /// Takes over what another process has made of the file.
    ///
    /// Not while there are changes that have not been saved: those would be lost, and saving them
    /// is refused then.
    #[inline]
    pub(super) fn follow(&self) {
        if let Some(source) = &self.source
            && source.is_due()
            && !self.changed.load(Ordering::Acquire)
        {
            source.look(|document| self.replace(document));
        }
    }

    /// Changes when the entries do.
    #[inline]
    pub(super) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// A change is checked before it is made, so that a panic in between leaves nothing half done
    /// and a poisoned lock is none.
    pub(super) fn entries(&self) -> RwLockReadGuard<'_, Vec<Entry>> {
        self.entries.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn change(&self, body: impl FnOnce(&mut Vec<Entry>) -> Result<()>) -> Result<()> {
        self.follow();
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        body(&mut entries)?;
        self.changed.store(true, Ordering::Release);
        self.version.fetch_add(1, Ordering::Release);
        Ok(())
    }

    /// Replaces everything by what a document says, or nothing.
    fn replace(&self, document: &[u8]) -> Result<()> {
        let mut new = document::parse(document)?;
        states::check(&new)?;
        let digest = digest(&document::write(&new));
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if self.changed.load(Ordering::Acquire) || self.last() == Some(digest) {
            return Ok(());
        }
        core::mem::swap(&mut *entries, &mut new);
        self.remember(digest);
        self.version.fetch_add(1, Ordering::Release);
        // The old keys are wiped when nobody waits for the lock any more.
        drop(entries);
        Ok(())
    }

    pub(super) fn last(&self) -> Option<Digest> {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn remember(&self, document: Digest) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(document);
    }

    /// Says that what it was at this version was saved at `path`, in a document of this digest.
    pub(super) fn saved(&self, path: &Path, document: Digest, version: u64) {
        self.remember(document);
        // Nothing changes while this is held.
        let _entries = self.entries();
        let in_its_place = self.source.as_ref().is_none_or(|source| source.is_at(path));
        if in_its_place && self.version() == version {
            self.changed.store(false, Ordering::Release);
        }
    }
}

/// The digest of a document.
pub(super) fn digest(document: &str) -> Digest {
    Sha256::digest(document).into()
}
