//! From claims to a token.

use pyo3::prelude::*;
use pyo3::types::PyString;

use super::arguments::{self, Name};
use super::keys::JwtKey;
use crate::bindings::guard::guard;
use crate::bindings::octets::Text;
use crate::jwt::{Expiry, Settings, Signer};

/// Signs tokens; `hauberk.jwt.Signer` reads its arguments.
#[pyclass(frozen, subclass, module = "hauberk._rust")]
pub(in crate::bindings) struct JwtSigner {
    signer: Signer,
    clock: Option<Py<PyAny>>,
}

#[expect(clippy::doc_markdown, reason = "docstrings for Python")]
#[pymethods]
impl JwtSigner {
    #[new]
    #[expect(clippy::too_many_arguments, reason = "those of hauberk.jwt.Signer, in order")]
    #[pyo3(signature = (key, issuer, audience, lifetime, typ, headers, add_jti, add_iat, clock, /))]
    fn new(
        key: &JwtKey,
        issuer: Option<Name>,
        audience: Option<Vec<Name>>,
        lifetime: Option<f64>,
        typ: Text<'_>,
        headers: Option<&Bound<'_, PyAny>>,
        add_jti: bool,
        add_iat: bool,
        clock: Option<Py<PyAny>>,
    ) -> PyResult<Self> {
        guard(|| {
            let headers = arguments::headers(headers)?;
            let issuer = issuer.map(|Name(issuer)| issuer);
            let audience = audience.map(|names| names.into_iter().map(|Name(name)| name).collect());
            let settings = Settings { issuer, audience, lifetime, add_jti, add_iat };
            let signer = Signer::new(key.key(), &typ, headers.as_deref(), settings)?;
            Ok(Self { signer, clock })
        })
    }

    /// Return a token with these claims.
    ///
    /// Args:
    ///     claims: A mapping that JSON can express. It is not changed.
    ///     expires_in: When the token ends: a timedelta or seconds from now. None, which
    ///         must be written, makes a token that never ends. Left out, the claims' own
    ///         `exp` counts, or else the signer's `lifetime`.
    ///     headers: Further header parameters for this token.
    ///
    /// Raises:
    ///     InvalidInputError: The token would have no end and nobody has said so; or the
    ///         claims set what the signer sets; or JSON cannot express them.
    ///     TypeError: Claims or headers are no mapping, or hold an object that JSON has no
    ///         value for.
    #[pyo3(
        signature = (claims, /, *, expires_in = Expiry::Default, headers = None),
        text_signature = "($self, claims, /, *, expires_in=..., headers=None)"
    )]
    fn sign<'py>(
        &self,
        py: Python<'py>,
        claims: &Bound<'py, PyAny>,
        expires_in: Expiry,
        headers: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyString>> {
        guard(|| {
            let (claims, given) = arguments::claims(claims)?;
            let headers = arguments::headers(headers)?;
            let now = arguments::now(py, self.clock.as_ref())?;
            let signer = &self.signer;
            let message = signer.prepare(claims, given, expires_in, headers.as_deref(), now)?;
            let token = if signer.is_slow() {
                py.detach(|| signer.sign(message))?
            } else {
                signer.sign(message)?
            };
            Ok(PyString::new(py, &token))
        })
    }
}
