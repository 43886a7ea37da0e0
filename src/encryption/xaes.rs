//! XAES-256-GCM (<https://c2sp.org/XAES-256-GCM>): AES-256-GCM with nonces of 24 bytes.
//!
//! Half of the nonce derives a key of its own for each message, the other half is its nonce. 24
//! random bytes may be drawn for 2^80 messages under one key; with the 12 of plain GCM one would
//! have to count to 2^32 (NIST SP 800-38D, section 8.3).

use core::fmt;

use aes::Aes256;
use aes::cipher::{Array, BlockCipherEncrypt, KeyInit};
use aes_gcm::Aes256Gcm;
use aes_gcm::aead::AeadInOut;
use aes_gcm::aead::inout::InOutBuf;
use zeroize::{Zeroize, Zeroizing};

use crate::{Error, Result};

/// The expanded key. Box it: it is wiped where it lies, not where it was moved from.
pub struct Xaes {
    aes: Aes256,
    /// CMAC's first sub-key (NIST SP 800-38B, section 6.1).
    k1: Zeroizing<u128>,
}

impl Xaes {
    pub(super) fn new(key: &[u8; KEY]) -> Self {
        let aes = Aes256::new(key.into());
        let mut block = Array::from([0; BLOCK]);
        aes.encrypt_block(&mut block);
        let l = u128::from_be_bytes(block.into());
        block.as_mut_slice().zeroize();
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
        let buffer = InOutBuf::new(plaintext, ciphertext).map_err(|_| TOO_LONG)?;
        let (gcm, nonce) = self.message_cipher(nonce);
        gcm.encrypt_inout_detached((&nonce).into(), associated_data, buffer)
            .map(Into::into)
            .map_err(|_| TOO_LONG)
    }

    /// Checks the tag and only then decrypts `buffer`'s input into its output.
    pub(super) fn open(
        &self,
        nonce: &[u8; NONCE],
        associated_data: &[u8],
        buffer: InOutBuf<'_, '_, u8>,
        tag: &[u8; TAG],
    ) -> Result<()> {
        let (gcm, nonce) = self.message_cipher(nonce);
        gcm.decrypt_inout_detached((&nonce).into(), associated_data, buffer, tag.into())
            .map_err(|_| Error::Decryption)
    }

    /// The cipher for one message, and the half of the nonce that is its own.
    fn message_cipher(&self, nonce: &[u8; NONCE]) -> (Aes256Gcm, [u8; GCM_NONCE]) {
        let (front, back) = nonce.split_at(NONCE - GCM_NONCE);
        // A counter of 16 bits, the label "X", a zero byte, half a nonce (NIST SP 800-108r1,
        // section 4.1); CMAC of one whole block is that block and K1, encrypted.
        let mut message = [0, 0, b'X', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        message.split_at_mut(4).1.copy_from_slice(front);
        let message = u128::from_be_bytes(message) ^ *self.k1;
        let mut blocks = [1, 2].map(|counter| (message ^ (counter << 112)).to_be_bytes().into());
        self.aes.encrypt_blocks(&mut blocks);

        let mut key = Zeroizing::new([0; KEY]);
        for (half, block) in key.as_chunks_mut::<BLOCK>().0.iter_mut().zip(&mut blocks) {
            half.copy_from_slice(block);
            block.as_mut_slice().zeroize();
        }
        let mut rest = [0; GCM_NONCE];
        rest.copy_from_slice(back);
        (Aes256Gcm::new((&*key).into()), rest)
    }
}

impl fmt::Debug for Xaes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

pub(super) const KEY: usize = 32;
pub(super) const NONCE: usize = 24;
pub(super) const TAG: usize = 16;

const BLOCK: usize = 16;
const GCM_NONCE: usize = 12;

const TOO_LONG: Error = Error::InvalidInput("a message is at most 64 GiB long");

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

            cipher.open(nonce, associated_data, sealed.as_mut_slice().into(), &tag).unwrap();
            assert_eq!(b"XAES-256-GCM", &sealed);
        }
    }

    #[test]
    fn nothing_is_written_when_the_tag_is_wrong() {
        let cipher = Xaes::new(&[1; KEY]);
        let mut plaintext = [0; 5];
        let buffer = InOutBuf::new(b"abcde", &mut plaintext).unwrap();

        assert_eq!(Err(Error::Decryption), cipher.open(&[0; NONCE], b"", buffer, &[0; TAG]));
        assert_eq!([0; 5], plaintext);
    }
}
