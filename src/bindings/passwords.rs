//! Passwords. The GIL is released while a hash waits for its turn and while it is computed.

mod legacy;
mod pending;

use core::time::Duration;

use pyo3::prelude::*;
use pyo3::types::PyBytes;

pub(super) use self::legacy::{bcrypt_digest, work_in_turn, wrapped_hash};
pub(super) use self::pending::{PendingHash, PendingVerification, PendingWork};
use super::guard::guard;
use super::octets::{Bytes, Octets, Text};
use crate::passwords::{
    self, Encoded, Limits, Parameters, PepperId, Peppers, Permit, Ticket, Type, Version, Wrapped,
    limiter,
};
use crate::secret::Secret;

/// Makes hashes with fixed parameters and peppers, and verifies with these peppers.
#[pyclass(frozen, module = "hauberk._rust")]
pub(super) struct Hasher(passwords::Hasher);

#[pymethods]
impl Hasher {
    #[new]
    #[pyo3(signature = (numbers, max_password_bytes, peppers=Vec::new(), pepper_new_hashes=true, /))]
    fn new(
        numbers: Numbers,
        max_password_bytes: i64,
        peppers: Vec<Pepper>,
        pepper_new_hashes: bool,
    ) -> PyResult<Self> {
        // What is negative is out of range, as 0 is.
        let max_password_bytes = usize::try_from(max_password_bytes).unwrap_or(0);
        guard(|| {
            let ring = peppers.into_iter().map(|Pepper(id, secret)| (id, secret)).collect();
            let peppers = Peppers::new(ring, pepper_new_hashes)?;
            let hasher = passwords::Hasher::new(parameters(numbers)?, max_password_bytes, peppers)?;
            Ok(Self(hasher))
        })
    }

    #[pyo3(signature = (password, salt, /))]
    fn hash(
        &self,
        py: Python<'_>,
        password: Octets<'_>,
        salt: Option<Octets<'_>>,
    ) -> PyResult<String> {
        guard(|| {
            self.0.check(&password, salt.as_deref())?;
            let permit = wait(py, || Ticket::for_thread(self.0.parameters()))?;
            Ok(py.detach(|| self.0.hash(&password, salt.as_deref(), &permit))?)
        })
    }

    #[pyo3(signature = (password, salt, /))]
    fn raw(&self, py: Python<'_>, password: Bytes<'_>, salt: Bytes<'_>) -> PyResult<Py<PyBytes>> {
        guard(|| {
            self.0.check(&password, Some(&*salt))?;
            let permit = wait(py, || Ticket::for_thread(self.0.parameters()))?;
            let tag = py.detach(|| self.0.raw(&password, &salt, &permit))?;
            Ok(PyBytes::new(py, &tag).unbind())
        })
    }

    #[pyo3(signature = (encoded, password, /))]
    fn verify(&self, py: Python<'_>, encoded: Octets<'_>, password: Octets<'_>) -> PyResult<()> {
        guard(|| verify(py, &encoded, &password, self.0.peppers()))
    }

    fn dummy(&self) -> PyResult<String> {
        guard(|| Ok(self.0.dummy()?))
    }

    #[pyo3(signature = (digest, header, /))]
    fn wrap(&self, py: Python<'_>, digest: Bytes<'_>, header: Text<'_>) -> PyResult<String> {
        guard(|| {
            let permit = wait(py, || Ticket::for_thread(self.0.parameters()))?;
            Ok(py.detach(|| self.0.wrap(&digest, &header, &permit))?)
        })
    }

    #[pyo3(signature = (encoded, digest, /))]
    fn verify_wrapped(
        &self,
        py: Python<'_>,
        encoded: Octets<'_>,
        digest: Bytes<'_>,
    ) -> PyResult<()> {
        guard(|| {
            let peppers = self.0.peppers();
            let expected = Wrapped::parse_for(&encoded, peppers)?;
            let permit = wait(py, || Ticket::for_thread(&expected.outer.parameters))?;
            Ok(py.detach(|| expected.verify(&digest, peppers, &permit))?)
        })
    }

    #[pyo3(signature = (encoded, /))]
    fn needs_rehash(&self, encoded: Octets<'_>) -> PyResult<bool> {
        guard(|| Ok(self.0.needs_rehash(&encoded)?))
    }
}

/// One entry of a ring: id and secret.
struct Pepper(PepperId, Secret<Vec<u8>>);

impl<'py> FromPyObject<'_, 'py> for Pepper {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let (id, secret): (Bound<'_, PyAny>, Bound<'_, PyAny>) = object.extract()?;
        let secret = Secret::new(Octets::extract(secret.as_borrowed())?.to_vec());
        Ok(Self(PepperId::new(&Octets::extract(id.as_borrowed())?)?, secret))
    }
}

