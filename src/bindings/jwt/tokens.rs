//! Signing, verifying, and what comes out of it.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString};

use super::arguments::{Count, Name};
use super::keys::{JwtKey, JwtKeySet};
use super::{arguments, batch};
use crate::bindings::guard::guard;
use crate::bindings::json::{self, Objects};
use crate::bindings::octets::{Octets, Text};
use crate::encoding::base64url_decode;
use crate::jwt::{
    self, Authentic, Expectations, Expiry, Required, Settings, Signer, Unverified, Verifier,
};

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

/// Verifies tokens; `hauberk.jwt.Verifier` reads its arguments.
#[pyclass(frozen, subclass, module = "hauberk._rust")]
pub(in crate::bindings) struct JwtVerifier {
    verifier: Verifier,
    clock: Option<Py<PyAny>>,
}

#[expect(clippy::doc_markdown, reason = "docstrings for Python")]
#[pymethods]
impl JwtVerifier {
    #[new]
    #[expect(clippy::too_many_arguments, reason = "those of hauberk.jwt.Verifier, in order")]
    #[pyo3(signature = (
        keys, issuer, audience, typ, require, leeway, max_age, subject, max_length, cache_size,
        clock, /
    ))]
    fn new(
        keys: &JwtKeySet,
        issuer: Option<Vec<Name>>,
        audience: Option<Vec<Name>>,
        typ: Option<Text<'_>>,
        require: Vec<Name>,
        leeway: f64,
        max_age: Option<f64>,
        subject: Option<Name>,
        max_length: Count,
        cache_size: Count,
        clock: Option<Py<PyAny>>,
    ) -> PyResult<Self> {
        guard(|| {
            let expectations = Expectations {
                issuer: issuer.map(boxed),
                audience: audience.map(boxed),
                subject: subject.map(|Name(subject)| subject.into()),
                required: Required::new(require.iter().map(|Name(claim)| claim.as_str()))?,
                leeway,
                max_age,
            };
            let typ = typ.as_deref();
            let verifier = Verifier::new(keys.keys(), expectations, typ, max_length.0)?;
            Ok(Self { verifier: verifier.remembering(cache_size.0)?, clock })
        })
    }

    /// Return a verified token: its claims and its header.
    ///
    /// Args:
    ///     token: A compact JWS as str or bytes.
    ///
    /// Raises:
    ///     InvalidTokenError: The token must not be trusted; the subclass says why, to the
    ///         developer and not to the outside.
    ///     TypeError: The token is neither str nor bytes.
    #[pyo3(signature = (token, /))]
    fn verify(&self, py: Python<'_>, token: &Bound<'_, PyAny>) -> PyResult<Token> {
        guard(|| {
            let (claims, header) = self.open(py, token)?;
            Ok(Token { claims: claims.unbind(), header: header.into() })
        })
    }

    /// Return the claims of a verified token as a dict: `verify(token).claims`, faster.
    ///
    /// Args:
    ///     token: A compact JWS as str or bytes.
    ///
    /// Raises:
    ///     InvalidTokenError: The token must not be trusted; the subclass says why, to the
    ///         developer and not to the outside.
    ///     TypeError: The token is neither str nor bytes.
    #[pyo3(signature = (token, /))]
    fn claims<'py>(
        &self,
        py: Python<'py>,
        token: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyDict>> {
        guard(|| Ok(self.open(py, token)?.0))
    }

    /// Return what `verify()` makes of each of several tokens, as a list.
    ///
    /// Args:
    ///     tokens: The tokens.
    ///     threads: How many threads verify signatures, 1 to 64; they end with the call.
    ///     on_error: `"raise"` raises for the first token that is refused; `"return"` puts
    ///         the exception in its place and goes on.
    ///
    /// Raises:
    ///     InvalidTokenError: As for `verify()`.
    ///     InvalidInputError: `threads` is out of range.
    ///     TypeError: A token is neither str nor bytes.
    ///     ValueError: `on_error` is neither of the two.
    #[pyo3(
        signature = (tokens, /, *, threads = Count(1), on_error = "raise"),
        text_signature = "($self, tokens, /, *, threads=1, on_error='raise')"
    )]
    fn verify_many<'py>(
        &self,
        py: Python<'py>,
        tokens: &Bound<'py, PyAny>,
        threads: Count,
        on_error: &str,
    ) -> PyResult<Bound<'py, PyList>> {
        guard(|| {
            let now = arguments::now(py, self.clock.as_ref())?;
            batch::verify(py, &self.verifier, tokens, threads.0, on_error, now)
        })
    }

    /// Return a token's `kid` if no key has it. Where keys are fetched, a new one may have come
    /// up.
    #[pyo3(signature = (token, /))]
    fn jwt_unknown_kid(&self, token: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
        guard(|| {
            let check_length = |length| self.verifier.check_length(length);
            let token = arguments::token_or_refusal(token, check_length)?;
            Ok(token.ok().and_then(|token| self.verifier.unknown_kid(token)).map(String::from))
        })
    }
}

