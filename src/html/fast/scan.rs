//! Where the next byte is that means something.

/// Where the next byte stands, from `from` on, that is more than text: markup, references, and what
/// is written otherwise than it is read. The end, if none does.
#[inline]
pub(super) fn text(bytes: &[u8], from: usize) -> usize {
    from + next(bytes.get(from..).unwrap_or_default(), is_text_special)
}

/// As [`text`], in the value of an attribute.
#[inline]
pub(super) fn value(bytes: &[u8], from: usize) -> usize {
    from + next(bytes.get(from..).unwrap_or_default(), is_value_special)
}

/// The first byte of U+00A0 in UTF-8, and of 63 characters beside it.
pub(super) const NO_BREAK_SPACE: u8 = 0xC2;

pub(super) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0C')
}

/// Blocks are looked at as a whole, which compilers turn into a few instructions for all of it.
#[inline]
fn next(bytes: &[u8], special: impl Fn(u8) -> bool) -> usize {
    let mut blocks = bytes.chunks_exact(BLOCK);
    let mut skipped = 0;
    for block in &mut blocks {
        if block.iter().fold(false, |any, byte| any | special(*byte)) {
            let found = block.iter().position(|byte| special(*byte));
            return skipped + found.unwrap_or_default();
        }
        skipped += BLOCK;
    }
    let rest = blocks.remainder();
    skipped + rest.iter().position(|byte| special(*byte)).unwrap_or(rest.len())
}

#[inline]
const fn is_text_special(byte: u8) -> bool {
    matches!(byte, b'<' | b'&' | b'>' | b'\r' | 0 | NO_BREAK_SPACE)
}

#[inline]
const fn is_value_special(byte: u8) -> bool {
    matches!(byte, b'<' | b'&' | b'>' | b'\r' | 0 | NO_BREAK_SPACE | b'"')
}

const BLOCK: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_special_byte_is_found_everywhere() {
        for special in [b'<', b'&', b'>', b'\r', 0, NO_BREAK_SPACE, b'"'] {
            for place in 0..100 {
                let mut bytes = vec![b'x'; 100];
                bytes[place] = special;

                assert_eq!(place, value(&bytes, 0));
                assert_eq!(if special == b'"' { 100 } else { place }, text(&bytes, 0));
                assert_eq!(100, value(&bytes, place + 1));
            }
        }
    }
}
