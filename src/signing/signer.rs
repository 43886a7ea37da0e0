//! Values signed without a time.

use super::keys::{Keys, SIGNATURE_LENGTH};
use super::{Kind, MAX_VALUE_LENGTH};
use crate::{Error, Result};

/// Signs values and takes them back: `value.signature`.
#[derive(Debug)]
pub struct Signer {
    keys: Keys,
}

impl Signer {
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
    pub fn sign(&self, value: &str) -> Result<String> {
        check_length(value.len())?;
        let mut token = String::with_capacity(value.len() + 1 + SIGNATURE_LENGTH);
        token.push_str(value);
        self.keys.append_signature(&mut token);
        Ok(token)
    }

    /// The value of a token.
    ///
    /// # Errors
    ///
    /// [`Error::BadSignature`] if none of the keys made the token, whatever else it may be.
    pub fn unsign<'token>(&self, token: &'token str) -> Result<&'token str> {
        if token.len() > MAX_VALUE_LENGTH + 1 + SIGNATURE_LENGTH {
            return Err(Error::BadSignature);
        }
        self.keys.verify(token)
    }
}

/// Refuses what the other side would not take back.
pub(super) fn check_length(length: usize) -> Result<()> {
    if length > MAX_VALUE_LENGTH {
        return Err(Error::InvalidInput("a value to sign is at most 1 MiB long"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_first_key_signs_and_all_verify() {
        let [old, new] = ["o", "n"].map(|letter| letter.repeat(16));
        let before = signer(&[&old]).sign("v").unwrap();
        let after = signer(&[&new, &old]);

        assert_eq!(Ok("v"), after.unsign(&before));
        assert_eq!(signer(&[&new]).sign("v"), after.sign("v"));
        assert_eq!(Err(Error::BadSignature), signer(&[&new]).unsign(&before));
    }

    #[test]
    fn kinds_and_salts_are_worth_nothing_for_each_other() {
        let token = signer(&[SECRET]).sign("v").unwrap();
        let other_salt = Signer::new(Kind::Signer, &[SECRET], b"other").unwrap();
        assert_eq!(Err(Error::BadSignature), other_salt.unsign(&token));
        for kind in [Kind::Csrf, Kind::Device, Kind::Dumps, Kind::Session, Kind::Timestamp] {
            let other_kind = Signer::new(kind, &[SECRET], b"salt").unwrap();
            assert_eq!(Err(Error::BadSignature), other_kind.unsign(&token), "{kind:?}");
        }
    }

    #[test]
    fn weak_or_missing_keys_are_refused() {
        for secrets in [&[][..], &[""], &["123456789012345"], &[SECRET, "short"]] {
            let refused = Signer::new(Kind::Signer, secrets, b"salt");
            assert!(matches!(refused, Err(Error::InvalidInput(_))), "{secrets:?}");
        }
    }

    #[test]
    fn what_is_too_long_is_refused_on_both_sides() {
        let signer = signer(&[SECRET]);
        let longest = "x".repeat(MAX_VALUE_LENGTH);
        let token = signer.sign(&longest).unwrap();
        assert_eq!(Ok(longest.as_str()), signer.unsign(&token));

        let longer = longest + "x";
        assert!(matches!(signer.sign(&longer), Err(Error::InvalidInput(_))));
        assert_eq!(Err(Error::BadSignature), signer.unsign(&("x".to_owned() + &token)));
    }

    #[test]
    fn debug_shows_no_key() {
        let shown = format!("{:?}", signer(&[SECRET]));
        assert_eq!("Signer { keys: Keys { signing: Hmac { ... }, retired: [] } }", shown);
    }

    proptest! {
        #[test]
        fn what_is_signed_is_unsigned(value: String) {
            let signer = signer(&[SECRET]);
            let token = signer.sign(&value).unwrap();
            prop_assert_eq!(Ok(value.as_str()), signer.unsign(&token));
        }

        #[test]
        fn nothing_else_verifies(token: String) {
            prop_assert_eq!(Err(Error::BadSignature), signer(&[SECRET]).unsign(&token));
        }

        #[test]
        fn no_flipped_bit_and_no_truncation_verifies(value: String, bit in 0..8_u32) {
            let signer = signer(&[SECRET]);
            let token = signer.sign(&value).unwrap();
            for position in 0..token.len() {
                let mut flipped = token.clone().into_bytes();
                flipped[position] ^= 1 << bit;
                if let Ok(flipped) = String::from_utf8(flipped) {
                    prop_assert_eq!(Err(Error::BadSignature), signer.unsign(&flipped));
                }
                if let Some(truncated) = token.get(..position) {
                    prop_assert_eq!(Err(Error::BadSignature), signer.unsign(truncated));
                }
            }
        }
    }

    const SECRET: &str = "a secret of at least sixteen bytes";

    fn signer(secrets: &[&str]) -> Signer {
        Signer::new(Kind::Signer, secrets, b"salt").unwrap()
    }
}
