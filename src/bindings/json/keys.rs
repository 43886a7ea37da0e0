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
    text: ShortText,
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
        let Some(slots) = &mut self.0 else { return PyString::new(py, key) };
        let Some(text) = ShortText::new(key.as_bytes()) else { return PyString::new(py, key) };
        let Some(slot) = slots.get_mut(text.place()) else { return PyString::new(py, key) };
        match slot {
            Some(slot) if slot.text == text => slot.object.bind(py).clone(),
            slot => {
                let object = PyString::new(py, key);
                *slot = Some(Slot { text, object: object.clone().unbind() });
                object
            }
        }
    }
}

/// At most 16 bytes, in two words that together with the length say which: comparing them takes
/// two instructions instead of a call. The words overlap where there are fewer bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
struct ShortText {
    length: usize,
    first: u64,
    last: u64,
}

impl ShortText {
    #[inline]
    fn new(bytes: &[u8]) -> Option<Self> {
        let (first, last) = match bytes {
            [] => (0, 0),
            [a] => (u64::from(*a), 0),
            [a, .., c] if bytes.len() < 4 => {
                (u64::from(*a), u64::from(*c) << 8 | u64::from(*bytes.get(1)?))
            }
            _ if bytes.len() < 8 => (
                u64::from(u32::from_le_bytes(*bytes.first_chunk()?)),
                u64::from(u32::from_le_bytes(*bytes.last_chunk()?)),
            ),
            _ if bytes.len() <= LONGEST => (
                u64::from_le_bytes(*bytes.first_chunk()?),
                u64::from_le_bytes(*bytes.last_chunk()?),
            ),
            _ => return None,
        };
        Some(Self { length: bytes.len(), first, last })
    }

    /// Where a text is kept. An attacker who finds keys that share a place makes them as slow as
    /// without a cache.
    #[inline]
    fn place(self) -> usize {
        let mixed = (self.first ^ self.last.rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let [high, low, ..] = mixed.to_be_bytes();
        usize::from(u16::from_be_bytes([high, low])) % SLOTS
    }
}

static CACHE: Mutex<Slots> = Mutex::new([const { None }; SLOTS]);

/// A power of two: 32 KiB, of which the keys that come take up 32 bytes each.
const SLOTS: usize = 1024;
const LONGEST: usize = 16;
