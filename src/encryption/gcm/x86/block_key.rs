//! A key that derives the keys of messages.

use core::arch::x86_64::{__m256i, _mm_setzero_si128};
use core::hint::black_box;

use bytemuck::{Zeroable, must_cast};

use super::Processor;
use super::aes::RoundKeys;
use crate::encryption::gcm::KEY;

/// A key for single blocks, expanded.
pub(in crate::encryption) struct BlockKey(RoundKeys);

impl BlockKey {
    /// Boxed: it is wiped where it lies, not where it was moved from.
    pub(in crate::encryption) fn new(_: Processor, key: &[u8; KEY]) -> Box<Self> {
        let mut made = Box::new(Self(RoundKeys::empty()));
        // SAFETY: a `Processor` is made only where the instructions have been asked for.
        unsafe { made.0.expand(key, &mut []) };
        made
    }

    /// Encrypts blocks side by side.
    #[inline]
    pub(in crate::encryption) fn encrypt<const N: usize>(&self, blocks: &mut [[u8; 16]; N]) {
        #[target_feature(enable = "aes,avx")]
        fn encrypt<const N: usize>(round_keys: &RoundKeys, blocks: &mut [[u8; 16]; N]) {
            // Not `map`, which would leave a copy in memory.
            let mut state = [_mm_setzero_si128(); N];
            for (state, block) in state.iter_mut().zip(&*blocks) {
                *state = must_cast(*block);
            }
            round_keys.encrypt(&mut state);
            for (state, block) in state.iter().zip(blocks) {
                *block = must_cast(*state);
            }
        }
        // SAFETY: there is a key only where there was a `Processor`.
        unsafe { encrypt(&self.0, blocks) }
    }

    /// Overwrites what a message under a key that this one derived has left on the stack: there
    /// are more round keys than registers, and the compiler keeps what it runs out of them for
    /// where nothing is dropped.
    #[expect(clippy::unused_self, reason = "there is a key only where the instructions are")]
    #[inline]
    pub(in crate::encryption) fn wipe_stack(&self) {
        #[target_feature(enable = "avx")]
        #[inline(never)]
        fn wipe_stack() {
            // Written once: that somebody may look at it keeps it from being left out.
            let frames: [__m256i; FRAMES / 32] = Zeroable::zeroed();
            black_box(&frames);
        }
        // SAFETY: there is a key only where there was a `Processor`.
        unsafe { wipe_stack() };
    }
}

/// Bytes of the stack that a message takes at most, and some more.
const FRAMES: usize = 2048;
