//! The compression function G (RFC 9106, 3.5) on 256-bit registers.
//!
//! A block is a square of 8 by 8 values of 16 bytes. `BLAKE2b`'s round, with a multiplication added,
//! runs over the rows and then over the columns; two rows, or two pairs of columns, go side by
//! side so that the processor always has something to do.

use core::arch::x86_64::{
    __m256i, _MM_HINT_T1, _mm_prefetch, _mm256_add_epi64, _mm256_alignr_epi8, _mm256_extract_epi64,
    _mm256_mul_epu32, _mm256_permute4x64_epi64, _mm256_setr_epi8, _mm256_setzero_si256,
    _mm256_shuffle_epi8, _mm256_shuffle_epi32, _mm256_srli_epi64, _mm256_xor_si256,
};

use super::block::Block;

/// Replaces `state`, the previous block, by G(state, reference), plus (XOR) what `target` holds if
/// `XOR`, and writes the same to `target`.
///
/// `first_word` is called with word 0 of the result as soon as it is known, when three quarters of
/// the columns are still to come: time enough to fetch the block that it names.
#[expect(clippy::indexing_slicing, reason = "constant indices into arrays of 32 registers")]
#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn compress<const XOR: bool>(
    state: &mut Block,
    reference: &Block,
    target: &mut Block,
    first_word: impl FnOnce(u64),
) {
    let state = state.registers_mut();
    let reference = reference.registers();
    let target = target.registers_mut();
    let mut kept = [_mm256_setzero_si256(); 32];

    // A macro and not a loop over iterators: the registers of a round must stay registers.
    macro_rules! two_rows {
        ($first:literal) => {{
            macro_rules! load {
                ($i:literal) => {{
                    let value = _mm256_xor_si256(state[$first + $i], reference[$first + $i]);
                    kept[$first + $i] =
                        if XOR { _mm256_xor_si256(value, target[$first + $i]) } else { value };
                    value
                }};
            }
            let rows =
                [load!(0), load!(1), load!(2), load!(3), load!(4), load!(5), load!(6), load!(7)];
            let rows = round_of_rows(rows);
            for i in 0..8 {
                state[$first + i] = rows[i];
            }
        }};
    }
    two_rows!(0);
    two_rows!(8);
    two_rows!(16);
    two_rows!(24);

    macro_rules! two_columns {
        ($column:literal) => {{
            macro_rules! load {
                ($row:literal) => {
                    state[$row * 4 + $column]
                };
            }
            let columns =
                [load!(0), load!(1), load!(2), load!(3), load!(4), load!(5), load!(6), load!(7)];
            let columns = round_of_columns(columns);
            for row in 0..8 {
                let value = _mm256_xor_si256(columns[row], kept[row * 4 + $column]);
                state[row * 4 + $column] = value;
                target[row * 4 + $column] = value;
            }
        }};
    }
    two_columns!(0);
    first_word(_mm256_extract_epi64::<0>(state[0]).cast_unsigned());
    two_columns!(1);
    two_columns!(2);
    two_columns!(3);
}

/// Asks for a block to be brought into the second-level cache.
///
/// The first level has room for fewer lines under way at once than two blocks have, and whatever
/// else misses it waits for them: a hash in 64 MiB took 215 to 233 ns a block with its hint, and takes
/// 171 to 179 with this one (EPYC of Zen 4, 2026-11-25).
#[expect(unsafe_code, reason = "the intrinsic takes a raw pointer")]
#[inline]
pub(super) fn prefetch(block: &Block) {
    for line in block.bytes().as_chunks::<64>().0 {
        // SAFETY: a prefetch reads nothing that the program can see, and the address is that of a
        // live reference.
        unsafe { _mm_prefetch::<_MM_HINT_T1>(line.as_ptr().cast()) };
    }
}

/// `BLAKE2b`'s round over two rows, each of four registers.
#[target_feature(enable = "avx2")]
#[inline]
fn round_of_rows([a0, b0, c0, d0, a1, b1, c1, d1]: Registers) -> Registers {
    let [a0, b0, c0, d0, a1, b1, c1, d1] = mix([a0, b0, c0, d0, a1, b1, c1, d1]);
    // Diagonals become columns …
    let b0 = _mm256_permute4x64_epi64::<LEFT_1>(b0);
    let b1 = _mm256_permute4x64_epi64::<LEFT_1>(b1);
    let c0 = _mm256_permute4x64_epi64::<LEFT_2>(c0);
    let c1 = _mm256_permute4x64_epi64::<LEFT_2>(c1);
    let d0 = _mm256_permute4x64_epi64::<LEFT_3>(d0);
    let d1 = _mm256_permute4x64_epi64::<LEFT_3>(d1);
    let [a0, b0, c0, d0, a1, b1, c1, d1] = mix([a0, b0, c0, d0, a1, b1, c1, d1]);
    // … and diagonals again.
    let b0 = _mm256_permute4x64_epi64::<LEFT_3>(b0);
    let b1 = _mm256_permute4x64_epi64::<LEFT_3>(b1);
    let c0 = _mm256_permute4x64_epi64::<LEFT_2>(c0);
    let c1 = _mm256_permute4x64_epi64::<LEFT_2>(c1);
    let d0 = _mm256_permute4x64_epi64::<LEFT_1>(d0);
    let d1 = _mm256_permute4x64_epi64::<LEFT_1>(d1);
    [a0, b0, c0, d0, a1, b1, c1, d1]
}

