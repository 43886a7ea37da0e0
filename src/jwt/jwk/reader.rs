//! From JSON text to the members of one JWK or of a set of them.

use zeroize::Zeroizing;

use super::{Jwk, Member};
use crate::encoding::base64url_decode;
use crate::json::{self, Event, Visitor};
use crate::{Error, Result};

impl Jwk {
    /// Reads one JWK.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidKey`] for text above 64 KiB, for what is no JSON object with distinct names,
    /// and for a member of the wrong type or in loose base64url.
    pub(in crate::jwt) fn read(text: &[u8]) -> Result<Self> {
        let mut keys = read(text, MAX_KEY_TEXT, &mut Reader::new(ONE))?;
        keys.pop().ok_or(NOT_A_JWK)?.faultless()
    }

    /// Reads a JWK set (RFC 7517, section 5) of at most 100 keys. What is wrong with a member of one
    /// of them is that key's [fault](Self::faultless): it may be of a type that nobody here knows.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidKey`] as above, above 512 KiB, and from the 101st key on.
    pub(super) fn read_set(text: &[u8]) -> Result<Vec<Self>> {
        let mut reader = Reader::new(SET);
        let keys = read(text, MAX_SET_TEXT, &mut reader)?;
        if reader.has_keys { Ok(keys) } else { Err(NOT_A_SET) }
    }
}

fn read(text: &[u8], max_length: usize, reader: &mut Reader) -> Result<Vec<Jwk>> {
    if text.len() > max_length {
        return Err(Error::InvalidKey("the JWK or JWK set is longer than allowed"));
    }
    json::read(text, reader).map_err(|error| match error {
        Error::InvalidJson { reason, .. } => Error::InvalidKey(reason),
        other => other,
    })?;
    Ok(core::mem::take(&mut reader.keys))
}

/// Listens to JSON for JWKs at one depth.
struct Reader {
    /// How many arrays and objects a JWK's members stand in.
    level: usize,
    depth: usize,
    /// In a set: whether its member `keys` is being read, and whether it has been.
    in_keys: bool,
    has_keys: bool,
    member: Option<Name>,
    keys: Vec<Jwk>,
}

impl Reader {
    const fn new(level: usize) -> Self {
        let in_keys = level == ONE;
        Self { level, depth: 0, in_keys, has_keys: false, member: None, keys: Vec::new() }
    }

    fn key(&mut self, key: &str) {
        if self.depth == self.level {
            self.member = Name::of(key);
        } else if self.depth == 1 {
            self.in_keys = key == "keys";
            self.has_keys |= self.in_keys;
        }
    }

    /// The beginning of a value.
    fn value(&mut self, value: Event<'_>) -> Result<()> {
        if !self.in_keys {
            return Ok(());
        }
        // Where a set's `keys` is an array, and where a JWK is an object.
        let is_expected = match (self.level, self.depth) {
            (SET, 0) => value == Event::BeginObject,
            (SET, 1) => value == Event::BeginArray,
            (level, depth) if depth + 1 == level => value == Event::BeginObject,
            _ => true,
        };
        if !is_expected {
            return Err(if self.level == SET { NOT_A_SET } else { NOT_A_JWK });
        }
        if self.depth + 1 == self.level {
            if self.keys.len() == MAX_KEYS {
                return Err(Error::InvalidKey("a JWK set has at most 100 keys"));
            }
            self.keys.push(Jwk::default());
        }
        let (Some(name), Some(jwk)) = (self.member, self.keys.last_mut()) else { return Ok(()) };
        let read = match self.depth.checked_sub(self.level) {
            Some(0) => jwk.member(name, value),
            Some(1) => jwk.element(name, value),
            _ => Ok(()),
        };
        jwk.fault = jwk.fault.take().or(read.err());
        Ok(())
    }
}

impl Visitor for Reader {
    type Error = Error;

    fn event(&mut self, event: Event<'_>) -> Result<()> {
        match event {
            Event::Key(key) => self.key(key),
            Event::EndArray(_) | Event::EndObject(_) => self.depth = self.depth.saturating_sub(1),
            Event::BeginArray | Event::BeginObject => {
                self.value(event)?;
                self.depth += 1;
            }
            _ => self.value(event)?,
        }
        Ok(())
    }
}

