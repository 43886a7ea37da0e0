//! The compact serialization of a JWS (RFC 7515, section 7.1).

use memchr::memchr;

use super::header::{self, Header};
use crate::encoding::base64url_decode;
use crate::json::Value;
use crate::{Error, Result};

/// A token that nobody has verified, taken apart for a look inside.
#[derive(Debug)]
pub struct Unverified {
    /// The header's JSON text.
    pub header: Vec<u8>,
    /// The claims' JSON text.
    pub payload: Vec<u8>,
}

impl Unverified {
    /// Takes a token of at most [`MAX_LENGTH`] bytes apart.
    ///
    /// # Errors
    ///
    /// [`Error::MalformedToken`] for what is no compact JWS, has a header that is not understood,
    /// or claims that are no JSON object.
    pub fn parse(token: &[u8]) -> Result<Self> {
        check_length(token.len(), MAX_LENGTH)?;
        let parts = Parts::split(token)?;
        Header::read(parts.header)?;
        let payload = parts.payload()?;
        match Value::read(&payload).map_err(header::malformed)? {
            Value::Object(_) => Ok(Self { header: header::decode(parts.header)?, payload }),
            _ => Err(Error::MalformedToken("the payload is not an object")),
        }
    }

    /// Refuses a token of that many bytes or characters if it is too long.
    ///
    /// # Errors
    ///
    /// [`Error::MalformedToken`] above [`MAX_LENGTH`].
    pub fn check_length(length: usize) -> Result<()> {
        check_length(length, MAX_LENGTH)
    }
}

/// The three parts of a compact JWS (RFC 7515, section 7.1).
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts<'t> {
    /// The first two parts and the full stop between them: what is signed.
    pub(super) message: &'t [u8],
    pub(super) header: &'t [u8],
    pub(super) payload: &'t [u8],
    pub(super) signature: &'t str,
}

impl<'t> Parts<'t> {
    pub(super) fn split(token: &'t [u8]) -> Result<Self> {
        let (header, rest) = split_once(token).ok_or(NOT_THREE_PARTS)?;
        let (payload, signature) = split_once(rest).ok_or(NOT_THREE_PARTS)?;
        if memchr(b'.', signature).is_some() {
            return Err(NOT_THREE_PARTS);
        }
        let message = token.get(..header.len() + 1 + payload.len()).ok_or(NOT_THREE_PARTS)?;
        let signature = str::from_utf8(signature)
            .map_err(|_| Error::MalformedToken("the signature is not base64url without padding"))?;
        Ok(Self { message, header, payload, signature })
    }

    pub(super) fn payload(&self) -> Result<Vec<u8>> {
        base64url_decode(self.payload)
            .map_err(|_| Error::MalformedToken("the payload is not base64url without padding"))
    }
}

fn split_once(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (before, rest) = text.split_at_checked(memchr(b'.', text)?)?;
    Some((before, rest.get(1..)?))
}

/// Refuses a token that is too long, before anything else is done with it.
///
/// # Errors
///
/// [`Error::MalformedToken`] above `max_length`.
pub fn check_length(length: usize, max_length: usize) -> Result<()> {
    if length > max_length {
        return Err(Error::MalformedToken("the token is longer than allowed"));
    }
    Ok(())
}

/// How long a token may be unless the caller says otherwise, in bytes: more than any cookie or
/// header that servers accept.
pub const MAX_LENGTH: usize = 16_384;

const NOT_THREE_PARTS: Error = Error::MalformedToken("a token is three parts between full stops");
