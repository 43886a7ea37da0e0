//! Many tokens at once, on several threads that end with the call.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use super::verifier::{Authentic, Verifier};
use crate::{Error, Result, threads};

/// What became of one token's signature, and its place in the batch.
pub type Outcome<'v, 't> = (usize, Result<Authentic<'v, 't>>);

impl Verifier {
    /// Verifies the signatures of many tokens on up to `threads` threads, this one among them. A
    /// token may have been refused already.
    ///
    /// This thread lends a hand in `apart`, which runs what it is given where that keeps nobody
    /// waiting, and gives what is done to `take` in between; there the claims are still to be
    /// read. Places come in no order, but those before one for which `take` returned an error have
    /// all been taken when this function returns, and that is the error that it returns.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] unless there are 1 to 64 threads; the error of `take` that belongs
    /// to the first place.
    pub fn authenticate_many<'v, 't, E: From<Error>>(
        &'v self,
        tokens: &[Result<&'t [u8]>],
        threads: usize,
        apart: impl Fn(&mut (dyn FnMut() + Send)),
        mut take: impl FnMut(Outcome<'v, 't>) -> core::result::Result<(), E>,
    ) -> core::result::Result<(), E> {
        if !(1..=MAX_THREADS).contains(&threads) {
            return Err(Error::InvalidInput("threads is 1 to 64").into());
        }
        let work = Work { verifier: self, tokens, next: AtomicUsize::new(0) };
        let (sender, mut receiver) = mpsc::channel();
        let mut first_error: Option<(usize, E)> = None;
        let mut take_all = |outcomes: Vec<Outcome<'v, 't>>| {
            for (place, outcome) in outcomes {
                if first_error.as_ref().is_some_and(|(first, _)| *first < place) {
                    continue;
                }
                if let Err(error) = take((place, outcome)) {
                    first_error = Some((place, error));
                    work.stop();
                }
            }
        };
        let helpers = threads.min(tokens.len().div_ceil(PORTION)).saturating_sub(1);
        let working = &work;
        let recruit = move || {
            let sender = sender.clone();
            move || {
                while let Some(outcomes) = working.portion() {
                    let _ = sender.send(outcomes);
                }
            }
        };
        threads::beside(helpers, recruit, || {
            loop {
                let mut outcomes = None;
                apart(&mut || outcomes = work.portion());
                let Some(outcomes) = outcomes else { break };
                take_all(outcomes);
                receiver.try_iter().for_each(&mut take_all);
            }
            loop {
                let mut outcomes = None;
                apart(&mut || outcomes = next(&mut receiver));
                let Some(outcomes) = outcomes else { break };
                take_all(outcomes);
            }
        });
        first_error.map_or(Ok(()), |(_, error)| Err(error))
    }
}

/// Waits for the next portion; `None` when all threads have ended. A receiver is only lent to
/// another thread as a whole.
fn next<T>(receiver: &mut mpsc::Receiver<T>) -> Option<T> {
    receiver.recv().ok()
}

/// Tokens that the threads take in portions.
struct Work<'a, 'v, 't> {
    verifier: &'v Verifier,
    tokens: &'a [Result<&'t [u8]>],
    next: AtomicUsize,
}

impl<'v, 't> Work<'_, 'v, 't> {
    /// Verifies the next few; `None` if there are no more.
    fn portion(&self) -> Option<Vec<Outcome<'v, 't>>> {
        let start = self.next.fetch_add(PORTION, Ordering::Relaxed);
        let tokens = self.tokens.get(start..).filter(|rest| !rest.is_empty())?;
        let verify = |token: &Result<&'t [u8]>| self.verifier.parse((*token)?)?.authenticate();
        let outcomes = tokens.iter().take(PORTION).map(verify);
        Some(outcomes.enumerate().map(|(index, outcome)| (start + index, outcome)).collect())
    }

    fn stop(&self) {
        self.next.store(self.tokens.len(), Ordering::Relaxed);
    }
}

/// Tokens that a thread takes at once: a few hundred microseconds of signatures, so that handing
/// over costs nothing and the threads end together.
const PORTION: usize = 16;
const MAX_THREADS: usize = 64;
