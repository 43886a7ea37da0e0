//! Hashing and verifying passwords.

use zeroize::Zeroizing;

use super::engine::{self, Inputs};
use super::limiter::Permit;
use super::params::Parameters;
use super::pepper::Peppers;
use super::phc::{self, Encoded};
use super::wrapped::Wrapped;
use crate::{Error, Result, constant_time, random};

/// Makes hashes with its parameters and tells which hashes were made with others.
#[derive(Debug)]
pub struct Hasher {
    parameters: Parameters,
    max_password_bytes: usize,
    peppers: Peppers,
}

impl Hasher {
    /// A hasher for passwords of at most `max_password_bytes`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if that is 0 or more than [`MAX_PASSWORD_BYTES`].
    pub fn new(
        parameters: Parameters,
        max_password_bytes: usize,
        peppers: Peppers,
    ) -> Result<Self> {
        if !(1..=MAX_PASSWORD_BYTES).contains(&max_password_bytes) {
            return Err(Error::InvalidInput("the max_password_bytes are 1 to 4194304"));
        }
        Ok(Self { parameters, max_password_bytes, peppers })
    }

    /// What its hashes cost: what to ask a [`super::Ticket`] for.
    #[must_use]
    pub const fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Whether a password and a salt are such as [`hash`](Self::hash) takes: to be asked before a
    /// turn is waited for.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if the password is too long; [`Error::HashParameters`] if the salt is
    /// too short or too long.
    pub fn check(&self, password: &[u8], salt: Option<&[u8]>) -> Result<()> {
        if let Some(salt) = salt {
            self.parameters.with_salt_len(salt.len())?;
        }
        self.check_password(password)
    }

    fn check_password(&self, password: &[u8]) -> Result<()> {
        if password.len() > self.max_password_bytes {
            return Err(Error::InvalidInput("the password is longer than max_password_bytes"));
        }
        Ok(())
    }

    /// The secrets that its hashes are made and verified with.
    #[must_use]
    pub const fn peppers(&self) -> &Peppers {
        &self.peppers
    }

    /// The encoded hash of a password, under a fresh salt unless one is given.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if the password is too long; [`Error::HashParameters`] if the salt is
    /// too short or too long; [`Error::HashMemory`]; [`Error::RandomnessUnavailable`].
    pub fn hash(&self, password: &[u8], salt: Option<&[u8]>, permit: &Permit) -> Result<String> {
        let mut fresh = [0; 64];
        let salt = if let Some(salt) = salt {
            salt
        } else {
            // `Parameters` has no salt longer than these 64 bytes.
            let (salt, _) = fresh.split_at_mut(self.parameters.salt_len as usize);
            random::fill(salt)?;
            salt
        };
        let parameters = self.parameters.with_salt_len(salt.len())?;
        self.check_password(password)?;
        let pepper = self.peppers.current();
        let secret = self.peppers.secret(pepper)?;
        let inputs = Inputs { password, salt, secret, associated_data: &[] };
        let tag = engine::hash(&inputs, &parameters, permit.threads())?;
        Ok(phc::format(&parameters, pepper, salt, &tag))
    }

    /// The tag alone, which is no hash to be stored: without salt and parameters it verifies
    /// nothing.
    ///
    /// # Errors
    ///
    /// As [`Self::hash`], but for the randomness.
    pub fn raw(&self, password: &[u8], salt: &[u8], permit: &Permit) -> Result<Zeroizing<Vec<u8>>> {
        self.check_password(password)?;
        let inputs = Inputs { password, salt, secret: &[], associated_data: &[] };
        engine::hash(&inputs, &self.parameters, permit.threads())
    }

    /// A well-formed hash that no password has: salt and tag are random. Verifying against it
    /// costs what verifying against a real one does.
    ///
    /// # Errors
    ///
    /// [`Error::RandomnessUnavailable`].
    pub fn dummy(&self) -> Result<String> {
        let mut salt = vec![0; self.parameters.salt_len as usize];
        let mut tag = vec![0; self.parameters.hash_len as usize];
        random::fill(&mut salt)?;
        random::fill(&mut tag)?;
        Ok(phc::format(&self.parameters, self.peppers.current(), &salt, &tag))
    }

