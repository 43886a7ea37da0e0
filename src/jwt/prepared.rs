//! Keys in the form the primitive wants: parsed once, used many times.
//!
//! jsonwebtoken's own back ends parse the key again with every call, which makes RSA signing take
//! twice as long as the primitive (measured 2026-11 with aws-lc-rs 1.19).

use core::fmt;

use aws_lc_rs::encoding::{AsBigEndian, AsDer};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    self, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _, ParsedPublicKey,
    RsaEncoding, RsaKeyPair, VerificationAlgorithm,
};
use aws_lc_rs::{hmac, rsa};
use zeroize::Zeroizing;

use super::algorithm::{Algorithm, Family};
use super::container::{PrivateDer, PublicBytes};
use crate::{Error, Result};

/// A key that aws-lc-rs has parsed. AWS-LC wipes its memory when it is dropped.
pub(super) enum Prepared {
    /// Boxed: its three hash states take 1.2 kB.
    Hmac(Box<hmac::Key>),
    Private(KeyPair),
    Public(ParsedPublicKey),
}

/// Both halves of an asymmetric key.
pub(super) enum KeyPair {
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
    Rsa(RsaKeyPair, &'static dyn RsaEncoding),
}

impl Prepared {
    pub(super) fn hmac(algorithm: Algorithm, secret: &[u8]) -> Result<Self> {
        let digest = match algorithm {
            Algorithm::HS256 => hmac::HMAC_SHA256,
            Algorithm::HS384 => hmac::HMAC_SHA384,
            Algorithm::HS512 => hmac::HMAC_SHA512,
            _ => return Err(NO_SECRET),
        };
        Ok(Self::Hmac(Box::new(hmac::Key::new(digest, secret))))
    }

    /// Parses a private key; AWS-LC checks that its parts belong together.
    pub(super) fn private(algorithm: Algorithm, key: &PrivateDer) -> Result<Self> {
        let pair = match (algorithm.family(), key) {
            (Family::Hmac, _) => return Err(NO_SECRET),
            (Family::Rsa, PrivateDer::Pkcs8(der)) => rsa(algorithm, RsaKeyPair::from_pkcs8(der)),
            (Family::Rsa, PrivateDer::Pkcs1(der)) => rsa(algorithm, RsaKeyPair::from_der(der)),
            (Family::Ec, PrivateDer::Pkcs8(der)) => {
                EcdsaKeyPair::from_pkcs8(curve(algorithm)?, der).ok().map(KeyPair::Ec)
            }
            (Family::Ec, PrivateDer::Sec1(der)) => {
                EcdsaKeyPair::from_private_key_der(curve(algorithm)?, der).ok().map(KeyPair::Ec)
            }
            (Family::Ed, PrivateDer::Pkcs8(der)) => {
                Ed25519KeyPair::from_pkcs8(der).ok().map(KeyPair::Ed)
            }
            (Family::Rsa | Family::Ec | Family::Ed, _) => None,
        };
        pair.map(Self::Private).ok_or(UNUSABLE)
    }

    /// A private number and its point on the algorithm's curve, which must belong together.
    pub(super) fn ec_pair(
        algorithm: Algorithm,
        private: &[u8],
        public: &PublicBytes,
    ) -> Result<Self> {
        let public = public.as_bytes();
        EcdsaKeyPair::from_private_key_and_public_key(curve(algorithm)?, private, public)
            .map(|pair| Self::Private(KeyPair::Ec(pair)))
            .map_err(|_| UNUSABLE)
    }

    /// A seed of Ed25519 and its public key, which must belong together.
    pub(super) fn ed_pair(seed: &[u8], public: &[u8]) -> Result<Self> {
        Ed25519KeyPair::from_seed_and_public_key(seed, public)
            .map(|pair| Self::Private(KeyPair::Ed(pair)))
            .map_err(|_| UNUSABLE)
    }

    /// Makes a new key pair.
    pub(super) fn generate(algorithm: Algorithm) -> Result<Self> {
        let pair = match algorithm.family() {
            Family::Hmac => return Err(NO_SECRET),
            Family::Rsa => rsa(algorithm, rsa::KeyPair::generate(RSA_SIZE)),
            Family::Ec => EcdsaKeyPair::generate(curve(algorithm)?).ok().map(KeyPair::Ec),
            Family::Ed => Ed25519KeyPair::generate().ok().map(KeyPair::Ed),
        };
        pair.map(Self::Private).ok_or(Error::RandomnessUnavailable)
    }

    pub(super) fn public(algorithm: Algorithm, key: &PublicBytes) -> Result<Self> {
        let verification: &'static dyn VerificationAlgorithm = match algorithm {
            Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512 => return Err(NO_SECRET),
            Algorithm::RS256 => &signature::RSA_PKCS1_2048_8192_SHA256,
            Algorithm::RS384 => &signature::RSA_PKCS1_2048_8192_SHA384,
            Algorithm::RS512 => &signature::RSA_PKCS1_2048_8192_SHA512,
            Algorithm::PS256 => &signature::RSA_PSS_2048_8192_SHA256,
            Algorithm::PS384 => &signature::RSA_PSS_2048_8192_SHA384,
            Algorithm::PS512 => &signature::RSA_PSS_2048_8192_SHA512,
            Algorithm::ES256 => &signature::ECDSA_P256_SHA256_FIXED,
            Algorithm::ES384 => &signature::ECDSA_P384_SHA384_FIXED,
            Algorithm::ES512 => &signature::ECDSA_P521_SHA512_FIXED,
            Algorithm::ES256K => &signature::ECDSA_P256K1_SHA256_FIXED,
            Algorithm::EdDSA | Algorithm::Ed25519 => &signature::ED25519,
        };
        ParsedPublicKey::new(verification, key.as_bytes()).map(Self::Public).map_err(|_| UNUSABLE)
    }

