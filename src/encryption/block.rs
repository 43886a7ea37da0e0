//! AES-256 on single blocks.

use core::fmt;

use aes::Aes256;
use aes::cipher::{Array, BlockCipherEncrypt, KeyInit};
use zeroize::Zeroize;

use super::gcm::{BlockKey, Processor};

/// An expanded key.
///
/// Boxed both ways: it is wiped where it lies, not where it was moved from. And a variant that is
/// smaller than the other would be moved with what happened to lie beside it on the stack.
pub(super) enum Aes {
    /// The `aes` crate, which runs anywhere.
    Portable(Box<Aes256>),
    /// The instructions of x86-64. The crate has them as well, and on processors with AVX-512
    /// spreads the round keys over their wide registers anew for each call.
    X86(Box<BlockKey>),
}

impl Aes {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        match Processor::detect() {
            Some(processor) => Self::X86(BlockKey::new(processor, key)),
            None => Self::portable(key),
        }
    }

    fn portable(key: &[u8; 32]) -> Self {
        Self::Portable(Box::new(Aes256::new(key.into())))
    }

    /// Encrypts each block.
    #[inline]
    pub(super) fn encrypt<const N: usize>(&self, blocks: &mut [[u8; 16]; N]) {
        match self {
            Self::Portable(aes) => {
                for block in blocks {
                    let mut encrypted = Array::from(*block);
                    aes.encrypt_block(&mut encrypted);
                    *block = encrypted.into();
                    encrypted.as_mut_slice().zeroize();
                }
            }
            Self::X86(key) => key.encrypt(blocks),
        }
    }

    /// Overwrites what a message under a key that this one derived has left on the stack, where
    /// that is no crate's business.
    #[inline]
    pub(super) fn wipe_stack(&self) {
        match self {
            Self::Portable(_) => {}
            Self::X86(key) => key.wipe_stack(),
        }
    }
}

impl fmt::Debug for Aes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// FIPS 197, appendix C.3.
    #[test]
    fn the_example_of_the_standard() {
        let key = core::array::from_fn(|position| position.to_le_bytes()[0]);
        for aes in [Aes::new(&key), Aes::portable(&key)] {
            let mut block = [core::array::from_fn(|position| 0x11 * position.to_le_bytes()[0])];
            aes.encrypt(&mut block);
            let expected = 0x8ea2_b7ca_5167_45bf_eafc_4990_4b49_6089_u128;
            assert_eq!([expected.to_be_bytes()], block);
        }
    }

    proptest! {
        #[test]
        fn both_ways_agree(key: [u8; 32], blocks: [[u8; 16]; 5]) {
            let (mut one, mut other) = (blocks, blocks);
            Aes::new(&key).encrypt(&mut one);
            Aes::portable(&key).encrypt(&mut other);
            prop_assert_eq!(one, other);
        }
    }
}
