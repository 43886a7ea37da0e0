//! AES-256-GCM (NIST SP 800-38D) under the key of one message, by whichever is quickest.
//!
//! A field's value is short, and a key is good for one: on x86-64 the code in [`x86`] makes a key
//! ready in less time than any library, on other processors the `aes-gcm` crate does ([`portable`]).
//! Long messages go to aws-lc ([`long`]), which takes longer to set up and has assembly for each
//! processor. All give the same bytes, and tests compare them at every length around the one where
//! they change places.

mod long;
mod portable;
#[cfg(test)]
mod tests;
#[cfg(target_arch = "x86_64")]
mod x86;
#[cfg(not(target_arch = "x86_64"))]
#[path = "no_x86.rs"]
mod x86;

use core::fmt;
use core::hint::black_box;

use aes_gcm::Aes256Gcm;
use aws_lc_rs::aead::LessSafeKey;
use zeroize::Zeroizing;

use self::x86::MessageKey;
pub(super) use self::x86::{BlockKey, Processor};
use crate::{Error, Result, secret};

/// Encrypts `plaintext` into `ciphertext`, which is as long, and returns the tag.
#[inline]
pub(super) fn seal(
    key: &[u8; KEY],
    nonce: &[u8; NONCE],
    associated_data: &[u8],
    plaintext: &[u8],
    ciphertext: &mut [u8],
) -> Result<[u8; TAG]> {
    match Way::of(plaintext.len()) {
        Way::Long => long::seal(&long::key(key)?, nonce, associated_data, plaintext, ciphertext),
        Way::Portable => {
            portable::seal(&portable::key(key), nonce, associated_data, plaintext, ciphertext)
        }
        Way::X86(processor) => {
            copy(plaintext, ciphertext)?;
            Ok(processor.seal(key, nonce, associated_data, ciphertext))
        }
    }
}

/// Checks the tag and decrypts `ciphertext` into `plaintext`, which is as long and in which
/// nothing is left if the tag is wrong.
#[inline]
pub(super) fn open(
    key: &[u8; KEY],
    nonce: &[u8; NONCE],
    associated_data: &[u8],
    ciphertext: &[u8],
    tag: &[u8; TAG],
    plaintext: &mut [u8],
) -> Result<()> {
    match Way::of(ciphertext.len()) {
        Way::Long => {
            long::open(&long::key(key)?, nonce, associated_data, ciphertext, tag, plaintext)
        }
        Way::Portable => {
            portable::open(&portable::key(key), nonce, associated_data, ciphertext, tag, plaintext)
        }
        Way::X86(processor) if ciphertext.len() == plaintext.len() => {
            let right =
                processor.open(key, nonce, associated_data, Some(ciphertext), tag, plaintext);
            if right { Ok(()) } else { Err(Error::Decryption) }
        }
        Way::X86(_) => Err(Error::Decryption),
    }
}

/// Checks the tag and decrypts `buffer` where it lies; no plaintext is left there if it is wrong.
#[inline]
pub(super) fn open_in_place(
    key: &[u8; KEY],
    nonce: &[u8; NONCE],
    associated_data: &[u8],
    buffer: &mut [u8],
    tag: &[u8; TAG],
) -> Result<()> {
    match Way::of(buffer.len()) {
        Way::Long => long::open_in_place(&long::key(key)?, nonce, associated_data, buffer, tag),
        Way::Portable => {
            portable::open_in_place(&portable::key(key), nonce, associated_data, buffer, tag)
        }
        Way::X86(processor) => {
            let right = processor.open(key, nonce, associated_data, None, tag, buffer);
            if right { Ok(()) } else { Err(Error::Decryption) }
        }
    }
}

/// Overwrites what a message has left below the caller's frame on the stack, as far as it went
/// deeper than what is overwritten after each by who derived its key.
///
/// aws-lc works on a copy of the hash key's powers and does not wipe it: it was found some 4 KiB
/// down after 3000 bytes. Where registers are wide, there are fewer than round keys, and those
/// were found more than 2 KiB down after 1000.
#[inline]
pub(super) fn wipe_stack(length: usize) {
    // Room for what is measured twice, since the compiler decides how deep it goes.
    match length {
        LONG.. => overwrite::<8192>(),
        WIDE.. => overwrite::<4096>(),
        _ => {}
    }
}

