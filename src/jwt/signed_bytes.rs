//! Signatures over any payload: JWS without the JWT.

use super::compact::{Parts, check_length};
use super::header::{self, Header};
use super::header_writer::{encode_header, read_headers};
use super::key::Key;
use super::key_set::KeySet;
use crate::Result;
use crate::encoding::base64url_append;
use crate::json::Value;

/// What a JWS says, its signature verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedBytes {
    /// The bytes that were signed.
    pub payload: Vec<u8>,
    /// The header's JSON text.
    pub header: Vec<u8>,
}

impl SignedBytes {
    /// Returns what is to be signed for a payload: header, full stop and payload. `headers` is a
    /// JSON object of further header parameters.
    ///
    /// The header's `typ` is [`JOSE`] unless `headers` has one, because a verifier of claims takes
    /// a header without `typ` for a token's (RFC 8725, sections 2.8 and 3.11). Where `headers`
    /// says that `typ` is null, there is none.
    ///
    /// # Errors
    ///
    /// [`crate::Error::InvalidInput`] for headers that are not the caller's to set.
    pub fn prepare(payload: &[u8], key: &Key, headers: Option<&[u8]>) -> Result<String> {
        let mut headers = headers.map_or(Ok(Vec::new()), read_headers)?;
        let given = headers.iter().any(|(name, _)| name == "typ");
        headers.retain(|(name, value)| name != "typ" || *value != Value::Null);
        let typ = if given { None } else { Some(JOSE) };
        let mut message = String::from(encode_header(key, typ, &headers)?);
        base64url_append(payload, &mut message);
        Ok(message)
    }

    /// Signs what [`prepare`](Self::prepare) returned.
    ///
    /// # Errors
    ///
    /// [`crate::Error::InvalidKey`] for a public key.
    pub fn sign(message: &str, key: &Key) -> Result<String> {
        key.sign_token(message.to_owned())
    }

    /// Verifies a compact JWS of at most `max_length` bytes.
    ///
    /// # Errors
    ///
    /// [`crate::Error::MalformedToken`] for what is no compact JWS or has a header that is not understood,
    /// [`crate::Error::TokenSignature`] if none of the keys signed it.
    pub fn verify(token: &[u8], keys: &KeySet, max_length: usize) -> Result<Self> {
        check_length(token.len(), max_length)?;
        let parts = Parts::split(token)?;
        let candidates = keys.candidates(&Header::read(parts.header)?)?;
        keys.verify(&candidates, parts.message, parts.signature)?;
        Ok(Self { payload: parts.payload()?, header: header::decode(parts.header)? })
    }
}

/// The `typ` of a compact JWS of whatever kind (RFC 7515, section 4.1.9).
const JOSE: &str = "JOSE";
