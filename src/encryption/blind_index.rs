//! Blind indexes: what a column of ciphertexts is searched by.
//!
//! An index is the front of an HMAC-SHA256 (RFC 2104) of a value: equal values have equal indexes,
//! and without the key nobody can tell of which. It shows which rows are equal and how often a
//! value occurs; a shorter index shows less of that and finds rows that must be decrypted to be
//! told apart.

use core::fmt;
use std::borrow::Cow;
use std::sync::Arc;

use super::derived::{Derived, Follower, PerKey};
use super::entry::{KeyInfo, KeyState};
use super::key::{Key, KeyId};
use super::mac::{self, MacKey};
use super::shared::Shared;
use super::subkey::{self, Purpose};
use crate::{Error, Result, encoding};

/// Computes the index of values under the keys of one keyring.
#[derive(Debug)]
pub struct BlindIndex {
    keys: Follower<IndexKey>,
    bits: usize,
    normalizer: Normalizer,
}

impl BlindIndex {
    pub(super) fn new(keyring: Arc<Shared>, options: BlindIndexOptions<'_>) -> Result<Self> {
        if !(1..=MAX_BITS).contains(&options.bits) {
            return Err(Error::InvalidInput("an index has 1 to 256 bits"));
        }
        let scope = [options.context, options.name, options.normalizer.label(options.label)];
        let keys = Follower::new(keyring, Scope(scope.map(Into::into)))?;
        Ok(Self { keys, bits: options.bits, normalizer: options.normalizer })
    }

    /// The keys as they are now. Cheap; one serves for a batch.
    ///
    /// # Errors
    ///
    /// None that did not show when the index was made.
    pub fn session(&self) -> Result<IndexSession> {
        Ok(IndexSession { keys: self.keys.now()?, bits: self.bits })
    }

    /// The context, the index's name, and its normaliser's label.
    #[must_use]
    pub fn scope(&self) -> [&str; 3] {
        self.keys.scope().0.each_ref().map(|part| &**part)
    }

    /// The length of an index in bits.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.bits
    }

    /// The length of an index in characters.
    #[must_use]
    pub fn length(&self) -> usize {
        2 * self.bits.div_ceil(8)
    }

    /// What values are made alike by before their index is computed.
    #[must_use]
    pub fn normalizer(&self) -> Normalizer {
        self.normalizer
    }
}

/// What separates an index from every other.
#[derive(Clone, Copy, Debug)]
pub struct BlindIndexOptions<'a> {
    /// The column.
    pub context: &'a str,
    /// The index of the column.
    pub name: &'a str,
    /// The length of an index.
    pub bits: usize,
    /// What values are made alike by.
    pub normalizer: Normalizer,
    /// The label of a normaliser that is not one of ours.
    pub label: &'a str,
}

/// An index with its keyring's keys as they were at one moment.
#[derive(Debug)]
pub struct IndexSession {
    keys: Arc<Derived<IndexKey>>,
    bits: usize,
}

impl IndexSession {
    /// The index of a normalised value under the key that writes indexes, as lower-case
    /// hexadecimal text.
    ///
    /// # Errors
    ///
    /// [`Error::Keyring`] if no key writes indexes.
    pub fn compute(&self, value: &[u8]) -> Result<Index> {
        Ok(self.keys.primary()?.index(value, self.bits))
    }

    /// The index of a normalised value under the key of an id.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownKey`], [`Error::DisabledKey`] or [`Error::DestroyedKey`].
    pub fn compute_under(&self, id: KeyId, value: &[u8]) -> Result<Index> {
        Ok(self.keys.find(id.number())?.index(value, self.bits))
    }

    /// The indexes of a normalised value under every key in use, the one that writes first.
    pub fn variants(&self, value: &[u8]) -> impl Iterator<Item = Index> {
        self.keys.live().map(move |key| key.index(value, self.bits))
    }
}

/// An index as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Index {
    text: [u8; 2 * MAX_BITS / 8],
    length: usize,
}

impl Index {
    /// Lower-case hexadecimal digits, two for each eight bits that were begun.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Hexadecimal digits, and never more than there is room for.
        self.text.get(..self.length).and_then(|text| str::from_utf8(text).ok()).unwrap_or_default()
    }
}

