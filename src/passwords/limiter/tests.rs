use core::sync::atomic::{AtomicUsize, Ordering};
use core::time::Duration;
use std::sync::{Mutex, mpsc};
use std::thread;

use super::queue::Limiter;
use super::{Limits, Ticket, Wake};
use crate::Error;

fn limiter(max_concurrency: usize, max_memory: usize, max_queue: usize) -> &'static Limiter {
    // In sight of tools that look for leaks: a limiter lives as long as its process.
    static KEPT: Mutex<Vec<&'static Limiter>> = Mutex::new(Vec::new());

    let limiter: &'static Limiter = Box::leak(Box::new(Limiter::new()));
    KEPT.lock().unwrap().push(limiter);
    let queue_timeout = Duration::from_secs(60);
    limiter.state().limits = Limits { max_concurrency, max_memory, max_queue, queue_timeout };
    limiter
}

fn enter(limiter: &'static Limiter, memory: usize) -> Ticket {
    Ticket::enter(limiter, memory, 1, Box::new(|| ())).unwrap()
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
    let refused = Ticket::enter(limiter(8, 100, 8), 101, 1, Box::new(|| ()));
    assert!(matches!(refused, Err(Error::HashParameters(_))));
}

#[test]
fn a_full_queue_says_when_to_come_again() {
    let limiter = limiter(1, 100, 1);
    let _running = enter(limiter, 1).claim().unwrap().unwrap();
    let _waiting = enter(limiter, 1);
    let error = Ticket::enter(limiter, 1, 1, Box::new(|| ())).unwrap_err();
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
    let mut ticket = Ticket::enter(limiter, 1, 3, Box::new(|| ())).unwrap();
    let wide = ticket.claim().unwrap().unwrap();
    assert_eq!(3, wide.threads());
    let mut ticket = Ticket::enter(limiter, 1, 3, Box::new(|| ())).unwrap();
    assert_eq!(1, ticket.claim().unwrap().unwrap().threads());
    drop(wide);
    assert_eq!(0, limiter.state().permits);
}

#[test]
fn the_waker_is_called_once_it_is_ones_turn() {
    let limiter = limiter(1, 100, 8);
    let running = enter(limiter, 1).claim().unwrap().unwrap();
    let (told, hears) = mpsc::channel();
    let mut ticket =
        Ticket::enter(limiter, 1, 1, Box::new(move || told.send(()).unwrap())).unwrap();
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
                    let ticket = Ticket::enter(limiter, 1, 1, wake).unwrap();
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
