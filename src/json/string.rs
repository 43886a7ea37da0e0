//! The strings of RFC 8259, section 7.

use std::borrow::Cow;

use super::scan::plain_length;

/// Reads the string that `text` holds after its opening quote, and how many bytes it takes with
/// its closing quote. Borrowed, if it has no escape.
///
/// # Errors
///
/// The reason and the offset in `text`.
#[inline]
pub(super) fn string(text: &str) -> Result<(Cow<'_, str>, usize), (&'static str, usize)> {
    let end = plain_length(text.as_bytes());
    match (text.as_bytes().get(end), text.get(..end)) {
        (Some(b'"'), Some(plain)) => Ok((Cow::Borrowed(plain), end + 1)),
        (Some(b'\\'), Some(plain)) => escaped(text, plain),
        (Some(_), _) => Err((CONTROL_CHARACTER, end)),
        (None, _) => Err(("a string has no end", end)),
    }
}

/// Reads a string of which `plain` is known and an escape follows.
#[cold]
fn escaped<'a>(text: &'a str, plain: &str) -> Result<(Cow<'a, str>, usize), (&'static str, usize)> {
    let mut string = plain.to_owned();
    let mut at = plain.len();
    loop {
        let rest = text.get(at..).unwrap_or_default();
        match rest.as_bytes() {
            [b'"', ..] => return Ok((Cow::Owned(string), at + 1)),
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
            assert_eq!(Ok((Cow::from(expected), text.len())), string(text));
        }
    }

    #[test]
    fn the_end_is_the_first_bare_quote() {
        assert_eq!(Ok((Cow::from("a"), 2)), string(r#"a","b""#));
        assert_eq!(Ok((Cow::from("a\"b"), 5)), string(r#"a\"b","c""#));
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
            assert!(string(text).is_err(), "{text:?}");
        }
        assert_eq!(Err((LONE_SURROGATE, 2)), string("ab\\ud800\""));
        assert_eq!(Err((CONTROL_CHARACTER, 12)), string("1234567890\\t\n\""));
    }
}
