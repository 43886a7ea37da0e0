//! Python objects as JSON text, as the standard library's `json` takes them.

use std::collections::HashSet;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString, PyTuple};

use super::keys::KeyTexts;
use crate::Error;
use crate::json::{MAX_DEPTH, MAX_INTEGER_DIGITS, write_float, write_integer, write_string};

/// Appends the compact text of `object`.
pub(super) fn append(object: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> PyResult<()> {
    Text::new(out).value(object, MAX_DEPTH)
}

/// Appends the compact text of `dict` and tells `tell` of each of its members: the key's text
/// between its quotes, and the value.
pub(super) fn append_told<'py>(
    dict: &Bound<'py, PyDict>,
    out: &mut Vec<u8>,
    tell: impl FnMut(&[u8], &Bound<'py, PyAny>),
) -> PyResult<()> {
    let mut text = Text::new(out);
    let first = text.collect(dict)?;
    text.object(first, MAX_DEPTH, tell)
}

struct Text<'a, 'py> {
    out: &'a mut Vec<u8>,
    keys: KeyTexts,
    /// Members of the dicts that are being written, the next one of the innermost last.
    members: Vec<(Bound<'py, PyAny>, Bound<'py, PyAny>)>,
}

impl<'a, 'py> Text<'a, 'py> {
    fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out, keys: KeyTexts::borrow(), members: Vec::with_capacity(TYPICAL_COUNT) }
    }

    /// Appends a value in which `depth` containers may stand inside each other.
    fn value(&mut self, object: &Bound<'py, PyAny>, depth: usize) -> PyResult<()> {
        if let Ok(text) = object.cast_exact::<PyString>() {
            self.string(text)
        } else if let Ok(integer) = object.cast_exact::<PyInt>() {
            self.integer(integer)
        } else if let Ok(dict) = object.cast_exact::<PyDict>() {
            self.dict(dict, depth)
        } else if let Ok(list) = object.cast_exact::<PyList>() {
            self.array(list.iter(), depth)
        } else if let Ok(value) = object.cast_exact::<PyBool>() {
            self.out.extend_from_slice(if value.is_true() { b"true" } else { b"false" });
            Ok(())
        } else if object.is_none() {
            self.out.extend_from_slice(b"null");
            Ok(())
        } else {
            self.rarer(object, depth)
        }
    }

    /// Appends what claims seldom hold: floats, tuples, and instances of subclasses, which are
    /// written as the value of the built-in type below them.
    fn rarer(&mut self, object: &Bound<'py, PyAny>, depth: usize) -> PyResult<()> {
        if let Ok(value) = object.cast::<PyFloat>() {
            Ok(write_float(value.value(), self.out)?)
        } else if let Ok(tuple) = object.cast::<PyTuple>() {
            self.array(tuple.iter(), depth)
        } else if let Ok(text) = object.cast::<PyString>() {
            self.string(text)
        } else if let Ok(integer) = object.cast::<PyInt>() {
            self.integer(integer)
        } else if let Ok(dict) = object.cast::<PyDict>() {
            self.mapping(dict.as_mapping(), depth)
        } else if let Ok(list) = object.cast::<PyList>() {
            self.array(list.iter(), depth)
        } else {
            Err(unsuitable("JSON has no value for an object of type", object))
        }
    }

    fn string(&mut self, text: &Bound<'py, PyString>) -> PyResult<()> {
        // Python's own UnicodeEncodeError carries the whole text.
        write_string(text.to_str().map_err(|_| LONE_SURROGATE)?, self.out);
        Ok(())
    }

    fn integer(&mut self, integer: &Bound<'py, PyInt>) -> PyResult<()> {
        match integer.extract() {
            Ok(value) => write_integer(value, self.out),
            Err(_) => self.big_integer(integer)?,
        }
        Ok(())
    }

    #[cold]
    fn big_integer(&mut self, integer: &Bound<'py, PyInt>) -> PyResult<()> {
        // Of `int` itself: an enumeration's own would write its name. It fails above as many
        // digits as Python is set to allow, 4300 or other.
        let digits = integer
            .py()
            .get_type::<PyInt>()
            .call_method1("__repr__", (integer,))
            .map_err(|_| TOO_MANY_DIGITS)?;
        let digits = digits.cast::<PyString>()?.to_str()?;
        if digits.trim_start_matches('-').len() > MAX_INTEGER_DIGITS {
            return Err(TOO_MANY_DIGITS.into());
        }
        self.out.extend_from_slice(digits.as_bytes());
        Ok(())
    }

    fn array(
        &mut self,
        elements: impl Iterator<Item = Bound<'py, PyAny>>,
        depth: usize,
    ) -> PyResult<()> {
        let depth = depth.checked_sub(1).ok_or(TOO_DEEP)?;
        self.out.push(b'[');
        for (index, element) in elements.enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            self.value(&element, depth)?;
        }
        self.out.push(b']');
        Ok(())
    }

    /// Appends a plain dict.
    fn dict(&mut self, dict: &Bound<'py, PyDict>, depth: usize) -> PyResult<()> {
        let first = self.collect(dict)?;
        self.object(first, depth, |_, _| ())
    }

    /// Collects the members of a plain dict, and returns the place of the first.
    ///
    /// Writing a value can run Python code, which can change the dict, and so can another thread
    /// of a free-threaded Python. `for_each` holds the dict's lock there.
    fn collect(&mut self, dict: &Bound<'py, PyDict>) -> PyResult<usize> {
        let first = self.members.len();
        let members = &mut self.members;
        let mut plain = true;
        dict.iter().for_each(|member| {
            plain &= member.0.is_exact_instance_of::<PyString>();
            members.push(member);
        });
        if !plain {
            self.check_keys(first)?;
        }
        Ok(first)
    }

    /// Appends an instance of a subclass of dict, which may have an order of its own.
    #[cold]
    fn mapping(&mut self, mapping: &Bound<'py, PyMapping>, depth: usize) -> PyResult<()> {
        let first = self.members.len();
        for member in mapping.items()? {
            self.members.push(member.extract()?);
        }
        self.check_keys(first)?;
        self.object(first, depth, |_, _| ())
    }

    /// Refuses members from `first` on whose keys have the same text. A dict of `str` has none such,
    /// but a subclass may list one twice, and an instance of a subclass of `str` differ from its
    /// text.
    #[cold]
    fn check_keys(&self, first: usize) -> PyResult<()> {
        let mut seen = HashSet::new();
        for (key, _) in self.members.iter().skip(first) {
            // What is no text is refused where it is written.
            if let Ok(text) = key.cast::<PyString>()
                && !seen.insert(text.to_str().map_err(|_| LONE_SURROGATE)?)
            {
                return Err(DUPLICATE.into());
            }
        }
        Ok(())
    }

    /// Appends the object of the members from `first` on, and tells of each.
    fn object(
        &mut self,
        first: usize,
        depth: usize,
        mut tell: impl FnMut(&[u8], &Bound<'py, PyAny>),
    ) -> PyResult<()> {
        let depth = depth.checked_sub(1).ok_or(TOO_DEEP)?;
        if let Some(members) = self.members.get_mut(first..) {
            members.reverse();
        }
        self.out.push(b'{');
        let mut separator = false;
        while self.members.len() > first {
            let Some((key, value)) = self.members.pop() else { break };
            if separator {
                self.out.push(b',');
            }
            separator = true;
            let start = self.out.len();
            self.key(&key)?;
            if let Some([b'"', name @ .., b'"', b':']) = self.out.get(start..) {
                tell(name, &value);
            }
            self.value(&value, depth)?;
        }
        self.out.push(b'}');
        Ok(())
    }

    /// Appends a key and its colon.
    fn key(&mut self, key: &Bound<'py, PyAny>) -> PyResult<()> {
        let exact = key.cast_exact::<PyString>();
        if let Ok(text) = exact
            && self.keys.append(text, self.out)
        {
            return Ok(());
        }
        let Ok(text) = key.cast::<PyString>() else {
            return Err(unsuitable("A key of a JSON object is a str, not an object of type", key));
        };
        let start = self.out.len();
        self.string(text)?;
        self.out.push(b':');
        if let (Ok(text), Some(written)) = (exact, self.out.get(start..)) {
            self.keys.keep(text, written);
        }
        Ok(())
    }
}

/// A `TypeError` that names the object's type, and never its value.
#[cold]
fn unsuitable(reason: &str, object: &Bound<'_, PyAny>) -> PyErr {
    match object.get_type().name() {
        Ok(name) => PyTypeError::new_err(format!("{reason} {name}.")),
        Err(error) => error,
    }
}

/// Members that a token's claims have, or more.
const TYPICAL_COUNT: usize = 32;
const DUPLICATE: Error = Error::InvalidInput("an object has two members of one name");
const LONE_SURROGATE: Error = Error::InvalidInput("the text has a lone surrogate");
const TOO_DEEP: Error = Error::InvalidInput("arrays and objects are nested too deeply for JSON");
const TOO_MANY_DIGITS: Error = Error::InvalidInput("an integer has too many digits");
