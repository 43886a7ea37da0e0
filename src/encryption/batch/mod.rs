//! Many values at once, on one thread or several.
//!
//! The values are cut into chunks; who is free takes the next. A chunk's results lie in one piece
//! of memory until the caller's thread has handed them on, which it does with each chunk while the
//! other threads work. No thread outlives the call.

mod chunk;
mod run;

use core::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use self::chunk::Done;
use super::algorithm::Algorithm;
use super::cipher::Session;
use crate::{Error, Result, threads};

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
        let chunks = chunk::cut(batch.values);
        let next = AtomicUsize::new(0);
        let take = || chunks.get(next.fetch_add(1, Ordering::Relaxed)).cloned();
        let helpers = (threads.min(MOST_THREADS) - 1).min(chunks.len().saturating_sub(1));
        let (sender, mut receiver) = mpsc::channel();

        let taken = &take;
        let recruit = move || {
            let sender = sender.clone();
            move || {
                let (back, used) = mpsc::channel();
                while let Some(range) = taken() {
                    let mut done: Done = used.try_recv().unwrap_or_default();
                    done.fill(self, batch, range);
                    // Nobody listens any more if the caller's thread panicked.
                    let _ = sender.send(Filled { done, back: back.clone() });
                }
            }
        };
        threads::beside(helpers, recruit, || {
            let mut done = Done::default();
            while let Some(range) = take() {
                if chunk::is_short(batch.values, &range) {
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
                        let receiver: &mut mpsc::Receiver<Filled> = &mut receiver;
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

/// A chunk's results on their way, and where their memory is wanted back: new memory, wiped after
/// each chunk, takes longer than the encryption.
struct Filled {
    done: Done,
    back: mpsc::Sender<Done>,
}

impl Filled {
    fn hand_on(self, each: &mut impl FnMut(usize, Result<Outcome<'_>>)) {
        self.done.hand_on(each);
        // If it is not wanted any more, it is wiped here.
        let _ = self.back.send(self.done);
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

/// More than machines have processors to gain from.
const MOST_THREADS: usize = 256;
