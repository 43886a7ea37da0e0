//! A cheap monotonic clock.

/// Whole seconds since an arbitrary point that does not move while the process lives.
///
/// On Linux the coarse clock answers in about 5 ns, which is what lets every nonce ask.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "std offers no coarse clock; Instant::now costs five times more")]
pub(crate) fn monotonic_seconds() -> u64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `now` is a valid, writable timespec for the duration of the call.
    let status = unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC_COARSE, &raw mut now) };
    debug_assert_eq!(0, status, "the coarse clock exists since Linux 2.6.32");
    u64::try_from(now.tv_sec).unwrap_or(0)
}

/// Whole seconds since the first call.
#[cfg(not(target_os = "linux"))]
pub(crate) fn monotonic_seconds() -> u64 {
    use std::sync::OnceLock;
    use std::time::Instant;

    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs()
}
