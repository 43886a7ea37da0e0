//! The grammar of RFC 8259: values, arrays, objects and what stands between them.

use std::borrow::Cow;

use super::MAX_DEPTH;
use super::cursor::{Cursor, refusal};
use super::keys::Keys;
use super::visitor::{Event, Visitor};

/// Reads one JSON text and tells `visitor` of it.
///
/// # Errors
///
/// [`InvalidJson`](crate::Error::InvalidJson) for everything the [module](super) refuses; the
/// visitor's own error.
pub fn read<V: Visitor>(text: &[u8], visitor: &mut V) -> Result<(), V::Error> {
    match core::str::from_utf8(text) {
        Ok(text) => read_str(text, visitor),
        Err(error) => Err(refusal("the text is not UTF-8", error.valid_up_to()).into()),
    }
}

/// Reads one JSON text that is known to be UTF-8: see [`read`].
///
/// # Errors
///
/// As [`read`].
pub fn read_str<V: Visitor>(text: &str, visitor: &mut V) -> Result<(), V::Error> {
    let mut reader = Reader { cursor: Cursor::new(text), keys: Keys::default() };
    reader.value(visitor, MAX_DEPTH)?;
    match reader.cursor.next_token() {
        None => Ok(()),
        Some(_) => reader.cursor.refuse("there is text after the value"),
    }
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    /// Empty for a visitor that counts keys itself.
    keys: Keys<'a>,
}

impl Reader<'_> {
    /// Reads a value in which `depth` arrays and objects may stand inside each other.
    fn value<V: Visitor>(&mut self, visitor: &mut V, depth: usize) -> Result<(), V::Error> {
        match self.cursor.next_token() {
            Some(b'"') => match self.cursor.plain_string() {
                Some(text) => visitor.event(Event::String(text)),
                None => visitor.event(Event::String(&self.cursor.escaped_string()?)),
            },
            Some(b'-' | b'0'..=b'9') => match self.cursor.short_integer() {
                Some(value) => visitor.event(Event::Integer(value)),
                None => visitor.event(self.cursor.number()?),
            },
            Some(b'{') => self.object(visitor, depth),
            Some(b'[') => self.array(visitor, depth),
            Some(b't') => self.literal("true", visitor, Event::Boolean(true)),
            Some(b'f') => self.literal("false", visitor, Event::Boolean(false)),
            Some(b'n') => self.literal("null", visitor, Event::Null),
            None => self.cursor.refuse("a value is missing"),
            Some(_) if self.cursor.is_at_byte_order_mark() => {
                self.cursor.refuse("the text begins with a byte order mark")
            }
            Some(_) => self.cursor.refuse("there is no value here"),
        }
    }

    fn object<V: Visitor>(&mut self, visitor: &mut V, depth: usize) -> Result<(), V::Error> {
        let Some(depth) = depth.checked_sub(1) else { return self.cursor.refuse(TOO_DEEP) };
        self.cursor.step();
        visitor.event(Event::BeginObject)?;
        let mut members = 0;
        if !self.cursor.skip(b'}') {
            loop {
                self.key(visitor)?;
                if !self.cursor.skip(b':') {
                    return self.cursor.refuse("a colon is missing");
                }
                self.value(visitor, depth)?;
                members += 1;
                match self.cursor.next_token() {
                    Some(b',') => self.cursor.step(),
                    Some(b'}') => {
                        self.cursor.step();
                        break;
                    }
                    _ => return self.cursor.refuse("an object goes on without a comma"),
                }
            }
        }
        visitor.event(Event::EndObject(members))?;
        let distinct = if V::COUNTS_KEYS {
            visitor.distinct_keys() == members
        } else {
            self.keys.pop_distinct(members)
        };
        if distinct { Ok(()) } else { self.cursor.refuse("an object has a key twice") }
    }

    fn array<V: Visitor>(&mut self, visitor: &mut V, depth: usize) -> Result<(), V::Error> {
        let Some(depth) = depth.checked_sub(1) else { return self.cursor.refuse(TOO_DEEP) };
        self.cursor.step();
        visitor.event(Event::BeginArray)?;
        let mut elements = 0;
        if !self.cursor.skip(b']') {
            loop {
                self.value(visitor, depth)?;
                elements += 1;
                match self.cursor.next_token() {
                    Some(b',') => self.cursor.step(),
                    Some(b']') => {
                        self.cursor.step();
                        break;
                    }
                    _ => return self.cursor.refuse("an array goes on without a comma"),
                }
            }
        }
        visitor.event(Event::EndArray(elements))
    }

    fn key<V: Visitor>(&mut self, visitor: &mut V) -> Result<(), V::Error> {
        if self.cursor.next_token() != Some(b'"') {
            return self.cursor.refuse("a key is missing");
        }
        if let Some(key) = self.cursor.plain_string() {
            visitor.event(Event::Key(key))?;
            if !V::COUNTS_KEYS {
                self.keys.push(Cow::Borrowed(key));
            }
        } else {
            let key = self.cursor.escaped_string()?;
            visitor.event(Event::Key(&key))?;
            if !V::COUNTS_KEYS {
                self.keys.push(Cow::Owned(key));
            }
        }
        Ok(())
    }

    fn literal<V: Visitor>(
        &mut self,
        literal: &str,
        visitor: &mut V,
        event: Event<'_>,
    ) -> Result<(), V::Error> {
        if !self.cursor.skip_text(literal) {
            return self.cursor.refuse("there is no value here");
        }
        visitor.event(event)
    }
}

