//! Who computes a key's signatures.

use super::algorithm::Algorithm;
use super::held::Held;
use super::prepared::{CANNOT_SIGN, Prepared, Signature};
use crate::encoding::{base64url_append, base64url_decode};
use crate::{Error, Result};

/// jsonwebtoken, or the primitive itself for ES512 and ES256K, which jsonwebtoken does not know,
/// and for HMAC, where what stands around it would show.
pub(super) enum Engine {
    Direct(Prepared),
    JsonWebToken(Held),
}

impl Engine {
    pub(super) fn new(prepared: Prepared, algorithm: Algorithm) -> Result<Self> {
        match algorithm.engine() {
            Some(known) if algorithm.is_asymmetric() => {
                Held::new(prepared, known).map(Self::JsonWebToken)
            }
            _ => Ok(Self::Direct(prepared)),
        }
    }

    pub(super) fn prepared(&self) -> &Prepared {
        match self {
            Self::Direct(prepared) => prepared,
            Self::JsonWebToken(held) => held.prepared(),
        }
    }

    // In a frame of its own, which `wipe_stack` then writes over.
    #[inline(never)]
    pub(super) fn sign(&self, message: &[u8]) -> Result<Computed> {
        match self {
            Self::JsonWebToken(held) => held.sign(message).map(Computed::Text),
            Self::Direct(prepared) => {
                prepared.sign(message).map(Computed::Bytes).ok_or(CANNOT_SIGN)
            }
        }
    }

    /// Verifies a signature in base64url text.
    pub(super) fn verify(&self, message: &[u8], signature: &str) -> Result<()> {
        match self {
            Self::JsonWebToken(held) => held.verify(message, signature),
            Self::Direct(prepared) => {
                let signature = base64url_decode(signature.as_bytes()).map_err(|_| {
                    Error::MalformedToken("the signature is not base64url without padding")
                })?;
                if prepared.verifies(message, &signature) {
                    Ok(())
                } else {
                    Err(Error::TokenSignature)
                }
            }
        }
    }
}

/// A signature as its engine returns it.
pub(super) enum Computed {
    Bytes(Signature),
    /// In base64url.
    Text(String),
}

impl Computed {
    pub(super) fn append_to(&self, text: &mut String) {
        match self {
            Self::Bytes(signature) => base64url_append(signature.as_ref(), text),
            Self::Text(signature) => text.push_str(signature),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::jwt::key::Key;

    fn oracle(algorithm: Algorithm, secret: &[u8]) -> Held {
        let prepared = Prepared::hmac(algorithm, secret).unwrap();
        Held::new(prepared, algorithm.engine().unwrap()).unwrap()
    }

    const HMAC: [Algorithm; 3] = [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512];

    proptest! {
        /// The way around jsonwebtoken and the way through it are one function.
        #[test]
        fn macs_are_those_of_jsonwebtoken(
            secret in prop::array::uniform::<_, 64>(0_u8..),
            message: Vec<u8>,
            algorithm in prop::sample::select(&HMAC),
        ) {
            let key = Key::secret(&secret, algorithm, None, false).unwrap();
            let oracle = oracle(algorithm, &secret);
            let signature = key.sign(&message).unwrap();
            prop_assert_eq!(&signature, &oracle.sign(&message).unwrap());
            prop_assert_eq!(Ok(()), key.verify(&message, &signature));
            prop_assert_eq!(Ok(()), oracle.verify(&message, &signature));
        }

        /// Both refuse the same texts for the same reason.
        #[test]
        fn verdicts_on_macs_are_those_of_jsonwebtoken(
            text in "[A-Za-z0-9_=+/. -]{0,90}",
            cut in 0..60_usize,
            spoiled in any::<char>(),
            algorithm in prop::sample::select(&HMAC),
        ) {
            let secret = [7; 64];
            let key = Key::secret(&secret, algorithm, None, false).unwrap();
            let oracle = oracle(algorithm, &secret);
            let good = key.sign(b"message").unwrap();
            let start = &good[..cut.min(good.len())];
            for signature in [
                text,
                start.to_owned(),
                format!("{start}{spoiled}"),
                format!("{start}{spoiled}{}", good.get(start.len() + 1..).unwrap_or_default()),
                format!("{good}{spoiled}"),
                good.clone(),
            ] {
                let expected = oracle.verify(b"message", &signature);
                prop_assert_eq!(expected, key.verify(b"message", &signature), "{}", signature);
            }
        }
    }
}
