//! PEM and DER around asymmetric keys, read by the crates `pkcs1`, `pkcs8`, `sec1` and `x509-cert`.
//!
//! AWS-LC tells formats apart by trying them. Here the format is known before AWS-LC sees a byte:
//! the PEM label or the caller names it, and the object identifiers inside must be those of the
//! algorithm.

use core::fmt;

use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use pkcs8::der::{self, Decode, Encode, Reader, SliceReader, Tag, pem};
use pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use pkcs8::{EncryptedPrivateKeyInfoRef, ObjectIdentifier, PrivateKeyInfoRef};
use sec1::EcPrivateKey;
use x509_cert::Certificate;
use zeroize::Zeroizing;

use super::algorithm::{Algorithm, Family};
use super::edwards;
use crate::{Error, Result};

/// A private key in DER, and which structure it is.
pub(super) enum PrivateDer {
    /// `RSAPrivateKey` (RFC 8017).
    Pkcs1(Zeroizing<Vec<u8>>),
    /// `PrivateKeyInfo` or `OneAsymmetricKey` (RFC 5958), for the right algorithm.
    Pkcs8(Zeroizing<Vec<u8>>),
    /// `ECPrivateKey` (RFC 5915).
    Sec1(Zeroizing<Vec<u8>>),
}

impl PrivateDer {
    /// Reads `PRIVATE KEY`, `ENCRYPTED PRIVATE KEY`, `RSA PRIVATE KEY` or `EC PRIVATE KEY`.
    pub(super) fn from_pem(
        algorithm: Algorithm,
        text: &[u8],
        password: Option<&[u8]>,
    ) -> Result<Self> {
        let (label, der) = decode_pem(text)?;
        match (label, algorithm.family(), password) {
            ("ENCRYPTED PRIVATE KEY", _, Some(password)) => {
                Self::from_encrypted(algorithm, &der, password)
            }
            ("ENCRYPTED PRIVATE KEY", _, None) => Err(ENCRYPTED),
            (_, _, Some(_)) if label.ends_with("PRIVATE KEY") => Err(NOT_ENCRYPTED),
            ("PRIVATE KEY", ..) => Self::from_pkcs8(algorithm, der),
            ("RSA PRIVATE KEY", Family::Rsa, _) => {
                check_rsa_private(&der)?;
                Ok(Self::Pkcs1(der))
            }
            ("EC PRIVATE KEY", Family::Ec, _) => {
                check_ec_private(algorithm, &der)?;
                Ok(Self::Sec1(der))
            }
            ("PUBLIC KEY" | "RSA PUBLIC KEY" | "CERTIFICATE", ..) => {
                Err(Error::InvalidKey("this is a public key, and signing takes the private one"))
            }
            _ => Err(OTHER_KEY),
        }
    }

    /// Reads PKCS#8, which is encrypted if and only if there is a password.
    pub(super) fn from_der(
        algorithm: Algorithm,
        der: &[u8],
        password: Option<&[u8]>,
    ) -> Result<Self> {
        let is_encrypted = EncryptedPrivateKeyInfoRef::from_der(der).is_ok();
        match password {
            Some(password) if is_encrypted => Self::from_encrypted(algorithm, der, password),
            None if is_encrypted => Err(ENCRYPTED),
            Some(_) => Err(NOT_ENCRYPTED),
            None => Self::from_pkcs8(algorithm, Zeroizing::new(der.to_vec())),
        }
    }

    /// Decrypts PKCS#8 under PBES2 (RFC 8018): PBKDF2 or scrypt, and AES.
    fn from_encrypted(algorithm: Algorithm, der: &[u8], password: &[u8]) -> Result<Self> {
        let info = EncryptedPrivateKeyInfoRef::from_der(der).map_err(|_| MALFORMED)?;
        let decrypted = info.decrypt(password).map_err(|_| {
            Error::InvalidKey(
                "the key could not be decrypted: another password, or another cipher than AES",
            )
        })?;
        Self::from_pkcs8(algorithm, decrypted.to_bytes())
    }

    fn from_pkcs8(algorithm: Algorithm, der: Zeroizing<Vec<u8>>) -> Result<Self> {
        let info = PrivateKeyInfoRef::from_der(&der).map_err(|_| MALFORMED)?;
        check_identifiers(algorithm, info.algorithm)?;
        match algorithm.family() {
            Family::Rsa => check_rsa_private(info.private_key.as_bytes())?,
            Family::Ec => check_ec_private(algorithm, info.private_key.as_bytes())?,
            // 32 bytes in a string of bytes: nothing there to mistake.
            Family::Ed | Family::Hmac => {}
        }
        Ok(Self::Pkcs8(der))
    }
}

