//! The two ways of sealing a value, behind one interface.

use core::fmt::Debug;

use aes_gcm::aead::inout::InOutBuf;

use super::gcm::Prepared;
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

    /// The algorithm under a key itself.
    ///
    /// # Errors
    ///
    /// [`Error::Keyring`] if its keys are of another length.
    fn of_bare_key(key: &Key) -> Result<Self>;

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

    /// What is kept from one value of a run to the next, under one key.
    type Run: Default;

    /// As [`Algorithm::seal`], for one value of a run, which is at most 2^16 values long.
    ///
    /// # Errors
    ///
    /// As for [`Algorithm::seal`].
    fn seal_next(
        &self,
        run: &mut Self::Run,
        plaintext: &[u8],
        associated_data: &[u8],
        body: &mut [u8],
    ) -> Result<()>;

    /// As [`Algorithm::open`], for one value of a run.
    ///
    /// # Errors
    ///
    /// [`Error::Decryption`].
    fn open_next(
        &self,
        run: &mut Self::Run,
        body: &[u8],
        associated_data: &[u8],
        plaintext: &mut [u8],
    ) -> Result<()>;
}

/// Body: nonce, ciphertext, tag.
impl Algorithm for Xaes {
    const FORMAT: Format = wire::RANDOM;

    fn derive(key: &Key, context: &str) -> Result<Self> {
        let sub_key = subkey::derive(key.material(), Purpose::Aead, context.as_bytes(), b"", b"")?;
        Ok(Self::new(sub_key.expose()))
    }

    fn of_bare_key(key: &Key) -> Result<Self> {
        Ok(Self::new(key.material()))
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
        Self::open(self, nonce, associated_data, ciphertext, tag, plaintext)
    }

    fn open_in_place(&self, body: &mut [u8], associated_data: &[u8]) -> Result<()> {
        let (nonce, rest) = body.split_first_chunk_mut().ok_or(Error::Decryption)?;
        let (ciphertext, tag) = rest.split_last_chunk_mut().ok_or(Error::Decryption)?;
        Self::open_in_place(self, nonce, associated_data, ciphertext, tag)
    }

    /// The front of a nonce and the cipher that it derives.
    type Run = Option<([u8; xaes::PREFIX], Prepared)>;

    /// The values of a run share the random front of their nonces, and with it a key; the back is
    /// random for each. Two runs of 2^16 values would have to draw the same 96 bits at the front,
    /// and two of their values the same 96 at the back, for a nonce to repeat.
    fn seal_next(
        &self,
        run: &mut Self::Run,
        plaintext: &[u8],
        associated_data: &[u8],
        body: &mut [u8],
    ) -> Result<()> {
        let (front, rest) = body.split_first_chunk_mut().ok_or(WRONG_LENGTH)?;
        let (back, rest) = rest.split_first_chunk_mut().ok_or(WRONG_LENGTH)?;
        let (ciphertext, tag) = rest.split_last_chunk_mut().ok_or(WRONG_LENGTH)?;
        if run.is_none() {
            let prefix = random::nonce()?;
            *run = Some((prefix, self.prepare(&prefix)));
        }
        let (prefix, prepared) = run.as_mut().ok_or(WRONG_LENGTH)?;
        *front = *prefix;
        *back = random::nonce()?;
        *tag = prepared.seal(back, associated_data, plaintext, ciphertext)?;
        Ok(())
    }

    fn open_next(
        &self,
        run: &mut Self::Run,
        body: &[u8],
        associated_data: &[u8],
        plaintext: &mut [u8],
    ) -> Result<()> {
        let (front, rest) = body.split_first_chunk().ok_or(Error::Decryption)?;
        let (back, rest) = rest.split_first_chunk().ok_or(Error::Decryption)?;
        let (ciphertext, tag) = rest.split_last_chunk().ok_or(Error::Decryption)?;
        // Looked at before it is taken: moving what is prepared takes longer than asking twice.
        if run.as_ref().is_none_or(|(prefix, _)| prefix != front) {
            *run = Some((*front, self.prepare(front)));
        }
        let (_, prepared) = run.as_mut().ok_or(Error::Decryption)?;
        prepared.open(back, associated_data, ciphertext, tag, plaintext)
    }
}

/// Body: synthetic IV, ciphertext.
impl Algorithm for Siv {
    const FORMAT: Format = wire::DETERMINISTIC;

    fn derive(key: &Key, context: &str) -> Result<Self> {
        let context = context.as_bytes();
        Ok(Self::new(subkey::derive(key.material(), Purpose::Siv, context, b"", b"")?))
    }

    fn of_bare_key(_: &Key) -> Result<Self> {
        Err(Error::Keyring("a key of AES-SIV is 64 bytes long"))
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

    type Run = ();

    fn seal_next(
        &self,
        (): &mut (),
        plaintext: &[u8],
        associated_data: &[u8],
        body: &mut [u8],
    ) -> Result<()> {
        Algorithm::seal(self, plaintext, associated_data, body)
    }

    fn open_next(
        &self,
        (): &mut (),
        body: &[u8],
        associated_data: &[u8],
        plaintext: &mut [u8],
    ) -> Result<()> {
        Algorithm::open(self, body, associated_data, plaintext)
    }
}

const WRONG_LENGTH: Error = Error::InvalidInput("the buffer is not as long as the result");
