//! Keys.

use std::sync::Arc;

use pyo3::prelude::*;

use super::arguments;
use crate::bindings::guard::guard;
use crate::bindings::json;
use crate::bindings::octets::{Octets, Text};
use crate::jwt::{Algorithm, Key, KeySet};

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

    /// Return the key's thumbprint (RFC 7638) with SHA-256, in base64url.
    ///
    /// Both halves of a key pair have the same. The thumbprint of a shared secret is not for
    /// publishing: whoever guesses the secret learns from it that the guess is right.
    fn thumbprint(&self) -> PyResult<String> {
        guard(|| Ok(self.key.thumbprint()))
    }

    /// Return a message's signature in base64url, for formats that are not ours.
    #[pyo3(signature = (message, /))]
    fn jwt_sign(&self, py: Python<'_>, message: Octets<'_>) -> PyResult<String> {
        guard(move || Ok(py.detach(|| self.key.sign(&message))?))
    }

    /// Raise unless a signature in base64url is the message's.
    #[pyo3(signature = (message, signature, /))]
    fn jwt_verify(&self, py: Python<'_>, message: Octets<'_>, signature: &str) -> PyResult<()> {
        guard(move || Ok(py.detach(|| self.key.verify(&message, signature))?))
    }

    fn jwt_public(&self) -> PyResult<Self> {
        guard(|| Ok(self.key.public()?.into()))
    }

    #[pyo3(signature = (is_private, /))]
    fn jwt_jwk<'py>(&self, py: Python<'py>, is_private: bool) -> PyResult<Bound<'py, PyAny>> {
        guard(|| {
            if is_private {
                json::read(py, &self.key.to_private_jwk()?)
            } else {
                json::read(py, self.key.to_jwk()?.as_bytes())
            }
        })
    }
}

/// Keys among which a header chooses; `hauberk.jwt.KeySet` reads its arguments.
#[pyclass(frozen, subclass, module = "hauberk._rust")]
pub(in crate::bindings) struct JwtKeySet {
    keys: Arc<KeySet>,
}

impl JwtKeySet {
    pub(super) fn keys(&self) -> Arc<KeySet> {
        Arc::clone(&self.keys)
    }
}

impl From<KeySet> for JwtKeySet {
    fn from(keys: KeySet) -> Self {
        Self { keys: Arc::new(keys) }
    }
}

#[pymethods]
impl JwtKeySet {
    /// The same set as an instance of a subclass.
    #[new]
    #[pyo3(signature = (keys, /))]
    fn new(keys: &Self) -> PyResult<Self> {
        guard(|| Ok(Self { keys: keys.keys() }))
    }

    fn __len__(&self) -> PyResult<usize> {
        guard(|| Ok(self.keys.keys().len()))
    }

    fn jwt_keys(&self) -> PyResult<Vec<JwtKey>> {
        guard(|| Ok(self.keys.keys().map(|key| JwtKey { key: Arc::clone(key) }).collect()))
    }

    fn jwt_jwks<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        guard(|| json::read(py, self.keys.to_jwks()?.as_bytes()))
    }
}

#[pyfunction]
#[pyo3(signature = (keys, /))]
pub(in crate::bindings) fn jwt_key_set(keys: Vec<PyRef<'_, JwtKey>>) -> PyResult<JwtKeySet> {
    guard(|| Ok(KeySet::new(keys.iter().map(|key| key.key()))?.into()))
}

#[pyfunction]
#[pyo3(signature = (jwks, algorithms, /))]
pub(in crate::bindings) fn jwt_key_set_from_jwks(
    jwks: &Bound<'_, PyAny>,
    algorithms: Vec<String>,
) -> PyResult<JwtKeySet> {
    guard(|| {
        let algorithms = Algorithm::all_named(&algorithms)?;
        Ok(KeySet::from_jwks(&arguments::jwk(jwks)?, &algorithms)?.into())
    })
}

/// The names of algorithms, all of them known and at least one.
#[pyfunction]
#[pyo3(signature = (names, /))]
pub(in crate::bindings) fn jwt_algorithms(names: Vec<String>) -> PyResult<Vec<&'static str>> {
    guard(|| Ok(Algorithm::all_named(&names)?.into_iter().map(Algorithm::name).collect()))
}

