//! The grammar of RFC 8259: values, arrays, objects and what stands between them.

use std::borrow::Cow;

use super::keys::Keys;
use super::visitor::{Event, Visitor};
use super::{MAX_DEPTH, number, string};
use crate::Error;

/// Reads one JSON text and tells `visitor` of it.
///
/// # Errors
///
/// [`Error::InvalidJson`] for everything the [module](super) refuses; the visitor's own error.
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
    let mut reader = Reader { text, at: 0, keys: Keys::default() };
    reader.value(visitor, MAX_DEPTH)?;
    match reader.next_token() {
        None => Ok(()),
        Some(_) => reader.refuse("there is text after the value"),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Empty for a visitor that counts keys itself.
    keys: Keys<'a>,
}

impl<'a> Reader<'a> {
    /// Reads a value in which `depth` arrays and objects may stand inside each other.
    fn value<V: Visitor>(&mut self, visitor: &mut V, depth: usize) -> Result<(), V::Error> {
        match self.next_token() {
            Some(b'"') => match self.plain_string() {
                Some(text) => visitor.event(Event::String(text)),
                None => visitor.event(Event::String(&self.escaped_string()?)),
            },
            Some(b'-' | b'0'..=b'9') => match self.short_integer() {
                Some(value) => visitor.event(Event::Integer(value)),
                None => visitor.event(self.number()?),
            },
            Some(b'{') => self.object(visitor, depth),
            Some(b'[') => self.array(visitor, depth),
            Some(b't') => self.literal("true", visitor, Event::Boolean(true)),
            Some(b'f') => self.literal("false", visitor, Event::Boolean(false)),
            Some(b'n') => self.literal("null", visitor, Event::Null),
            None => self.refuse("a value is missing"),
            Some(_) if self.at == 0 && self.text.starts_with('\u{FEFF}') => {
                self.refuse("the text begins with a byte order mark")
            }
            Some(_) => self.refuse("there is no value here"),
        }
    }

    fn object<V: Visitor>(&mut self, visitor: &mut V, depth: usize) -> Result<(), V::Error> {
        let Some(depth) = depth.checked_sub(1) else { return self.refuse(TOO_DEEP) };
        self.at += 1;
        visitor.event(Event::BeginObject)?;
        let mut members = 0;
        if !self.skip(b'}') {
            loop {
                self.key(visitor)?;
                if !self.skip(b':') {
                    return self.refuse("a colon is missing");
                }
                self.value(visitor, depth)?;
                members += 1;
                if self.skip(b',') {
                    continue;
                }
                if self.skip(b'}') {
                    break;
                }
                return self.refuse("an object goes on without a comma");
            }
        }
        visitor.event(Event::EndObject(members))?;
        let distinct = if V::COUNTS_KEYS {
            visitor.distinct_keys() == members
        } else {
            self.keys.pop_distinct(members)
        };
        if distinct { Ok(()) } else { self.refuse("an object has a key twice") }
    }

    fn array<V: Visitor>(&mut self, visitor: &mut V, depth: usize) -> Result<(), V::Error> {
        let Some(depth) = depth.checked_sub(1) else { return self.refuse(TOO_DEEP) };
        self.at += 1;
        visitor.event(Event::BeginArray)?;
        let mut elements = 0;
        if !self.skip(b']') {
            loop {
                self.value(visitor, depth)?;
                elements += 1;
                if self.skip(b',') {
                    continue;
                }
                if self.skip(b']') {
                    break;
                }
                return self.refuse("an array goes on without a comma");
            }
        }
        visitor.event(Event::EndArray(elements))
    }

    fn key<V: Visitor>(&mut self, visitor: &mut V) -> Result<(), V::Error> {
        if self.next_token() != Some(b'"') {
            return self.refuse("a key is missing");
        }
        if let Some(key) = self.plain_string() {
            visitor.event(Event::Key(key))?;
            if !V::COUNTS_KEYS {
                self.keys.push(Cow::Borrowed(key));
            }
        } else {
            let key = self.escaped_string()?;
            visitor.event(Event::Key(&key))?;
            if !V::COUNTS_KEYS {
                self.keys.push(Cow::Owned(key));
            }
        }
        Ok(())
    }

    /// Reads the string whose opening quote is next, if it has no escape and no fault.
    #[inline]
    fn plain_string(&mut self) -> Option<&'a str> {
        let rest = self.text.get(self.at + 1..)?;
        let text = string::plain(rest)?;
        self.at += text.len() + 2;
        Some(text)
    }

    /// Reads the string whose opening quote is next, whatever is in it.
    #[cold]
    fn escaped_string(&mut self) -> Result<String, Error> {
        let start = self.at + 1;
        match string::escaped(self.text.get(start..).unwrap_or_default()) {
            Ok((text, length)) => {
                self.at = start + length;
                Ok(text)
            }
            Err((reason, offset)) => Err(refusal(reason, start + offset)),
        }
    }

    /// Reads the number that is next, if it is an integer of few digits and has no fault.
    #[inline]
    fn short_integer(&mut self) -> Option<i64> {
        let (value, length) = number::short_integer(self.text.as_bytes().get(self.at..)?)?;
        self.at += length;
        Some(value)
    }

    /// Reads the number that is next, whatever it is.
    #[cold]
    fn number(&mut self) -> Result<Event<'a>, Error> {
        match number::number(self.text.get(self.at..).unwrap_or_default()) {
            Ok((value, length)) => {
                self.at += length;
                Ok(value)
            }
            Err((reason, offset)) => Err(refusal(reason, self.at + offset)),
        }
    }

    fn literal<V: Visitor>(
        &mut self,
        literal: &str,
        visitor: &mut V,
        event: Event<'_>,
    ) -> Result<(), V::Error> {
        if !self.text.get(self.at..).is_some_and(|rest| rest.starts_with(literal)) {
            return self.refuse("there is no value here");
        }
        self.at += literal.len();
        visitor.event(event)
    }

    /// Skips white space and returns the byte after it.
    #[inline]
    fn next_token(&mut self) -> Option<u8> {
        loop {
            match self.text.as_bytes().get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                byte => return byte.copied(),
            }
        }
    }

    /// Skips white space and then `byte`, if it is next; returns whether it was.
    #[inline]
    fn skip(&mut self, byte: u8) -> bool {
        let found = self.next_token() == Some(byte);
        self.at += usize::from(found);
        found
    }

    #[cold]
    fn refuse<T, E: From<Error>>(&self, reason: &'static str) -> Result<T, E> {
        Err(refusal(reason, self.at).into())
    }
}

const fn refusal(reason: &'static str, offset: usize) -> Error {
    Error::InvalidJson { reason, offset }
}

const TOO_DEEP: &str = "arrays and objects are nested too deeply";
