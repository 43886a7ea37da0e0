//! Sealing and opening values of one context.

use core::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::algorithm::Algorithm;
use super::derived::{Derived, Follower, PerKey};
use super::entry::{KeyInfo, KeyState};
use super::key::{Key, KeyId};
use super::shared::Shared;
use super::siv::Siv;
use super::wire::{self, Format};
use super::xaes::Xaes;
use crate::secret::SecretBuffer;
use crate::{Error, Result, encoding};

/// Encrypts and decrypts the values of one context with the keys of one keyring.
///
/// What is derived from the keys is kept here and derived again only when the keyring changes.
#[derive(Debug)]
pub struct Cipher<A: Algorithm = Xaes>(Follower<LiveKey<A>>);

impl Cipher {
    /// A cipher whose keys are those of the keyring themselves, as other software has them.
    pub(super) fn of_bare_keys(keyring: Arc<Shared>) -> Result<Self> {
        Ok(Self(Follower::new(keyring, Scope::BareKeys)?))
    }
}

/// A cipher that gives equal plaintexts equal ciphertexts, so that a database can compare them.
pub type DeterministicCipher = Cipher<Siv>;

impl<A: Algorithm> Cipher<A> {
    pub(super) fn new(keyring: Arc<Shared>, context: &str) -> Result<Self> {
        Ok(Self(Follower::new(keyring, Scope::Context(context.into()))?))
    }

    /// The context that was asked for.
    #[must_use]
    pub fn context(&self) -> &str {
        match self.0.scope() {
            Scope::BareKeys => "",
            Scope::Context(context) => context,
        }
    }

    /// The keys as they are now. Cheap; one serves for a batch.
    ///
    /// # Errors
    ///
    /// None that did not show when the cipher was made.
    pub fn session(&self) -> Result<Session<A>> {
        Ok(Session(self.0.now()?))
    }

    /// How its ciphertexts are written.
    pub const FORMAT: Format = A::FORMAT;
}

/// A cipher with its keyring's keys as they were at one moment.
#[derive(Debug)]
pub struct Session<A: Algorithm = Xaes>(Arc<Derived<LiveKey<A>>>);

impl<A: Algorithm> Session<A> {
    /// Encrypts into `sealed`, which is [`Format::ciphertext_length`] of the plaintext long.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if `sealed` has another length or the plaintext is longer than
    /// 64 GiB; [`Error::RandomnessUnavailable`] if there is no nonce to be had.
    pub fn seal(&self, plaintext: &[u8], associated_data: &[u8], sealed: &mut [u8]) -> Result<()> {
        self.0.primary()?.seal(plaintext, associated_data, sealed)
    }

    /// Encrypts text into text.
    ///
    /// # Errors
    ///
    /// As for [`Session::seal`].
    pub fn seal_text(&self, plaintext: &str, associated_data: &[u8]) -> Result<String> {
        self.0.primary()?.seal_text(plaintext, associated_data)
    }

    /// Encrypts under every key that decrypts, the primary one first: what a value can look like.
    ///
    /// # Errors
    ///
    /// As for [`Session::seal`].
    pub fn seal_text_variants(
        &self,
        plaintext: &str,
        associated_data: &[u8],
    ) -> Result<Vec<String>> {
        self.0.live().map(|key| key.seal_text(plaintext, associated_data)).collect()
    }

    /// As [`Session::seal_text_variants`], for bytes.
    ///
    /// # Errors
    ///
    /// As for [`Session::seal`].
    pub fn seal_variants(&self, plaintext: &[u8], associated_data: &[u8]) -> Result<Vec<Vec<u8>>> {
        let one = |key: &LiveKey<A>| {
            let mut sealed = vec![0; A::FORMAT.ciphertext_length(plaintext.len())];
            key.seal(plaintext, associated_data, &mut sealed)?;
            Ok(sealed)
        };
        self.0.live().map(one).collect()
    }

    pub(super) fn primary(&self) -> Result<&LiveKey<A>> {
        self.0.primary()
    }

    pub(super) fn find_key(&self, number: u32) -> Result<&LiveKey<A>> {
        self.0.find(number)
    }

    /// Whether the key of this id is the one that encrypts.
    #[must_use]
    pub fn is_primary(&self, id: KeyId) -> bool {
        self.0.primary_id() == Some(id)
    }

    /// Looks up the key that a ciphertext names, without decrypting yet.
    ///
    /// # Errors
    ///
    /// [`Error::NotEncrypted`] or [`Error::UnsupportedFormat`] if it is no ciphertext of this
    /// format, [`Error::Decryption`] if it is too short, and [`Error::UnknownKey`],
    /// [`Error::DisabledKey`] or [`Error::DestroyedKey`] by the state of the key it names.
    pub fn find<'a>(&'a self, sealed: &'a [u8]) -> Result<Sealed<'a, A>> {
        let (id, body) = wire::split_bytes(sealed)?;
        let plaintext_length =
            body.len().checked_sub(A::FORMAT.overhead()).ok_or(Error::Decryption)?;
        Ok(Sealed { algorithm: &self.0.find(id)?.algorithm, body, plaintext_length })
    }

