//! Sealing and opening values of one context.

use core::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use aes_gcm::aead::inout::InOutBuf;
use zeroize::Zeroizing;

use super::entry::{Entry, KeyState};
use super::key::KeyId;
use super::keyring::Shared;
use super::subkey::{self, Purpose};
use super::wire::{self, Parts};
use super::xaes::{self, Xaes};
use crate::{Error, Result, encoding, random};

/// Encrypts and decrypts the values of one context with the keys of one keyring.
///
/// What is derived from the keys is kept here and derived again only when the keyring changes.
#[derive(Debug)]
pub struct Cipher {
    keyring: Arc<Shared>,
    context: Box<str>,
    derived: RwLock<Arc<Derived>>,
}

impl Cipher {
    pub(super) fn new(keyring: Arc<Shared>, context: &str) -> Result<Self> {
        let derived = RwLock::new(Arc::new(Derived::new(&keyring, context)?));
        Ok(Self { keyring, context: context.into(), derived })
    }

    /// The context that was asked for.
    #[must_use]
    pub fn context(&self) -> &str {
        &self.context
    }

    /// The keys as they are now. Cheap; one serves for a batch.
    ///
    /// # Errors
    ///
    /// None that did not show when the cipher was made.
    pub fn session(&self) -> Result<Session> {
        // The lock is held for the time it takes to count a reference up, so that neither a long
        // encryption nor a fork in another thread finds it taken.
        let derived = Arc::clone(&self.derived.read().unwrap_or_else(PoisonError::into_inner));
        if derived.version == self.keyring.version() {
            return Ok(Session(derived));
        }
        let derived = Arc::new(Derived::new(&self.keyring, &self.context)?);
        *self.derived.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&derived);
        Ok(Session(derived))
    }
}

/// A cipher with its keyring's keys as they were at one moment.
#[derive(Debug)]
pub struct Session(Arc<Derived>);

impl Session {
    /// Encrypts into `sealed`, which is [`wire::ciphertext_length`] of the plaintext long.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if `sealed` has another length or the plaintext is longer than
    /// 64 GiB; [`Error::RandomnessUnavailable`] if there is no nonce to be had.
    pub fn seal(&self, plaintext: &[u8], associated_data: &[u8], sealed: &mut [u8]) -> Result<()> {
        let key = self.0.primary()?;
        let (header, body) = sealed.split_first_chunk_mut().ok_or(WRONG_LENGTH)?;
        *header = key.bytes_header;
        key.seal_body(plaintext, associated_data, body)
    }

    /// Encrypts text into text.
    ///
    /// # Errors
    ///
    /// As for [`Session::seal`].
    pub fn seal_text(&self, plaintext: &str, associated_data: &[u8]) -> Result<String> {
        let key = self.0.primary()?;
        let mut body = vec![0; plaintext.len().saturating_add(wire::BODY)];
        key.seal_body(plaintext.as_bytes(), associated_data, &mut body)?;
        let mut text = String::with_capacity(wire::text_length(plaintext.len()));
        text.push_str(&key.text_header);
        encoding::base64url_append(&body, &mut text);
        Ok(text)
    }

    /// Looks up the key that a ciphertext names, without decrypting yet.
    ///
    /// # Errors
    ///
    /// [`Error::NotEncrypted`] or [`Error::UnsupportedFormat`] if it is no ciphertext of this
    /// format, [`Error::Decryption`] if it is too short, and [`Error::UnknownKey`],
    /// [`Error::DisabledKey`] or [`Error::DestroyedKey`] by the state of the key it names.
    pub fn find<'a>(&'a self, sealed: &'a [u8]) -> Result<Sealed<'a>> {
        let (id, body) = wire::split_bytes(sealed)?;
        let parts = Parts::of_body(body)?;
        Ok(Sealed { xaes: &self.0.find(id)?.xaes, parts })
    }

    /// Decrypts text that was encrypted into text.
    ///
    /// # Errors
    ///
    /// As for [`Session::find`] and [`Sealed::open`].
    pub fn open_text(&self, sealed: &str, associated_data: &[u8]) -> Result<OpenedText> {
        let (id, body) = wire::split_text(sealed)?;
        let key = self.0.find(id)?;
        let body = encoding::base64url_decode(body).map_err(|_| Error::Decryption)?;
        let mut body = Zeroizing::new(body);
        let (nonce, rest) = body.split_first_chunk_mut().ok_or(Error::Decryption)?;
        let (ciphertext, tag) = rest.split_last_chunk_mut().ok_or(Error::Decryption)?;
        key.xaes.open(nonce, associated_data, ciphertext.into(), tag)?;
        Ok(OpenedText { body })
    }
}

/// A ciphertext together with the key that it names; whether it opens is not known yet.
#[derive(Debug)]
pub struct Sealed<'a> {
    xaes: &'a Xaes,
    parts: Parts<'a>,
}

