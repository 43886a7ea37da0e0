//! The grammar of RFC 8259: values, arrays, objects and what stands between them.

use std::borrow::Cow;

use super::MAX_DEPTH;
use super::keys::Keys;
use super::number::number;
use super::string::string;
use super::visitor::{Event, Visitor};
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
            Some(b'"') => {
                let text = self.string()?;
                visitor.event(Event::String(&text))
            }
            Some(b'-' | b'0'..=b'9') => {
                let value = self.number()?;
                visitor.event(value)
            }
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
        let depth = self.deeper(depth)?;
        visitor.event(Event::BeginObject)?;
        let mut members = 0;
        if self.next_token() == Some(b'}') {
            self.at += 1;
        } else {
            loop {
                if self.next_token() != Some(b'"') {
                    return self.refuse("a key is missing");
                }
                let key = self.string()?;
                visitor.event(Event::Key(&key))?;
                if !V::COUNTS_KEYS {
                    self.keys.push(key);
                }
                if self.next_token() != Some(b':') {
                    return self.refuse("a colon is missing");
                }
                self.at += 1;
                self.value(visitor, depth)?;
                members += 1;
                if self.ends(b'}', "an object goes on without a comma")? {
                    break;
                }
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
        let depth = self.deeper(depth)?;
        visitor.event(Event::BeginArray)?;
        let mut elements = 0;
        if self.next_token() == Some(b']') {
            self.at += 1;
        } else {
            loop {
                self.value(visitor, depth)?;
                elements += 1;
                if self.ends(b']', "an array goes on without a comma")? {
                    break;
                }
            }
        }
        visitor.event(Event::EndArray(elements))
    }

    /// Steps over an opening bracket and returns the depth that is left inside.
    fn deeper(&mut self, depth: usize) -> Result<usize, Error> {
        let Some(depth) = depth.checked_sub(1) else {
            return self.refuse("arrays and objects are nested too deeply");
        };
        self.at += 1;
        Ok(depth)
    }

    /// Steps over a comma or the closing bracket, and returns whether it was the bracket.
    fn ends(&mut self, bracket: u8, otherwise: &'static str) -> Result<bool, Error> {
        match self.next_token() {
            Some(b',') => {
                self.at += 1;
                Ok(false)
            }
            Some(byte) if byte == bracket => {
                self.at += 1;
                Ok(true)
            }
            _ => self.refuse(otherwise),
        }
    }

    /// Reads the string whose opening quote is next.
    fn string(&mut self) -> Result<Cow<'a, str>, Error> {
        let start = self.at + 1;
        match string(self.text.get(start..).unwrap_or_default()) {
            Ok((text, length)) => {
                self.at = start + length;
                Ok(text)
            }
            Err((reason, offset)) => Err(refusal(reason, start + offset)),
        }
    }

    fn number(&mut self) -> Result<Event<'a>, Error> {
        match number(self.text.get(self.at..).unwrap_or_default()) {
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

    #[cold]
    fn refuse<T, E: From<Error>>(&self, reason: &'static str) -> Result<T, E> {
        Err(refusal(reason, self.at).into())
    }
}

const fn refusal(reason: &'static str, offset: usize) -> Error {
    Error::InvalidJson { reason, offset }
}
