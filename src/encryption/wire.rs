//! How a ciphertext is written, in bytes and in text.
//!
//! ```text
//! bytes   01 | key id, 4 bytes big-endian | nonce, 24 | ciphertext | tag, 16      (Tink's)
//! text    hb1.<key id, 8 hexadecimal digits>.<base64url of nonce | ciphertext | tag>
//! ```
//!
//! Deterministic ciphertexts, of AES-SIV, have `hd1.` and a synthetic IV of 16 bytes in place of
//! nonce and tag.
//!
//! The key id stands in the text so that SQL can count the rows under a key. What begins like
//! ours and is not well-formed is an altered ciphertext, never a plaintext; formats of other
//! versions are refused by name.

use super::key::KeyId;
use super::siv::SIV;
use super::xaes::{NONCE, TAG};
use crate::{Error, Result, encoding};

/// How the ciphertexts of an algorithm are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    prefix: &'static str,
    /// Bytes in front of the ciphertext proper.
    pub(super) before: usize,
    /// Bytes behind it.
    pub(super) after: usize,
}

/// XAES-256-GCM: nonce, ciphertext, tag.
pub(super) const RANDOM: Format = Format { prefix: "hb1.", before: NONCE, after: TAG };
/// AES-SIV: synthetic IV, ciphertext.
pub(super) const DETERMINISTIC: Format = Format { prefix: "hd1.", before: SIV, after: 0 };

impl Format {
    /// The length in bytes of the ciphertext of `length` bytes.
    #[must_use]
    pub const fn ciphertext_length(self, length: usize) -> usize {
        length.saturating_add(HEADER + self.overhead())
    }

    /// The length in characters of the text form of the ciphertext of `length` bytes.
    #[must_use]
    pub const fn text_length(self, length: usize) -> usize {
        let body = encoding::base64url_length(length.saturating_add(self.overhead()));
        body.saturating_add(self.prefix.len() + KeyId::TEXT + 1)
    }

    /// Bytes of the body besides the ciphertext proper.
    pub(super) const fn overhead(self) -> usize {
        self.before + self.after
    }

    /// The id of the key that sealed a ciphertext in bytes.
    ///
    /// # Errors
    ///
    /// [`Error::NotEncrypted`] if it is none, [`Error::UnsupportedFormat`] if it is of another
    /// format, [`Error::Decryption`] if it is too short.
    pub fn key_id_of_bytes(self, sealed: &[u8]) -> Result<KeyId> {
        let (id, body) = split_bytes(sealed)?;
        if body.len() < self.overhead() {
            return Err(Error::Decryption);
        }
        KeyId::new(id).ok_or(Error::Decryption)
    }

    /// The id of the key that sealed a ciphertext in text.
    ///
    /// # Errors
    ///
    /// As for [`Format::key_id_of_bytes`].
    pub fn key_id_of_text(self, sealed: &str) -> Result<KeyId> {
        let (id, body) = self.split_text(sealed)?;
        if body.len() < encoding::base64url_length(self.overhead()) {
            return Err(Error::Decryption);
        }
        KeyId::new(id).ok_or(Error::Decryption)
    }

    /// Whether bytes look like a ciphertext of this library. Whether they open is another
    /// question, and plain bytes may look like one by chance.
    #[must_use]
    pub fn is_encrypted_bytes(self, value: &[u8]) -> bool {
        match self.key_id_of_bytes(value) {
            Ok(_) => true,
            Err(error) => error == RESERVED && value.len() >= self.ciphertext_length(0),
        }
    }

    /// Splits the text form into the number of its key and the base64url text of its body.
    pub(super) fn split_text(self, sealed: &str) -> Result<(u32, &[u8])> {
        let Some(rest) = sealed.strip_prefix(self.prefix) else {
            return Err(match sealed {
                text if text.starts_with(DETERMINISTIC.prefix) => IS_DETERMINISTIC,
                text if text.starts_with(RANDOM.prefix) => IS_RANDOM,
                text if is_encrypted_text(text) => RESERVED,
                _ => Error::NotEncrypted,
            });
        };
        let (id, body) = rest.as_bytes().split_at_checked(KeyId::TEXT).ok_or(Error::Decryption)?;
        let id = encoding::hex_decode_array(id).map_err(|_| Error::Decryption)?;
        Ok((u32::from_be_bytes(id), body.strip_prefix(b".").ok_or(Error::Decryption)?))
    }

