//! A caller's place in the queue, and the permit that comes of it.

use core::sync::atomic::Ordering;
use core::time::Duration;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use super::LIMITER;
use super::queue::{Limiter, Turn, Wake};
use crate::passwords::params::Parameters;
use crate::platform::fork;
use crate::{Error, Result};

/// The right to run one hash. Given back when dropped.
#[derive(Debug)]
pub struct Permit {
    limiter: &'static Limiter,
    generation: u64,
    memory: usize,
    permits: usize,
    since: Instant,
}

impl Permit {
    /// How many threads the hash may use: those that nobody else asks for.
    #[must_use]
    pub const fn threads(&self) -> usize {
        self.permits
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        // In a forked child this is the parent's limiter, and its lock may be held for ever.
        if self.generation != fork::generation() {
            return;
        }
        self.limiter.give_back(self.permits, self.memory, self.since.elapsed());
    }
}

/// A place in the queue, or already the permit. Given up when dropped.
#[derive(Debug)]
pub struct Ticket {
    limiter: &'static Limiter,
    generation: u64,
    memory: usize,
    lanes: usize,
    deadline: Instant,
    turn: Arc<Turn>,
    claimed: bool,
}

impl Ticket {
    /// Queues for a hash with these parameters; the calling thread is woken.
    ///
    /// # Errors
    ///
    /// [`Error::HashingBusy`] if the queue is full; [`Error::HashParameters`] if the hash takes more
    /// than [`Limits::max_memory`].
    pub fn for_thread(parameters: &Parameters) -> Result<Self> {
        Self::new(parameters, this_thread())
    }

    /// Queues for what is computed on one thread, in so many bytes, and is no argon2; the calling
    /// thread is woken.
    ///
    /// # Errors
    ///
    /// As [`Self::for_thread`].
    pub fn of_bytes_for_thread(memory: usize) -> Result<Self> {
        Self::of_bytes(memory, this_thread())
    }

    /// Queues for what is computed on one thread, in so many bytes, and is no argon2.
    ///
    /// # Errors
    ///
    /// As [`Self::new`].
    pub fn of_bytes(memory: usize, wake: Wake) -> Result<Self> {
        Self::enter(LIMITER.get(), memory, 1, wake)
    }

    /// Queues for a hash with these parameters; `wake` is called, on another thread, when it may
    /// run. It must not block.
    ///
    /// # Errors
    ///
    /// [`Error::HashingBusy`] if the queue is full; [`Error::HashParameters`] if the hash takes more
    /// than [`Limits::max_memory`].
    pub fn new(parameters: &Parameters, wake: Wake) -> Result<Self> {
        let lanes = parameters.parallelism as usize;
        Self::enter(LIMITER.get(), parameters.memory_bytes(), lanes, wake)
    }

    pub(super) fn enter(
        limiter: &'static Limiter,
        memory: usize,
        lanes: usize,
        wake: Wake,
    ) -> Result<Self> {
        let (turn, deadline) = limiter.enter(memory, wake)?;
        let generation = fork::generation();
        Ok(Self { limiter, generation, memory, lanes, deadline, turn, claimed: false })
    }

    /// Waits for the permit on the thread that made this ticket. `interrupted` is asked several
    /// times a second whether to stop.
    ///
    /// # Errors
    ///
    /// [`Error::HashingBusy`] if the time to wait is over; [`Error::Interrupted`].
    pub fn block(mut self, mut interrupted: impl FnMut() -> bool) -> Result<Permit> {
        loop {
            if let Some(permit) = self.claim()? {
                return Ok(permit);
            }
            if interrupted() {
                return Err(Error::Interrupted);
            }
            thread::park_timeout(self.remaining().min(BETWEEN_QUESTIONS));
        }
    }

    /// The permit, if it is this ticket's turn.
    ///
    /// # Errors
    ///
    /// [`Error::HashingBusy`] if the time to wait is over, or the ticket was drawn by a parent
    /// process.
    pub fn claim(&mut self) -> Result<Option<Permit>> {
        if self.generation != fork::generation() {
            return Err(Error::HashingBusy { retry_after_seconds: 1 });
        }
        if self.turn.granted.load(Ordering::Acquire) {
            self.claimed = true;
            let permits = self.limiter.widen(self.lanes);
            return Ok(Some(Permit {
                limiter: self.limiter,
                generation: self.generation,
                memory: self.memory,
                permits,
                since: Instant::now(),
            }));
        }
        if Instant::now() >= self.deadline {
            return Err(self.limiter.too_late());
        }
        Ok(None)
    }

    /// How long this ticket may still wait.
    #[must_use]
    pub fn remaining(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if !self.claimed && self.generation == fork::generation() {
            self.limiter.leave(&self.turn, self.memory);
        }
    }
}

fn this_thread() -> Wake {
    let thread = thread::current();
    Box::new(move || thread.unpark())
}

const BETWEEN_QUESTIONS: Duration = Duration::from_millis(50);
