//! AES-256-GCM by aws-lc, for messages so long that its assembly makes up for its set-up.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use super::{KEY, NONCE, TAG, TOO_LONG};
use crate::{Error, Result};

/// aws-lc keeps the key in memory of its own, which it wipes when it frees it.
pub(super) fn key(key: &[u8; KEY]) -> Result<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, key).map(LessSafeKey::new).map_err(|_| NO_KEY)
}

pub(super) fn seal(
    key: &LessSafeKey,
    nonce: &[u8; NONCE],
    associated_data: &[u8],
    plaintext: &[u8],
    ciphertext: &mut [u8],
) -> Result<[u8; TAG]> {
    let mut tag = [0; TAG];
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let associated_data = Aad::from(associated_data);
    key.seal_out_of_place_scatter(nonce, associated_data, plaintext, ciphertext, &[], &mut tag)
        .map_err(|_| TOO_LONG)?;
    Ok(tag)
}

pub(super) fn open(
    key: &LessSafeKey,
    nonce: &[u8; NONCE],
    associated_data: &[u8],
    ciphertext: &[u8],
    tag: &[u8; TAG],
    plaintext: &mut [u8],
) -> Result<()> {
    let nonce = Nonce::assume_unique_for_key(*nonce);
    key.open_separate_gather(nonce, Aad::from(associated_data), ciphertext, tag, plaintext)
        .map_err(|_| Error::Decryption)
}

pub(super) fn open_in_place(
    key: &LessSafeKey,
    nonce: &[u8; NONCE],
    associated_data: &[u8],
    buffer: &mut [u8],
    tag: &[u8; TAG],
) -> Result<()> {
    let nonce = Nonce::assume_unique_for_key(*nonce);
    key.open_in_place_separate_tag(nonce, Aad::from(associated_data), tag, buffer)
        .map(|_| ())
        .map_err(|_| Error::Decryption)
}

pub(super) const NO_KEY: Error = Error::InvalidInput("the library refused an AES key of 32 bytes");
