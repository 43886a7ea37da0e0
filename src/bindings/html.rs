//! Sanitizing HTML. The GIL is released for inputs that take longer than releasing it.

pub(super) mod features;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use pyo3::prelude::*;
use pyo3::types::PyString;

use super::guard::guard;
use crate::html::{self, ByTag, Limits, Policy, Settings, UrlRelative};
use crate::{Error, Result};

/// A policy's settings, as a dictionary.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct PolicySettings {
    tags: BTreeSet<String>,
    attributes: ByTag<BTreeSet<String>>,
    attribute_values: ByTag<BTreeMap<String, BTreeSet<String>>>,
    set_attributes: ByTag<BTreeMap<String, String>>,
    classes: ByTag<BTreeSet<String>>,
    styles: Option<BTreeSet<String>>,
    url_schemes: BTreeSet<String>,
    url_hosts: ByTag<BTreeSet<String>>,
    url_relative: String,
    url_base: Option<String>,
    link_rel: Option<String>,
    link_target: Option<String>,
    id_prefix: Option<String>,
    drop_content: BTreeSet<String>,
    comments: bool,
    max_input: i64,
    max_depth: i64,
    max_attributes: i64,
    max_output: i64,
    on_limit: String,
    lenient: bool,
}

impl PolicySettings {
    fn into_settings(self) -> Result<Settings> {
        // What is negative is out of range, as 0 is.
        let size = |number: i64| usize::try_from(number).unwrap_or(0);
        Ok(Settings {
            tags: self.tags,
            attributes: self.attributes,
            attribute_values: self.attribute_values,
            set_attributes: self.set_attributes,
            classes: self.classes,
            styles: self.styles,
            url_schemes: self.url_schemes,
            url_hosts: self.url_hosts,
            url_relative: UrlRelative::named(&self.url_relative, self.url_base)?,
            link_rel: self.link_rel,
            link_target: self.link_target,
            id_prefix: self.id_prefix,
            drop_content: self.drop_content,
            comments: self.comments,
            limits: Limits {
                input: size(self.max_input),
                depth: size(self.max_depth),
                attributes: size(self.max_attributes),
                output: size(self.max_output),
            },
            on_limit: self.on_limit.parse()?,
            lenient: self.lenient,
        })
    }
}

/// Sanitizes under one compiled policy.
#[pyclass(frozen, module = "hauberk._rust")]
pub(super) struct Sanitizer(html::Sanitizer);

#[pymethods]
impl Sanitizer {
    #[new]
    #[pyo3(signature = (settings, /))]
    fn new(settings: PolicySettings) -> PyResult<Self> {
        guard(|| {
            let policy = Policy::compile(&settings.into_settings()?)?;
            Ok(Self(html::Sanitizer::new(policy)))
        })
    }

    /// The very same object if there is nothing to change.
    #[pyo3(signature = (html, /))]
    fn sanitize<'py>(
        &self,
        py: Python<'py>,
        html: &Bound<'py, PyString>,
    ) -> PyResult<Bound<'py, PyString>> {
        guard(|| {
            let text = text(html)?;
            let clean = if text.len() > DETACH_ABOVE {
                py.detach(|| self.0.sanitize(text))
            } else {
                self.0.sanitize(text)
            }?;
            Ok(to_python(html, clean))
        })
    }

    /// Whether a document needs no tree, for measuring how many do.
    #[pyo3(signature = (html, /))]
    fn is_usual(&self, html: &Bound<'_, PyString>) -> PyResult<bool> {
        guard(|| Ok(self.0.sanitize_usual(text(html)?).is_some()))
    }

    /// Results in their order; with `return_errors`, the exception of each that has none.
    #[pyo3(signature = (documents, threads, return_errors, mode = "strip", /))]
    fn sanitize_many<'py>(
        &self,
        py: Python<'py>,
        documents: Vec<Bound<'py, PyString>>,
        threads: i64,
        return_errors: bool,
        mode: &str,
    ) -> PyResult<Vec<Bound<'py, PyAny>>> {
        guard(|| {
            let texts: Vec<_> = documents.iter().map(text).collect();
            let read: Vec<_> = texts.iter().filter_map(|it| it.ok()).collect();
            let (threads, mode) = (usize::try_from(threads).unwrap_or(0), mode.parse()?);
            let clean = py.detach(|| self.0.sanitize_many(&read, mode, threads))?;
            let mut clean = clean.into_iter();
            let mut answer = Vec::with_capacity(documents.len());
            for (html, text) in documents.iter().zip(texts) {
                let clean = text.and_then(|text| clean.next().unwrap_or(Ok(Cow::Borrowed(text))));
                answer.push(match clean {
                    Ok(clean) => to_python(html, clean).into_any(),
                    Err(error) if return_errors => {
                        PyErr::from(error).into_value(py).into_bound(py).into_any()
                    }
                    Err(error) => return Err(error.into()),
                });
            }
            Ok(answer)
        })
    }
}

fn to_python<'py>(html: &Bound<'py, PyString>, clean: Cow<'_, str>) -> Bound<'py, PyString> {
    match clean {
        Cow::Borrowed(_) if html.is_exact_instance_of::<PyString>() => html.clone(),
        // A subclass may call itself safe, or carry what is not.
        Cow::Borrowed(clean) => PyString::new(html.py(), clean),
        Cow::Owned(clean) => PyString::new(html.py(), &clean),
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
