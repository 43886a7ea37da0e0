//! The compression function G (RFC 9106, 3.5) on 512-bit registers.
//!
//! The words of a block stand in an order of their own here (see [`place`]), in which the same
//! sixteen registers serve the rows and the columns, and a block never leaves them in between.

#![expect(
    clippy::large_types_passed_by_value,
    reason = "registers, between functions that become one"
)]

use core::arch::x86_64::{
    __m512i, _mm_cvtsi128_si64, _mm512_add_epi64, _mm512_castsi512_si128, _mm512_mul_epu32,
    _mm512_permutex_epi64, _mm512_permutexvar_epi64, _mm512_ror_epi64, _mm512_setr_epi64,
    _mm512_xor_si512,
};

use super::block::Block;

/// Does as [`super::compress::compress`], on blocks whose words stand where [`place`] puts them.
#[expect(clippy::indexing_slicing, reason = "constant indices into arrays of 16 registers")]
#[target_feature(enable = "avx512f")]
pub(super) fn compress<const XOR: bool>(
    state: &mut Block,
    reference: &Block,
    target: &mut Block,
    first_word: impl FnOnce(u64),
) {
    let state = state.wide_registers_mut();
    let reference = reference.wide_registers();
    let target = target.wide_registers_mut();
    let mut square = *state;
    for (value, other) in square.iter_mut().zip(reference) {
        *value = _mm512_xor_si512(*value, *other);
    }

    // Macros and not loops or functions: the registers of a round must stay registers. The rows go
    // all at once: between instructions that wait for each other stand enough that do not, within
    // what a processor looks ahead (127 instead of 134 ns a block in the cache, Zen 4, 2026-11-25).
    macro_rules! four {
        ($to:literal, |$set:ident| $value:expr) => {
            four!(0, $to, $set, $value);
            four!(4, $to, $set, $value);
            four!(8, $to, $set, $value);
            four!(12, $to, $set, $value);
        };
        ($first:literal, $to:literal, $set:ident, $value:expr) => {{
            let $set = [0, 1, 2, 3].map(|i| square[$first + i]);
            square[$first + $to] = $value;
        }};
    }
    macro_rules! mix_rows {
        () => {
            four!(0, |s| multiply_add(s[0], s[1]));
            four!(3, |s| _mm512_ror_epi64::<32>(_mm512_xor_si512(s[3], s[0])));
            four!(2, |s| multiply_add(s[2], s[3]));
            four!(1, |s| _mm512_ror_epi64::<24>(_mm512_xor_si512(s[1], s[2])));
            four!(0, |s| multiply_add(s[0], s[1]));
            four!(3, |s| _mm512_ror_epi64::<16>(_mm512_xor_si512(s[3], s[0])));
            four!(2, |s| multiply_add(s[2], s[3]));
            four!(1, |s| _mm512_ror_epi64::<63>(_mm512_xor_si512(s[1], s[2])));
        };
    }
    mix_rows!();
    // Diagonals become columns …
    four!(1, |s| _mm512_permutex_epi64::<LEFT_1>(s[1]));
    four!(2, |s| _mm512_permutex_epi64::<LEFT_2>(s[2]));
    four!(3, |s| _mm512_permutex_epi64::<LEFT_3>(s[3]));
    mix_rows!();
    // … and diagonals again.
    four!(1, |s| _mm512_permutex_epi64::<LEFT_3>(s[1]));
    four!(2, |s| _mm512_permutex_epi64::<LEFT_2>(s[2]));
    four!(3, |s| _mm512_permutex_epi64::<LEFT_1>(s[3]));

    macro_rules! write {
        ($place:expr, $value:expr) => {{
            let input = _mm512_xor_si512(state[$place], reference[$place]);
            let mut value = _mm512_xor_si512($value, input);
            if XOR {
                value = _mm512_xor_si512(value, target[$place]);
            }
            state[$place] = value;
            target[$place] = value;
        }};
    }
    macro_rules! four_columns {
        ($first:literal) => {
            round_of_columns([0, 4, 8, 12, 1, 5, 9, 13].map(|i| square[$first + i]))
        };
    }
    let columns = four_columns!(0);
    write!(0, columns[0]);
    first_word(_mm_cvtsi128_si64(_mm512_castsi512_si128(state[0])).cast_unsigned());
    for i in 1..8 {
        write!(i % 4 * 4 + i / 4, columns[i]);
    }
    let columns = four_columns!(2);
    for i in 0..8 {
        write!(i % 4 * 4 + i / 4 + 2, columns[i]);
    }
}

