//! Arguments that are text, bytes, or either.

use core::ops::Deref;

use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyMemoryView, PyString};
use zeroize::Zeroizing;

use crate::Error;

/// The bytes of a `str` (as UTF-8), `bytes`, `bytearray` or `memoryview`.
///
/// `str` and `bytes` are borrowed. Other buffers may change while we look, so they are copied
/// once, and the copy is wiped.
pub(super) enum Octets<'a> {
    Borrowed(&'a [u8]),
    Copied(Zeroizing<Vec<u8>>),
}

impl Deref for Octets<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Borrowed(bytes) => bytes,
            Self::Copied(bytes) => bytes,
        }
    }
}

/// The bytes of an exact `str` or `bytes`, for functions so quick that the general way shows.
///
/// Comparing the type's address costs nothing; asking about subclasses, and carrying an [`Octets`]
/// through a `Result`, cost 25 ns for two arguments. `None` only means that [`Octets`] has to be
/// asked.
#[inline]
pub(super) fn borrowed<'a>(object: &'a Bound<'_, PyAny>) -> Option<&'a [u8]> {
    if let Ok(bytes) = object.cast_exact::<PyBytes>() {
        return Some(bytes.as_bytes());
    }
    borrowed_text(object)
}

// Apart from its caller, which would otherwise make room on its stack for an error to drop.
#[inline(never)]
fn borrowed_text<'a>(object: &'a Bound<'_, PyAny>) -> Option<&'a [u8]> {
    object.cast_exact::<PyString>().ok()?.to_str().ok().map(str::as_bytes)
}

impl<'a, 'py> FromPyObject<'a, 'py> for Octets<'a> {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if object.is_instance_of::<PyString>() {
            return text(object).map(|text| Self::Borrowed(text.as_bytes()));
        }
        buffer(object, "str, bytes")
    }
}

/// What is no `str`; `first` are the types that the message names before the others.
fn buffer<'a>(object: Borrowed<'a, '_, PyAny>, first: &str) -> PyResult<Octets<'a>> {
    if object.is_instance_of::<PyBytes>() {
        return Ok(Octets::Borrowed(<&[u8]>::extract(object)?));
    }
    match PyBuffer::<u8>::get(&object) {
        Ok(buffer) => Ok(Octets::Copied(Zeroizing::new(buffer.to_vec(object.py())?))),
        Err(_) if object.is_instance_of::<PyMemoryView>() => {
            Err(PyTypeError::new_err("Expected a memoryview of bytes: its format is 'B'."))
        }
        Err(_) => Err(PyTypeError::new_err(format!(
            "Expected {first}, bytearray or memoryview, not {}.",
            object.get_type().name()?
        ))),
    }
}

/// The bytes of a `bytes`, `bytearray` or `memoryview`, and of no `str`: where text and bytes mean
/// different things, mistaking one for the other is an error.
pub(super) struct Bytes<'a>(Octets<'a>);

impl Bytes<'_> {
    pub(super) const EMPTY: Self = Self(Octets::Borrowed(b""));
}

impl Deref for Bytes<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Bytes<'a> {
    type Error = PyErr;

    #[inline]
    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        match <&[u8]>::extract(object) {
            Ok(bytes) => Ok(Self(Octets::Borrowed(bytes))),
            Err(_) => buffer(object, "bytes").map(Self),
        }
    }
}

/// The text of a `str`, without the lone surrogates that UTF-8 has no bytes for.
pub(super) struct Text<'a>(&'a str);

impl<'a> Text<'a> {
    pub(super) fn into_str(self) -> &'a str {
        self.0
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        self.0
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Text<'a> {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        expect_str(object)?;
        text(object).map(Self)
    }
}

/// The text of a ciphertext. A lone surrogate is in none, and whoever sent it is no caller who made
/// a mistake: it is one more value that is not encrypted.
pub(super) struct Ciphertext<'a>(&'a str);

impl Deref for Ciphertext<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        self.0
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Ciphertext<'a> {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        expect_str(object)?;
        <&str>::extract(object).map(Self).map_err(|_| Error::NotEncrypted.into())
    }
}

fn expect_str(object: Borrowed<'_, '_, PyAny>) -> PyResult<()> {
    if object.is_instance_of::<PyString>() {
        return Ok(());
    }
    let name = object.get_type().name()?;
    Err(PyTypeError::new_err(format!("Expected str, not {name}.")))
}

/// Python's own `UnicodeEncodeError` carries the whole text, which may be a password.
fn text<'a>(object: Borrowed<'a, '_, PyAny>) -> PyResult<&'a str> {
    <&str>::extract(object).map_err(|_| Error::InvalidInput("the text has a lone surrogate").into())
}