const TOO_DEEP: &str = "arrays and objects are nested too deeply";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use crate::json::Value;

    /// Writes the events down, one character each.
    #[derive(Default)]
    struct Notes(Vec<String>);

    impl Visitor for Notes {
        type Error = Error;

        fn event(&mut self, event: Event<'_>) -> crate::Result<()> {
            self.0.push(match event {
                Event::Null => "n".to_owned(),
                Event::Boolean(value) => if value { "t" } else { "f" }.to_owned(),
                Event::Integer(value) => format!("i{value}"),
                Event::BigInteger(digits) => format!("b{digits}"),
                Event::Float(value) => format!("d{value}"),
                Event::String(text) => format!("s{text}"),
                Event::BeginArray => "[".to_owned(),
                Event::EndArray(elements) => format!("]{elements}"),
                Event::BeginObject => "{".to_owned(),
                Event::Key(key) => format!("k{key}"),
                Event::EndObject(members) => format!("}}{members}"),
            });
            Ok(())
        }
    }

    fn refusal_of(text: impl AsRef<[u8]>) -> (&'static str, usize) {
        match Value::read(text.as_ref()) {
            Err(Error::InvalidJson { reason, offset }) => (reason, offset),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn events_come_in_the_order_of_the_text() {
        let mut notes = Notes::default();
        let text =
            " { \"a\\n\" : [ 1 , -2.5,\ttrue ],\"b\":\r\n{} , \"c\":[],\"d\":null,\"e\":false } ";
        read(text.as_bytes(), &mut notes).unwrap();
        assert_eq!("{ ka\n [ i1 d-2.5 t ]3 kb { }0 kc [ ]0 kd n ke f }5", notes.0.join(" "));
    }

    #[test]
    fn two_visitors_hear_the_same() {
        let mut both = (Notes::default(), Notes::default());
        read(br#"{"a": [1, 18446744073709551616]}"#, &mut both).unwrap();
        assert_eq!("{ ka [ i1 b18446744073709551616 ]2 }1", both.0.0.join(" "));
        assert_eq!(both.0.0, both.1.0);
        assert!(read(br#"{"a": 1, "a": 2}"#, &mut both).is_err());
    }

    #[test]
    fn every_refusal_says_why_and_where() {
        for (text, reason, offset) in [
            ("", "a value is missing", 0),
            (" \n", "a value is missing", 2),
            ("\u{FEFF}1", "the text begins with a byte order mark", 0),
            ("1\u{FEFF}", "there is text after the value", 1),
            ("1 2", "there is text after the value", 2),
            ("{} ,", "there is text after the value", 3),
            ("NaN", "there is no value here", 0),
            ("[Infinity]", "there is no value here", 1),
            ("-Infinity", "a number needs a digit", 1),
            ("+1", "there is no value here", 0),
            (".5", "there is no value here", 0),
            ("1.", "a fraction needs a digit", 2),
            ("1e", "an exponent needs a digit", 2),
            ("[01]", "a number has a leading zero", 1),
            ("1e400", "a number is too large for a float", 5),
            ("-1e400", "a number is too large for a float", 6),
            ("tru", "there is no value here", 0),
            ("nulL", "there is no value here", 0),
            ("'a'", "there is no value here", 0),
            ("[1,]", "there is no value here", 3),
            ("[1 2]", "an array goes on without a comma", 3),
            ("[1", "an array goes on without a comma", 2),
            ("[", "a value is missing", 1),
            ("{\"a\":1,}", "a key is missing", 7),
            ("{1:2}", "a key is missing", 1),
            ("{\"a\" 1}", "a colon is missing", 5),
            ("{\"a\":1 \"b\":2}", "an object goes on without a comma", 7),
            ("{\"a\":}", "there is no value here", 5),
            ("\"a", "a string has no end", 2),
            ("[\"a\nb\"]", "a string holds a control character", 3),
            ("\"\\ud800\"", "an escape is half of a surrogate pair", 1),
            ("\"ab\\x\"", "an escape is not one of JSON's", 3),
            ("{\"a\":1,\"a\":2}", "an object has a key twice", 13),
        ] {
            assert_eq!((reason, offset), refusal_of(text), "{text:?}");
        }
        assert_eq!(("the text is not UTF-8", 3), refusal_of(b"\"ab\xFF\""));
        assert_eq!(("the text is not UTF-8", 1), refusal_of(b"\"\xED\xA0\x80\""));
    }

    #[test]
    fn duplicates_are_found_wherever_they_hide() {
        for text in [
            r#"{"a":1,"b":2,"a":3}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"":1,"":2}"#,
            r#"{"x":{"a":1,"a":2}}"#,
            r#"[{"a":{"a":1},"b":[{"b":1}],"a":2}]"#,
        ] {
            assert_eq!("an object has a key twice", refusal_of(text).0, "{text}");
        }
        Value::read(br#"{"a":{"a":[{"a":1},{"a":2}]},"b":{"a":1}}"#).unwrap();
    }

    #[test]
    fn depth_ends_at_its_limit() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let nested = |depth| format!("{}1{}", open.repeat(depth), close.repeat(depth));
            Value::read(nested(MAX_DEPTH).as_bytes()).unwrap();
            let (reason, offset) = refusal_of(nested(MAX_DEPTH + 1));
            assert_eq!((TOO_DEEP, open.len() * MAX_DEPTH), (reason, offset));
            assert_eq!(TOO_DEEP, refusal_of(open.repeat(100_000)).0);
        }
    }

    /// A visitor that claims to count keys and does not is refused everything with a key.
    #[test]
    fn a_visitor_that_does_not_count_accepts_nothing() {
        struct Careless;
        impl Visitor for Careless {
            type Error = Error;
            const COUNTS_KEYS: bool = true;
            fn event(&mut self, _: Event<'_>) -> crate::Result<()> {
                Ok(())
            }
        }
        read(b"{}", &mut Careless).unwrap();
        read(br#"{"a":1}"#, &mut Careless).unwrap_err();
    }
}
