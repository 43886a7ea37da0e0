//! One key: 32 random bytes and the id by which ciphertexts name it.

use core::fmt;
use core::num::NonZeroU32;
use core::str::FromStr;
use std::path::Path;

use zeroize::Zeroizing;

use super::file;
use crate::secret::Secret;
use crate::{Error, Result, constant_time, encoding, random};

/// A key of a keyring. Wiped when dropped, never printed, never cloned.
#[derive(Debug)]
pub struct Key {
    id: KeyId,
    material: Material,
}

/// What a key consists of, on the heap so that a move of the key leaves no copy behind.
pub(super) type Material = Box<Secret<[u8; MATERIAL]>>;

impl Key {
    /// A new key with a new id, both from the operating system's randomness.
    ///
    /// # Errors
    ///
    /// [`Error::RandomnessUnavailable`] if the operating system gives none.
    pub fn generate() -> Result<Self> {
        let material = Secret::boxed(|bytes| random::fill(bytes))?;
        Ok(Self { id: KeyId::generate()?, material })
    }

    /// The key behind its text, `hbk1.<id>.<base64url>.<checksum>`.
    ///
    /// # Errors
    ///
    /// [`Error::Keyring`] if the text is not of this form or its checksum does not match.
    pub fn from_text(text: &[u8]) -> Result<Self> {
        let mut parts = text.rsplitn(2, |byte| *byte == b'.');
        let (Some(checksum), Some(body)) = (parts.next(), parts.next()) else {
            return Err(NOT_A_KEY);
        };
        let body_parts = body.strip_prefix(PREFIX.as_bytes()).ok_or(NOT_A_KEY)?;
        let (id, rest) = body_parts.split_at_checked(KeyId::TEXT).ok_or(NOT_A_KEY)?;
        let material = rest.strip_prefix(b".").ok_or(NOT_A_KEY)?;
        if checksum != encoding::hex(&crc32(body).to_be_bytes()).as_bytes() {
            return Err(Error::Keyring("the key's checksum does not match: a typing error?"));
        }
        Ok(Self {
            id: KeyId::from_text(id).ok_or(NOT_A_KEY)?,
            material: material_from_text(material).ok_or(NOT_A_KEY)?,
        })
    }

    /// The text that [`Key::from_text`] reads.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        // Never grown, so that no piece of it stays behind in memory.
        let mut text = Zeroizing::new(String::with_capacity(TEXT));
        text.push_str(PREFIX);
        text.push_str(&self.id.to_string());
        text.push('.');
        encoding::base64url_append(self.material.expose(), &mut text);
        let checksum = crc32(text.as_bytes());
        text.push('.');
        text.push_str(&encoding::hex(&checksum.to_be_bytes()));
        text
    }

    /// The key in a file that nobody but its owner can read; white space around it is ignored.
    ///
    /// # Errors
    ///
    /// [`Error::KeyringFile`] if the file cannot be read, [`Error::Keyring`] if others can read it
    /// too or it holds no key.
    pub fn from_file(path: &Path) -> Result<Self> {
        Self::from_text(file::read(path)?.trim_ascii())
    }

    /// Writes the key to a new file that nobody but its owner can read.
    ///
    /// # Errors
    ///
    /// [`Error::KeyringFile`] if the file exists already or cannot be written.
    pub fn save(&self, path: &Path) -> Result<()> {
        let mut text = self.to_text();
        text.push('\n');
        file::create(path, text.as_bytes())
    }

    /// The key's id.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.id
    }

    pub(super) fn copy(&self) -> Result<Self> {
        let material = Secret::boxed(|bytes: &mut [u8; MATERIAL]| {
            bytes.copy_from_slice(self.material());
            Ok(())
        })?;
        Ok(Self::new(self.id, material))
    }

    pub(super) fn new(id: KeyId, material: Material) -> Self {
        Self { id, material }
    }

    pub(super) fn material(&self) -> &[u8; MATERIAL] {
        self.material.expose()
    }

    /// Whether two keys are of the same material, whatever their ids.
    pub(super) fn same_material(&self, other: &Self) -> bool {
        constant_time::equal(self.material(), other.material())
    }
}

