//! `hauberk.encryption`.

mod batch;
mod blind_index;
mod cipher;
mod deterministic;
mod foreign;
mod values;

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::PyString;

pub(super) use self::blind_index::BlindIndex;
pub(super) use self::cipher::Cipher;
pub(super) use self::deterministic::DeterministicCipher;
pub(super) use self::foreign::ForeignReader;
use super::guard::guard;
use super::octets::{Octets, Text};
use crate::encryption::{BlindIndexOptions, Key, Keyring, KeysetKind, Normalizer};

/// A key: what `hauberk.encryption.Key` holds.
#[pyclass(frozen, module = "hauberk._rust")]
pub(super) struct KeyCore(Key);

#[pymethods]
impl KeyCore {
    #[staticmethod]
    fn generate() -> PyResult<Self> {
        guard(|| Ok(Self(Key::generate()?)))
    }

    #[staticmethod]
    #[pyo3(signature = (text, /))]
    fn from_text(text: Text<'_>) -> PyResult<Self> {
        guard(|| Ok(Self(Key::from_text(text.as_bytes())?)))
    }

    #[staticmethod]
    #[pyo3(signature = (path, /))]
    fn from_file(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        guard(|| Ok(Self(py.detach(|| Key::from_file(&path))?)))
    }

    #[pyo3(signature = (path, /))]
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        guard(|| Ok(py.detach(|| self.0.save(&path))?))
    }

    fn id(&self) -> PyResult<String> {
        guard(|| Ok(self.0.id().to_string()))
    }
}

/// A keyring: what `hauberk.encryption.Keyring` holds.
#[pyclass(frozen, module = "hauberk._rust")]
pub(super) struct KeyringCore(Keyring);

#[pymethods]
impl KeyringCore {
    #[staticmethod]
    fn generate() -> PyResult<Self> {
        guard(|| Ok(Self(Keyring::generate()?)))
    }

    #[staticmethod]
    #[pyo3(signature = (text, /))]
    fn from_json(text: Octets<'_>) -> PyResult<Self> {
        guard(|| Ok(Self(Keyring::from_json(&text)?)))
    }

    /// `report` is called with the exception that says why the file cannot be followed any more.
    #[staticmethod]
    #[pyo3(signature = (path, report, /))]
    fn from_file(py: Python<'_>, path: PathBuf, report: Py<PyAny>) -> PyResult<Self> {
        guard(|| {
            let report = Box::new(move |error: &crate::Error| {
                Python::attach(|py| {
                    if let Err(error) = report.call1(py, (PyErr::from(*error),)) {
                        error.write_unraisable(py, None);
                    }
                });
            });
            Ok(Self(py.detach(|| Keyring::from_file(&path, report))?))
        })
    }