    /// The public half of a key pair.
    pub(super) fn public_half(&self) -> Result<PublicBytes> {
        match self {
            Self::Private(KeyPair::Ec(pair)) => Ok(PublicBytes::point(pair.public_key())),
            Self::Private(KeyPair::Ed(pair)) => Ok(PublicBytes::point(pair.public_key())),
            Self::Private(KeyPair::Rsa(pair, _)) => PublicBytes::rsa(pair.public_key()),
            Self::Hmac(_) | Self::Public(_) => Err(NO_PAIR),
        }
    }

    /// What is private: the number or seed in as many bytes as a JWK has, for RSA a PKCS#8
    /// document.
    pub(super) fn private_bytes(&self) -> Result<Zeroizing<Vec<u8>>> {
        let Self::Private(pair) = self else { return Err(NOT_PRIVATE) };
        let copy = |bytes: &[u8]| Zeroizing::new(bytes.to_vec());
        match pair {
            KeyPair::Ec(pair) => pair.private_key().as_be_bytes().map(|bytes| copy(bytes.as_ref())),
            KeyPair::Ed(pair) => {
                pair.seed().and_then(|seed| Ok(copy(AsBigEndian::as_be_bytes(&seed)?.as_ref())))
            }
            KeyPair::Rsa(pair, _) => pair.as_der().map(|der| copy(der.as_ref())),
        }
        .map_err(|_| UNUSABLE)
    }

    /// Signs a message; `None` if this is no key to sign with, or the primitive fails.
    pub(super) fn sign(&self, message: &[u8]) -> Option<Signature> {
        match self {
            Self::Hmac(key) => Some(Signature::Mac(hmac::sign(key, message))),
            Self::Private(KeyPair::Ec(pair)) => {
                Some(Signature::new(&pair.sign(&SystemRandom::new(), message).ok()?))
            }
            Self::Private(KeyPair::Ed(pair)) => Some(Signature::new(&pair.try_sign(message).ok()?)),
            Self::Private(KeyPair::Rsa(pair, encoding)) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(*encoding, &SystemRandom::new(), message, &mut signature).ok()?;
                Some(Signature::Other(signature))
            }
            Self::Public(_) => None,
        }
    }

    /// Whether `signature` is the message's. Always false for a private key, which has a
    /// [public half](Self::public_half) for that. The comparison of MACs takes constant time.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Hmac(key) => hmac::verify(key, message, signature).is_ok(),
            Self::Private(_) => false,
            Self::Public(key) => key.verify_sig(message, signature).is_ok(),
        }
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

/// The bytes of a signature.
pub(super) enum Signature {
    Mac(hmac::Tag),
    /// Apart, and also for curves: aws-lc-rs keeps room for an RSA signature with each of theirs,
    /// and moving that about took 5 % of the time of a token with a MAC.
    Other(Vec<u8>),
}

impl Signature {
    fn new(signature: &signature::Signature) -> Self {
        Self::Other(signature.as_ref().to_vec())
    }
}

impl AsRef<[u8]> for Signature {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Mac(tag) => tag.as_ref(),
            Self::Other(signature) => signature,
        }
    }
}

fn rsa<E>(algorithm: Algorithm, pair: core::result::Result<RsaKeyPair, E>) -> Option<KeyPair> {
    let encoding: &'static dyn RsaEncoding = match algorithm {
        Algorithm::RS256 => &signature::RSA_PKCS1_SHA256,
        Algorithm::RS384 => &signature::RSA_PKCS1_SHA384,
        Algorithm::RS512 => &signature::RSA_PKCS1_SHA512,
        Algorithm::PS256 => &signature::RSA_PSS_SHA256,
        Algorithm::PS384 => &signature::RSA_PSS_SHA384,
        Algorithm::PS512 => &signature::RSA_PSS_SHA512,
        _ => return None,
    };
    pair.ok().map(|pair| KeyPair::Rsa(pair, encoding))
}

fn curve(algorithm: Algorithm) -> Result<&'static EcdsaSigningAlgorithm> {
    match algorithm {
        Algorithm::ES256 => Ok(&signature::ECDSA_P256_SHA256_FIXED_SIGNING),
        Algorithm::ES384 => Ok(&signature::ECDSA_P384_SHA384_FIXED_SIGNING),
        Algorithm::ES512 => Ok(&signature::ECDSA_P521_SHA512_FIXED_SIGNING),
        Algorithm::ES256K => Ok(&signature::ECDSA_P256K1_SHA256_FIXED_SIGNING),
        _ => Err(UNUSABLE),
    }
}

/// 128 bits of strength, as BSI TR-02102 and ANSSI ask for; RFC 7518 allows 2048 bits.
const RSA_SIZE: rsa::KeySize = rsa::KeySize::Rsa3072;
pub(super) const CANNOT_SIGN: Error = Error::InvalidKey("this key cannot sign");
const NO_SECRET: Error = Error::InvalidKey("a shared secret is for HS256, HS384 and HS512 alone");
const NOT_PRIVATE: Error = Error::InvalidKey("only a private key has private members");
const NO_PAIR: Error = Error::InvalidKey("only a private key has a public half to take");
const UNUSABLE: Error = Error::InvalidKey("the key is malformed or not one for this algorithm");
