//! JSON Web Tokens (RFC 7519) in the compact serialization of JWS (RFC 7515).
//!
//! jsonwebtoken is the JOSE engine; its keys are [prepared](provider) once and live in aws-lc-rs.
//! HMAC, and two algorithms that it does not know, are asked of aws-lc-rs directly.
//! What a token must look like is decided here, by the rules of RFC 8725 and stricter than
//! jsonwebtoken's own validation, which ignores `crit` and takes a claim of the wrong type for
//! one that is absent.

mod algorithm;
mod batch;
mod claims;
mod compact;
mod container;
mod edwards;
mod engine;
mod given;
mod header;
mod header_writer;
mod held;
mod jwk;
mod key;
mod key_set;
mod loan;
mod material;
mod names;
mod prepared;
mod provider;
mod signed_bytes;
mod signer;
mod typ;
mod verified_tokens;
mod verifier;

pub use algorithm::{Algorithm, Family};
pub use batch::Outcome;
pub use claims::{Expectations, Required};
pub use compact::{MAX_LENGTH, Unverified, check_length};
pub use given::{Given, Shape};
pub use header::Header;
pub use key::Key;
pub use key_set::KeySet;
pub use signed_bytes::SignedBytes;
pub use signer::{Expiry, Settings, Signer};
pub use verifier::{Authentic, Parsed, Verifier};
