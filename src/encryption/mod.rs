//! Field encryption: values that only their own column, under a key of the ring, can open.
//!
//! What it guarantees: the plaintext stays secret; a ciphertext that was altered, moved to another
//! context or opened with other associated data does not open. What it does not: the length shows,
//! and so does the id of the key.
//!
//! A [`Keyring`] holds 32-byte [`Key`]s, each with a random id. For each context (a column, say)
//! a sub-key is derived from each key ([`subkey`]), and a [`Cipher`] seals with the primary one's
//! and opens with the one that a ciphertext names. There is no trial decryption. The algorithm is
//! XAES-256-GCM ([`xaes`]) in Tink's wire format ([`wire`]).
//!
//! Columns that are searched have a [`BlindIndex`] beside them, or are sealed by a
//! [`DeterministicCipher`] (AES-SIV, [`siv`]); both show which values are equal.

mod algorithm;
mod batch;
mod blind_index;
mod block;
mod cipher;
mod derived;
mod document;
mod entry;
mod file;
mod foreign;
mod gcm;
mod key;
mod keyring;
mod mac;
mod shared;
mod siv;
mod source;
mod states;
mod subkey;
mod timestamp;
mod tink;
mod wire;
mod xaes;

pub use algorithm::Algorithm;
pub use batch::{AssociatedData, Batch, Outcome, Value, Work};
pub use blind_index::{BlindIndex, BlindIndexOptions, Index, IndexSession, MAX_BITS, Normalizer};
pub use cipher::{Cipher, DeterministicCipher, OpenedText, Sealed, Session};
pub use entry::{KeyInfo, KeyState};
pub use foreign::{FernetKey, Foreign, Padding};
#[doc(hidden)]
pub use gcm::Prepared;
pub use key::{Key, KeyId};
pub use keyring::Keyring;
pub use siv::Siv;
pub use source::Report;
pub use timestamp::Timestamp;
pub use tink::Kind as KeysetKind;
pub use wire::{Format, is_encrypted_text};
pub use xaes::Xaes;

/// XAES-256-GCM itself, ciphertext and tag behind each other, for the vectors of its standard.
#[cfg(feature = "test-hooks")]
pub(crate) fn xaes_seal(
    key: &[u8; 32],
    nonce: &[u8; 24],
    associated_data: &[u8],
    plaintext: &[u8],
) -> crate::Result<Vec<u8>> {
    let mut sealed = vec![0; plaintext.len()];
    let tag = Xaes::new(key).seal(nonce, associated_data, plaintext, &mut sealed)?;
    sealed.extend_from_slice(&tag);
    Ok(sealed)
}

/// AES-256-GCM itself, ciphertext and tag behind each other, for the vectors of its standard.
#[cfg(feature = "test-hooks")]
pub(crate) fn gcm_seal(
    key: &[u8; 32],
    nonce: [u8; 12],
    associated_data: &[u8],
    plaintext: &[u8],
) -> crate::Result<Vec<u8>> {
    let mut sealed = vec![0; plaintext.len()];
    let tag = gcm::seal(key, &nonce, associated_data, plaintext, &mut sealed)?;
    sealed.extend_from_slice(&tag);
    Ok(sealed)
}

/// Opens what [`gcm_seal`] made.
#[cfg(feature = "test-hooks")]
pub(crate) fn gcm_open(
    key: &[u8; 32],
    nonce: [u8; 12],
    associated_data: &[u8],
    sealed: &[u8],
) -> crate::Result<Vec<u8>> {
    let (ciphertext, tag) = sealed.split_last_chunk().ok_or(crate::Error::Decryption)?;
    let mut plaintext = vec![0; ciphertext.len()];
    gcm::open(key, &nonce, associated_data, ciphertext, tag, &mut plaintext)?;
    Ok(plaintext)
}