#[inline(never)]
fn overwrite<const DEPTH: usize>() {
    // Written once: that somebody may look at it keeps it from being left out. A name of its own
    // keeps it from being a constant, which would lie elsewhere.
    let frames = [0_u8; DEPTH];
    black_box(&frames);
}

/// Who computes a message.
#[derive(Clone, Copy, Debug)]
enum Way {
    Long,
    Portable,
    X86(Processor),
}

impl Way {
    #[inline]
    fn of(length: usize) -> Self {
        if length >= LONG {
            return Self::Long;
        }
        Processor::detect().map_or(Self::Portable, Self::X86)
    }
}

/// A key for several messages, and what is made of it as soon as one needs it.
pub struct Prepared {
    key: Box<Zeroizing<[u8; KEY]>>,
    long: Option<LessSafeKey>,
    portable: Option<Box<Aes256Gcm>>,
    x86: Option<Box<MessageKey>>,
}

impl Prepared {
    pub(super) fn new(key: Box<Zeroizing<[u8; KEY]>>) -> Self {
        Self { key, long: None, portable: None, x86: None }
    }

    /// As [`seal`].
    pub(super) fn seal(
        &mut self,
        nonce: &[u8; NONCE],
        associated_data: &[u8],
        plaintext: &[u8],
        ciphertext: &mut [u8],
    ) -> Result<[u8; TAG]> {
        match Way::of(plaintext.len()) {
            Way::Long => long::seal(self.long()?, nonce, associated_data, plaintext, ciphertext),
            Way::Portable => {
                portable::seal(self.portable(), nonce, associated_data, plaintext, ciphertext)
            }
            Way::X86(processor) => {
                copy(plaintext, ciphertext)?;
                Ok(self.x86(processor).seal(nonce, associated_data, ciphertext))
            }
        }
    }

    /// As [`open`].
    pub(super) fn open(
        &mut self,
        nonce: &[u8; NONCE],
        associated_data: &[u8],
        ciphertext: &[u8],
        tag: &[u8; TAG],
        plaintext: &mut [u8],
    ) -> Result<()> {
        match Way::of(ciphertext.len()) {
            Way::Long => {
                long::open(self.long()?, nonce, associated_data, ciphertext, tag, plaintext)
            }
            Way::Portable => {
                portable::open(self.portable(), nonce, associated_data, ciphertext, tag, plaintext)
            }
            Way::X86(processor) if ciphertext.len() == plaintext.len() => {
                let key = self.x86(processor);
                let right = key.open(nonce, associated_data, ciphertext, tag, plaintext);
                if right { Ok(()) } else { Err(Error::Decryption) }
            }
            Way::X86(_) => Err(Error::Decryption),
        }
    }

    fn long(&mut self) -> Result<&LessSafeKey> {
        if self.long.is_none() {
            self.long = Some(long::key(&self.key)?);
        }
        self.long.as_ref().ok_or(long::NO_KEY)
    }

    fn portable(&mut self) -> &Aes256Gcm {
        let key: &[u8; KEY] = &self.key;
        self.portable.get_or_insert_with(|| Box::new(portable::key(key)))
    }

    fn x86(&mut self, processor: Processor) -> &MessageKey {
        let key: &[u8; KEY] = &self.key;
        self.x86.get_or_insert_with(|| MessageKey::new(processor, key))
    }
}

/// With the last message under a key, what they left on the stack is written over too, on the
/// thread that they went through.
impl Drop for Prepared {
    fn drop(&mut self) {
        secret::wipe_stack();
    }
}

fn copy(plaintext: &[u8], ciphertext: &mut [u8]) -> Result<()> {
    if plaintext.len() != ciphertext.len() {
        return Err(Error::InvalidInput("the buffer is not as long as the result"));
    }
    ciphertext.copy_from_slice(plaintext);
    Ok(())
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
///
/// Measured where it has AVX-512: level with [`x86`] at 1.5 KiB, 267 ns against 292 at 2 KiB.
const LONG: usize = 2048;

/// Bytes from which on [`x86`] uses wide registers at the earliest.
const WIDE: usize = 256;

const TOO_LONG: Error = Error::InvalidInput("a message is at most 64 GiB long");
