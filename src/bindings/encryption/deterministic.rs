//! `hauberk.encryption.DeterministicCipher`.

#![expect(clippy::doc_markdown, reason = "these are Python's docstrings, with Python's doctests")]

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyString};

use super::batch::{self, Options};
use super::values;
use crate::bindings::guard::guard;
use crate::bindings::octets::{Bytes, Ciphertext, Text};
use crate::encryption::{self, Siv, Work};

/// Encrypts equal values of one context into equal ciphertexts, so that a database can
/// compare them. Made by `Keyring.deterministic()`.
///
/// Who sees the column sees which values are equal and how often each occurs, besides
/// their lengths; prefer a `Cipher` with a `BlindIndex` beside it where a second column is
/// possible. A value that was altered, belongs to another context, or is opened with other
/// associated data than it was sealed with does not decrypt.
///
/// The algorithm is AES-SIV with two AES-256 keys (RFC 5297), in Tink's form. While a key
/// is being rotated, equal values under the old key and the new differ: look them up by
/// `variants()`, and do not expect `UNIQUE` to hold until all are encrypted anew.
///
/// >>> cipher = Keyring.generate().deterministic("shop.Customer.tax_id")
/// >>> cipher.encrypt_text("AT 123") == cipher.encrypt_text("AT 123")
/// True
#[pyclass(frozen, module = "hauberk.encryption")]
pub(in crate::bindings) struct DeterministicCipher(pub(super) encryption::DeterministicCipher);

#[pymethods]
impl DeterministicCipher {
    /// The context that the cipher was made for.
    #[getter]
    fn context(&self) -> PyResult<&str> {
        guard(|| Ok(self.0.context()))
    }

