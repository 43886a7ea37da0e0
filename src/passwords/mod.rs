//! Password hashing: argon2 (RFC 9106) and what an application does with it.

pub mod engine;
pub mod limiter;
mod memory;
