//! Counter mode and GHASH on two blocks at once, for messages of hundreds of bytes.

use core::arch::x86_64::{
    __m128i, __m256i, _mm_set_epi64x, _mm_setzero_si128, _mm_xor_si128, _mm256_add_epi32,
    _mm256_aesenc_epi128, _mm256_aesenclast_epi128, _mm256_broadcastsi128_si256,
    _mm256_castsi256_si128, _mm256_clmulepi64_epi128, _mm256_extracti128_si256, _mm256_set_epi32,
    _mm256_set_m128i, _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_shuffle_epi32,
    _mm256_slli_si256, _mm256_srli_si256, _mm256_xor_si256,
};

use bytemuck::{Zeroable, must_cast};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::aes::RoundKeys;
use super::ghash::{self, POLYNOMIAL, Powers};

/// Powers of the hash key from the sixteenth down to the first, two in a register; wiped where they
/// lie.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct WidePowers([__m256i; REGISTERS]);

impl WidePowers {
    /// All zero, to be derived into.
    pub(super) fn empty() -> Self {
        Self(Zeroable::zeroed())
    }

    /// Derives them from the first four.
    #[target_feature(enable = "avx2,pclmulqdq,vpclmulqdq")]
    #[inline]
    pub(super) fn derive(&mut self, powers: &Powers) {
        let [first, second, third, fourth] = *powers.expose();
        let two = _mm256_set_m128i(first, second);
        let four = _mm256_set_m128i(third, fourth);
        let by_four = _mm256_broadcastsi128_si256(fourth);
        let (six, eight) = (multiplied(two, by_four), multiplied(four, by_four));
        let by_eight = _mm256_broadcastsi128_si256(_mm256_castsi256_si128(eight));
        let (ten, twelve) = (multiplied(two, by_eight), multiplied(four, by_eight));
        let (fourteen, sixteen) = (multiplied(six, by_eight), multiplied(eight, by_eight));
        self.0 = [sixteen, fourteen, twelve, ten, eight, six, four, two];
    }

    /// Continues a hash.
    #[target_feature(enable = "avx2,pclmulqdq,vpclmulqdq")]
    #[inline]
    pub(super) fn absorb(&self, mut hash: __m128i, chunks: &[[u8; CHUNK]]) -> __m128i {
        for chunk in chunks {
            let mut sum = Product::zero();
            let mut carried = _mm256_set_m128i(_mm_setzero_si128(), hash);
            for (bytes, power) in chunk.as_chunks::<32>().0.iter().zip(&self.0) {
                let blocks = reversed(must_cast(*bytes));
                sum.add(_mm256_xor_si256(blocks, carried), *power);
                carried = _mm256_setzero_si256();
            }
            let (low, high) = sum.halves();
            hash = ghash::reduced(halves_added(low), halves_added(high));
        }
        hash
    }
}

/// Adds the keystream to whole chunks; `counter` is the first block's, its bytes reversed.
#[target_feature(enable = "aes,avx2,vaes")]
#[inline]
pub(super) fn encrypt(round_keys: &RoundKeys, counter: __m128i, chunks: &mut [[u8; CHUNK]]) {
    let [first, middle @ .., last] = round_keys.expose();
    let step = _mm256_set_epi32(0, 0, 0, 2, 0, 0, 0, 2);
    let odd = _mm256_set_epi32(0, 0, 0, 1, 0, 0, 0, 0);
    let mut counters = _mm256_add_epi32(_mm256_broadcastsi128_si256(counter), odd);
    for chunk in chunks {
        let mut state = [_mm256_setzero_si256(); REGISTERS];
        let key = _mm256_broadcastsi128_si256(*first);
        for blocks in &mut state {
            *blocks = _mm256_xor_si256(reversed(counters), key);
            counters = _mm256_add_epi32(counters, step);
        }
        for key in middle {
            let key = _mm256_broadcastsi128_si256(*key);
            for blocks in &mut state {
                *blocks = _mm256_aesenc_epi128(*blocks, key);
            }
        }
        let key = _mm256_broadcastsi128_si256(*last);
        for (blocks, bytes) in state.iter().zip(chunk.as_chunks_mut::<32>().0) {
            // The last step adds the key, and so the text as well.
            let text: __m256i = must_cast(*bytes);
            *bytes = must_cast(_mm256_aesenclast_epi128(*blocks, _mm256_xor_si256(key, text)));
        }
    }
}

/// Two sums of products, as in the narrow module.
struct Product {
    low: __m256i,
    middle: __m256i,
    high: __m256i,
}

impl Product {
    #[target_feature(enable = "avx2")]
    #[inline]
    fn zero() -> Self {
        let zero = _mm256_setzero_si256();
        Self { low: zero, middle: zero, high: zero }
    }

    #[target_feature(enable = "avx2,vpclmulqdq")]
    #[inline]
    fn add(&mut self, a: __m256i, b: __m256i) {
        let middle = _mm256_xor_si256(
            _mm256_clmulepi64_epi128::<0x01>(a, b),
            _mm256_clmulepi64_epi128::<0x10>(a, b),
        );
        self.low = _mm256_xor_si256(self.low, _mm256_clmulepi64_epi128::<0x00>(a, b));
        self.middle = _mm256_xor_si256(self.middle, middle);
        self.high = _mm256_xor_si256(self.high, _mm256_clmulepi64_epi128::<0x11>(a, b));
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn halves(self) -> (__m256i, __m256i) {
        (
            _mm256_xor_si256(self.low, _mm256_slli_si256::<8>(self.middle)),
            _mm256_xor_si256(self.high, _mm256_srli_si256::<8>(self.middle)),
        )
    }
}

#[target_feature(enable = "avx2,vpclmulqdq")]
#[inline]
fn multiplied(a: __m256i, b: __m256i) -> __m256i {
    let mut product = Product::zero();
    product.add(a, b);
    let (mut low, high) = product.halves();
    let polynomial = _mm256_broadcastsi128_si256(_mm_set_epi64x(0, POLYNOMIAL));
    for _ in 0..2 {
        let multiple = _mm256_clmulepi64_epi128::<0x00>(low, polynomial);
        low = _mm256_xor_si256(_mm256_shuffle_epi32::<0b0100_1110>(low), multiple);
    }
    _mm256_xor_si256(low, high)
}

#[target_feature(enable = "avx2")]
#[inline]
fn halves_added(sums: __m256i) -> __m128i {
    _mm_xor_si128(_mm256_castsi256_si128(sums), _mm256_extracti128_si256::<1>(sums))
}

/// The bytes of each block in reverse.
#[target_feature(enable = "avx2")]
#[inline]
fn reversed(blocks: __m256i) -> __m256i {
    let order = _mm_set_epi64x(0x0001_0203_0405_0607, 0x0809_0A0B_0C0D_0E0F);
    _mm256_shuffle_epi8(blocks, _mm256_broadcastsi128_si256(order))
}

/// Registers that are worked on side by side.
const REGISTERS: usize = 8;

/// Bytes in them.
pub(super) const CHUNK: usize = 32 * REGISTERS;
