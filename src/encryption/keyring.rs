//! The keys of an application, and what each may still be used for.
//!
//! A rotation in steps that never leave a process unable to read: `add` a key everywhere, then
//! `promote` it, re-encrypt, `disable` the old one, and `destroy` it when nothing names it.

use std::path::Path;
use std::sync::{Arc, RwLockReadGuard};

use zeroize::Zeroizing;

use super::blind_index::{BlindIndex, BlindIndexOptions};
use super::cipher::{Cipher, DeterministicCipher};
use super::document;
use super::entry::{Entry, KeyInfo, KeyState};
use super::file;
use super::key::{Key, KeyId};
use super::shared::{Digest, Shared, digest};
use super::source::{Report, Source};
use super::states::{self, NO_PRIMARY, find};
use super::timestamp::Timestamp;
use super::tink::{self, Kind as KeysetKind};
use crate::{Error, Result};

/// Keys with their states, exactly one of them primary. Ciphers made from it follow its changes.
#[derive(Debug)]
pub struct Keyring {
    shared: Arc<Shared>,
}

impl Keyring {
    /// A keyring with one new key, which is primary.
    ///
    /// # Errors
    ///
    /// [`Error::RandomnessUnavailable`] if the operating system gives none.
    pub fn generate() -> Result<Self> {
        let key = Key::generate()?;
        let entry = Entry {
            id: key.id(),
            state: KeyState::Primary,
            index_state: KeyState::Primary,
            created: Timestamp::now(),
            key: Some(key),
        };
        Self::new(vec![entry], None)
    }

    /// The keyring that a JSON document describes.
    ///
    /// # Errors
    ///
    /// [`Error::Keyring`] if it is malformed or contradicts itself, [`Error::InvalidJson`] if it is
    /// no JSON.
    pub fn from_json(text: &[u8]) -> Result<Self> {
        Self::read(text, None)
    }

    /// The keyring in a file that nobody but its owner can read, which it follows: what another
    /// process makes of the file is taken over within about a second of being used, whole.
    ///
    /// A file that cannot be used any more changes nothing, and `report` is told. Nor does any
    /// file once this keyring itself was changed, until that is saved.
    ///
    /// # Errors
    ///
    /// As for [`Keyring::from_json`]; [`Error::KeyringFile`] if the file cannot be read,
    /// [`Error::Keyring`] if others can read it too.
    pub fn from_file(path: &Path, report: Report) -> Result<Self> {
        let (contents, stamp) = file::read_stamped(path)?;
        Self::read(&contents, Some(Source::new(path, stamp, report)))
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
        let version = self.shared.version();
        let digest = file::locked(path, |path| {
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
            Ok(digest)
        })?;
        self.shared.saved(path, digest, version);
        Ok(())
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
        tink::export(&self.entries(), context, kind)
    }

    /// A cipher with the keys of a Tink keyset, from which nothing is derived.
    ///
    /// # Errors
    ///
    /// [`Error::Keyring`] if this is no keyset of XAES-256-GCM keys in JSON, or an encrypted one.
    pub fn import_tink(text: &[u8]) -> Result<Cipher> {
        Cipher::of_bare_keys(Self::new(tink::import(text)?, None)?.shared)
    }

    /// Adds a key that decrypts and does not encrypt yet.
    ///
    /// # Errors
    ///
    /// [`Error::Keyring`] if the keyring has a key of this id or the same key under another id:
    /// a ciphertext is bound to its key's id by nothing but the key.
    pub fn add(&self, key: &Key) -> Result<()> {
        let copy = key.copy()?;
        self.shared.change(|entries| states::add(entries, copy))
    }

    /// Makes an active key the one that encrypts; the one before stays active.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownKey`], or [`Error::Keyring`] if the key is disabled or destroyed.
    pub fn promote(&self, id: KeyId) -> Result<()> {
        self.shared.change(|entries| states::promote(entries, id, |entry| &mut entry.state))
    }

    /// Makes an active key the one that writes blind indexes; the one before stays active.
    ///
    /// # Errors
    ///
    /// As for [`Keyring::promote`].
    pub fn promote_index(&self, id: KeyId) -> Result<()> {
        self.shared.change(|entries| states::promote(entries, id, |entry| &mut entry.index_state))
    }

    /// Stops an active key from decrypting, until it is enabled again.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownKey`], or [`Error::Keyring`] if the key is primary or destroyed.
    pub fn disable(&self, id: KeyId) -> Result<()> {
        self.shared.change(|entries| states::disable(&mut find(entries, id)?.state))
    }

    /// Stops an active key from finding rows by its blind indexes, until it is enabled again.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownKey`], or [`Error::Keyring`] if the key writes indexes or is destroyed.
    pub fn disable_index(&self, id: KeyId) -> Result<()> {
        self.shared.change(|entries| states::disable(&mut find(entries, id)?.index_state))
    }

    /// Lets a disabled key decrypt again.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownKey`], or [`Error::Keyring`] if the key is destroyed.
    pub fn enable(&self, id: KeyId) -> Result<()> {
        self.shared.change(|entries| states::enable(&mut find(entries, id)?.state))
    }

    /// Lets a disabled key find rows by its blind indexes again.
    ///
    /// # Errors
    ///
    /// As for [`Keyring::enable`].
    pub fn enable_index(&self, id: KeyId) -> Result<()> {
        self.shared.change(|entries| states::enable(&mut find(entries, id)?.index_state))
    }

    /// Wipes a key for good; its id stays, so that errors can say what happened to it.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownKey`], or [`Error::Keyring`] if the key is primary.
    pub fn destroy(&self, id: KeyId) -> Result<()> {
        self.shared.change(|entries| states::destroy(find(entries, id)?))
    }

    /// What may be known of each key, in the order in which they were added.
    #[must_use]
    pub fn keys(&self) -> Vec<KeyInfo> {
        self.entries().iter().map(Entry::info).collect()
    }

    /// The id of the key that encrypts.
    ///
    /// # Errors
    ///
    /// None: there is always one.
    pub fn primary_id(&self) -> Result<KeyId> {
        let entries = self.entries();
        let primary = entries.iter().find(|entry| entry.state == KeyState::Primary);
        primary.map(|entry| entry.id).ok_or(NO_PRIMARY)
    }

    fn new(entries: Vec<Entry>, source: Option<Source>) -> Result<Self> {
        Ok(Self { shared: Arc::new(Shared::new(entries, source)?) })
    }

    fn read(text: &[u8], source: Option<Source>) -> Result<Self> {
        let keyring = Self::new(document::parse(text)?, source)?;
        // Of the document as it would be saved: spaces between its members change nothing.
        keyring.shared.remember(digest(&keyring.to_json()));
        Ok(keyring)
    }

    /// The entries as they are now, also in the file.
    fn entries(&self) -> RwLockReadGuard<'_, Vec<Entry>> {
        self.shared.follow();
        self.shared.entries()
    }

    /// Looks at the whole document: a key that another process destroyed would come back.
    fn refuse_to_undo(&self, there: &Self, new: &Digest) -> Result<()> {
        let (last, there) = (self.shared.last(), there.shared.last());
        // The new document is there already when an earlier attempt failed at its last step.
        if last == there || Some(*new) == there {
            return Ok(());
        }
        Err(Error::Keyring(
            "the file is not the one that this keyring was read from: load it again and repeat",
        ))
    }
}
