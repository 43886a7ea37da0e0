//! JOSE headers (RFC 7515, section 4), read strictly.

use super::key::MAX_KID;
use crate::encoding::base64url_decode;
use crate::json::{self, Event, Members, TopLevel};
use crate::{Error, Result};

/// What a verifier looks at in a header. Everything else is read, for its form, and ignored: keys
/// and addresses of keys in a header (`jwk`, `jku`, `x5c`, `x5u`) are an attacker's to choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// The algorithm's name, to be compared with the key's.
    pub alg: Box<str>,
    /// Which key, where there are several.
    pub kid: Option<Box<str>>,
    /// The kind of token.
    pub typ: Option<Box<str>>,
}

impl Header {
    /// Reads the first part of a token.
    ///
    /// # Errors
    ///
    /// [`Error::MalformedToken`] if it is longer than 4 KiB, not base64url or not a JSON object
    /// with distinct names; if `alg` is missing; if `alg`, `kid` or `typ` is no string; and for
    /// `crit`, `b64`, `zip` and `enc`, which change what a token means.
    pub fn read(segment: &[u8]) -> Result<Self> {
        let mut reader = TopLevel::new(Self::default());
        json::read(&decode(segment)?, &mut reader).map_err(malformed)?;
        let header = reader.into_inner();
        if header.alg.is_empty() {
            return Err(Error::MalformedToken("the header has no alg"));
        }
        Ok(header)
    }
}

/// The JSON text of a token's first part.
///
/// # Errors
///
/// [`Error::MalformedToken`] if it is longer than 4 KiB or not base64url.
pub(super) fn decode(segment: &[u8]) -> Result<Vec<u8>> {
    if segment.len() > MAX_HEADER {
        return Err(Error::MalformedToken("the header is longer than 4096 bytes"));
    }
    base64url_decode(segment)
        .map_err(|_| Error::MalformedToken("the header is not base64url without padding"))
}

/// What bad JSON is in a token.
pub(super) fn malformed(error: Error) -> Error {
    match error {
        Error::InvalidJson { reason, .. } => Error::MalformedToken(reason),
        other => other,
    }
}

impl Members for Header {
    type Name = Name;

    fn name(&mut self, key: &str) -> Option<Name> {
        match key {
            "alg" => Some(Name::Alg),
            "kid" => Some(Name::Kid),
            "typ" => Some(Name::Typ),
            "b64" | "crit" | "enc" | "zip" => Some(Name::Refused),
            _ => None,
        }
    }

    fn member(&mut self, name: Name, value: Event<'_>) -> Result<()> {
        match (name, value) {
            (Name::Alg, Event::String(alg)) => self.alg = alg.into(),
            (Name::Kid, Event::String(kid)) if kid.len() <= MAX_KID => self.kid = Some(kid.into()),
            (Name::Typ, Event::String(typ)) => self.typ = Some(typ.into()),
            (Name::Alg | Name::Kid | Name::Typ, _) => {
                return Err(Error::MalformedToken("the header's alg, kid and typ are short text"));
            }
            (Name::Refused, _) => {
                return Err(Error::MalformedToken(
                    "the header has a crit, b64, zip or enc, and nobody here understands it",
                ));
            }
        }
        Ok(())
    }

    fn element(&mut self, _: Name, _: Event<'_>) -> Result<()> {
        Ok(())
    }
}

/// The parameters that are looked at.
#[derive(Clone, Copy, Debug)]
pub enum Name {
    /// `alg`.
    Alg,
    /// `kid`.
    Kid,
    /// One that makes a token mean something else: `crit` (RFC 7515, section 4.1.11), `b64`
    /// (RFC 7797), `zip` and `enc` (RFC 7516: encrypted, no JWS).
    Refused,
    /// `typ`.
    Typ,
}

/// How long a header may be, as base64url.
pub(super) const MAX_HEADER: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::base64url;

    fn read(json: &str) -> Result<Header> {
        Header::read(base64url(json.as_bytes()).as_bytes())
    }

    #[test]
    fn what_is_looked_at_is_found() {
        let header = read(r#"{"typ":"JWT","alg":"HS256","kid":"a","x5c":["b"]}"#).unwrap();
        assert_eq!("HS256", &*header.alg);
        assert_eq!(Some("a"), header.kid.as_deref());
        assert_eq!(Some("JWT"), header.typ.as_deref());
    }

    #[test]
    fn headers_that_are_not_understood_are_refused() {
        for json in [
            "",
            "[]",
            r#""HS256""#,
            "{}",
            r#"{"alg":""}"#,
            r#"{"alg":null}"#,
            r#"{"alg":["HS256"]}"#,
            r#"{"alg":"HS256","alg":"HS256"}"#,
            r#"{"alg":"HS256","\u0061lg":"none"}"#,
            r#"{"alg":"HS256","kid":1}"#,
            r#"{"alg":"HS256","kid":null}"#,
            r#"{"alg":"HS256","typ":["JWT"]}"#,
            r#"{"alg":"HS256","crit":[]}"#,
            r#"{"alg":"HS256","crit":["exp"]}"#,
            r#"{"alg":"HS256","b64":true}"#,
            r#"{"alg":"HS256","zip":"DEF"}"#,
            r#"{"alg":"HS256","enc":"A128GCM"}"#,
            r#"{"alg":"HS256"} {}"#,
            "\u{FEFF}{\"alg\":\"HS256\"}",
        ] {
            assert!(matches!(read(json), Err(Error::MalformedToken(_))), "{json:?}");
        }
        let long = format!(r#"{{"alg":"HS256","kid":"{}"}}"#, "k".repeat(MAX_KID + 1));
        assert!(matches!(read(&long), Err(Error::MalformedToken(_))));
        assert!(matches!(Header::read(&[b'e'; 4097]), Err(Error::MalformedToken(_))));
    }
}
