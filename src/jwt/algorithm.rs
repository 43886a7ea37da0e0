//! The signature algorithms, by the names that RFC 7518, 8037, 8812 and 9864 registered.

use core::fmt;
use core::str::FromStr;

use crate::{Error, Result};

/// What a key signs or verifies with. It belongs to the key: a token's `alg` is only compared.
///
/// `none` is not among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// HMAC with SHA-256.
    HS256,
    /// HMAC with SHA-384.
    HS384,
    /// HMAC with SHA-512.
    HS512,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RS256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    RS384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    RS512,
    /// RSASSA-PSS with SHA-256.
    PS256,
    /// RSASSA-PSS with SHA-384.
    PS384,
    /// RSASSA-PSS with SHA-512.
    PS512,
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// ECDSA on P-384 with SHA-384.
    ES384,
    /// ECDSA on P-521 with SHA-512.
    ES512,
    /// ECDSA on secp256k1 with SHA-256 (RFC 8812).
    ES256K,
    /// Ed25519 under the name of RFC 8037.
    EdDSA,
    /// Ed25519 under the name of RFC 9864.
    Ed25519,
}

impl Algorithm {
    /// Every algorithm, in the order of the registrations.
    pub const ALL: [Self; 15] = [
        Self::HS256,
        Self::HS384,
        Self::HS512,
        Self::RS256,
        Self::RS384,
        Self::RS512,
        Self::PS256,
        Self::PS384,
        Self::PS512,
        Self::ES256,
        Self::ES384,
        Self::ES512,
        Self::ES256K,
        Self::EdDSA,
        Self::Ed25519,
    ];

    /// The algorithms of these names, in their order.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidKey`] if there is none, or one is no algorithm.
    pub fn all_named(names: &[impl AsRef<str>]) -> Result<Vec<Self>> {
        if names.is_empty() {
            return Err(Error::InvalidKey("name the algorithms that keys may be for"));
        }
        names.iter().map(|name| name.as_ref().parse()).collect()
    }

    /// The name as it stands in a header's `alg`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HS256 => "HS256",
            Self::HS384 => "HS384",
            Self::HS512 => "HS512",
            Self::RS256 => "RS256",
            Self::RS384 => "RS384",
            Self::RS512 => "RS512",
            Self::PS256 => "PS256",
            Self::PS384 => "PS384",
            Self::PS512 => "PS512",
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
            Self::ES512 => "ES512",
            Self::ES256K => "ES256K",
            Self::EdDSA => "EdDSA",
            Self::Ed25519 => "Ed25519",
        }
    }

    /// The kind of key that it takes.
    #[must_use]
    pub const fn family(self) -> Family {
        match self {
            Self::HS256 | Self::HS384 | Self::HS512 => Family::Hmac,
            Self::RS256 | Self::RS384 | Self::RS512 | Self::PS256 | Self::PS384 | Self::PS512 => {
                Family::Rsa
            }
            Self::ES256 | Self::ES384 | Self::ES512 | Self::ES256K => Family::Ec,
            Self::EdDSA | Self::Ed25519 => Family::Ed,
        }
    }

    /// The curve that it signs on, by the name in a JWK's `crv`; `None` for RSA and HMAC.
    pub(super) const fn curve(self) -> Option<&'static str> {
        match self {
            Self::ES256 => Some("P-256"),
            Self::ES384 => Some("P-384"),
            Self::ES512 => Some("P-521"),
            Self::ES256K => Some("secp256k1"),
            Self::EdDSA | Self::Ed25519 => Some("Ed25519"),
            _ => None,
        }
    }

    /// Whether signing and verifying take different keys, and tens of microseconds.
    #[must_use]
    pub const fn is_asymmetric(self) -> bool {
        !matches!(self.family(), Family::Hmac)
    }

    /// jsonwebtoken's name for it; `None` for the two it does not know.
    pub(super) const fn engine(self) -> Option<jsonwebtoken::Algorithm> {
        use jsonwebtoken::Algorithm as Engine;
        Some(match self {
            Self::HS256 => Engine::HS256,
            Self::HS384 => Engine::HS384,
            Self::HS512 => Engine::HS512,
            Self::RS256 => Engine::RS256,
            Self::RS384 => Engine::RS384,
            Self::RS512 => Engine::RS512,
            Self::PS256 => Engine::PS256,
            Self::PS384 => Engine::PS384,
            Self::PS512 => Engine::PS512,
            Self::ES256 => Engine::ES256,
            Self::ES384 => Engine::ES384,
            Self::EdDSA | Self::Ed25519 => Engine::EdDSA,
            Self::ES512 | Self::ES256K => return None,
        })
    }
}

impl FromStr for Algorithm {
    type Err = Error;

    /// Exactly as registered: `hs256` is no algorithm (RFC 7515, section 4.1.1).
    fn from_str(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name).ok_or(Error::InvalidKey(
            "the algorithm is one of HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, \
             PS512, ES256, ES384, ES512, ES256K, EdDSA and Ed25519",
        ))
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The kinds of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// A shared secret.
    Hmac,
    /// An RSA key pair.
    Rsa,
    /// A key pair on one of the curves of the ES algorithms.
    Ec,
    /// An Ed25519 key pair.
    Ed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_exactly() {
        for algorithm in Algorithm::ALL {
            assert_eq!(Ok(algorithm), algorithm.name().parse());
        }
        for name in ["", "none", "None", "hs256", "HS256 ", "Ed448", "ES256k"] {
            assert!(name.parse::<Algorithm>().is_err(), "{name:?}");
        }
    }
}