    /// Return bytes, encrypted, 21 bytes longer than they were.
    ///
    /// Args:
    ///     data: What to keep secret: `bytes`, `bytearray` or `memoryview`.
    ///     associated_data: What must be the same when decrypting, and is not kept secret.
    ///         It takes part: other associated data, another ciphertext.
    ///
    /// >>> cipher = Keyring.generate().deterministic("documents")
    /// >>> len(cipher.encrypt(b"four"))
    /// 25
    #[pyo3(signature = (data, /, associated_data = Bytes::EMPTY))]
    fn encrypt<'py>(
        &self,
        py: Python<'py>,
        data: Bytes<'py>,
        associated_data: Bytes<'py>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        guard(|| values::seal(py, &self.0.session()?, &data, &associated_data))
    }

    /// Return the bytes behind a ciphertext of `encrypt()`.
    ///
    /// Args:
    ///     data: The ciphertext.
    ///     associated_data: The same as when encrypting.
    ///
    /// Raises:
    ///     DecryptionError: The value was altered, belongs to another context, or was
    ///         sealed with other associated data; which of these is not told.
    ///     NotEncryptedError: The value is no ciphertext of this package.
    ///     UnknownKeyError: The keyring has no key of the id that the value names.
    ///     DisabledKeyError: That key is disabled.
    ///     DestroyedKeyError: That key has been destroyed.
    ///
    /// >>> cipher = Keyring.generate().deterministic("documents")
    /// >>> sealed = cipher.encrypt(b"secret", b"row 7")
    /// >>> cipher.decrypt(sealed, b"row 7")
    /// b'secret'
    /// >>> cipher.decrypt(sealed, b"row 8")
    /// Traceback (most recent call last):
    ///     ...
    /// hauberk.exceptions.DecryptionError: The value could not be decrypted.
    #[pyo3(signature = (data, /, associated_data = Bytes::EMPTY))]
    fn decrypt<'py>(
        &self,
        py: Python<'py>,
        data: Bytes<'py>,
        associated_data: Bytes<'py>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        guard(|| values::open(py, &self.0.session()?, &data, &associated_data))
    }

    /// Return text, encrypted into text of ASCII letters, digits, `-`, `_` and `.`.
    ///
    /// It begins with `hd1.` and the id of the key, so that `LIKE 'hd1.7014e411.%'` counts
    /// the rows under a key. `ciphertext_length()` tells how long it is.
    ///
    /// Args:
    ///     text: What to keep secret.
    ///     associated_data: What must be the same when decrypting, and is not kept secret.
    ///
    /// Raises:
    ///     InvalidInputError: The text has a lone surrogate.
    ///
    /// >>> cipher = Keyring.generate().deterministic("shop.Order.address")
    /// >>> cipher.encrypt_text("1 Main Street")[:4]
    /// 'hd1.'
    #[pyo3(signature = (text, /, associated_data = Bytes::EMPTY))]
    fn encrypt_text<'py>(
        &self,
        py: Python<'py>,
        text: Text<'py>,
        associated_data: Bytes<'py>,
    ) -> PyResult<Bound<'py, PyString>> {
        guard(|| values::seal_text(py, &self.0.session()?, &text, &associated_data))
    }

    /// Return the text behind a ciphertext of `encrypt_text()`.
    ///
    /// Args:
    ///     text: The ciphertext.
    ///     associated_data: The same as when encrypting.
    ///
    /// Raises:
    ///     DecryptionError: As for `decrypt()`, and so for the classes derived from it.
    ///     InvalidInputError: What was sealed, under this very key, is not UTF-8 text.
    ///
    /// >>> cipher = Keyring.generate().deterministic("shop.Order.address")
    /// >>> cipher.decrypt_text("1 Main Street")
    /// Traceback (most recent call last):
    ///     ...
    /// hauberk.exceptions.NotEncryptedError: The value is not a hauberk ciphertext.
    #[pyo3(signature = (text, /, associated_data = Bytes::EMPTY))]
    fn decrypt_text<'py>(
        &self,
        py: Python<'py>,
        text: Ciphertext<'py>,
        associated_data: Bytes<'py>,
    ) -> PyResult<Bound<'py, PyString>> {
        guard(|| values::open_text(py, &self.0.session()?, &text, &associated_data))
    }

    /// Return what `encrypt()` or `encrypt_text()` makes of each of several values, as a list.
    ///
    /// Args:
    ///     items: The values: bytes become bytes, text becomes text.
    ///     associated_data: One for all, or a sequence with one for each.
    ///     threads: How many threads work, this one included. Other Python threads run
    ///         meanwhile; no thread is left behind.
    ///     on_error: `"raise"` raises what failed first; `"return"` puts the exception in
    ///         the value's place.
    ///
    /// Raises:
    ///     ValueError: There are not as many associated data as values, `threads` is less
    ///         than one, or `on_error` is neither of the two.
    ///
    /// >>> cipher = Keyring.generate().deterministic("documents")
    /// >>> cipher.decrypt_many(cipher.encrypt_many([b"one", "two"]))
    /// [b'one', 'two']
    #[pyo3(signature = (items, /, associated_data = None, *, threads = 1, on_error = "raise"))]
    fn encrypt_many<'py>(
        &self,
        items: &Bound<'py, PyAny>,
        associated_data: Option<&Bound<'py, PyAny>>,
        threads: usize,
        on_error: &str,
    ) -> PyResult<Bound<'py, PyList>> {
        let options = Options { associated_data, threads, on_error };
        guard(|| Ok(batch::run(Work::Seal, &self.0.session()?, items, &options)?.0))
    }

    /// Return what `decrypt()` or `decrypt_text()` makes of each of several ciphertexts.
    ///
    /// Args:
    ///     items: The ciphertexts, in bytes or in text.
    ///     associated_data: One for all, or a sequence with one for each.
    ///     threads: As for `encrypt_many()`.
    ///     on_error: As for `encrypt_many()`.
    ///
    /// Raises:
    ///     DecryptionError: As for `decrypt()`, and so for the classes derived from it.
    ///     ValueError: As for `encrypt_many()`.
    ///
    /// >>> cipher = Keyring.generate().deterministic("documents")
    /// >>> cipher.decrypt_many([cipher.encrypt(b"one"), b"two"], on_error="return")
    /// [b'one', NotEncryptedError('The value is not a hauberk ciphertext.')]
    #[pyo3(signature = (items, /, associated_data = None, *, threads = 1, on_error = "raise"))]
    fn decrypt_many<'py>(
        &self,
        items: &Bound<'py, PyAny>,
        associated_data: Option<&Bound<'py, PyAny>>,
        threads: usize,
        on_error: &str,
    ) -> PyResult<Bound<'py, PyList>> {
        let options = Options { associated_data, threads, on_error };
        guard(|| Ok(batch::run(Work::Open, &self.0.session()?, items, &options)?.0))
    }

    /// Return what `rewrap()` makes of each of several ciphertexts, and how many changed.
    ///
    /// Args:
    ///     items: The ciphertexts, in bytes or in text.
    ///     associated_data: One for all, or a sequence with one for each.
    ///     threads: As for `encrypt_many()`.
    ///     on_error: As for `encrypt_many()`.
    ///
    /// Returns:
    ///     The list, in which what was under the primary key already is the same object,
    ///     and the number of new ciphertexts in it.
    ///
    /// Raises:
    ///     DecryptionError: As for `decrypt()`, and so for the classes derived from it.
    ///     ValueError: As for `encrypt_many()`.
    ///
    /// >>> cipher = Keyring.generate().deterministic("documents")
    /// >>> sealed = cipher.encrypt_many(("one", "two"))
    /// >>> cipher.rewrap_many(sealed) == (sealed, 0)
    /// True
    #[pyo3(signature = (items, /, associated_data = None, *, threads = 1, on_error = "raise"))]
    fn rewrap_many<'py>(
        &self,
        items: &Bound<'py, PyAny>,
        associated_data: Option<&Bound<'py, PyAny>>,
        threads: usize,
        on_error: &str,
    ) -> PyResult<(Bound<'py, PyList>, usize)> {
        let options = Options { associated_data, threads, on_error };
        guard(|| batch::run(Work::Rewrap, &self.0.session()?, items, &options))
    }

    /// Return the ciphertext encrypted under the primary key.
    ///
    /// A ciphertext that names the primary key already is returned as it is, without being
    /// decrypted. Text stays text, and bytes stay bytes.
    ///
    /// Args:
    ///     value: What `encrypt()` or `encrypt_text()` returned.
    ///     associated_data: The same as when encrypting.
    ///
    /// Raises:
    ///     DecryptionError: As for `decrypt()`, and so for the classes derived from it.
    ///
    /// >>> keyring = Keyring.generate()
    /// >>> cipher = keyring.deterministic("documents")
    /// >>> sealed = cipher.encrypt_text("secret")
    /// >>> cipher.rewrap(sealed) is sealed
    /// True
    /// >>> key = Key.generate()
    /// >>> keyring.add(key)
    /// >>> keyring.promote(key.id)
    /// >>> DeterministicCipher.key_id(cipher.rewrap(sealed)) == key.id
    /// True
    #[pyo3(signature = (value, /, associated_data = Bytes::EMPTY))]
    fn rewrap<'py>(
        &self,
        value: Bound<'py, PyAny>,
        associated_data: Bytes<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        guard(|| values::rewrap(value, &self.0.session()?, &associated_data))
    }

    /// Return what a value is encrypted into under each key that decrypts, for `IN`.
    ///
    /// Args:
    ///     value: Text or bytes; the ciphertexts are of the same kind.
    ///     associated_data: As when encrypting.
    ///
    /// Returns:
    ///     The ciphertexts; the primary key's, which `encrypt()` returns, comes first.
    ///
    /// >>> cipher = Keyring.generate().deterministic("shop.Customer.tax_id")
    /// >>> cipher.variants("AT 123") == [cipher.encrypt_text("AT 123")]
    /// True
    #[pyo3(signature = (value, /, associated_data = Bytes::EMPTY))]
    fn variants<'py>(
        &self,
        value: &Bound<'py, PyAny>,
        associated_data: Bytes<'py>,
    ) -> PyResult<Vec<Bound<'py, PyAny>>> {
        guard(|| values::variants(value, &self.0.session()?, &associated_data))
    }

    /// Return the id of the key that a ciphertext names, in bytes or in text.
    ///
    /// Raises:
    ///     NotEncryptedError: The value is no ciphertext of this package.
    ///     DecryptionError: It begins like one and is not well-formed, or is of a format
    ///         that this version does not read.
    ///
    /// >>> keyring = Keyring.generate()
    /// >>> sealed = keyring.deterministic("documents").encrypt(b"secret")
    /// >>> DeterministicCipher.key_id(sealed) == keyring.primary_id
    /// True
    #[staticmethod]
    #[pyo3(signature = (value, /))]
    fn key_id(value: &Bound<'_, PyAny>) -> PyResult<String> {
        guard(|| Ok(values::key_id::<Siv>(value)?.to_string()))
    }

    /// Return whether a value looks like a ciphertext of this package, of any format.
    ///
    /// Text does if it begins with one of the prefixes, whether or not it is whole; bytes
    /// do if they begin with the version and are long enough, which plain bytes can be by
    /// chance. Whether it decrypts is another question; and since anybody can type `hb1.`,
    /// this is for values read from a database and never a reason not to encrypt. Values
    /// of other types than `str` and bytes are not encrypted.
    ///
    /// >>> DeterministicCipher.is_encrypted("1 Main Street"), DeterministicCipher.is_encrypted(None)
    /// (False, False)
    #[staticmethod]
    #[pyo3(signature = (value, /))]
    fn is_encrypted(value: &Bound<'_, PyAny>) -> PyResult<bool> {
        guard(|| Ok(values::is_encrypted::<Siv>(value)))
    }

    /// Return how long the ciphertext of `length` bytes is.
    ///
    /// Args:
    ///     length: In bytes; text counts as UTF-8, up to four bytes a character.
    ///     text: Whether in characters of `encrypt_text()` or in bytes of `encrypt()`.
    ///
    /// >>> DeterministicCipher.ciphertext_length(20)
    /// 61
    #[staticmethod]
    #[pyo3(signature = (length, /, text = true))]
    fn ciphertext_length(length: usize, text: bool) -> PyResult<usize> {
        guard(|| Ok(values::ciphertext_length::<Siv>(length, text)))
    }

    fn __repr__(&self) -> PyResult<String> {
        guard(|| Ok(format!("<DeterministicCipher for {:?}>", self.0.context())))
    }

    /// Refuse to be pickled or copied.
    #[expect(clippy::unused_self, reason = "a method, because pickle calls it as one")]
    fn __reduce__(&self) -> PyResult<()> {
        guard(|| {
            Err(PyTypeError::new_err(
                "A DeterministicCipher holds keys and cannot be pickled or copied; make it \
                 from its keyring.",
            ))
        })
    }
}
