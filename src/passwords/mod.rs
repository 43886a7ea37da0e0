//! Passwords: argon2 (RFC 9106) in PHC strings.
//!
//! A [`Hasher`] makes hashes with its [`Parameters`]; [`verify`] takes the parameters from the hash
//! it is given, and so bounds them before anything is allocated: a stored or imported hash can ask
//! for 4 GiB and 2^32 passes.

mod argon2;
mod hasher;
mod params;
mod phc;

pub use argon2::{Inputs, hash};
pub use hasher::{Hasher, MAX_PASSWORD_BYTES, verify};
pub use params::{Parameters, Type, Version};
pub use phc::Encoded;
