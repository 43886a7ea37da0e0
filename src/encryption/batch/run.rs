//! One value after the other, under what they have in common.

use super::{Value, Work};
use crate::encryption::algorithm::Algorithm;
use crate::encryption::cipher::{LiveKey, Session};
use crate::encryption::key::KeyId;
use crate::encryption::wire;
use crate::secret::SecretBuffer;
use crate::{Error, Result, encoding};

/// What the values of a chunk have in common.
pub(super) struct Run<A: Algorithm> {
    sealing: A::Run,
    opening: A::Run,
    opening_under: Option<u32>,
    /// Bodies of text, which are not text yet or no longer.
    body: SecretBuffer,
    plaintext: SecretBuffer,
}

impl<A: Algorithm> Default for Run<A> {
    fn default() -> Self {
        Self {
            sealing: A::Run::default(),
            opening: A::Run::default(),
            opening_under: None,
            body: SecretBuffer::default(),
            plaintext: SecretBuffer::default(),
        }
    }
}

impl<A: Algorithm> Run<A> {
    /// Appends the result to `memory`, unless there is nothing to be done: then it is false.
    pub(super) fn one(
        &mut self,
        session: &Session<A>,
        work: Work,
        value: Value<'_>,
        associated_data: &[u8],
        memory: &mut Vec<u8>,
    ) -> Result<bool> {
        match work {
            Work::Seal => self.seal(session.primary()?, value, associated_data, memory)?,
            Work::Open => self.open(session, value, associated_data, memory)?,
            Work::Rewrap if session.is_primary(key_id::<A>(value)?) => return Ok(false),
            Work::Rewrap => {
                let mut plaintext = core::mem::take(&mut self.plaintext);
                plaintext.clear();
                reserve(&mut plaintext, value.len());
                let result = self.open(session, value, associated_data, &mut plaintext);
                let text = result.and_then(|()| match value {
                    Value::Bytes(_) => Ok(Value::Bytes(&plaintext)),
                    Value::Text(_) => {
                        str::from_utf8(&plaintext).map(Value::Text).map_err(|_| NOT_TEXT)
                    }
                });
                let result = text
                    .and_then(|text| self.seal(session.primary()?, text, associated_data, memory));
                self.plaintext = plaintext;
                result?;
            }
        }
        Ok(true)
    }

    fn seal(
        &mut self,
        key: &LiveKey<A>,
        value: Value<'_>,
        associated_data: &[u8],
        memory: &mut Vec<u8>,
    ) -> Result<()> {
        match value {
            Value::Bytes(bytes) => {
                memory.extend_from_slice(&key.bytes_header);
                let body = grow(memory, bytes.len() + A::FORMAT.overhead());
                key.algorithm.seal_next(&mut self.sealing, bytes, associated_data, body)
            }
            Value::Text(text) => {
                self.body.clear();
                reserve(&mut self.body, text.len() + A::FORMAT.overhead());
                self.body.resize(text.len() + A::FORMAT.overhead(), 0);
                let (text, run) = (text.as_bytes(), &mut self.sealing);
                key.algorithm.seal_next(run, text, associated_data, &mut self.body)?;
                memory.extend_from_slice(key.text_header.as_bytes());
                encoding::base64url_append_bytes(&self.body, memory);
                Ok(())
            }
        }
    }

    fn open(
        &mut self,
        session: &Session<A>,
        value: Value<'_>,
        associated_data: &[u8],
        memory: &mut Vec<u8>,
    ) -> Result<()> {
        let (id, body) = match value {
            Value::Bytes(bytes) => wire::split_bytes(bytes)?,
            Value::Text(text) => {
                let (id, body) = A::FORMAT.split_text(text)?;
                self.body.clear();
                reserve(&mut self.body, body.len());
                encoding::base64url_decode_append(body, &mut self.body)
                    .map_err(|_| Error::Decryption)?;
                (id, &**self.body)
            }
        };
        let key = session.find_key(id)?;
        if self.opening_under != Some(id) {
            self.opening = A::Run::default();
            self.opening_under = Some(id);
        }
        let length = body.len().checked_sub(A::FORMAT.overhead()).ok_or(Error::Decryption)?;
        let plaintext = grow(memory, length);
        key.algorithm.open_next(&mut self.opening, body, associated_data, plaintext)
    }
}

fn key_id<A: Algorithm>(value: Value<'_>) -> Result<KeyId> {
    match value {
        Value::Bytes(bytes) => A::FORMAT.key_id_of_bytes(bytes),
        Value::Text(text) => A::FORMAT.key_id_of_text(text),
    }
}

/// Appends `length` bytes and returns them.
fn grow(memory: &mut Vec<u8>, length: usize) -> &mut [u8] {
    let start = memory.len();
    memory.resize(start + length, 0);
    memory.get_mut(start..).unwrap_or_default()
}

/// Makes room without leaving a copy of secrets behind: what grows is empty.
fn reserve(memory: &mut SecretBuffer, length: usize) {
    if memory.capacity() < length {
        *memory = SecretBuffer::with_capacity(length);
    }
}

pub(super) const NOT_TEXT: Error =
    Error::InvalidInput("the value that was sealed is not UTF-8 text");
