//! Character references (section 13.2.5.72 and on).

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// Reads what follows an `&`. The answer is the characters it stands for and where reading goes on,
/// or None if the `&` is one.
pub(super) fn read(source: &str, after: usize, in_value: bool) -> Option<(Characters, usize)> {
    match source.as_bytes().get(after)? {
        b'#' => read_number(source.as_bytes(), after + 1),
        byte if byte.is_ascii_alphanumeric() => read_name(source, after, in_value),
        _ => None,
    }
}

/// One character, or two.
pub(super) type Characters = (char, Option<char>);

fn read_name(source: &str, start: usize, in_value: bool) -> Option<(Characters, usize)> {
    let bytes = source.as_bytes();
    let mut found = None;
    let mut end = start + 1;
    // The table holds the beginnings of names as well, standing for nothing.
    while let Some(&(first, second)) = source.get(start..end).and_then(|it| NAMED_ENTITIES.get(it))
    {
        if first != 0 {
            found = Some(((first, second), end));
        }
        end += 1;
    }
    let ((first, second), end) = found?;
    if in_value && bytes.get(end - 1) != Some(&b';') {
        // `?a=1&copy=2` was written before there was a reference of this name.
        match bytes.get(end) {
            Some(b'=') => return None,
            Some(next) if next.is_ascii_alphanumeric() => return None,
            _ => {}
        }
    }
    let second = if second == 0 { None } else { char::from_u32(second) };
    Some(((char::from_u32(first)?, second), end))
}

fn read_number(bytes: &[u8], mut at: usize) -> Option<(Characters, usize)> {
    let base = if matches!(bytes.get(at), Some(b'x' | b'X')) { 16 } else { 10 };
    at += usize::from(base == 16);
    let start = at;
    let mut number = 0_u32;
    while let Some(digit) = bytes.get(at).and_then(|byte| char::from(*byte).to_digit(base)) {
        number = number.saturating_mul(base).saturating_add(digit);
        at += 1;
    }
    if at == start {
        return None;
    }
    at += usize::from(bytes.get(at) == Some(&b';'));
    Some(((numbered(number), None), at))
}

fn numbered(number: u32) -> char {
    let windows = || *C1_REPLACEMENTS.get(usize::try_from(number).ok()?.checked_sub(0x80)?)?;
    match number {
        0 => char::REPLACEMENT_CHARACTER,
        number => windows().or(char::from_u32(number)).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read() {
        let one = |character, end| Some(((character, None), end));
        for (text, expected) in [
            ("amp;", one('&', 4)),
            ("amp", one('&', 3)),
            ("ampx", one('&', 3)),
            ("notit;", one('¬', 3)),
            ("notin;", one('∉', 6)),
            ("NotEqualTilde;", Some((('\u{2242}', Some('\u{338}')), 14))),
            ("#38;", one('&', 4)),
            ("#38 ", one('&', 3)),
            ("#x26;", one('&', 5)),
            ("#X0026g", one('&', 6)),
            ("#0;", one('\u{FFFD}', 3)),
            ("#xD800;", one('\u{FFFD}', 7)),
            ("#99999999999999;", one('\u{FFFD}', 16)),
            ("#128;", one('€', 5)),
            ("#129;", one('\u{81}', 5)),
            ("#160;", one('\u{A0}', 5)),
            ("", None),
            ("&", None),
            ("#", None),
            ("#x", None),
            ("#;", None),
            ("x;", None),
            ("ä", None),
            ("amä", None),
        ] {
            assert_eq!(expected, read(text, 0, false), "{text}");
        }
    }

    #[test]
    fn old_names_are_no_references_in_addresses() {
        for (text, expected) in [
            ("copy=2", None),
            ("copyx", None),
            ("copy2", None),
            ("copy", Some(4)),
            ("copy;=", Some(5)),
        ] {
            assert_eq!(expected, read(text, 0, true).map(|it| it.1), "{text}");
        }
    }
}
