//! Many tokens at once.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::arguments;
use super::tokens::Token;
use crate::jwt::Verifier;

/// Verifies each of several tokens at the time `now`.
pub(super) fn verify<'py>(
    py: Python<'py>,
    verifier: &Verifier,
    tokens: &Bound<'py, PyAny>,
    threads: usize,
    on_error: &str,
    now: f64,
) -> PyResult<Bound<'py, PyList>> {
    let returns = match on_error {
        "raise" => false,
        "return" => true,
        _ => return Err(PyValueError::new_err("on_error is \"raise\" or \"return\".")),
    };
    // References of our own: while threads read the tokens, the caller's list may change.
    let tokens = tokens.try_iter()?.collect::<PyResult<Vec<_>>>()?;
    let check_length = |length| verifier.check_length(length);
    let texts = tokens.iter().map(|token| arguments::token_or_refusal(token, check_length));
    let texts = texts.collect::<PyResult<Vec<_>>>()?;
    let mut results: Vec<_> = tokens.iter().map(|_| py.None()).collect();
    verifier.authenticate_many::<PyErr>(
        &texts,
        threads,
        |work| py.detach(work),
        |(place, outcome)| {
            let token = outcome.map_err(PyErr::from);
            let token = token.and_then(|authentic| Token::new(py, &authentic, now));
            let result = match token {
                Ok(token) => Py::new(py, token)?.into_any(),
                Err(error) if returns => error.into_value(py).into_any(),
                Err(error) => return Err(error),
            };
            if let Some(slot) = results.get_mut(place) {
                *slot = result;
            }
            Ok(())
        },
    )?;
    PyList::new(py, results)
}
