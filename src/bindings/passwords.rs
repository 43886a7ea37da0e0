//! Passwords. The GIL is released while a hash is computed, which takes milliseconds.

use pyo3::prelude::*;

use super::guard::guard;
use super::octets::Octets;
use crate::passwords::{self, Encoded, Parameters, Type, Version};

/// Makes hashes with fixed parameters.
#[pyclass(frozen, module = "hauberk._rust")]
pub(super) struct Hasher(passwords::Hasher);

#[pymethods]
impl Hasher {
    #[new]
    #[pyo3(signature = (numbers, max_password_bytes, /))]
    fn new(numbers: Numbers, max_password_bytes: i64) -> PyResult<Self> {
        // What is negative is out of range, as 0 is.
        let max_password_bytes = usize::try_from(max_password_bytes).unwrap_or(0);
        guard(|| Ok(Self(passwords::Hasher::new(parameters(numbers)?, max_password_bytes)?)))
    }

    #[pyo3(signature = (password, salt, /))]
    fn hash(
        &self,
        py: Python<'_>,
        password: Octets<'_>,
        salt: Option<Octets<'_>>,
    ) -> PyResult<String> {
        guard(|| Ok(py.detach(|| self.0.hash(&password, salt.as_deref()))?))
    }

    #[pyo3(signature = (encoded, /))]
    fn needs_rehash(&self, encoded: Octets<'_>) -> PyResult<bool> {
        guard(|| Ok(self.0.needs_rehash(&encoded)?))
    }
}

#[pyfunction]
#[pyo3(signature = (encoded, password, /))]
pub(super) fn verify_password(
    py: Python<'_>,
    encoded: Octets<'_>,
    password: Octets<'_>,
) -> PyResult<()> {
    guard(|| Ok(py.detach(|| passwords::verify(&encoded, &password))?))
}

/// The parameters of an encoded hash, in the order of [`Numbers`].
#[pyfunction]
#[pyo3(signature = (encoded, /))]
pub(super) fn hash_parameters(encoded: Octets<'_>) -> PyResult<Numbers> {
    guard(|| {
        let found = Encoded::parse(&encoded)?.parameters;
        Ok((
            found.kind.number(),
            found.version.number(),
            found.salt_len,
            found.hash_len,
            found.time_cost,
            found.memory_cost,
            found.parallelism,
        ))
    })
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
