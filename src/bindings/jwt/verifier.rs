//! From a token to claims that may be trusted.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::arguments::{self, Count, Name};
use super::batch;
use super::keys::JwtKeySet;
use super::tokens::{self, Token};
use crate::bindings::guard::guard;
use crate::bindings::octets::Text;
use crate::jwt::{Authentic, Expectations, Required, Verifier};

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
            let (authentic, now) = self.open(py, token)?;
            Token::new(py, &authentic, now)
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
        guard(|| {
            let (authentic, now) = self.open(py, token)?;
            tokens::claims(py, &authentic, now)
        })
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
    /// A token whose signature is good, and the time after that.
    fn open<'v, 't>(
        &'v self,
        py: Python<'_>,
        token: &'t Bound<'_, PyAny>,
    ) -> PyResult<(Authentic<'v, 't>, f64)> {
        let token = arguments::token(token, |length| self.verifier.check_length(length))?;
        let parsed = self.verifier.parse(token)?;
        let authentic = if parsed.is_slow() {
            py.detach(|| parsed.authenticate())?
        } else {
            parsed.authenticate()?
        };
        Ok((authentic, arguments::now(py, self.clock.as_ref())?))
    }
}

fn boxed(names: Vec<Name>) -> Box<[Box<str>]> {
    names.into_iter().map(|Name(name)| name.into()).collect()
}
