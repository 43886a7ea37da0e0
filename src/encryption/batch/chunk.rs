//! The pieces that a batch is cut into, and what became of one.

use core::ops::Range;

use super::run::{self, Run};
use super::{Batch, Outcome, Value, Work};
use crate::Result;
use crate::encryption::algorithm::Algorithm;
use crate::encryption::cipher::Session;
use crate::secret::SecretBuffer;

/// The results of one chunk.
#[derive(Default)]
pub(super) struct Done {
    first: usize,
    memory: SecretBuffer,
    results: Vec<Result<Place>>,
}

#[derive(Clone, Copy)]
enum Place {
    Bytes { end: usize },
    Text { end: usize },
    Unchanged,
}

impl Done {
    /// Replaces what is here by the results of a chunk.
    pub(super) fn fill<A: Algorithm>(
        &mut self,
        session: &Session<A>,
        batch: Batch<'_>,
        range: Range<usize>,
    ) {
        self.first = range.start;
        self.results.clear();
        let values = batch.values.get(range.clone()).unwrap_or_default();
        // Never grown, so that no piece of it stays behind in memory.
        let room = values.iter().map(|value| batch.work.room::<A>(value)).sum();
        if self.memory.capacity() < room {
            self.memory = SecretBuffer::with_capacity(room);
        }
        self.memory.clear();
        let mut run = Run::<A>::default();
        for (position, value) in range.zip(values) {
            let before = self.memory.len();
            let associated_data = batch.associated_data.of(position);
            let result = run.one(session, batch.work, *value, associated_data, &mut self.memory);
            if result.is_err() {
                self.memory.truncate(before);
            }
            self.results.push(result.map(|changed| match value {
                _ if !changed => Place::Unchanged,
                Value::Bytes(_) => Place::Bytes { end: self.memory.len() },
                Value::Text(_) => Place::Text { end: self.memory.len() },
            }));
        }
    }

    pub(super) fn hand_on(&self, each: &mut impl FnMut(usize, Result<Outcome<'_>>)) {
        let mut start = 0;
        for (position, result) in (self.first..).zip(&self.results) {
            let mut made = |end| {
                let bytes = self.memory.get(start..end).unwrap_or_default();
                start = end;
                bytes
            };
            let outcome = result.and_then(|place| match place {
                Place::Bytes { end } => Ok(Outcome::Made(Value::Bytes(made(end)))),
                Place::Text { end } => {
                    let text = str::from_utf8(made(end)).map_err(|_| run::NOT_TEXT)?;
                    Ok(Outcome::Made(Value::Text(text)))
                }
                Place::Unchanged => Ok(Outcome::Unchanged),
            });
            each(position, outcome);
        }
    }
}

impl Work {
    /// At most how long a result is.
    fn room<A: Algorithm>(self, value: &Value<'_>) -> usize {
        match (self, value) {
            (Self::Seal, Value::Bytes(bytes)) => A::FORMAT.ciphertext_length(bytes.len()),
            (Self::Seal, Value::Text(text)) => A::FORMAT.text_length(text.len()),
            // Not longer than what they are made of.
            (Self::Open | Self::Rewrap, value) => value.len(),
        }
    }
}

/// Cuts values into pieces that stay in a processor's cache.
pub(super) fn cut(values: &[Value<'_>]) -> Vec<Range<usize>> {
    let mut chunks = Vec::new();
    let (mut start, mut bytes) = (0, 0_usize);
    for (position, value) in values.iter().enumerate() {
        bytes = bytes.saturating_add(value.len() + VALUE);
        if bytes >= CHUNK {
            chunks.push(start..position + 1);
            (start, bytes) = (position + 1, 0);
        }
    }
    if start < values.len() {
        chunks.push(start..values.len());
    }
    chunks
}

/// Whether a chunk takes less time than going away and coming back would be worth.
pub(super) fn is_short(values: &[Value<'_>], range: &Range<usize>) -> bool {
    let values = values.get(range.clone()).unwrap_or_default();
    values.len() < 16 && values.iter().map(Value::len).sum::<usize>() < CHUNK / 8
}

/// Bytes of the values of a chunk, each counted as [`VALUE`] more; so at most 1024 values.
const CHUNK: usize = 64 * 1024;
const VALUE: usize = 64;