    #[pyo3(signature = (path, /))]
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        // Another process may hold the lock of the file.
        guard(|| Ok(py.detach(|| self.0.save(&path))?))
    }

    #[pyo3(signature = (key, /))]
    fn add(&self, key: &KeyCore) -> PyResult<()> {
        guard(|| Ok(self.0.add(&key.0)?))
    }

    #[pyo3(signature = (key_id, /))]
    fn promote(&self, key_id: &str) -> PyResult<()> {
        guard(|| Ok(self.0.promote(key_id.parse()?)?))
    }

    #[pyo3(signature = (key_id, /))]
    fn promote_index(&self, key_id: &str) -> PyResult<()> {
        guard(|| Ok(self.0.promote_index(key_id.parse()?)?))
    }

    #[pyo3(signature = (key_id, /))]
    fn disable(&self, key_id: &str) -> PyResult<()> {
        guard(|| Ok(self.0.disable(key_id.parse()?)?))
    }

    #[pyo3(signature = (key_id, /))]
    fn disable_index(&self, key_id: &str) -> PyResult<()> {
        guard(|| Ok(self.0.disable_index(key_id.parse()?)?))
    }

    #[pyo3(signature = (key_id, /))]
    fn enable(&self, key_id: &str) -> PyResult<()> {
        guard(|| Ok(self.0.enable(key_id.parse()?)?))
    }

    #[pyo3(signature = (key_id, /))]
    fn enable_index(&self, key_id: &str) -> PyResult<()> {
        guard(|| Ok(self.0.enable_index(key_id.parse()?)?))
    }

    #[pyo3(signature = (key_id, /))]
    fn destroy(&self, key_id: &str) -> PyResult<()> {
        guard(|| Ok(self.0.destroy(key_id.parse()?)?))
    }

    fn primary_id(&self) -> PyResult<String> {
        guard(|| Ok(self.0.primary_id()?.to_string()))
    }

    /// Id, state, state for blind indexes, and seconds since the epoch, of each key.
    fn entries(&self) -> PyResult<Vec<(String, &'static str, &'static str, u64)>> {
        guard(|| {
            let info = self.0.keys().into_iter();
            Ok(info
                .map(|key| {
                    let seconds = key.created.seconds();
                    (key.id.to_string(), key.state.name(), key.index_state.name(), seconds)
                })
                .collect())
        })
    }

    #[pyo3(signature = (context, /))]
    fn cipher(&self, context: Text<'_>) -> PyResult<Cipher> {
        guard(|| Ok(Cipher(self.0.cipher(&context)?)))
    }

    #[pyo3(signature = (context, deterministic, /))]
    fn export_tink<'py>(
        &self,
        py: Python<'py>,
        context: Text<'_>,
        deterministic: bool,
    ) -> PyResult<Bound<'py, PyString>> {
        let kind = if deterministic { KeysetKind::Deterministic } else { KeysetKind::Random };
        guard(|| Ok(PyString::new(py, &self.0.export_tink(&context, kind)?)))
    }

    #[staticmethod]
    #[pyo3(signature = (text, /))]
    fn import_tink(text: Octets<'_>) -> PyResult<Cipher> {
        guard(|| Ok(Cipher(Keyring::import_tink(&text)?)))
    }

    #[pyo3(signature = (context, /))]
    fn deterministic(&self, context: Text<'_>) -> PyResult<DeterministicCipher> {
        guard(|| Ok(DeterministicCipher(self.0.deterministic(&context)?)))
    }

    /// `normalize` names one of ours, or is None; `function` is what Unicode text goes through, or
    /// all text if `label`, its name and version, is given.
    #[pyo3(signature = (context, name, /, bits, normalize, function, label))]
    fn blind_index(
        &self,
        context: Text<'_>,
        name: Text<'_>,
        bits: usize,
        normalize: Option<&str>,
        function: Option<Py<PyAny>>,
        label: Option<&str>,
    ) -> PyResult<BlindIndex> {
        guard(|| {
            let normalizer = Normalizer::from_options(normalize, label)?;
            let label = label.unwrap_or_default();
            let options =
                BlindIndexOptions { context: &context, name: &name, bits, normalizer, label };
            Ok(BlindIndex { index: self.0.blind_index(options)?, function })
        })
    }
}

/// XAES-256-GCM itself, for the vectors of its standard.
#[cfg(feature = "test-hooks")]
#[pyfunction]
#[pyo3(signature = (key, nonce, data, associated_data, /))]
pub(super) fn xaes_seal_for_test<'py>(
    py: Python<'py>,
    key: [u8; 32],
    nonce: [u8; 24],
    data: &[u8],
    associated_data: &[u8],
) -> PyResult<Bound<'py, pyo3::types::PyBytes>> {
    guard(|| {
        Ok(pyo3::types::PyBytes::new(
            py,
            &crate::encryption::xaes_seal(&key, &nonce, associated_data, data)?,
        ))
    })
}

/// AES-256-GCM itself, for the vectors of its standard.
#[cfg(feature = "test-hooks")]
#[pyfunction]
#[pyo3(signature = (key, nonce, data, associated_data, /))]
pub(super) fn gcm_seal_for_test<'py>(
    py: Python<'py>,
    key: [u8; 32],
    nonce: [u8; 12],
    data: &[u8],
    associated_data: &[u8],
) -> PyResult<Bound<'py, pyo3::types::PyBytes>> {
    let sealed = || PyResult::Ok(crate::encryption::gcm_seal(&key, nonce, associated_data, data)?);
    guard(|| Ok(pyo3::types::PyBytes::new(py, &sealed()?)))
}

/// The way back of `gcm_seal_for_test`.
#[cfg(feature = "test-hooks")]
#[pyfunction]
#[pyo3(signature = (key, nonce, data, associated_data, /))]
pub(super) fn gcm_open_for_test<'py>(
    py: Python<'py>,
    key: [u8; 32],
    nonce: [u8; 12],
    data: &[u8],
    associated_data: &[u8],
) -> PyResult<Bound<'py, pyo3::types::PyBytes>> {
    let opened = || PyResult::Ok(crate::encryption::gcm_open(&key, nonce, associated_data, data)?);
    guard(|| Ok(pyo3::types::PyBytes::new(py, &opened()?)))
}
