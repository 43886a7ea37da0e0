//! XAES-256-GCM (<https://c2sp.org/XAES-256-GCM>): AES-256-GCM with nonces of 24 bytes.
//!
//! Half of the nonce derives a key of its own for each message, the other half is its nonce. 24
//! random bytes may be drawn for 2^80 messages under one key; with the 12 of plain GCM one would
//! have to count to 2^32 (NIST SP 800-38D, section 8.3).

use core::fmt;

use zeroize::Zeroizing;

use super::block::Aes;
use super::gcm::{self, Prepared};
use crate::Result;

/// The expanded key. Box it: it is wiped where it lies, not where it was moved from.
pub struct Xaes {
    aes: Aes,
    /// CMAC's first sub-key (NIST SP 800-38B, section 6.1).
    k1: Zeroizing<u128>,
}

impl Xaes {
    pub(super) fn new(key: &[u8; KEY]) -> Self {
        let aes = Aes::new(key);
        let mut block = Zeroizing::new([[0; BLOCK]]);
        aes.encrypt(&mut block);
        let [l] = *block;
        let l = u128::from_be_bytes(l);
        // Doubling in GF(2^128), without a branch on the secret.
        let carry = (l >> 127).wrapping_neg() & 0b1000_0111;
        Self { aes, k1: Zeroizing::new((l << 1) ^ carry) }
    }

    /// Encrypts `plaintext` into `ciphertext`, which is as long, and returns the tag.
    pub(super) fn seal(
        &self,
        nonce: &[u8; NONCE],
        associated_data: &[u8],
        plaintext: &[u8],
        ciphertext: &mut [u8],
    ) -> Result<[u8; TAG]> {
        self.under_message_key(nonce, plaintext.len(), |key, nonce| {
            gcm::seal(key, nonce, associated_data, plaintext, ciphertext)
        })
    }

    /// Checks the tag and decrypts `ciphertext` into `plaintext`, which is as long and in which
    /// nothing is left if the tag is wrong.
    pub(super) fn open(
        &self,
        nonce: &[u8; NONCE],
        associated_data: &[u8],
        ciphertext: &[u8],
        tag: &[u8; TAG],
        plaintext: &mut [u8],
    ) -> Result<()> {
        self.under_message_key(nonce, ciphertext.len(), |key, nonce| {
            gcm::open(key, nonce, associated_data, ciphertext, tag, plaintext)
        })
    }

    /// Checks the tag and decrypts `buffer` where it lies; no plaintext is left if it is wrong.
    pub(super) fn open_in_place(
        &self,
        nonce: &[u8; NONCE],
        associated_data: &[u8],
        buffer: &mut [u8],
        tag: &[u8; TAG],
    ) -> Result<()> {
        self.under_message_key(nonce, buffer.len(), |key, nonce| {
            gcm::open_in_place(key, nonce, associated_data, buffer, tag)
        })
    }

    /// What several messages whose nonces begin alike have in common.
    pub(super) fn prepare(&self, prefix: &[u8; PREFIX]) -> Prepared {
        let mut key = Box::new(Zeroizing::new([0; KEY]));
        self.message_key(prefix, &mut key);
        Prepared::new(key)
    }

    /// What `body` makes of the key of a message of `length` bytes and the half of the nonce that
    /// is left, after which nothing of the key is.
    #[inline]
    fn under_message_key<T>(
        &self,
        nonce: &[u8; NONCE],
        length: usize,
        body: impl FnOnce(&[u8; KEY], &[u8; gcm::NONCE]) -> T,
    ) -> T {
        // In a frame of its own, which `wipe_stack` then writes over.
        #[inline(never)]
        fn apart<T>(body: impl FnOnce() -> T) -> T {
            body()
        }
        let (prefix, rest) = halves(nonce);
        let result = apart(|| {
            let mut key = Zeroizing::new([0; KEY]);
            self.message_key(&prefix, &mut key);
            body(&key, &rest)
        });
        gcm::wipe_stack(length);
        self.aes.wipe_stack();
        result
    }

