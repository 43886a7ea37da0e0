//! Wrapped hashes: argon2 over the digest of an older scheme, for whoever cannot wait until every
//! user has logged in.
//!
//! `$argon2w$v=19$m=65536,t=3,p=4$<salt>$<tag>$<header>`, where the header is the old hash without
//! its digest: what is needed to compute the digest again from a password, and nothing to guess
//! passwords against. The digest is argon2id's password, and a hash of the header its associated
//! data, so that neither a wrapped hash nor its parts are a plain hash of anything: presenting a
//! stolen digest logs nobody in.

use sha2::{Digest as _, Sha256};

use super::engine::{self, Inputs};
use super::hasher::Hasher;
use super::limiter::Permit;
use super::params::{Type, Version};
use super::pepper::Peppers;
use super::phc::{self, Encoded};
use crate::{Error, Result, constant_time, random};

/// A wrapped hash, taken apart.
#[expect(missing_debug_implementations, reason = "the tag is not to be printed")]
pub struct Wrapped {
    /// Parameters, pepper, salt and tag of argon2.
    pub outer: Encoded,
    /// The old hash without its digest.
    pub header: String,
}

impl Wrapped {
    /// Whether a text claims to be a wrapped hash.
    #[must_use]
    pub fn is_one(text: &[u8]) -> bool {
        text.starts_with(PREFIX.as_bytes())
    }

    /// Takes a wrapped hash apart. What the header asks for is not looked at.
    ///
    /// # Errors
    ///
    /// As [`Encoded::parse`].
    pub fn parse(text: &[u8]) -> Result<Self> {
        let text = str::from_utf8(text).map_err(|_| Error::InvalidHash)?;
        let rest = text.strip_prefix(PREFIX).ok_or(Error::InvalidHash)?;
        // Version, costs, salt, tag, and whatever else there is.
        let (end, _) = rest.match_indices('$').nth(3).ok_or(Error::InvalidHash)?;
        let (outer, header) = rest.split_at_checked(end).ok_or(Error::InvalidHash)?;
        let header = header.strip_prefix('$').ok_or(Error::InvalidHash)?;
        if !outer.starts_with("v=19$") || header.is_empty() || header.len() > MAX_HEADER {
            return Err(Error::InvalidHash);
        }
        let outer = Encoded::parse(format!("{PLAIN}{outer}").as_bytes())?;
        Ok(Self { outer, header: header.to_owned() })
    }

    /// The same for verifying.
    ///
    /// # Errors
    ///
    /// As [`Encoded::parse`]; [`Error::UnknownPepper`].
    pub fn parse_for(text: &[u8], peppers: &Peppers) -> Result<Self> {
        let parsed = Self::parse(text)?;
        peppers.secret(parsed.outer.pepper)?;
        Ok(parsed)
    }

    /// Succeeds if `digest` is the one that was wrapped.
    ///
    /// # Errors
    ///
    /// [`Error::VerifyMismatch`] if it is not; [`Error::UnknownPepper`]; [`Error::HashMemory`].
    pub fn verify(&self, digest: &[u8], peppers: &Peppers, permit: &Permit) -> Result<()> {
        let outer = &self.outer;
        let inputs = Inputs {
            password: digest,
            salt: &outer.salt,
            secret: peppers.secret(outer.pepper)?,
            associated_data: &binding(&self.header),
        };
        let tag = engine::hash(&inputs, &outer.parameters, permit.threads())?;
        if constant_time::equal(&tag, &outer.tag) { Ok(()) } else { Err(Error::VerifyMismatch) }
    }
}

impl Hasher {
    /// Wraps the digest of an old hash, whose header is the rest of its text.
    ///
    /// # Errors
    ///
    /// [`Error::HashParameters`] if this hasher's hashes are not argon2id's of RFC 9106;
    /// [`Error::InvalidInput`] if the header is empty or too long; [`Error::HashMemory`];
    /// [`Error::RandomnessUnavailable`].
    pub fn wrap(&self, digest: &[u8], header: &str, permit: &Permit) -> Result<String> {
        let parameters = *self.parameters();
        if (parameters.kind, parameters.version) != (Type::Id, Version::V0x13) {
            return Err(Error::HashParameters("wrapping takes argon2id of version 19"));
        }
        if header.is_empty() || header.len() > MAX_HEADER {
            return Err(Error::InvalidInput("a header is 1 to 256 bytes long"));
        }
        let mut salt = vec![0; parameters.salt_len as usize];
        random::fill(&mut salt)?;
        let pepper = self.peppers().current();
        let inputs = Inputs {
            password: digest,
            salt: &salt,
            secret: self.peppers().secret(pepper)?,
            associated_data: &binding(header),
        };
        let tag = engine::hash(&inputs, &parameters, permit.threads())?;
        let plain = phc::format(&parameters, pepper, &salt, &tag);
        let outer = plain.strip_prefix(PLAIN).unwrap_or_default();
        Ok(format!("{PREFIX}{outer}${header}"))
    }
}