impl fmt::Debug for PrivateDer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

/// A public key without its wrapping: PKCS#1 for RSA, else a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PublicBytes(Box<[u8]>);

impl PublicBytes {
    /// Reads `PUBLIC KEY`, `RSA PUBLIC KEY` or `CERTIFICATE`.
    pub(super) fn from_pem(algorithm: Algorithm, text: &[u8]) -> Result<Self> {
        let (label, der) = decode_pem(text)?;
        match (label, algorithm.family()) {
            ("PUBLIC KEY", _) => Self::from_spki(algorithm, &der),
            ("RSA PUBLIC KEY", Family::Rsa) => Self::rsa(&*der),
            ("CERTIFICATE", _) => Self::from_certificate(algorithm, &der),
            _ if label.ends_with("PRIVATE KEY") => Err(Error::InvalidKey(
                "this is a private key: keep it where tokens are signed, and take its public half",
            )),
            _ => Err(OTHER_KEY),
        }
    }

    /// Reads a `SubjectPublicKeyInfo` (RFC 5280).
    pub(super) fn from_spki(algorithm: Algorithm, der: &[u8]) -> Result<Self> {
        let info = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| MALFORMED)?;
        check_identifiers(algorithm, info.algorithm)?;
        let bytes = info.subject_public_key.as_bytes().ok_or(MALFORMED)?;
        match algorithm.family() {
            Family::Rsa => Self::rsa(bytes),
            // An uncompressed point; a compressed one is not what a JWK could hold.
            Family::Ec if bytes.first() == Some(&4) => Ok(Self::point(bytes)),
            Family::Ed => Self::ed25519(bytes),
            Family::Ec | Family::Hmac => Err(MALFORMED),
        }
    }

    /// Takes the public key of an X.509 certificate (RFC 5280). Who issued it and until when is not
    /// looked at: whoever gives a key trusts it.
    fn from_certificate(algorithm: Algorithm, der: &[u8]) -> Result<Self> {
        let certificate = Certificate::from_der(der).map_err(|_| MALFORMED)?;
        let info = certificate.tbs_certificate().subject_public_key_info();
        Self::from_spki(algorithm, &info.to_der().map_err(|_| MALFORMED)?)
    }

    /// Takes a point on a curve, which AWS-LC checks to be on it.
    pub(super) fn point(bytes: impl AsRef<[u8]>) -> Self {
        Self(bytes.as_ref().into())
    }

    /// Takes a public key of Ed25519 (RFC 8032, section 5.1.5).
    pub(super) fn ed25519(bytes: &[u8]) -> Result<Self> {
        let point = bytes.try_into().map_err(|_| MALFORMED)?;
        if edwards::is_somebodys_key(point) {
            Ok(Self::point(point))
        } else {
            Err(Error::InvalidKey("this is a point of Ed25519 that is nobody's public key"))
        }
    }

    /// Takes an `RSAPublicKey` (RFC 8017) of acceptable strength.
    pub(super) fn rsa(der: impl AsRef<[u8]>) -> Result<Self> {
        let der = der.as_ref();
        let key = RsaPublicKeyRef::from_der(der).map_err(|_| MALFORMED)?;
        let modulus = key.modulus.as_bytes();
        let unused = modulus.first().map_or(0, |first| first.leading_zeros());
        let bits = (modulus.len() * 8).saturating_sub(unused as usize);
        if !(RSA_BITS_MIN..=RSA_BITS_MAX).contains(&bits) {
            return Err(Error::InvalidKey("an RSA key has 2048 to 8192 bits"));
        }
        // An even modulus or exponent is no RSA key at all; AWS-LC refuses it too.
        let exponent = key.public_exponent.as_bytes();
        if exponent.len() < RSA_EXPONENT.len()
            || exponent.len() == RSA_EXPONENT.len() && exponent < &RSA_EXPONENT[..]
            || exponent.last().is_none_or(|last| last % 2 == 0)
        {
            return Err(Error::InvalidKey("an RSA key's public exponent is odd and from 65537 on"));
        }
        Ok(Self(der.into()))
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Whether bytes are one DER structure as every key and certificate is: a sequence, well-formed
/// inside, that begins with a sequence or an integer; perhaps with blanks around it, as a file may
/// have them. Random bytes are not.
pub(super) fn looks_like_der_key(bytes: &[u8]) -> bool {
    fn read(bytes: &[u8]) -> der::Result<bool> {
        let mut reader = SliceReader::new(bytes.trim_ascii_start())?;
        let likely = reader.sequence(|body| {
            let likely = matches!(Tag::peek(body)?, Tag::Sequence | Tag::Integer);
            while !body.is_finished() {
                body.tlv_bytes()?;
            }
            Ok::<_, der::Error>(likely)
        })?;
        let rest = reader.read_slice(reader.remaining_len())?;
        Ok(likely && rest.iter().all(u8::is_ascii_whitespace))
    }
    read(bytes).unwrap_or(false)
}

/// Decodes one PEM block (RFC 7468) into its label and content.
fn decode_pem(text: &[u8]) -> Result<(&str, Zeroizing<Vec<u8>>)> {
    let not_pem = |_| Error::InvalidKey("this is not one key in PEM form");
    let text = text.trim_ascii();
    let mut decoder = pem::Decoder::new_detect_wrap(text).map_err(not_pem)?;
    let label = decoder.type_label();
    // Its full length at once, so that growing leaves no copy of a private key behind.
    let mut content = Zeroizing::new(Vec::with_capacity(decoder.remaining_len()));
    decoder.decode_to_end(&mut content).map_err(not_pem)?;
    Ok((label, content))
}

/// Refuses what is not one `RSAPrivateKey` of two primes and nothing after it.
fn check_rsa_private(der: &[u8]) -> Result<()> {
    let key = RsaPrivateKeyRef::from_der(der).map_err(|_| MALFORMED)?;
    if key.other_prime_infos.is_some() { Err(MALFORMED) } else { Ok(()) }
}

/// Refuses what is not one `ECPrivateKey` and nothing after it, or names another curve.
fn check_ec_private(algorithm: Algorithm, der: &[u8]) -> Result<()> {
    let key = EcPrivateKey::from_der(der).map_err(|_| MALFORMED)?;
    let (_, curve) = identifiers(algorithm).ok_or(OTHER_KEY)?;
    let named = key.parameters.and_then(sec1::EcParameters::named_curve);
    if named.is_none() || named == curve { Ok(()) } else { Err(OTHER_KEY) }
}

/// Refuses a key whose object identifiers are not those of the algorithm.
fn check_identifiers(algorithm: Algorithm, found: AlgorithmIdentifierRef<'_>) -> Result<()> {
    let (key_type, named_curve) = identifiers(algorithm).ok_or(OTHER_KEY)?;
    let curve_fits = named_curve.is_none_or(|curve| found.parameters_oid() == Ok(curve));
    if found.oid == key_type && curve_fits { Ok(()) } else { Err(OTHER_KEY) }
}

/// The type of an algorithm's keys and their curve.
const fn identifiers(algorithm: Algorithm) -> Option<(ObjectIdentifier, Option<ObjectIdentifier>)> {
    Some(match algorithm {
        Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512 => return None,
        Algorithm::RS256
        | Algorithm::RS384
        | Algorithm::RS512
        | Algorithm::PS256
        | Algorithm::PS384
        | Algorithm::PS512 => (RSA_ENCRYPTION, None),
        Algorithm::ES256 => (EC_PUBLIC_KEY, Some(P256)),
        Algorithm::ES384 => (EC_PUBLIC_KEY, Some(P384)),
        Algorithm::ES512 => (EC_PUBLIC_KEY, Some(P521)),
        Algorithm::ES256K => (EC_PUBLIC_KEY, Some(SECP256K1)),
        Algorithm::EdDSA | Algorithm::Ed25519 => (ED25519, None),
    })
}

// RFC 8017, appendix C; RFC 5480, section 2; RFC 8410, section 3; SEC 2.
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");
const SECP256K1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.10");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

const RSA_BITS_MIN: usize = 2048;
const RSA_BITS_MAX: usize = 8192;
/// 65537, big-endian.
const RSA_EXPONENT: [u8; 3] = [1, 0, 1];

const ENCRYPTED: Error = Error::InvalidKey("the private key is encrypted: give its password");
const NOT_ENCRYPTED: Error =
    Error::InvalidKey("the private key is not encrypted: leave the password out");
const MALFORMED: Error = Error::InvalidKey("the key is malformed");
const OTHER_KEY: Error = Error::InvalidKey("this is not a key for the algorithm");
