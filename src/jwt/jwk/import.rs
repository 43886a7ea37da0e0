//! From a JWK to a key (RFC 7518, section 6; RFC 8037, section 2).

use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use pkcs8::der::Encode;
use pkcs8::der::asn1::UintRef;
use zeroize::Zeroizing;

use super::{Jwk, Member, Octets};
use crate::jwt::algorithm::{Algorithm, Family};
use crate::jwt::container::{PrivateDer, PublicBytes};
use crate::jwt::key::Key;
use crate::jwt::prepared::Prepared;
use crate::{Error, Result};

impl Key {
    /// A shared secret from a JWK of type `oct`; `named` is the algorithm of one without `alg`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidKey`] if the JWK is not one for the algorithm or says that it is for
    /// something else, if neither says which algorithm, and as [`Key::secret`].
    pub fn secret_from_jwk(text: &[u8], named: Option<Algorithm>) -> Result<Self> {
        Jwk::read(text)?.secret(named)
    }

    /// A private key from a JWK, all members of which must belong together.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidKey`] as [`Key::secret_from_jwk`], for a public key, for an RSA key without
    /// its primes or with more than two, and for a weak one.
    pub fn private_from_jwk(text: &[u8], named: Option<Algorithm>) -> Result<Self> {
        Jwk::read(text)?.private(named)
    }

    /// A public key from a JWK.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidKey`] as [`Key::secret_from_jwk`], for a private key, and for a weak one.
    pub fn public_from_jwk(text: &[u8], named: Option<Algorithm>) -> Result<Self> {
        Jwk::read(text)?.public(named)
    }
}

impl Jwk {
    pub(super) fn secret(&self, named: Option<Algorithm>) -> Result<Key> {
        let algorithm = self.checked_algorithm(named, &["sign", "verify"])?;
        Key::secret(present(&self.octets.k)?, algorithm, self.kid.as_deref(), false)
    }

    fn private(&self, named: Option<Algorithm>) -> Result<Key> {
        let algorithm = self.checked_algorithm(named, &["sign"])?;
        if self.octets.d.is_none() {
            return Err(Error::InvalidKey(
                "this is a public key, and signing takes the private one",
            ));
        }
        let octets = &self.octets;
        let prepared = match algorithm.family() {
            Family::Hmac => return Err(NO_PAIR),
            Family::Rsa => Prepared::private(algorithm, &self.rsa_pair()?)?,
            Family::Ec => {
                let public = self.point(algorithm)?;
                let private = fixed(&octets.d, coordinate_length(algorithm))?;
                Prepared::ec_pair(algorithm, private, &public)?
            }
            Family::Ed => Prepared::ed_pair(
                fixed(&octets.d, coordinate_length(algorithm))?,
                fixed(&octets.x, coordinate_length(algorithm))?,
            )?,
        };
        Key::pair(prepared, algorithm, self.kid.as_deref())
    }

    pub(super) fn public(&self, named: Option<Algorithm>) -> Result<Key> {
        let algorithm = self.checked_algorithm(named, &["verify"])?;
        if self.is_private() {
            return Err(Error::InvalidKey(
                "this is a private key: keep it where tokens are signed, and take its public half",
            ));
        }
        let public = match algorithm.family() {
            Family::Hmac => return Err(NO_PAIR),
            Family::Rsa => self.rsa_public()?,
            Family::Ec => self.point(algorithm)?,
            Family::Ed => PublicBytes::ed25519(present(&self.octets.x)?)?,
        };
        Key::public_half(public, algorithm, self.kid.as_deref())
    }

    fn checked_algorithm(&self, named: Option<Algorithm>, uses: &[&str]) -> Result<Algorithm> {
        let algorithm = self.algorithm(named)?;
        if !self.is_for(algorithm) {
            return Err(Error::InvalidKey("the JWK's type or curve is not the algorithm's"));
        }
        if !self.allows(uses) {
            return Err(Error::InvalidKey("the JWK's use or key_ops is for something else"));
        }
        Ok(algorithm)
    }

    /// An uncompressed point (SEC 1, section 2.3.3); AWS-LC checks that it is on the curve.
    fn point(&self, algorithm: Algorithm) -> Result<PublicBytes> {
        let length = coordinate_length(algorithm);
        let (x, y) = (fixed(&self.octets.x, length)?, fixed(&self.octets.y, length)?);
        Ok(PublicBytes::point([&[4], x, y].concat()))
    }

    fn rsa_public(&self) -> Result<PublicBytes> {
        let key = RsaPublicKeyRef {
            modulus: integer(&self.octets.n)?,
            public_exponent: integer(&self.octets.e)?,
        };
        PublicBytes::rsa(key.to_der().map_err(|_| MALFORMED)?)
    }

    fn rsa_pair(&self) -> Result<PrivateDer> {
        if self.has_other_primes {
            return Err(Error::InvalidKey("an RSA key has two primes, and this JWK has more"));
        }
        let octets = &self.octets;
        let Octets { p, q, dp, dq, qi, .. } = octets;
        if [p, q, dp, dq, qi].into_iter().any(Option::is_none) {
            return Err(Error::InvalidKey(
                "a private RSA JWK has p, q, dp, dq and qi beside d: to write it with d alone is \
                 allowed (RFC 7518, section 6.3.2), but it is not read here",
            ));
        }
        let key = RsaPrivateKeyRef {
            modulus: integer(&octets.n)?,
            public_exponent: integer(&octets.e)?,
            private_exponent: integer(&octets.d)?,
            prime1: integer(&octets.p)?,
            prime2: integer(&octets.q)?,
            exponent1: integer(&octets.dp)?,
            exponent2: integer(&octets.dq)?,
            coefficient: integer(&octets.qi)?,
            other_prime_infos: None,
        };
        Ok(PrivateDer::Pkcs1(Zeroizing::new(key.to_der().map_err(|_| MALFORMED)?)))
    }
}

/// How many bytes a coordinate, and a private number, has in a JWK.
const fn coordinate_length(algorithm: Algorithm) -> usize {
    match algorithm {
        Algorithm::ES384 => 48,
        Algorithm::ES512 => 66,
        _ => 32,
    }
}

fn present(member: &Member) -> Result<&[u8]> {
    member.as_ref().map(|octets| octets.as_slice()).ok_or(MISSING)
}

/// A member of exactly that many bytes (RFC 7518, section 6.2.1.2).
fn fixed(member: &Member, length: usize) -> Result<&[u8]> {
    let octets = present(member)?;
    if octets.len() == length {
        Ok(octets)
    } else {
        Err(Error::InvalidKey("a JWK's coordinate or private number has another length"))
    }
}

/// A positive integer in as few bytes as possible (RFC 7518, section 2, `Base64urlUInt`).
fn integer(member: &Member) -> Result<UintRef<'_>> {
    let octets = present(member)?;
    if octets.first().is_none_or(|first| *first == 0) {
        return Err(Error::InvalidKey("a JWK's integer is empty or begins with zero"));
    }
    UintRef::new(octets).map_err(|_| MALFORMED)
}

const MALFORMED: Error = Error::InvalidKey("the key is malformed");
const MISSING: Error = Error::InvalidKey("the JWK lacks a member that its type requires");
const NO_PAIR: Error = Error::InvalidKey("a shared secret is no key pair");
