//! Keys, each bound to one algorithm.

use core::fmt;

use zeroize::Zeroizing;

use super::algorithm::Algorithm;
use super::container::{PrivateDer, PublicBytes};
use super::engine::{Computed, Engine};
use super::jwk;
use super::material;
#[cfg(feature = "test-hooks")]
use super::prepared::CANNOT_SIGN;
use super::prepared::Prepared;
use crate::encoding::base64url;
use crate::secret::wipe_stack;
use crate::{Error, Result, random};

/// A key for one algorithm: a shared secret, a private key or a public key.
///
/// The algorithm belongs to the key and a token cannot choose it. A key is immutable, and its
/// material is wiped when it is dropped.
pub struct Key {
    algorithm: Algorithm,
    kid: Option<Box<str>>,
    engine: Engine,
    identity: Identity,
}

impl Key {
    /// A shared secret.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidKey`] if the algorithm is none of the HS family; if the secret is empty, or
    /// shorter than the hash's output (RFC 7518, section 3.2) and not `allow_weak`; if it is a key
    /// or a certificate of another kind; if `kid` is unusable.
    pub fn secret(
        secret: &[u8],
        algorithm: Algorithm,
        kid: Option<&str>,
        allow_weak: bool,
    ) -> Result<Self> {
        let (length, too_short) = secret_length(algorithm)?;
        if secret.is_empty() {
            return Err(Error::InvalidKey("a secret is not empty"));
        }
        if material::looks_like_another_key(secret) {
            return Err(Error::InvalidKey(
                "this is a key or a certificate of another kind and no HMAC secret",
            ));
        }
        if secret.len() < length && !allow_weak {
            return Err(Error::InvalidKey(too_short));
        }
        Self::shared(secret, algorithm, kid)
    }

    /// A new key: a random secret as long as the hash's output, or a new key pair (3072 bits for
    /// RSA).
    ///
    /// # Errors
    ///
    /// [`Error::RandomnessUnavailable`], and [`Error::InvalidKey`] if `kid` is unusable.
    pub fn generate(algorithm: Algorithm, kid: Option<&str>) -> Result<Self> {
        if algorithm.is_asymmetric() {
            return Self::pair(Prepared::generate(algorithm)?, algorithm, kid);
        }
        let mut secret = Zeroizing::new(vec![0; secret_length(algorithm)?.0]);
        random::fill(&mut secret)?;
        Self::shared(&secret, algorithm, kid)
    }

    /// A private key in PEM: PKCS#8, and PKCS#1 for RSA or SEC1 for elliptic curves. PKCS#8 may be
    /// encrypted; then, and only then, there is a password.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidKey`] if the text is not one private key for the algorithm, if the password
    /// is another or one too many, if an RSA key is weak, or if `kid` is unusable.
    pub fn private_from_pem(
        text: &[u8],
        algorithm: Algorithm,
        kid: Option<&str>,
        password: Option<&[u8]>,
    ) -> Result<Self> {
        let der = PrivateDer::from_pem(algorithm, text, password)?;
        Self::pair(Prepared::private(algorithm, &der)?, algorithm, kid)
    }

    /// A private key in PKCS#8 DER.
    ///
    /// # Errors
    ///
    /// As [`Key::private_from_pem`].
    pub fn private_from_der(
        der: &[u8],
        algorithm: Algorithm,
        kid: Option<&str>,
        password: Option<&[u8]>,
    ) -> Result<Self> {
        let der = PrivateDer::from_der(algorithm, der, password)?;
        Self::pair(Prepared::private(algorithm, &der)?, algorithm, kid)
    }

    /// A public key in PEM: SPKI, PKCS#1 for RSA, and an X.509 certificate.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidKey`] if the text is not one public key for the algorithm, if an RSA key is
    /// weak, or if `kid` is unusable.
    pub fn public_from_pem(text: &[u8], algorithm: Algorithm, kid: Option<&str>) -> Result<Self> {
        Self::public_half(PublicBytes::from_pem(algorithm, text)?, algorithm, kid)
    }

    /// A public key in SPKI DER.
    ///
    /// # Errors
    ///
    /// As [`Key::public_from_pem`].
    pub fn public_from_der(der: &[u8], algorithm: Algorithm, kid: Option<&str>) -> Result<Self> {
        Self::public_half(PublicBytes::from_spki(algorithm, der)?, algorithm, kid)
    }

    /// The public key of a private key, with the same algorithm and `kid`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidKey`] for a shared secret, which has none.
    pub fn public(&self) -> Result<Self> {
        match &self.identity {
            Identity::Public(public) => {
                Self::public_half(public.clone(), self.algorithm, self.kid())
            }
            Identity::Secret { .. } => Err(Error::InvalidKey("a secret has no public half")),
        }
    }

    /// The algorithm that this key is for.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The key's name in headers.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Whether this key can sign: everything but a public key.
    #[must_use]
    pub fn can_sign(&self) -> bool {
        !matches!(self.engine.prepared(), Prepared::Public(_))
    }

    /// Whether this key can verify: everything but a private key, whose public half does.
    #[must_use]
    pub fn can_verify(&self) -> bool {
        !matches!(self.engine.prepared(), Prepared::Private(_))
    }

    /// Signs a message; the signature is base64url text.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidKey`] for a public key.
    pub fn sign(&self, message: &[u8]) -> Result<String> {
        let mut text = String::new();
        self.signature(message)?.append_to(&mut text);
        Ok(text)
    }

