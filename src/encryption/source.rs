//! The file that a keyring was read from, and whether it is another by now.

use core::fmt;
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::path::{Path, PathBuf, absolute};

use super::file;
use crate::platform::clock;
use crate::{Error, Result};

/// Called with what is wrong with a file that cannot be used any more, once until it can.
pub type Report = Box<dyn Fn(&Error) + Send + Sync>;

/// A file that is looked at when its keys are used, once a second at most.
///
/// There is no thread that watches it and no lock that a fork could find taken.
pub(super) struct Source {
    path: PathBuf,
    report: Report,
    /// The second in which it was looked at last.
    looked_at: AtomicU64,
    /// The stamp of what was read last.
    stamp: AtomicU64,
    failed: AtomicBool,
}

impl Source {
    /// The file at `path`, of which `stamp` has just been read.
    pub(super) fn new(path: &Path, stamp: u64, report: Report) -> Self {
        Self {
            // A process that changes its directory still means the same file.
            path: absolute(path).unwrap_or_else(|_| path.into()),
            report,
            looked_at: AtomicU64::new(clock::monotonic_seconds()),
            stamp: AtomicU64::new(stamp),
            failed: AtomicBool::new(false),
        }
    }

    /// Whether it is time to look, and this caller's turn.
    #[inline]
    pub(super) fn is_due(&self) -> bool {
        let now = clock::monotonic_seconds();
        self.looked_at.load(Ordering::Relaxed) != now
            && self.looked_at.swap(now, Ordering::Relaxed) != now
    }

    /// Hands the file's contents to `replace` if they may be others than last time.
    pub(super) fn look(&self, replace: impl FnOnce(&[u8]) -> Result<()>) {
        let result = file::stamp(&self.path).and_then(|stamp| {
            if stamp == self.stamp.load(Ordering::Relaxed) {
                return Ok(None);
            }
            // Whatever becomes of it, it is not read twice.
            self.stamp.store(stamp, Ordering::Relaxed);
            let (contents, stamp) = file::read_stamped(&self.path)?;
            self.stamp.store(stamp, Ordering::Relaxed);
            replace(&contents).map(Some)
        });
        match result {
            Ok(None) => {}
            Ok(Some(())) => self.failed.store(false, Ordering::Relaxed),
            Err(error) => {
                // A file that is gone may come back as it was.
                if matches!(error, Error::KeyringFile(_)) {
                    self.stamp.store(0, Ordering::Relaxed);
                }
                if !self.failed.swap(true, Ordering::Relaxed) {
                    (self.report)(&error);
                }
            }
        }
    }

    /// Whether a path means this file.
    pub(super) fn is_at(&self, path: &Path) -> bool {
        absolute(path).is_ok_and(|path| path == self.path)
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("path", &self.path).finish_non_exhaustive()
    }
}
