//! The crate through its public interface, in one binary.

mod jwt;
mod signing;
