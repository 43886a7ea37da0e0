//! Blocks that are not whole.
//!
//! Overlapping pieces of fixed length and not a copy of a length that varies: the processor hands
//! what it has just stored on only if it is read in pieces of the same size.

use core::arch::x86_64::__m128i;

use bytemuck::must_cast;

/// At most 15 bytes, and zeros behind them.
#[inline]
pub(super) fn load(bytes: &[u8]) -> __m128i {
    must_cast(number(bytes).to_le_bytes())
}

/// Adds the front of a block to at most 15 bytes.
#[inline]
pub(super) fn add(block: __m128i, bytes: &mut [u8]) {
    let sum = number(bytes) ^ u128::from_le_bytes(must_cast(block));
    let length = bytes.len();
    if let Some(first) = bytes.first_chunk_mut::<8>() {
        *first = low(sum).to_le_bytes();
        if let Some(last) = bytes.last_chunk_mut::<8>() {
            *last = low(sum >> (8 * (length - 8))).to_le_bytes();
        }
    } else if let Some(first) = bytes.first_chunk_mut::<4>() {
        *first = lowest(sum).to_le_bytes();
        if let Some(last) = bytes.last_chunk_mut::<4>() {
            *last = lowest(sum >> (8 * (length - 4))).to_le_bytes();
        }
    } else {
        for (byte, sum) in bytes.iter_mut().zip(sum.to_le_bytes()) {
            *byte = sum;
        }
    }
}

/// Bytes as a number, the first being the least.
#[inline]
fn number(bytes: &[u8]) -> u128 {
    let length = bytes.len();
    if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        // Where they overlap they are the same.
        u128::from(u64::from_le_bytes(*first))
            | u128::from(u64::from_le_bytes(*last)) << (8 * (length - 8))
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        u128::from(u32::from_le_bytes(*first))
            | u128::from(u32::from_le_bytes(*last)) << (8 * (length - 4))
    } else {
        bytes.iter().rev().fold(0, |number, byte| number << 8 | u128::from(*byte))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half is what is wanted")]
fn low(number: u128) -> u64 {
    number as u64
}

#[expect(clippy::cast_possible_truncation, reason = "the lowest quarter is what is wanted")]
fn lowest(number: u128) -> u32 {
    number as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_is_read_and_written() {
        let source: [u8; 16] = core::array::from_fn(|position| 0xF0 | position.to_le_bytes()[0]);
        for length in 0..16 {
            let mut padded = [0; 16];
            padded[..length].copy_from_slice(&source[..length]);
            assert_eq!(padded, must_cast::<_, [u8; 16]>(load(&source[..length])));

            let mut target = [0x55; 16];
            add(must_cast(source), &mut target[..length]);
            for (position, byte) in target.into_iter().enumerate() {
                let sum = if position < length { 0x55 ^ source[position] } else { 0x55 };
                assert_eq!(sum, byte, "{length}, {position}");
            }
        }
    }
}
