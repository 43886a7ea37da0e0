//! JSON Web Keys (RFC 7517), read strictly and written in one form.

mod export;
mod import;
mod reader;
mod set;

use core::fmt;

use zeroize::Zeroizing;

pub(super) use export::secret_thumbprint;

use super::algorithm::{Algorithm, Family};
use crate::{Error, Result};

/// The members of a JWK that are looked at. What is secret is wiped when it is dropped.
#[derive(Default)]
pub(super) struct Jwk {
    kty: Option<Box<str>>,
    crv: Option<Box<str>>,
    alg: Option<Box<str>>,
    kid: Option<Box<str>>,
    usage: Option<Box<str>>,
    key_ops: Option<Vec<Box<str>>>,
    /// Of more than two primes, which nobody uses.
    has_other_primes: bool,
    octets: Octets,
    /// What is wrong with the first member that is wrong.
    fault: Option<Error>,
}

/// The members that are base64url text.
#[derive(Default)]
struct Octets {
    d: Member,
    dp: Member,
    dq: Member,
    e: Member,
    k: Member,
    n: Member,
    p: Member,
    q: Member,
    qi: Member,
    x: Member,
    y: Member,
}

type Member = Option<Zeroizing<Vec<u8>>>;

impl Jwk {
    /// The algorithm: the JWK's own `alg`, or the one that the caller names, or both if they agree.
    fn algorithm(&self, named: Option<Algorithm>) -> Result<Algorithm> {
        match (self.alg.as_deref(), named) {
            (Some(own), Some(named)) if own != named.name() => {
                Err(Error::InvalidKey("the JWK's alg is another algorithm than the one named"))
            }
            (_, Some(named)) => Ok(named),
            (Some(own), None) => own.parse(),
            (None, None) => {
                Err(Error::InvalidKey("the JWK has no alg: name the algorithm with alg="))
            }
        }
    }

    /// Whether type and curve are those of the algorithm.
    fn is_for(&self, algorithm: Algorithm) -> bool {
        let kty = match algorithm.family() {
            Family::Hmac => "oct",
            Family::Rsa => "RSA",
            Family::Ec => "EC",
            Family::Ed => "OKP",
        };
        let curve = algorithm.curve();
        self.kty.as_deref() == Some(kty) && (curve.is_none() || self.crv.as_deref() == curve)
    }

    /// Whether the JWK lets itself be used for `operation` or, where it says so, for `use: sig`.
    fn allows(&self, operations: &[&str]) -> bool {
        let usage = self.usage.as_deref();
        usage.is_none_or(|usage| usage == "sig")
            && self.key_ops.as_ref().is_none_or(|allowed| {
                allowed.iter().any(|operation| operations.contains(&&**operation))
            })
    }

    /// Whether this is more than a public key.
    fn is_private(&self) -> bool {
        let Octets { d, dp, dq, k, p, q, qi, .. } = &self.octets;
        self.has_other_primes || [d, dp, dq, k, p, q, qi].into_iter().any(Option::is_some)
    }
}

impl fmt::Debug for Jwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jwk").field("kty", &self.kty).finish_non_exhaustive()
    }
}
