//! Ciphertexts of other packages: read for migration, never written.
//!
//! Whatever goes wrong is one error. Where there is a MAC, nothing is decrypted before it is right.

use core::fmt;

use aes::cipher::{Block, BlockModeDecrypt, InnerIvInit, KeyInit};
use aes::{Aes128, Aes192, Aes256};
use base64_simd::{STANDARD, URL_SAFE};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use super::gcm;
use crate::secret::Secret;
use crate::{Error, Result};

/// Opens the ciphertexts of one package, under one key or several.
pub struct Foreign(Kind);

enum Kind {
    AesCbc(Box<Secret<[u8; 32]>>, Padding),
    AesGcm(Box<Secret<[u8; 32]>>),
    Fernet(Vec<FernetKey>),
    RawFernet(FernetKey),
}

/// The two keys of a Fernet token.
pub struct FernetKey {
    signing: Secret<Vec<u8>>,
    encryption: Secret<Vec<u8>>,
}

impl FernetKey {
    /// The two halves of a key of the standard.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        let (signing, encryption) = key.split_at(16);
        Self::of_parts(signing, encryption)
    }

    /// Keys that were derived apart, as django-cryptography's are.
    #[must_use]
    pub fn of_parts(signing: &[u8], encryption: &[u8]) -> Self {
        Self {
            signing: Secret::new(signing.to_vec()),
            encryption: Secret::new(encryption.to_vec()),
        }
    }
}

/// How a message was filled up to whole blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// Asterisks, which are taken off whoever put them there.
    Naive,
    /// 80 and zeros.
    OneAndZeroes,
    /// The length of the padding, so many times (RFC 5652, section 6.3).
    Pkcs7,
    /// Zeros, and the length of the padding at the end.
    Zeroes,
}

impl core::str::FromStr for Padding {
    type Err = Error;

    /// By sqlalchemy-utils' name.
    fn from_str(name: &str) -> Result<Self> {
        match name {
            "naive" => Ok(Self::Naive),
            "oneandzeroes" => Ok(Self::OneAndZeroes),
            "pkcs5" => Ok(Self::Pkcs7),
            "zeroes" => Ok(Self::Zeroes),
            _ => Err(Error::Configuration(
                "a padding is \"naive\", \"oneandzeroes\", \"pkcs5\" or \"zeroes\"",
            )),
        }
    }
}

impl Foreign {
    /// Fernet tokens, as text. Each key is asked, by its MAC.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] if there is no key.
    pub fn fernet(keys: Vec<FernetKey>) -> Result<Self> {
        if keys.is_empty() {
            return Err(Error::Configuration("a reader needs at least one key"));
        }
        Ok(Self(Kind::Fernet(keys)))
    }

    /// The bytes of Fernet tokens, and keys of any length that AES has.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] if the encryption key is of another length.
    pub fn raw_fernet(key: FernetKey) -> Result<Self> {
        if !matches!(key.encryption.expose().len(), 16 | 24 | 32) {
            return Err(Error::Configuration("an AES key is 16, 24 or 32 bytes long"));
        }
        Ok(Self(Kind::RawFernet(key)))
    }

    /// Base64 text of a nonce of 12 bytes, a tag and an AES-256-GCM ciphertext.
    #[must_use]
    pub fn aes_gcm(key: Box<Secret<[u8; 32]>>) -> Self {
        Self(Kind::AesGcm(key))
    }

    /// Base64 text of an AES-256-CBC ciphertext without a MAC, whose IV is the front of its key.
    #[must_use]
    pub fn aes_cbc(key: Box<Secret<[u8; 32]>>, padding: Padding) -> Self {
        Self(Kind::AesCbc(key, padding))
    }

    /// The plaintext.
    ///
    /// # Errors
    ///
    /// [`Error::Decryption`], for whatever reason.
    pub fn open(&self, value: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let decode = || STANDARD.decode_to_vec(value).map_err(|_| Error::Decryption);
        match &self.0 {
            Kind::AesCbc(key, padding) => {
                let iv = key.expose().first_chunk().ok_or(Error::Decryption)?;
                padding.remove(decrypt_cbc(key.expose(), iv, decode()?)?)
            }
            Kind::AesGcm(key) => {
                let mut sealed = decode()?;
                let (nonce, rest) = sealed.split_first_chunk_mut().ok_or(Error::Decryption)?;
                let (tag, message) = rest.split_first_chunk_mut().ok_or(Error::Decryption)?;
                gcm::open_in_place(key.expose(), nonce, b"", message, tag)?;
                let plaintext = Zeroizing::new(message.to_vec());
                sealed.zeroize();
                Ok(plaintext)
            }
            Kind::Fernet(keys) => {
                let token = URL_SAFE.decode_to_vec(value).map_err(|_| Error::Decryption)?;
                keys.iter().find_map(|key| open_fernet(key, &token).ok()).ok_or(Error::Decryption)
            }
            Kind::RawFernet(key) => open_fernet(key, value),
        }
    }