    /// The key of the messages whose nonces begin with `prefix`.
    fn message_key(&self, prefix: &[u8; PREFIX], key: &mut [u8; KEY]) {
        // A counter of 16 bits, the label "X", a zero byte, half a nonce (NIST SP 800-108r1,
        // section 4.1); CMAC of one whole block is that block and K1, encrypted.
        let mut message = [0, 0, b'X', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        message.split_at_mut(BLOCK - PREFIX).1.copy_from_slice(prefix);
        let message = u128::from_be_bytes(message) ^ *self.k1;
        let (blocks, _) = key.as_chunks_mut::<BLOCK>();
        for (block, counter) in blocks.iter_mut().zip(1_u128..) {
            *block = (message ^ (counter << 112)).to_be_bytes();
        }
        if let Some((blocks, _)) = blocks.split_first_chunk_mut::<2>() {
            self.aes.encrypt(blocks);
        }
    }
}

/// The half of a nonce that derives a key, and the half that is the message's own.
pub(super) fn halves(nonce: &[u8; NONCE]) -> ([u8; PREFIX], [u8; gcm::NONCE]) {
    let (mut prefix, mut rest) = ([0; PREFIX], [0; gcm::NONCE]);
    let (front, back) = nonce.split_at(PREFIX);
    prefix.copy_from_slice(front);
    rest.copy_from_slice(back);
    (prefix, rest)
}

impl fmt::Debug for Xaes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

pub(super) const KEY: usize = 32;
pub(super) const NONCE: usize = 24;
pub(super) const TAG: usize = gcm::TAG;
/// Bytes of a nonce that derive a message's key.
pub(super) const PREFIX: usize = NONCE - gcm::NONCE;

const BLOCK: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::hex;

    /// The two vectors of the standard; between them, both values of the carry.
    #[test]
    fn vectors_of_the_standard() {
        for (byte, k1, associated_data, expected) in [
            (
                1,
                "e531954aca063d5b8d9c47a47d4cc6f0",
                &b""[..],
                "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271",
            ),
            (
                3,
                "23810ec50edb99f374409466ed1f4b7b",
                b"c2sp.org/XAES-256-GCM",
                "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d",
            ),
        ] {
            let cipher = Xaes::new(&[byte; KEY]);
            let nonce = b"ABCDEFGHIJKLMNOPQRSTUVWX";
            let mut sealed = [0; 12];
            let tag = cipher.seal(nonce, associated_data, b"XAES-256-GCM", &mut sealed).unwrap();
            assert_eq!(k1, hex(&cipher.k1.to_be_bytes()));
            assert_eq!(expected, hex(&[&sealed[..], &tag].concat()));

            cipher.open_in_place(nonce, associated_data, &mut sealed, &tag).unwrap();
            assert_eq!(b"XAES-256-GCM", &sealed);
        }
    }

    #[test]
    fn a_prepared_prefix_is_the_same_cipher() {
        let cipher = Xaes::new(&[1; KEY]);
        let nonce = b"ABCDEFGHIJKLMNOPQRSTUVWX";
        let (prefix, rest) = halves(nonce);
        let (mut one, mut other) = ([0; 5], [0; 5]);
        let tag = cipher.seal(nonce, b"row", b"abcde", &mut one).unwrap();
        let mut prepared = cipher.prepare(&prefix);
        assert_eq!(tag, prepared.seal(&rest, b"row", b"abcde", &mut other).unwrap());
        assert_eq!(one, other);
        prepared.open(&rest, b"row", &one, &tag, &mut other).unwrap();
        assert_eq!(b"abcde", &other);
    }

    #[test]
    fn nothing_is_written_when_the_tag_is_wrong() {
        let cipher = Xaes::new(&[1; KEY]);
        let mut plaintext = [0; 5];
        let result = cipher.open(&[0; NONCE], b"", b"abcde", &[0; TAG], &mut plaintext);
        assert_eq!(Err(crate::Error::Decryption), result);
        assert_eq!([0; 5], plaintext);
    }
}
