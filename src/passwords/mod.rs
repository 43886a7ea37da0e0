//! Passwords: argon2 (RFC 9106) in PHC strings.
//!
//! A [`Hasher`] makes hashes with its [`Parameters`]; an [`Encoded`] hash verifies with the
//! parameters it names, and so they are bounded before anything is allocated: a stored or imported
//! hash can ask for 4 GiB and 2^32 passes. Both want a [`Permit`], which bounds how much of that
//! happens at once. What older schemes left behind is verified, and never made anew.

mod bcrypt;
mod engine;
mod hasher;
pub mod limiter;
mod memory;
mod params;
mod pepper;
mod phc;
mod variants;
mod wrapped;

pub use self::bcrypt::bcrypt;
pub use engine::{Inputs, hash};
pub use hasher::{Hasher, MAX_PASSWORD_BYTES};
pub use limiter::{Limits, Permit, Stats, Ticket};
pub use memory::{retained, retention, set_retention};
pub use params::{Parameters, Type, Version};
pub use pepper::{PepperId, Peppers};
pub use phc::Encoded;
#[cfg(feature = "test-hooks")]
pub use variants::{Variant, set_variant};
pub use wrapped::Wrapped;
