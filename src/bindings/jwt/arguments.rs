//! What Python passes for tokens, claims, times and names.

use std::time::{SystemTime, UNIX_EPOCH};

use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyBytes, PyDelta, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString, PyTuple,
};
use zeroize::Zeroizing;

use crate::bindings::json;
use crate::bindings::octets::{Octets, Text};
use crate::jwt::{Expiry, Given, Shape};
use crate::{Error, Result};

/// The bytes of a token that is `str` or `bytes`. Its length is checked first, before anything
/// looks at what may be megabytes.
pub(super) fn token<'a>(
    token: &'a Bound<'_, PyAny>,
    check_length: impl FnOnce(usize) -> Result<()>,
) -> PyResult<&'a [u8]> {
    Ok(token_or_refusal(token, check_length)??)
}

/// The bytes of a token, or what the token is refused for.
pub(super) fn token_or_refusal<'a>(
    token: &'a Bound<'_, PyAny>,
    check_length: impl FnOnce(usize) -> Result<()>,
) -> PyResult<Result<&'a [u8]>> {
    if let Ok(text) = token.cast::<PyString>() {
        if let Err(refusal) = check_length(text.len()?) {
            return Ok(Err(refusal));
        }
        // Python's own UnicodeEncodeError carries the whole text.
        let text = text.to_str().map_err(|_| Error::MalformedToken("the token is not ASCII"));
        Ok(text.map(str::as_bytes))
    } else if let Ok(bytes) = token.cast::<PyBytes>() {
        Ok(Ok(bytes.as_bytes()))
    } else {
        Err(PyTypeError::new_err(format!(
            "A token is str or bytes, not {}.",
            token.get_type().name()?
        )))
    }
}

/// Claims as JSON text, and the registered ones among them.
pub(super) fn claims(claims: &Bound<'_, PyAny>) -> PyResult<(Vec<u8>, Given)> {
    let dict = mapping("Claims are", claims)?;
    let mut given = Given::default();
    let mut text = Vec::with_capacity(TYPICAL_LENGTH);
    json::write_members(&dict, &mut text, |name, value| {
        if let Some(claim) = given.claim(name) {
            *claim = shape(value);
        }
    })?;
    Ok((text, given))
}

/// Header parameters as JSON text.
pub(super) fn headers(headers: Option<&Bound<'_, PyAny>>) -> PyResult<Option<Vec<u8>>> {
    let Some(headers) = headers else { return Ok(None) };
    let mut text = Vec::new();
    let dict = mapping("Headers are", headers)?;
    json::write(&dict, &mut text)?;
    Ok(Some(text))
}

/// The JSON text of a JWK or a JWK set that is text already or a mapping.
pub(super) fn jwk<'a>(object: &'a Bound<'_, PyAny>) -> PyResult<Octets<'a>> {
    if object.is_instance_of::<PyString>() || object.is_instance_of::<PyBytes>() {
        return object.extract();
    }
    // All at once for any single key, so that growing leaves no copy of a private one behind.
    let mut text = Zeroizing::new(Vec::with_capacity(JWK_LENGTH));
    json::write(mapping("A JWK or a JWK set is text or", object)?.as_any(), &mut text)?;
    Ok(Octets::Copied(text))
}

/// The present, of the clock that was injected or of the system.
pub(super) fn now(py: Python<'_>, clock: Option<&Py<PyAny>>) -> PyResult<f64> {
    if let Some(clock) = clock {
        return clock.call0(py)?.extract(py);
    }
    // A clock that stands before 1970 must not pass for 1970: the domain refuses what is negative.
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH);
    Ok(since_epoch.map_or(-1.0, |elapsed| elapsed.as_secs_f64()))
}

/// Text that is a name, of a key, a claim or somebody.
pub(super) struct Name(pub(super) String);

impl<'py> FromPyObject<'_, 'py> for Name {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        Ok(Self(Text::extract(object)?.into_str().to_owned()))
    }
}

/// A number of bytes, tokens or threads.
pub(in crate::bindings) struct Count(pub(super) usize);

impl<'py> FromPyObject<'_, 'py> for Count {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        object.extract().map(Self).map_err(|error| in_range(object.py(), error, OUT_OF_RANGE))
    }
}

/// Instead of Python's `OverflowError`, what an argument is documented to be refused with.
fn in_range(py: Python<'_>, error: PyErr, refusal: Error) -> PyErr {
    if error.is_instance_of::<PyOverflowError>(py) { refusal.into() } else { error }
}

impl<'py> FromPyObject<'_, 'py> for Expiry {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if object.is_none() {
            Ok(Self::Never)
        } else if object.is_instance_of::<PyDelta>() {
            let seconds = object.call_method0(intern!(object.py(), "total_seconds"))?;
            Ok(Self::In(seconds.extract()?))
        } else if object.is_instance_of::<PyBool>() {
            Err(PyTypeError::new_err("expires_in is a timedelta, a number of seconds or None."))
        } else {
            let seconds = object.extract();
            Ok(Self::In(seconds.map_err(|error| in_range(object.py(), error, TOO_LONG))?))
        }
    }
}

/// What kind of value a claim has.
fn shape(value: &Bound<'_, PyAny>) -> Shape {
    let is_text = |value: Bound<'_, PyAny>| value.is_instance_of::<PyString>();
    if value.is_instance_of::<PyString>() {
        Shape::Text
    } else if let Ok(list) = value.cast::<PyList>() {
        if !list.is_empty() && list.iter().all(is_text) { Shape::Texts } else { Shape::Other }
    } else if let Ok(tuple) = value.cast::<PyTuple>() {
        if !tuple.is_empty() && tuple.iter().all(is_text) { Shape::Texts } else { Shape::Other }
    } else if value.is_instance_of::<PyBool>() {
        Shape::Other
    } else if value.is_instance_of::<PyInt>() {
        // Python takes longer to make a float of it.
        value.extract().map_or(Shape::Other, Shape::integer)
    } else if value.is_instance_of::<PyFloat>() {
        value.extract().map_or(Shape::Other, Shape::Number)
    } else {
        Shape::Other
    }
}

/// A dict, or the dict of another mapping. A subclass of dict is another one: what it says that it
/// holds need not be what the dict below it does.
fn mapping<'py>(what: &str, object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
    if let Ok(dict) = object.cast_exact::<PyDict>() {
        return Ok(dict.clone());
    }
    if let Ok(mapping) = object.cast::<PyMapping>() {
        let dict = PyDict::new(object.py());
        dict.update(mapping)?;
        return Ok(dict);
    }
    Err(PyTypeError::new_err(format!("{what} a mapping, not {}.", object.get_type().name()?)))
}

const OUT_OF_RANGE: Error =
    Error::InvalidInput("a max_length, cache_size or threads is not negative, nor beyond memory");
const TOO_LONG: Error = Error::InvalidInput("an expires_in is longer than there are times");
/// More than a private RSA key of 8192 bits takes.
const JWK_LENGTH: usize = 16 * 1024;
/// More than most claims take, so that the text rarely moves while it grows.
const TYPICAL_LENGTH: usize = 512;
