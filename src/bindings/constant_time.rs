//! `hauberk.compare_digest`.

use pyo3::prelude::*;

use super::guard::guard;
use super::octets::{self, Octets};
use crate::constant_time;

#[pyfunction]
#[pyo3(signature = (a, b, /))]
pub(super) fn compare_digest(a: &Bound<'_, PyAny>, b: &Bound<'_, PyAny>) -> PyResult<bool> {
    guard(|| {
        if let (Some(a), Some(b)) = (octets::borrowed(a), octets::borrowed(b)) {
            return Ok(constant_time::equal(a, b));
        }
        Ok(constant_time::equal(&a.extract::<Octets<'_>>()?, &b.extract::<Octets<'_>>()?))
    })
}

/// Does nothing with two arguments: the floor under every call, for benchmarks.
#[cfg(feature = "test-hooks")]
#[pyfunction]
#[pyo3(signature = (a, b, /))]
pub(super) fn empty_call_for_bench(a: &Bound<'_, PyAny>, b: &Bound<'_, PyAny>) -> PyResult<bool> {
    guard(|| Ok(a.is(b)))
}
