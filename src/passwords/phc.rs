//! Encoded hashes: `$argon2id$v=19$m=65536,t=3,p=4$<salt>$<tag>`, where the pepper's id, if there
//! is one, stands in base64 behind the costs: `p=4,keyid=MjAyNQ`.
//!
//! The reader is strict: each hash has exactly one text. Parameters stand in the order of the
//! reference implementation, numbers have no leading zero, and the base64 has no padding and no
//! loose bits. The version may be absent, which means 16.

use base64_simd::STANDARD_NO_PAD;

use super::params::{Parameters, Type, Version};
use super::pepper::PepperId;
use crate::{Error, Result};

/// An encoded argon2 hash, taken apart.
///
/// The tag is what an attacker guesses passwords against, so there is no `Debug`.
#[expect(missing_debug_implementations, reason = "the tag is not to be printed")]
pub struct Encoded {
    /// What was asked for, within the bounds.
    pub parameters: Parameters,
    /// Which pepper went into it.
    pub pepper: Option<PepperId>,
    /// The salt.
    pub salt: Vec<u8>,
    /// The tag, which verifying computes again.
    pub tag: Vec<u8>,
}

impl Encoded {
    /// Takes an encoded hash apart.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidHash`] if it is malformed; [`Error::HashParameters`] if it is well-formed and
    /// asks for more than [`Parameters::new`] allows.
    pub fn parse(text: &[u8]) -> Result<Self> {
        if text.len() > MAX_LENGTH {
            return Err(Error::InvalidHash);
        }
        let mut fields = text.split(|byte| *byte == b'$');
        let mut field = || fields.next().ok_or(Error::InvalidHash);
        if !field()?.is_empty() {
            return Err(Error::InvalidHash);
        }
        let kind = Type::from_name(field()?).ok_or(Error::InvalidHash)?;
        let mut costs = field()?;
        let mut version = Version::V0x10;
        if let Some(number) = costs.strip_prefix(b"v=") {
            let number = decimal(number).ok_or(Error::InvalidHash)?;
            version = Version::from_number(number).map_err(|_| Error::InvalidHash)?;
            costs = field()?;
        }
        let (costs, pepper) = self::costs(costs)?;
        let salt = decode(field()?)?;
        let tag = decode(field()?)?;
        if fields.next().is_some() {
            return Err(Error::InvalidHash);
        }
        let lengths = [&salt, &tag].map(|bytes| u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        let [salt_len, hash_len] = lengths;
        if salt_len < MIN_SALT || hash_len < MIN_TAG {
            // Too short is a cut-off hash, and no request for too much.
            return Err(Error::InvalidHash);
        }
        let parameters = Parameters::new(kind, version, costs, [hash_len, salt_len])?;
        Ok(Self { parameters, pepper, salt, tag })
    }

    /// The text of the hash: the one it was read from, with the version in any case.
    #[must_use]
    pub fn text(&self) -> String {
        format(&self.parameters, self.pepper, &self.salt, &self.tag)
    }
}

/// The text of a hash, always with its version.
#[must_use]
pub(super) fn format(
    parameters: &Parameters,
    pepper: Option<PepperId>,
    salt: &[u8],
    tag: &[u8],
) -> String {
    let pepper = pepper.map_or_else(String::new, |id| {
        format!("{KEY_ID}{}", STANDARD_NO_PAD.encode_to_string(id.as_bytes()))
    });
    format!(
        "${}$v={}$m={},t={},p={}{pepper}${}${}",
        parameters.kind.name(),
        parameters.version.number(),
        parameters.memory_cost,
        parameters.time_cost,
        parameters.parallelism,
        STANDARD_NO_PAD.encode_to_string(salt),
        STANDARD_NO_PAD.encode_to_string(tag),
    )
}

/// Whether the arguments of a verification seem to have changed places: the password is a
/// well-formed hash and the hash is nothing like one.
///
/// A hash that is empty or begins with `!` or `*` is none of a password's: it is how user tables
/// mark accounts without one, and what is typed into a login form must not make an error of it.
pub(super) fn swapped(encoded: &[u8], password: &[u8]) -> bool {
    !matches!(encoded.first(), None | Some(b'!' | b'*' | b'$'))
        && !matches!(Encoded::parse(password), Err(Error::InvalidHash))
}

/// `m=…,t=…,p=…`, in this order, and perhaps `keyid=…`.
fn costs(text: &[u8]) -> Result<([u32; 3], Option<PepperId>)> {
    let mut items = text.split(|byte| *byte == b',');
    let mut number = |name: &[u8]| {
        items
            .next()
            .and_then(|item| item.strip_prefix(name))
            .and_then(decimal)
            .ok_or(Error::InvalidHash)
    };
    let costs = [number(b"m=")?, number(b"t=")?, number(b"p=")?];
    let pepper = items.next().map(pepper).transpose()?;
    if items.next().is_some() { Err(Error::InvalidHash) } else { Ok((costs, pepper)) }
}

/// `keyid=…`.
fn pepper(item: &[u8]) -> Result<PepperId> {
    let id = item.strip_prefix(b"keyid=").ok_or(Error::InvalidHash)?;
    PepperId::new(&decode(id)?).map_err(|_| Error::InvalidHash)
}

/// A number without sign and leading zero; what does not fit is as large as it can be, and so out
/// of every bound.
fn decimal(digits: &[u8]) -> Option<u32> {
    let number = match digits {
        [b'0'] => 0,
        [b'1'..=b'9', rest @ ..] if rest.iter().all(u8::is_ascii_digit) => {
            let add = |number: u32, digit: &u8| {
                number.saturating_mul(10).saturating_add(u32::from(digit - b'0'))
            };
            digits.iter().fold(0, add)
        }
        _ => return None,
    };
    Some(number)
}

fn decode(text: &[u8]) -> Result<Vec<u8>> {
    STANDARD_NO_PAD.decode_to_vec(text).map_err(|_| Error::InvalidHash)
}

/// The longest encoded hash, in bytes.
const MAX_LENGTH: usize = 512;
const KEY_ID: &str = ",keyid=";
const MIN_SALT: u32 = 8;
const MIN_TAG: u32 = 4;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HASH: &str = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ\
                        $CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

