//! Values signed with the time of their signature.

use super::keys::{Keys, SEPARATOR, SIGNATURE_LENGTH};
use super::signer::check_length;
use super::{Kind, MAX_VALUE_LENGTH, MaxAge, Timestamp};
use crate::{Error, Result, encoding};

/// Signs values with a time and takes them back: `value.seconds.signature`.
#[derive(Debug)]
pub struct TimestampSigner {
    keys: Keys,
}

impl TimestampSigner {
    /// Derives a key from each secret, for `kind` and `salt`. The first signs, all verify.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] without any secret, or if one is shorter than
    /// [`super::MIN_SECRET_LENGTH`].
    pub fn new(kind: Kind, secrets: &[impl AsRef<[u8]>], salt: &[u8]) -> Result<Self> {
        Ok(Self { keys: Keys::derive(kind, secrets, salt)? })
    }

    /// The token of a value.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if the value is longer than [`MAX_VALUE_LENGTH`].
    pub fn sign(&self, value: &str, now: Timestamp) -> Result<String> {
        check_length(value.len())?;
        let mut token = String::with_capacity(value.len() + ENDING_LENGTH);
        token.push_str(value);
        Ok(self.finish(token, now))
    }

    /// The token of any bytes, whose value is their base64url text without padding.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if that text is longer than [`MAX_VALUE_LENGTH`].
    pub fn sign_bytes(&self, bytes: &[u8], now: Timestamp) -> Result<String> {
        // Before the length of the text is computed, which could overflow.
        check_length(bytes.len())?;
        let length = encoding::base64url_length(bytes.len());
        check_length(length)?;
        let mut token = String::with_capacity(length + ENDING_LENGTH);
        encoding::base64url_append(bytes, &mut token);
        Ok(self.finish(token, now))
    }

    /// The value of a token, and when it was signed.
    ///
    /// # Errors
    ///
    /// [`Error::BadSignature`] if none of the keys made the token, whatever else it may be. Only
    /// then is its time looked at: [`Error::SignatureExpired`] if it is older than `max_age`
    /// seconds, [`Error::SignatureInTheFuture`] if it lies more than a minute ahead.
    pub fn unsign<'token>(
        &self,
        token: &'token str,
        now: Timestamp,
        max_age: Option<MaxAge>,
    ) -> Result<(&'token str, Timestamp)> {
        if token.len() > MAX_VALUE_LENGTH + ENDING_LENGTH {
            return Err(Error::BadSignature);
        }
        let (value, time) = Timestamp::split_from(self.keys.verify(token)?)?;
        time.check(now, max_age)?;
        Ok((value, time))
    }

    /// The bytes of a token made by [`Self::sign_bytes`].
    ///
    /// # Errors
    ///
    /// As [`Self::unsign`]; [`Error::BadSignature`] also if the value is not base64url.
    pub fn unsign_bytes(
        &self,
        token: &str,
        now: Timestamp,
        max_age: Option<MaxAge>,
    ) -> Result<Vec<u8>> {
        let (value, _) = self.unsign(token, now, max_age)?;
        encoding::base64url_decode(value.as_bytes()).map_err(|_| Error::BadSignature)
    }

    fn finish(&self, mut token: String, now: Timestamp) -> String {
        token.push(SEPARATOR);
        token.push_str(itoa::Buffer::new().format(now.seconds()));
        self.keys.append_signature(&mut token);
        token
    }
}

/// Two separators, the twelve digits of the last time there is, and a signature.
const ENDING_LENGTH: usize = 1 + 12 + 1 + SIGNATURE_LENGTH;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_time_is_looked_at_after_the_signature() {
        let signer = signer();
        let token = signer.sign("v", at(100)).unwrap();
        let second = Some(MaxAge::new(1.0).unwrap());

        assert_eq!(Ok(("v", at(100))), signer.unsign(&token, at(101), second));
        assert_eq!(Err(Error::SignatureExpired(100)), signer.unsign(&token, at(102), second));
        assert_eq!(Err(Error::SignatureInTheFuture(100)), signer.unsign(&token, at(0), second));
        assert_eq!(Ok(("v", at(100))), signer.unsign(&token, at(102), None));

        let moved = token.replace(".100.", ".102.");
        assert_eq!(Err(Error::BadSignature), signer.unsign(&moved, at(102), second));
    }

    #[test]
    fn a_signed_value_without_a_time_is_none_of_ours() {
        let keys = Keys::derive(Kind::Timestamp, &[SECRET], b"salt").unwrap();
        for value in ["v", "v.", "v.07", "v.-1"] {
            let mut token = value.to_owned();
            keys.append_signature(&mut token);
            assert_eq!(Err(Error::BadSignature), signer().unsign(&token, at(0), None));
        }
    }

    proptest! {
        #[test]
        fn what_is_signed_is_unsigned(value: String, seconds in 0..=253_402_300_799_u64) {
            let token = signer().sign(&value, at(seconds)).unwrap();
            let unsigned = signer().unsign(&token, at(0), None);
            prop_assert_eq!(Ok((value.as_str(), at(seconds))), unsigned);
        }

        #[test]
        fn bytes_come_back(bytes: Vec<u8>) {
            let token = signer().sign_bytes(&bytes, at(7)).unwrap();
            prop_assert_eq!(Ok(bytes), signer().unsign_bytes(&token, at(7), None));
        }
    }

    const SECRET: &str = "a secret of at least sixteen bytes";

    fn signer() -> TimestampSigner {
        TimestampSigner::new(Kind::Timestamp, &[SECRET], b"salt").unwrap()
    }

    fn at(seconds: u64) -> Timestamp {
        Timestamp::new(seconds).unwrap()
    }
}
