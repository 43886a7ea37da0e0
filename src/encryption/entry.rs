//! A key's place in a keyring.

use core::fmt;

use super::key::{Key, KeyId};
use super::timestamp::Timestamp;

/// What a key may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// Decrypts.
    Active,
    /// Is gone; only its id is left.
    Destroyed,
    /// Does nothing until it is enabled.
    Disabled,
    /// Encrypts and decrypts. Exactly one key of a keyring.
    Primary,
}

impl KeyState {
    /// Its name in a keyring's document.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Destroyed => "DESTROYED",
            Self::Disabled => "DISABLED",
            Self::Primary => "PRIMARY",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        [Self::Active, Self::Destroyed, Self::Disabled, Self::Primary]
            .into_iter()
            .find(|state| state.name() == name)
    }
}

impl fmt::Display for KeyState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What may be known of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyInfo {
    /// The name that ciphertexts carry.
    pub id: KeyId,
    /// Its part in encryption.
    pub state: KeyState,
    /// Its part in blind indexes.
    pub index_state: KeyState,
    /// When it was added to a keyring first.
    pub created: Timestamp,
}

/// A key in a keyring; `key` is there unless the state is `Destroyed`.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) id: KeyId,
    pub(super) state: KeyState,
    pub(super) index_state: KeyState,
    pub(super) created: Timestamp,
    pub(super) key: Option<Key>,
}

impl Entry {
    pub(super) fn info(&self) -> KeyInfo {
        let Self { id, state, index_state, created, .. } = *self;
        KeyInfo { id, state, index_state, created }
    }
}