    /// Decrypts text that was encrypted into text.
    ///
    /// # Errors
    ///
    /// As for [`Session::find`] and [`Sealed::open`].
    pub fn open_text(&self, sealed: &str, associated_data: &[u8]) -> Result<OpenedText> {
        let (id, body) = A::FORMAT.split_text(sealed)?;
        let key = self.0.find(id)?;
        let body = encoding::base64url_decode(body).map_err(|_| Error::Decryption)?;
        let mut body = SecretBuffer::from(body);
        key.algorithm.open_in_place(&mut body, associated_data)?;
        Ok(OpenedText { body, format: A::FORMAT })
    }
}

/// A ciphertext together with the key that it names; whether it opens is not known yet.
#[derive(Debug)]
pub struct Sealed<'a, A: Algorithm = Xaes> {
    algorithm: &'a A,
    body: &'a [u8],
    plaintext_length: usize,
}

impl<A: Algorithm> Sealed<'_, A> {
    /// The length of the plaintext.
    #[must_use]
    pub fn plaintext_length(&self) -> usize {
        self.plaintext_length
    }

    /// Decrypts into `plaintext`, which is [`Sealed::plaintext_length`] long. Nothing is left
    /// there unless the ciphertext is authentic.
    ///
    /// # Errors
    ///
    /// [`Error::Decryption`] if the value was altered, belongs to another context or was sealed
    /// with other associated data; which of these does not show.
    pub fn open(&self, associated_data: &[u8], plaintext: &mut [u8]) -> Result<()> {
        self.algorithm.open(self.body, associated_data, plaintext)
    }

    /// Decrypts into memory that is wiped when dropped.
    ///
    /// # Errors
    ///
    /// As for [`Sealed::open`].
    pub fn open_to_vec(&self, associated_data: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let mut plaintext = Zeroizing::new(vec![0; self.plaintext_length]);
        self.open(associated_data, &mut plaintext)?;
        Ok(plaintext)
    }
}

/// A plaintext that is wiped when dropped, between what stood around its ciphertext.
pub struct OpenedText {
    body: SecretBuffer,
    format: Format,
}

impl OpenedText {
    /// The text.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if what was sealed is no UTF-8. Only who holds the key can have
    /// sealed that.
    pub fn text(&self) -> Result<&str> {
        let end = self.body.len().saturating_sub(self.format.after);
        let text = self.body.get(self.format.before..end);
        core::str::from_utf8(text.unwrap_or_default())
            .map_err(|_| Error::InvalidInput("the value that was sealed is not UTF-8 text"))
    }
}

impl fmt::Debug for OpenedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

/// What the keys of a cipher are.
#[derive(Debug)]
pub(super) enum Scope {
    /// Those of the keyring.
    BareKeys,
    /// Derived from them for a context.
    Context(Box<str>),
}

/// One key's algorithm, and how its ciphertexts begin.
#[derive(Debug)]
pub(super) struct LiveKey<A> {
    pub(super) algorithm: A,
    pub(super) bytes_header: [u8; wire::HEADER],
    pub(super) text_header: String,
}

impl<A: Algorithm> PerKey for LiveKey<A> {
    type Scope = Scope;

    fn state(key: &KeyInfo) -> KeyState {
        key.state
    }

    fn derive(key: &Key, scope: &Scope) -> Result<Self> {
        Ok(Self {
            algorithm: match scope {
                Scope::BareKeys => A::of_bare_key(key)?,
                Scope::Context(context) => A::derive(key, context)?,
            },
            bytes_header: wire::bytes_header(key.id()),
            text_header: A::FORMAT.text_header(key.id()),
        })
    }
}

impl<A: Algorithm> LiveKey<A> {
    fn seal(&self, plaintext: &[u8], associated_data: &[u8], sealed: &mut [u8]) -> Result<()> {
        let (header, body) = sealed.split_first_chunk_mut().ok_or(WRONG_LENGTH)?;
        *header = self.bytes_header;
        self.algorithm.seal(plaintext, associated_data, body)
    }

    fn seal_text(&self, plaintext: &str, associated_data: &[u8]) -> Result<String> {
        let mut body = vec![0; plaintext.len().saturating_add(A::FORMAT.overhead())];
        self.algorithm.seal(plaintext.as_bytes(), associated_data, &mut body)?;
        let mut text = String::with_capacity(A::FORMAT.text_length(plaintext.len()));
        text.push_str(&self.text_header);
        encoding::base64url_append(&body, &mut text);
        Ok(text)
    }
}

const WRONG_LENGTH: Error = Error::InvalidInput("the buffer is not as long as the result");