/// Where a word of the standard's order stands: two rows of sixteen words lie quarter by quarter
/// beside each other, so that a register holds a quarter of both.
pub(super) const fn place(word: usize) -> usize {
    let (row, column) = (word / 16, word % 16);
    row / 2 * 32 + column / 4 * 8 + row % 2 * 4 + column % 4
}

/// `BLAKE2b`'s round over two pairs of columns of 16 bytes. A register holds four words of each
/// column of a pair: the first column's are words 0, 1, 4 and 5 of it, the second's 2, 3, 6 and 7.
#[target_feature(enable = "avx512f")]
#[inline]
fn round_of_columns(columns: Registers) -> Registers {
    let left_1 = _mm512_setr_epi64(1, 4, 3, 6, 5, 0, 7, 2);
    let left_2 = _mm512_setr_epi64(4, 5, 6, 7, 0, 1, 2, 3);
    let left_3 = _mm512_setr_epi64(5, 0, 7, 2, 1, 4, 3, 6);
    let [a0, b0, c0, d0, a1, b1, c1, d1] = mix(columns);
    let b0 = _mm512_permutexvar_epi64(left_1, b0);
    let b1 = _mm512_permutexvar_epi64(left_1, b1);
    let c0 = _mm512_permutexvar_epi64(left_2, c0);
    let c1 = _mm512_permutexvar_epi64(left_2, c1);
    let d0 = _mm512_permutexvar_epi64(left_3, d0);
    let d1 = _mm512_permutexvar_epi64(left_3, d1);
    let [a0, b0, c0, d0, a1, b1, c1, d1] = mix([a0, b0, c0, d0, a1, b1, c1, d1]);
    let b0 = _mm512_permutexvar_epi64(left_3, b0);
    let b1 = _mm512_permutexvar_epi64(left_3, b1);
    let c0 = _mm512_permutexvar_epi64(left_2, c0);
    let c1 = _mm512_permutexvar_epi64(left_2, c1);
    let d0 = _mm512_permutexvar_epi64(left_1, d0);
    let d1 = _mm512_permutexvar_epi64(left_1, d1);
    [a0, b0, c0, d0, a1, b1, c1, d1]
}

/// The function GB of RFC 9106, 3.6, on the eight words of two sets of registers, side by side.
#[target_feature(enable = "avx512f")]
#[inline]
fn mix([a0, b0, c0, d0, a1, b1, c1, d1]: Registers) -> Registers {
    let (a0, a1) = (multiply_add(a0, b0), multiply_add(a1, b1));
    let d0 = _mm512_ror_epi64::<32>(_mm512_xor_si512(d0, a0));
    let d1 = _mm512_ror_epi64::<32>(_mm512_xor_si512(d1, a1));
    let (c0, c1) = (multiply_add(c0, d0), multiply_add(c1, d1));
    let b0 = _mm512_ror_epi64::<24>(_mm512_xor_si512(b0, c0));
    let b1 = _mm512_ror_epi64::<24>(_mm512_xor_si512(b1, c1));
    let (a0, a1) = (multiply_add(a0, b0), multiply_add(a1, b1));
    let d0 = _mm512_ror_epi64::<16>(_mm512_xor_si512(d0, a0));
    let d1 = _mm512_ror_epi64::<16>(_mm512_xor_si512(d1, a1));
    let (c0, c1) = (multiply_add(c0, d0), multiply_add(c1, d1));
    let b0 = _mm512_ror_epi64::<63>(_mm512_xor_si512(b0, c0));
    let b1 = _mm512_ror_epi64::<63>(_mm512_xor_si512(b1, c1));
    [a0, b0, c0, d0, a1, b1, c1, d1]
}

/// x + y + 2 * low half of x * low half of y.
#[target_feature(enable = "avx512f")]
#[inline]
fn multiply_add(x: __m512i, y: __m512i) -> __m512i {
    let product = _mm512_mul_epu32(x, y);
    _mm512_add_epi64(_mm512_add_epi64(x, y), _mm512_add_epi64(product, product))
}

type Registers = [__m512i; 8];

/// Which word goes where when the four words of each half of a register are turned to the left.
const LEFT_1: i32 = 0b00_11_10_01;
const LEFT_2: i32 = 0b01_00_11_10;
const LEFT_3: i32 = 0b10_01_00_11;
