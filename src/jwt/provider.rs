//! jsonwebtoken's cryptography: [prepared keys](super::prepared), [lent](super::loan) to it.
//!
//! jsonwebtoken asks its process-wide `CryptoProvider` for a signer or a verifier with every call
//! and hands it the bytes of the key. Ours are none; the provider takes the key that is lent for
//! just this call and refuses everything else.

use std::sync::{Arc, OnceLock};

use aws_lc_rs::digest;
use jsonwebtoken::Algorithm;
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result as EngineResult, new_error};
use jsonwebtoken::jwk::ThumbprintHash;
use jsonwebtoken::signature::{self, Signer, Verifier};

use super::loan::Loan;
use super::prepared::Prepared;
use crate::{Error, Result};

/// Makes [`PROVIDER`] the process's. A provider that somebody installed before us is left alone
/// and an error, because it would take our handles for keys.
pub(super) fn install() -> Result<()> {
    static OURS: OnceLock<bool> = OnceLock::new();
    if *OURS.get_or_init(|| PROVIDER.install_default().is_ok()) {
        Ok(())
    } else {
        Err(Error::Configuration("another crypto provider is installed in jsonwebtoken"))
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jwk_functions_fail_without_a_panic() {
        let utils = &PROVIDER.key_utils;
        assert!((utils.rsa_pub_components_from_private_key)(b"").is_err());
        assert!((utils.rsa_pub_components_from_public_key)(b"").is_err());
        assert!((utils.ec_pub_components_from_private_key)(b"", Algorithm::ES256).is_err());
        assert_eq!(32, (utils.compute_digest)(b"", ThumbprintHash::SHA256).unwrap().len());
    }
}
