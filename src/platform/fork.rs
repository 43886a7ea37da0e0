//! Noticing that the process has been forked.
//!
//! Whatever must not be repeated in a child (buffered randomness, permits held by threads that do
//! not exist there) remembers the [`generation`] it was made in and starts afresh when it changes.

use core::ptr;
use core::sync::atomic::{AtomicPtr, Ordering};

pub(crate) use imp::generation;

/// A static that every process makes for itself: a forked child starts with a new one.
///
/// What the parent held (locks taken by threads that do not exist in the child, memory that was
/// not inherited) is left alone there: not used, not freed.
pub(crate) struct PerProcess<T: 'static> {
    current: AtomicPtr<Tagged<T>>,
    make: fn() -> T,
}

struct Tagged<T> {
    generation: u64,
    value: T,
    /// What it took the place of, so that tools which look for leaks see that it was not lost.
    _inherited: *const Self,
}

impl<T: Send + Sync> PerProcess<T> {
    pub(crate) const fn new(make: fn() -> T) -> Self {
        Self { current: AtomicPtr::new(ptr::null_mut()), make }
    }

    /// This process's value, made at the first call.
    #[expect(
        unsafe_code,
        reason = "std's lazy cells deadlock in a child forked during the first use"
    )]
    pub(crate) fn get(&'static self) -> &'static T {
        loop {
            let generation = generation();
            let current = self.current.load(Ordering::Acquire);
            // SAFETY: null, or a leaked box that nobody frees, shared by reference only.
            if let Some(tagged) = unsafe { current.as_ref() }
                && tagged.generation == generation
            {
                return &tagged.value;
            }
            let value = (self.make)();
            let fresh = Box::into_raw(Box::new(Tagged { generation, value, _inherited: current }));
            let exchange =
                self.current.compare_exchange(current, fresh, Ordering::AcqRel, Ordering::Acquire);
            if exchange.is_err() {
                // SAFETY: made by into_raw above and published to nobody.
                drop(unsafe { Box::from_raw(fresh) });
            }
        }
    }
}

#[cfg(unix)]
mod imp {
    use core::sync::atomic::{AtomicU64, Ordering};
    use std::sync::Once;

    /// A number that is different in a forked child from what it was in its parent.
    ///
    /// Two things change it: a handler that `fork()` runs in the child, and, on Linux, a page that
    /// the kernel wipes in every child, which also notices a bare `clone()` that runs no handlers.
    pub(crate) fn generation() -> u64 {
        REGISTRATION.call_once(register);
        wipe::after(|| {
            GENERATION.fetch_add(1, Ordering::Release);
        });
        GENERATION.load(Ordering::Acquire)
    }

    #[expect(unsafe_code, reason = "std has no way to hear of a fork")]
    fn register() {
        // SAFETY: the handler is async-signal-safe (one atomic addition) and lives as long as the
        // process; an error (out of memory) leaves the page below as the remaining guard.
        let _ = unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
        wipe::create();
    }

    extern "C" fn in_child() {
        GENERATION.fetch_add(1, Ordering::Release);
    }

    static GENERATION: AtomicU64 = AtomicU64::new(1);
    static REGISTRATION: Once = Once::new();

    /// A page of memory that holds a mark in the process that made it and zero in its children.
    #[cfg(target_os = "linux")]
    mod wipe {
        use core::sync::atomic::{AtomicPtr, AtomicU64, Ordering};
        use core::{hint, ptr};

        /// Maps the page and sets its mark. Without the kernel's help there is no page, and the
        /// at-fork handler stands alone.
        #[expect(unsafe_code, reason = "std has neither mmap nor MADV_WIPEONFORK")]
        pub(super) fn create() {
            const LENGTH: usize = 4096;
            // SAFETY: an anonymous private mapping at an address of the kernel's choosing touches
            // no memory of ours; it is never unmapped once PAGE points at it, so the pointer stays
            // valid for the life of the process, and it is page-aligned.
            let page = unsafe {
                let page = libc::mmap(
                    ptr::null_mut(),
                    LENGTH,
                    libc::PROT_READ | libc::PROT_WRITE,
                    libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
                    -1,
                    0,
                );
                if page == libc::MAP_FAILED {
                    return;
                }
                if libc::madvise(page, LENGTH, libc::MADV_WIPEONFORK) != 0 {
                    libc::munmap(page, LENGTH);
                    return;
                }
                page
            };
            let page: *mut AtomicU64 = page.cast();
            // SAFETY: mapped above, aligned, and nobody else's before it is published.
            unsafe { page.write(AtomicU64::new(MARK)) };
            PAGE.store(page, Ordering::Release);
        }

        /// Calls `notice`, once in a process, if the page has been wiped. Whoever finds the mark
        /// set again finds what `notice` did as well.
        pub(super) fn after(notice: impl FnOnce()) {
            let Some(page) = page() else { return };
            while page.load(Ordering::Acquire) != MARK {
                let claim = page.compare_exchange(0, BUSY, Ordering::Acquire, Ordering::Relaxed);
                if claim.is_ok() {
                    notice();
                    page.store(MARK, Ordering::Release);
                    return;
                }
                hint::spin_loop();
            }
        }

        #[expect(unsafe_code, reason = "a reference into memory that the kernel may wipe")]
        fn page() -> Option<&'static AtomicU64> {
            let page = PAGE.load(Ordering::Acquire);
            // SAFETY: null, or the page `create` mapped: aligned, readable, writable, never
            // unmapped, all its bit patterns valid, and only ever used through this atomic.
            unsafe { page.as_ref() }
        }

        const MARK: u64 = 0x6861_7562_6572_6B21;
        const BUSY: u64 = 1;
        static PAGE: AtomicPtr<AtomicU64> = AtomicPtr::new(ptr::null_mut());
    }

    #[cfg(not(target_os = "linux"))]
    mod wipe {
        pub(super) fn create() {}
        pub(super) fn after(_notice: impl FnOnce()) {}
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn the_generation_is_stable_within_a_process() {
            assert_eq!(generation(), generation());
        }

        #[test]
        fn the_handler_changes_the_generation() {
            let before = generation();
            in_child();
            assert!(generation() > before);
        }
    }
}

#[cfg(not(unix))]
mod imp {
    /// There is no fork here.
    pub(crate) fn generation() -> u64 {
        1
    }
}