#[pyfunction]
#[pyo3(signature = (jwk, algorithm, /))]
pub(in crate::bindings) fn jwt_hmac_key_from_jwk(
    jwk: &Bound<'_, PyAny>,
    algorithm: Option<&str>,
) -> PyResult<JwtKey> {
    guard(|| {
        let algorithm = algorithm.map(str::parse).transpose()?;
        Ok(Key::secret_from_jwk(&arguments::jwk(jwk)?, algorithm)?.into())
    })
}

#[pyfunction]
#[pyo3(signature = (jwk, algorithm, /))]
pub(in crate::bindings) fn jwt_private_key_from_jwk(
    jwk: &Bound<'_, PyAny>,
    algorithm: Option<&str>,
) -> PyResult<JwtKey> {
    guard(|| {
        let algorithm = algorithm.map(str::parse).transpose()?;
        Ok(Key::private_from_jwk(&arguments::jwk(jwk)?, algorithm)?.into())
    })
}

#[pyfunction]
#[pyo3(signature = (jwk, algorithm, /))]
pub(in crate::bindings) fn jwt_public_key_from_jwk(
    jwk: &Bound<'_, PyAny>,
    algorithm: Option<&str>,
) -> PyResult<JwtKey> {
    guard(|| {
        let algorithm = algorithm.map(str::parse).transpose()?;
        Ok(Key::public_from_jwk(&arguments::jwk(jwk)?, algorithm)?.into())
    })
}

#[pyfunction]
#[pyo3(signature = (secret, algorithm, kid, allow_weak, /))]
pub(in crate::bindings) fn jwt_hmac_key(
    secret: Octets<'_>,
    algorithm: &str,
    kid: Option<Text<'_>>,
    allow_weak: bool,
) -> PyResult<JwtKey> {
    guard(move || Ok(Key::secret(&secret, algorithm.parse()?, kid.as_deref(), allow_weak)?.into()))
}

#[pyfunction]
#[pyo3(signature = (algorithm, kid, /))]
pub(in crate::bindings) fn jwt_generate(
    py: Python<'_>,
    algorithm: &str,
    kid: Option<Text<'_>>,
) -> PyResult<JwtKey> {
    // An RSA key takes a good part of a second.
    guard(|| Ok(py.detach(|| Key::generate(algorithm.parse()?, kid.as_deref()))?.into()))
}

#[pyfunction]
#[pyo3(signature = (data, algorithm, kid, password, /, *, is_pem))]
pub(in crate::bindings) fn jwt_private_key(
    py: Python<'_>,
    data: Octets<'_>,
    algorithm: &str,
    kid: Option<Text<'_>>,
    password: Option<Octets<'_>>,
    is_pem: bool,
) -> PyResult<JwtKey> {
    guard(move || {
        let read = if is_pem { Key::private_from_pem } else { Key::private_from_der };
        let (data, algorithm): (&[u8], _) = (&data, algorithm.parse()?);
        let password: Option<&[u8]> = password.as_deref();
        // Turning a password into a key takes as long as whoever encrypted with it wanted.
        Ok(py.detach(|| read(data, algorithm, kid.as_deref(), password))?.into())
    })
}

#[pyfunction]
#[pyo3(signature = (data, algorithm, kid, /, *, is_pem))]
pub(in crate::bindings) fn jwt_public_key(
    data: Octets<'_>,
    algorithm: &str,
    kid: Option<Text<'_>>,
    is_pem: bool,
) -> PyResult<JwtKey> {
    guard(move || {
        let read = if is_pem { Key::public_from_pem } else { Key::public_from_der };
        Ok(read(&data, algorithm.parse()?, kid.as_deref())?.into())
    })
}

/// The primitive and nothing else, which a benchmark shows beside whole tokens.
#[cfg(feature = "test-hooks")]
#[pyfunction]
#[pyo3(signature = (key, message, /))]
pub(in crate::bindings) fn jwt_sign_for_bench(key: &JwtKey, message: &[u8]) -> PyResult<()> {
    guard(|| {
        key.key.sign_bare(message)?;
        Ok(())
    })
}

/// As [`jwt_sign_for_bench`]; the signature is bytes, no text.
#[cfg(feature = "test-hooks")]
#[pyfunction]
#[pyo3(signature = (key, message, signature, /))]
pub(in crate::bindings) fn jwt_verify_for_bench(
    key: &JwtKey,
    message: &[u8],
    signature: &[u8],
) -> PyResult<()> {
    guard(|| Ok(key.key.verify_bare(message, signature)?))
}
