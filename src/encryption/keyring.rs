//! The keys of an application, and what each may still be used for.
//!
//! A rotation in steps that never leave a process unable to read: `add` a key everywhere, then
//! `promote` it, re-encrypt, `disable` the old one, and `destroy` it when nothing names it.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::blind_index::{BlindIndex, BlindIndexOptions};
use super::cipher::{Cipher, DeterministicCipher};
use super::document;
use super::entry::{Entry, KeyInfo, KeyState};
use super::file;
use super::key::{Key, KeyId};
use super::timestamp::Timestamp;
use super::tink::{self, Kind as KeysetKind};
use crate::{Error, Result};

/// Keys with their states, exactly one of them primary. Ciphers made from it follow its changes.
#[derive(Debug)]
pub struct Keyring {
    shared: Arc<Shared>,
    /// Of the document that it was last read from or saved as. Locked to be copied, no longer.
    last: Mutex<Option<Digest>>,
}

/// The SHA-256 of a document.
type Digest = [u8; 32];

impl Keyring {
    /// A keyring with one new key, which is primary.
    ///
    /// # Errors
    ///
    /// [`Error::RandomnessUnavailable`] if the operating system gives none.
    pub fn generate() -> Result<Self> {
        let key = Key::generate()?;
        Self::new(vec![Entry {
            id: key.id(),
            state: KeyState::Primary,
            index_state: KeyState::Primary,
            created: Timestamp::now(),
            key: Some(key),
        }])
    }

    /// The keyring that a JSON document describes.
    ///
    /// # Errors
    ///
    /// [`Error::Keyring`] if it is malformed or contradicts itself, [`Error::InvalidJson`] if it is
    /// no JSON.
    pub fn from_json(text: &[u8]) -> Result<Self> {
        let keyring = Self::new(document::parse(text)?)?;
        // Of the document as it would be saved: spaces between its members change nothing.
        keyring.remember(digest(&keyring.to_json()));
        Ok(keyring)
    }

    /// The keyring in a file that nobody but its owner can read.
    ///
    /// # Errors
    ///
    /// As for [`Keyring::from_json`]; [`Error::KeyringFile`] if the file cannot be read,
    /// [`Error::Keyring`] if others can read it too.
    pub fn from_file(path: &Path) -> Result<Self> {
        Self::from_json(&file::read(path)?)
    }

    /// The JSON document that [`Keyring::from_json`] reads, keys included.
    #[must_use]
    pub fn to_json(&self) -> Zeroizing<String> {
        document::write(&self.shared.entries())
    }

    /// Replaces the file in one step, readable by its owner alone, who stays the same.
    ///
    /// A symbolic link is followed, and stays.
    ///
    /// # Errors
    ///
    /// [`Error::KeyringFile`] if it cannot be written. [`Error::Keyring`] if the file there is not
    /// the document that this keyring was last read from or saved as: another process changed
    /// it, and replacing the file would undo what it did.
    pub fn save(&self, path: &Path) -> Result<()> {
        file::locked(path, |path| {
            let document = self.to_json();
            let digest = digest(&document);
            let owner = match file::read_owned(path) {
                Ok((there, owner)) => {
                    self.refuse_to_undo(&Self::from_json(&there)?, &digest)?;
                    Some(owner)
                }
                Err(Error::KeyringFile(std::io::ErrorKind::NotFound)) => None,
                Err(error) => return Err(error),
            };
            file::replace(path, document.as_bytes(), owner.as_ref())?;
            self.remember(digest);
            Ok(())
        })
    }

    /// A cipher for one context: a column, or whatever else must not be confused with another.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if the context is 4 GiB long or longer.
    pub fn cipher(&self, context: &str) -> Result<Cipher> {
        Cipher::new(Arc::clone(&self.shared), context)
    }

    /// A cipher that gives equal values of one context equal ciphertexts.
    ///
    /// # Errors
    ///
    /// As for [`Keyring::cipher`].
    pub fn deterministic(&self, context: &str) -> Result<DeterministicCipher> {
        DeterministicCipher::new(Arc::clone(&self.shared), context)
    }

    /// A blind index.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if it has less than 1 bit or more than 256.
    pub fn blind_index(&self, options: BlindIndexOptions<'_>) -> Result<BlindIndex> {
        BlindIndex::new(Arc::clone(&self.shared), options)
    }

    /// The sub-keys of one context as a Tink keyset, in JSON and not encrypted.
    ///
    /// # Errors
    ///
    /// As for [`Keyring::cipher`].
    pub fn export_tink(&self, context: &str, kind: KeysetKind) -> Result<Zeroizing<String>> {
        tink::export(&self.shared.entries(), context, kind)
    }

