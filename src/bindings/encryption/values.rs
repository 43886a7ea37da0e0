//! What both kinds of cipher do with one value.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

use crate::bindings::octets::{Bytes, Ciphertext, Text};
use crate::encryption::{Algorithm, Cipher, KeyId, Session, is_encrypted_text};

pub(super) fn seal<'py, A: Algorithm>(
    py: Python<'py>,
    session: &Session<A>,
    data: &[u8],
    associated_data: &[u8],
) -> PyResult<Bound<'py, PyBytes>> {
    PyBytes::new_with(py, A::FORMAT.ciphertext_length(data.len()), |sealed| {
        Ok(detached(py, data.len(), || session.seal(data, associated_data, sealed))?)
    })
}

pub(super) fn open<'py, A: Algorithm>(
    py: Python<'py>,
    session: &Session<A>,
    data: &[u8],
    associated_data: &[u8],
) -> PyResult<Bound<'py, PyBytes>> {
    let sealed = session.find(data)?;
    PyBytes::new_with(py, sealed.plaintext_length(), |plaintext| {
        Ok(detached(py, data.len(), || sealed.open(associated_data, plaintext))?)
    })
}

pub(super) fn seal_text<'py, A: Algorithm>(
    py: Python<'py>,
    session: &Session<A>,
    text: &str,
    associated_data: &[u8],
) -> PyResult<Bound<'py, PyString>> {
    let sealed = detached(py, text.len(), || session.seal_text(text, associated_data))?;
    Ok(PyString::new(py, &sealed))
}

pub(super) fn open_text<'py, A: Algorithm>(
    py: Python<'py>,
    session: &Session<A>,
    text: &str,
    associated_data: &[u8],
) -> PyResult<Bound<'py, PyString>> {
    let opened = detached(py, text.len(), || session.open_text(text, associated_data))?;
    Ok(PyString::new(py, opened.text()?))
}

/// The id of the key that a ciphertext names.
pub(super) fn key_id<A: Algorithm>(value: &Bound<'_, PyAny>) -> PyResult<KeyId> {
    Ok(if value.is_instance_of::<PyString>() {
        Cipher::<A>::FORMAT.key_id_of_text(&value.extract::<Ciphertext<'_>>()?)?
    } else {
        Cipher::<A>::FORMAT.key_id_of_bytes(&value.extract::<Bytes<'_>>()?)?
    })
}

pub(super) fn is_encrypted<A: Algorithm>(value: &Bound<'_, PyAny>) -> bool {
    if let Ok(text) = value.extract::<Ciphertext<'_>>() {
        return is_encrypted_text(&text);
    }
    value.extract::<Bytes<'_>>().is_ok_and(|data| A::FORMAT.is_encrypted_bytes(&data))
}

pub(super) fn ciphertext_length<A: Algorithm>(length: usize, text: bool) -> usize {
    if text { A::FORMAT.text_length(length) } else { A::FORMAT.ciphertext_length(length) }
}

/// A ciphertext under the primary key: the value itself if it is one already.
pub(super) fn rewrap<'py, A: Algorithm>(
    value: Bound<'py, PyAny>,
    session: &Session<A>,
    associated_data: &[u8],
) -> PyResult<Bound<'py, PyAny>> {
    let py = value.py();
    if session.is_primary(key_id::<A>(&value)?) {
        return Ok(value);
    }
    if value.is_instance_of::<PyString>() {
        let sealed = value.extract::<Ciphertext<'_>>()?;
        let opened = session.open_text(&sealed, associated_data)?;
        return Ok(seal_text(py, session, opened.text()?, associated_data)?.into_any());
    }
    let sealed = value.extract::<Bytes<'_>>()?;
    let opened = session.find(&sealed)?.open_to_vec(associated_data)?;
    Ok(seal(py, session, &opened, associated_data)?.into_any())
}

/// Each form that a value can have, under every key that decrypts.
pub(super) fn variants<'py, A: Algorithm>(
    value: &Bound<'py, PyAny>,
    session: &Session<A>,
    associated_data: &[u8],
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let py = value.py();
    if value.is_instance_of::<PyString>() {
        let text = value.extract::<Text<'_>>()?;
        let sealed = session.seal_text_variants(&text, associated_data)?;
        return Ok(sealed.iter().map(|one| PyString::new(py, one).into_any()).collect());
    }
    let data = value.extract::<Bytes<'_>>()?;
    let sealed = session.seal_variants(&data, associated_data)?;
    Ok(sealed.iter().map(|one| PyBytes::new(py, one).into_any()).collect())
}

/// Runs `body`, and lets other Python threads run meanwhile if it takes a while.
fn detached<T: Send>(py: Python<'_>, length: usize, body: impl FnOnce() -> T + Send) -> T {
    if length < DETACH_FROM { body() } else { py.detach(body) }
}

/// Bytes. 16 KiB take about 10 microseconds; detaching and coming back, when nobody else wants to
/// run, 0.05.
const DETACH_FROM: usize = 16 * 1024;
