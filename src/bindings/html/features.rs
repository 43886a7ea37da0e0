//! What is done with sanitized HTML, and what is said about HTML that is not.

use std::collections::BTreeSet;

use pyo3::prelude::*;
use pyo3::types::PyString;

use super::{DETACH_ABOVE, Sanitizer, text, to_python};
use crate::bindings::guard::guard;
use crate::html::{self, Element, Item, Link, Linkify, Literal};

/// Sanitizes, and does by name with what is not allowed: "strip", "escape" or "drop".
#[pyfunction]
#[pyo3(signature = (sanitizer, html, mode, /))]
pub(in crate::bindings) fn sanitize_html_as<'py>(
    py: Python<'py>,
    sanitizer: &Sanitizer,
    html: &Bound<'py, PyString>,
    mode: &str,
) -> PyResult<Bound<'py, PyString>> {
    guard(|| {
        let (text, mode) = (text(html)?, mode.parse()?);
        let clean = if text.len() > DETACH_ABOVE {
            py.detach(|| sanitizer.0.sanitize_as(text, mode))
        } else {
            sanitizer.0.sanitize_as(text, mode)
        }?;
        Ok(to_python(html, clean))
    })
}

/// What is not let through, as kinds, names and positions.
#[pyfunction]
#[pyo3(signature = (sanitizer, html, mode, /))]
pub(in crate::bindings) fn html_removals(
    py: Python<'_>,
    sanitizer: &Sanitizer,
    html: &Bound<'_, PyString>,
    mode: &str,
) -> PyResult<Vec<(&'static str, String, usize)>> {
    guard(|| {
        let (html, mode) = (text(html)?, mode.parse()?);
        let removals = py.detach(|| sanitizer.0.removals(html, mode))?;
        Ok(removals.into_iter().map(|it| (it.kind.as_str(), it.name, it.position)).collect())
    })
}

/// Sanitized markup with what a callback makes of its elements, sanitized once more.
#[pyfunction]
#[pyo3(signature = (sanitizer, html, callback, /))]
pub(in crate::bindings) fn rewrite_html(
    sanitizer: &Sanitizer,
    html: &Bound<'_, PyString>,
    callback: &Bound<'_, PyAny>,
) -> PyResult<String> {
    guard(|| {
        sanitizer
            .0
            .rewrite(text(html)?, |element| callback.call1(element)?.extract::<Option<Element>>())
    })
}

/// Sanitized markup with links, sanitized once more.
#[pyfunction]
#[pyo3(signature = (sanitizer, html, email, skip, callback, /))]
pub(in crate::bindings) fn linkify_html(
    py: Python<'_>,
    sanitizer: &Sanitizer,
    html: &Bound<'_, PyString>,
    email: bool,
    skip: BTreeSet<String>,
    callback: Option<&Bound<'_, PyAny>>,
) -> PyResult<String> {
    guard(|| {
        let html = text(html)?;
        let linkify = Linkify { email, skip };
        let Some(callback) = callback else {
            return py.detach(|| Ok(sanitizer.0.linkify::<crate::Error>(html, &linkify, None)?));
        };
        let mut on_link = |link: Link| {
            let is_new = link.is_new;
            let answer = callback.call1((link.text, link.attributes, is_new))?;
            let answer: Option<(String, Vec<(String, String)>)> = answer.extract()?;
            Ok(answer.map(|(text, attributes)| Link { text, attributes, is_new }))
        };
        sanitizer.0.linkify(html, &linkify, Some(&mut on_link))
    })
}

/// The beginning of sanitized markup, sanitized once more.
#[pyfunction]
#[pyo3(signature = (sanitizer, html, length, ellipsis, /))]
pub(in crate::bindings) fn truncate_html(
    py: Python<'_>,
    sanitizer: &Sanitizer,
    html: &Bound<'_, PyString>,
    length: usize,
    ellipsis: &Bound<'_, PyString>,
) -> PyResult<String> {
    guard(|| {
        let (html, ellipsis) = (text(html)?, text(ellipsis)?);
        Ok(py.detach(|| sanitizer.0.truncate(html, length, ellipsis))?)
    })
}