/// Key material from its base64url text, as it stands in a key's text and in a keyring.
pub(super) fn material_from_text(text: &[u8]) -> Option<Material> {
    let bytes = Zeroizing::new(encoding::base64url_decode(text).ok()?);
    let bytes = <&[u8; MATERIAL]>::try_from(bytes.as_slice()).ok()?;
    Secret::boxed(|material| {
        material.copy_from_slice(bytes);
        Ok(())
    })
    .ok()
}

/// A key's public name: a random number, never zero, written as eight hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyId(NonZeroU32);

impl KeyId {
    fn generate() -> Result<Self> {
        loop {
            let mut bytes = [0; 4];
            random::fill(&mut bytes)?;
            if let Some(id) = Self::new(u32::from_be_bytes(bytes)) {
                return Ok(id);
            }
        }
    }

    /// The id of this number, unless it is zero.
    #[must_use]
    pub fn new(number: u32) -> Option<Self> {
        NonZeroU32::new(number).map(Self)
    }

    /// The id as a number.
    #[must_use]
    pub fn number(self) -> u32 {
        self.0.get()
    }

    pub(super) fn from_text(text: &[u8]) -> Option<Self> {
        let bytes: [u8; 4] = encoding::hex_decode(text).ok()?.try_into().ok()?;
        Self::new(u32::from_be_bytes(bytes))
    }

    /// Characters in the text of an id.
    pub(super) const TEXT: usize = 8;
}

impl FromStr for KeyId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::from_text(text.as_bytes())
            .ok_or(Error::InvalidInput("a key id is eight lower-case hexadecimal digits, not zero"))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

/// The checksum of PNG and zip (CRC-32/ISO-HDLC): against typing errors, no security feature.
///
/// Bit by bit, because a table would be looked up at places that depend on the key.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |register, byte| {
        (0..8).fold(register ^ u32::from(*byte), |register, _| {
            (register >> 1) ^ (0xEDB8_8320 & (register & 1).wrapping_neg())
        })
    })
}

/// Bytes of a key.
pub(super) const MATERIAL: usize = 32;

const PREFIX: &str = "hbk1.";
/// Prefix, id, dot, material, dot, checksum, and the line end of a file.
const TEXT: usize = 5 + 8 + 1 + encoding::base64url_length(MATERIAL) + 1 + 8 + 1;
const NOT_A_KEY: Error = Error::Keyring("not a key: its text is hbk1.<id>.<key>.<checksum>");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_one_of_zip() {
        // The check value of the catalogue of CRC algorithms, and Python's zlib.crc32(b"").
        assert_eq!(0xCBF4_3926, crc32(b"123456789"));
        assert_eq!(0, crc32(b""));
    }

    #[test]
    fn a_key_is_its_text() {
        let key = Key::generate().unwrap();
        let text = key.to_text();
        let again = Key::from_text(text.as_bytes()).unwrap();

        assert_eq!(key.id(), again.id());
        assert!(key.same_material(&again));
        assert_eq!(TEXT - 1, text.len());
    }

    #[test]
    fn every_altered_character_is_noticed() {
        let text = Key::generate().unwrap().to_text();
        for position in 0..text.len() {
            let mut altered = text.as_bytes().to_vec();
            altered[position] = if altered[position] == b'a' { b'b' } else { b'a' };
            assert!(Key::from_text(&altered).is_err(), "position {position}");
            assert!(Key::from_text(&text.as_bytes()[..position]).is_err(), "length {position}");
        }
    }

    #[test]
    fn an_id_has_one_spelling_and_is_not_zero() {
        assert_eq!("0000abcd", "0000abcd".parse::<KeyId>().unwrap().to_string());
        for text in ["", "abcd", "0000ABCD", "00000000", "0000abcd0", " 000abcd"] {
            assert!(text.parse::<KeyId>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn debug_shows_no_material() {
        let key = Key::generate().unwrap();
        assert!(format!("{key:?}").ends_with("material: [REDACTED] }"));
    }
}
