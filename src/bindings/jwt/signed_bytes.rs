//! Signatures over any payload.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use super::arguments::{self, Count};
use super::keys::{JwtKey, JwtKeySet};
use crate::bindings::guard::guard;
use crate::bindings::json;
use crate::bindings::octets::Octets;
use crate::jwt;

/// The payload of a JWS whose signature has been verified, and its header.
#[pyclass(frozen, module = "hauberk.jwt")]
pub(in crate::bindings) struct SignedBytes {
    payload: Py<PyBytes>,
    header: Py<PyDict>,
}

#[pymethods]
impl SignedBytes {
    /// The bytes that were signed.
    #[getter]
    fn payload(&self, py: Python<'_>) -> PyResult<Py<PyBytes>> {
        guard(|| Ok(self.payload.clone_ref(py)))
    }

    /// The header's parameters.
    #[getter]
    fn header(&self, py: Python<'_>) -> PyResult<Py<PyDict>> {
        guard(|| Ok(self.header.clone_ref(py)))
    }
}

#[pyfunction]
#[pyo3(signature = (payload, key, headers, /))]
pub(in crate::bindings) fn jwt_sign_bytes(
    py: Python<'_>,
    payload: Octets<'_>,
    key: &JwtKey,
    headers: Option<&Bound<'_, PyAny>>,
) -> PyResult<String> {
    guard(move || {
        let headers = arguments::headers(headers)?;
        let key = key.key();
        let message = jwt::SignedBytes::prepare(&payload, &key, headers.as_deref())?;
        Ok(py.detach(|| jwt::SignedBytes::sign(&message, &key))?)
    })
}

#[pyfunction]
#[pyo3(signature = (token, keys, max_length, /))]
pub(in crate::bindings) fn jwt_verify_signature(
    py: Python<'_>,
    token: &Bound<'_, PyAny>,
    keys: &JwtKeySet,
    max_length: Count,
) -> PyResult<SignedBytes> {
    guard(|| {
        let keys = keys.keys();
        let token = arguments::token(token, |length| jwt::check_length(length, max_length.0))?;
        let signed = py.detach(|| jwt::SignedBytes::verify(token, &keys, max_length.0))?;
        let header = json::read(py, &signed.header)?.cast_into()?.unbind();
        Ok(SignedBytes { payload: PyBytes::new(py, &signed.payload).unbind(), header })
    })
}
