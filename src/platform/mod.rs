//! The only home of calls into the operating system that Rust cannot check.
//!
//! Each function here is small, safe to call, and states above its `unsafe` block why it is.

pub(crate) mod clock;
pub(crate) mod fork;
pub(crate) mod fork_gate;
pub(crate) mod memory;
