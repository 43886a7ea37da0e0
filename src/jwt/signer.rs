//! Signing: claims in, token out.

use core::fmt;
use std::sync::Arc;

use super::claims::{LAST_SECOND, check_clock};
use super::given::Given;
use super::header_writer::{encode_header, read_headers};
use super::key::Key;
use crate::encoding::{base64url, base64url_append, base64url_length};
use crate::json::{Value, write_integer, write_string};
use crate::{Error, Result, random};

/// Signs tokens with one key.
pub struct Signer {
    key: Arc<Key>,
    typ: Box<str>,
    headers: Vec<(String, Value)>,
    /// The header as it begins a token, with the full stop.
    header: Box<str>,
    /// The members `iss` and `aud`, each behind a comma.
    names: Vec<u8>,
    settings: Settings,
}

/// What a signer adds to claims.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// `iss`.
    pub issuer: Option<String>,
    /// `aud`: one name as text, several as an array.
    pub audience: Option<Vec<String>>,
    /// How many seconds a token is valid if nothing else is said.
    pub lifetime: Option<f64>,
    /// Whether a random `jti` is added.
    pub add_jti: bool,
    /// Whether the time of signing is added as `iat`.
    pub add_iat: bool,
}

/// What the caller says about a token's end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Expiry {
    /// Nothing: the claims' own `exp`, or else the signer's lifetime.
    Default,
    /// That many seconds from now.
    In(f64),
    /// Explicitly none.
    Never,
}

impl Signer {
    /// Sets a signer up. `headers` is a JSON object of further header parameters.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidKey`] for a public key; [`Error::InvalidInput`] for an empty `typ`, issuer
    /// or audience, for a lifetime that is not positive, and for headers that are not the
    /// caller's to set.
    pub fn new(
        key: Arc<Key>,
        typ: &str,
        headers: Option<&[u8]>,
        settings: Settings,
    ) -> Result<Self> {
        if !key.can_sign() {
            return Err(Error::InvalidKey("a public key cannot sign: give the private key"));
        }
        if typ.is_empty() || !typ.is_ascii() {
            return Err(Error::InvalidInput("a typ is a media type, such as JWT or at+jwt"));
        }
        if let Some(lifetime) = settings.lifetime {
            check_seconds(lifetime)?;
        }
        let headers = headers.map_or(Ok(Vec::new()), read_headers)?;
        let header = encode_header(&key, Some(typ), &headers)?;
        let names = write_names(&settings)?;
        Ok(Self { key, typ: typ.into(), headers, header, names, settings })
    }

    /// Whether signing takes tens of microseconds.
    #[must_use]
    pub fn is_slow(&self) -> bool {
        self.key.algorithm().is_asymmetric()
    }

    /// Completes claims at the time `now`, in seconds since the epoch, and returns what is to be
    /// signed. `claims` is the compact text of a JSON object, `headers` too.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if claims or headers are no object, if the caller sets a claim that
    /// the signer sets or gives a registered one a value of the wrong type, if the token would
    /// have no end and the caller has not said so, or if its end lies beyond the year 9999;
    /// [`Error::Configuration`] for a time that is none; [`Error::RandomnessUnavailable`].
    pub fn prepare(
        &self,
        mut claims: Vec<u8>,
        given: Given,
        expiry: Expiry,
        headers: Option<&[u8]>,
        now: f64,
    ) -> Result<String> {
        check_clock(now)?;
        if claims.pop() != Some(b'}') {
            return Err(Error::InvalidInput("claims are a JSON object"));
        }
        let was_empty = claims.len() == 1;
        let first = claims.len();
        self.add_claims(&mut claims, given, expiry, now)?;
        if was_empty && claims.len() > first {
            // Every member comes behind a comma, and the first has none.
            claims.remove(first);
        }
        claims.push(b'}');

        let own_header;
        let header = match headers {
            None => &*self.header,
            Some(headers) => {
                let mut all = self.headers.clone();
                all.extend(read_headers(headers)?);
                own_header = encode_header(&self.key, Some(&self.typ), &all)?;
                &own_header
            }
        };
        let signature = if self.is_slow() { MAX_SIGNATURE } else { MAX_MAC };
        let length = header.len() + base64url_length(claims.len()) + signature;
        let mut message = String::with_capacity(length);
        message.push_str(header);
        base64url_append(&claims, &mut message);
        Ok(message)
    }

