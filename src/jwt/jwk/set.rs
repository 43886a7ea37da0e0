//! JWK sets (RFC 7517, section 5).

use std::sync::Arc;

use super::Jwk;
use crate::jwt::algorithm::{Algorithm, Family};
use crate::jwt::key_set::KeySet;
use crate::{Error, Result};

impl KeySet {
    /// The keys of a JWK set that verify with one of `allowed` algorithms. A JWK without `alg` gets
    /// the first of them that is for its type and curve; keys for other algorithms, of other types
    /// or for another use are left out, as section 5 asks, whatever else is wrong with them.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidKey`] if no algorithm is allowed, or the text is no JWK set; for more than
    /// 512 KiB or 100 keys; for a private key, or a secret where no HMAC algorithm is allowed: what
    /// is in a set is known to others; for a malformed or weak key; and as [`KeySet::new`].
    pub fn from_jwks(text: &[u8], allowed: &[Algorithm]) -> Result<Self> {
        if allowed.is_empty() {
            return Err(Error::InvalidKey("name the algorithms that keys of the set may be for"));
        }
        let mut keys = Vec::new();
        for jwk in Jwk::read_set(text)? {
            jwk.check_is_publishable(allowed)?;
            let Some(algorithm) = jwk.first_of(allowed) else { continue };
            let jwk = jwk.faultless()?;
            let key = if algorithm.is_asymmetric() {
                jwk.public(Some(algorithm))
            } else {
                jwk.secret(Some(algorithm))
            };
            keys.push(Arc::new(key?));
        }
        if keys.is_empty() {
            return Err(Error::InvalidKey("the JWK set has no key for any of these algorithms"));
        }
        Self::new(keys)
    }

    /// A JWK set of the public keys.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidKey`] if one of the keys is a shared secret.
    pub fn to_jwks(&self) -> Result<String> {
        let keys = self.keys().map(|key| key.to_jwk()).collect::<Result<Vec<_>>>()?;
        Ok(format!(r#"{{"keys":[{}]}}"#, keys.join(",")))
    }
}

impl Jwk {
    fn check_is_publishable(&self, allowed: &[Algorithm]) -> Result<()> {
        let is_secret = self.kty.as_deref() == Some("oct");
        if is_secret && !allowed.iter().any(|algorithm| algorithm.family() == Family::Hmac) {
            return Err(Error::InvalidKey("the JWK set holds a shared secret"));
        }
        if !is_secret && self.is_private() {
            return Err(Error::InvalidKey(
                "the JWK set holds a private key: publish its public half",
            ));
        }
        Ok(())
    }

    fn first_of(&self, allowed: &[Algorithm]) -> Option<Algorithm> {
        let fits = |algorithm: &&Algorithm| {
            self.is_for(**algorithm)
                && self.alg.as_deref().is_none_or(|alg| alg == algorithm.name())
                && self.allows(&["verify"])
        };
        allowed.iter().find(fits).copied()
    }
}
