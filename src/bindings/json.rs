//! JSON text and Python objects, for the bindings whose tokens carry them.

mod keys;
mod objects;
mod text;

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

pub(super) use objects::Objects;

use super::guard::guard;
use super::octets::Octets;
use crate::json;

/// The Python object that one JSON text stands for.
pub(super) fn read<'py>(py: Python<'py>, text: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    let mut objects = Objects::new(py);
    json::read(text, &mut objects)?;
    objects.finish()
}

/// Appends the compact JSON text of a Python object.
pub(super) fn write(object: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> PyResult<()> {
    text::append(object, out)
}

/// Appends the compact JSON text of a dict and tells `tell` of its members: the text of the key,
/// without quotes, and the value.
pub(super) fn write_members<'py>(
    dict: &Bound<'py, PyDict>,
    out: &mut Vec<u8>,
    tell: impl FnMut(&[u8], &Bound<'py, PyAny>),
) -> PyResult<()> {
    text::append_told(dict, out, tell)
}

#[pyfunction]
#[pyo3(signature = (text, /))]
pub(super) fn json_loads<'py>(py: Python<'py>, text: Octets<'_>) -> PyResult<Bound<'py, PyAny>> {
    guard(move || read(py, &text))
}

#[pyfunction]
#[pyo3(signature = (object, /))]
pub(super) fn json_dumps<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    guard(|| {
        let mut out = Vec::with_capacity(TYPICAL_LENGTH);
        write(object, &mut out)?;
        Ok(PyBytes::new(object.py(), &out))
    })
}

/// More than the claims of most tokens take, so that the text rarely moves while it grows.
const TYPICAL_LENGTH: usize = 512;
