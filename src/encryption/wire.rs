//! How a ciphertext is written, in bytes and in text.
//!
//! ```text
//! bytes   01 | key id, 4 bytes big-endian | nonce, 24 | ciphertext | tag, 16      (Tink's)
//! text    hb1.<key id, 8 hexadecimal digits>.<base64url of nonce | ciphertext | tag>
//! ```
//!
//! The key id stands in the text so that SQL can count the rows under a key. What begins like
//! ours and is not well-formed is an altered ciphertext, never a plaintext; formats of other
//! versions are refused by name.

use super::key::KeyId;
use super::xaes::{NONCE, TAG};
use crate::{Error, Result, encoding};

/// A ciphertext taken apart: nothing about it has been verified.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts<'a> {
    pub(super) nonce: &'a [u8; NONCE],
    pub(super) ciphertext: &'a [u8],
    pub(super) tag: &'a [u8; TAG],
}

impl<'a> Parts<'a> {
    /// What follows the key id: nonce, ciphertext, tag.
    pub(super) fn of_body(body: &'a [u8]) -> Result<Self> {
        let (nonce, rest) = body.split_first_chunk().ok_or(Error::Decryption)?;
        let (ciphertext, tag) = rest.split_last_chunk().ok_or(Error::Decryption)?;
        Ok(Self { nonce, ciphertext, tag })
    }
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

/// Splits the text form into the number of its key and the base64url text of its body.
pub(super) fn split_text(sealed: &str) -> Result<(u32, &[u8])> {
    let Some(rest) = sealed.strip_prefix(TEXT_PREFIX) else {
        return Err(match sealed {
            text if text.starts_with(DETERMINISTIC_PREFIX) => DETERMINISTIC,
            text if RESERVED_PREFIXES.iter().any(|prefix| text.starts_with(prefix)) => RESERVED,
            _ => Error::NotEncrypted,
        });
    };
    let (id, body) = rest.as_bytes().split_at_checked(KeyId::TEXT).ok_or(Error::Decryption)?;
    let id = encoding::hex_decode(id).map_err(|_| Error::Decryption)?;
    let id = <[u8; 4]>::try_from(id).map_err(|_| Error::Decryption)?;
    Ok((u32::from_be_bytes(id), body.strip_prefix(b".").ok_or(Error::Decryption)?))
}

/// What stands before the body in the bytes form.
pub(super) fn bytes_header(id: KeyId) -> [u8; HEADER] {
    let [a, b, c, d] = id.number().to_be_bytes();
    [VERSION, a, b, c, d]
}

/// What stands before the body in the text form.
pub(super) fn text_header(id: KeyId) -> String {
    format!("{TEXT_PREFIX}{id}.")
}

/// The id of the key that sealed a ciphertext in bytes.
///
/// # Errors
///
/// [`Error::NotEncrypted`] if it is none, [`Error::UnsupportedFormat`] if it is of another format,
/// [`Error::Decryption`] if it is too short.
pub fn key_id_of_bytes(sealed: &[u8]) -> Result<KeyId> {
    let (id, body) = split_bytes(sealed)?;
    Parts::of_body(body)?;
    KeyId::new(id).ok_or(Error::Decryption)
}

/// The id of the key that sealed a ciphertext in text.
///
/// # Errors
///
/// As for [`key_id_of_bytes`].
pub fn key_id_of_text(sealed: &str) -> Result<KeyId> {
    let (id, body) = split_text(sealed)?;
    if body.len() < encoding::base64url_length(BODY) {
        return Err(Error::Decryption);
    }
    KeyId::new(id).ok_or(Error::Decryption)
}

/// Whether bytes look like a ciphertext of this library, of any format. Whether they open is
/// another question, and plain bytes may look like one by chance.
#[must_use]
pub fn is_encrypted_bytes(value: &[u8]) -> bool {
    match key_id_of_bytes(value) {
        Ok(_) => true,
        Err(error) => error == RESERVED && value.len() >= ciphertext_length(0),
    }
}

/// Whether text looks like a ciphertext of this library, of any format.
#[must_use]
pub fn is_encrypted_text(value: &str) -> bool {
    match key_id_of_text(value) {
        Ok(_) => true,
        Err(error) => matches!(error, Error::UnsupportedFormat(_)),
    }
}

/// The length in bytes of the ciphertext of `length` bytes.
#[must_use]
pub const fn ciphertext_length(length: usize) -> usize {
    length.saturating_add(HEADER + BODY)
}

/// The length in characters of the text form of the ciphertext of `length` bytes.
#[must_use]
pub const fn text_length(length: usize) -> usize {
    TEXT_HEADER.saturating_add(encoding::base64url_length(length.saturating_add(BODY)))
}

/// Bytes before the body in the bytes form: version and key id.
pub(super) const HEADER: usize = 5;
/// Characters before the body in the text form: prefix, key id, dot.
const TEXT_HEADER: usize = TEXT_PREFIX.len() + KeyId::TEXT + 1;
/// Bytes of the body besides the ciphertext proper.
pub(super) const BODY: usize = NONCE + TAG;

const VERSION: u8 = 1;
const COMMITTING: u8 = 2;
const TEXT_PREFIX: &str = "hb1.";
const DETERMINISTIC_PREFIX: &str = "hd1.";
const RESERVED_PREFIXES: [&str; 3] = ["hc1.", "hp1.", "hcp1."];

const RESERVED: Error =
    Error::UnsupportedFormat("the ciphertext is of a format that this version does not read");
const DETERMINISTIC: Error =
    Error::UnsupportedFormat("the ciphertext is deterministic: another kind of cipher opens it");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_formats_are_refused_by_name() {
        for text in ["hc1.7014e411.AAAA", "hp1.", "hcp1.x"] {
            assert_eq!(Err(RESERVED), key_id_of_text(text), "{text}");
            assert!(is_encrypted_text(text), "{text}");
        }
        assert_eq!(Err(DETERMINISTIC), key_id_of_text("hd1.7014e411.AAAA"));
        assert_eq!(Err(RESERVED), key_id_of_bytes(&[2; 60]));
        assert!(is_encrypted_bytes(&[2; 60]));
    }

    #[test]
    fn plain_values_are_not_encrypted() {
        for text in ["", "hb", "hb1", "HB1.7014e411.", "hello", "hb2.7014e411.AA", " hb1."] {
            assert_eq!(Err(Error::NotEncrypted), key_id_of_text(text), "{text}");
            assert!(!is_encrypted_text(text), "{text}");
        }
        assert_eq!(Err(Error::NotEncrypted), key_id_of_bytes(b""));
        assert_eq!(Err(Error::NotEncrypted), key_id_of_bytes(b"hello"));
        assert!(!is_encrypted_bytes(&[1; 44]));
        assert!(is_encrypted_bytes(&[1; 45]));
    }

    #[test]
    fn what_begins_like_ours_is_never_plaintext() {
        for text in ["hb1.", "hb1.7014E411.AAAA", "hb1.7014e411", "hb1.7014e411.AAAA", "hb1.é"] {
            assert_eq!(Err(Error::Decryption), key_id_of_text(text), "{text}");
        }
    }

    #[test]
    fn lengths_are_those_of_the_formats() {
        assert_eq!(45, ciphertext_length(0));
        assert_eq!(13 + 80, text_length(20));
        assert_eq!(usize::MAX, ciphertext_length(usize::MAX));
    }
}
