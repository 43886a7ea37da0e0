//! Keys that are lent to jsonwebtoken for one call.
//!
//! What jsonwebtoken takes for the bytes of a key is a handle: 16 bytes that are random for each
//! process and the key's serial number, which is never used again. Around a call, the key that
//! belongs to the handle is lent on the calling thread, and taken if handle and algorithm are those
//! of the loan. There is no table of keys, so none outlives its owner, nothing waits for a lock
//! that a fork may have left taken, and bytes that merely look like a handle open nothing.

use core::cell::Cell;
use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use jsonwebtoken::Algorithm;
use jsonwebtoken::errors::{ErrorKind, Result as EngineResult, new_error};

use super::prepared::Prepared;
use crate::{Result, random};

/// A key that the provider may take on this thread.
pub(super) struct Loan {
    pub(super) prepared: Arc<Prepared>,
    pub(super) algorithm: Algorithm,
    pub(super) handle: Handle,
}

impl Loan {
    /// Lends the key until what this returns is dropped.
    pub(super) fn grant(loan: Self) -> Returned {
        // While the thread's storage is being torn down nothing is lent, and the call is refused.
        let _ = LENT.try_with(|lent| lent.set(Some(loan)));
        Returned
    }

    /// Takes the loan, if there is one and it is for this handle and algorithm.
    pub(super) fn take(algorithm: Algorithm, handle: &[u8]) -> EngineResult<Arc<Prepared>> {
        LENT.try_with(Cell::take)
            .ok()
            .flatten()
            .filter(|loan| loan.algorithm == algorithm && loan.handle.0 == handle)
            .map(|loan| loan.prepared)
            .ok_or_else(|| new_error(ErrorKind::InvalidKeyFormat))
    }
}

/// Ends a loan, also when a panic unwinds.
pub(super) struct Returned;

impl Drop for Returned {
    fn drop(&mut self) {
        let _ = LENT.try_with(Cell::take);
    }
}

/// What stands where jsonwebtoken expects the bytes of a key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Handle([u8; 24]);

impl Handle {
    pub(super) fn next() -> Result<Self> {
        static PROCESS: OnceLock<[u8; 16]> = OnceLock::new();
        static SERIAL: AtomicU64 = AtomicU64::new(0);

        let process = if let Some(process) = PROCESS.get() {
            process
        } else {
            let mut fresh = [0; 16];
            random::fill(&mut fresh)?;
            PROCESS.get_or_init(|| fresh)
        };
        let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
        let mut bytes = [0; 24];
        for (byte, source) in bytes.iter_mut().zip(process.iter().chain(&serial.to_le_bytes())) {
            *byte = *source;
        }
        Ok(Self(bytes))
    }

    pub(super) const fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

thread_local! {
    static LENT: Cell<Option<Loan>> = const { Cell::new(None) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_are_never_used_twice() {
        let handles: Vec<[u8; 24]> = (0..100).map(|_| Handle::next().unwrap().0).collect();
        for (index, handle) in handles.iter().enumerate() {
            assert_eq!(handles[0][..16], handle[..16]);
            assert!(!handles[..index].contains(handle));
        }
    }
}