    /// Whether a value is formed like a ciphertext of this package.
    #[must_use]
    pub fn is_encrypted(&self, value: &[u8]) -> bool {
        let length = || STANDARD.decode_to_vec(value).map_or(0, |bytes| bytes.len());
        let is_token = |token: &[u8]| {
            token.first() == Some(&FERNET_VERSION)
                && token.len() >= FERNET_SHORTEST
                && token.len() % BLOCK == FERNET_SHORTEST % BLOCK
        };
        match &self.0 {
            Kind::AesCbc(..) => matches!(length(), length @ 1.. if length % BLOCK == 0),
            Kind::AesGcm(_) => length() >= gcm::NONCE + gcm::TAG,
            Kind::Fernet(_) => URL_SAFE.decode_to_vec(value).is_ok_and(|token| is_token(&token)),
            Kind::RawFernet(_) => is_token(value),
        }
    }
}

/// A token of the Fernet specification: version, time, IV, ciphertext, HMAC-SHA256 of all that.
fn open_fernet(key: &FernetKey, token: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let (signed, tag) = token.split_last_chunk::<MAC>().ok_or(Error::Decryption)?;
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key.signing.expose()).map_err(|_| Error::Decryption)?;
    mac.update(signed);
    mac.verify(tag.into()).map_err(|_| Error::Decryption)?;

    let (version, rest) = signed.split_first().ok_or(Error::Decryption)?;
    let (_time, rest) = rest.split_first_chunk::<TIME>().ok_or(Error::Decryption)?;
    let (iv, ciphertext) = rest.split_first_chunk().ok_or(Error::Decryption)?;
    if *version != FERNET_VERSION {
        return Err(Error::Decryption);
    }
    let padded = decrypt_cbc(key.encryption.expose(), iv, ciphertext.to_vec())?;
    Padding::Pkcs7.remove(padded)
}

fn decrypt_cbc(key: &[u8], iv: &[u8; BLOCK], message: Vec<u8>) -> Result<Zeroizing<Vec<u8>>> {
    fn decrypt<C>(key: &[u8], iv: &[u8; BLOCK], message: &mut [u8]) -> Result<()>
    where
        C: KeyInit + aes::cipher::BlockCipherDecrypt<BlockSize = aes::cipher::consts::U16>,
    {
        let cipher = C::new_from_slice(key).map_err(|_| Error::Decryption)?;
        let mut mode = cbc::Decryptor::inner_iv_init(cipher, iv.into());
        let (blocks, rest) = Block::<C>::slice_as_chunks_mut(message);
        if blocks.is_empty() || !rest.is_empty() {
            return Err(Error::Decryption);
        }
        mode.decrypt_blocks(blocks);
        Ok(())
    }
    let mut message = Zeroizing::new(message);
    match key.len() {
        16 => decrypt::<Aes128>(key, iv, &mut message)?,
        24 => decrypt::<Aes192>(key, iv, &mut message)?,
        _ => decrypt::<Aes256>(key, iv, &mut message)?,
    }
    Ok(message)
}

impl Padding {
    fn remove(self, mut message: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>> {
        let last = usize::from(*message.last().ok_or(Error::Decryption)?);
        let length = match self {
            Self::Naive => message.trim_end(b'*'),
            Self::OneAndZeroes => {
                let end = message.trim_end(0);
                let one = message.get(..end).and_then(<[u8]>::last) == Some(&0x80);
                if one { Some(end - 1) } else { None }.ok_or(Error::Decryption)?
            }
            Self::Pkcs7 | Self::Zeroes => {
                let length = message.len().checked_sub(last).ok_or(Error::Decryption)?;
                let filler = if self == Self::Pkcs7 { last } else { 0 };
                let padding = message.get(length..message.len() - 1).unwrap_or_default();
                if !(1..=BLOCK).contains(&last)
                    || padding.iter().any(|byte| usize::from(*byte) != filler)
                {
                    return Err(Error::Decryption);
                }
                length
            }
        };
        message.truncate(length);
        Ok(message)
    }
}

trait TrimEnd {
    /// The length without what is `byte` at the end.
    fn trim_end(&self, byte: u8) -> usize;
}

impl TrimEnd for Vec<u8> {
    fn trim_end(&self, byte: u8) -> usize {
        self.iter().rposition(|other| *other != byte).map_or(0, |last| last + 1)
    }
}

impl fmt::Debug for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

impl fmt::Debug for FernetKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

const BLOCK: usize = 16;
const MAC: usize = 32;
const TIME: usize = 8;
const FERNET_VERSION: u8 = 0x80;
/// Version, time, IV, one block, MAC.
const FERNET_SHORTEST: usize = 1 + TIME + BLOCK + BLOCK + MAC;
