//! Character references in text that keeps them.

use core::fmt::Write as _;

use html5ever::data::NAMED_ENTITIES;

/// Text for HTML in which the references that there are stay references: `&` elsewhere, `<` and
/// `>` become some, and `quote` does.
#[must_use]
pub fn escape_but_references(text: &str, quote: Option<char>) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let mut length = character.len_utf8();
        match character {
            '&' => match reference(rest) {
                Some((whole, _)) => {
                    length = whole;
                    escaped.push_str(rest.get(..whole).unwrap_or_default());
                }
                None => escaped.push_str("&amp;"),
            },
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            character if Some(character) == quote => {
                // Writing to a String does not fail.
                let _ = match character {
                    '"' => escaped.write_str("&quot;"),
                    character => write!(escaped, "&#{};", u32::from(character)),
                };
            }
            character => escaped.push(character),
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    escaped
}

/// Text with its references resolved: those that end in a semicolon, which are the ones that
/// [`escape_but_references`] lets through.
#[must_use]
pub fn resolve_references(text: &str) -> String {
    let mut resolved = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        resolved.push_str(before);
        let (length, meaning) = reference(from).unwrap_or((1, ['&', '\0']));
        resolved.extend(meaning.into_iter().filter(|it| *it != '\0'));
        rest = from.get(length..).unwrap_or_default();
    }
    resolved.push_str(rest);
    resolved
}

/// The length and the meaning, one or two characters, of the reference that text begins with.
fn reference(text: &str) -> Option<(usize, [char; 2])> {
    let rest = text.strip_prefix('&')?;
    let window = rest.as_bytes().get(..rest.len().min(LONGEST))?;
    let end = window.iter().position(|byte| *byte == b';')?;
    let name = rest.get(..end)?;
    let length = 1 + end + 1;
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => digits_of(digits, 16)?,
            None => digits_of(number, 10)?,
        };
        let character = char::from_u32(code).filter(|it| *it != '\0')?;
        return Some((length, [character, '\0']));
    }
    let (first, second) = *NAMED_ENTITIES.get(rest.get(..=end)?)?;
    let first = char::from_u32(first).filter(|it| *it != '\0')?;
    Some((length, [first, char::from_u32(second)?]))
}

fn digits_of(digits: &str, radix: u32) -> Option<u32> {
    // `from_str_radix` takes a sign.
    digits.chars().all(|it| it.is_digit(radix)).then(|| u32::from_str_radix(digits, radix).ok())?
}

/// The longest name is `CounterClockwiseContourIntegral`; numbers may have leading zeros.
const LONGEST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_kept() {
        for (text, escaped, resolved) in [
            ("", "", ""),
            ("a < b & c > d", "a &lt; b &amp; c &gt; d", "a < b & c > d"),
            ("&amp; &nbsp; &#39; &#x0007B;", "&amp; &nbsp; &#39; &#x0007B;", "& \u{A0} ' {"),
            (
                "&amp &xx; &curr; &#; &#x; &",
                "&amp;amp &amp;xx; &amp;curr; &amp;#; &amp;#x; &amp;",
                "&amp &xx; &curr; &#; &#x; &",
            ),
            (
                "&#0; &#xD800; &#x110000; &#+9;",
                "&amp;#0; &amp;#xD800; &amp;#x110000; &amp;#+9;",
                "&#0; &#xD800; &#x110000; &#+9;",
            ),
            ("&NotEqualTilde;", "&NotEqualTilde;", "≂̸"),
            ("\"'", "\"'", "\"'"),
        ] {
            assert_eq!(escaped, escape_but_references(text, None), "{text}");
            assert_eq!(resolved, resolve_references(text), "{text}");
        }
        assert_eq!("&quot;'", escape_but_references("\"'", Some('"')));
        assert_eq!("\"&#39;", escape_but_references("\"'", Some('\'')));
    }
}