    /// Whether `encoded` was made with other parameters or another pepper than this hasher's, or is
    /// a wrapped hash of an older scheme.
    ///
    /// # Errors
    ///
    /// As [`Encoded::parse`]; [`Error::UnknownPepper`].
    pub fn needs_rehash(&self, encoded: &[u8]) -> Result<bool> {
        if Wrapped::is_one(encoded) {
            return Wrapped::parse_for(encoded, &self.peppers).map(|_| true);
        }
        let Encoded { parameters, pepper, .. } = Encoded::parse(encoded)?;
        self.peppers.secret(pepper)?;
        Ok(parameters != self.parameters || pepper != self.peppers.current())
    }
}

impl Encoded {
    /// Takes an encoded hash apart that a password is to be verified against.
    ///
    /// # Errors
    ///
    /// As [`Encoded::parse`]; [`Error::SwappedArguments`] if the password is a hash and the hash is
    /// none; [`Error::UnknownPepper`], here already, so that nobody waits in vain.
    pub fn parse_for(encoded: &[u8], password: &[u8], peppers: &Peppers) -> Result<Self> {
        match Self::parse(encoded) {
            Err(Error::InvalidHash) if phc::swapped(encoded, password) => {
                Err(Error::SwappedArguments)
            }
            Err(error) => Err(error),
            Ok(parsed) => peppers.secret(parsed.pepper).map(|_| parsed),
        }
    }

    /// Succeeds if `password` is what the hash was made from. The tags are compared in constant
    /// time.
    ///
    /// # Errors
    ///
    /// [`Error::VerifyMismatch`] if it is not, or is longer than [`MAX_PASSWORD_BYTES`];
    /// [`Error::UnknownPepper`]; [`Error::HashMemory`].
    pub fn verify(&self, password: &[u8], peppers: &Peppers, permit: &Permit) -> Result<()> {
        let secret = peppers.secret(self.pepper)?;
        if password.len() > MAX_PASSWORD_BYTES {
            return Err(Error::VerifyMismatch);
        }
        let inputs = Inputs { password, salt: &self.salt, secret, associated_data: &[] };
        let tag = engine::hash(&inputs, &self.parameters, permit.threads())?;
        if constant_time::equal(&tag, &self.tag) { Ok(()) } else { Err(Error::VerifyMismatch) }
    }
}

/// The longest password that verifying looks at, 4 MiB: longer than a framework takes in a form,
/// and a matter of milliseconds, since argon2 reads the password once. Other software may have
/// hashed passwords that are longer than those a [`Hasher`] takes.
pub const MAX_PASSWORD_BYTES: usize = 4 << 20;

#[cfg(test)]
mod tests {
    use super::super::{PepperId, Ticket, Type, Version};
    use super::*;
    use crate::secret::Secret;

    fn permit() -> Permit {
        Ticket::for_thread(&hasher().parameters).unwrap().block(|| false).unwrap()
    }

    fn hash(password: &[u8], salt: Option<&[u8]>) -> Result<String> {
        hasher().hash(password, salt, &permit())
    }

    fn verify(encoded: &[u8], password: &[u8]) -> Result<()> {
        verify_with(&Peppers::NONE, encoded, password)
    }

    fn verify_with(peppers: &Peppers, encoded: &[u8], password: &[u8]) -> Result<()> {
        Encoded::parse_for(encoded, password, peppers)?.verify(password, peppers, &permit())
    }

    fn hasher() -> Hasher {
        peppered(&[])
    }

    /// A hasher with peppers of these ids, whose secrets are the ids repeated.
    fn peppered(ids: &[&str]) -> Hasher {
        let parameters = Parameters::new(Type::Id, Version::V0x13, [8, 1, 1], [16, 8]).unwrap();
        let entry = |id: &&str| {
            (PepperId::new(id.as_bytes()).unwrap(), Secret::new(id.repeat(16).into_bytes()))
        };
        let peppers = Peppers::new(ids.iter().map(entry).collect(), true).unwrap();
        Hasher::new(parameters, 4096, peppers).unwrap()
    }

    #[test]
    fn a_password_verifies_and_another_does_not() {
        let encoded = hash(b"correct", None).unwrap();

        assert_eq!(Ok(()), verify(encoded.as_bytes(), b"correct"));
        for wrong in [&b"Correct"[..], b"correct\0", b"", b"correct horse"] {
            assert_eq!(Err(Error::VerifyMismatch), verify(encoded.as_bytes(), wrong));
        }
        assert_eq!(
            Err(Error::VerifyMismatch),
            verify(encoded.as_bytes(), &vec![b'a'; MAX_PASSWORD_BYTES + 1])
        );
    }

