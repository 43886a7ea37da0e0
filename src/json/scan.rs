//! Looking through the bytes of a string eight at a time.

/// How many bytes stand before the first that a JSON string does not hold as it is: a quote, a
/// backslash or a control character. All of them, if there is none.
#[inline]
pub(super) fn plain_length(bytes: &[u8]) -> usize {
    let (words, tail) = bytes.as_chunks::<8>();
    let mut length = 0;
    for word in words {
        let found = special_bytes(u64::from_le_bytes(*word));
        if found != 0 {
            return length + found.trailing_zeros() as usize / 8;
        }
        length += 8;
    }
    length + tail.iter().position(|byte| is_special(*byte)).unwrap_or(tail.len())
}

/// Whether a JSON string holds all of the bytes as they are.
///
/// The last word overlaps the one before it, and no find ends the loop: both are cheaper than
/// looking at single bytes and deciding after each word.
#[inline]
pub(super) fn is_plain(bytes: &[u8]) -> bool {
    if let Some(last) = bytes.last_chunk::<8>() {
        let (words, _) = bytes.as_chunks::<8>();
        let last = special_bytes(u64::from_le_bytes(*last));
        words.iter().fold(last, |found, word| found | special_bytes(u64::from_le_bytes(*word))) == 0
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
        special_bytes(u64::from(first) << 32 | u64::from(last)) == 0
    } else {
        !bytes.iter().any(|byte| is_special(*byte))
    }
}

/// Sets the highest bit of the lowest byte that is special; bytes above that one may be wrong.
///
/// `x - 1` borrows into the highest bit of a byte only if it was zero, and `& !x` leaves out the
/// bytes whose highest bit was set already. A borrow goes upwards, so the lowest find is exact.
#[inline]
const fn special_bytes(word: u64) -> u64 {
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    let found = (quote.wrapping_sub(ONES) & !quote)
        | (backslash.wrapping_sub(ONES) & !backslash)
        | (word.wrapping_sub(ONES * FIRST_PLAIN as u64) & !word);
    found & (ONES << 7)
}

#[inline]
const fn is_special(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\' | ..FIRST_PLAIN)
}

/// A space is the first character that is no control character.
const FIRST_PLAIN: u8 = 0x20;
const ONES: u64 = u64::from_ne_bytes([1; 8]);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_byte_at_every_place_is_told_right() {
        for length in 0..20 {
            for place in 0..length {
                for byte in 0..=u8::MAX {
                    let mut bytes = vec![b'a'; length];
                    bytes[place] = byte;
                    let expected = if is_special(byte) { place } else { length };
                    assert_eq!(expected, plain_length(&bytes), "{byte:#x} at {place} of {length}");
                    assert_eq!(expected == length, is_plain(&bytes));
                }
            }
        }
    }

    proptest! {
        #[test]
        fn agrees_with_one_byte_at_a_time(bytes: Vec<u8>) {
            let expected = bytes.iter().position(|byte| is_special(*byte)).unwrap_or(bytes.len());
            prop_assert_eq!(expected, plain_length(&bytes));
            prop_assert_eq!(expected == bytes.len(), is_plain(&bytes));
        }
    }
}
