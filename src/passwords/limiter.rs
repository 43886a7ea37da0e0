//! How many hashes run at once, and how much memory they take together.
//!
//! Hashing is meant to be expensive, so a flood of logins is a denial of service unless somebody
//! counts. The limiter is taken before memory is, in order of arrival. Whoever finds the queue
//! full, or waits too long, is told when to come again. A forked child starts with an empty queue and the same limits.

use core::fmt;
use core::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use core::time::Duration;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use super::params::Parameters;
use crate::platform::fork::{self, PerProcess};
use crate::{Error, Result};

/// What may happen at the same time, in this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Hashes, and threads of theirs, at once; at least 1.
    pub max_concurrency: usize,
    /// Bytes that all of them may take together, and so the most that a single one may ask for.
    pub max_memory: usize,
    /// How many may wait.
    pub max_queue: usize,
    /// How long one may wait.
    pub queue_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let max_concurrency = thread::available_parallelism().map_or(1, usize::from);
        Self {
            max_concurrency,
            max_memory: 1 << 30,
            max_queue: 1024,
            queue_timeout: Duration::from_secs(30),
        }
    }
}

/// What happens at present, and what has happened since the process began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Hashes that run now.
    pub running: usize,
    /// Callers that wait now.
    pub waiting: usize,
    /// Bytes that the running ones take.
    pub memory: usize,
    /// Hashes that were allowed to run.
    pub admitted: u64,
    /// Callers that found the queue full.
    pub refused: u64,
    /// Callers that waited too long.
    pub timed_out: u64,
}

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
        LIMITER.get().enter(memory, 1, wake)
    }

    /// Queues for a hash with these parameters; `wake` is called, on another thread, when it may
    /// run. It must not block.
    ///
    /// # Errors
    ///
    /// [`Error::HashingBusy`] if the queue is full; [`Error::HashParameters`] if the hash takes more
    /// than [`Limits::max_memory`].
    pub fn new(parameters: &Parameters, wake: Wake) -> Result<Self> {
        LIMITER.get().enter(parameters.memory_bytes(), parameters.parallelism as usize, wake)
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

/// What tells a waiting caller that it is its turn.
pub type Wake = Box<dyn FnOnce() + Send>;

fn this_thread() -> Wake {
    let thread = thread::current();
    Box::new(move || thread.unpark())
}

/// Changes the limits, from now on and for those who wait.
///
/// # Errors
///
/// [`Error::InvalidInput`] if nothing could ever run.
pub fn set_limits(limits: Limits) -> Result<()> {
    if limits.max_concurrency == 0 {
        return Err(Error::InvalidInput("max_concurrency is at least 1"));
    }
    CONFIGURED.store(limits);
    let limiter = LIMITER.get();
    let woken = {
        let mut state = limiter.state();
        state.limits = limits;
        state.admit()
    };
    woken.into_iter().for_each(Admitted::wake);
    Ok(())
}

/// The limits in force.
#[must_use]
pub fn limits() -> Limits {
    LIMITER.get().state().limits
}

/// What happens at present.
#[must_use]
pub fn stats() -> Stats {
    let state = LIMITER.get().state();
    Stats { waiting: state.queue.len(), ..state.stats }
}

#[derive(Debug)]
struct Limiter(Mutex<State>);

#[derive(Debug)]
struct State {
    limits: Limits,
    stats: Stats,
    /// Permits in use, of which a hash may have several.
    permits: usize,
    queue: VecDeque<Waiting>,
    /// How long a hash has taken lately.
    typical: Duration,
}

struct Waiting {
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
struct Turn {
    granted: AtomicBool,
}

/// Somebody whose turn it is, to be told when the lock has been given back.
struct Admitted(Wake);

impl Admitted {
    fn wake(self) {
        (self.0)();
    }
}

impl Limiter {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&'static self, memory: usize, lanes: usize, wake: Wake) -> Result<Ticket> {
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
        Ok(Ticket {
            limiter: self,
            generation: fork::generation(),
            memory,
            lanes,
            deadline,
            turn,
            claimed: false,
        })
    }

    /// Takes more permits for the lanes of a hash, if nobody waits for them.
    fn widen(&self, lanes: usize) -> usize {
        let mut state = self.state();
        if !state.queue.is_empty() {
            return 1;
        }
        let more = state.limits.max_concurrency.saturating_sub(state.permits).min(lanes - 1);
        state.permits += more;
        1 + more
    }

    fn give_back(&self, permits: usize, memory: usize, took: Duration) {
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
    fn leave(&self, turn: &Arc<Turn>, memory: usize) {
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

    fn too_late(&self) -> Error {
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
    fn admit(&mut self) -> Vec<Admitted> {
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

fn far_away() -> Instant {
    Instant::now() + Duration::from_secs(365 * 24 * 3600)
}

fn new() -> Limiter {
    Limiter(Mutex::new(State {
        limits: CONFIGURED.load(),
        stats: Stats::default(),
        permits: 0,
        queue: VecDeque::new(),
        typical: Duration::from_millis(100),
    }))
}

/// The limits that were set, where a forked child finds them without a lock.
struct Configured {
    max_concurrency: AtomicUsize,
    max_memory: AtomicUsize,
    max_queue: AtomicUsize,
    queue_timeout_ms: AtomicU64,
}

impl Configured {
    fn store(&self, limits: Limits) {
        let milliseconds = u64::try_from(limits.queue_timeout.as_millis()).unwrap_or(u64::MAX);
        self.max_memory.store(limits.max_memory, Ordering::Relaxed);
        self.max_queue.store(limits.max_queue, Ordering::Relaxed);
        self.queue_timeout_ms.store(milliseconds, Ordering::Relaxed);
        self.max_concurrency.store(limits.max_concurrency, Ordering::Release);
    }

    fn load(&self) -> Limits {
        match self.max_concurrency.load(Ordering::Acquire) {
            0 => Limits::default(),
            max_concurrency => Limits {
                max_concurrency,
                max_memory: self.max_memory.load(Ordering::Relaxed),
                max_queue: self.max_queue.load(Ordering::Relaxed),
                queue_timeout: Duration::from_millis(self.queue_timeout_ms.load(Ordering::Relaxed)),
            },
        }
    }
}

/// No concurrency: nothing was set.
static CONFIGURED: Configured = Configured {
    max_concurrency: AtomicUsize::new(0),
    max_memory: AtomicUsize::new(0),
    max_queue: AtomicUsize::new(0),
    queue_timeout_ms: AtomicU64::new(0),
};
static LIMITER: PerProcess<Limiter> = PerProcess::new(new);
const BETWEEN_QUESTIONS: Duration = Duration::from_millis(50);

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn limiter(max_concurrency: usize, max_memory: usize, max_queue: usize) -> &'static Limiter {
        let limiter: &'static Limiter = Box::leak(Box::new(new()));
        let queue_timeout = Duration::from_secs(60);
        limiter.state().limits = Limits { max_concurrency, max_memory, max_queue, queue_timeout };
        limiter
    }

    fn enter(limiter: &'static Limiter, memory: usize) -> Ticket {
        limiter.enter(memory, 1, Box::new(|| ())).unwrap()
    }

    #[test]
    fn no_more_run_than_allowed_and_in_order_of_arrival() {
        let limiter = limiter(2, 100, 8);
        let first = enter(limiter, 1).claim().unwrap().unwrap();
        let second = enter(limiter, 1).claim().unwrap().unwrap();
        let mut third = enter(limiter, 1);
        let mut fourth = enter(limiter, 1);
        assert!(third.claim().unwrap().is_none());
        drop(second);
        assert!(fourth.claim().unwrap().is_none());
        let third = third.claim().unwrap().unwrap();
        drop((first, third));
        assert!(fourth.claim().unwrap().is_some());
        assert_eq!(4, limiter.state().stats.admitted);
    }

    #[test]
    fn memory_is_counted_and_the_large_are_not_starved() {
        let limiter = limiter(8, 100, 8);
        let small = enter(limiter, 60).claim().unwrap().unwrap();
        let mut large = enter(limiter, 100);
        let mut behind = enter(limiter, 1);
        assert!(large.claim().unwrap().is_none());
        assert!(behind.claim().unwrap().is_none(), "nobody overtakes");
        drop(small);
        let large = large.claim().unwrap().expect("nobody else is left");
        assert!(behind.claim().unwrap().is_none());
        drop(large);
        assert!(behind.claim().unwrap().is_some());
    }

    #[test]
    fn more_memory_than_there_may_be_is_refused() {
        let refused = limiter(8, 100, 8).enter(101, 1, Box::new(|| ()));
        assert!(matches!(refused, Err(Error::HashParameters(_))));
    }

    #[test]
    fn a_full_queue_says_when_to_come_again() {
        let limiter = limiter(1, 100, 1);
        let _running = enter(limiter, 1).claim().unwrap().unwrap();
        let _waiting = enter(limiter, 1);
        let error = limiter.enter(1, 1, Box::new(|| ())).unwrap_err();
        assert_eq!(Error::HashingBusy { retry_after_seconds: 1 }, error);
        assert_eq!(1, limiter.state().stats.refused);
    }

    #[test]
    fn waiting_ends() {
        let limiter = limiter(1, 100, 8);
        limiter.state().limits.queue_timeout = Duration::ZERO;
        let _running = enter(limiter, 1).claim().unwrap().unwrap();
        let mut waiting = enter(limiter, 1);
        assert!(matches!(waiting.claim(), Err(Error::HashingBusy { .. })));
        drop(waiting);
        assert!(limiter.state().queue.is_empty());
    }

    #[test]
    fn giving_up_frees_the_place_whether_granted_or_not() {
        let limiter = limiter(1, 100, 8);
        let running = enter(limiter, 1).claim().unwrap().unwrap();
        let granted_later = enter(limiter, 1);
        let never_granted = enter(limiter, 1);
        let mut last = enter(limiter, 1);
        drop(never_granted);
        drop(running);
        drop(granted_later);
        assert!(last.claim().unwrap().is_some());
        drop(last);
        assert_eq!(0, limiter.state().permits);
    }

    #[test]
    fn idle_permits_go_to_the_lanes_of_one_hash() {
        let limiter = limiter(4, 100, 8);
        let mut ticket = limiter.enter(1, 3, Box::new(|| ())).unwrap();
        let wide = ticket.claim().unwrap().unwrap();
        assert_eq!(3, wide.threads());
        let mut ticket = limiter.enter(1, 3, Box::new(|| ())).unwrap();
        assert_eq!(1, ticket.claim().unwrap().unwrap().threads());
        drop(wide);
        assert_eq!(0, limiter.state().permits);
    }

    #[test]
    fn the_waker_is_called_once_it_is_ones_turn() {
        let limiter = limiter(1, 100, 8);
        let running = enter(limiter, 1).claim().unwrap().unwrap();
        let (told, hears) = mpsc::channel();
        let mut ticket = limiter.enter(1, 1, Box::new(move || told.send(()).unwrap())).unwrap();
        assert!(hears.try_recv().is_err());
        drop(running);
        hears.recv().unwrap();
        assert!(ticket.claim().unwrap().is_some());
    }

    #[test]
    fn many_threads_never_exceed_the_limit() {
        let limiter = limiter(3, 1000, 1000);
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..32 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        let thread = thread::current();
                        let wake: Wake = Box::new(move || thread.unpark());
                        let ticket = limiter.enter(1, 1, wake).unwrap();
                        let permit = ticket.block(|| false).unwrap();
                        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        thread::yield_now();
                        now.fetch_sub(1, Ordering::SeqCst);
                        drop(permit);
                    }
                });
            }
        });
        assert_eq!(3, most.into_inner());
        assert_eq!(640, limiter.state().stats.admitted);
    }
}
