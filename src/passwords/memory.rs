//! Memory for hashing, kept between calls and wiped in between.
//!
//! Fresh memory costs more than hashing in it: 64 MiB of new pages are 66 ms of page faults, where
//! the hash itself takes 60. So regions are kept, up to a total, and the longest unused go first.
//! A region is wiped before it is put back; a forked child starts with none.
//!
//! No thread of ours watches the clock, so a region that is idle for long is unmapped only at the
//! next call. Lending it to the kernel meanwhile (`MADV_FREE`) was tried and is no good: a machine
//! whose memory is full of cached files, as it should be, takes the pages at once, and hashes of
//! 100 MiB between which others allocated took 72 ms instead of 50 (2026-11-25).

use core::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::variants::variant;
use crate::platform::clock::monotonic_seconds;
use crate::platform::fork::PerProcess;
use crate::platform::memory::Region;
use crate::{Error, Result};

/// Memory on loan from the pool.
#[derive(Debug)]
pub(super) struct Memory {
    region: Option<Region>,
    used: usize,
}

impl Memory {
    /// `length` bytes of any content, aligned to 64 bytes.
    pub(super) fn take(length: usize) -> Result<Self> {
        let kept = if variant().pooling { pool().take(length) } else { None };
        let region = match kept {
            Some(region) => region,
            None => Region::map(length).ok_or(Error::HashMemory)?,
        };
        Ok(Self { region: Some(region), used: length })
    }

    pub(super) fn bytes(&mut self) -> &mut [u8] {
        let used = self.used;
        self.region.as_mut().and_then(|region| region.bytes().get_mut(..used)).unwrap_or_default()
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        if let Some(mut region) = self.region.take() {
            if variant().wiping {
                region.wipe(self.used);
            }
            if !variant().pooling {
                return;
            }
            // What does not fit is unmapped here, after the lock is given back.
            let surplus = pool().put(region);
            drop(surplus);
        }
    }
}

/// Sets how many bytes may lie unused, and drops what is above.
pub fn set_retention(bytes: usize) {
    RETAINED.store(bytes, Ordering::Relaxed);
    let surplus = pool().trim();
    drop(surplus);
}

/// How many bytes may lie unused.
#[must_use]
pub fn retention() -> usize {
    RETAINED.load(Ordering::Relaxed)
}

/// How many bytes lie unused at present.
#[must_use]
pub fn retained() -> usize {
    let mut pool = pool();
    let surplus = pool.trim();
    let retained = pool.total();
    drop(pool);
    drop(surplus);
    retained
}

struct Pool {
    /// The most recently used last.
    idle: Vec<Idle>,
}

struct Idle {
    region: Region,
    since: u64,
}

impl Pool {
    /// The smallest region that is long enough.
    fn take(&mut self, length: usize) -> Option<Region> {
        let fits = self.idle.iter().enumerate().filter(|(_, idle)| idle.region.length() >= length);
        let (index, _) = fits.min_by_key(|(_, idle)| idle.region.length())?;
        Some(self.idle.remove(index).region)
    }

    /// Puts a region back and returns what has to go for it.
    fn put(&mut self, region: Region) -> Vec<Region> {
        self.idle.push(Idle { region, since: monotonic_seconds() });
        self.trim()
    }

    /// Takes out what has been idle for long or is above the total, the longest unused first.
    fn trim(&mut self) -> Vec<Region> {
        let now = monotonic_seconds();
        let limit = RETAINED.load(Ordering::Relaxed);
        let mut total = self.total();
        let surplus = self.idle.iter().take_while(|idle| {
            let goes = total > limit || now.saturating_sub(idle.since) >= IDLE_SECONDS;
            total -= idle.region.length();
            goes
        });
        let surplus = surplus.count();
        self.idle.drain(..surplus).map(|idle| idle.region).collect()
    }

    fn total(&self) -> usize {
        self.idle.iter().map(|idle| idle.region.length()).sum()
    }
}

fn pool() -> MutexGuard<'static, Pool> {
    POOL.get().lock().unwrap_or_else(PoisonError::into_inner)
}

static POOL: PerProcess<Mutex<Pool>> = PerProcess::new(|| Mutex::new(Pool { idle: Vec::new() }));
static RETAINED: AtomicUsize = AtomicUsize::new(256 << 20);

/// After this long without use a region is given back at the next hash.
const IDLE_SECONDS: u64 = 10;
