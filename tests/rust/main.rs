//! The crate through its public interface, in one binary.

mod html;
mod rfc9106;
mod signing;
