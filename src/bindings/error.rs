//! Where the crate's errors become Python's exceptions: one `match`, no wildcard, so that a new
//! variant does not compile until somebody has decided its exception.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyDelta, PyTzInfo};
use pyo3::{IntoPyObjectExt as _, PyErr, PyErrArguments};

use crate::Error;

mod exceptions {
    use pyo3::import_exception;

    import_exception!(hauberk.exceptions, BadSignatureError);
    import_exception!(hauberk.exceptions, ConfigurationError);
    import_exception!(hauberk.exceptions, DecryptionError);
    import_exception!(hauberk.exceptions, DestroyedKeyError);
    import_exception!(hauberk.exceptions, DisabledKeyError);
    import_exception!(hauberk.exceptions, ExpiredTokenError);
    import_exception!(hauberk.exceptions, HashingBusyError);
    import_exception!(hauberk.exceptions, HashMemoryError);
    import_exception!(hauberk.exceptions, HashParametersError);
    import_exception!(hauberk.exceptions, InputTooDeepError);
    import_exception!(hauberk.exceptions, InputTooLargeError);
    import_exception!(hauberk.exceptions, HauberkError);
    import_exception!(hauberk.exceptions, InternalError);
    import_exception!(hauberk.exceptions, InvalidClaimError);
    import_exception!(hauberk.exceptions, InvalidHashError);
    import_exception!(hauberk.exceptions, InvalidInputError);
    import_exception!(hauberk.exceptions, InvalidKeyError);
    import_exception!(hauberk.exceptions, KeyringError);
    import_exception!(hauberk.exceptions, MalformedTokenError);
    import_exception!(hauberk.exceptions, MissingClaimError);
    import_exception!(hauberk.exceptions, NotEncryptedError);
    import_exception!(hauberk.exceptions, NotYetValidError);
    import_exception!(hauberk.exceptions, PolicyError);
    import_exception!(hauberk.exceptions, RandomnessUnavailableError);
    import_exception!(hauberk.exceptions, SignatureExpiredError);
    import_exception!(hauberk.exceptions, TokenSignatureError);
    import_exception!(hauberk.exceptions, UnknownKeyError);
    import_exception!(hauberk.exceptions, UnknownPepperError);
    import_exception!(hauberk.exceptions, VerifyMismatchError);
}

impl From<Error> for PyErr {
    fn from(error: Error) -> Self {
        let text = sentence(&error);
        match error {
            Error::BadSignature => exceptions::BadSignatureError::new_err(text),
            Error::Configuration(_) => exceptions::ConfigurationError::new_err(text),
            Error::Decryption | Error::UnsupportedFormat(_) => {
                exceptions::DecryptionError::new_err(text)
            }
            Error::DestroyedKey(id) => exceptions::DestroyedKeyError::new_err((text, key_id(id))),
            Error::DisabledKey(id) => exceptions::DisabledKeyError::new_err((text, key_id(id))),
            Error::ExpiredToken => exceptions::ExpiredTokenError::new_err(text),
            Error::HashingBusy { retry_after_seconds } => {
                exceptions::HashingBusyError::new_err((text, f64::from(retry_after_seconds)))
            }
            Error::HashMemory => exceptions::HashMemoryError::new_err(text),
            Error::HashParameters(_) => exceptions::HashParametersError::new_err(text),
            Error::InputTooDeep => exceptions::InputTooDeepError::new_err(text),
            Error::InputTooLarge(_) => exceptions::InputTooLargeError::new_err(text),
            // The binding that waits raises the signal's own exception instead.
            Error::Interrupted => exceptions::HauberkError::new_err(text),
            Error::InvalidClaim(claim) => exceptions::InvalidClaimError::new_err((text, claim)),
            Error::InvalidHash => exceptions::InvalidHashError::new_err(text),
            Error::InvalidInput(_) | Error::InvalidJson { .. } => {
                exceptions::InvalidInputError::new_err(text)
            }
            Error::InvalidKey(_) => exceptions::InvalidKeyError::new_err(text),
            Error::Keyring(_) | Error::KeyringFile(_) => exceptions::KeyringError::new_err(text),
            Error::MalformedToken(_) => exceptions::MalformedTokenError::new_err(text),
            Error::MissingClaim(claim) => exceptions::MissingClaimError::new_err((text, claim)),
            Error::NotEncrypted => exceptions::NotEncryptedError::new_err(text),
            Error::NotYetValid(_) => exceptions::NotYetValidError::new_err(text),
            Error::Policy(_) => exceptions::PolicyError::new_err(text),
            Error::RandomnessUnavailable => exceptions::RandomnessUnavailableError::new_err(text),
            Error::SwappedArguments => PyTypeError::new_err(text),
            Error::SignatureExpired(seconds) | Error::SignatureInTheFuture(seconds) => {
                exceptions::SignatureExpiredError::new_err(Dated(text, seconds))
            }
            Error::TokenSignature => exceptions::TokenSignatureError::new_err(text),
            Error::UnknownKey(id) => exceptions::UnknownKeyError::new_err((text, key_id(id))),
            Error::UnknownPepper => exceptions::UnknownPepperError::new_err(text),
            Error::VerifyMismatch => exceptions::VerifyMismatchError::new_err(text),
        }
    }
}

/// What a panic is told as: where, not what.
pub(super) fn internal(place: Option<&str>) -> PyErr {
    exceptions::InternalError::new_err(place.map_or_else(
        || "A bug in hauberk; please report it.".to_owned(),
        |place| format!("A bug in hauberk at {place}; please report it."),
    ))
}

/// An error's message in Python's manner: capital letter, full stop.
fn sentence(error: &Error) -> String {
    let message = error.to_string();
    let mut characters = message.chars();
    characters.next().map_or_else(String::new, |first| {
        format!("{}{}.", first.to_uppercase(), characters.as_str())
    })
}

/// A message and a `datetime` in UTC, from seconds since 1970.
struct Dated(String, u64);

impl PyErrArguments for Dated {
    fn arguments(self, py: Python<'_>) -> Py<PyAny> {
        let Self(text, seconds) = self;
        // A time out of `datetime`'s range is none that signing accepts; should one come, the
        // exception says why in its stead.
        datetime(py, seconds)
            .and_then(|date| (text, date).into_py_any(py))
            .unwrap_or_else(|error| error.into_value(py).into_any())
    }
}

fn datetime(py: Python<'_>, seconds: u64) -> PyResult<Bound<'_, PyAny>> {
    // Added up, because `fromtimestamp` ends where the platform's `gmtime` does.
    let epoch = PyDateTime::new(py, 1970, 1, 1, 0, 0, 0, 0, Some(&*PyTzInfo::utc(py)?))?;
    let (days, seconds) = (i32::try_from(seconds / DAY)?, i32::try_from(seconds % DAY)?);
    epoch.add(PyDelta::new(py, days, seconds, 0, true)?)
}

const DAY: u64 = 86_400;

fn key_id(id: u32) -> String {
    format!("{id:08x}")
}
