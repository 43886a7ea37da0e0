//! The `str` objects of keys seen before.

use std::sync::{Mutex, MutexGuard, TryLockError};

use pyo3::prelude::*;
use pyo3::types::PyString;

/// The process's cache of short keys, for as long as one text is read.
///
/// The same few keys come with every token, and a `str` that exists costs less than half of a new
/// one and brings its hash along. The strings are not interned: from Python 3.12 on an interned
/// string may live for ever, and keys may be an attacker's.
///
/// Somebody else may have the cache: another thread, or the reader that a finalizer interrupted.
/// Then this text is read without it.
pub(super) struct KeyCache(Option<MutexGuard<'static, Slots>>);

type Slots = [Option<Slot>; SLOTS];

struct Slot {
    text: Box<str>,
    object: Py<PyString>,
}

impl KeyCache {
    pub(super) fn borrow() -> Self {
        Self(match CACHE.try_lock() {
            Ok(slots) => Some(slots),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        })
    }

    #[inline]
    pub(super) fn key<'py>(&mut self, py: Python<'py>, key: &str) -> Bound<'py, PyString> {
        let slot = match &mut self.0 {
            Some(slots) if key.len() <= LONGEST => slots.get_mut(place(key)),
            _ => None,
        };
        match slot {
            Some(Some(slot)) if *slot.text == *key => slot.object.bind(py).clone(),
            Some(slot) => {
                let object = PyString::new(py, key);
                *slot = Some(Slot { text: key.into(), object: object.clone().unbind() });
                object
            }
            None => PyString::new(py, key),
        }
    }
}

/// Where a key is kept. An attacker who finds keys that share a place makes them as slow as
/// without a cache.
#[inline]
fn place(key: &str) -> usize {
    let (words, tail) = key.as_bytes().as_chunks::<8>();
    let words = words.iter().map(|word| u64::from_le_bytes(*word));
    let tail = tail.iter().fold(key.len() as u64, |word, byte| word << 8 | u64::from(*byte));
    let mixed = words
        .chain([tail])
        .fold(0_u64, |hash, word| (hash.rotate_left(5) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    usize::from(mixed.to_be_bytes()[0])
}

static CACHE: Mutex<Slots> = Mutex::new([const { None }; SLOTS]);

/// As many as a byte has values; 6 KiB in all, and the keys.
const SLOTS: usize = 256;
const LONGEST: usize = 32;
