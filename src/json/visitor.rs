//! Who is told what the reader reads.

use crate::Error;

/// Receives the events of one JSON text, in its order.
///
/// A pair `(A, B)` of visitors is a visitor, and so is `&mut V`: each event goes to the first and
/// then to the second, so that one pass serves both. The first error ends the reading.
///
/// What a visitor has been told counts only when the reading has ended well: text that is refused
/// later may have begun with anything.
pub trait Visitor {
    /// What the visitor fails with; the reader's own errors are turned into it.
    type Error: From<Error>;

    /// Whether [`distinct_keys`](Self::distinct_keys) tells the number of keys.
    ///
    /// A visitor that collects members into a map knows it for nothing, and the reader then
    /// compares it with what it counted instead of remembering every key.
    const COUNTS_KEYS: bool = false;

    /// What comes next in the text.
    ///
    /// # Errors
    ///
    /// Whatever makes the visitor refuse the text.
    fn event(&mut self, event: Event<'_>) -> Result<(), Self::Error>;

    /// How many different keys the object had whose end was the last event. Asked for only with
    /// [`COUNTS_KEYS`](Self::COUNTS_KEYS); fewer than there were members is a duplicate.
    fn distinct_keys(&self) -> usize {
        0
    }
}

/// One step through a JSON text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number without fraction and exponent.
    Integer(i64),
    /// An integer outside `i64`: an optional `-` and at most
    /// [`MAX_INTEGER_DIGITS`](super::MAX_INTEGER_DIGITS) digits.
    BigInteger(&'a str),
    /// A number with a fraction or an exponent; always finite.
    Float(f64),
    /// A string, its escapes resolved.
    String(&'a str),
    /// `[`.
    BeginArray,
    /// `]`, after that many elements.
    EndArray(usize),
    /// `{`.
    BeginObject,
    /// The key of a member, whose value follows. Whether it is a duplicate shows only when the
    /// object ends.
    Key(&'a str),
    /// `}`, after that many members.
    EndObject(usize),
}

impl<V: Visitor + ?Sized> Visitor for &mut V {
    type Error = V::Error;

    const COUNTS_KEYS: bool = V::COUNTS_KEYS;

    #[inline]
    fn event(&mut self, event: Event<'_>) -> Result<(), Self::Error> {
        (**self).event(event)
    }

    #[inline]
    fn distinct_keys(&self) -> usize {
        (**self).distinct_keys()
    }
}

impl<A: Visitor, B: Visitor<Error: From<A::Error>>> Visitor for (A, B) {
    type Error = B::Error;

    const COUNTS_KEYS: bool = A::COUNTS_KEYS || B::COUNTS_KEYS;

    #[inline]
    fn event(&mut self, event: Event<'_>) -> Result<(), Self::Error> {
        self.0.event(event)?;
        self.1.event(event)
    }

    #[inline]
    fn distinct_keys(&self) -> usize {
        if A::COUNTS_KEYS { self.0.distinct_keys() } else { self.1.distinct_keys() }
    }
}
