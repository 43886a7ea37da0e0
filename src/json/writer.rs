//! JSON text in its compact form: no white space, and nothing escaped that need not be.
//!
//! The form is that of Python's `json.dumps(…, ensure_ascii=False, separators=(",", ":"))`, byte
//! for byte.

use super::visitor::{Event, Visitor};
use super::{MAX_DEPTH, float, scan};
use crate::{Error, Result};

/// Appends `text` as a JSON string.
#[inline]
pub fn write_string(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    out.push(b'"');
    if scan::is_plain(bytes) {
        out.extend_from_slice(bytes);
    } else {
        write_escaped(bytes, out);
    }
    out.push(b'"');
}

/// Appends an integer.
#[inline]
pub fn write_integer(value: i64, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// Appends a float.
///
/// # Errors
///
/// [`Error::InvalidInput`] if it is not finite: JSON has no `NaN` and no `Infinity`.
pub fn write_float(value: f64, out: &mut Vec<u8>) -> Result<()> {
    if !value.is_finite() {
        return Err(Error::InvalidInput("JSON has no number for NaN and infinity"));
    }
    float::append(value, out);
    Ok(())
}

/// Writes the events it is told of: the compact form of what is read, or of what the caller says.
///
/// Commas and colons are its business. That arrays and objects begin and end in pairs and keys
/// stand before values is the caller's.
#[derive(Debug)]
pub struct Writer<'a> {
    out: &'a mut Vec<u8>,
    depth: usize,
    /// Whether something stands before in the same array or object.
    needs_comma: bool,
}

impl<'a> Writer<'a> {
    /// Appends to `out`.
    pub const fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out, depth: 0, needs_comma: false }
    }

    fn begin(&mut self, bracket: u8) -> Result<()> {
        if self.depth == MAX_DEPTH {
            return Err(TOO_DEEP);
        }
        self.depth += 1;
        self.out.push(bracket);
        self.needs_comma = false;
        Ok(())
    }

    fn end(&mut self, bracket: u8) {
        self.depth = self.depth.saturating_sub(1);
        self.out.push(bracket);
        self.needs_comma = true;
    }
}

impl Visitor for Writer<'_> {
    type Error = Error;

    fn event(&mut self, event: Event<'_>) -> Result<()> {
        match event {
            Event::EndArray(_) => {
                self.end(b']');
                return Ok(());
            }
            Event::EndObject(_) => {
                self.end(b'}');
                return Ok(());
            }
            _ if self.needs_comma => self.out.push(b','),
            _ => {}
        }
        self.needs_comma = true;
        match event {
            Event::Null => self.out.extend_from_slice(b"null"),
            Event::Boolean(true) => self.out.extend_from_slice(b"true"),
            Event::Boolean(false) => self.out.extend_from_slice(b"false"),
            Event::Integer(value) => write_integer(value, self.out),
            Event::BigInteger(digits) => self.out.extend_from_slice(digits.as_bytes()),
            Event::Float(value) => write_float(value, self.out)?,
            Event::String(text) => write_string(text, self.out),
            Event::BeginArray => self.begin(b'[')?,
            Event::BeginObject => self.begin(b'{')?,
            Event::Key(key) => {
                write_string(key, self.out);
                self.out.push(b':');
                self.needs_comma = false;
            }
            Event::EndArray(_) | Event::EndObject(_) => {}
        }
        Ok(())
    }
}

/// Appends the bytes of a text in which something has to be escaped.
#[cold]
fn write_escaped(mut bytes: &[u8], out: &mut Vec<u8>) {
    loop {
        let (plain, rest) = bytes.split_at(scan::plain_length(bytes).min(bytes.len()));
        out.extend_from_slice(plain);
        let Some((special, rest)) = rest.split_first() else { break };
        write_escape(*special, out);
        bytes = rest;
    }
}

fn write_escape(byte: u8, out: &mut Vec<u8>) {
    let short = match byte {
        b'"' | b'\\' => byte,
        0x08 => b'b',
        0x0C => b'f',
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        _ => {
            // Below 0x20, so the first digit is 0 or 1.
            let low = byte & 15;
            let digit = if low < 10 { b'0' + low } else { b'a' - 10 + low };
            out.extend_from_slice(&[b'\\', b'u', b'0', b'0', b'0' + (byte >> 4), digit]);
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

const TOO_DEEP: Error = Error::InvalidInput("arrays and objects are nested too deeply for JSON");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::json::{Value, read};

    fn string(text: &str) -> String {
        let mut out = Vec::new();
        write_string(text, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn only_what_must_be_is_escaped() {
        for (text, expected) in [
            ("", r#""""#),
            ("a/b", r#""a/b""#),
            ("é€😀\u{7F}\u{2028}", "\"é€😀\u{7F}\u{2028}\""),
            ("\"\\", r#""\"\\""#),
            ("\x08\x0C\n\r\t", r#""\b\f\n\r\t""#),
            ("\0\x01\x0F\x10\x1F", r#""\u0000\u0001\u000f\u0010\u001f""#),
            ("twelve bytes\nand more than that", r#""twelve bytes\nand more than that""#),
        ] {
            assert_eq!(expected, string(text));
        }
    }

    #[test]
    fn what_is_not_finite_is_refused() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(write_float(value, &mut Vec::new()).is_err());
        }
    }

    #[test]
    fn events_become_compact_text() {
        let text = r#" { "a" : [ 1 , [ ] , 1.50e2 , { } ] , "b" : { "c" : null } , "d" : [ [ true ] , false ] } "#;
        let mut out = b"before".to_vec();
        read(text.as_bytes(), &mut Writer::new(&mut out)).unwrap();
        let expected = r#"before{"a":[1,[],150.0,{}],"b":{"c":null},"d":[[true],false]}"#;
        assert_eq!(expected, String::from_utf8(out).unwrap());
    }

    #[test]
    fn depth_ends_at_its_limit() {
        let nested = |depth| (0..depth).fold(Value::Null, |inner, _| Value::Array(vec![inner]));
        nested(MAX_DEPTH).write(&mut Vec::new()).unwrap();
        assert_eq!(Err(TOO_DEEP), nested(MAX_DEPTH + 1).write(&mut Vec::new()));
    }

    proptest! {
        #[test]
        fn strings_are_written_as_serde_json_writes_them(text: String) {
            prop_assert_eq!(serde_json::to_string(&text).unwrap(), string(&text));
        }

        #[test]
        fn strings_of_special_characters_too(text in "[\"\\\\\0-\x20a-cé]{0,24}") {
            prop_assert_eq!(serde_json::to_string(&text).unwrap(), string(&text));
        }
    }
}
