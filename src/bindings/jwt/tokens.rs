//! What is verified, and what nobody has verified.

use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::arguments;
use crate::bindings::guard::guard;
use crate::bindings::json::{self, Objects};
use crate::encoding::base64url_decode;
use crate::jwt::{Authentic, Unverified};

/// The claims of an authentic token, if they are acceptable.
pub(super) fn claims<'py>(
    py: Python<'py>,
    authentic: &Authentic<'_, '_>,
    now: f64,
) -> PyResult<Bound<'py, PyDict>> {
    let mut objects = Objects::new(py);
    authentic.claims(now, &mut objects)?;
    Ok(objects.finish()?.cast_into()?)
}

/// A token whose signature and claims have been verified.
#[pyclass(frozen, module = "hauberk.jwt")]
pub(in crate::bindings) struct Token {
    claims: Py<PyDict>,
    /// As it came.
    header: Box<[u8]>,
}

impl Token {
    /// The token, if its claims are acceptable.
    pub(super) fn new(py: Python<'_>, authentic: &Authentic<'_, '_>, now: f64) -> PyResult<Self> {
        let claims = claims(py, authentic, now)?.unbind();
        Ok(Self { claims, header: authentic.header().into() })
    }
}

#[pymethods]
impl Token {
    /// The claims.
    #[getter]
    fn claims(&self, py: Python<'_>) -> PyResult<Py<PyDict>> {
        guard(|| Ok(self.claims.clone_ref(py)))
    }

    /// The header's parameters.
    #[getter]
    fn header<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        guard(|| json::read(py, &base64url_decode(&self.header)?))
    }
}

/// A token that nobody has verified. Nothing in it is to be believed.
#[pyclass(frozen, module = "hauberk.jwt")]
pub(in crate::bindings) struct UnverifiedToken {
    claims: Py<PyDict>,
    header: Py<PyDict>,
}

#[pymethods]
impl UnverifiedToken {
    /// What the token claims, whoever wrote it.
    #[getter]
    fn claims(&self, py: Python<'_>) -> PyResult<Py<PyDict>> {
        guard(|| Ok(self.claims.clone_ref(py)))
    }

    /// The header's parameters, whoever wrote them.
    #[getter]
    fn header(&self, py: Python<'_>) -> PyResult<Py<PyDict>> {
        guard(|| Ok(self.header.clone_ref(py)))
    }
}

#[pyfunction]
#[pyo3(signature = (token, /))]
pub(in crate::bindings) fn jwt_unverified(
    py: Python<'_>,
    token: &Bound<'_, PyAny>,
) -> PyResult<UnverifiedToken> {
    guard(|| {
        let token = Unverified::parse(arguments::token(token, Unverified::check_length)?)?;
        let object = |text: &[u8]| -> PyResult<Py<PyDict>> {
            Ok(json::read(py, text)?.cast_into::<PyDict>()?.unbind())
        };
        Ok(UnverifiedToken { claims: object(&token.payload)?, header: object(&token.header)? })
    })
}
