//! GHASH (NIST SP 800-38D, section 6.4) with carry-less multiplications.
//!
//! Computed as POLYVAL of blocks whose bytes are reversed (RFC 8452, appendix A), which spares the
//! shift of every product. Up to four products are added before they are reduced together.

use core::arch::x86_64::{
    __m128i, _mm_and_si128, _mm_clmulepi64_si128, _mm_set_epi64x, _mm_setzero_si128,
    _mm_shuffle_epi8, _mm_shuffle_epi32, _mm_slli_epi64, _mm_slli_si128, _mm_srai_epi32,
    _mm_srli_epi64, _mm_srli_si128, _mm_xor_si128,
};

use bytemuck::{Zeroable, must_cast};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::bytes;

/// The hash key and its powers up to the fourth, in rising order; wiped where they lie.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct Powers([__m128i; TOGETHER]);

impl Powers {
    /// All zero, to be derived into.
    pub(super) fn empty() -> Self {
        Self(Zeroable::zeroed())
    }

    /// Derives them from the hash key as AES gives it.
    #[target_feature(enable = "avx,pclmulqdq")]
    #[inline]
    pub(super) fn derive(&mut self, hash_key: __m128i) {
        let first = doubled(reversed(hash_key));
        let second = multiplied(first, first);
        self.0 = [first, second, multiplied(second, first), multiplied(second, second)];
    }

    /// Continues a hash with whole blocks, and with one more if bytes are left over, filled up with
    /// zeros.
    #[target_feature(enable = "avx,pclmulqdq")]
    #[inline]
    pub(super) fn absorb(&self, mut hash: __m128i, data: &[u8]) -> __m128i {
        let (groups, rest) = data.as_chunks::<{ 16 * TOGETHER }>();
        for group in groups {
            hash = self.group(hash, group);
        }
        let (blocks, rest) = rest.as_chunks::<16>();
        let mut tail = Tail::new();
        for block in blocks {
            tail.push(reversed(must_cast(*block)));
        }
        if !rest.is_empty() {
            tail.push(reversed(bytes::load(rest)));
        }
        self.fold(hash, tail.blocks())
    }

    /// As [`Powers::absorb`], and then the block of the lengths, which ends a hash.
    #[target_feature(enable = "avx,pclmulqdq")]
    #[inline]
    pub(super) fn finish(&self, mut hash: __m128i, mut data: &[u8], lengths: __m128i) -> __m128i {
        // What is left is so long that it makes one group with the block of the lengths.
        while let Some((block, rest)) = data.split_first_chunk::<{ 16 * TOGETHER }>() {
            if rest.is_empty() {
                break;
            }
            hash = self.group(hash, block);
            data = rest;
        }
        let (blocks, rest) = data.as_chunks::<16>();
        let mut tail = Tail::new();
        for block in blocks {
            tail.push(reversed(must_cast(*block)));
        }
        if !rest.is_empty() {
            tail.push(reversed(bytes::load(rest)));
        }
        tail.push(lengths);
        // One block by itself needs no power of the key, so it is not waited for.
        let (early, group) = tail.blocks().split_at(tail.blocks().len().saturating_sub(TOGETHER));
        let hash = self.fold(hash, early);
        self.fold(hash, group)
    }

    #[target_feature(enable = "avx,pclmulqdq")]
    #[inline]
    fn group(&self, hash: __m128i, group: &[u8; 16 * TOGETHER]) -> __m128i {
        let mut blocks = [_mm_setzero_si128(); TOGETHER];
        for (block, bytes) in blocks.iter_mut().zip(group.as_chunks::<16>().0) {
            *block = reversed(must_cast(*bytes));
        }
        self.fold(hash, &blocks)
    }

    /// At most [`TOGETHER`] blocks, the first of them with the hash so far.
    #[target_feature(enable = "avx,pclmulqdq")]
    #[inline]
    fn fold(&self, hash: __m128i, blocks: &[__m128i]) -> __m128i {
        let powers = self.0.get(..blocks.len()).unwrap_or_default();
        let mut sum = Product::zero();
        let mut carried = hash;
        for (block, power) in blocks.iter().zip(powers.iter().rev()) {
            sum.add(_mm_xor_si128(*block, carried), *power);
            carried = _mm_setzero_si128();
        }
        if blocks.is_empty() { hash } else { sum.reduced() }
    }