    /// Signs a message, and returns it with a full stop and the signature behind it.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidKey`] for a public key.
    pub fn sign_token(&self, mut message: String) -> Result<String> {
        let signature = self.signature(message.as_bytes())?;
        message.push('.');
        signature.append_to(&mut message);
        Ok(message)
    }

    fn signature(&self, message: &[u8]) -> Result<Computed> {
        let signature = self.engine.sign(message);
        if self.algorithm.is_asymmetric() {
            // 16 KiB cost 0.2 µs; the quickest of these signatures takes 8 µs.
            wipe_stack();
        }
        signature
    }

    /// Verifies a message's signature in base64url text.
    ///
    /// # Errors
    ///
    /// [`Error::MalformedToken`] if the signature is not strict base64url,
    /// [`Error::TokenSignature`] if it is not the message's.
    pub fn verify(&self, message: &[u8], signature: &str) -> Result<()> {
        self.engine.verify(message, signature)
    }

    /// Signs with nothing around the primitive, to measure what the rest costs.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidKey`] for a public key.
    #[cfg(feature = "test-hooks")]
    pub fn sign_bare(&self, message: &[u8]) -> Result<Vec<u8>> {
        self.prepared()
            .sign(message)
            .map(|signature| signature.as_ref().to_vec())
            .ok_or(CANNOT_SIGN)
    }

    /// Verifies with nothing around the primitive.
    ///
    /// # Errors
    ///
    /// [`Error::TokenSignature`] if the signature is not the message's.
    #[cfg(feature = "test-hooks")]
    pub fn verify_bare(&self, message: &[u8], signature: &[u8]) -> Result<()> {
        if self.prepared().verifies(message, signature) {
            Ok(())
        } else {
            Err(Error::TokenSignature)
        }
    }

    pub(super) fn prepared(&self) -> &Prepared {
        self.engine.prepared()
    }

    /// The public half's bytes; `None` for a shared secret.
    pub(super) fn public_bytes(&self) -> Option<&[u8]> {
        match &self.identity {
            Identity::Public(public) => Some(public.as_bytes()),
            Identity::Secret { .. } => None,
        }
    }

    /// A shared secret's thumbprint; `None` for a key pair, whose thumbprint is anybody's to take.
    pub(super) fn secret_thumbprint(&self) -> Option<&[u8; 32]> {
        match &self.identity {
            Identity::Public(_) => None,
            Identity::Secret { thumbprint } => Some(thumbprint),
        }
    }

    fn shared(secret: &[u8], algorithm: Algorithm, kid: Option<&str>) -> Result<Self> {
        let thumbprint = jwk::secret_thumbprint(secret);
        // Every token would show it, and a weak secret could be found from it.
        if kid.is_some_and(|kid| kid == base64url(&thumbprint)) {
            return Err(Error::InvalidKey("a secret's thumbprint is no kid"));
        }
        let prepared = Prepared::hmac(algorithm, secret)?;
        Self::new(prepared, algorithm, kid, Identity::Secret { thumbprint })
    }

    pub(super) fn pair(
        prepared: Prepared,
        algorithm: Algorithm,
        kid: Option<&str>,
    ) -> Result<Self> {
        let public = prepared.public_half()?;
        let key = Self::new(prepared, algorithm, kid, Identity::Public(public));
        // What read or made the private half left parts of it behind.
        wipe_stack();
        key
    }

    pub(super) fn public_half(
        public: PublicBytes,
        algorithm: Algorithm,
        kid: Option<&str>,
    ) -> Result<Self> {
        let prepared = Prepared::public(algorithm, &public)?;
        Self::new(prepared, algorithm, kid, Identity::Public(public))
    }

    fn new(
        prepared: Prepared,
        algorithm: Algorithm,
        kid: Option<&str>,
        identity: Identity,
    ) -> Result<Self> {
        if kid.is_some_and(|kid| kid.is_empty() || kid.len() > MAX_KID) {
            return Err(Error::InvalidKey("a kid has 1 to 256 bytes"));
        }
        let engine = Engine::new(prepared, algorithm)?;
        Ok(Self { algorithm, kid: kid.map(Into::into), engine, identity })
    }
}

/// The libraries keep parts of a key on the stack of whoever calls them.
impl Drop for Key {
    fn drop(&mut self) {
        wipe_stack();
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key")
            .field("algorithm", &self.algorithm)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

/// What a key is known by.
enum Identity {
    /// The public half.
    Public(PublicBytes),
    /// A hash of the secret, which is not kept.
    Secret { thumbprint: [u8; 32] },
}

/// The least length of a secret, which is that of the hash's output, and what to say of a shorter
/// one.
fn secret_length(algorithm: Algorithm) -> Result<(usize, &'static str)> {
    match algorithm {
        Algorithm::HS256 => Ok((32, "an HS256 secret has at least 32 bytes")),
        Algorithm::HS384 => Ok((48, "an HS384 secret has at least 48 bytes")),
        Algorithm::HS512 => Ok((64, "an HS512 secret has at least 64 bytes")),
        _ => Err(Error::InvalidKey("a secret is for HS256, HS384 and HS512 alone")),
    }
}

/// How long a `kid` may be, in bytes.
pub(super) const MAX_KID: usize = 256;
