//! The inside of a tag (sections 13.2.5.32 to 13.2.5.40).

use memchr::memchr;

use super::scan::is_space;
use super::{Result, Unusual};

/// One attribute as it is written. `after` is where the next is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Attribute {
    pub(super) name: (usize, usize),
    pub(super) value: (usize, usize),
    pub(super) after: usize,
}

/// Where the name ends that starts at `start`.
#[inline]
pub(super) fn name_end(bytes: &[u8], start: usize) -> usize {
    let rest = bytes.get(start..).unwrap_or_default();
    let end = rest.iter().position(|byte| is_space(*byte) || matches!(byte, b'/' | b'>'));
    start + end.unwrap_or(rest.len())
}

/// The attributes of a tag, and then what follows its `>`. A tag without an end is unusual.
#[derive(Debug)]
pub(super) struct Attributes<'a> {
    bytes: &'a [u8],
    at: usize,
    left: usize,
}

impl<'a> Attributes<'a> {
    /// Those of a tag that nobody wrote.
    pub(super) const NONE: Self = Self { bytes: b">", at: 0, left: 0 };

    pub(super) const fn new(bytes: &'a [u8], at: usize, most: usize) -> Self {
        Self { bytes, at, left: most }
    }

    /// What follows the tag, after its attributes were read.
    pub(super) const fn end(&self) -> usize {
        self.at
    }

    #[inline]
    pub(super) fn next(&mut self) -> Result<Option<Attribute>> {
        loop {
            match *self.bytes.get(self.at).ok_or(Unusual)? {
                b'>' => {
                    self.at += 1;
                    return Ok(None);
                }
                byte if is_space(byte) || byte == b'/' => self.at += 1,
                _ => break,
            }
        }
        self.left = self.left.checked_sub(1).ok_or(Unusual)?;
        let attribute = read(self.bytes, self.at)?;
        self.at = attribute.after;
        Ok(Some(attribute))
    }
}

fn read(bytes: &[u8], start: usize) -> Result<Attribute> {
    // The first byte belongs to the name even if it is a `=`.
    let mut end = start + 1;
    while !matches!(
        bytes.get(end).ok_or(Unusual)?,
        b'=' | b'/' | b'>' | b' ' | b'\t' | b'\n' | b'\r' | b'\x0C'
    ) {
        end += 1;
    }
    let name = (start, end);
    let equals = skip_space(bytes, end)?;
    if bytes.get(equals) != Some(&b'=') {
        return Ok(Attribute { name, value: (end, end), after: equals });
    }
    let start = skip_space(bytes, equals + 1)?;
    match *bytes.get(start).ok_or(Unusual)? {
        b'>' => Ok(Attribute { name, value: (start, start), after: start }),
        quote @ (b'"' | b'\'') => {
            let rest = bytes.get(start + 1..).unwrap_or_default();
            let end = start + 1 + memchr(quote, rest).ok_or(Unusual)?;
            Ok(Attribute { name, value: (start + 1, end), after: end + 1 })
        }
        _ => {
            let mut end = start;
            while !matches!(
                bytes.get(end).ok_or(Unusual)?,
                b'>' | b' ' | b'\t' | b'\n' | b'\r' | b'\x0C'
            ) {
                end += 1;
            }
            Ok(Attribute { name, value: (start, end), after: end })
        }
    }
}

fn skip_space(bytes: &[u8], mut at: usize) -> Result<usize> {
    while is_space(*bytes.get(at).ok_or(Unusual)?) {
        at += 1;
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(tag: &str) -> Option<Vec<(&str, &str)>> {
        let mut attributes = Attributes::new(tag.as_bytes(), 0, 5);
        let mut read = Vec::new();
        while let Some(it) = attributes.next().ok()? {
            read.push((&tag[it.name.0..it.name.1], &tag[it.value.0..it.value.1]));
        }
        assert_eq!(tag.len(), attributes.end());
        Some(read)
    }

    #[test]
    fn attributes_are_read() {
        for (tag, expected) in [
            (">", vec![]),
            (" / >", vec![]),
            (" a>", vec![("a", "")]),
            (" a=>", vec![("a", "")]),
            (" a = b c>", vec![("a", "b"), ("c", "")]),
            (" a='b>c'd=\"e'\"/f>", vec![("a", "b>c"), ("d", "e'"), ("f", "")]),
            (" a=b/c\"d>", vec![("a", "b/c\"d")]),
            ("/=x=y>", vec![("=x", "y")]),
            (" a /b>", vec![("a", ""), ("b", "")]),
            (" a\r\n=\tb>", vec![("a", "b")]),
        ] {
            assert_eq!(Some(expected), read(tag), "{tag}");
        }
    }

    #[test]
    fn tags_without_end_or_with_too_much_are_unusual() {
        for tag in ["", " ", " a", " a=", " a='>", " a=b", " a b c d e f>"] {
            assert_eq!(None, read(tag), "{tag}");
        }
    }
}
