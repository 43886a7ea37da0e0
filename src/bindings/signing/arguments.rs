//! What the signing classes are given, taken from Python's objects.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyByteArray, PyBytes, PyDelta, PyFloat, PyInt, PyMemoryView, PyString};
use zeroize::Zeroizing;

use crate::Error;
use crate::bindings::octets::Octets;
use crate::signing::{self, Timestamp};

/// One secret or several, copied once and wiped.
pub(in crate::bindings) struct Secrets(pub(super) Vec<Zeroizing<Vec<u8>>>);

impl FromPyObject<'_, '_> for Secrets {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        let copy = |object: Borrowed<'_, '_, PyAny>| {
            Octets::extract(object).map(|octets| Zeroizing::new(octets.to_vec()))
        };
        let single = object.is_instance_of::<PyString>()
            || object.is_instance_of::<PyBytes>()
            || object.is_instance_of::<PyByteArray>()
            || object.is_instance_of::<PyMemoryView>();
        if single {
            return Ok(Self(vec![copy(object)?]));
        }
        let keys = object.try_iter().map_err(|_| {
            PyTypeError::new_err("Expected keys as str, bytes, or a sequence of these.")
        })?;
        keys.map(|key| copy(key?.as_borrowed())).collect::<PyResult<_>>().map(Self)
    }
}

/// Text to sign.
pub(in crate::bindings) struct Value<'a>(pub(super) &'a str);

impl<'a, 'py> FromPyObject<'a, 'py> for Value<'a> {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        text(object)?.map(Self).ok_or_else(|| {
            // Python's own UnicodeEncodeError carries the whole text.
            Error::InvalidInput("the text has a lone surrogate").into()
        })
    }
}

/// Text to verify. A lone surrogate is in nothing we signed, so it is one more bad signature.
pub(in crate::bindings) struct Token<'a>(pub(super) &'a str);

impl<'a, 'py> FromPyObject<'a, 'py> for Token<'a> {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        text(object)?.map(Self).ok_or_else(|| Error::BadSignature.into())
    }
}

/// A `str`'s text, or nothing where it has none in UTF-8.
fn text<'a>(object: Borrowed<'a, '_, PyAny>) -> PyResult<Option<&'a str>> {
    if !object.is_instance_of::<PyString>() {
        let name = object.get_type().name()?;
        return Err(PyTypeError::new_err(format!("Expected str, not {name}.")));
    }
    Ok(<&str>::extract(object).ok())
}

/// How old a token may be: an `int`, `float` or `timedelta`.
pub(in crate::bindings) struct MaxAge(pub(super) signing::MaxAge);

impl FromPyObject<'_, '_> for MaxAge {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        // A bool is an int to Python; as an age it is a mistake.
        let seconds = if object.is_instance_of::<PyBool>() {
            return Err(unsuitable(&object)?);
        } else if object.is_instance_of::<PyInt>() || object.is_instance_of::<PyFloat>() {
            // An int that no float holds is as far out of range as infinity.
            object.extract().unwrap_or(f64::INFINITY)
        } else if object.is_instance_of::<PyDelta>() {
            object.call_method0("total_seconds")?.extract()?
        } else {
            return Err(unsuitable(&object)?);
        };
        Ok(Self(signing::MaxAge::new(seconds)?))
    }
}

fn unsuitable(object: &Bound<'_, PyAny>) -> PyResult<PyErr> {
    let name = object.get_type().name()?;
    let message = format!("Expected max_age as int, float, timedelta or None, not {name}.");
    Ok(PyTypeError::new_err(message))
}

/// The system's clock, or a test's.
pub(super) struct Clock(pub(super) Option<Py<PyAny>>);

impl Clock {
    pub(super) fn now(&self, py: Python<'_>) -> PyResult<Timestamp> {
        Ok(match &self.0 {
            None => Timestamp::now(),
            Some(clock) => Timestamp::from_clock(clock.call0(py)?.extract(py)?),
        }?)
    }
}
