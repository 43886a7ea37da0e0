//! AES-256-GCM by the `aes-gcm` crate, which runs anywhere: also the oracle of the other ways.

use aes_gcm::aead::AeadInOut;
use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::{Aes256Gcm, KeyInit};

use super::{KEY, NONCE, TAG, TOO_LONG};
use crate::{Error, Result};

pub(super) fn key(key: &[u8; KEY]) -> Aes256Gcm {
    Aes256Gcm::new(key.into())
}

pub(super) fn seal(
    key: &Aes256Gcm,
    nonce: &[u8; NONCE],
    associated_data: &[u8],
    plaintext: &[u8],
    ciphertext: &mut [u8],
) -> Result<[u8; TAG]> {
    let buffer = InOutBuf::new(plaintext, ciphertext).map_err(|_| TOO_LONG)?;
    key.encrypt_inout_detached(nonce.into(), associated_data, buffer)
        .map(Into::into)
        .map_err(|_| TOO_LONG)
}

pub(super) fn open(
    key: &Aes256Gcm,
    nonce: &[u8; NONCE],
    associated_data: &[u8],
    ciphertext: &[u8],
    tag: &[u8; TAG],
    plaintext: &mut [u8],
) -> Result<()> {
    let buffer = InOutBuf::new(ciphertext, plaintext).map_err(|_| Error::Decryption)?;
    key.decrypt_inout_detached(nonce.into(), associated_data, buffer, tag.into())
        .map_err(|_| Error::Decryption)
}

pub(super) fn open_in_place(
    key: &Aes256Gcm,
    nonce: &[u8; NONCE],
    associated_data: &[u8],
    buffer: &mut [u8],
    tag: &[u8; TAG],
) -> Result<()> {
    key.decrypt_inout_detached(nonce.into(), associated_data, buffer.into(), tag.into())
        .map_err(|_| Error::Decryption)
}