    /// What stands before the body in the text form.
    pub(super) fn text_header(self, id: KeyId) -> String {
        format!("{}{id}.", self.prefix)
    }
}

/// Whether text begins like a ciphertext of this library, of any format. Whether it opens is
/// another question; that it is no plaintext is certain unless somebody typed the prefix.
#[must_use]
pub fn is_encrypted_text(value: &str) -> bool {
    let prefixes = [RANDOM.prefix, DETERMINISTIC.prefix].into_iter().chain(RESERVED_PREFIXES);
    prefixes.into_iter().any(|prefix| value.starts_with(prefix))
}

/// Splits the bytes form into the number of its key and its body.
pub(super) fn split_bytes(sealed: &[u8]) -> Result<(u32, &[u8])> {
    match sealed.split_first() {
        Some((&VERSION, rest)) => {
            let (id, body) = rest.split_first_chunk().ok_or(Error::Decryption)?;
            Ok((u32::from_be_bytes(*id), body))
        }
        Some((&COMMITTING, _)) => Err(RESERVED),
        _ => Err(Error::NotEncrypted),
    }
}

/// What stands before the body in the bytes form.
pub(super) fn bytes_header(id: KeyId) -> [u8; HEADER] {
    let [a, b, c, d] = id.number().to_be_bytes();
    [VERSION, a, b, c, d]
}

/// Bytes before the body in the bytes form: version and key id.
pub(super) const HEADER: usize = 5;

const VERSION: u8 = 1;
const COMMITTING: u8 = 2;
const RESERVED_PREFIXES: [&str; 3] = ["hc1.", "hp1.", "hcp1."];

const RESERVED: Error =
    Error::UnsupportedFormat("the ciphertext is of a format that this version does not read");
const IS_DETERMINISTIC: Error =
    Error::UnsupportedFormat("the ciphertext is deterministic: another kind of cipher opens it");
const IS_RANDOM: Error = Error::UnsupportedFormat(
    "the ciphertext is not deterministic: another kind of cipher opens it",
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_formats_are_refused_by_name() {
        for text in ["hc1.7014e411.AAAA", "hp1.", "hcp1.x"] {
            assert_eq!(Err(RESERVED), RANDOM.key_id_of_text(text), "{text}");
            assert!(is_encrypted_text(text), "{text}");
        }
        assert_eq!(Err(IS_DETERMINISTIC), RANDOM.key_id_of_text("hd1.7014e411.AAAA"));
        assert_eq!(Err(RESERVED), RANDOM.key_id_of_bytes(&[2; 60]));
        assert!(RANDOM.is_encrypted_bytes(&[2; 60]));
    }

    #[test]
    fn plain_values_are_not_encrypted() {
        for text in ["", "hb", "hb1", "HB1.7014e411.", "hello", "hb2.7014e411.AA", " hb1."] {
            assert_eq!(Err(Error::NotEncrypted), RANDOM.key_id_of_text(text), "{text}");
            assert!(!is_encrypted_text(text), "{text}");
        }
        assert_eq!(Err(Error::NotEncrypted), RANDOM.key_id_of_bytes(b""));
        assert_eq!(Err(Error::NotEncrypted), RANDOM.key_id_of_bytes(b"hello"));
        assert!(!RANDOM.is_encrypted_bytes(&[1; 44]));
        assert!(RANDOM.is_encrypted_bytes(&[1; 45]));
    }

    #[test]
    fn what_begins_like_ours_is_never_plaintext() {
        for text in ["hb1.", "hb1.7014E411.AAAA", "hb1.7014e411", "hb1.7014e411.AAAA", "hb1.é"] {
            assert_eq!(Err(Error::Decryption), RANDOM.key_id_of_text(text), "{text}");
        }
    }

    #[test]
    fn lengths_are_those_of_the_formats() {
        assert_eq!(45, RANDOM.ciphertext_length(0));
        assert_eq!(13 + 80, RANDOM.text_length(20));
        assert_eq!(usize::MAX, RANDOM.ciphertext_length(usize::MAX));
    }
}