/// The text of HTML.
#[pyfunction]
#[pyo3(signature = (html, max_length, /))]
pub(in crate::bindings) fn html_text(
    py: Python<'_>,
    html: &Bound<'_, PyString>,
    max_length: Option<usize>,
) -> PyResult<String> {
    guard(|| {
        let html = text(html)?;
        Ok(py.detach(|| html::text(html, max_length))?)
    })
}

type Attributes = Vec<(Option<String>, String, String)>;
type Part = (&'static str, String, Option<String>, Attributes);

/// HTML as a stream in which references stay: kind, name or text, namespace, attributes.
#[pyfunction]
#[pyo3(signature = (html, tags, strip, /))]
pub(in crate::bindings) fn literal_html(
    py: Python<'_>,
    html: &Bound<'_, PyString>,
    tags: BTreeSet<String>,
    strip: bool,
) -> PyResult<Vec<Part>> {
    guard(|| {
        let html = text(html)?;
        let items = py.detach(|| Literal { tags, strip }.read(html))?;
        Ok(items.into_iter().map(part).collect())
    })
}

fn part(item: Item) -> Part {
    match item {
        Item::Characters(text) => ("Characters", text, None, Vec::new()),
        Item::Comment(text) => ("Comment", text, None, Vec::new()),
        Item::End(name, namespace) => ("EndTag", name, namespace, Vec::new()),
        Item::Start { name, namespace, attributes, is_void } => {
            (if is_void { "EmptyTag" } else { "StartTag" }, name, namespace, attributes)
        }
    }
}

/// Text for HTML in which references stay.
#[pyfunction]
#[pyo3(signature = (text, quote, /))]
pub(in crate::bindings) fn escape_but_references(
    text: &Bound<'_, PyString>,
    quote: Option<char>,
) -> PyResult<String> {
    guard(|| Ok(html::escape_but_references(super::text(text)?, quote)))
}

/// Text without references.
#[pyfunction]
#[pyo3(signature = (text, /))]
pub(in crate::bindings) fn resolve_references(text: &Bound<'_, PyString>) -> PyResult<String> {
    guard(|| Ok(html::resolve_references(super::text(text)?)))
}

/// Text as HTML, with every character escaped that means anything anywhere in HTML.
#[pyfunction]
#[pyo3(signature = (text, /))]
pub(in crate::bindings) fn strictly_escape_html(text: &Bound<'_, PyString>) -> PyResult<String> {
    guard(|| Ok(html::escape_strictly(super::text(text)?)))
}

/// Whether HTML would take anything for more than text.
#[pyfunction]
#[pyo3(signature = (text, /))]
pub(in crate::bindings) fn is_html(py: Python<'_>, text: &Bound<'_, PyString>) -> PyResult<bool> {
    guard(|| {
        let text = super::text(text)?;
        Ok(py.detach(|| html::is_html(text)))
    })
}

/// A URL, resolved against another.
#[pyfunction]
#[pyo3(signature = (base, url, /))]
pub(in crate::bindings) fn join_url(
    base: &Bound<'_, PyString>,
    url: &Bound<'_, PyString>,
) -> PyResult<String> {
    guard(|| Ok(html::join_url(text(base)?, text(url)?)?))
}

/// Whether the value of an attribute is taken for a URL.
#[pyfunction]
#[pyo3(signature = (tag, attribute, /))]
pub(in crate::bindings) fn is_url_attribute(tag: &str, attribute: &str) -> PyResult<bool> {
    guard(|| Ok(html::is_url_attribute(tag, attribute)))
}

/// Gives `sys.unraisablehook` an exception and what it is about.
#[pyfunction]
#[pyo3(signature = (error, object, /))]
pub(in crate::bindings) fn report_unraisable(
    error: Bound<'_, PyAny>,
    object: Bound<'_, PyAny>,
) -> PyResult<()> {
    guard(|| {
        let py = error.py();
        PyErr::from_value(error).write_unraisable(py, Some(&object));
        Ok(())
    })
}
