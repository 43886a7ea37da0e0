//! The two ways of sealing a value, behind one interface.

use core::fmt::Debug;

use aes_gcm::aead::inout::InOutBuf;

use super::key::Key;
use super::siv::{self, Siv};
use super::subkey::{self, Purpose};
use super::wire::{self, Format};
use super::xaes::{self, Xaes};
use crate::{Error, Result, random};

/// A way of sealing, with its key.
///
/// A body is what comes behind the key id: what stands in front of the ciphertext, the ciphertext
/// as long as the plaintext, and what stands behind it.
pub trait Algorithm: Debug + Send + Sized + Sync {
    /// How its ciphertexts are written.
    const FORMAT: Format;

    /// The algorithm under the sub-key of a context.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if the context is 4 GiB long or longer.
    fn derive(key: &Key, context: &str) -> Result<Self>;

    /// Fills `body`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if the body has another length than it should, or the plaintext is
    /// too long; [`Error::RandomnessUnavailable`] if there is no nonce to be had.
    fn seal(&self, plaintext: &[u8], associated_data: &[u8], body: &mut [u8]) -> Result<()>;

    /// Decrypts a body into `plaintext`, in which nothing is left if the body is not authentic.
    ///
    /// # Errors
    ///
    /// [`Error::Decryption`].
    fn open(&self, body: &[u8], associated_data: &[u8], plaintext: &mut [u8]) -> Result<()>;

    /// Decrypts a body where it lies.
    ///
    /// # Errors
    ///
    /// [`Error::Decryption`].
    fn open_in_place(&self, body: &mut [u8], associated_data: &[u8]) -> Result<()>;
}

/// Body: nonce, ciphertext, tag.
impl Algorithm for Xaes {
    const FORMAT: Format = wire::RANDOM;

    fn derive(key: &Key, context: &str) -> Result<Self> {
        let sub_key = subkey::derive(key.material(), Purpose::Aead, context.as_bytes(), b"", b"")?;
        Ok(Self::new(sub_key.expose()))
    }

    fn seal(&self, plaintext: &[u8], associated_data: &[u8], body: &mut [u8]) -> Result<()> {
        let (nonce, rest) = body.split_first_chunk_mut().ok_or(WRONG_LENGTH)?;
        let (ciphertext, tag) = rest.split_last_chunk_mut().ok_or(WRONG_LENGTH)?;
        *nonce = random::nonce::<{ xaes::NONCE }>()?;
        *tag = Self::seal(self, nonce, associated_data, plaintext, ciphertext)?;
        Ok(())
    }

    fn open(&self, body: &[u8], associated_data: &[u8], plaintext: &mut [u8]) -> Result<()> {
        let (nonce, rest) = body.split_first_chunk().ok_or(Error::Decryption)?;
        let (ciphertext, tag) = rest.split_last_chunk().ok_or(Error::Decryption)?;
        let buffer = InOutBuf::new(ciphertext, plaintext).map_err(|_| WRONG_LENGTH)?;
        Self::open(self, nonce, associated_data, buffer, tag)
    }

    fn open_in_place(&self, body: &mut [u8], associated_data: &[u8]) -> Result<()> {
        let (nonce, rest) = body.split_first_chunk_mut().ok_or(Error::Decryption)?;
        let (ciphertext, tag) = rest.split_last_chunk_mut().ok_or(Error::Decryption)?;
        Self::open(self, nonce, associated_data, ciphertext.into(), tag)
    }
}

/// Body: synthetic IV, ciphertext.
impl Algorithm for Siv {
    const FORMAT: Format = wire::DETERMINISTIC;

    fn derive(key: &Key, context: &str) -> Result<Self> {
        let context = context.as_bytes();
        Ok(Self::new(subkey::derive(key.material(), Purpose::Siv, context, b"", b"")?))
    }

    fn seal(&self, plaintext: &[u8], associated_data: &[u8], body: &mut [u8]) -> Result<()> {
        let (iv, ciphertext) = body.split_first_chunk_mut().ok_or(WRONG_LENGTH)?;
        *iv = Self::seal(self, associated_data, plaintext, ciphertext)?;
        Ok(())
    }

    fn open(&self, body: &[u8], associated_data: &[u8], plaintext: &mut [u8]) -> Result<()> {
        let (iv, ciphertext) = body.split_first_chunk::<{ siv::SIV }>().ok_or(Error::Decryption)?;
        let buffer = InOutBuf::new(ciphertext, plaintext).map_err(|_| WRONG_LENGTH)?;
        Self::open(self, associated_data, buffer, iv)
    }

    fn open_in_place(&self, body: &mut [u8], associated_data: &[u8]) -> Result<()> {
        let (iv, ciphertext) = body.split_first_chunk_mut().ok_or(Error::Decryption)?;
        Self::open(self, associated_data, ciphertext.into(), iv)
    }
}

const WRONG_LENGTH: Error = Error::InvalidInput("the buffer is not as long as the result");
