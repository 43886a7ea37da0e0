//! Verifying: from a token's text to claims that may be trusted.

use core::fmt;
use std::sync::{Arc, Mutex};

use super::claims::{Claims, Expectations};
use super::compact::{Parts, check_length};
use super::header::{self, Header};
use super::key_set::{Candidates, KeySet};
use super::typ::Typ;
use super::verified_tokens::{Hash, VerifiedTokens};
use crate::json::{self, Event, TopLevel, Visitor};
use crate::{Error, Result};

/// Accepts tokens that one of its keys signed and whose claims are as expected.
///
/// It is used in three steps, each of which only the one before leads to: [`parse`](Self::parse)
/// looks at the form and finds the key, [`Parsed::authenticate`] verifies the signature, and
/// [`Authentic::claims`] reads the claims, not a byte of which has been decoded before.
pub struct Verifier {
    keys: Arc<KeySet>,
    expectations: Expectations,
    typ: Option<Typ>,
    max_length: usize,
    known: Option<VerifiedTokens>,
    /// The header of the last good token. A verifier sees very few different ones.
    last_header: Mutex<Option<(Box<[u8]>, usize)>>,
}

impl Verifier {
    /// Sets a verifier up. `typ` is the kind of token; for `JWT`, headers may leave it out, and
    /// without one it is not looked at.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for an empty `typ`, a `max_length` of 0, and as
    /// [`Expectations::check`].
    pub fn new<'a>(
        keys: impl Into<Arc<KeySet>>,
        expectations: Expectations,
        typ: impl Into<Option<&'a str>>,
        max_length: usize,
    ) -> Result<Self> {
        expectations.check()?;
        if max_length == 0 {
            return Err(Error::InvalidInput("max_length is at least 1"));
        }
        Ok(Self {
            keys: keys.into(),
            expectations,
            typ: typ.into().map(Typ::new).transpose()?,
            max_length,
            known: None,
            last_header: Mutex::new(None),
        })
    }

    /// Lets the verifier remember about so many tokens with an asymmetric signature, which is not
    /// verified a second time; their claims are. With 0 it remembers none.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] above a million.
    pub fn remembering(mut self, tokens: usize) -> Result<Self> {
        self.known = (tokens > 0).then(|| VerifiedTokens::new(tokens)).transpose()?;
        Ok(self)
    }

    /// Refuses a token of that many bytes or characters if it is too long.
    ///
    /// # Errors
    ///
    /// [`Error::MalformedToken`] above `max_length`.
    pub fn check_length(&self, length: usize) -> Result<()> {
        check_length(length, self.max_length)
    }

    /// Takes a token apart and finds the keys that may have signed it.
    ///
    /// # Errors
    ///
    /// [`Error::MalformedToken`] for what is no compact JWS or has a header that is not understood;
    /// [`Error::InvalidClaim`] or [`Error::MissingClaim`] for another `typ`;
    /// [`Error::TokenSignature`] if no key has the header's `alg` and `kid`.
    pub fn parse<'v, 't>(&'v self, token: &'t [u8]) -> Result<Parsed<'v, 't>> {
        self.check_length(token.len())?;
        let parts = Parts::split(token)?;
        let last = self.last_header.try_lock().ok().and_then(|last| {
            last.as_ref().and_then(|(header, key)| (**header == *parts.header).then_some(*key))
        });
        let candidates = if let Some(key) = last {
            Candidates::One(key)
        } else {
            let header = Header::read(parts.header)?;
            if let Some(typ) = &self.typ {
                typ.check(header.typ.as_deref())?;
            }
            self.keys.candidates(&header)?
        };
        let parsed = Parsed {
            verifier: self,
            parts,
            candidates,
            has_last_header: last.is_some(),
            memory: None,
        };
        match &self.known {
            Some(known) if parsed.is_asymmetric() => {
                let hash = Hash::of(token);
                Ok(Parsed { memory: Some((hash, known.knows(&hash))), ..parsed })
            }
            _ => Ok(parsed),
        }
    }

    /// The `kid` of a token that is well-formed as far as its header, where no key has it: where
    /// keys are fetched, a new one may have come up.
    #[must_use]
    pub fn unknown_kid(&self, token: &[u8]) -> Option<Box<str>> {
        match self.parse(token) {
            Err(Error::TokenSignature) => {
                Parts::split(token).and_then(|parts| Header::read(parts.header)).ok()?.kid
            }
            _ => None,
        }
    }

    /// Verifies a token at the time `now`, in seconds since the epoch, and returns its payload.
    ///
    /// # Errors
    ///
    /// As the three steps.
    pub fn verify(&self, token: &[u8], now: f64) -> Result<Vec<u8>> {
        let authentic = self.parse(token)?.authenticate()?;
        authentic.claims(now, &mut Ignore)?;
        authentic.payload()
    }

    /// Keeps the header of a good token. Where somebody else holds the place, nothing is kept.
    fn remember(&self, header: &[u8], key: usize) {
        if let Ok(mut last) = self.last_header.try_lock() {
            *last = Some((header.into(), key));
        }
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("keys", &self.keys)
            .field("expectations", &self.expectations)
            .finish_non_exhaustive()
    }
}

