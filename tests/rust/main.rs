//! The crate through its public interface, in one binary.

mod encryption;
mod signing;
