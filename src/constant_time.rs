//! Equality of secrets in time that depends on their length alone.
//!
//! `subtle`'s slice comparison walks byte by byte behind a barrier and is 1.5-6 times slower than
//! `hmac.compare_digest`. Here eight bytes are folded at a time and `subtle` decides once, at the
//! end. The claim is tested, not assumed: `tests/security/` holds a t-test and a valgrind run over
//! this function.

use core::hint::black_box;

use subtle::ConstantTimeEq;

/// Whether `left` and `right` hold the same bytes.
///
/// Time depends on the lengths only, which are not secret: slices of different length are unequal
/// at once. Where the bytes first differ, and in how many places, does not show.
#[must_use]
pub fn equal(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len() && difference(left, right).ct_eq(&0).into()
}

/// Zero exactly when two slices of equal length are equal; every byte takes part.
fn difference(left: &[u8], right: &[u8]) -> u64 {
    let (left_words, left_tail) = left.as_chunks::<8>();
    let (right_words, right_tail) = right.as_chunks::<8>();

    let words = left_words
        .iter()
        .zip(right_words)
        .fold(0, |seen, (l, r)| seen | (u64::from_ne_bytes(*l) ^ u64::from_ne_bytes(*r)));
    let tail = left_tail.iter().zip(right_tail).fold(0, |seen, (l, r)| seen | (l ^ r));

    // The barrier keeps the optimiser from learning that only zero or not matters, and so from
    // leaving the loop early.
    black_box(words | u64::from(tail))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::equal;

    #[test]
    fn every_single_flipped_bit_is_seen() {
        for length in 0..70 {
            let left: Vec<u8> = (0..length).collect();
            for position in 0..left.len() {
                for bit in 0..8 {
                    let mut right = left.clone();
                    right[position] ^= 1 << bit;
                    assert!(!equal(&left, &right), "length {length}, byte {position}, bit {bit}");
                }
            }
            assert!(equal(&left, &left.clone()));
        }
    }

    #[test]
    fn differences_do_not_cancel_out() {
        assert!(!equal(&[1; 16], &[2; 16]));
        assert!(!equal(&[0xFF; 17], &[0; 17]));
    }

    proptest! {
        #[test]
        fn agrees_with_slice_equality(left: Vec<u8>, right: Vec<u8>) {
            prop_assert_eq!(left == right, equal(&left, &right));
        }
    }
}
