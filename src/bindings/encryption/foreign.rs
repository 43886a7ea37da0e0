//! What the readers of `hauberk.encryption.readers` are made of.

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::bindings::guard::guard;
use crate::bindings::octets::Octets;
use crate::encryption::{FernetKey, Foreign, Padding};
use crate::secret::Secret;
use crate::{Error, Result};

/// Opens the ciphertexts of another package.
#[pyclass(frozen, module = "hauberk._rust")]
pub(in crate::bindings) struct ForeignReader(Foreign);

#[pymethods]
impl ForeignReader {
    #[staticmethod]
    #[pyo3(signature = (keys, /))]
    fn fernet(keys: Vec<[u8; 32]>) -> PyResult<Self> {
        guard(|| Ok(Self(Foreign::fernet(keys.iter().map(FernetKey::new).collect())?)))
    }

    #[staticmethod]
    #[pyo3(signature = (signing_key, encryption_key, /))]
    fn raw_fernet(signing_key: Octets<'_>, encryption_key: Octets<'_>) -> PyResult<Self> {
        let key = FernetKey::of_parts(&signing_key, &encryption_key);
        guard(|| Ok(Self(Foreign::raw_fernet(key)?)))
    }

    #[staticmethod]
    #[pyo3(signature = (key, /))]
    fn aes_gcm(key: [u8; 32]) -> PyResult<Self> {
        guard(|| Ok(Self(Foreign::aes_gcm(boxed(&key)?))))
    }

    #[staticmethod]
    #[pyo3(signature = (key, padding, /))]
    fn aes_cbc(key: [u8; 32], padding: &str) -> PyResult<Self> {
        guard(|| Ok(Self(Foreign::aes_cbc(boxed(&key)?, padding.parse::<Padding>()?))))
    }

    #[pyo3(signature = (value, /))]
    fn open<'py>(&self, py: Python<'py>, value: Octets<'_>) -> PyResult<Bound<'py, PyBytes>> {
        guard(|| Ok(PyBytes::new(py, &self.0.open(&value)?)))
    }

    #[pyo3(signature = (value, /))]
    fn is_encrypted(&self, value: Octets<'_>) -> PyResult<bool> {
        guard(|| Ok(self.0.is_encrypted(&value)))
    }
}

fn boxed(key: &[u8; 32]) -> Result<Box<Secret<[u8; 32]>>> {
    Secret::boxed(|secret| {
        secret.copy_from_slice(key);
        Ok::<_, Error>(())
    })
}
