//! Names of claims that live as long as the process, for errors that name one.

use std::sync::{Mutex, PoisonError};

use crate::platform::fork::PerProcess;
use crate::{Error, Result};

/// The same name, for ever.
///
/// Names come from the code that sets a verifier up, never from a token. A name outside
/// [`COMMON`] costs its length in memory once, however many verifiers ask for it.
///
/// # Errors
///
/// [`Error::InvalidInput`] for an empty name or one of more than 128 bytes, and once 1024 different
/// names have been kept, which no application needs.
pub(super) fn intern(name: &str) -> Result<&'static str> {
    // Of its own in a forked child, which would inherit a lock that another thread held.
    static KEPT: PerProcess<Mutex<Vec<&'static str>>> = PerProcess::new(Default::default);

    if let Some(common) = COMMON.iter().find(|common| **common == name) {
        return Ok(common);
    }
    if name.is_empty() || name.len() > MAX_LENGTH {
        return Err(Error::InvalidInput("a claim's name has 1 to 128 bytes"));
    }
    let mut kept = KEPT.get().lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = kept.iter().find(|known| **known == name) {
        return Ok(known);
    }
    if kept.len() >= MAX_KEPT {
        return Err(Error::InvalidInput("verifiers require more than 1024 different claims"));
    }
    let name = &*Box::leak(name.into());
    kept.push(name);
    Ok(name)
}

/// RFC 7519, RFC 9068, `OpenID` Connect Core, and what session libraries add.
const COMMON: [&str; 20] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "client_id",
    "scope",
    "auth_time",
    "acr",
    "amr",
    "azp",
    "nonce",
    "sid",
    "roles",
    "type",
    "token_type",
    "user_id",
    "email",
];
const MAX_LENGTH: usize = 128;
const MAX_KEPT: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_once() {
        let first = intern("tenant").unwrap();
        assert_eq!("tenant", first);
        assert!(core::ptr::eq(first, intern(&String::from("tenant")).unwrap()));
        assert_eq!(Ok("exp"), intern("exp"));
        assert!(intern("").is_err());
        assert!(intern(&"n".repeat(129)).is_err());
    }
}
