//! jsonwebtoken's cryptography: prepared keys, lent for one call at a time.
//!
//! jsonwebtoken asks its process-wide `CryptoProvider` for a signer or a verifier with every call
//! and hands it the bytes of the key. Ours are no key but a handle: 16 bytes that are random for
//! each process and the key's serial number, which is never used again. Around the call, the key
//! that belongs to the handle is lent to the provider on the calling thread; the provider takes it
//! if handle and algorithm are those of the loan and refuses everything else. There is no table of
//! keys, so none outlives its owner, nothing waits for a lock that a fork may have left taken, and
//! bytes that merely look like a handle open nothing.

use core::cell::Cell;
use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use aws_lc_rs::digest;
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result as EngineResult, new_error};
use jsonwebtoken::jwk::ThumbprintHash;
use jsonwebtoken::signature::{self, Signer, Verifier};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, EncodingKey};

use super::prepared::Prepared;
use crate::{Error, Result, random};

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
        install()?;
        let handle = Handle::next()?;
        let (encoding, decoding) = match algorithm.family() {
            AlgorithmFamily::Hmac => {
                (EncodingKey::from_secret(&handle.0), DecodingKey::from_secret(&handle.0))
            }
            AlgorithmFamily::Rsa => {
                (EncodingKey::from_rsa_der(&handle.0), DecodingKey::from_rsa_der(&handle.0))
            }
            AlgorithmFamily::Ec => {
                (EncodingKey::from_ec_der(&handle.0), DecodingKey::from_ec_der(&handle.0))
            }
            AlgorithmFamily::Ed => {
                (EncodingKey::from_ed_der(&handle.0), DecodingKey::from_ed_der(&handle.0))
            }
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

/// What stands where jsonwebtoken expects the bytes of a key.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Handle([u8; 24]);

impl Handle {
    fn next() -> Result<Self> {
        static PROCESS: OnceLock<[u8; 16]> = OnceLock::new();
        static SERIAL: AtomicU64 = AtomicU64::new(0);

        let process = if let Some(process) = PROCESS.get() {
            process
        } else {
            let mut fresh = [0; 16];
            random::fill(&mut fresh)?;
            PROCESS.get_or_init(|| fresh)
        };
        let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
        let mut bytes = [0; 24];
        for (byte, source) in bytes.iter_mut().zip(process.iter().chain(&serial.to_le_bytes())) {
            *byte = *source;
        }
        Ok(Self(bytes))
    }
}

/// A key that the provider may take on this thread.
struct Loan {
    prepared: Arc<Prepared>,
    algorithm: Algorithm,
    handle: Handle,
}

impl Loan {
    fn grant(loan: Self) -> Returned {
        // While the thread's storage is being torn down nothing is lent, and the call is refused.
        let _ = LENT.try_with(|lent| lent.set(Some(loan)));
        Returned
    }

    /// Takes the loan, if there is one and it is for this handle and algorithm.
    fn take(algorithm: Algorithm, handle: &[u8]) -> EngineResult<Arc<Prepared>> {
        LENT.try_with(Cell::take)
            .ok()
            .flatten()
            .filter(|loan| loan.algorithm == algorithm && loan.handle.0 == handle)
            .map(|loan| loan.prepared)
            .ok_or_else(|| new_error(ErrorKind::InvalidKeyFormat))
    }
}

/// Ends a loan, also when a panic unwinds.
struct Returned;

impl Drop for Returned {
    fn drop(&mut self) {
        let _ = LENT.try_with(Cell::take);
    }
}

thread_local! {
    static LENT: Cell<Option<Loan>> = const { Cell::new(None) };
}

/// What jsonwebtoken signs and verifies with for the length of one call.
struct Borrowed {
    prepared: Arc<Prepared>,
    algorithm: Algorithm,
}

impl Signer<Vec<u8>> for Borrowed {
    fn try_sign(&self, message: &[u8]) -> core::result::Result<Vec<u8>, signature::Error> {
        let signature = self.prepared.sign(message).ok_or_else(signature::Error::new)?;
        Ok(signature.as_ref().to_vec())
    }
}

impl Verifier<Vec<u8>> for Borrowed {
    fn verify(
        &self,
        message: &[u8],
        signature: &Vec<u8>,
    ) -> core::result::Result<(), signature::Error> {
        if self.prepared.verifies(message, signature) {
            Ok(())
        } else {
            Err(signature::Error::new())
        }
    }
}

impl JwtSigner for Borrowed {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl JwtVerifier for Borrowed {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

/// Makes [`PROVIDER`] the process's. A provider that somebody installed before us is left alone
/// and an error, because it would take our handles for keys.
fn install() -> Result<()> {
    static OURS: OnceLock<bool> = OnceLock::new();
    if *OURS.get_or_init(|| PROVIDER.install_default().is_ok()) {
        Ok(())
    } else {
        Err(Error::Configuration("another crypto provider is installed in jsonwebtoken"))
    }
}

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| {
        let prepared = Loan::take(*algorithm, key.as_bytes())?;
        Ok(Box::new(Borrowed { prepared, algorithm: *algorithm }))
    },
    verifier_factory: |algorithm, key| {
        let prepared = Loan::take(*algorithm, key.try_get_as_bytes()?)?;
        Ok(Box::new(Borrowed { prepared, algorithm: *algorithm }))
    },
    // For jsonwebtoken's JWKs, which are not used here; its own stubs would panic.
    key_utils: KeyUtils {
        rsa_pub_components_from_private_key: |_| unsupported(),
        rsa_pub_components_from_public_key: |_| unsupported(),
        ec_pub_components_from_private_key: |_, _| unsupported(),
        ed_pub_components_from_private_key: |_, _| unsupported(),
        compute_digest: |data, hash| {
            let hash = match hash {
                ThumbprintHash::SHA256 => &digest::SHA256,
                ThumbprintHash::SHA384 => &digest::SHA384,
                ThumbprintHash::SHA512 => &digest::SHA512,
                _ => return unsupported(),
            };
            Ok(digest::digest(hash, data).as_ref().to_vec())
        },
    },
};

fn unsupported<T>() -> EngineResult<T> {
    Err(new_error(ErrorKind::UnsupportedAlgorithm))
}

const CANNOT_SIGN: Error = Error::InvalidKey("this key cannot sign");

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

    #[test]
    fn handles_are_never_used_twice() {
        let handles: Vec<[u8; 24]> = (0..100).map(|_| held().handle.0).collect();
        for (index, handle) in handles.iter().enumerate() {
            assert_eq!(handles[0][..16], handle[..16]);
            assert!(!handles[..index].contains(handle));
        }
    }

    #[test]
    fn jwk_functions_fail_without_a_panic() {
        let utils = &PROVIDER.key_utils;
        assert!((utils.rsa_pub_components_from_private_key)(b"").is_err());
        assert!((utils.rsa_pub_components_from_public_key)(b"").is_err());
        assert!((utils.ec_pub_components_from_private_key)(b"", Algorithm::ES256).is_err());
        assert_eq!(32, (utils.compute_digest)(b"", ThumbprintHash::SHA256).unwrap().len());
    }
}