/// A token of the right form. Nothing in it is to be believed yet.
#[derive(Debug)]
pub struct Parsed<'v, 't> {
    verifier: &'v Verifier,
    parts: Parts<'t>,
    candidates: Candidates,
    has_last_header: bool,
    /// Where the verifier remembers tokens: the token's hash, and whether it knows it.
    memory: Option<(Hash, bool)>,
}

impl<'v, 't> Parsed<'v, 't> {
    /// Whether verifying the signature takes tens of microseconds.
    #[must_use]
    pub fn is_slow(&self) -> bool {
        self.is_asymmetric() && !self.is_known()
    }

    fn is_asymmetric(&self) -> bool {
        self.verifier.keys.is_asymmetric(&self.candidates)
    }

    fn is_known(&self) -> bool {
        matches!(self.memory, Some((_, true)))
    }

    /// Verifies the signature.
    ///
    /// # Errors
    ///
    /// [`Error::TokenSignature`] if none of the keys made it, [`Error::MalformedToken`] if it is
    /// not strict base64url.
    pub fn authenticate(self) -> Result<Authentic<'v, 't>> {
        let is_known = self.is_known();
        let Self { verifier, parts, candidates, has_last_header, memory } = self;
        if is_known {
            return Ok(Authentic { verifier, parts });
        }
        let key = verifier.keys.verify(&candidates, parts.message, parts.signature)?;
        if let (Some(known), Some((hash, _))) = (&verifier.known, memory) {
            known.remember(hash);
        }
        if !has_last_header && matches!(candidates, Candidates::One(_)) {
            verifier.remember(parts.header, key);
        }
        Ok(Authentic { verifier, parts })
    }
}

/// A token that one of the keys signed. Whether it is valid now and here is not known yet.
#[derive(Debug)]
pub struct Authentic<'v, 't> {
    verifier: &'v Verifier,
    parts: Parts<'t>,
}

impl<'t> Authentic<'_, 't> {
    /// Reads the claims, tells `visitor` of them, and checks them at the time `now`, in seconds
    /// since the epoch. What the visitor was told counts only if this succeeds.
    ///
    /// # Errors
    ///
    /// [`Error::MalformedToken`] if the payload is not a JSON object in strict base64url; what
    /// the claims are refused for; the visitor's own error.
    pub fn claims<V: Visitor>(
        &self,
        now: f64,
        visitor: &mut V,
    ) -> core::result::Result<(), V::Error> {
        let payload = self.payload()?;
        let mut visitors =
            (TopLevel::new(Claims::new(&self.verifier.expectations)), Relay(visitor));
        match json::read(&payload, &mut visitors) {
            Ok(()) => Ok(visitors.0.into_inner().check(now)?),
            Err(Failure::Ours(error)) => Err(header::malformed(error).into()),
            Err(Failure::Visitor(error)) => Err(error),
        }
    }

    /// The payload's bytes.
    ///
    /// # Errors
    ///
    /// [`Error::MalformedToken`] if it is not strict base64url.
    pub fn payload(&self) -> Result<Vec<u8>> {
        self.parts.payload()
    }

    /// The first part of the token, as it came.
    #[must_use]
    pub const fn header(&self) -> &'t [u8] {
        self.parts.header
    }
}

/// Passes events on and keeps the visitor's errors apart from ours.
struct Relay<'a, V>(&'a mut V);

enum Failure<E> {
    Ours(Error),
    Visitor(E),
}

impl<E> From<Error> for Failure<E> {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

impl<V: Visitor> Visitor for Relay<'_, V> {
    type Error = Failure<V::Error>;

    const COUNTS_KEYS: bool = V::COUNTS_KEYS;

    #[inline]
    fn event(&mut self, event: Event<'_>) -> core::result::Result<(), Self::Error> {
        self.0.event(event).map_err(Failure::Visitor)
    }

    #[inline]
    fn distinct_keys(&self) -> usize {
        self.0.distinct_keys()
    }
}

struct Ignore;

impl Visitor for Ignore {
    type Error = Error;

    fn event(&mut self, _: Event<'_>) -> Result<()> {
        Ok(())
    }
}