    /// Signs what [`prepare`](Self::prepare) returned.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidKey`] if the primitive fails.
    pub fn sign(&self, message: String) -> Result<String> {
        self.key.sign_token(message)
    }

    fn add_claims(
        &self,
        claims: &mut Vec<u8>,
        given: Given,
        expiry: Expiry,
        now: f64,
    ) -> Result<()> {
        let Settings { issuer, audience, lifetime, add_jti, add_iat } = &self.settings;
        if given.iss.is_there() && issuer.is_some() || given.aud.is_there() && audience.is_some() {
            return Err(Error::InvalidInput("the signer sets iss or aud, so claims must not"));
        }
        given.check()?;
        claims.extend_from_slice(&self.names);
        if *add_iat && !given.iat.is_there() {
            claims.extend_from_slice(b",\"iat\":");
            write_integer(whole_seconds(now)?, claims);
        }
        let seconds = match (expiry, given.exp.is_there(), lifetime) {
            (Expiry::Default, true, _) | (Expiry::Never, false, _) => None,
            (Expiry::Default, false, Some(lifetime)) => Some(*lifetime),
            (Expiry::In(seconds), false, _) => Some(check_seconds(seconds)?),
            (Expiry::Default, false, None) => {
                return Err(Error::InvalidInput(
                    "a token ends: give the signer a lifetime, or expires_in, or exp, or write \
                     expires_in=None",
                ));
            }
            (Expiry::In(_) | Expiry::Never, true, _) => {
                return Err(Error::InvalidInput("expires_in contradicts the exp in claims"));
            }
        };
        if let Some(seconds) = seconds {
            claims.extend_from_slice(b",\"exp\":");
            write_integer(whole_seconds(now + seconds)?, claims);
        }
        if *add_jti && !given.jti.is_there() {
            claims.extend_from_slice(b",\"jti\":\"");
            // An identifier has to be unique, not secret.
            claims.extend_from_slice(base64url(&random::nonce::<16>()?).as_bytes());
            claims.push(b'"');
        }
        Ok(())
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("key", &self.key).finish_non_exhaustive()
    }
}

fn write_names(settings: &Settings) -> Result<Vec<u8>> {
    let audience = settings.audience.as_deref().unwrap_or_default();
    let is_empty = settings.audience.is_some() && audience.is_empty();
    if is_empty || settings.issuer.iter().chain(audience).any(String::is_empty) {
        return Err(Error::InvalidInput("an issuer or audience is None or not empty"));
    }
    let mut names = Vec::new();
    if let Some(issuer) = &settings.issuer {
        names.extend_from_slice(b",\"iss\":");
        write_string(issuer, &mut names);
    }
    match audience {
        [] => {}
        [one] => {
            names.extend_from_slice(b",\"aud\":");
            write_string(one, &mut names);
        }
        several => {
            names.extend_from_slice(b",\"aud\":");
            Value::Array(several.iter().cloned().map(Value::String).collect()).write(&mut names)?;
        }
    }
    Ok(names)
}

fn check_seconds(seconds: f64) -> Result<f64> {
    if seconds.is_finite() && seconds > 0.0 {
        Ok(seconds)
    } else {
        Err(Error::InvalidInput("a lifetime or expires_in is a positive number of seconds"))
    }
}

/// The whole seconds of a time that a token can name.
#[expect(clippy::cast_possible_truncation, reason = "what is past is checked to fit")]
fn whole_seconds(time: f64) -> Result<i64> {
    if (0.0..=LAST_SECOND).contains(&time) {
        Ok(time as i64)
    } else {
        Err(Error::InvalidInput("the time lies before 1970 or after 9999"))
    }
}

/// An RSA signature of 4096 bits in base64url, with its full stop.
const MAX_SIGNATURE: usize = 684;
/// The same for HMAC with SHA-512: room for an RSA signature too would make most tokens so long
/// that glibc tidies its heap for each of them.
const MAX_MAC: usize = 87;
