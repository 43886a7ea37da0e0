//! The keys seen before: their `str` objects for reading, their JSON text for writing.
//!
//! The same few keys come with every token. Each cache is the process's and is borrowed for as long
//! as one text is read or written. Somebody else may have it: another thread, the reader that a
//! finalizer interrupted, or a thread that was lost in a fork. Then this text does without.

use std::sync::{Mutex, MutexGuard, TryLockError};

use pyo3::prelude::*;
use pyo3::types::PyString;

/// The `str` objects of short keys.
///
/// A `str` that exists costs less than half of a new one and brings its hash along. The strings
/// are not interned: from Python 3.12 on an interned string may live for ever, and keys may be an
/// attacker's.
pub(super) struct KeyObjects(Option<MutexGuard<'static, Slots<KeyObject>>>);

/// The JSON text of short keys, by the identity of their `str`: keys are usually constants of a
/// program, or come from [`KeyObjects`].
pub(super) struct KeyTexts(Option<MutexGuard<'static, Slots<KeyText>>>);

type Slots<T> = [Option<T>; SLOTS];

struct KeyObject {
    text: ShortText,
    object: Py<PyString>,
}

struct KeyText {
    /// Kept alive, so that no other object can have its address.
    object: Py<PyString>,
    length: u8,
    bytes: [u8; LONGEST_TEXT],
}

impl KeyObjects {
    pub(super) fn borrow() -> Self {
        Self(borrow(&OBJECTS))
    }

    /// The `str` of a key.
    #[inline]
    pub(super) fn key<'py>(&mut self, py: Python<'py>, key: &str) -> Bound<'py, PyString> {
        let Some(slots) = &mut self.0 else { return PyString::new(py, key) };
        let Some(text) = ShortText::new(key.as_bytes()) else { return PyString::new(py, key) };
        let Some(slot) = slots.get_mut(text.place()) else { return PyString::new(py, key) };
        match slot {
            Some(slot) if slot.text == text => slot.object.bind(py).clone(),
            slot => {
                let object = PyString::new(py, key);
                *slot = Some(KeyObject { text, object: object.clone().unbind() });
                object
            }
        }
    }
}

impl KeyTexts {
    pub(super) fn borrow() -> Self {
        Self(borrow(&TEXTS))
    }

    /// Appends the text of a key that was [kept](Self::keep) and returns whether it was.
    #[inline]
    pub(super) fn append(&self, key: &Bound<'_, PyString>, out: &mut Vec<u8>) -> bool {
        let Some(slots) = &self.0 else { return false };
        match slots.get(place_of_address(key)) {
            Some(Some(slot)) if slot.object.is(key) => {
                // All of the bytes and then back: copying a known number takes no call.
                let end = out.len() + usize::from(slot.length);
                out.extend_from_slice(&slot.bytes);
                out.truncate(end);
                true
            }
            _ => false,
        }
    }

    /// Keeps the text of a key, if it is short enough.
    pub(super) fn keep(&mut self, key: &Bound<'_, PyString>, text: &[u8]) {
        let Some(slot) = self.0.as_mut().and_then(|slots| slots.get_mut(place_of_address(key)))
        else {
            return;
        };
        let mut bytes = [0; LONGEST_TEXT];
        if let (Some(start), Ok(length)) = (bytes.get_mut(..text.len()), text.len().try_into()) {
            start.copy_from_slice(text);
            *slot = Some(KeyText { object: key.clone().unbind(), length, bytes });
        }
    }
}

fn borrow<T>(cache: &'static Mutex<T>) -> Option<MutexGuard<'static, T>> {
    match cache.try_lock() {
        Ok(slots) => Some(slots),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
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
        place(self.first ^ self.last.rotate_left(29))
    }
}

#[inline]
fn place_of_address(key: &Bound<'_, PyString>) -> usize {
    place(key.as_ptr().addr() as u64)
}

/// Mixes a number down to the place of a slot.
#[inline]
fn place(number: u64) -> usize {
    let [high, low, ..] = number.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
    usize::from(u16::from_be_bytes([high, low])) % SLOTS
}

static OBJECTS: Mutex<Slots<KeyObject>> = Mutex::new([const { None }; SLOTS]);
static TEXTS: Mutex<Slots<KeyText>> = Mutex::new([const { None }; SLOTS]);

/// A power of two. With 32 bytes a slot, each cache takes 32 KiB when it is full.
const SLOTS: usize = 1024;
/// Bytes of a key whose `str` is kept.
const LONGEST: usize = 16;
/// Bytes of a key's text that is kept, with its quotes and colon: what fills a slot.
const LONGEST_TEXT: usize = 23;
