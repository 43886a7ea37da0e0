//! What is set and what is counted.

use core::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use core::time::Duration;
use std::thread;

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

/// The limits that were set, where a forked child finds them without a lock.
pub(super) struct Configured {
    max_concurrency: AtomicUsize,
    max_memory: AtomicUsize,
    max_queue: AtomicUsize,
    queue_timeout_ms: AtomicU64,
}

impl Configured {
    pub(super) fn store(&self, limits: Limits) {
        let milliseconds = u64::try_from(limits.queue_timeout.as_millis()).unwrap_or(u64::MAX);
        self.max_memory.store(limits.max_memory, Ordering::Relaxed);
        self.max_queue.store(limits.max_queue, Ordering::Relaxed);
        self.queue_timeout_ms.store(milliseconds, Ordering::Relaxed);
        self.max_concurrency.store(limits.max_concurrency, Ordering::Release);
    }

    pub(super) fn load(&self) -> Limits {
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
pub(super) static CONFIGURED: Configured = Configured {
    max_concurrency: AtomicUsize::new(0),
    max_memory: AtomicUsize::new(0),
    max_queue: AtomicUsize::new(0),
    queue_timeout_ms: AtomicU64::new(0),
};
