//! Keeping forks away from work that holds locks which are not ours.
//!
//! html5ever interns names under mutexes of its own. A process that is forked while another thread
//! holds one has it locked for ever in the child: the thread that would unlock it is not there.

pub(crate) use imp::undisturbed;

#[cfg(unix)]
mod imp {
    use core::cell::Cell;
    use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use core::time::Duration;
    use std::thread;

    /// Does work while no thread forks the process: a fork waits for its end, and it for a fork's.
    ///
    /// The work must end without waiting for another thread, which may be the one that forks.
    pub(crate) fn undisturbed<T>(work: impl FnOnce() -> T) -> T {
        let _inside = Inside::enter();
        work()
    }

    struct Inside;

    impl Inside {
        fn enter() -> Self {
            // Twice does no harm: the handlers add and subtract.
            if !REGISTERED.load(Ordering::Acquire) {
                register();
                REGISTERED.store(true, Ordering::Release);
            }
            let depth = DEPTH.get();
            DEPTH.set(depth + 1);
            if depth == 0 {
                loop {
                    // Of the two, one sees the other: they are ordered with those of `prepare`.
                    INSIDE.fetch_add(1, Ordering::SeqCst);
                    if FORKING.load(Ordering::SeqCst) == 0 {
                        break;
                    }
                    INSIDE.fetch_sub(1, Ordering::SeqCst);
                    while FORKING.load(Ordering::SeqCst) != 0 {
                        thread::yield_now();
                    }
                }
            }
            Self
        }
    }

    impl Drop for Inside {
        fn drop(&mut self) {
            let depth = DEPTH.get() - 1;
            DEPTH.set(depth);
            if depth == 0 {
                INSIDE.fetch_sub(1, Ordering::SeqCst);
            }
        }
    }

    #[expect(unsafe_code, reason = "std has no way to hear of a fork")]
    fn register() {
        // SAFETY: the handlers live as long as the process and touch nothing but atomics and a
        // cell of their thread; an error (out of memory) leaves forks as they were.
        let _ = unsafe { libc::pthread_atfork(Some(prepare), Some(in_parent), Some(in_child)) };
    }

    /// Waits until no other thread is inside.
    extern "C" fn prepare() {
        FORKING.fetch_add(1, Ordering::SeqCst);
        while INSIDE.load(Ordering::SeqCst) > own() {
            thread::sleep(Duration::from_micros(50));
        }
    }

    extern "C" fn in_parent() {
        FORKING.fetch_sub(1, Ordering::SeqCst);
    }

    /// Only this thread is in the child.
    extern "C" fn in_child() {
        INSIDE.store(own(), Ordering::SeqCst);
        FORKING.store(0, Ordering::SeqCst);
    }

    fn own() -> usize {
        usize::from(DEPTH.get() > 0)
    }

    static REGISTERED: AtomicBool = AtomicBool::new(false);
    /// Threads that are inside.
    static INSIDE: AtomicUsize = AtomicUsize::new(0);
    /// Threads that are forking.
    static FORKING: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        /// How often this thread is inside.
        static DEPTH: Cell<usize> = const { Cell::new(0) };
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_fork_waits_for_what_is_inside() {
            let left = AtomicBool::new(false);
            thread::scope(|scope| {
                let (entered, wait) = std::sync::mpsc::channel();
                let left = &left;
                scope.spawn(move || {
                    undisturbed(|| {
                        undisturbed(|| entered.send(()).unwrap());
                        thread::sleep(Duration::from_millis(50));
                        left.store(true, Ordering::SeqCst);
                    });
                });
                wait.recv().unwrap();
                prepare();
                assert!(left.load(Ordering::SeqCst));
                in_parent();
            });
            assert_eq!(1, undisturbed(|| 1));
        }
    }
}

#[cfg(not(unix))]
mod imp {
    /// Does work; there are no forks here.
    pub(crate) fn undisturbed<T>(work: impl FnOnce() -> T) -> T {
        work()
    }
}