    #[test]
    fn salts_differ() {
        assert_ne!(hash(b"password", None), hash(b"password", None));
    }

    #[test]
    fn a_given_salt_is_used() {
        let encoded = hash(b"password", Some(b"0123456789")).unwrap();

        assert!(encoded.contains("$MDEyMzQ1Njc4OQ$"));
        assert_eq!(Ok(()), verify(encoded.as_bytes(), b"password"));
        for length in [0, 7, 65] {
            let refused = hash(b"password", Some(&vec![0; length]));
            assert!(matches!(refused, Err(Error::HashParameters(_))), "{length}");
        }
    }

    #[test]
    fn the_raw_tag_is_the_one_in_the_hash() {
        let salt = b"0123456789abcdef";
        let tag = hasher().raw(b"password", salt, &permit()).unwrap();
        let encoded = hash(b"password", Some(salt)).unwrap();

        assert_eq!(Encoded::parse(encoded.as_bytes()).unwrap().tag, *tag);
        assert!(matches!(
            hasher().raw(b"password", &[0; 7], &permit()),
            Err(Error::HashParameters(_))
        ));
        assert!(matches!(
            hasher().raw(&[b'a'; 4097], salt, &permit()),
            Err(Error::InvalidInput(_))
        ));
    }

    #[test]
    fn long_passwords_are_refused_when_new() {
        assert!(hash(&[b'a'; 4096], None).is_ok());
        assert!(matches!(hash(&[b'a'; 4097], None), Err(Error::InvalidInput(_))));
        for limit in [0, MAX_PASSWORD_BYTES + 1] {
            assert!(Hasher::new(hasher().parameters, limit, Peppers::NONE).is_err());
        }
    }

    #[test]
    fn other_parameters_need_a_rehash() {
        let encoded = hash(b"password", None).unwrap();

        assert_eq!(Ok(false), hasher().needs_rehash(encoded.as_bytes()));
        for (from, to) in [("m=8", "m=9"), ("t=1", "t=2"), ("argon2id", "argon2i"), ("=19", "=16")]
        {
            let other = encoded.replace(from, to);
            assert_eq!(Ok(true), hasher().needs_rehash(other.as_bytes()), "{to}");
        }
        assert_eq!(Err(Error::InvalidHash), hasher().needs_rehash(b"!"));
    }

    #[test]
    fn a_peppered_hash_wants_its_pepper() {
        let old = peppered(&["old"]);
        let ring = peppered(&["new", "old"]);
        let encoded = old.hash(b"password", None, &permit()).unwrap();

        assert!(encoded.contains(",keyid=b2xk$"), "{encoded}");
        for hasher in [&old, &ring] {
            let verify = |password| verify_with(hasher.peppers(), encoded.as_bytes(), password);
            assert_eq!(Ok(()), verify(b"password"));
            assert_eq!(Err(Error::VerifyMismatch), verify(b"Password"));
        }
        assert_eq!(Ok(false), old.needs_rehash(encoded.as_bytes()));
        assert_eq!(Ok(true), ring.needs_rehash(encoded.as_bytes()));
        for without in [hasher(), peppered(&["other"])] {
            let refused = verify_with(without.peppers(), encoded.as_bytes(), b"password");
            assert_eq!(Err(Error::UnknownPepper), refused);
            assert_eq!(Err(Error::UnknownPepper), without.needs_rehash(encoded.as_bytes()));
        }
        // Taking the name of the pepper away takes the pepper away, and nothing matches.
        let nameless = encoded.replace(",keyid=b2xk", "");
        let refused = verify_with(old.peppers(), nameless.as_bytes(), b"password");
        assert_eq!(Err(Error::VerifyMismatch), refused);
    }

    #[test]
    fn an_unpeppered_hash_verifies_and_is_to_be_peppered() {
        let encoded = hash(b"password", None).unwrap();
        let ring = peppered(&["new"]);

        assert_eq!(Ok(()), verify_with(ring.peppers(), encoded.as_bytes(), b"password"));
        assert_eq!(Ok(true), ring.needs_rehash(encoded.as_bytes()));
        assert!(ring.dummy().unwrap().contains(",keyid=bmV3$"));
    }

    #[test]
    fn swapped_arguments_are_an_error_of_their_own() {
        let encoded = hash(b"password", None).unwrap();

        assert_eq!(Err(Error::SwappedArguments), verify(b"password", encoded.as_bytes()));
        assert_eq!(Err(Error::InvalidHash), verify(b"password", b"password"));
    }
}