/// `BLAKE2b`'s round over two columns of 16 bytes, which lie side by side in one register a row.
#[target_feature(enable = "avx2")]
#[inline]
fn round_of_columns([a0, a1, b0, b1, c0, c1, d0, d1]: Registers) -> Registers {
    let [a0, b0, c0, d0, a1, b1, c1, d1] = mix([a0, b0, c0, d0, a1, b1, c1, d1]);
    // A row of the round is spread over two registers here, so turning it by one word takes one
    // half of each.
    let (e0, e1) = (_mm256_alignr_epi8::<8>(b1, b0), _mm256_alignr_epi8::<8>(b0, b1));
    let (f0, f1) = (_mm256_alignr_epi8::<8>(d0, d1), _mm256_alignr_epi8::<8>(d1, d0));
    let [a0, e0, c1, f0, a1, e1, c0, f1] = mix([a0, e0, c1, f0, a1, e1, c0, f1]);
    let (b0, b1) = (_mm256_alignr_epi8::<8>(e0, e1), _mm256_alignr_epi8::<8>(e1, e0));
    let (d0, d1) = (_mm256_alignr_epi8::<8>(f1, f0), _mm256_alignr_epi8::<8>(f0, f1));
    [a0, a1, b0, b1, c0, c1, d0, d1]
}

/// The function GB of RFC 9106, 3.6, on the four words of two sets of registers, side by side.
#[target_feature(enable = "avx2")]
#[inline]
fn mix([a0, b0, c0, d0, a1, b1, c1, d1]: Registers) -> Registers {
    let (a0, a1) = (multiply_add(a0, b0), multiply_add(a1, b1));
    let d0 = rotate_right_32(_mm256_xor_si256(d0, a0));
    let d1 = rotate_right_32(_mm256_xor_si256(d1, a1));
    let (c0, c1) = (multiply_add(c0, d0), multiply_add(c1, d1));
    let b0 = rotate_right_24(_mm256_xor_si256(b0, c0));
    let b1 = rotate_right_24(_mm256_xor_si256(b1, c1));
    let (a0, a1) = (multiply_add(a0, b0), multiply_add(a1, b1));
    let d0 = rotate_right_16(_mm256_xor_si256(d0, a0));
    let d1 = rotate_right_16(_mm256_xor_si256(d1, a1));
    let (c0, c1) = (multiply_add(c0, d0), multiply_add(c1, d1));
    let b0 = rotate_right_63(_mm256_xor_si256(b0, c0));
    let b1 = rotate_right_63(_mm256_xor_si256(b1, c1));
    [a0, b0, c0, d0, a1, b1, c1, d1]
}

/// x + y + 2 * low half of x * low half of y.
#[target_feature(enable = "avx2")]
#[inline]
fn multiply_add(x: __m256i, y: __m256i) -> __m256i {
    let product = _mm256_mul_epu32(x, y);
    _mm256_add_epi64(_mm256_add_epi64(x, y), _mm256_add_epi64(product, product))
}

#[target_feature(enable = "avx2")]
#[inline]
fn rotate_right_32(x: __m256i) -> __m256i {
    _mm256_shuffle_epi32::<0b10_11_00_01>(x)
}

#[target_feature(enable = "avx2")]
#[inline]
fn rotate_right_24(x: __m256i) -> __m256i {
    let bytes = _mm256_setr_epi8(
        3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10, //
        3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10,
    );
    _mm256_shuffle_epi8(x, bytes)
}

#[target_feature(enable = "avx2")]
#[inline]
fn rotate_right_16(x: __m256i) -> __m256i {
    let bytes = _mm256_setr_epi8(
        2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9, //
        2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9,
    );
    _mm256_shuffle_epi8(x, bytes)
}

#[target_feature(enable = "avx2")]
#[inline]
fn rotate_right_63(x: __m256i) -> __m256i {
    _mm256_xor_si256(_mm256_srli_epi64::<63>(x), _mm256_add_epi64(x, x))
}

type Registers = [__m256i; 8];

/// Which word goes where when the four words of a register are turned to the left.
const LEFT_1: i32 = 0b00_11_10_01;
const LEFT_2: i32 = 0b01_00_11_10;
const LEFT_3: i32 = 0b10_01_00_11;
