//! AES-256 (FIPS 197) with the instructions for it.

use core::arch::x86_64::{
    __m128i, _mm_aesenc_si128, _mm_aesenclast_si128, _mm_set1_epi32, _mm_setzero_si128,
    _mm_shuffle_epi8, _mm_shuffle_epi32, _mm_slli_si128, _mm_xor_si128,
};

use bytemuck::{Zeroable, must_cast};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The expanded key, wiped where it lies: keep it in one place.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct RoundKeys([__m128i; ROUNDS + 1]);

impl RoundKeys {
    /// All zero, to be expanded into.
    pub(super) fn empty() -> Self {
        Self(Zeroable::zeroed())
    }

    /// Expands `key`, and encrypts `blocks` with it meanwhile: each round key depends on the one
    /// before, and the processor has time for eight blocks between them.
    ///
    /// `AESENCLAST` of a register whose four words are equal is `SubWord` of each and the addition
    /// of a constant (`ShiftRows` changes nothing there), in a fourth of the time that
    /// `AESKEYGENASSIST` takes.
    #[target_feature(enable = "aes,avx")]
    #[inline]
    pub(super) fn expand<const N: usize>(&mut self, key: &[u8; 32], blocks: &mut [__m128i; N]) {
        let [mut even, mut odd]: [__m128i; 2] = must_cast(*key);
        let rotated = _mm_set1_epi32(ROTATED);
        // A copy, so that the blocks stay in registers from round to round.
        let mut state = *blocks;
        for block in &mut state {
            *block = _mm_aesenc_si128(_mm_xor_si128(*block, even), odd);
        }
        let [zeroth, first, middle @ .., last] = &mut self.0;
        (*zeroth, *first) = (even, odd);
        for ([next_even, next_odd], constant) in
            middle.as_chunks_mut::<2>().0.iter_mut().zip([1, 2, 4, 8, 16, 32])
        {
            let word = _mm_shuffle_epi8(odd, rotated);
            let word = _mm_aesenclast_si128(word, _mm_set1_epi32(constant));
            even = _mm_xor_si128(spread(even), word);
            let word = _mm_shuffle_epi32::<0xFF>(even);
            let word = _mm_aesenclast_si128(word, _mm_setzero_si128());
            odd = _mm_xor_si128(spread(odd), word);
            for block in &mut state {
                *block = _mm_aesenc_si128(_mm_aesenc_si128(*block, even), odd);
            }
            (*next_even, *next_odd) = (even, odd);
        }
        let word = _mm_aesenclast_si128(_mm_shuffle_epi8(odd, rotated), _mm_set1_epi32(64));
        even = _mm_xor_si128(spread(even), word);
        for block in &mut state {
            *block = _mm_aesenclast_si128(*block, even);
        }
        *last = even;
        *blocks = state;
    }

    /// Encrypts blocks side by side.
    #[target_feature(enable = "aes,avx")]
    #[inline]
    pub(super) fn encrypt<const N: usize>(&self, blocks: &mut [__m128i; N]) {
        let [first, middle @ .., last] = &self.0;
        let mut state = *blocks;
        for block in &mut state {
            *block = _mm_xor_si128(*block, *first);
        }
        for key in middle {
            for block in &mut state {
                *block = _mm_aesenc_si128(*block, *key);
            }
        }
        for block in &mut state {
            *block = _mm_aesenclast_si128(*block, *last);
        }
        *blocks = state;
    }

    /// The round keys themselves.
    pub(super) fn expose(&self) -> &[__m128i; ROUNDS + 1] {
        &self.0
    }
}

/// Each word becomes the sum of itself and those before it.
#[target_feature(enable = "avx")]
#[inline]
fn spread(words: __m128i) -> __m128i {
    let words = _mm_xor_si128(words, _mm_slli_si128::<4>(words));
    _mm_xor_si128(words, _mm_slli_si128::<8>(words))
}

pub(super) const ROUNDS: usize = 14;

/// Where the bytes of the last word go, rotated, in each of the four.
const ROTATED: i32 = 0x0C0F_0E0D;
