//! `hauberk.signing`: the classes are public as they stand, so a call is one call.

#![expect(clippy::doc_markdown, reason = "the documentation is Python's, in its manner")]

mod arguments;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use self::arguments::{Clock, MaxAge, Secrets, Token, Value};
use super::guard::guard;
use super::json;
use super::octets::Octets;
use crate::Error;
use crate::signing::{self, Kind};

/// Signs text, so that whoever holds a key can tell that it was not altered.
///
/// A token is `value.signature`. It guarantees that the value was signed with one of the
/// keys, for this salt, by a `Signer`. It hides nothing, never expires, and can be shown any
/// number of times. A `Signer` is safe to share between threads: build it once.
///
/// Args:
///     keys: One key or a sequence of keys, `str` (as UTF-8) or `bytes`, each at least 16 bytes
///         long. The first signs, all verify.
///     salt: What the signature is for, `"password reset"` for instance. A token of one salt is
///         worth nothing under another. Not secret.
///
/// Raises:
///     InvalidInputError: There is no key, or one is shorter than 16 bytes.
///
/// >>> signer = Signer("k" * 50, salt="reset")
/// >>> signer.sign("user 7")
/// 'user 7.wJALJYqBLanT19LmqycajiYzOboytL005C2EKd907kU'
/// >>> signer.unsign("user 7.wJALJYqBLanT19LmqycajiYzOboytL005C2EKd907kU")
/// 'user 7'
#[pyclass(frozen, module = "hauberk.signing")]
pub(super) struct Signer(signing::Signer);

#[pymethods]
impl Signer {
    #[new]
    #[pyo3(signature = (keys, *, salt))]
    fn new(keys: Secrets, salt: Octets<'_>) -> PyResult<Self> {
        guard(|| Ok(Self(signing::Signer::new(Kind::Signer, &keys.0, &salt)?)))
    }

    /// Return the token of a value.
    ///
    /// Args:
    ///     value: Text of at most 1 MiB, which may hold any character.
    ///
    /// Raises:
    ///     InvalidInputError: The value is longer, or holds a lone surrogate.
    #[pyo3(signature = (value, /))]
    fn sign(&self, value: Value<'_>) -> PyResult<String> {
        guard(|| Ok(self.0.sign(value.0)?))
    }

    /// Return the value of a token.
    ///
    /// Whatever comes in a request may be passed.
    ///
    /// Raises:
    ///     BadSignatureError: None of the keys signed this, for this salt.
    #[pyo3(signature = (token, /))]
    fn unsign<'token>(&self, token: Token<'token>) -> PyResult<&'token str> {
        guard(|| Ok(self.0.unsign(token.0)?))
    }
}

/// Signs text with the time, so that a token can expire.
///
/// A token is `value.seconds.signature`, the seconds since 1970 in decimal. It guarantees what a
/// `Signer`'s does, and when it was signed. Build it once and share it.
///
/// Args:
///     keys: One key or a sequence of keys, `str` (as UTF-8) or `bytes`, each at least 16 bytes
///         long. The first signs, all verify.
///     salt: What the signature is for. A token of one salt is worth nothing under another. Not
///         secret.
///     clock: What to call for the time, in seconds since 1970, as `time.time`; for tests. The
///         system's clock by default.
///
/// Raises:
///     InvalidInputError: There is no key, or one is shorter than 16 bytes.
///
/// >>> signer = TimestampSigner("k" * 50, salt="reset", clock=lambda: 1795467427)
/// >>> signer.sign("user 7")
/// 'user 7.1795467427.Z0OCggFv1es2hUO2rzaCsvSEKjrYNE_tqC_f1g4kWjE'
/// >>> signer.unsign(_, max_age=3600)
/// 'user 7'
#[pyclass(frozen, module = "hauberk.signing")]
pub(super) struct TimestampSigner {
    signer: signing::TimestampSigner,
    clock: Clock,
}

#[pymethods]
impl TimestampSigner {
    #[new]
    #[pyo3(signature = (keys, *, salt, clock=None))]
    fn new(keys: Secrets, salt: Octets<'_>, clock: Option<Py<PyAny>>) -> PyResult<Self> {
        guard(|| {
            let signer = signing::TimestampSigner::new(Kind::Timestamp, &keys.0, &salt)?;
            Ok(Self { signer, clock: Clock(clock) })
        })
    }

    /// Return the token of a value, with the present time.
    ///
    /// Args:
    ///     value: Text of at most 1 MiB, which may hold any character.
    ///
    /// Raises:
    ///     InvalidInputError: The value is longer, or holds a lone surrogate.
    #[pyo3(signature = (value, /))]
    fn sign(&self, py: Python<'_>, value: Value<'_>) -> PyResult<String> {
        guard(|| Ok(self.signer.sign(value.0, self.clock.now(py)?)?))
    }

    /// Return the value of a token that is not too old.
    ///
    /// Whatever comes in a request may be passed as the token. A token dated more than 60
    /// seconds ahead counts as expired too: it would live longer than `max_age` says.
    ///
    /// Args:
    ///     token: What `sign` returned once.
    ///     max_age: How old the token may be: seconds from 0 up, or a `timedelta`. `None`, which
    ///         must be written, accepts any age.
    ///
    /// Raises:
    ///     BadSignatureError: None of the keys signed this, for this salt.
    ///     SignatureExpiredError: The signature is right, and its time is not.
    ///     InvalidInputError: `max_age` is negative or not finite.
    #[pyo3(signature = (token, /, *, max_age))]
    fn unsign<'token>(
        &self,
        py: Python<'_>,
        token: Token<'token>,
        max_age: Option<MaxAge>,
    ) -> PyResult<&'token str> {
        guard(|| {
            let max_age = max_age.map(|max_age| max_age.0);
            Ok(self.signer.unsign(token.0, self.clock.now(py)?, max_age)?.0)
        })
    }
}

