//! The numbers of RFC 8259, section 6.

use super::MAX_INTEGER_DIGITS;
use super::visitor::Event;

/// Reads the number that `text` begins with, and how many bytes it takes.
///
/// # Errors
///
/// The reason and the offset in `text`, if it is none or cannot be represented.
#[inline]
pub(super) fn number(text: &str) -> Result<(Event<'_>, usize), (&'static str, usize)> {
    let bytes = text.as_bytes();
    let negative = bytes.first() == Some(&b'-');
    let start = usize::from(negative);

    let (magnitude, end) = digits(bytes, start);
    match end - start {
        0 => return Err(("a number needs a digit", end)),
        1 => {}
        _ if bytes.get(start) == Some(&b'0') => return Err(("a number has a leading zero", start)),
        _ => {}
    }
    if matches!(bytes.get(end), Some(b'.' | b'e' | b'E')) {
        return float(text, end);
    }
    if end - start <= EXACT_DIGITS {
        let value = magnitude.cast_signed();
        return Ok((Event::Integer(if negative { -value } else { value }), end));
    }
    let integer = text.get(..end).unwrap_or_default();
    match integer.parse() {
        Ok(value) => Ok((Event::Integer(value), end)),
        Err(_) if end - start > MAX_INTEGER_DIGITS => Err(("an integer has too many digits", end)),
        Err(_) => Ok((Event::BigInteger(integer), end)),
    }
}

/// Reads a number of which the integer part ends at `end`.
fn float(text: &str, mut end: usize) -> Result<(Event<'_>, usize), (&'static str, usize)> {
    let bytes = text.as_bytes();
    if bytes.get(end) == Some(&b'.') {
        let start = end + 1;
        end = digits(bytes, start).1;
        if end == start {
            return Err(("a fraction needs a digit", end));
        }
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let signed = matches!(bytes.get(end + 1), Some(b'+' | b'-'));
        let start = end + 1 + usize::from(signed);
        end = digits(bytes, start).1;
        if end == start {
            return Err(("an exponent needs a digit", end));
        }
    }
    match text.get(..end).unwrap_or_default().parse::<f64>() {
        Ok(value) if value.is_finite() => Ok((Event::Float(value), end)),
        _ => Err(("a number is too large for a float", end)),
    }
}

/// The value of the digits from `start` on, modulo 2^64, and where they end.
#[inline]
fn digits(bytes: &[u8], start: usize) -> (u64, usize) {
    let mut value = 0_u64;
    let mut end = start;
    while let Some(digit @ b'0'..=b'9') = bytes.get(end) {
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
        end += 1;
    }
    (value, end)
}

/// So many digits fit an `i64`, whatever they are.
const EXACT_DIGITS: usize = 18;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn integers_are_exact_at_every_border() {
        for (text, expected) in [
            ("0", Event::Integer(0)),
            ("-0", Event::Integer(0)),
            ("999999999999999999", Event::Integer(999_999_999_999_999_999)),
            ("-999999999999999999", Event::Integer(-999_999_999_999_999_999)),
            ("9223372036854775807", Event::Integer(i64::MAX)),
            ("-9223372036854775808", Event::Integer(i64::MIN)),
            ("9223372036854775808", Event::BigInteger("9223372036854775808")),
            ("-9223372036854775809", Event::BigInteger("-9223372036854775809")),
            ("18446744073709551616", Event::BigInteger("18446744073709551616")),
        ] {
            assert_eq!(Ok((expected, text.len())), number(text));
        }
    }

    #[test]
    fn integers_end_at_their_limit() {
        let longest = "9".repeat(MAX_INTEGER_DIGITS);
        assert_eq!(Ok((Event::BigInteger(&longest), longest.len())), number(&longest));
        assert!(number(&format!("{longest}9")).is_err());
        assert!(number(&format!("-{longest}")).is_ok());
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in
            ["", "-", "+1", ".5", "-.5", "1.", "1.e5", "1e", "1e+", "01", "-01", "00", "1e400"]
        {
            assert!(number(text).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn floats_are_read_as_rust_reads_them(value: f64) {
            prop_assume!(value.is_finite());
            let text = format!("{value:e}");
            prop_assert_eq!(Ok((Event::Float(value), text.len())), number(&text));
        }
    }
}
