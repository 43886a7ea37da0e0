//! Threads that end with the call that started them.

use std::panic::resume_unwind;
use std::thread;

/// Starts `helpers` threads, each with a worker that `recruit` makes, does `here` on this one, and
/// returns what both came to when all of them have ended.
///
/// A thread that the system does not give, as in a container at its limit, is one that does not
/// help: `here` has to be able to do all the work. `recruit` is gone by the time that `here` begins,
/// so a channel whose senders only workers hold ends with the last of them.
///
/// # Panics
///
/// With what a worker panicked with.
pub(crate) fn beside<W, T, R>(
    helpers: usize,
    mut recruit: impl FnMut() -> W,
    here: impl FnOnce() -> R,
) -> (R, Vec<T>)
where
    W: FnOnce() -> T + Send,
    T: Send,
{
    thread::scope(|scope| {
        let start = |worker| thread::Builder::new().spawn_scoped(scope, worker).ok();
        let started: Vec<_> = (0..helpers).map_while(|_| start(recruit())).collect();
        drop(recruit);
        let result = here();
        // A scope waits for what its threads do and not for the threads: a fork right after it
        // could still find one.
        let join = |helper: thread::ScopedJoinHandle<'_, T>| {
            helper.join().unwrap_or_else(|panic| resume_unwind(panic))
        };
        (result, started.into_iter().map(join).collect())
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    #[test]
    fn threads_have_ended() {
        static ENDED: AtomicUsize = AtomicUsize::new(0);
        struct Last;
        impl Drop for Last {
            fn drop(&mut self) {
                thread::sleep(Duration::from_millis(50));
                ENDED.fetch_add(1, Ordering::Relaxed);
            }
        }
        thread_local! { static LAST: Last = const { Last } }

        // Thread-local values are dropped after what the thread was to do.
        beside(3, || || LAST.with(|_| ()), || ());

        assert_eq!(ENDED.load(Ordering::Relaxed), 3);
    }

    #[test]
    fn a_channel_ends_with_the_last_worker() {
        let (sender, receiver) = mpsc::channel();
        let recruit = move || {
            let sender = sender.clone();
            move || sender.send(1).unwrap()
        };
        assert_eq!(beside(4, recruit, || receiver.iter().sum::<usize>()).0, 4);
    }

    #[test]
    #[should_panic(expected = "of a worker")]
    fn a_panic_of_a_worker_is_the_callers() {
        beside(1, || || panic!("of a worker"), || ());
    }
}