/// Signs JSON with the time: objects out, URL-safe text back, and the other way round.
///
/// A token is `payload.seconds.signature`, the payload base64url of compact JSON. It guarantees
/// what a `TimestampSigner`'s does; the payload can be read by anybody. Build it once and share
/// it.
///
/// The JSON is strict: no NaN, no duplicate keys, no nesting deeper than 64, and what is no JSON
/// (a `datetime`, a `set`) is refused and not guessed at. Nothing is ever unpickled.
///
/// Args:
///     keys: One key or a sequence of keys, `str` (as UTF-8) or `bytes`, each at least 16 bytes
///         long. The first signs, all verify.
///     salt: What the signature is for. A token of one salt is worth nothing under another. Not
///         secret.
///     clock: What to call for the time, in seconds since 1970, as `time.time`; for tests. The
///         system's clock by default.
///
/// Raises:
///     InvalidInputError: There is no key, or one is shorter than 16 bytes.
///
/// >>> serializer = Serializer("k" * 50, salt="invitation")
/// >>> token = serializer.dumps({"team": 7, "role": "editor"})
/// >>> serializer.loads(token, max_age=3600)
/// {'team': 7, 'role': 'editor'}
#[pyclass(frozen, module = "hauberk.signing")]
pub(super) struct Serializer {
    signer: signing::TimestampSigner,
    clock: Clock,
}

#[pymethods]
impl Serializer {
    #[new]
    #[pyo3(signature = (keys, *, salt, clock=None))]
    fn new(keys: Secrets, salt: Octets<'_>, clock: Option<Py<PyAny>>) -> PyResult<Self> {
        guard(|| {
            let signer = signing::TimestampSigner::new(Kind::Dumps, &keys.0, &salt)?;
            Ok(Self { signer, clock: Clock(clock) })
        })
    }

    /// Return the token of an object, with the present time.
    ///
    /// Args:
    ///     obj: What JSON can hold, of at most 768 KiB as JSON.
    ///
    /// Raises:
    ///     TypeError: The object, or one inside it, is none that JSON has.
    ///     InvalidInputError: It is too long or too deep, or has a NaN or a lone surrogate.
    #[pyo3(signature = (obj, /))]
    fn dumps(&self, obj: &Bound<'_, PyAny>) -> PyResult<String> {
        guard(|| {
            let mut text = Vec::with_capacity(TYPICAL_LENGTH);
            json::write(obj, &mut text)?;
            Ok(self.signer.sign_bytes(&text, self.clock.now(obj.py())?)?)
        })
    }

    /// Return the object of a token that is not too old.
    ///
    /// Whatever comes in a request may be passed as the token. A token dated more than 60
    /// seconds ahead counts as expired too.
    ///
    /// Args:
    ///     token: What `dumps` returned once.
    ///     max_age: How old the token may be: seconds from 0 up, or a `timedelta`. `None`, which
    ///         must be written, accepts any age.
    ///
    /// Raises:
    ///     BadSignatureError: None of the keys signed this, for this salt.
    ///     SignatureExpiredError: The signature is right, and its time is not.
    ///     InvalidInputError: `max_age` is negative or not finite.
    #[pyo3(signature = (token, /, *, max_age))]
    fn loads<'py>(
        &self,
        py: Python<'py>,
        token: Token<'_>,
        max_age: Option<MaxAge>,
    ) -> PyResult<Bound<'py, PyAny>> {
        guard(|| {
            let max_age = max_age.map(|max_age| max_age.0);
            let text = self.signer.unsign_bytes(token.0, self.clock.now(py)?, max_age)?;
            json::read(py, &text).map_err(|error| {
                // Signed by a key of ours and no JSON: another program's, so no token of ours.
                if error.is_instance_of::<PyValueError>(py) {
                    Error::BadSignature.into()
                } else {
                    error
                }
            })
        })
    }
}

/// Signs the text of a session with the time, for a cookie.
///
/// Private: what makes a session of the text is the framework's. The payload is base64url, as a
/// `Serializer`'s, because a cookie holds neither quotes nor commas.
#[pyclass(frozen, module = "hauberk._rust")]
pub(super) struct SessionSigner {
    signer: signing::TimestampSigner,
    clock: Clock,
}

#[pymethods]
impl SessionSigner {
    #[new]
    #[pyo3(signature = (keys, *, salt, clock=None))]
    fn new(keys: Secrets, salt: Octets<'_>, clock: Option<Py<PyAny>>) -> PyResult<Self> {
        guard(|| {
            let signer = signing::TimestampSigner::new(Kind::Session, &keys.0, &salt)?;
            Ok(Self { signer, clock: Clock(clock) })
        })
    }

    #[pyo3(signature = (text, /))]
    fn sign(&self, py: Python<'_>, text: Value<'_>) -> PyResult<String> {
        guard(|| Ok(self.signer.sign_bytes(text.0.as_bytes(), self.clock.now(py)?)?))
    }

    #[pyo3(signature = (token, /, *, max_age))]
    fn unsign(
        &self,
        py: Python<'_>,
        token: Token<'_>,
        max_age: Option<MaxAge>,
    ) -> PyResult<String> {
        guard(|| {
            let max_age = max_age.map(|max_age| max_age.0);
            let text = self.signer.unsign_bytes(token.0, self.clock.now(py)?, max_age)?;
            Ok(String::from_utf8(text).map_err(|_| Error::BadSignature)?)
        })
    }
}

/// More than the JSON of most tokens takes.
const TYPICAL_LENGTH: usize = 256;