    /// A cipher with the keys of a Tink keyset, from which nothing is derived.
    ///
    /// # Errors
    ///
    /// [`Error::Keyring`] if this is no keyset of XAES-256-GCM keys in JSON, or an encrypted one.
    pub fn import_tink(text: &[u8]) -> Result<Cipher> {
        Cipher::of_bare_keys(Self::new(tink::import(text)?)?.shared)
    }

    /// Adds a key that decrypts and does not encrypt yet.
    ///
    /// # Errors
    ///
    /// [`Error::Keyring`] if the keyring has a key of this id or the same key under another id:
    /// a ciphertext is bound to its key's id by nothing but the key.
    pub fn add(&self, key: &Key) -> Result<()> {
        let copy = key.copy()?;
        self.shared.change(|entries| {
            if entries.iter().any(|entry| entry.id == key.id()) {
                return Err(Error::Keyring("the keyring has a key of this id already"));
            }
            let keys = entries.iter().filter_map(|entry| entry.key.as_ref());
            if keys.fold(false, |seen, other| seen | other.same_material(key)) {
                return Err(SAME_KEY);
            }
            entries.push(Entry {
                id: key.id(),
                state: KeyState::Active,
                index_state: KeyState::Active,
                created: Timestamp::now(),
                key: Some(copy),
            });
            Ok(())
        })
    }

    /// Makes an active key the one that encrypts; the one before stays active.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownKey`], or [`Error::Keyring`] if the key is disabled or destroyed.
    pub fn promote(&self, id: KeyId) -> Result<()> {
        self.shared.change(|entries| promote(entries, id, |entry| &mut entry.state))
    }

    /// Makes an active key the one that writes blind indexes; the one before stays active.
    ///
    /// # Errors
    ///
    /// As for [`Keyring::promote`].
    pub fn promote_index(&self, id: KeyId) -> Result<()> {
        self.shared.change(|entries| promote(entries, id, |entry| &mut entry.index_state))
    }

    /// Stops an active key from decrypting, until it is enabled again.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownKey`], or [`Error::Keyring`] if the key is primary or destroyed.
    pub fn disable(&self, id: KeyId) -> Result<()> {
        self.shared.change(|entries| disable(&mut find(entries, id)?.state))
    }

    /// Stops an active key from finding rows by its blind indexes, until it is enabled again.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownKey`], or [`Error::Keyring`] if the key writes indexes or is destroyed.
    pub fn disable_index(&self, id: KeyId) -> Result<()> {
        self.shared.change(|entries| disable(&mut find(entries, id)?.index_state))
    }

    /// Lets a disabled key decrypt again.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownKey`], or [`Error::Keyring`] if the key is destroyed.
    pub fn enable(&self, id: KeyId) -> Result<()> {
        self.shared.change(|entries| enable(&mut find(entries, id)?.state))
    }

    /// Lets a disabled key find rows by its blind indexes again.
    ///
    /// # Errors
    ///
    /// As for [`Keyring::enable`].
    pub fn enable_index(&self, id: KeyId) -> Result<()> {
        self.shared.change(|entries| enable(&mut find(entries, id)?.index_state))
    }

    /// Wipes a key for good; its id stays, so that errors can say what happened to it.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownKey`], or [`Error::Keyring`] if the key is primary.
    pub fn destroy(&self, id: KeyId) -> Result<()> {
        self.shared.change(|entries| {
            let entry = find(entries, id)?;
            if entry.state == KeyState::Primary {
                return Err(PRIMARY);
            }
            if entry.index_state == KeyState::Primary {
                return Err(Error::Keyring(
                    "the key is primary for blind indexes: promote another with promote_index()",
                ));
            }
            entry.state = KeyState::Destroyed;
            entry.index_state = KeyState::Destroyed;
            entry.key = None;
            Ok(())
        })
    }

    /// What may be known of each key, in the order in which they were added.
    #[must_use]
    pub fn keys(&self) -> Vec<KeyInfo> {
        self.shared.entries().iter().map(Entry::info).collect()
    }

    /// The id of the key that encrypts.
    ///
    /// # Errors
    ///
    /// None: there is always one.
    pub fn primary_id(&self) -> Result<KeyId> {
        let entries = self.shared.entries();
        let primary = entries.iter().find(|entry| entry.state == KeyState::Primary);
        primary.map(|entry| entry.id).ok_or(NO_PRIMARY)
    }

