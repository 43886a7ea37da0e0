//! Batches: what is taken out of Python, and what is put back.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyString};

use crate::bindings::octets::{Bytes, Text};
use crate::encryption::{Algorithm, AssociatedData, Batch, Outcome, Session, Value, Work};
use crate::{Error, Result};

/// How a batch is gone through.
pub(super) struct Options<'a, 'py> {
    pub(super) associated_data: Option<&'a Bound<'py, PyAny>>,
    pub(super) threads: usize,
    pub(super) on_error: &'a str,
}

/// Does `work` with each of `items`; also says how many results are other than their items.
pub(super) fn run<'py, A: Algorithm>(
    work: Work,
    session: &Session<A>,
    items: &Bound<'py, PyAny>,
    options: &Options<'_, 'py>,
) -> PyResult<(Bound<'py, PyList>, usize)> {
    let py = items.py();
    let returns = match options.on_error {
        "raise" => false,
        "return" => true,
        _ => return Err(PyValueError::new_err("on_error is \"raise\" or \"return\".")),
    };
    let items = items.try_iter()?.collect::<PyResult<Vec<_>>>()?;
    let contents =
        items.iter().map(|item| Content::of(item, work)).collect::<PyResult<Vec<_>>>()?;
    let values: Vec<_> = contents.iter().map(Content::value).collect();

    let (mut common, mut owners) = (Bytes::EMPTY, None);
    match options.associated_data.map(|given| (given, given.extract::<Bytes<'_>>())) {
        None => {}
        Some((_, Ok(bytes))) => common = bytes,
        Some((given, Err(_))) => owners = Some(given.try_iter()?.collect::<PyResult<Vec<_>>>()?),
    }
    let each = match &owners {
        Some(owners) => owners.iter().map(PyAnyMethods::extract::<Bytes<'_>>).collect(),
        None => Ok(Vec::new()),
    };
    let each: Vec<Bytes<'_>> = each?;
    let each: Vec<&[u8]> = each.iter().map(|bytes| &**bytes).collect();
    let associated_data = match owners {
        Some(_) => AssociatedData::Each(&each),
        None => AssociatedData::Common(&common),
    };

    let mut results = vec![None; items.len()];
    let (mut changed, mut first_error) = (0, None::<(usize, PyErr)>);
    let batch = Batch { work, values: &values, associated_data };
    session.batch(
        batch,
        options.threads,
        |body| py.detach(body),
        |position, outcome| {
            changed += usize::from(matches!(outcome, Ok(Outcome::Made(_))));
            let result = match (made(&items, position, outcome), returns) {
                (Ok(result), _) => Some(result),
                (Err(error), true) => Some(error.into_value(py).into_bound(py).into_any()),
                (Err(error), false) => {
                    if first_error.as_ref().is_none_or(|(first, _)| position < *first) {
                        first_error = Some((position, error));
                    }
                    None
                }
            };
            if let (Some(place), Some(result)) = (results.get_mut(position), result) {
                *place = Some(result);
            }
        },
    )?;
    match first_error {
        Some((_, error)) => Err(error),
        None => Ok((PyList::new(py, results)?, changed)),
    }
}

fn made<'py>(
    items: &[Bound<'py, PyAny>],
    position: usize,
    outcome: Result<Outcome<'_>>,
) -> PyResult<Bound<'py, PyAny>> {
    let item = items.get(position).ok_or(Error::InvalidInput("no such item"))?;
    Ok(match outcome? {
        Outcome::Made(Value::Bytes(bytes)) => PyBytes::new(item.py(), bytes).into_any(),
        Outcome::Made(Value::Text(text)) => PyString::new(item.py(), text).into_any(),
        Outcome::Unchanged => item.clone(),
    })
}

/// What an item holds, for as long as the item is there.
enum Content<'a> {
    Bytes(&'a [u8]),
    Copied(Bytes<'a>),
    Text(&'a str),
}

impl<'a> Content<'a> {
    fn of(item: &'a Bound<'_, PyAny>, work: Work) -> PyResult<Self> {
        if let Ok(bytes) = item.cast_exact::<PyBytes>() {
            return Ok(Self::Bytes(bytes.as_bytes()));
        }
        if !item.is_instance_of::<PyString>() {
            return Ok(Self::Copied(item.extract::<Bytes<'_>>()?));
        }
        match item.extract::<Text<'_>>() {
            Ok(text) => Ok(Self::Text(text.into_str())),
            Err(error) if work == Work::Seal => Err(error),
            // No ciphertext, like any other text that is none: see `Ciphertext`.
            Err(_) => Ok(Self::Text("")),
        }
    }

    fn value(&self) -> Value<'_> {
        match self {
            Self::Bytes(bytes) => Value::Bytes(bytes),
            Self::Copied(bytes) => Value::Bytes(bytes),
            Self::Text(text) => Value::Text(text),
        }
    }
}
