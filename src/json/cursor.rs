//! A place in a JSON text, and the tokens that are read there.

use super::visitor::Event;
use super::{number, string};
use crate::Error;

/// What is read of a text, and how far.
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Skips white space and returns the byte after it.
    #[inline]
    pub(super) fn next_token(&mut self) -> Option<u8> {
        loop {
            match self.text.as_bytes().get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                byte => return byte.copied(),
            }
        }
    }

    /// Skips white space and then `byte`, if it is next; returns whether it was.
    #[inline]
    pub(super) fn skip(&mut self, byte: u8) -> bool {
        let found = self.next_token() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Steps over one byte that is ASCII.
    #[inline]
    pub(super) const fn step(&mut self) {
        self.at += 1;
    }

    /// Skips `text`, if it is next; returns whether it was.
    #[inline]
    pub(super) fn skip_text(&mut self, text: &str) -> bool {
        let found = self.text.get(self.at..).is_some_and(|rest| rest.starts_with(text));
        if found {
            self.at += text.len();
        }
        found
    }

    /// Reads the string whose opening quote is next, if it has no escape and no fault.
    #[inline]
    pub(super) fn plain_string(&mut self) -> Option<&'a str> {
        let rest = self.text.get(self.at + 1..)?;
        let text = string::plain(rest)?;
        self.at += text.len() + 2;
        Some(text)
    }

    /// Reads the string whose opening quote is next, whatever is in it.
    #[cold]
    pub(super) fn escaped_string(&mut self) -> Result<String, Error> {
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
    pub(super) fn short_integer(&mut self) -> Option<i64> {
        let (value, length) = number::short_integer(self.text.as_bytes().get(self.at..)?)?;
        self.at += length;
        Some(value)
    }

    /// Reads the number that is next, whatever it is.
    #[cold]
    pub(super) fn number(&mut self) -> Result<Event<'a>, Error> {
        match number::number(self.text.get(self.at..).unwrap_or_default()) {
            Ok((value, length)) => {
                self.at += length;
                Ok(value)
            }
            Err((reason, offset)) => Err(refusal(reason, self.at + offset)),
        }
    }

    /// Whether the text begins here, and with U+FEFF.
    pub(super) fn is_at_byte_order_mark(&self) -> bool {
        self.at == 0 && self.text.starts_with('\u{FEFF}')
    }

    /// Refuses the text because of what stands here.
    #[cold]
    pub(super) fn refuse<T, E: From<Error>>(&self, reason: &'static str) -> Result<T, E> {
        Err(refusal(reason, self.at).into())
    }
}

pub(super) const fn refusal(reason: &'static str, offset: usize) -> Error {
    Error::InvalidJson { reason, offset }
}
