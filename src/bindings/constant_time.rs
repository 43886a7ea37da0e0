//! `hauberk.compare_digest`.

use pyo3::prelude::*;

use super::guard::guard;
use super::octets::Octets;
use crate::constant_time;

#[pyfunction]
#[pyo3(signature = (a, b, /))]
pub(super) fn compare_digest(a: Octets<'_>, b: Octets<'_>) -> PyResult<bool> {
    guard(|| Ok(constant_time::equal(&a, &b)))
}
