//! Many values at once, on one thread or several.
//!
//! The values are cut into chunks; who is free takes the next. A chunk's results lie in one piece
//! of memory until the caller's thread has handed them on, which it does with each chunk while the
//! other threads work. No thread outlives the call.

use core::ops::Range;
use core::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use zeroize::Zeroizing;

use super::algorithm::Algorithm;
use super::cipher::{LiveKey, Session};
use super::key::KeyId;
use super::wire;
use crate::{Error, Result, encoding};

/// What is done with each value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Decrypts.
    Open,
    /// Brings under the primary key what is under another.
    Rewrap,
    /// Encrypts.
    Seal,
}

/// A value, which stays what it is: text becomes text.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// Bytes.
    Bytes(&'a [u8]),
    /// Text.
    Text(&'a str),
}

/// What must be the same when opening as it was when sealing.
#[derive(Clone, Copy, Debug)]
pub enum AssociatedData<'a> {
    /// The same for all values.
    Common(&'a [u8]),
    /// One for each.
    Each(&'a [&'a [u8]]),
}

impl<'a> AssociatedData<'a> {
    fn of(self, position: usize) -> &'a [u8] {
        match self {
            Self::Common(data) => data,
            Self::Each(each) => each.get(position).copied().unwrap_or_default(),
        }
    }
}

/// What became of a value.
#[derive(Debug)]
pub enum Outcome<'a> {
    /// A result, which is wiped after it has been handed on.
    Made(Value<'a>),
    /// It was under the primary key already.
    Unchanged,
}

/// A batch: what is to be done with which values.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// What is done.
    pub work: Work,
    /// With which values.
    pub values: &'a [Value<'a>],
    /// And with which associated data.
    pub associated_data: AssociatedData<'a>,
}

impl<A: Algorithm> Session<A> {
    /// Does a batch's work and hands each result to `each` with the number of its value, on this
    /// thread and in no particular order.
    ///
    /// `away` runs what it is given and may let go meanwhile of what only `each` needs.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if there are not as many associated data as values, or `threads` is
    /// zero. What fails for one value is told to `each`.
    pub fn batch(
        &self,
        batch: Batch<'_>,
        threads: usize,
        away: impl Fn(&mut (dyn FnMut() + Send)),
        mut each: impl FnMut(usize, Result<Outcome<'_>>),
    ) -> Result<()> {
        if let AssociatedData::Each(each) = batch.associated_data
            && each.len() != batch.values.len()
        {
            return Err(Error::InvalidInput("there is not one associated data for each value"));
        }
        if threads == 0 {
            return Err(Error::InvalidInput("a batch takes at least one thread"));
        }
        let chunks = chunks(batch.values);
        let next = AtomicUsize::new(0);
        let take = || chunks.get(next.fetch_add(1, Ordering::Relaxed)).cloned();
        let helpers = (threads.min(MOST_THREADS) - 1).min(chunks.len().saturating_sub(1));
        let (sender, mut receiver) = mpsc::channel();

        thread::scope(|scope| {
            for _ in 0..helpers {
                let (sender, take) = (sender.clone(), &take);
                let work = move || {
                    while let Some(range) = take() {
                        let mut done = Done::default();
                        done.fill(self, batch, range);
                        // Nobody listens any more if the caller's thread panicked.
                        let _ = sender.send(done);
                    }
                };
                // Whoever cannot have a thread does without.
                let _ = thread::Builder::new().spawn_scoped(scope, work);
            }
            drop(sender);

            let mut done = Done::default();
            while let Some(range) = take() {
                if is_short(batch.values, &range) {
                    done.fill(self, batch, range);
                } else {
                    away(&mut || done.fill(self, batch, range.clone()));
                }
                done.hand_on(&mut each);
                for theirs in receiver.try_iter() {
                    theirs.hand_on(&mut each);
                }
            }
            loop {
                let mut theirs = None;
                if helpers > 0 {
                    away(&mut || {
                        let receiver: &mut mpsc::Receiver<Done> = &mut receiver;
                        theirs = receiver.recv().ok();
                    });
                }
                let Some(theirs) = theirs else { break };
                theirs.hand_on(&mut each);
            }
        });
        Ok(())
    }
}

/// The results of one chunk.
#[derive(Default)]
struct Done {
    first: usize,
    memory: Zeroizing<Vec<u8>>,
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
    fn fill<A: Algorithm>(&mut self, session: &Session<A>, batch: Batch<'_>, range: Range<usize>) {
        self.first = range.start;
        self.results.clear();
        let values = batch.values.get(range.clone()).unwrap_or_default();
        // Never grown, so that no piece of it stays behind in memory.
        let room = values.iter().map(|value| batch.work.room::<A>(value)).sum();
        if self.memory.capacity() < room {
            self.memory = Zeroizing::new(Vec::with_capacity(room));
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

    fn hand_on(&self, each: &mut impl FnMut(usize, Result<Outcome<'_>>)) {
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
                    let text = str::from_utf8(made(end)).map_err(|_| NOT_TEXT)?;
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

impl Value<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::Text(text) => text.len(),
        }
    }
}

/// What the values of a chunk have in common.
struct Run<A: Algorithm> {
    sealing: A::Run,
    opening: A::Run,
    opening_under: Option<u32>,
    /// Bodies of text, which are not text yet or no longer.
    body: Zeroizing<Vec<u8>>,
    plaintext: Zeroizing<Vec<u8>>,
}

impl<A: Algorithm> Default for Run<A> {
    fn default() -> Self {
        Self {
            sealing: A::Run::default(),
            opening: A::Run::default(),
            opening_under: None,
            body: Zeroizing::default(),
            plaintext: Zeroizing::default(),
        }
    }
}

impl<A: Algorithm> Run<A> {
    /// Appends the result to `memory`, unless there is nothing to be done: then it is false.
    fn one(
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
fn reserve(memory: &mut Zeroizing<Vec<u8>>, length: usize) {
    if memory.capacity() < length {
        *memory = Zeroizing::new(Vec::with_capacity(length));
    }
}

/// Cuts values into pieces that stay in a processor's cache.
fn chunks(values: &[Value<'_>]) -> Vec<Range<usize>> {
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
fn is_short(values: &[Value<'_>], range: &Range<usize>) -> bool {
    let values = values.get(range.clone()).unwrap_or_default();
    values.len() < 16 && values.iter().map(Value::len).sum::<usize>() < CHUNK / 8
}

/// Bytes of the values of a chunk, each counted as [`VALUE`] more; so at most 1024 values.
const CHUNK: usize = 64 * 1024;
const VALUE: usize = 64;

/// More than machines have processors to gain from.
const MOST_THREADS: usize = 256;

const NOT_TEXT: Error = Error::InvalidInput("the value that was sealed is not UTF-8 text");
