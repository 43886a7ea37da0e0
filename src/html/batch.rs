//! Many documents at once.

use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{OnDisallowed, Sanitizer};
use crate::{Error, Result, threads};

impl Sanitizer {
    /// Sanitizes each document in a mode, on so many threads, which end with the call.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if `threads` is not 1 to 64. What becomes of a document is its own
    /// result.
    pub fn sanitize_many<'a>(
        &self,
        documents: &[&'a str],
        mode: OnDisallowed,
        threads: usize,
    ) -> Result<Vec<Result<Cow<'a, str>>>> {
        if !(1..=MAX_THREADS).contains(&threads) {
            return Err(Error::InvalidInput("the number of threads is 1 to 64"));
        }
        let next = AtomicUsize::new(0);
        // Who is done takes the next few, so that one long document keeps nobody waiting.
        let work = || {
            let mut done = Vec::new();
            loop {
                let start = next.fetch_add(PORTION, Ordering::Relaxed);
                let Some(rest) = documents.get(start..) else { return done };
                if rest.is_empty() {
                    return done;
                }
                let portion = rest.iter().take(PORTION).map(|html| self.sanitize_as(html, mode));
                done.push((start, portion.collect::<Vec<_>>()));
            }
        };
        let helpers = threads.min(documents.len().div_ceil(PORTION)).saturating_sub(1);
        let (mut portions, others) = threads::beside(helpers, || work, work);
        portions.extend(others.into_iter().flatten());
        portions.sort_unstable_by_key(|(start, _)| *start);
        Ok(portions.into_iter().flat_map(|(_, portion)| portion).collect())
    }
}

const MAX_THREADS: usize = 64;
const PORTION: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::Policy;
    use crate::html::policy::tests::settings;

    #[test]
    fn results_are_in_order() {
        use OnDisallowed::{Drop, Escape, Strip};

        let sanitizer = Sanitizer::new(Policy::compile(&settings()).unwrap());
        let mut documents: Vec<_> = (0..1000).map(|number| format!("<b>{number}<u>x")).collect();
        documents[7] = "<div>".repeat(10_000);
        let documents: Vec<_> = documents.iter().map(String::as_str).collect();
        for (threads, mode, behind) in
            [(1, Strip, "x"), (2, Strip, "x"), (7, Escape, "&lt;u&gt;x"), (64, Drop, "")]
        {
            let clean = sanitizer.sanitize_many(&documents, mode, threads).unwrap();

            assert_eq!(1000, clean.len());
            assert_eq!(Err(Error::InputTooDeep), clean[7]);
            assert_eq!(format!("<b>8{behind}</b>"), clean[8].as_deref().unwrap());
            assert_eq!(format!("<b>999{behind}</b>"), clean[999].as_deref().unwrap());
        }
        assert_eq!(Ok(vec![]), sanitizer.sanitize_many(&[], Strip, 2));
        for threads in [0, 65] {
            assert!(matches!(
                sanitizer.sanitize_many(&documents, Strip, threads),
                Err(Error::InvalidInput(_))
            ));
        }
    }
}