    fn error(text: &str) -> Option<Error> {
        Encoded::parse(text.as_bytes()).err()
    }

    #[test]
    fn a_hash_is_read_and_written_the_same() {
        let encoded = Encoded::parse(HASH.as_bytes()).unwrap();

        assert_eq!(b"somesalt", encoded.salt.as_slice());
        assert_eq!(32, encoded.parameters.hash_len);
        assert_eq!(HASH, encoded.text());
    }

    #[test]
    fn the_id_of_the_pepper_stands_behind_the_costs() {
        for (id, text) in
            [(&b"a"[..], "YQ"), (b"2025", "MjAyNQ"), (b"12345678", "MTIzNDU2Nzg"), (b"?>~", "Pz5+")]
        {
            let hash = HASH.replace("p=1", &format!("p=1,keyid={text}"));
            let encoded = Encoded::parse(hash.as_bytes()).unwrap();

            assert_eq!(PepperId::new(id).ok(), encoded.pepper);
            assert_eq!(hash, encoded.text());
        }
        assert_eq!(None, Encoded::parse(HASH.as_bytes()).unwrap().pepper);
    }

    #[test]
    fn a_hash_without_version_is_of_version_16() {
        let encoded = Encoded::parse(HASH.replace("v=19$", "").as_bytes()).unwrap();

        assert_eq!(Version::V0x10, encoded.parameters.version);
    }

    #[test]
    fn the_longest_hash_fits() {
        let parameters =
            Parameters::new(Type::Id, Version::V0x13, [131_072, 64, 64], [256, 64]).unwrap();
        let pepper = PepperId::new(b"12345678").ok();
        let text = format(&parameters, pepper, &[255; 64], &[255; 256]);

        assert!(Encoded::parse(text.as_bytes()).is_ok(), "{}", text.len());
    }