/// Verifies without peppers.
#[pyfunction]
#[pyo3(signature = (encoded, password, /))]
pub(super) fn verify_password(
    py: Python<'_>,
    encoded: Octets<'_>,
    password: Octets<'_>,
) -> PyResult<()> {
    guard(|| verify(py, &encoded, &password, &Peppers::NONE))
}

/// The id of the pepper that an encoded hash names.
#[pyfunction]
#[pyo3(signature = (encoded, /))]
pub(super) fn hash_pepper(encoded: Octets<'_>) -> PyResult<Option<String>> {
    guard(|| Ok(pepper_name(&Encoded::parse(&encoded)?)))
}

/// The parameters of an encoded hash, in the order of [`Numbers`].
#[pyfunction]
#[pyo3(signature = (encoded, /))]
pub(super) fn hash_parameters(encoded: Octets<'_>) -> PyResult<Numbers> {
    guard(|| Ok(numbers(&Encoded::parse(&encoded)?)))
}

/// Most hashes at once, their bytes, who may wait, for how many seconds, bytes kept for later.
#[pyfunction]
pub(super) fn hash_limits() -> PyResult<(usize, usize, usize, f64, usize)> {
    guard(|| {
        let limits = limiter::limits();
        Ok((
            limits.max_concurrency,
            limits.max_memory,
            limits.max_queue,
            limits.queue_timeout.as_secs_f64(),
            passwords::retention(),
        ))
    })
}

#[pyfunction]
#[pyo3(signature = (max_concurrency, max_memory, max_queue, queue_timeout, retained_memory, /))]
pub(super) fn set_hash_limits(
    max_concurrency: usize,
    max_memory: usize,
    max_queue: usize,
    queue_timeout: f64,
    retained_memory: usize,
) -> PyResult<()> {
    guard(|| {
        let queue_timeout = Duration::try_from_secs_f64(queue_timeout)
            .map_err(|_| crate::Error::InvalidInput("queue_timeout is seconds from 0 on"))?;
        limiter::set_limits(Limits { max_concurrency, max_memory, max_queue, queue_timeout })?;
        passwords::set_retention(retained_memory);
        Ok(())
    })
}

/// Running, waiting, bytes taken, bytes kept, admitted, refused, timed out.
#[pyfunction]
pub(super) fn hash_stats() -> PyResult<(usize, usize, usize, usize, u64, u64, u64)> {
    guard(|| {
        let stats = limiter::stats();
        Ok((
            stats.running,
            stats.waiting,
            stats.memory,
            passwords::retained(),
            stats.admitted,
            stats.refused,
            stats.timed_out,
        ))
    })
}

/// Chooses worse ways of hashing, for benchmarks that show by how much.
#[cfg(feature = "test-hooks")]
#[pyfunction]
#[pyo3(signature = (*, wiping=true, pooling=true, wide=true))]
pub(super) fn set_hash_variant_for_bench(wiping: bool, pooling: bool, wide: bool) -> PyResult<()> {
    guard(|| {
        passwords::set_variant(passwords::Variant { wiping, pooling, wide });
        Ok(())
    })
}

fn verify(py: Python<'_>, encoded: &[u8], password: &[u8], peppers: &Peppers) -> PyResult<()> {
    let expected = Encoded::parse_for(encoded, password, peppers)?;
    let permit = wait(py, || Ticket::for_thread(&expected.parameters))?;
    Ok(py.detach(|| expected.verify(password, peppers, &permit))?)
}

/// Waits for the right to compute a hash; a signal handler that raises ends the waiting.
fn wait(py: Python<'_>, ticket: impl FnOnce() -> crate::Result<Ticket> + Send) -> PyResult<Permit> {
    let mut signal = None;
    let permit = py.detach(|| {
        ticket()?.block(|| {
            #[expect(
                clippy::redundant_closure_for_method_calls,
                reason = "a path has one lifetime"
            )]
            let handled = Python::attach(|py| py.check_signals());
            signal = handled.err();
            signal.is_some()
        })
    });
    signal.map_or_else(|| Ok(permit?), Err)
}

fn pepper_name(encoded: &Encoded) -> Option<String> {
    encoded.pepper.map(|id| String::from_utf8_lossy(id.as_bytes()).into_owned())
}

fn numbers(encoded: &Encoded) -> Numbers {
    let found = encoded.parameters;
    (
        found.kind.number(),
        found.version.number(),
        found.salt_len,
        found.hash_len,
        found.time_cost,
        found.memory_cost,
        found.parallelism,
    )
}

fn parameters(numbers: Numbers) -> crate::Result<Parameters> {
    let (kind, version, salt_len, hash_len, time_cost, memory_cost, parallelism) = numbers;
    Parameters::new(
        Type::from_number(kind)?,
        Version::from_number(version)?,
        [memory_cost, time_cost, parallelism],
        [hash_len, salt_len],
    )
}

/// Type, version, salt and hash length, time and memory cost, parallelism: the fields of Python's
/// `Parameters`, in their order.
type Numbers = (u32, u32, u32, u32, u32, u32, u32);