impl JwtVerifier {
    fn open<'py, 't>(
        &self,
        py: Python<'py>,
        token: &'t Bound<'_, PyAny>,
    ) -> PyResult<(Bound<'py, PyDict>, &'t [u8])> {
        let token = arguments::token(token, |length| self.verifier.check_length(length))?;
        let parsed = self.verifier.parse(token)?;
        let authentic = if parsed.is_slow() {
            py.detach(|| parsed.authenticate())?
        } else {
            parsed.authenticate()?
        };
        let now = arguments::now(py, self.clock.as_ref())?;
        Ok((claims(py, &authentic, now)?, authentic.header()))
    }
}

/// The claims of an authentic token, if they are acceptable.
fn claims<'py>(
    py: Python<'py>,
    authentic: &Authentic<'_, '_>,
    now: f64,
) -> PyResult<Bound<'py, PyDict>> {
    let mut objects = Objects::new(py);
    authentic.claims(now, &mut objects)?;
    Ok(objects.finish()?.cast_into()?)
}

impl Token {
    /// The token, if its claims are acceptable.
    pub(super) fn new(py: Python<'_>, authentic: &Authentic<'_, '_>, now: f64) -> PyResult<Self> {
        let claims = claims(py, authentic, now)?.unbind();
        Ok(Self { claims, header: authentic.header().into() })
    }
}

/// A token whose signature and claims have been verified.
#[pyclass(frozen, module = "hauberk.jwt")]
pub(in crate::bindings) struct Token {
    claims: Py<PyDict>,
    /// As it came.
    header: Box<[u8]>,
}

#[pymethods]
impl Token {
    /// The claims.
    #[getter]
    fn claims(&self, py: Python<'_>) -> PyResult<Py<PyDict>> {
        guard(|| Ok(self.claims.clone_ref(py)))
    }

    /// The header's parameters.
    #[getter]
    fn header<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        guard(|| json::read(py, &base64url_decode(&self.header)?))
    }
}

/// A token that nobody has verified. Nothing in it is to be believed.
#[pyclass(frozen, module = "hauberk.jwt")]
pub(in crate::bindings) struct UnverifiedToken {
    claims: Py<PyDict>,
    header: Py<PyDict>,
}

#[pymethods]
impl UnverifiedToken {
    /// What the token claims, whoever wrote it.
    #[getter]
    fn claims(&self, py: Python<'_>) -> PyResult<Py<PyDict>> {
        guard(|| Ok(self.claims.clone_ref(py)))
    }

    /// The header's parameters, whoever wrote them.
    #[getter]
    fn header(&self, py: Python<'_>) -> PyResult<Py<PyDict>> {
        guard(|| Ok(self.header.clone_ref(py)))
    }
}

#[pyfunction]
#[pyo3(signature = (token, /))]
pub(in crate::bindings) fn jwt_unverified(
    py: Python<'_>,
    token: &Bound<'_, PyAny>,
) -> PyResult<UnverifiedToken> {
    guard(|| {
        let token = Unverified::parse(arguments::token(token, Unverified::check_length)?)?;
        let object = |text: &[u8]| -> PyResult<Py<PyDict>> {
            Ok(json::read(py, text)?.cast_into::<PyDict>()?.unbind())
        };
        Ok(UnverifiedToken { claims: object(&token.payload)?, header: object(&token.header)? })
    })
}

/// The payload of a JWS whose signature has been verified, and its header.
#[pyclass(frozen, module = "hauberk.jwt")]
pub(in crate::bindings) struct SignedBytes {
    payload: Py<PyBytes>,
    header: Py<PyDict>,
}

#[pymethods]
impl SignedBytes {
    /// The bytes that were signed.
    #[getter]
    fn payload(&self, py: Python<'_>) -> PyResult<Py<PyBytes>> {
        guard(|| Ok(self.payload.clone_ref(py)))
    }

    /// The header's parameters.
    #[getter]
    fn header(&self, py: Python<'_>) -> PyResult<Py<PyDict>> {
        guard(|| Ok(self.header.clone_ref(py)))
    }
}

#[pyfunction]
#[pyo3(signature = (payload, key, headers, /))]
pub(in crate::bindings) fn jwt_sign_bytes(
    py: Python<'_>,
    payload: Octets<'_>,
    key: &JwtKey,
    headers: Option<&Bound<'_, PyAny>>,
) -> PyResult<String> {
    guard(move || {
        let headers = arguments::headers(headers)?;
        let key = key.key();
        let message = jwt::SignedBytes::prepare(&payload, &key, headers.as_deref())?;
        Ok(py.detach(|| jwt::SignedBytes::sign(&message, &key))?)
    })
}

#[pyfunction]
#[pyo3(signature = (token, keys, max_length, /))]
pub(in crate::bindings) fn jwt_verify_signature(
    py: Python<'_>,
    token: &Bound<'_, PyAny>,
    keys: &JwtKeySet,
    max_length: Count,
) -> PyResult<SignedBytes> {
    guard(|| {
        let keys = keys.keys();
        let token = arguments::token(token, |length| jwt::check_length(length, max_length.0))?;
        let signed = py.detach(|| jwt::SignedBytes::verify(token, &keys, max_length.0))?;
        let header = json::read(py, &signed.header)?.cast_into()?.unbind();
        Ok(SignedBytes { payload: PyBytes::new(py, &signed.payload).unbind(), header })
    })
}

fn boxed(names: Vec<Name>) -> Box<[Box<str>]> {
    names.into_iter().map(|Name(name)| name.into()).collect()
}