    fn new(entries: Vec<Entry>) -> Result<Self> {
        check(&entries)?;
        Ok(Self {
            shared: Arc::new(Shared { entries: RwLock::new(entries), version: AtomicU64::new(0) }),
            last: Mutex::new(None),
        })
    }

    /// Looks at the whole document: a key that another process destroyed would come back.
    fn refuse_to_undo(&self, there: &Self, new: &Digest) -> Result<()> {
        let (last, there) = (self.last(), there.last());
        // The new document is there already when an earlier attempt failed at its last step.
        if last == there || Some(*new) == there {
            return Ok(());
        }
        Err(Error::Keyring(
            "the file is not the one that this keyring was read from: load it again and repeat",
        ))
    }

    fn last(&self) -> Option<Digest> {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, document: Digest) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(document);
    }
}

/// What a keyring and its ciphers have in common.
#[derive(Debug)]
pub(super) struct Shared {
    entries: RwLock<Vec<Entry>>,
    /// Grows with every change, while the lock is held.
    version: AtomicU64,
}

impl Shared {
    /// Changes when the entries do.
    pub(super) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// A change is checked before it is made, so that a panic in between leaves nothing half done
    /// and a poisoned lock is none.
    pub(super) fn entries(&self) -> RwLockReadGuard<'_, Vec<Entry>> {
        self.entries.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, body: impl FnOnce(&mut Vec<Entry>) -> Result<()>) -> Result<()> {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        body(&mut entries)?;
        self.version.fetch_add(1, Ordering::Release);
        Ok(())
    }
}

fn promote(
    entries: &mut [Entry],
    id: KeyId,
    state: impl Fn(&mut Entry) -> &mut KeyState,
) -> Result<()> {
    match *state(find(entries, id)?) {
        KeyState::Active | KeyState::Primary => {}
        KeyState::Destroyed => return Err(DESTROYED),
        KeyState::Disabled => {
            return Err(Error::Keyring("the key is disabled: enable it first"));
        }
    }
    for entry in entries {
        let is_it = entry.id == id;
        match state(entry) {
            state if is_it => *state = KeyState::Primary,
            state if *state == KeyState::Primary => *state = KeyState::Active,
            _ => {}
        }
    }
    Ok(())
}

fn disable(state: &mut KeyState) -> Result<()> {
    match *state {
        KeyState::Active | KeyState::Disabled => *state = KeyState::Disabled,
        KeyState::Destroyed => return Err(DESTROYED),
        KeyState::Primary => return Err(PRIMARY),
    }
    Ok(())
}

fn enable(state: &mut KeyState) -> Result<()> {
    match *state {
        KeyState::Active | KeyState::Disabled => *state = KeyState::Active,
        KeyState::Destroyed => return Err(DESTROYED),
        KeyState::Primary => {}
    }
    Ok(())
}

fn find(entries: &mut [Entry], id: KeyId) -> Result<&mut Entry> {
    entries.iter_mut().find(|entry| entry.id == id).ok_or(Error::UnknownKey(id.number()))
}

fn digest(document: &str) -> Digest {
    Sha256::digest(document).into()
}

/// What must hold of a keyring that comes from outside.
fn check(entries: &[Entry]) -> Result<()> {
    let count = |wanted: fn(&Entry) -> bool| entries.iter().filter(|entry| wanted(entry)).count();
    if count(|entry| entry.state == KeyState::Primary) != 1 {
        return Err(NO_PRIMARY);
    }
    if count(|entry| entry.index_state == KeyState::Primary) > 1 {
        return Err(Error::Keyring("a keyring has at most one primary key for blind indexes"));
    }
    for (position, entry) in entries.iter().enumerate() {
        let destroyed = entry.state == KeyState::Destroyed;
        if destroyed != entry.key.is_none()
            || (destroyed && entry.index_state != KeyState::Destroyed)
        {
            return Err(Error::Keyring("a key is null exactly when it is destroyed"));
        }
        for other in entries.iter().take(position) {
            if other.id == entry.id {
                return Err(Error::Keyring("a keyring has each id once"));
            }
            if let (Some(key), Some(other)) = (&entry.key, &other.key)
                && key.same_material(other)
            {
                return Err(SAME_KEY);
            }
        }
    }
    Ok(())
}

const DESTROYED: Error = Error::Keyring("the key has been destroyed");
const NO_PRIMARY: Error = Error::Keyring("a keyring has exactly one primary key");
const PRIMARY: Error = Error::Keyring("the key is primary: promote another first");
const SAME_KEY: Error = Error::Keyring("the keyring has the same key under another id");
