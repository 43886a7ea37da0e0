//! Python objects, built while their text is read.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyInt, PyList, PyString};

use super::keys::KeyObjects;
use crate::Error;
use crate::json::{Event, Visitor};

/// The visitor that builds `dict`, `list`, `str`, `int`, `float`, `bool` and `None`.
pub(in crate::bindings) struct Objects<'py> {
    py: Python<'py>,
    keys: KeyObjects,
    /// What belongs to no list or dict yet: keys and values in the order of the text.
    pending: Vec<Bound<'py, PyAny>>,
    /// How many keys the last dict has.
    distinct: usize,
}

impl<'py> Objects<'py> {
    pub(in crate::bindings) fn new(py: Python<'py>) -> Self {
        Self {
            py,
            keys: KeyObjects::borrow(),
            pending: Vec::with_capacity(TYPICAL_COUNT),
            distinct: 0,
        }
    }

    /// The object of a text that was read to its end.
    pub(in crate::bindings) fn finish(mut self) -> PyResult<Bound<'py, PyAny>> {
        self.pending.pop().ok_or_else(|| NO_VALUE.into())
    }

    fn list(&mut self, elements: usize) -> PyResult<()> {
        let first = self.pending.len().saturating_sub(elements);
        let list = PyList::new(self.py, self.pending.drain(first..))?;
        self.pending.push(list.into_any());
        Ok(())
    }

    fn dict(&mut self, members: usize) -> PyResult<()> {
        let dict = PyDict::new(self.py);
        let first = self.pending.len().saturating_sub(2 * members);
        let mut pending = self.pending.drain(first..);
        while let (Some(key), Some(value)) = (pending.next(), pending.next()) {
            dict.set_item(key, value)?;
        }
        drop(pending);
        self.distinct = dict.len();
        self.pending.push(dict.into_any());
        Ok(())
    }

    #[cold]
    fn big_integer(&self, digits: &str) -> PyResult<Bound<'py, PyAny>> {
        // Python's limit on digits can be set below ours.
        self.py.get_type::<PyInt>().call1((digits,)).map_err(|_| TOO_MANY_DIGITS.into())
    }
}

impl Visitor for Objects<'_> {
    type Error = PyErr;

    /// A dict knows how many keys it has.
    const COUNTS_KEYS: bool = true;

    #[expect(clippy::inline_always, reason = "each place of the reader knows which event it tells")]
    #[inline(always)]
    fn event(&mut self, event: Event<'_>) -> PyResult<()> {
        let py = self.py;
        let object = match event {
            Event::Null => py.None().into_bound(py),
            Event::Boolean(value) => value.into_pyobject(py)?.to_owned().into_any(),
            Event::Integer(value) => value.into_pyobject(py)?.into_any(),
            Event::BigInteger(digits) => self.big_integer(digits)?,
            Event::Float(value) => value.into_pyobject(py)?.into_any(),
            Event::String(text) => PyString::new(py, text).into_any(),
            Event::Key(key) => self.keys.key(py, key).into_any(),
            Event::BeginArray | Event::BeginObject => return Ok(()),
            Event::EndArray(elements) => return self.list(elements),
            Event::EndObject(members) => return self.dict(members),
        };
        self.pending.push(object);
        Ok(())
    }

    fn distinct_keys(&self) -> usize {
        self.distinct
    }
}

/// Keys and values that a token's claims have together, or more.
const TYPICAL_COUNT: usize = 48;
const NO_VALUE: Error = Error::InvalidJson { reason: "a value is missing", offset: 0 };
const TOO_MANY_DIGITS: Error = Error::InvalidInput("an integer has too many digits");
