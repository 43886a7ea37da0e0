//! The Rust core of hauberk: security primitives that know nothing of Python.
//!
//! Each domain is one module; the modules depend on each other in one direction only:
//!
//! ```text
//! bindings ─► passwords html jwt encryption ─► signing json constant_time random encoding secret
//!          threads platform ─► error
//! ```
//!
//! Python sees the crate through `bindings`, which exists only with the cargo feature `python`.

pub mod constant_time;
pub mod encoding;
pub mod encryption;
pub mod error;
pub mod html;
pub mod json;
pub mod jwt;
pub mod passwords;
pub mod random;
pub mod secret;
pub mod signing;

mod platform;
mod threads;

#[cfg(feature = "python")]
mod bindings;

pub use error::{Error, Result};
