//! The unit of argon2's memory.

use core::arch::x86_64::{__m256i, __m512i};
use core::ops::{BitXorAssign, Index, IndexMut};

use bytemuck::{Pod, Zeroable, must_cast_mut, must_cast_ref};
use zeroize::Zeroize;

/// 1024 bytes, seen as 128 words, or as registers of four or of eight words.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C, align(64))]
pub(super) struct Block([u64; 128]);

impl Block {
    pub(super) const SIZE: usize = 1024;
    pub(super) const WORDS: usize = 128;
    pub(super) const ZERO: Self = Self([0; 128]);

    pub(super) fn registers(&self) -> &[__m256i; 32] {
        must_cast_ref(self)
    }

    pub(super) fn registers_mut(&mut self) -> &mut [__m256i; 32] {
        must_cast_mut(self)
    }

    pub(super) fn wide_registers(&self) -> &[__m512i; 16] {
        must_cast_ref(self)
    }

    pub(super) fn wide_registers_mut(&mut self) -> &mut [__m512i; 16] {
        must_cast_mut(self)
    }

    /// The bytes, in the little-endian order of RFC 9106, which is this processor's.
    pub(super) fn bytes(&self) -> &[u8; Self::SIZE] {
        must_cast_ref(self)
    }

    pub(super) fn bytes_mut(&mut self) -> &mut [u8; Self::SIZE] {
        must_cast_mut(self)
    }
}

impl Index<usize> for Block {
    type Output = u64;

    /// A word; the index is taken modulo 128.
    #[expect(clippy::indexing_slicing, reason = "the index is below 128 by the mask")]
    fn index(&self, index: usize) -> &u64 {
        &self.0[index & 127]
    }
}

impl IndexMut<usize> for Block {
    #[expect(clippy::indexing_slicing, reason = "the index is below 128 by the mask")]
    fn index_mut(&mut self, index: usize) -> &mut u64 {
        &mut self.0[index & 127]
    }
}

impl BitXorAssign<&Self> for Block {
    fn bitxor_assign(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine ^= theirs;
        }
    }
}

impl Zeroize for Block {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}
