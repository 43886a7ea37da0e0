//! JSON Web Tokens (RFC 7519) in the compact serialization of JWS (RFC 7515).
//!
//! jsonwebtoken is the JOSE engine; its keys are [prepared](provider) once and live in aws-lc-rs.
//! What a token must look like is decided here, by the rules of RFC 8725 and stricter than
//! jsonwebtoken's own validation, which ignores `crit` and takes a claim of the wrong type for
//! one that is absent.

mod algorithm;
mod container;
mod key;
mod material;
mod prepared;
mod provider;

pub use algorithm::{Algorithm, Family};
pub use key::Key;
