//! Keys.

use std::sync::Arc;

use pyo3::prelude::*;

use crate::bindings::guard::guard;
use crate::bindings::octets::Octets;
use crate::jwt::Key;

/// A key bound to one algorithm; its material stays in Rust.
#[pyclass(frozen, subclass, module = "hauberk._rust")]
pub(in crate::bindings) struct JwtKey {
    key: Arc<Key>,
}

impl JwtKey {
    pub(super) fn key(&self) -> Arc<Key> {
        Arc::clone(&self.key)
    }
}

impl From<Key> for JwtKey {
    fn from(key: Key) -> Self {
        Self { key: Arc::new(key) }
    }
}

#[pymethods]
impl JwtKey {
    /// The same key as an instance of a subclass.
    #[new]
    #[pyo3(signature = (key, /))]
    fn new(key: &Self) -> PyResult<Self> {
        guard(|| Ok(Self { key: key.key() }))
    }

    /// The algorithm that the key is bound to, as in a header.
    #[getter]
    fn alg(&self) -> PyResult<&'static str> {
        guard(|| Ok(self.key.algorithm().name()))
    }

    /// The key's name in headers, or None.
    #[getter]
    fn kid(&self) -> PyResult<Option<&str>> {
        guard(|| Ok(self.key.kid()))
    }

    fn jwt_public(&self) -> PyResult<Self> {
        guard(|| Ok(self.key.public()?.into()))
    }
}

#[pyfunction]
#[pyo3(signature = (secret, algorithm, kid, allow_weak, /))]
pub(in crate::bindings) fn jwt_hmac_key(
    secret: Octets<'_>,
    algorithm: &str,
    kid: Option<&str>,
    allow_weak: bool,
) -> PyResult<JwtKey> {
    guard(move || Ok(Key::secret(&secret, algorithm.parse()?, kid, allow_weak)?.into()))
}

#[pyfunction]
#[pyo3(signature = (algorithm, kid, /))]
pub(in crate::bindings) fn jwt_generate(
    py: Python<'_>,
    algorithm: &str,
    kid: Option<&str>,
) -> PyResult<JwtKey> {
    // An RSA key takes a good part of a second.
    guard(|| Ok(py.detach(|| Key::generate(algorithm.parse()?, kid))?.into()))
}

#[pyfunction]
#[pyo3(signature = (data, algorithm, kid, /, *, is_pem))]
pub(in crate::bindings) fn jwt_private_key(
    data: Octets<'_>,
    algorithm: &str,
    kid: Option<&str>,
    is_pem: bool,
) -> PyResult<JwtKey> {
    guard(move || {
        let read = if is_pem { Key::private_from_pem } else { Key::private_from_der };
        Ok(read(&data, algorithm.parse()?, kid)?.into())
    })
}

#[pyfunction]
#[pyo3(signature = (data, algorithm, kid, /, *, is_pem))]
pub(in crate::bindings) fn jwt_public_key(
    data: Octets<'_>,
    algorithm: &str,
    kid: Option<&str>,
    is_pem: bool,
) -> PyResult<JwtKey> {
    guard(move || {
        let read = if is_pem { Key::public_from_pem } else { Key::public_from_der };
        Ok(read(&data, algorithm.parse()?, kid)?.into())
    })
}
