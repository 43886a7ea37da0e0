//! Where the next byte is that means something.

use memchr::{memchr, memchr3};

/// Where the next byte stands, from `from` on, that is more than text: markup, references, and what
/// is written otherwise than it is read. The end, if none does.
#[inline]
pub(super) fn text(bytes: &[u8], from: usize) -> usize {
    from + next::<false>(bytes.get(from..).unwrap_or_default())
}

/// As [`text`], in the value of an attribute, where quotes are written otherwise, too.
#[inline]
pub(super) fn value(bytes: &[u8], from: usize) -> usize {
    from + next::<true>(bytes.get(from..).unwrap_or_default())
}

/// The first byte of U+00A0 in UTF-8, and of 63 characters beside it.
pub(super) const NO_BREAK_SPACE: u8 = 0xC2;

pub(super) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0C')
}

/// What is near is looked for block by block, which compilers turn into a few instructions each;
/// what is not, by functions that take longer to begin and less to go on.
#[inline]
fn next<const QUOTE: bool>(bytes: &[u8]) -> usize {
    let (blocks, _) = bytes.as_chunks::<BLOCK>();
    let near = blocks.get(..NEAR.min(blocks.len())).unwrap_or_default();
    let mut free = near.iter().take_while(|block| !has_special::<QUOTE>(block)).count() * BLOCK;
    if free == NEAR * BLOCK {
        free = far::<QUOTE>(bytes, free);
    }
    let rest = bytes.get(free..).unwrap_or_default();
    free + rest.iter().position(|byte| is_special::<QUOTE>(*byte)).unwrap_or(rest.len())
}

/// Where the first special byte is, from `from` on. A window is looked through three times at most
/// for each, so that what is far away costs nothing.
fn far<const QUOTE: bool>(bytes: &[u8], from: usize) -> usize {
    let mut free = from;
    for window in bytes.get(from..).unwrap_or_default().chunks(WINDOW) {
        let end = memchr3(b'<', b'&', b'>', window).unwrap_or(window.len());
        let window = window.get(..end).unwrap_or_default();
        let mut end = memchr3(0, b'\r', NO_BREAK_SPACE, window).unwrap_or(end);
        if QUOTE {
            end = memchr(b'"', window.get(..end).unwrap_or_default()).unwrap_or(end);
        }
        free += end;
        if end < WINDOW {
            break;
        }
    }
    free
}

#[inline]
fn has_special<const QUOTE: bool>(block: &[u8; BLOCK]) -> bool {
    // Without a branch for each.
    let mut any = 0;
    for byte in block {
        let is = |other: u8| u8::from(*byte == other);
        any |= is(b'<') | is(b'&') | is(b'>') | is(b'\r') | is(0) | is(NO_BREAK_SPACE);
        if QUOTE {
            any |= is(b'"');
        }
    }
    any != 0
}

#[inline]
const fn is_special<const QUOTE: bool>(byte: u8) -> bool {
    matches!(byte, b'<' | b'&' | b'>' | b'\r' | 0 | NO_BREAK_SPACE) || QUOTE && byte == b'"'
}

const BLOCK: usize = 16;
/// Blocks.
const NEAR: usize = 4;
const WINDOW: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_special_byte_is_found_everywhere() {
        for special in [b'<', b'&', b'>', b'\r', 0, NO_BREAK_SPACE, b'"'] {
            for place in (0..300).chain(2000..2300) {
                let mut bytes = vec![b'x'; 5000];
                bytes[place] = special;

                assert_eq!(place, value(&bytes, 0));
                assert_eq!(if special == b'"' { 5000 } else { place }, text(&bytes, 0));
                assert_eq!(5000, value(&bytes, place + 1));
            }
        }
    }
}
