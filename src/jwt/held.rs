//! Keys that jsonwebtoken signs and verifies with.

use core::fmt;
use std::sync::Arc;

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, EncodingKey};

use super::loan::{Handle, Loan};
use super::prepared::{CANNOT_SIGN, Prepared};
use super::provider;
use crate::{Error, Result};

/// A prepared key that jsonwebtoken can be called with.
pub(super) struct Held {
    prepared: Arc<Prepared>,
    algorithm: Algorithm,
    handle: Handle,
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl Held {
    /// Gives a key its handle.
    pub(super) fn new(prepared: Prepared, algorithm: Algorithm) -> Result<Self> {
        provider::install()?;
        let handle = Handle::next()?;
        let (encoding, decoding) = match algorithm.family() {
            AlgorithmFamily::Hmac => (
                EncodingKey::from_secret(handle.as_bytes()),
                DecodingKey::from_secret(handle.as_bytes()),
            ),
            AlgorithmFamily::Rsa => (
                EncodingKey::from_rsa_der(handle.as_bytes()),
                DecodingKey::from_rsa_der(handle.as_bytes()),
            ),
            AlgorithmFamily::Ec => (
                EncodingKey::from_ec_der(handle.as_bytes()),
                DecodingKey::from_ec_der(handle.as_bytes()),
            ),
            AlgorithmFamily::Ed => (
                EncodingKey::from_ed_der(handle.as_bytes()),
                DecodingKey::from_ed_der(handle.as_bytes()),
            ),
        };
        Ok(Self { prepared: Arc::new(prepared), algorithm, handle, encoding, decoding })
    }

    pub(super) fn prepared(&self) -> &Prepared {
        &self.prepared
    }

    /// Signs, and returns the signature as base64url text.
    pub(super) fn sign(&self, message: &[u8]) -> Result<String> {
        self.lend(|| jsonwebtoken::crypto::sign(message, &self.encoding, self.algorithm))
            .map_err(|_| CANNOT_SIGN)
    }

    /// Verifies a signature in base64url text.
    pub(super) fn verify(&self, message: &[u8], signature: &str) -> Result<()> {
        let verdict = self.lend(|| {
            jsonwebtoken::crypto::verify(signature, message, &self.decoding, self.algorithm)
        });
        match verdict {
            Ok(true) => Ok(()),
            Err(error) if matches!(error.kind(), ErrorKind::Base64(_)) => {
                Err(Error::MalformedToken("the signature is not base64url without padding"))
            }
            Ok(false) | Err(_) => Err(Error::TokenSignature),
        }
    }

    /// Runs `call` while the provider may take this key, once.
    fn lend<T>(&self, call: impl FnOnce() -> T) -> T {
        let _returned = Loan::grant(Loan {
            prepared: Arc::clone(&self.prepared),
            algorithm: self.algorithm,
            handle: self.handle,
        });
        call()
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Held").field(&self.algorithm).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::crypto::{sign, verify};
    use jsonwebtoken::{Header, Validation, decode, encode};
    use serde_json::{Value, json};

    use super::*;
    use crate::jwt::Algorithm as Ours;

    fn held() -> Held {
        Held::new(Prepared::hmac(Ours::HS256, &[7; 32]).unwrap(), Algorithm::HS256).unwrap()
    }

    #[test]
    fn a_lent_key_signs_and_verifies() {
        let key = held();
        let signature = key.sign(b"message").unwrap();
        assert_eq!(Ok(()), key.verify(b"message", &signature));
        assert_eq!(Err(Error::TokenSignature), key.verify(b"massage", &signature));
        assert!(matches!(key.verify(b"message", "="), Err(Error::MalformedToken(_))));
    }

    #[test]
    fn a_live_handle_is_refused_outside_its_loan() {
        let key = held();
        assert!(sign(b"message", &key.encoding, Algorithm::HS256).is_err());
        let signature = key.sign(b"message").unwrap();
        assert!(verify(&signature, b"message", &key.decoding, Algorithm::HS256).is_err());
    }

    #[test]
    fn a_loan_is_good_for_one_call() {
        let key = held();
        let twice = key.lend(|| {
            [
                sign(b"message", &key.encoding, Algorithm::HS256).is_ok(),
                sign(b"message", &key.encoding, Algorithm::HS256).is_ok(),
            ]
        });
        assert_eq!([true, false], twice);
    }

    #[test]
    fn a_stale_handle_is_refused() {
        let stale = held().encoding.clone();
        let key = held();
        assert!(key.lend(|| sign(b"message", &stale, Algorithm::HS256)).is_err());
    }

    #[test]
    fn another_algorithm_is_refused() {
        let key = held();
        assert!(key.lend(|| sign(b"message", &key.encoding, Algorithm::HS384)).is_err());
        let signature = key.sign(b"message").unwrap();
        let verdict = key.lend(|| verify(&signature, b"message", &key.decoding, Algorithm::HS512));
        assert!(verdict.is_err());
    }

    /// Nothing falls through to cryptography with the bytes themselves.
    #[test]
    fn key_bytes_are_refused() {
        let key = held();
        let secret = EncodingKey::from_secret(&[7; 32]);
        assert!(key.lend(|| encode(&Header::default(), &json!({}), &secret)).is_err());
        let token = "e30.e30.e30";
        let secret = DecodingKey::from_secret(&[7; 32]);
        let verdict = key.lend(|| decode::<Value>(token, &secret, &Validation::default()));
        assert!(verdict.is_err());
        let components = DecodingKey::from_rsa_raw_components(&[1; 256], &[1, 0, 1]);
        assert!(key.lend(|| verify("", b"", &components, Algorithm::RS256)).is_err());
    }

    #[test]
    fn a_dropped_key_is_freed() {
        let key = held();
        let weak = Arc::downgrade(&key.prepared);
        key.sign(b"message").unwrap();
        drop(key);
        assert_eq!(0, weak.strong_count());
    }

    #[test]
    fn a_panic_ends_the_loan() {
        let key = held();
        let result = std::panic::catch_unwind(core::panic::AssertUnwindSafe(|| {
            key.lend(|| panic!("on purpose"));
        }));
        assert!(result.is_err());
        assert_eq!(1, Arc::strong_count(&key.prepared));
    }
}