/// SHA-256 of lp(`hauberk/wrapped/v1`) lp(header), where lp(x) is x behind its length in four bytes,
/// big-endian: the associated data.
fn binding(header: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in [PURPOSE, header.as_bytes()] {
        // `MAX_HEADER` fits.
        hash.update(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// Not `argon2…` and a type: nobody takes a wrapped hash for a plain one.
const PREFIX: &str = "$argon2w$";
const PLAIN: &str = "$argon2id$";
const PURPOSE: &[u8] = b"hauberk/wrapped/v1";
const MAX_HEADER: usize = 256;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Parameters, Ticket};
    use super::*;

    const HEADER: &str = "pbkdf2_sha256$1000$seasalt";

    fn hasher(kind: Type) -> Hasher {
        let parameters = Parameters::new(kind, Version::V0x13, [8, 1, 1], [16, 8]).unwrap();
        Hasher::new(parameters, 4096, Peppers::default()).unwrap()
    }

    fn permit() -> Permit {
        Ticket::for_thread(hasher(Type::Id).parameters()).unwrap().block(|| false).unwrap()
    }

    fn wrapped() -> String {
        hasher(Type::Id).wrap(b"digest", HEADER, &permit()).unwrap()
    }

    fn verify(text: &str, digest: &[u8]) -> Result<()> {
        let peppers = Peppers::default();
        Wrapped::parse_for(text.as_bytes(), &peppers)?.verify(digest, &peppers, &permit())
    }

    #[test]
    fn the_digest_that_was_wrapped_verifies_under_its_header() {
        let text = wrapped();

        assert_eq!(HEADER, Wrapped::parse(text.as_bytes()).unwrap().header);
        assert_eq!(Ok(()), verify(&text, b"digest"));
        assert_eq!(Err(Error::VerifyMismatch), verify(&text, b"Digest"));
        let cheaper = text.replace("$1000$", "$1$");
        assert_eq!(Err(Error::VerifyMismatch), verify(&cheaper, b"digest"));
        assert_eq!(Ok(true), hasher(Type::Id).needs_rehash(text.as_bytes()));
    }

    /// Whoever stole the old table knows the digests. They are no passwords.
    #[test]
    fn no_part_of_it_is_a_plain_hash_of_the_digest() {
        let text = wrapped();
        let plain = text.replace(PREFIX, PLAIN).replace(&format!("${HEADER}"), "");

        assert_eq!(Some(Error::InvalidHash), Encoded::parse(text.as_bytes()).err());
        let parsed = Encoded::parse(plain.as_bytes()).unwrap();
        let verified = parsed.verify(b"digest", &Peppers::default(), &permit());
        assert_eq!(Err(Error::VerifyMismatch), verified);
        // Nor the other way round.
        let plain = hasher(Type::Id).hash(b"digest", None, &permit()).unwrap();
        let dressed = format!("{}${HEADER}", plain.replace(PLAIN, PREFIX));
        assert_eq!(Err(Error::VerifyMismatch), verify(&dressed, b"digest"));
    }

    #[test]
    fn only_argon2id_wraps() {
        for kind in [Type::D, Type::I] {
            let refused = hasher(kind).wrap(b"digest", HEADER, &permit());
            assert!(matches!(refused, Err(Error::HashParameters(_))));
        }
        for header in ["", &"a".repeat(257)] {
            let refused = hasher(Type::Id).wrap(b"digest", header, &permit());
            assert!(matches!(refused, Err(Error::InvalidInput(_))));
        }
    }

    #[test]
    fn what_is_malformed_is_refused() {
        let text = wrapped();
        for end in 0..text.len() - HEADER.len() {
            assert_eq!(Some(Error::InvalidHash), Wrapped::parse(&text.as_bytes()[..end]).err());
        }
        for (from, to) in
            [("argon2w", "argon2id"), ("v=19$", ""), ("v=19", "v=16"), ("m=8", "m=08")]
        {
            let text = text.replace(from, to);
            assert_eq!(Some(Error::InvalidHash), Wrapped::parse(text.as_bytes()).err(), "{to}");
        }
        let greedy = text.replace("m=8", "m=8388609");
        let refused = Wrapped::parse(greedy.as_bytes()).err();
        assert!(matches!(refused, Some(Error::HashParameters(_))));
    }

    proptest! {
        #[test]
        fn nothing_panics(text: Vec<u8>, rest in "\\$argon2w\\$v=19\\$.{0,40}") {
            let _ = Wrapped::parse(&text);
            let _ = Wrapped::parse(rest.as_bytes());
        }
    }
}