impl Jwk {
    /// The key, if each of its members has the right type and form.
    pub(super) fn faultless(mut self) -> Result<Self> {
        self.fault.take().map_or(Ok(self), Err)
    }

    fn member(&mut self, name: Name, value: Event<'_>) -> Result<()> {
        match (name, value) {
            (Name::Text(name), Event::String(text)) => *name(self) = Some(text.into()),
            (Name::Octets(name), Event::String(text)) => {
                let octets = base64url_decode(text.as_bytes());
                // A private member that cannot be read is there nevertheless.
                *name(self) = Some(Zeroizing::new(octets.clone().unwrap_or_default()));
                octets.map_err(|_| {
                    Error::InvalidKey("a JWK's member is not base64url without padding")
                })?;
            }
            (Name::Octets(name), _) => {
                *name(self) = Some(Zeroizing::default());
                return Err(WRONG_TYPE);
            }
            (Name::Operations, Event::BeginArray) => self.key_ops = Some(Vec::new()),
            (Name::OtherPrimes, _) => self.has_other_primes = true,
            _ => return Err(WRONG_TYPE),
        }
        Ok(())
    }

    fn element(&mut self, name: Name, value: Event<'_>) -> Result<()> {
        match (name, value, &mut self.key_ops) {
            (Name::Operations, Event::String(operation), Some(operations)) => {
                operations.push(operation.into());
                Ok(())
            }
            (Name::OtherPrimes, ..) => Ok(()),
            _ => Err(WRONG_TYPE),
        }
    }
}

/// A member that is looked at, by where it is kept.
#[derive(Clone, Copy)]
enum Name {
    Octets(fn(&mut Jwk) -> &mut Member),
    Operations,
    OtherPrimes,
    Text(fn(&mut Jwk) -> &mut Option<Box<str>>),
}

impl Name {
    /// RFC 7517, section 4; RFC 7518, section 6; RFC 8037, section 2.
    fn of(key: &str) -> Option<Self> {
        Some(match key {
            "alg" => Self::Text(|jwk| &mut jwk.alg),
            "crv" => Self::Text(|jwk| &mut jwk.crv),
            "kid" => Self::Text(|jwk| &mut jwk.kid),
            "kty" => Self::Text(|jwk| &mut jwk.kty),
            "use" => Self::Text(|jwk| &mut jwk.usage),
            "key_ops" => Self::Operations,
            "oth" => Self::OtherPrimes,
            "d" => Self::Octets(|jwk| &mut jwk.octets.d),
            "dp" => Self::Octets(|jwk| &mut jwk.octets.dp),
            "dq" => Self::Octets(|jwk| &mut jwk.octets.dq),
            "e" => Self::Octets(|jwk| &mut jwk.octets.e),
            "k" => Self::Octets(|jwk| &mut jwk.octets.k),
            "n" => Self::Octets(|jwk| &mut jwk.octets.n),
            "p" => Self::Octets(|jwk| &mut jwk.octets.p),
            "q" => Self::Octets(|jwk| &mut jwk.octets.q),
            "qi" => Self::Octets(|jwk| &mut jwk.octets.qi),
            "x" => Self::Octets(|jwk| &mut jwk.octets.x),
            "y" => Self::Octets(|jwk| &mut jwk.octets.y),
            _ => return None,
        })
    }
}

/// The depth of the members of one JWK, and of those of the JWKs of a set.
const ONE: usize = 1;
const SET: usize = 3;

/// More than an RSA key of 8192 bits with its certificates takes.
const MAX_KEY_TEXT: usize = 64 * 1024;
const MAX_SET_TEXT: usize = 512 * 1024;
const MAX_KEYS: usize = 100;

const NOT_A_JWK: Error = Error::InvalidKey("a JWK is a JSON object");
const NOT_A_SET: Error = Error::InvalidKey("a JWK set is a JSON object with an array of keys");
const WRONG_TYPE: Error = Error::InvalidKey("a JWK's member has the wrong type");
