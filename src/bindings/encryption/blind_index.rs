//! `hauberk.encryption.BlindIndex`.

#![expect(clippy::doc_markdown, reason = "these are Python's docstrings, with Python's doctests")]

use std::borrow::Cow;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString};

use crate::bindings::guard::guard;
use crate::bindings::octets::{self, Octets, Text};
use crate::encryption::{self, IndexSession, KeyId, Normalizer};

/// Computes what a column of ciphertexts is searched by. Made by `Keyring.blind_index()`.
///
/// The index of a value is the front of its HMAC-SHA256 under a key of the index's own
/// (RFC 2104), as lower-case hexadecimal text: equal values have equal indexes, and who
/// does not have the key cannot tell of which value. Who sees the column sees which rows
/// are equal and how often a value occurs, so do not index what has few values, such as a
/// sex or a boolean.
///
/// An index of at least 128 bits finds one value; a shorter one hides more and finds rows
/// that have to be decrypted to be told apart.
///
/// >>> index = Keyring.generate().blind_index("auth.User.email", normalize="email")
/// >>> index.compute("Ann@Example.org") == index.compute(" ann@example.org")
/// True
/// >>> len(index.compute("ann@example.org"))
/// 32
#[pyclass(frozen, module = "hauberk.encryption")]
pub(in crate::bindings) struct BlindIndex {
    pub(super) index: encryption::BlindIndex,
    /// Normalises what Rust has no tables for.
    pub(super) function: Option<Py<PyAny>>,
}

#[pymethods]
impl BlindIndex {
    /// The context that the index was made for.
    #[getter]
    fn context(&self) -> PyResult<&str> {
        guard(|| Ok(self.part(0)))
    }

    /// The index's name among those of its context.
    #[getter]
    fn name(&self) -> PyResult<&str> {
        guard(|| Ok(self.part(1)))
    }

    /// The normaliser's name and version, which take part in the key; empty for none.
    #[getter]
    fn label(&self) -> PyResult<&str> {
        guard(|| Ok(self.part(2)))
    }

    /// The length of an index in bits.
    #[getter]
    fn bits(&self) -> PyResult<usize> {
        guard(|| Ok(self.index.bits()))
    }

    /// How many characters an index has.
    #[getter]
    fn length(&self) -> PyResult<usize> {
        guard(|| Ok(self.index.length()))
    }

    /// Return the index of a value, to be stored.
    ///
    /// Args:
    ///     value: Text, or the bytes of anything else. With a normaliser, text alone.
    ///     key_id: The key to use instead of the one that writes indexes, for a column
    ///         that is being filled before `promote_index()`.
    ///
    /// Raises:
    ///     KeyringError: No key of the keyring writes indexes.
    ///     UnknownKeyError: The keyring has no key of this id. Also `DisabledKeyError` and
    ///         `DestroyedKeyError`, by the state of the key for indexes.
    ///     InvalidInputError: The text has a lone surrogate.
    ///
    /// >>> Keyring.generate().blind_index("auth.User.phone", bits=12).compute("1234")[3]
    /// '0'
    #[pyo3(signature = (value, /, *, key_id = None))]
    fn compute<'py>(
        &self,
        py: Python<'py>,
        value: &Bound<'py, PyAny>,
        key_id: Option<&str>,
    ) -> PyResult<Bound<'py, PyString>> {
        guard(|| {
            let id = key_id.map(str::parse).transpose()?;
            self.one(py, &self.index.session()?, value, id)
        })
    }

    /// Return the index of each of several values, as a list.
    ///
    /// Args:
    ///     values: The values, as for `compute()`.
    ///     key_id: As for `compute()`.
    ///
    /// Raises:
    ///     KeyringError: As for `compute()`, and so for its other errors.
    ///
    /// >>> index = Keyring.generate().blind_index("auth.User.phone", normalize="digits")
    /// >>> one, two = index.compute_many(("+43 1 234", "431234"))
    /// >>> one == two
    /// True
    #[pyo3(signature = (values, /, *, key_id = None))]
    fn compute_many<'py>(
        &self,
        py: Python<'py>,
        values: &Bound<'py, PyAny>,
        key_id: Option<&str>,
    ) -> PyResult<Bound<'py, PyList>> {
        guard(|| {
            let id = key_id.map(str::parse).transpose()?;
            let session = self.index.session()?;
            let indexes = PyList::empty(py);
            for value in values.try_iter()? {
                indexes.append(self.one(py, &session, &value?, id)?)?;
            }
            Ok(indexes)
        })
    }

    /// Return the index of a value under each key in use, for `IN`.
    ///
    /// Returns:
    ///     The indexes; that of the key that writes, which `compute()` returns, comes
    ///     first. While index keys are rotated there are two, otherwise one for each key
    ///     whose `index_state` is active.
    ///
    /// Raises:
    ///     InvalidInputError: The text has a lone surrogate.
    ///
    /// >>> index = Keyring.generate().blind_index("auth.User.email")
    /// >>> index.variants("ann@example.org") == [index.compute("ann@example.org")]
    /// True
    #[pyo3(signature = (value, /))]
    fn variants<'py>(
        &self,
        py: Python<'py>,
        value: &Bound<'py, PyAny>,
    ) -> PyResult<Vec<Bound<'py, PyString>>> {
        guard(|| {
            let session = self.index.session()?;
            self.normalized(value, |value| {
                Ok(session.variants(value).map(|index| PyString::new(py, index.as_str())).collect())
            })
        })
    }

    fn __repr__(&self) -> PyResult<String> {
        guard(|| {
            let [context, name, _] = self.index.scope();
            Ok(format!("<BlindIndex {name:?} of {context:?}, {} bits>", self.index.bits()))
        })
    }

    /// Refuse to be pickled or copied.
    #[expect(clippy::unused_self, reason = "a method, because pickle calls it as one")]
    fn __reduce__(&self) -> PyResult<()> {
        guard(|| {
            Err(PyTypeError::new_err(
                "A BlindIndex holds keys and cannot be pickled or copied; make it from its \
                 keyring.",
            ))
        })
    }
}

impl BlindIndex {
    fn part(&self, number: usize) -> &str {
        self.index.scope().get(number).copied().unwrap_or_default()
    }

    fn one<'py>(
        &self,
        py: Python<'py>,
        session: &IndexSession,
        value: &Bound<'py, PyAny>,
        id: Option<KeyId>,
    ) -> PyResult<Bound<'py, PyString>> {
        self.normalized(value, |value| {
            let index = match id {
                None => session.compute(value)?,
                Some(id) => session.compute_under(id, value)?,
            };
            Ok(PyString::new(py, index.as_str()))
        })
    }

    fn normalized<T>(
        &self,
        value: &Bound<'_, PyAny>,
        body: impl FnOnce(&[u8]) -> PyResult<T>,
    ) -> PyResult<T> {
        let normalizer = self.index.normalizer();
        if normalizer == Normalizer::None {
            return match octets::borrowed(value) {
                Some(bytes) => body(bytes),
                None => body(&value.extract::<Octets<'_>>()?),
            };
        }
        let text = value.extract::<Text<'_>>()?;
        match (normalizer.normalize_ascii(&text), &self.function) {
            (Some(text), _) => body(Cow::as_ref(&text).as_bytes()),
            (None, Some(function)) => {
                let text = function.bind(value.py()).call1((value,))?;
                body(text.extract::<Text<'_>>()?.as_bytes())
            }
            (None, None) => Err(PyTypeError::new_err("The normaliser takes ASCII text alone.")),
        }
    }
}