impl Sealed<'_> {
    /// The length of the plaintext.
    #[must_use]
    pub fn plaintext_length(&self) -> usize {
        self.parts.ciphertext.len()
    }

    /// Decrypts into `plaintext`, which is [`Sealed::plaintext_length`] long. Nothing is written
    /// unless the tag is right.
    ///
    /// # Errors
    ///
    /// [`Error::Decryption`] if the value was altered, belongs to another context or was sealed
    /// with other associated data; which of these does not show.
    pub fn open(&self, associated_data: &[u8], plaintext: &mut [u8]) -> Result<()> {
        let Parts { nonce, ciphertext, tag } = self.parts;
        let buffer = InOutBuf::new(ciphertext, plaintext).map_err(|_| WRONG_LENGTH)?;
        self.xaes.open(nonce, associated_data, buffer, tag)
    }
}

/// A plaintext that is wiped when dropped, between its nonce and its tag.
pub struct OpenedText {
    body: Zeroizing<Vec<u8>>,
}

impl OpenedText {
    /// The text.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if what was sealed is no UTF-8. Only who holds the key can have
    /// sealed that.
    pub fn text(&self) -> Result<&str> {
        let text = self.body.get(xaes::NONCE..self.body.len().saturating_sub(xaes::TAG));
        core::str::from_utf8(text.unwrap_or_default())
            .map_err(|_| Error::InvalidInput("the value that was sealed is not UTF-8 text"))
    }
}

impl fmt::Debug for OpenedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

/// What is derived from a keyring for one context; the primary key's comes first.
#[derive(Debug)]
struct Derived {
    version: u64,
    slots: Vec<(KeyId, Slot)>,
}

#[derive(Debug)]
enum Slot {
    Destroyed,
    Disabled,
    Live(Box<LiveKey>),
}

impl Derived {
    fn new(keyring: &Shared, context: &str) -> Result<Self> {
        let entries = keyring.entries();
        let mut slots = entries
            .iter()
            .map(|entry| Ok((entry.id, Slot::new(entry, context)?)))
            .collect::<Result<Vec<_>>>()?;
        let primary = entries.iter().position(|entry| entry.state == KeyState::Primary);
        if let Some(first_to_primary) = slots.get_mut(..=primary.unwrap_or(0)) {
            first_to_primary.rotate_right(1);
        }
        // Under the lock, and so of these very entries.
        Ok(Self { version: keyring.version(), slots })
    }

    fn primary(&self) -> Result<&LiveKey> {
        match self.slots.first() {
            Some((_, Slot::Live(key))) => Ok(key),
            _ => Err(Error::Keyring("the keyring has no primary key")),
        }
    }

    /// The one key of this id. Any other is not even tried.
    fn find(&self, number: u32) -> Result<&LiveKey> {
        match self.slots.iter().find(|(id, _)| id.number() == number) {
            Some((_, Slot::Live(key))) => Ok(key),
            Some((_, Slot::Disabled)) => Err(Error::DisabledKey(number)),
            Some((_, Slot::Destroyed)) => Err(Error::DestroyedKey(number)),
            None => Err(Error::UnknownKey(number)),
        }
    }
}

impl Slot {
    fn new(entry: &Entry, context: &str) -> Result<Self> {
        match (entry.state, &entry.key) {
            (KeyState::Active | KeyState::Primary, Some(key)) => {
                let sub_key =
                    subkey::derive(key.material(), Purpose::Aead, context.as_bytes(), b"", b"")?;
                Ok(Self::Live(Box::new(LiveKey {
                    xaes: Xaes::new(sub_key.expose()),
                    bytes_header: wire::bytes_header(entry.id),
                    text_header: wire::text_header(entry.id),
                })))
            }
            (KeyState::Disabled, _) => Ok(Self::Disabled),
            (KeyState::Destroyed, _) | (_, None) => Ok(Self::Destroyed),
        }
    }
}

/// One key's cipher, and how its ciphertexts begin.
#[derive(Debug)]
struct LiveKey {
    xaes: Xaes,
    bytes_header: [u8; wire::HEADER],
    text_header: String,
}

impl LiveKey {
    /// Fills `body` with a fresh nonce, the ciphertext and the tag.
    fn seal_body(&self, plaintext: &[u8], associated_data: &[u8], body: &mut [u8]) -> Result<()> {
        let (nonce, rest) = body.split_first_chunk_mut().ok_or(WRONG_LENGTH)?;
        let (ciphertext, tag) = rest.split_last_chunk_mut().ok_or(WRONG_LENGTH)?;
        *nonce = random::nonce()?;
        *tag = self.xaes.seal(nonce, associated_data, plaintext, ciphertext)?;
        Ok(())
    }
}

const WRONG_LENGTH: Error = Error::InvalidInput("the buffer is not as long as the result");