    #[test]
    fn a_cut_off_hash_is_refused_or_is_too_short_a_tag() {
        // A tag that lost its last characters is a shorter tag; it never verifies.
        let shortest = HASH.rfind('$').unwrap() + 1 + 6;
        for end in 0..shortest {
            assert_eq!(Some(Error::InvalidHash), error(&HASH[..end]), "{end}");
        }
    }

    #[test]
    fn there_is_one_spelling() {
        for (from, to) in [
            ("$argon2id", "argon2id"),
            ("argon2id", "argon2"),
            ("argon2id", "Argon2id"),
            ("argon2id", "argon2x"),
            ("v=19", "v=18"),
            ("v=19", "v=019"),
            ("v=19", "v="),
            ("v=19", "v=19,v=19"),
            ("m=65536", "m=065536"),
            ("m=65536", "m=+65536"),
            ("m=65536", "m= 65536"),
            ("m=65536", "m="),
            ("m=65536", "m=0x10000"),
            ("m=65536,t=2", "t=2,m=65536"),
            (",p=1", ""),
            (",p=1", ",p=1,"),
            (",p=1", ",p=1,data=YQ"),
            (",p=1", ",p=1,keyid"),
            (",p=1", ",p=1,keyid="),
            (",p=1", ",p=1,keyid=YR"),
            (",p=1", ",p=1,keyid=YQ=="),
            (",p=1", ",p=1,keyid=YQ,keyid=YQ"),
            (",p=1", ",p=1,keyid=YQ,data=YQ"),
            (",p=1", ",p=1,keyid=Pz5-"),
            (",p=1", ",p=1,keyid=MTIzNDU2Nzg5"),
            (",p=1", ",p=1,keyid=/w"),
            (",p=1", ",keyid=YQ,p=1"),
            ("m=65536", "keyid=YQ,m=65536"),
            ("c29tZXNhbHQ", "c29tZXNhbHQ="),
            ("c29tZXNhbHQ", "c29tZXNhbHR"),
            ("c29tZXNhbHQ", "c29tZXNh\nbHQ"),
            ("c29tZXNhbHQ", "c2FsdA"),
            ("GRPPc", "GRPPd"),
            ("GRPPc", "GRPPc$"),
            ("GRPPc", "GRPPc\n"),
        ] {
            assert_eq!(Some(Error::InvalidHash), error(&HASH.replace(from, to)), "{from} {to}");
        }
        assert_eq!(Some(Error::InvalidHash), error(&format!("{HASH}{}", "A".repeat(512))));
    }

    #[test]
    fn what_asks_for_too_much_is_told_apart() {
        for (from, to) in [
            ("m=65536", "m=8388609"),
            ("m=65536", "m=99999999999999999999999999"),
            ("m=65536", "m=0"),
            ("t=2", "t=4294967296"),
            ("p=1", "p=65"),
        ] {
            let error = error(&HASH.replace(from, to));
            assert!(matches!(error, Some(Error::HashParameters(_))), "{to}");
        }
    }

    #[test]
    fn swapped_arguments_are_noticed() {
        assert!(swapped(b"password", HASH.as_bytes()));
        assert!(!swapped(b"password", b"another"));
        assert!(!swapped(HASH.as_bytes(), HASH.as_bytes()));
        for unusable in ["", "!", "!abc", "*", "$2b$12$"] {
            assert!(!swapped(unusable.as_bytes(), HASH.as_bytes()), "{unusable}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text: Vec<u8>) {
            let _ = Encoded::parse(&text);
        }

        /// Whatever is accepted is the one text of its hash.
        #[test]
        fn what_is_read_is_written_the_same(
            text in "\\$argon2(d|i|id)\\$v=(16|19)\\$m=[0-9]{1,4},t=[0-9]{1,2},p=[0-9]\
                     (,keyid=[A-Za-z0-9+/]{2,12})?\\$[A-Za-z0-9+/]{10,14}\\$[A-Za-z0-9+/]{5,9}"
        ) {
            if let Ok(encoded) = Encoded::parse(text.as_bytes()) {
                prop_assert_eq!(text, encoded.text());
            }
        }
    }
}
