//! A JSON value as a tree, for what is read rarely: keys, key rings, settings.

use super::visitor::{Event, Visitor};
use super::{reader, writer};
use crate::{Error, Result};

/// A JSON value. Reading into a tree costs an allocation a string; what is read with every request
/// listens as a [`Visitor`] instead.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// An integer that fits.
    Integer(i64),
    /// An integer that does not, as decimal text.
    BigInteger(String),
    /// A number with a fraction or an exponent.
    Float(f64),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Self>),
    /// An object; its keys are all different and in the order of the text.
    Object(Vec<(String, Self)>),
}

impl Value {
    /// Reads one JSON text.
    ///
    /// # Errors
    ///
    /// As [`read`](super::read).
    pub fn read(text: &[u8]) -> Result<Self> {
        let mut builder = Builder::default();
        reader::read(text, &mut builder)?;
        builder.values.pop().ok_or(UNBALANCED)
    }

    /// Appends the value's compact text.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a float that is not finite and for more than
    /// [`MAX_DEPTH`](super::MAX_DEPTH) arrays and objects inside each other.
    pub fn write(&self, out: &mut Vec<u8>) -> Result<()> {
        self.tell(&mut writer::Writer::new(out))
    }

    /// An object's member. `None` if there is none, or if this is no object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find_map(|(name, value)| (name == key).then_some(value))
    }

    /// The text of a string. `None` if this is none.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    fn tell(&self, visitor: &mut impl Visitor<Error = Error>) -> Result<()> {
        match self {
            Self::Null => visitor.event(Event::Null),
            Self::Boolean(value) => visitor.event(Event::Boolean(*value)),
            Self::Integer(value) => visitor.event(Event::Integer(*value)),
            Self::BigInteger(digits) => visitor.event(Event::BigInteger(digits)),
            Self::Float(value) => visitor.event(Event::Float(*value)),
            Self::String(text) => visitor.event(Event::String(text)),
            Self::Array(elements) => {
                visitor.event(Event::BeginArray)?;
                elements.iter().try_for_each(|element| element.tell(visitor))?;
                visitor.event(Event::EndArray(elements.len()))
            }
            Self::Object(members) => {
                visitor.event(Event::BeginObject)?;
                for (key, value) in members {
                    visitor.event(Event::Key(key))?;
                    value.tell(visitor)?;
                }
                visitor.event(Event::EndObject(members.len()))
            }
        }
    }
}

/// Values and keys that belong to no array or object yet.
#[derive(Default)]
struct Builder {
    values: Vec<Value>,
    keys: Vec<String>,
}

impl Visitor for Builder {
    type Error = Error;

    fn event(&mut self, event: Event<'_>) -> Result<()> {
        let value = match event {
            Event::Null => Value::Null,
            Event::Boolean(value) => Value::Boolean(value),
            Event::Integer(value) => Value::Integer(value),
            Event::BigInteger(digits) => Value::BigInteger(digits.to_owned()),
            Event::Float(value) => Value::Float(value),
            Event::String(text) => Value::String(text.to_owned()),
            Event::BeginArray | Event::BeginObject => return Ok(()),
            Event::Key(key) => {
                self.keys.push(key.to_owned());
                return Ok(());
            }
            Event::EndArray(elements) => Value::Array(last(&mut self.values, elements)),
            Event::EndObject(members) => {
                let values = last(&mut self.values, members);
                Value::Object(last(&mut self.keys, members).into_iter().zip(values).collect())
            }
        };
        self.values.push(value);
        Ok(())
    }
}

/// Takes the last `count` off a stack.
fn last<T>(stack: &mut Vec<T>, count: usize) -> Vec<T> {
    stack.split_off(stack.len().saturating_sub(count))
}

const UNBALANCED: Error = Error::InvalidJson { reason: "a value is missing", offset: 0 };

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Boolean),
            any::<i64>().prop_map(Value::Integer),
            "-?[1-9][0-9]{19,40}".prop_map(Value::BigInteger),
            any::<f64>().prop_filter("finite", |value| value.is_finite()).prop_map(Value::Float),
            any::<String>().prop_map(Value::String),
        ];
        leaf.prop_recursive(4, 64, 8, |inner| {
            let members = prop::collection::btree_map(any::<String>(), inner.clone(), 0..8);
            prop_oneof![
                prop::collection::vec(inner, 0..8).prop_map(Value::Array),
                members.prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    #[test]
    fn members_keep_their_order() {
        let value = Value::read(br#"{"b":1,"a":[2],"c":"text"}"#).unwrap();
        assert_eq!(Some(&Value::Array(vec![Value::Integer(2)])), value.get("a"));
        assert_eq!(Some("text"), value.get("c").and_then(Value::as_str));
        assert_eq!((None, None), (value.get("d"), value.as_str()));
        let mut out = Vec::new();
        value.write(&mut out).unwrap();
        assert_eq!(br#"{"b":1,"a":[2],"c":"text"}"#, &*out);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(value in values()) {
            let mut out = Vec::new();
            value.write(&mut out).unwrap();
            prop_assert_eq!(value, Value::read(&out).unwrap());
        }
    }
}
