//! Signed text that anybody can read and only a key's holder could have written.
//!
//! A token is `value.signature`, with a time `value.<seconds since the epoch>.signature`. The
//! signature is the base64url text, without padding, of an HMAC-SHA256 over all that stands
//! before its separator; the last separators split, so a value may hold dots of its own.
//!
//! Each use has its own key, derived from the secret, a [`Kind`] and the caller's salt: a token
//! made for one purpose is worth nothing for another. What is derived is derived once, when a
//! signer is built.
//!
//! A signature guarantees who wrote a value and, if it has a time, when. It does not hide the
//! value, and it does not stop a token from being shown twice.

mod keys;
mod signer;
mod time;
mod timed;

pub use keys::{Kind, MIN_SECRET_LENGTH};
pub use signer::Signer;
pub use time::{MaxAge, Timestamp};
pub use timed::TimestampSigner;

/// The most bytes of a value, 1 MiB: an attacker's token costs at most one pass over so much.
pub const MAX_VALUE_LENGTH: usize = 1 << 20;
