//! Tokens and nonces.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use zeroize::Zeroizing;

use super::guard::guard;
use crate::random::{self, NonceSource};
use crate::{Error, encoding};

#[pyfunction]
#[pyo3(signature = (length, /))]
pub(super) fn token_bytes(py: Python<'_>, length: usize) -> PyResult<Bound<'_, PyBytes>> {
    guard(|| PyBytes::new_with(py, length, |bytes| Ok(random::fill(bytes)?)))
}

#[pyfunction]
#[pyo3(signature = (length, /))]
pub(super) fn token_hex(py: Python<'_>, length: usize) -> PyResult<Bound<'_, PyString>> {
    guard(|| Ok(PyString::new(py, &Zeroizing::new(encoding::hex(&fresh(length)?)))))
}

#[pyfunction]
#[pyo3(signature = (length, /))]
pub(super) fn token_urlsafe(py: Python<'_>, length: usize) -> PyResult<Bound<'_, PyString>> {
    guard(|| Ok(PyString::new(py, &Zeroizing::new(encoding::base64url(&fresh(length)?)))))
}

#[pyfunction]
#[pyo3(signature = (length, alphabet, /))]
pub(super) fn random_string<'py>(
    py: Python<'py>,
    length: usize,
    alphabet: &str,
) -> PyResult<Bound<'py, PyString>> {
    guard(|| Ok(PyString::new(py, &Zeroizing::new(random::string(length, alphabet)?))))
}

/// A nonce of 24 bytes, so that tests can look at what the ciphers use.
#[pyfunction]
pub(super) fn nonce(py: Python<'_>) -> PyResult<Bound<'_, PyBytes>> {
    guard(|| Ok(PyBytes::new(py, &random::nonce::<24>()?)))
}

#[pyfunction]
pub(super) fn nonce_source() -> PyResult<&'static str> {
    guard(|| Ok(random::nonce_source().name()))
}

#[pyfunction]
#[pyo3(signature = (source, /))]
pub(super) fn set_nonce_source(source: &str) -> PyResult<()> {
    guard(|| {
        random::set_nonce_source(source.parse()?);
        Ok(())
    })
}

/// Reads `HAUBERK_RNG`, once, when the module is loaded.
pub(super) fn configure_from_environment() -> PyResult<()> {
    let Some(name) = std::env::var_os("HAUBERK_RNG") else { return Ok(()) };
    let source = name.to_str().map_or(Err(Error::Configuration(ENVIRONMENT)), |name| {
        name.parse::<NonceSource>().map_err(|_| Error::Configuration(ENVIRONMENT))
    });
    random::set_nonce_source(source?);
    Ok(())
}

fn fresh(length: usize) -> PyResult<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(vec![0; length]);
    random::fill(&mut bytes)?;
    Ok(bytes)
}

const ENVIRONMENT: &str = "the environment variable HAUBERK_RNG is \"generator\" or \"os\"";
