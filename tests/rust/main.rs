//! The crate through its public interface, in one binary.

mod encryption;
mod html;
mod json;
mod jwt;
mod rfc9106;
mod signing;
