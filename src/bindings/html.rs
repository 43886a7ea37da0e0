//! Sanitizing HTML. The GIL is released for inputs that take longer than releasing it.

use std::collections::{BTreeMap, BTreeSet};

use pyo3::prelude::*;
use pyo3::types::PyString;

use super::guard::guard;
use crate::html::{self, Policy, Settings};
use crate::{Error, Result};

/// Sanitizes under one compiled policy.
#[pyclass(frozen, module = "hauberk._rust")]
pub(super) struct Sanitizer(html::Sanitizer);

#[pymethods]
impl Sanitizer {
    #[new]
    #[pyo3(signature = (
        *, tags, attributes, url_schemes, url_relative, link_rel, drop_content, comments, max_input,
        max_depth
    ))]
    #[expect(clippy::too_many_arguments, reason = "the settings of a policy, by keyword")]
    fn new(
        tags: BTreeSet<String>,
        attributes: BTreeMap<String, BTreeSet<String>>,
        url_schemes: BTreeSet<String>,
        url_relative: &str,
        link_rel: Option<String>,
        drop_content: BTreeSet<String>,
        comments: bool,
        max_input: i64,
        max_depth: i64,
    ) -> PyResult<Self> {
        guard(|| {
            let url_relative = url_relative.parse()?;
            let policy = Policy::compile(&Settings {
                tags,
                attributes,
                url_schemes,
                url_relative,
                link_rel,
                drop_content,
                comments,
                // What is negative is out of range, as 0 is.
                max_input: usize::try_from(max_input).unwrap_or(0),
                max_depth: usize::try_from(max_depth).unwrap_or(0),
            })?;
            Ok(Self(html::Sanitizer::new(policy)))
        })
    }

    #[pyo3(signature = (html, /))]
    fn sanitize(&self, py: Python<'_>, html: &Bound<'_, PyString>) -> PyResult<String> {
        guard(|| {
            let html = text(html)?;
            Ok(if html.len() > DETACH_ABOVE {
                py.detach(|| self.0.sanitize(html))
            } else {
                self.0.sanitize(html)
            }?)
        })
    }
}

#[pyfunction]
#[pyo3(signature = (text, /))]
pub(super) fn escape_html(text: &Bound<'_, PyString>) -> PyResult<String> {
    guard(|| Ok(html::escape(self::text(text)?)))
}

fn text<'a>(text: &'a Bound<'_, PyString>) -> Result<&'a str> {
    text.to_str().map_err(|_| Error::InvalidInput("the text has a lone surrogate"))
}

/// Bytes. ammonia takes some 50 ns for each, and detaching and attaching about 40 ns in all.
const DETACH_ABOVE: usize = 2048;
