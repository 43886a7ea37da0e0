//! The members of the one object a text is: what a claims check or a header reader needs.

use super::visitor::{Event, Visitor};
use crate::{Error, Result};

/// Receives the members of a top-level object that it asked for by name.
///
/// Listen with [`TopLevel`]:
///
/// ```
/// use hauberk::Result;
/// use hauberk::json::{self, Event, Members, TopLevel};
///
/// #[derive(Default)]
/// struct Expiry(Option<i64>);
///
/// impl Members for Expiry {
///     type Name = ();
///
///     fn name(&mut self, key: &str) -> Option<()> {
///         (key == "exp").then_some(())
///     }
///
///     fn member(&mut self, (): (), value: Event<'_>) -> Result<()> {
///         match value {
///             Event::Integer(seconds) => self.0 = Some(seconds),
///             _ => return Err(hauberk::Error::InvalidClaim("exp")),
///         }
///         Ok(())
///     }
///
///     fn element(&mut self, (): (), _: Event<'_>) -> Result<()> {
///         Ok(())
///     }
/// }
///
/// let mut expiry = TopLevel::new(Expiry::default());
/// json::read(br#"{"sub": "ada", "exp": 1700000000}"#, &mut expiry)?;
/// assert_eq!(Some(1_700_000_000), expiry.into_inner().0);
/// # Ok::<(), hauberk::Error>(())
/// ```
pub trait Members {
    /// What the implementer calls a member that it wants; usually an enum.
    type Name: Copy;

    /// The name of the member with this key, or `None` if its value is of no interest.
    fn name(&mut self, key: &str) -> Option<Self::Name>;

    /// A wanted member's value: a scalar, [`Event::BeginArray`] or [`Event::BeginObject`].
    ///
    /// # Errors
    ///
    /// Whatever makes the member unacceptable.
    fn member(&mut self, name: Self::Name, value: Event<'_>) -> Result<()>;

    /// An element of a wanted member that is an array, after [`member`](Self::member) has seen
    /// its beginning: a scalar, [`Event::BeginArray`] or [`Event::BeginObject`]. What is deeper
    /// inside is not told.
    ///
    /// # Errors
    ///
    /// Whatever makes the element unacceptable.
    fn element(&mut self, name: Self::Name, value: Event<'_>) -> Result<()>;
}

/// The visitor that tells [`Members`] what a top-level object holds, and refuses a text that is
/// no object.
#[derive(Debug)]
pub struct TopLevel<M: Members> {
    members: M,
    depth: usize,
    /// The member that is being read, if it was asked for.
    name: Option<M::Name>,
    /// Whether that member is an array.
    in_array: bool,
}

impl<M: Members> TopLevel<M> {
    /// Listens on behalf of `members`.
    pub const fn new(members: M) -> Self {
        Self { members, depth: 0, name: None, in_array: false }
    }

    /// Returns what has listened.
    pub fn into_inner(self) -> M {
        self.members
    }

    /// Passes the beginning of a value on.
    fn value(&mut self, value: Event<'_>) -> Result<()> {
        match (self.depth, self.name) {
            (0, _) if value != Event::BeginObject => Err(NOT_AN_OBJECT),
            (1, Some(name)) => {
                self.in_array = value == Event::BeginArray;
                self.members.member(name, value)
            }
            (2, Some(name)) if self.in_array => self.members.element(name, value),
            _ => Ok(()),
        }
    }
}

impl<M: Members> Visitor for TopLevel<M> {
    type Error = Error;

    #[inline]
    fn event(&mut self, event: Event<'_>) -> Result<()> {
        match event {
            Event::Key(key) => {
                if self.depth == 1 {
                    self.name = self.members.name(key);
                }
            }
            Event::EndArray(_) | Event::EndObject(_) => {
                self.depth = self.depth.saturating_sub(1);
            }
            Event::BeginArray | Event::BeginObject => {
                self.value(event)?;
                self.depth += 1;
            }
            _ => self.value(event)?,
        }
        Ok(())
    }
}

const NOT_AN_OBJECT: Error = Error::InvalidJson { reason: "the text is not an object", offset: 0 };

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::read;

    /// Writes down what it is told of `exp` and `aud`.
    #[derive(Debug, Default)]
    struct Notes(Vec<String>);

    impl Members for Notes {
        type Name = char;

        fn name(&mut self, key: &str) -> Option<char> {
            matches!(key, "exp" | "aud").then(|| key.chars().next()).flatten()
        }

        fn member(&mut self, name: char, value: Event<'_>) -> Result<()> {
            self.0.push(format!("{name}={value:?}"));
            Ok(())
        }

        fn element(&mut self, name: char, value: Event<'_>) -> Result<()> {
            self.0.push(format!("{name}+{value:?}"));
            Ok(())
        }
    }

    fn notes(text: &str) -> Result<Vec<String>> {
        let mut members = TopLevel::new(Notes::default());
        read(text.as_bytes(), &mut members)?;
        Ok(members.into_inner().0)
    }

    #[test]
    fn only_the_top_level_is_told() {
        assert_eq!(
            ["e=Integer(1)", "a=String(\"x\")"],
            *notes(r#"{"exp":1,"ctx":{"exp":2,"aud":["y"]},"list":[{"exp":3}],"aud":"x"}"#)
                .unwrap()
        );
    }

    #[test]
    fn arrays_are_told_element_by_element() {
        assert_eq!(
            ["a=BeginArray", "a+String(\"x\")", "a+BeginArray", "a+BeginObject", "a+Null"],
            *notes(r#"{"aud":["x",[1,[2]],{"exp":[3],"b":4},null],"other":["y"]}"#).unwrap()
        );
        assert_eq!(["a=BeginObject"], *notes(r#"{"aud":{"aud":["x"],"b":1}}"#).unwrap());
        assert_eq!(
            ["a=BeginArray", "e=BeginObject"],
            *notes(r#"{"aud":[],"exp":{"a":[1]}}"#).unwrap()
        );
    }

    #[test]
    fn a_text_that_is_no_object_is_refused() {
        for text in ["[]", "[1,2,3]", "1", "\"a\"", "null", r#"[{"exp":1}]"#] {
            assert_eq!(Err(NOT_AN_OBJECT), notes(text));
        }
        assert!(notes("{}").unwrap().is_empty());
    }

    #[test]
    fn a_member_cannot_come_twice() {
        assert!(notes(r#"{"exp":1,"exp":2}"#).is_err());
    }
}
