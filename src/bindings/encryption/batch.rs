//! One function for each item of a batch.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};

use crate::bindings::octets::Bytes;
use crate::encryption::{Algorithm, Session};

/// Applies `one` to each item with its associated data.
pub(super) fn each<'py, A: Algorithm>(
    py: Python<'py>,
    session: &Session<A>,
    items: &Bound<'py, PyAny>,
    associated_data: Option<&Bound<'py, PyAny>>,
    on_error: &str,
    one: OneValue<A>,
) -> PyResult<Bound<'py, PyList>> {
    let returns = match on_error {
        "raise" => false,
        "return" => true,
        _ => return Err(PyValueError::new_err("on_error is \"raise\" or \"return\".")),
    };
    let mut own = None;
    let mut common = Bytes::EMPTY;
    if let Some(given) = associated_data {
        match given.extract::<Bytes<'_>>() {
            Ok(bytes) => common = bytes,
            Err(_) => own = Some(given.try_iter()?),
        }
    }
    let results = PyList::empty(py);
    for item in items.try_iter()? {
        let item = item?;
        let its_own = match own.as_mut() {
            Some(own) => Some(own.next().unwrap_or_else(|| Err(uneven()))?),
            None => None,
        };
        let associated_data = match &its_own {
            Some(own) => &own.extract::<Bytes<'_>>()?,
            None => &common,
        };
        match one(py, session, &item.extract::<Bytes<'_>>()?, associated_data) {
            Ok(result) => results.append(result)?,
            Err(error) if returns => results.append(error.into_value(py))?,
            Err(error) => return Err(error),
        }
    }
    if own.is_some_and(|mut own| own.next().is_some()) {
        return Err(uneven());
    }
    Ok(results)
}

fn uneven() -> PyErr {
    PyValueError::new_err("There is not one associated data for each item.")
}

/// What is done with an item and its associated data.
pub(super) type OneValue<A> =
    for<'py> fn(Python<'py>, &Session<A>, &[u8], &[u8]) -> PyResult<Bound<'py, PyBytes>>;