/// What makes values alike that should be found by each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Normalizer {
    /// Lower case, as far as Unicode has it (`casefold`).
    Casefold,
    /// A function of the caller's.
    Custom,
    /// Decimal digits alone.
    Digits,
    /// Without white space around it, in lower case.
    Email,
    /// Values are taken as they are.
    None,
}

impl Normalizer {
    /// The normaliser of a name, or the one that a label is given for.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] if there is none of this name.
    pub fn from_options(name: Option<&str>, label: Option<&str>) -> Result<Self> {
        match name {
            None if label.is_some() => Ok(Self::Custom),
            None => Ok(Self::None),
            Some("casefold") => Ok(Self::Casefold),
            Some("digits") => Ok(Self::Digits),
            Some("email") => Ok(Self::Email),
            Some(_) => Err(Error::Configuration(
                "normalize is None, \"casefold\", \"digits\", \"email\" or a function",
            )),
        }
    }

    /// Its name and version, which take part in the key: a changed normaliser finds nothing by
    /// accident.
    fn label(self, custom: &str) -> &str {
        match self {
            Self::Casefold => "casefold/1",
            Self::Custom => custom,
            Self::Digits => "digits/1",
            Self::Email => "email/1",
            Self::None => "",
        }
    }

    /// The normalised text if this is possible without Unicode's tables, which Python has.
    #[must_use]
    pub fn normalize_ascii(self, text: &str) -> Option<Cow<'_, str>> {
        if self == Self::None {
            return Some(Cow::Borrowed(text));
        }
        if !text.is_ascii() {
            return None;
        }
        match self {
            Self::Casefold => Some(lower(text)),
            // What Python's str.strip() takes from ASCII text.
            Self::Email => Some(lower(text.trim_matches(
                |character| matches!(character, '\t'..='\r' | '\x1c'..='\x1f' | ' '),
            ))),
            Self::Digits => Some(text.chars().filter(char::is_ascii_digit).collect()),
            Self::Custom | Self::None => None,
        }
    }
}

fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

#[derive(Debug)]
struct Scope([Box<str>; 3]);

/// One key's HMAC.
struct IndexKey(MacKey);

impl IndexKey {
    fn index(&self, value: &[u8], bits: usize) -> Index {
        let mut bytes = self.0.mac(value);
        let length = bits.div_ceil(8);
        if let Some(last) = length.checked_sub(1).and_then(|last| bytes.get_mut(last)) {
            *last &= 0xFF << (8 * length - bits);
        }
        let mut text = [0; 2 * MAX_BITS / 8];
        encoding::hex_into(bytes.get(..length).unwrap_or(&bytes), &mut text);
        Index { text, length: 2 * length }
    }
}

impl PerKey for IndexKey {
    type Scope = Scope;

    fn state(key: &KeyInfo) -> KeyState {
        key.index_state
    }

    fn derive(key: &Key, Scope(scope): &Scope) -> Result<Self> {
        let [context, name, label] = scope.each_ref().map(|part| part.as_bytes());
        let sub_key = subkey::derive(key.material(), Purpose::Index, context, name, label)?;
        Ok(Self(MacKey::new(sub_key.expose())))
    }
}

impl fmt::Debug for IndexKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

/// Bits of an HMAC-SHA256.
pub const MAX_BITS: usize = 8 * mac::MAC;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_text_is_normalised_here() {
        for (normalizer, text, expected) in [
            (Normalizer::Casefold, " Ann ", Some(" ann ")),
            (Normalizer::Email, " \t\x1fAnn@Example.ORG\r\n", Some("ann@example.org")),
            (Normalizer::Digits, "+43 (1) 234-5", Some("4312345")),
            (Normalizer::None, "Größe", Some("Größe")),
            (Normalizer::Email, "größe@example.org", None),
            (Normalizer::Digits, "١", None),
            (Normalizer::Custom, "Ann", None),
        ] {
            assert_eq!(expected, normalizer.normalize_ascii(text).as_deref(), "{text:?}");
        }
    }
}
