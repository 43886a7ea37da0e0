//! The numbers of RFC 8259, section 6.

use super::MAX_INTEGER_DIGITS;
use super::visitor::Event;

/// Reads the integer that `bytes` begin with, and how many bytes it takes, if it is a well-formed
/// number of at most 18 digits, and so fits whatever they are.
#[inline]
pub(super) fn short_integer(bytes: &[u8]) -> Option<(i64, usize)> {
    let negative = bytes.first() == Some(&b'-');
    let start = usize::from(negative);
    let mut value = 0_i64;
    let mut end = start;
    while let Some(digit @ b'0'..=b'9') = bytes.get(end) {
        value = value.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
        end += 1;
    }
    let digits = end - start;
    let leading_zero = digits > 1 && bytes.get(start) == Some(&b'0');
    let longer = matches!(bytes.get(end), Some(b'.' | b'e' | b'E'));
    if digits == 0 || digits > 18 || leading_zero || longer {
        return None;
    }
    Some((if negative { -value } else { value }, end))
}

/// Reads the number that `text` begins with, and how many bytes it takes.
///
/// # Errors
///
/// The reason and the offset in `text`, if it is none or cannot be represented.
pub(super) fn number(text: &str) -> Result<(Event<'_>, usize), (&'static str, usize)> {
    let bytes = text.as_bytes();
    let start = usize::from(bytes.first() == Some(&b'-'));
    let end = skip_digits(bytes, start);
    match end - start {
        0 => return Err(("a number needs a digit", end)),
        1 => {}
        _ if bytes.get(start) == Some(&b'0') => return Err(("a number has a leading zero", start)),
        _ => {}
    }
    if matches!(bytes.get(end), Some(b'.' | b'e' | b'E')) {
        return float(text, end);
    }
    if end - start > MAX_INTEGER_DIGITS {
        return Err(("an integer has too many digits", end));
    }
    let integer = text.get(..end).unwrap_or_default();
    Ok((integer.parse().map_or(Event::BigInteger(integer), Event::Integer), end))
}

/// Reads a number of which the integer part ends at `end`.
fn float(text: &str, mut end: usize) -> Result<(Event<'_>, usize), (&'static str, usize)> {
    let bytes = text.as_bytes();
    if bytes.get(end) == Some(&b'.') {
        let start = end + 1;
        end = skip_digits(bytes, start);
        if end == start {
            return Err(("a fraction needs a digit", end));
        }
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let signed = matches!(bytes.get(end + 1), Some(b'+' | b'-'));
        let start = end + 1 + usize::from(signed);
        end = skip_digits(bytes, start);
        if end == start {
            return Err(("an exponent needs a digit", end));
        }
    }
    match text.get(..end).unwrap_or_default().parse::<f64>() {
        Ok(value) if value.is_finite() => Ok((Event::Float(value), end)),
        _ => Err(("a number is too large for a float", end)),
    }
}

/// Where the digits from `start` on end.
fn skip_digits(bytes: &[u8], start: usize) -> usize {
    let digits = bytes.iter().skip(start).take_while(|byte| byte.is_ascii_digit());
    start + digits.count()
}

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
            if let Some((value, length)) = short_integer(text.as_bytes()) {
                assert_eq!((expected, text.len()), (Event::Integer(value), length));
            }
        }
    }

    #[test]
    fn a_short_integer_is_nothing_else() {
        assert_eq!(Some((-12, 3)), short_integer(b"-12,"));
        assert_eq!(Some((999_999_999_999_999_999, 18)), short_integer(&[b'9'; 18]));
        for text in ["", "-", "01", "1.5", "1e5", "1E5", "-x", "9999999999999999999"] {
            assert_eq!(None, short_integer(text.as_bytes()), "{text:?}");
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
        fn short_integers_are_read_as_rust_reads_them(text in "-?(0|[1-9][0-9]{0,17})[,a]") {
            let digits = text.trim_end_matches([',', 'a']);
            let expected = Some((digits.parse().unwrap(), digits.len()));
            prop_assert_eq!(expected, short_integer(text.as_bytes()));
        }

        #[test]
        fn floats_are_read_as_rust_reads_them(value: f64) {
            prop_assume!(value.is_finite());
            let text = format!("{value:e}");
            prop_assert_eq!(Ok((Event::Float(value), text.len())), number(&text));
        }
    }
}
