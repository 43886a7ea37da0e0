//! The crate through its public interface, in one binary.

mod rfc9106;
mod signing;
