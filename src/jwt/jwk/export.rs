//! From a key to a JWK, and to its thumbprint (RFC 7638).

use aws_lc_rs::digest::{SHA256, digest};
use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use pkcs8::PrivateKeyInfoRef;
use pkcs8::der::Decode;
use zeroize::Zeroizing;

use crate::encoding::base64url;
use crate::json::write_string;
use crate::jwt::algorithm::Family;
use crate::jwt::key::Key;
use crate::{Error, Result};

impl Key {
    /// The public half as a JWK, with `alg`, `use` and, if there is one, `kid`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidKey`] for a shared secret, of which nothing is public.
    pub fn to_jwk(&self) -> Result<String> {
        let mut text = Zeroizing::new(Vec::new());
        self.write_jwk(&mut text, &[])?;
        String::from_utf8(core::mem::take(&mut text)).map_err(|_| UNREADABLE)
    }

    /// A private key as a JWK. It leaves the memory that wipes itself.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidKey`] for anything but a private key.
    pub fn to_private_jwk(&self) -> Result<Zeroizing<Vec<u8>>> {
        let private = self.private_members()?;
        let members: Vec<_> = private.iter().map(|(name, value)| (*name, &***value)).collect();
        // All at once, so that growing leaves no copy of a private key behind.
        let mut text = Zeroizing::new(Vec::with_capacity(PRIVATE_LENGTH));
        self.write_jwk(&mut text, &members)?;
        Ok(text)
    }

    /// The thumbprint with SHA-256 (RFC 7638, section 3), the same for both halves of a key pair.
    /// That of a secret tells whoever guesses it that the guess is right.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        let Some(members) = self.public_members() else {
            return self.secret_thumbprint().map(|print| base64url(print)).unwrap_or_default();
        };
        base64url(digest(&SHA256, &required(&members)).as_ref())
    }

    /// Writes the public members and then `private` ones.
    fn write_jwk(&self, text: &mut Vec<u8>, private: &[(&str, &str)]) -> Result<()> {
        let public = self.public_members().ok_or(Error::InvalidKey(
            "a shared secret is not written out: nothing of it is public",
        ))?;
        let (alg, kid) = (self.algorithm().name(), self.kid());
        let public = public.iter().map(|(name, value)| (*name, value.as_str()));
        let rest = [("alg", Some(alg)), ("use", Some("sig")), ("kid", kid)];
        let rest = rest.into_iter().filter_map(|(name, value)| Some((name, value?)));
        write_object(text, public.chain(private.iter().copied()).chain(rest));
        Ok(())
    }

    /// The members that a thumbprint is over, in its order; `None` for a shared secret.
    fn public_members(&self) -> Option<Vec<(&'static str, String)>> {
        let bytes = self.public_bytes()?;
        let curve = || self.algorithm().curve().unwrap_or_default().to_owned();
        Some(match self.algorithm().family() {
            Family::Hmac => return None,
            Family::Rsa => {
                let key = RsaPublicKeyRef::from_der(bytes).ok()?;
                let (n, e) = (key.modulus.as_bytes(), key.public_exponent.as_bytes());
                vec![("e", base64url(e)), ("kty", "RSA".to_owned()), ("n", base64url(n))]
            }
            Family::Ec => {
                // Behind the 04 of an uncompressed point.
                let (x, y) = bytes.get(1..)?.split_at_checked(bytes.len() / 2)?;
                let (x, y) = (base64url(x), base64url(y));
                vec![("crv", curve()), ("kty", "EC".to_owned()), ("x", x), ("y", y)]
            }
            Family::Ed => {
                vec![("crv", curve()), ("kty", "OKP".to_owned()), ("x", base64url(bytes))]
            }
        })
    }

    fn private_members(&self) -> Result<Vec<(&'static str, Zeroizing<String>)>> {
        let text = |bytes: &[u8]| Zeroizing::new(base64url(bytes));
        let private = self.prepared().private_bytes()?;
        if self.algorithm().family() != Family::Rsa {
            return Ok(vec![("d", text(&private))]);
        }
        let info = PrivateKeyInfoRef::from_der(&private).map_err(|_| UNREADABLE)?;
        let key =
            RsaPrivateKeyRef::from_der(info.private_key.as_bytes()).map_err(|_| UNREADABLE)?;
        let members = [
            ("d", key.private_exponent),
            ("p", key.prime1),
            ("q", key.prime2),
            ("dp", key.exponent1),
            ("dq", key.exponent2),
            ("qi", key.coefficient),
        ];
        Ok(members.into_iter().map(|(name, value)| (name, text(value.as_bytes()))).collect())
    }
}

/// The thumbprint of a shared secret (RFC 7638, section 3.2).
pub(in crate::jwt) fn secret_thumbprint(secret: &[u8]) -> [u8; 32] {
    let encoded = Zeroizing::new(base64url(secret));
    let mut text = Zeroizing::new(Vec::with_capacity(encoded.len() + 32));
    write_object(&mut text, [("k", encoded.as_str()), ("kty", "oct")].into_iter());
    let mut print = [0; 32];
    print.copy_from_slice(digest(&SHA256, &text).as_ref());
    print
}

fn required(members: &[(&str, String)]) -> Vec<u8> {
    let mut text = Vec::new();
    write_object(&mut text, members.iter().map(|(name, value)| (*name, value.as_str())));
    text
}

fn write_object<'a>(text: &mut Vec<u8>, members: impl Iterator<Item = (&'a str, &'a str)>) {
    for (index, (name, value)) in members.enumerate() {
        text.push(if index == 0 { b'{' } else { b',' });
        write_string(name, text);
        text.push(b':');
        write_string(value, text);
    }
    text.push(b'}');
}

/// More than an RSA key of 8192 bits takes, with the longest `kid` in escapes.
const PRIVATE_LENGTH: usize = 16 * 1024;
const UNREADABLE: Error = Error::InvalidKey("the key cannot be written out");
