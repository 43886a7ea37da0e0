//! What the caller of a signer has set of the registered claims.

use super::claims::LAST_SECOND;
use crate::{Error, Result};

/// The registered claims among those that the caller has set.
#[derive(Clone, Copy, Debug, Default)]
pub struct Given {
    /// `aud`.
    pub aud: Shape,
    /// `exp`.
    pub exp: Shape,
    /// `iat`.
    pub iat: Shape,
    /// `iss`.
    pub iss: Shape,
    /// `jti`.
    pub jti: Shape,
    /// `nbf`.
    pub nbf: Shape,
    /// `sub`.
    pub sub: Shape,
}

impl Given {
    /// The claim of this name, if it is one that is looked at.
    pub const fn claim(&mut self, name: &[u8]) -> Option<&mut Shape> {
        match name {
            b"aud" => Some(&mut self.aud),
            b"exp" => Some(&mut self.exp),
            b"iat" => Some(&mut self.iat),
            b"iss" => Some(&mut self.iss),
            b"jti" => Some(&mut self.jti),
            b"nbf" => Some(&mut self.nbf),
            b"sub" => Some(&mut self.sub),
            _ => None,
        }
    }

    /// Nothing is signed that every strict verifier would refuse.
    pub(super) fn check(&self) -> Result<()> {
        let times = [self.exp, self.nbf, self.iat];
        let is_time = |shape| match shape {
            Shape::Absent => true,
            Shape::Number(time) => (0.0..=LAST_SECOND).contains(&time),
            _ => false,
        };
        let is_name = |shape| matches!(shape, Shape::Absent | Shape::Text);
        if !times.into_iter().all(is_time) {
            return Err(Error::InvalidInput(
                "the claims exp, nbf and iat are numbers of seconds between 1970 and 9999",
            ));
        }
        if ![self.iss, self.sub, self.jti].into_iter().all(is_name) {
            return Err(Error::InvalidInput("the claims iss, sub and jti are text"));
        }
        if !is_name(self.aud) && self.aud != Shape::Texts {
            return Err(Error::InvalidInput("the claim aud is text or a list of texts"));
        }
        Ok(())
    }
}

/// What kind of value a claim has.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Shape {
    /// The claim is not there.
    #[default]
    Absent,
    /// A number that is no boolean.
    Number(f64),
    /// Text.
    Text,
    /// A list of nothing but text, and not empty.
    Texts,
    /// Anything else.
    Other,
}

impl Shape {
    /// The shape of an integer.
    #[expect(clippy::cast_precision_loss, reason = "exact below 2^53, and no time lies beyond")]
    #[must_use]
    pub const fn integer(value: i64) -> Self {
        Self::Number(value as f64)
    }

    pub(super) fn is_there(self) -> bool {
        self != Self::Absent
    }
}