    /// The powers themselves.
    pub(super) fn expose(&self) -> &[__m128i; TOGETHER] {
        &self.0
    }
}

/// The last blocks of a hash: those of a group, and one.
struct Tail {
    blocks: [__m128i; TOGETHER + 1],
    count: usize,
}

impl Tail {
    #[target_feature(enable = "avx")]
    #[inline]
    fn new() -> Self {
        Self { blocks: [_mm_setzero_si128(); TOGETHER + 1], count: 0 }
    }

    #[target_feature(enable = "avx")]
    #[inline]
    fn push(&mut self, block: __m128i) {
        if let Some(place) = self.blocks.get_mut(self.count) {
            *place = block;
            self.count += 1;
        }
    }

    fn blocks(&self) -> &[__m128i] {
        self.blocks.get(..self.count).unwrap_or_default()
    }
}

/// A sum of products of 256 bits, not reduced yet.
struct Product {
    low: __m128i,
    middle: __m128i,
    high: __m128i,
}

impl Product {
    #[target_feature(enable = "avx")]
    #[inline]
    fn zero() -> Self {
        let zero = _mm_setzero_si128();
        Self { low: zero, middle: zero, high: zero }
    }

    #[target_feature(enable = "avx,pclmulqdq")]
    #[inline]
    fn add(&mut self, a: __m128i, b: __m128i) {
        let middle =
            _mm_xor_si128(_mm_clmulepi64_si128::<0x01>(a, b), _mm_clmulepi64_si128::<0x10>(a, b));
        self.low = _mm_xor_si128(self.low, _mm_clmulepi64_si128::<0x00>(a, b));
        self.middle = _mm_xor_si128(self.middle, middle);
        self.high = _mm_xor_si128(self.high, _mm_clmulepi64_si128::<0x11>(a, b));
    }

    #[target_feature(enable = "avx,pclmulqdq")]
    #[inline]
    fn reduced(self) -> __m128i {
        let low = _mm_xor_si128(self.low, _mm_slli_si128::<8>(self.middle));
        let high = _mm_xor_si128(self.high, _mm_srli_si128::<8>(self.middle));
        reduced(low, high)
    }
}

/// A product of 256 bits divided by x^128, modulo the polynomial of POLYVAL: its lower half is
/// cleared, 64 bits at a time, by multiples of the polynomial.
#[target_feature(enable = "avx,pclmulqdq")]
#[inline]
pub(super) fn reduced(mut low: __m128i, high: __m128i) -> __m128i {
    let polynomial = _mm_set_epi64x(0, POLYNOMIAL);
    for _ in 0..2 {
        let multiple = _mm_clmulepi64_si128::<0x00>(low, polynomial);
        low = _mm_xor_si128(_mm_shuffle_epi32::<0b0100_1110>(low), multiple);
    }
    _mm_xor_si128(low, high)
}

#[target_feature(enable = "avx,pclmulqdq")]
#[inline]
fn multiplied(a: __m128i, b: __m128i) -> __m128i {
    let mut product = Product::zero();
    product.add(a, b);
    product.reduced()
}

/// The block times x, without a branch on the secret.
#[target_feature(enable = "avx")]
#[inline]
fn doubled(block: __m128i) -> __m128i {
    let carried = _mm_slli_si128::<8>(_mm_srli_epi64::<63>(block));
    let shifted = _mm_xor_si128(_mm_slli_epi64::<1>(block), carried);
    let overflow = _mm_srai_epi32::<31>(_mm_shuffle_epi32::<0xFF>(block));
    let polynomial = _mm_set_epi64x(POLYNOMIAL, 1);
    _mm_xor_si128(shifted, _mm_and_si128(overflow, polynomial))
}

/// The bytes of a block in reverse.
#[target_feature(enable = "avx")]
#[inline]
pub(super) fn reversed(block: __m128i) -> __m128i {
    _mm_shuffle_epi8(block, _mm_set_epi64x(0x0001_0203_0405_0607, 0x0809_0A0B_0C0D_0E0F))
}

/// How many products are reduced together.
pub(super) const TOGETHER: usize = 4;

/// x^128 + x^127 + x^126 + x^121 + 1, bits 64 to 127.
pub(super) const POLYNOMIAL: i64 = 0xC200_0000_0000_0000_u64.cast_signed();
