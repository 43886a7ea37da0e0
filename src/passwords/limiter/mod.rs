//! How many hashes run at once, and how much memory they take together.
//!
//! Hashing is meant to be expensive, so a flood of logins is a denial of service unless somebody
//! counts. The limiter is taken before memory is, in order of arrival. Whoever finds the queue
//! full, or waits too long, is told when to come again. A forked child starts with an empty queue and
//! the same limits.

mod limits;
mod queue;
#[cfg(test)]
mod tests;
mod ticket;

pub use limits::{Limits, Stats};
pub use queue::Wake;
pub use ticket::{Permit, Ticket};

use self::limits::CONFIGURED;
use self::queue::{Admitted, Limiter};
use crate::platform::fork::PerProcess;
use crate::{Error, Result};

/// Changes the limits, from now on and for those who wait.
///
/// # Errors
///
/// [`Error::InvalidInput`] if nothing could ever run.
pub fn set_limits(limits: Limits) -> Result<()> {
    if limits.max_concurrency == 0 {
        return Err(Error::InvalidInput("max_concurrency is at least 1"));
    }
    if limits.max_memory < SMALLEST {
        return Err(Error::InvalidInput("max_memory is at least 8192 bytes, the least of a hash"));
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

/// Bytes of the smallest argon2: eight blocks (RFC 9106, section 3.1).
const SMALLEST: usize = 8 << 10;

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

static LIMITER: PerProcess<Limiter> = PerProcess::new(Limiter::new);
