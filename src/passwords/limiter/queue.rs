//! Who runs, who waits, and who is next.

use core::fmt;
use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::limits::{CONFIGURED, Limits, Stats};
use crate::{Error, Result};

#[derive(Debug)]
pub(super) struct Limiter(Mutex<State>);

#[derive(Debug)]
pub(super) struct State {
    pub(super) limits: Limits,
    pub(super) stats: Stats,
    /// Permits in use, of which a hash may have several.
    pub(super) permits: usize,
    pub(super) queue: VecDeque<Waiting>,
    /// How long a hash has taken lately.
    typical: Duration,
}

pub(super) struct Waiting {
    memory: usize,
    turn: Arc<Turn>,
    wake: Wake,
}

impl fmt::Debug for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting").field("memory", &self.memory).finish_non_exhaustive()
    }
}

#[derive(Debug, Default)]
pub(super) struct Turn {
    pub(super) granted: AtomicBool,
}

/// Somebody whose turn it is, to be told when the lock has been given back.
pub(super) struct Admitted(Wake);

impl Admitted {
    pub(super) fn wake(self) {
        (self.0)();
    }
}

impl Limiter {
    pub(super) fn new() -> Self {
        Self(Mutex::new(State {
            limits: CONFIGURED.load(),
            stats: Stats::default(),
            permits: 0,
            queue: VecDeque::new(),
            typical: Duration::from_millis(100),
        }))
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place in the queue, or the turn at once, and until when to wait for it.
    pub(super) fn enter(&self, memory: usize, wake: Wake) -> Result<(Arc<Turn>, Instant)> {
        let turn = Arc::new(Turn::default());
        let mut state = self.state();
        if memory > state.limits.max_memory {
            return Err(Error::HashParameters("the hash asks for more than max_memory"));
        }
        let timeout = state.limits.queue_timeout;
        if state.queue.is_empty() && state.fits(memory) {
            state.start(memory);
            turn.granted.store(true, Ordering::Release);
        } else if state.queue.len() >= state.limits.max_queue {
            state.stats.refused += 1;
            return Err(state.busy());
        } else {
            state.queue.push_back(Waiting { memory, turn: Arc::clone(&turn), wake });
        }
        drop(state);
        let deadline = Instant::now().checked_add(timeout).unwrap_or_else(far_away);
        Ok((turn, deadline))
    }

    /// Takes more permits for the lanes of a hash, if nobody waits for them.
    pub(super) fn widen(&self, lanes: usize) -> usize {
        let mut state = self.state();
        if !state.queue.is_empty() {
            return 1;
        }
        let more = state.limits.max_concurrency.saturating_sub(state.permits).min(lanes - 1);
        state.permits += more;
        1 + more
    }

    pub(super) fn give_back(&self, permits: usize, memory: usize, took: Duration) {
        let woken = {
            let mut state = self.state();
            state.permits = state.permits.saturating_sub(permits);
            state.stats.running = state.stats.running.saturating_sub(1);
            state.stats.memory = state.stats.memory.saturating_sub(memory);
            state.typical = (state.typical * 7 + took) / 8;
            state.admit()
        };
        woken.into_iter().for_each(Admitted::wake);
    }

    /// Somebody stops waiting, or was admitted and will not run.
    pub(super) fn leave(&self, turn: &Arc<Turn>, memory: usize) {
        let mut state = self.state();
        if let Some(place) = state.queue.iter().position(|w| Arc::ptr_eq(&w.turn, turn)) {
            let gone = state.queue.remove(place);
            let woken = state.admit();
            drop(state);
            // Not before: what tells a waiting caller is not ours, nor what its end may run.
            drop(gone);
            woken.into_iter().for_each(Admitted::wake);
        } else {
            let typical = state.typical;
            drop(state);
            self.give_back(1, memory, typical);
        }
    }

    pub(super) fn too_late(&self) -> Error {
        let mut state = self.state();
        state.stats.timed_out += 1;
        state.busy()
    }
}

impl State {
    fn fits(&self, memory: usize) -> bool {
        self.permits < self.limits.max_concurrency
            // Whoever came before the limit was lowered runs alone.
            && (self.stats.running == 0
                || self.stats.memory.saturating_add(memory) <= self.limits.max_memory)
    }

    fn start(&mut self, memory: usize) {
        self.permits += 1;
        self.stats.running += 1;
        self.stats.memory = self.stats.memory.saturating_add(memory);
        self.stats.admitted += 1;
    }

    /// Admits those at the head of the queue for whom there is room.
    pub(super) fn admit(&mut self) -> Vec<Admitted> {
        let mut admitted = Vec::new();
        while self.queue.front().is_some_and(|next| self.fits(next.memory)) {
            let Some(next) = self.queue.pop_front() else { break };
            self.start(next.memory);
            next.turn.granted.store(true, Ordering::Release);
            admitted.push(Admitted(next.wake));
        }
        admitted
    }

    /// When to come again: after those who wait now, as fast as hashes have been lately.
    fn busy(&self) -> Error {
        let rounds = self.queue.len() / self.limits.max_concurrency + 1;
        let wait = self.typical.saturating_mul(u32::try_from(rounds).unwrap_or(u32::MAX));
        let seconds = wait.as_secs().clamp(1, 60);
        Error::HashingBusy { retry_after_seconds: u32::try_from(seconds).unwrap_or(60) }
    }
}

/// What tells a waiting caller that it is its turn.
pub type Wake = Box<dyn FnOnce() + Send>;

fn far_away() -> Instant {
    Instant::now() + Duration::from_secs(365 * 24 * 3600)
}
