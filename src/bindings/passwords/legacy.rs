//! Hashes of older schemes. Python's `hashlib` computes most of them, in a turn of the limiter.

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::{Numbers, numbers, pepper_name, wait};
use crate::Error;
use crate::bindings::guard::guard;
use crate::bindings::octets::{Bytes, Octets};
use crate::passwords::{self, Ticket, Wrapped};

/// Returns what `work` returns, called when it may take `memory` bytes and a processor.
#[pyfunction]
#[pyo3(signature = (memory, work, /))]
pub(in crate::bindings) fn work_in_turn<'py>(
    py: Python<'py>,
    memory: usize,
    work: Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    guard(|| {
        let _permit = wait(py, || Ticket::of_bytes_for_thread(memory))?;
        work.call0()
    })
}

/// The digest of bcrypt. Waits for no turn.
#[pyfunction]
#[pyo3(signature = (password, cost, salt, /))]
pub(in crate::bindings) fn bcrypt_digest(
    py: Python<'_>,
    password: Octets<'_>,
    cost: u32,
    salt: Bytes<'_>,
) -> PyResult<Py<PyBytes>> {
    guard(|| {
        let salt = <[u8; 16]>::try_from(&*salt).map_err(|_| Error::InvalidHash)?;
        let digest = py.detach(|| passwords::bcrypt(&password, cost, salt))?;
        Ok(PyBytes::new(py, &*digest).unbind())
    })
}

/// The parameters of a wrapped hash, the id of its pepper, and the old hash without its digest.
#[pyfunction]
#[pyo3(signature = (encoded, /))]
pub(in crate::bindings) fn wrapped_hash(
    encoded: Octets<'_>,
) -> PyResult<(Numbers, Option<String>, String)> {
    guard(|| {
        let Wrapped { outer, header } = Wrapped::parse(&encoded)?;
        Ok((numbers(&outer), pepper_name(&outer), header))
    })
}
