//! The strings of RFC 8259, section 7.

use super::scan::plain_length;

/// The string that `text` holds before the next quote, if nothing in it is escaped.
#[inline]
pub(super) fn plain(text: &str) -> Option<&str> {
    let end = plain_length(text.as_bytes());
    if text.as_bytes().get(end) == Some(&b'"') { text.get(..end) } else { None }
}

/// Reads the string that `text` holds after its opening quote, and how many bytes it takes with
/// its closing quote.
///
/// # Errors
///
/// The reason and the offset in `text`.
pub(super) fn escaped(text: &str) -> Result<(String, usize), (&'static str, usize)> {
    let mut string = String::new();
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        match rest.as_bytes() {
            [b'"', ..] => return Ok((string, at + 1)),
            [b'\\', escape @ ..] => {
                let (character, length) = unescape(escape).map_err(|reason| (reason, at))?;
                string.push(character);
                at += 1 + length;
            }
            [] => return Err(("a string has no end", at)),
            [..b' ', ..] => return Err((CONTROL_CHARACTER, at)),
            bytes => {
                let length = plain_length(bytes);
                string.push_str(rest.get(..length).unwrap_or_default());
                at += length;
            }
        }
    }
}

/// The character that an escape stands for, and the escape's length without its backslash.
fn unescape(escape: &[u8]) -> Result<(char, usize), &'static str> {
    let character = match escape {
        [b'"', ..] => '"',
        [b'\\', ..] => '\\',
        [b'/', ..] => '/',
        [b'b', ..] => '\x08',
        [b'f', ..] => '\x0C',
        [b'n', ..] => '\n',
        [b'r', ..] => '\r',
        [b't', ..] => '\t',
        [b'u', rest @ ..] => return unescape_code_units(rest),
        _ => return Err("an escape is not one of JSON's"),
    };
    Ok((character, 1))
}

/// The character of one UTF-16 code unit, or of two with `\u` between them; and the length from
/// the first `u` on.
fn unescape_code_units(digits: &[u8]) -> Result<(char, usize), &'static str> {
    let (first, rest) = code_unit(digits)?;
    if let Some(character) = char::from_u32(first) {
        return Ok((character, 5));
    }
    let [b'\\', b'u', rest @ ..] = rest else { return Err(LONE_SURROGATE) };
    match (first, code_unit(rest)?.0) {
        (high @ 0xD800..=0xDBFF, low @ 0xDC00..=0xDFFF) => {
            let scalar = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
            char::from_u32(scalar).map(|character| (character, 11)).ok_or(LONE_SURROGATE)
        }
        _ => Err(LONE_SURROGATE),
    }
}

/// The value of four hexadecimal digits, and what follows them.
fn code_unit(digits: &[u8]) -> Result<(u32, &[u8]), &'static str> {
    let (digits, rest) = digits.split_first_chunk::<4>().ok_or(NOT_FOUR_DIGITS)?;
    let unit = digits
        .iter()
        .try_fold(0, |unit, digit| Some(unit << 4 | char::from(*digit).to_digit(16)?))
        .ok_or(NOT_FOUR_DIGITS)?;
    Ok((unit, rest))
}

const CONTROL_CHARACTER: &str = "a string holds a control character";
const LONE_SURROGATE: &str = "an escape is half of a surrogate pair";
const NOT_FOUR_DIGITS: &str = "\\u needs four hexadecimal digits";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_stand_for_their_characters() {
        for (text, expected) in [
            (r#"""#, ""),
            (r#"plain""#, "plain"),
            (r#"\"\\\/\b\f\n\r\t""#, "\"\\/\x08\x0C\n\r\t"),
            (r#"a\u0041\u00e9\u20AC!""#, "aAé€!"),
            (r#"\ud83d\uDE00""#, "😀"),
            (r#"\u0000""#, "\0"),
            (r#"\udbff\udfff\ud800\udc00""#, "\u{10FFFF}\u{10000}"),
            (r#"é😀\n€""#, "é😀\n€"),
        ] {
            assert_eq!(Ok((expected.to_owned(), text.len())), escaped(text));
        }
    }

    #[test]
    fn the_end_is_the_first_bare_quote() {
        for (text, expected) in [(r#"a","b""#, Some("a")), (r#"a\"b","c""#, None), ("a", None)] {
            assert_eq!(expected, plain(text));
        }
        assert_eq!(Ok(("a".to_owned(), 2)), escaped(r#"a","b""#));
        assert_eq!(Ok(("a\"b".to_owned(), 5)), escaped(r#"a\"b","c""#));
    }

    #[test]
    fn broken_escapes_are_refused_where_they_stand() {
        for text in [
            "",
            "a",
            "\\",
            "\\\"",
            "\\x\"",
            "\\'\"",
            "\\u\"",
            "\\u12\"",
            "\\u12g4\"",
            "\\u+123\"",
            "\\ud800\"",
            "\\udc00\"",
            "\\ud800\\n\"",
            "\\ud800\\ud800\"",
            "\\ud800\\u0041\"",
            "\\udc00\\ud800\"",
            "\\ud800\\u",
            "\n\"",
            "a\\n\0\"",
            "\x1F\"",
            "\\u00é\"",
        ] {
            assert!(plain(text).is_none());
            assert!(escaped(text).is_err(), "{text:?}");
        }
        assert_eq!(Err((LONE_SURROGATE, 2)), escaped("ab\\ud800\""));
        assert_eq!(Err((CONTROL_CHARACTER, 12)), escaped("1234567890\\t\n\""));
    }
}
