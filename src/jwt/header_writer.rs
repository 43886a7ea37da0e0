//! JOSE headers of what is signed here.

use super::header::MAX_HEADER;
use super::key::Key;
use crate::encoding::base64url;
use crate::json::Value;
use crate::{Error, Result};

/// Reads further header parameters; those with a meaning of their own are not the caller's.
pub(super) fn read_headers(text: &[u8]) -> Result<Vec<(String, Value)>> {
    let Value::Object(headers) = Value::read(text)? else {
        return Err(Error::InvalidInput("headers are a JSON object"));
    };
    if headers.iter().any(|(name, _)| RESERVED.contains(&name.as_str())) {
        return Err(Error::InvalidInput(
            "headers must not set alg and kid, which are the key's, nor crit, b64, zip, enc, jwk, \
             jku, x5c and x5u",
        ));
    }
    Ok(headers)
}

/// The encoded header and the full stop behind it.
pub(super) fn encode_header(
    key: &Key,
    typ: Option<&str>,
    more: &[(String, Value)],
) -> Result<Box<str>> {
    let mut members: Vec<_> =
        [("alg", Some(key.algorithm().name())), ("typ", typ), ("kid", key.kid())]
            .into_iter()
            .filter_map(|(name, text)| Some((name.to_owned(), Value::String(text?.to_owned()))))
            .collect();
    for (name, value) in more {
        if members.iter().any(|(known, _)| known == name) {
            return Err(Error::InvalidInput("a header parameter is set twice"));
        }
        members.push((name.clone(), value.clone()));
    }
    let mut text = Vec::new();
    Value::Object(members).write(&mut text)?;
    let mut header = base64url(&text);
    if header.len() > MAX_HEADER {
        return Err(Error::InvalidInput(
            "the header is longer than the 4096 bytes that a verifier reads",
        ));
    }
    header.push('.');
    Ok(header.into())
}

/// Parameters that the key decides, that change what a token is, or that tell a careless reader
/// where to take a key from.
const RESERVED: [&str; 10] =
    ["alg", "kid", "crit", "b64", "zip", "enc", "jwk", "jku", "x5c", "x5u"];
