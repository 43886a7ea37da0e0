//! Strict base64url and hexadecimal text.
//!
//! Strict means that each byte string has exactly one text: no padding, no white space, no other
//! alphabet, and unused bits are zero (RFC 4648, sections 3.5 and 5). Text that decodes in two
//! ways is how a signed token gets a second spelling.

use base64_simd::{STANDARD, URL_SAFE_NO_PAD};

use crate::{Error, Result};

/// Appends the base64url text of `bytes`, without padding, to `text`.
pub fn base64url_append(bytes: &[u8], text: &mut String) {
    URL_SAFE_NO_PAD.encode_append(bytes, text);
}

/// As [`base64url_append`], to text that is in bytes.
pub fn base64url_append_bytes(bytes: &[u8], text: &mut Vec<u8>) {
    URL_SAFE_NO_PAD.encode_append(bytes, text);
}

/// The base64url text of `bytes`, without padding.
#[must_use]
pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode_to_string(bytes)
}

/// The bytes behind a base64url text.
///
/// # Errors
///
/// [`Error::InvalidInput`] if the text has padding, a character outside the URL-safe alphabet, an
/// impossible length, or unused bits that are not zero.
pub fn base64url_decode(text: &[u8]) -> Result<Vec<u8>> {
    URL_SAFE_NO_PAD
        .decode_to_vec(text)
        .map_err(|_| Error::InvalidInput("not base64url without padding"))
}

/// As [`base64url_decode`], appended to `bytes`.
///
/// # Errors
///
/// As for [`base64url_decode`].
pub fn base64url_decode_append(text: &[u8], bytes: &mut Vec<u8>) -> Result<()> {
    URL_SAFE_NO_PAD
        .decode_append(text, bytes)
        .map_err(|_| Error::InvalidInput("not base64url without padding"))
}

/// Appends the base64 text of `bytes` in the standard alphabet, with padding, to `text`.
pub fn base64_append(bytes: &[u8], text: &mut String) {
    STANDARD.encode_append(bytes, text);
}

/// The bytes behind a base64 text in the standard alphabet, with padding.
///
/// # Errors
///
/// [`Error::InvalidInput`] if it is none.
pub fn base64_decode(text: &[u8]) -> Result<Vec<u8>> {
    STANDARD.decode_to_vec(text).map_err(|_| Error::InvalidInput("not base64 with padding"))
}

/// The length of the base64url text of `length` bytes.
#[must_use]
pub const fn base64url_length(length: usize) -> usize {
    URL_SAFE_NO_PAD.encoded_length(length)
}

/// The lower-case hexadecimal text of `bytes`.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    text.extend(bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(digit).map(char::from));
    text
}

/// Writes the lower-case hexadecimal text of `bytes` into `text`, as far as there is room.
pub fn hex_into(bytes: &[u8], text: &mut [u8]) {
    for (pair, byte) in text.as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
        *pair = [digit(byte >> 4), digit(byte & 15)];
    }
}

fn digit(nibble: u8) -> u8 {
    if nibble < 10 { b'0' + nibble } else { b'a' - 10 + nibble }
}

/// The bytes behind a lower-case hexadecimal text.
///
/// # Errors
///
/// [`Error::InvalidInput`] if the length is odd or a character is not one of `0-9a-f`.
pub fn hex_decode(text: &[u8]) -> Result<Vec<u8>> {
    let (pairs, rest) = text.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(NOT_HEX);
    }
    pairs.iter().map(|[high, low]| Ok(nibble(*high)? << 4 | nibble(*low)?)).collect()
}

/// As [`hex_decode`], for `N` bytes.
///
/// # Errors
///
/// As for [`hex_decode`]; also if it is the text of more or fewer bytes.
pub fn hex_decode_array<const N: usize>(text: &[u8]) -> Result<[u8; N]> {
    let (pairs, rest) = text.as_chunks::<2>();
    if pairs.len() != N || !rest.is_empty() {
        return Err(NOT_HEX);
    }
    let mut bytes = [0; N];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = nibble(*high)? << 4 | nibble(*low)?;
    }
    Ok(bytes)
}

fn nibble(digit: u8) -> Result<u8> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(NOT_HEX),
    }
}

const NOT_HEX: Error = Error::InvalidInput("not lower-case hexadecimal");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// RFC 4648, section 10, and the two characters that differ in the URL-safe alphabet.
    #[test]
    fn base64url_of_the_standard() {
        for (bytes, text) in [
            (&b""[..], ""),
            (b"f", "Zg"),
            (b"fo", "Zm8"),
            (b"foo", "Zm9v"),
            (b"foob", "Zm9vYg"),
            (b"fooba", "Zm9vYmE"),
            (b"foobar", "Zm9vYmFy"),
            (b"\xFB\xFF", "-_8"),
        ] {
            assert_eq!(text, base64url(bytes));
            assert_eq!(bytes, base64url_decode(text.as_bytes()).unwrap());
            assert_eq!(text.len(), base64url_length(bytes.len()));
        }
    }

    #[test]
    fn base64url_has_one_spelling() {
        for text in ["Zg==", "Zg=", "Zh", "Zm9", "Z", "Zm9v\n", " Zm9v", "+/8", "Zm 9", "é"] {
            assert!(base64url_decode(text.as_bytes()).is_err(), "{text:?}");
        }
    }

    #[test]
    fn hex_has_one_spelling() {
        assert_eq!("00ff7a", hex(&[0, 255, 0x7A]));
        for text in ["0", "FF", "0x", " 0", "gg"] {
            assert!(hex_decode(text.as_bytes()).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(bytes: Vec<u8>) {
            prop_assert_eq!(&bytes, &base64url_decode(base64url(&bytes).as_bytes()).unwrap());
            prop_assert_eq!(&bytes, &hex_decode(hex(&bytes).as_bytes()).unwrap());
        }

        /// Whatever is accepted is the one text of its bytes.
        #[test]
        fn what_is_read_is_written_the_same(text in "[A-Za-z0-9_=+/-]{0,20}") {
            if let Ok(bytes) = base64url_decode(text.as_bytes()) {
                prop_assert_eq!(text, base64url(&bytes));
            }
        }
    }
}
